"""Form files of unknown origin: a form, or a FormError."""

from __future__ import annotations

import contextlib
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from biaoge.errors import FormError
from biaoge.forms.load import LARGEST, load, parse

FORM = """name = "a"
[[table]]
key = "t"
[[table.rows]]
key = "r"
zh = "x"
[[table.columns]]
key = "c"
zh = ["y", "z"]
[[table.sums]]
id = "s"
label = "l"
each = "row"
total = "c"
parts = ["c"]
"""
PIECES = (
    "[",
    "]",
    "{",
    "}",
    "=",
    '"',
    "\n",
    ".",
    "*",
    "9" * 5000,
    "1979-99-99",
    "nan",
    "\0",
    "key = 1\n",
    "[[table]]\n",
)


@settings(max_examples=300, deadline=None)
@given(st.lists(st.tuples(st.integers(0, len(FORM)), st.integers(0, 9), st.sampled_from(PIECES)), max_size=4))
def test_only_form_errors_come_out(changes: list[tuple[int, int, str]]) -> None:
    text = FORM
    for at, less, more in changes:
        text = text[:at] + more + text[at + less :]
    with contextlib.suppress(FormError):
        parse(text, "a.toml")


@pytest.mark.parametrize(
    "text",
    ["name=" + "[" * 100_000, "name=" + "{a=" * 5000, "name=" + "9" * 5000, "\0"],
    ids=["arrays", "tables", "digits", "zero"],
)
def test_what_was_found(tmp_path: Path, text: str) -> None:
    path = tmp_path / "a.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(FormError, match=r"a\.toml"):
        load(path)


def test_a_file_too_large(tmp_path: Path) -> None:
    path = tmp_path / "a.toml"
    path.write_bytes(b"#" * (LARGEST + 1))
    with pytest.raises(FormError, match="bytes"):
        load(path)
