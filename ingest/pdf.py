"""The contract of the readers, and opening a file, a PDF or a picture, with one of them."""

from __future__ import annotations

import importlib
from pathlib import Path
from types import TracebackType
from typing import Protocol

from biaoge.errors import DamagedPdf, InputError, NotAPdf, PasswordNeeded, TooLarge, UsageError
from biaoge.model import Page

READERS = {"pdfium": ".pdfium:open_pdfium", "pdfplumber": ".plumber:open_plumber"}
"""Name to module and function; the first is the default."""

LARGEST = 200_000.0
"""Points along a side beyond which a page is refused; PDF itself stops at 14 400 (with user units, far later)."""

MOST_OBJECTS = 200_000
"""Of a page; what comes after is left out, and the page says so."""

_HEAD = 1024

PICTURES = (
    *(b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff", b"II*\0", b"MM\0*", b"II+\0", b"MM\0+"),
    *(b"GIF87a", b"GIF89a", b"\0\0\0\x0cjP  \r\n\x87\n", b"\xff\x4f\xff\x51"),
)
"""What PNG, JPEG, TIFF, GIF and JPEG 2000 files begin with; BMP and WebP need a second look."""


class Reader(Protocol):
    """An open file that gives its pages one at a time; a context manager. Not for use by two threads at once."""

    name: str
    version: str
    n_pages: int

    def page(self, number: int) -> Page:
        """Page `number` (from 1) with words, rulings, images, trust and route; frees what it took.

        IndexError when there is no such page; DamagedPdf, DamagedImage, TooLarge when this page cannot be read.
        """
        ...

    def close(self) -> None:
        """Let go of the file; harmless when done before."""
        ...

    def __enter__(self) -> Reader: ...

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None: ...


def open_pdf(
    path: Path, password: str | None = None, reader: str = "pdfium", most_objects: int = MOST_OBJECTS
) -> Reader:
    """Open `path`, a PDF or a picture as its content tells, for reading; the others are for PDFs.

    `most_objects`: so many of a page are looked at; the reader pdfplumber has no such limit.

    UsageError for an unknown reader; InputError when the file cannot be read at all, NotAPdf, DamagedPdf (also
    without a single page), DamagedImage, PasswordNeeded (missing or wrong; the message says which).
    """
    if reader not in READERS:
        raise UsageError(f"no reader named {reader!r}; there are {', '.join(READERS)}")
    if is_picture(path):
        from .picture import PictureReader

        return PictureReader(path)
    module, function = READERS[reader].split(":")
    opened: Reader = getattr(importlib.import_module(module, __package__), function)(path, password, most_objects)
    return opened


def head_of(path: Path) -> bytes:
    """The first bytes; InputError when the file cannot be read, NotAPdf when it is empty."""
    try:
        with path.open("rb") as source:
            head = source.read(_HEAD)
    except OSError as error:
        raise InputError(f"{path.name}: cannot be read ({error.strerror or error})") from error
    if not head.strip(b"\0 \t\r\n\f"):
        raise NotAPdf(f"{path.name}: the file is empty")
    return head


def is_picture(path: Path) -> bool:
    """Whether the file's content, whatever its name, begins like a picture; errors as of `head_of`."""
    head = head_of(path)
    webp = head[:4] == b"RIFF" and head[8:12] == b"WEBP"
    bitmap = head[:2] == b"BM" and head[6:10] == b"\0\0\0\0"
    return webp or bitmap or head.startswith(PICTURES)


def not_opened(path: Path, detail: str) -> InputError:
    """The error for a file whose structure no reader can follow."""
    if b"%PDF" in head_of(path):
        return DamagedPdf(f"{path.name}: the PDF is damaged beyond reading ({detail}); try to fetch it again")
    return NotAPdf(f"{path.name}: not a PDF or a picture (PNG, JPEG, TIFF…)")


def locked(path: Path, password: str | None) -> PasswordNeeded:
    """The error for a file that `password` does not open."""
    if password is None:
        return PasswordNeeded(f"{path.name}: encrypted; give the password with --password")
    return PasswordNeeded(f"{path.name}: the password is wrong")


def check_number(number: int, n_pages: int) -> None:
    """IndexError for a page that is not there."""
    if not 1 <= number <= n_pages:
        raise IndexError(f"page {number} of {n_pages}")


def check_size(number: int, width: float, height: float) -> None:
    """TooLarge or DamagedPdf for a page of impossible size (points)."""
    if not (width > 0 and height > 0):
        raise DamagedPdf(f"page {number} has no area ({width:g} × {height:g} points)")
    if width > LARGEST or height > LARGEST:
        raise TooLarge(f"page {number} measures {width:g} × {height:g} points, more than {LARGEST:g}")
