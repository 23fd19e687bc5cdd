from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from biaoge.app.settings import READERS, PageChoice, Settings
from biaoge.errors import UsageError
from biaoge.ingest import pdf


@given(st.sets(st.integers(1, 40), min_size=1), st.integers(0, 50))
def test_a_list_of_pages_is_those_pages(numbers: set[int], n_pages: int) -> None:
    choice = PageChoice.make(numbers)
    assert choice.of(n_pages) == sorted(n for n in numbers if n <= n_pages)
    assert {n for first, last in choice.beyond(n_pages) for n in range(first, last + 1)} == {
        n for n in numbers if n > n_pages
    }


@pytest.mark.parametrize("text", ["", "a", "0", "0-3", "5-2", "1,,2", "-3", "1.5", "1 2", "１-x"])
def test_what_makes_no_sense(text: str) -> None:
    with pytest.raises(UsageError):
        PageChoice.parse(text)


def test_open_and_missing_pages() -> None:
    assert PageChoice.make("2-").of(3) == [2, 3]
    assert PageChoice.make("4-").of(3) == []
    assert PageChoice.make("4-").beyond(3) == [(4, 4)]
    assert PageChoice.make(None).beyond(0) == []


def test_digest_tells_every_setting() -> None:
    plain = Settings()
    others = [replace(plain, reader="pdfplumber"), replace(plain, join_pages=False), replace(plain, spaced=False)]
    others += [replace(plain, ocr="never"), replace(plain, engine="null"), replace(plain, max_megapixels=50)]
    others += [replace(plain, model_dir="models")]
    assert len({s.digest for s in (plain, *others)}) == 8
    assert Settings().digest == plain.digest


def test_readers_are_those_of_ingest() -> None:
    assert set(READERS) == set(pdf.READERS)
    with pytest.raises(UsageError, match="pdfplumber"):
        Settings(reader="poppler")  # type: ignore[arg-type]


def test_what_is_no_setting() -> None:
    with pytest.raises(UsageError, match="auto, always, never"):
        Settings(ocr="sometimes")  # type: ignore[arg-type]
    with pytest.raises(UsageError, match="more than 0"):
        Settings(max_megapixels=0)
