from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from biaoge.errors import InputError, NotAPdf, TooLarge
from biaoge.ingest.plaintext import is_text, read_text

REPORT = "二、主动公开政府信息情况\r\n规章\t0\t0\t0\n行政许可\t66\t\t\n"


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "gb18030", "gbk"]
)
def test_encodings(tmp_path: Path, encoding: str) -> None:
    file = tmp_path / "report.txt"
    file.write_bytes(REPORT.encode(encoding))
    assert is_text(file)
    assert read_text(file).text == REPORT


@given(st.text(alphabet="一二三四五政府信息公开年度报告0123456789\t\n .,（）", min_size=1))
def test_any_chinese_text_comes_back(tmp_path_factory: pytest.TempPathFactory, text: str) -> None:
    file = tmp_path_factory.mktemp("text") / "a.txt"
    for encoding in ("utf-8", "utf-16"):
        file.write_bytes(("年" + text).encode(encoding))
        assert read_text(file).text == "年" + text


@pytest.mark.parametrize(
    "content",
    [
        b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n",
        b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR",
        b"PK\x03\x04\x14\0\x06\0",
        b"{\\rtf1\\ansi text}",
        "规章\t0\x00\x01\t0\n".encode(),
        bytes(range(256)) * 8,
        b"\xff\xff\xff\xfe\x80\x80",
    ],
)
def test_what_is_not_text_is_refused(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "report.txt"
    file.write_bytes(content)
    assert not is_text(file)
    with pytest.raises(InputError, match=r"report\.txt: not plain text"):
        read_text(file)


def test_a_zero_byte_in_utf8_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "report.txt"
    file.write_bytes(REPORT.encode() + b"\0\n")
    with pytest.raises(InputError):
        read_text(file)


def test_large_and_empty(tmp_path: Path) -> None:
    file = tmp_path / "report.txt"
    file.write_text(REPORT, encoding="utf-8")
    with pytest.raises(TooLarge, match="10"):
        read_text(file, largest=10)
    file.write_bytes(b" \r\n")
    with pytest.raises(NotAPdf, match="empty"):
        read_text(file)


def test_a_character_cut_by_the_sniffed_part_is_no_damage(tmp_path: Path) -> None:
    file = tmp_path / "report.txt"
    for lead in range(3):
        file.write_bytes(b"a" * lead + "年".encode() * 50_000)
        assert is_text(file)
