"""Plain text files, read safely: which files are text, in which encoding, and how large they may be.

Encodings are tried strictly and in an order in which a wrong one cannot pass for a right one: a byte order mark
decides; then UTF-8, whose rules other encodings break within a few characters; UTF-16 by its zero bytes; GB18030 last,
because nearly any bytes are some GB18030.
"""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass
from pathlib import Path

from biaoge.errors import InputError, TooLarge

from .pdf import PICTURES, head_of

LARGEST = 4_000_000
"""Bytes beyond which a text is refused; the longest flattened report seen has 30 thousand."""

_SNIFFED = 65_536
"""Bytes looked at to tell whether a file is text."""

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_BINARY = (
    b"%PDF",
    b"PK\x03\x04",
    b"\xd0\xcf\x11\xe0",
    b"\x1f\x8b",
    b"\x7fELF",
    b"BZh",
    b"7z\xbc\xaf",
    b"Rar!",
    b"{\\rtf",
)
"""What PDF, Office, archive and program files begin with. Rich text is text, but not plain."""

_LEAST_ZEROS = 0.25
"""Share of zero bytes in UTF-16 of Latin letters, at least; it is nearly a half."""

_CONTROLS = re.compile(r"[\x00-\x08\x0e-\x1f\x7f\x80-\x84\x86-\x9f]")
_STRANGE = re.compile(r"[\ue000-\uf8ff\ufdd0-\ufdef\ufffe\uffff\U000f0000-\U0010ffff]")
_MOST_STRANGE = 0.02
"""Share of private and impossible characters beyond which the bytes are no text of that encoding."""


@dataclass(frozen=True, slots=True)
class PlainText:
    """A text and the encoding it was in, by its Python name."""

    text: str
    encoding: str


def is_text(path: Path) -> bool:
    """Whether the file's content, whatever its name, is plain text; InputError when it cannot be read or is empty."""
    head = head_of(path)
    if head.startswith((*PICTURES, *_BINARY)):
        return False
    with path.open("rb") as source:
        start = source.read(_SNIFFED)
    return _decoded(start, whole=len(start) < _SNIFFED) is not None


def read_text(path: Path, largest: int = LARGEST) -> PlainText:
    """The whole text, line breaks as they are. TooLarge beyond `largest` bytes; InputError where it is not text."""
    head = head_of(path)
    if head.startswith((*PICTURES, *_BINARY)):
        raise InputError(f"{path.name}: not plain text but another kind of file, as its first bytes tell")
    size = path.stat().st_size
    if size > largest:
        raise TooLarge(
            f"{path.name}: {size:,} bytes of text; more than {largest:,} are not read. Cut it into documents"
        )
    found = _decoded(path.read_bytes(), whole=True)
    if found is None:
        raise InputError(
            f"{path.name}: not plain text in UTF-8, UTF-16 or GB18030 (zero bytes, control characters or broken "
            "sequences); save it as UTF-8"
        )
    return found


def _decoded(data: bytes, whole: bool) -> PlainText | None:
    """The text of `data`; not `whole`: a character may be cut at its end."""
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return _strict(data, encoding, whole)
    names = [*_wide(data)] or ["utf-8", "gb18030"]
    return next((found for name in names if (found := _strict(data, name, whole)) is not None), None)


def _wide(data: bytes) -> list[str]:
    """The UTF-16 that `data` may be: it has zero bytes (of spaces, digits, line breaks), as other text has not.

    UTF-8 with a few zero bytes is damaged and passes for UTF-16 only by chance.
    """
    even, odd = data[::2].count(0), data[1::2].count(0)
    if not even and not odd:
        return []
    if even + odd < _LEAST_ZEROS * len(data) and _strict(data.replace(b"\0", b""), "utf-8", whole=False):
        return ["utf-8"]
    return ["utf-16-be" if even > odd else "utf-16-le"]


def _strict(data: bytes, encoding: str, whole: bool) -> PlainText | None:
    try:
        text = codecs.getincrementaldecoder(encoding)("strict").decode(data, whole)
    except UnicodeError:
        return None
    text = text.removeprefix("\ufeff")
    if _CONTROLS.search(text) or len(_STRANGE.findall(text)) > _MOST_STRANGE * len(text):
        return None
    return PlainText(text, encoding)
