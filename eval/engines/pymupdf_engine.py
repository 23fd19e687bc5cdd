"""PyMuPDF (AGPL or commercial): to be measured beside others where the user has it; no extra of biaoge installs it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from biaoge.model import Box

from ..prediction import Reading
from .assemble import Piece, from_boxes, gather
from .pages import need_pdf


def read(path: Path, joined: bool) -> Reading:
    """`Page.find_tables()` with default settings; spans computed from the boxes of its cells.

    `joined` makes no difference: it joins nothing over pages.
    """
    import pymupdf

    need_pdf(path, "PyMuPDF's find_tables()")
    readings = []
    with pymupdf.open(str(path)) as document:
        for number, page in enumerate(document, start=1):
            readings += [_table(number, found) for found in page.find_tables().tables]
    return gather(readings)


def _table(page: int, found: Any) -> Reading:
    pieces = [
        Piece(text or "", Box(*box))
        for row, line in zip(found.rows, found.extract(), strict=True)
        for box, text in zip(row.cells, line, strict=True)
        if box is not None
    ]
    return from_boxes(page, pieces)
