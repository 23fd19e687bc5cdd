"""What a reading can be told, and which pages are wanted."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Literal, get_args

from biaoge.errors import UsageError

ReaderName = Literal["pdfium", "pdfplumber"]
OcrChoice = Literal["auto", "always", "never"]
EVAL_FOLDER = Path("biaoge-eval")
"""Where `biaoge eval` keeps what it measured."""
EVAL_SECONDS, EVAL_MEMORY = 120.0, 4000
"""What an engine may take for a document when nothing else is said: seconds of wall clock, megabytes."""

READERS: tuple[str, ...] = get_args(ReaderName)
OCR_CHOICES: tuple[str, ...] = get_args(OcrChoice)

_RANGE = re.compile(r"(\d+)(?:(-)(\d*))?")


@dataclass(frozen=True, slots=True)
class Settings:
    """How a document is read; the defaults suit most files.

    `reader`: what opens the PDF. `join_pages`: a table cut by page breaks becomes one. `spaced`: also look for tables
    that are set out by white space alone. `ocr`: recognise the pages that do not tell their words (`auto`), all that
    are not blank (`always`), or none. `engine`: what recognises; `model_dir`: a folder with its models, in place of
    those it brings. `max_megapixels`: a picture of more pixels is refused, as is a file of more than `max_file_size`
    megabytes, or one of which more than `max_pages` are wanted; of a page, `max_objects` are looked at.
    `form`: the form that the document is held against ("auto": the one that fits, "none", a name, or the path of a TOML
    file). `repair`: mend misread cells of scans where the sums leave one reading.
    """

    reader: ReaderName = "pdfium"
    join_pages: bool = True
    spaced: bool = True
    ocr: OcrChoice = "auto"
    engine: str = "rapidocr"
    model_dir: str | None = None
    max_megapixels: float = 150.0
    max_file_size: float = 500.0
    max_pages: int = 5000
    max_objects: int = 200_000
    form: str = "auto"
    repair: bool = True

    def __post_init__(self) -> None:
        if self.reader not in READERS:
            raise UsageError(f"no reader is called {self.reader!r}; there are {' and '.join(READERS)}")
        if self.ocr not in OCR_CHOICES:
            raise UsageError(f"ocr is {self.ocr!r}; it can be {', '.join(OCR_CHOICES)}")
        for name in ("max_megapixels", "max_file_size", "max_pages", "max_objects"):
            if not getattr(self, name) > 0:
                raise UsageError(f"{name} is {getattr(self, name):g}; it must be more than 0")

    @property
    def digest(self) -> str:
        """Twelve hexadecimal digits that change with any setting."""
        return hashlib.sha256(json.dumps(asdict(self), sort_keys=True).encode()).hexdigest()[:12]


@dataclass(frozen=True, slots=True)
class PageChoice:
    """Which pages are wanted: (first, last) pairs from 1, both included; last `None` means up to the end."""

    ranges: tuple[tuple[int, int | None], ...] = ((1, None),)

    @classmethod
    def parse(cls, text: str) -> PageChoice:
        """Read `text` such as `1-3,5,8-`; UsageError where it makes no sense.

        >>> PageChoice.parse("1-3, 5,8-").of(9)
        [1, 2, 3, 5, 8, 9]
        >>> PageChoice.parse("3-1")
        Traceback (most recent call last):
        biaoge.errors.UsageError: pages 3-1 read backwards; write 1-3
        """
        ranges: list[tuple[int, int | None]] = []
        for piece in text.replace("，", ",").split(","):
            found = _RANGE.fullmatch(piece.strip())
            if not found:
                raise UsageError(f"{piece.strip()!r} is no page range; write pages like 1-3,5 or 8-")
            first = int(found[1])
            last = first if not found[2] else int(found[3]) if found[3] else None
            if first < 1:
                raise UsageError("pages count from 1; there is no page 0")
            if last is not None and last < first:
                raise UsageError(f"pages {first}-{last} read backwards; write {last}-{first}")
            ranges.append((first, last))
        return cls(tuple(ranges))

    @classmethod
    def make(cls, pages: PageChoice | str | Iterable[int] | None) -> PageChoice:
        """A choice out of what a caller may hand in: nothing (all pages), `1-3,5`, or page numbers."""
        if pages is None:
            return cls()
        if isinstance(pages, PageChoice):
            return pages
        if isinstance(pages, str):
            return cls.parse(pages)
        return cls.parse(",".join(str(number) for number in pages))

    def of(self, n_pages: int) -> list[int]:
        """The chosen pages of a document of `n_pages`, ascending, each once."""
        chosen: set[int] = set()
        for first, last in self.ranges:
            chosen.update(range(first, n_pages + 1 if last is None else min(last, n_pages) + 1))
        return sorted(chosen)

    def beyond(self, n_pages: int) -> list[tuple[int, int]]:
        """The asked-for ranges, cut to what lies after the document's last page."""
        asked = [(first, first if last is None else last) for first, last in self.ranges]
        return [
            (max(first, n_pages + 1), last) for first, last in asked if last > n_pages and self.ranges != ((1, None),)
        ]
