"""pdfplumber (MIT), with its default settings: as it answers, and with the spans that its cells' boxes tell."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from biaoge.model import Box

from ..prediction import Reading
from .assemble import Piece, from_boxes, from_grid, gather
from .pages import need_pdf


def as_is(path: Path, joined: bool) -> Reading:
    """`Page.extract_tables()`: rows of texts. Spans are lost: a merged cell's further places are empty cells.

    `joined` makes no difference: it joins nothing over pages.
    """
    return gather(
        from_grid(page.page_number, found.extract(), _box(page, found.bbox))
        for page in _pages(path)
        # What extract_tables() gives, one table after another; it does no more.
        for found in page.find_tables()
    )


def with_spans(path: Path, joined: bool) -> Reading:
    """`Page.find_tables()`: every cell once, its spans computed from its box, which `extract_tables()` drops.

    `joined` makes no difference: it joins nothing over pages.
    """
    readings = []
    for page in _pages(path):
        for found in page.find_tables():
            pieces = [
                Piece(text or "", _box(page, box))
                for row, line in zip(found.rows, found.extract(), strict=True)
                for box, text in zip(row.cells, line, strict=True)
                if box is not None
            ]
            readings.append(from_boxes(page.page_number, pieces))
    return gather(readings)


def _pages(path: Path) -> Iterator[Any]:
    import pdfplumber

    need_pdf(path, "pdfplumber")

    with pdfplumber.open(path) as pdf:
        for page in pdf.pages:
            yield page
            page.close()


def _box(page: Any, box: tuple[float, float, float, float]) -> Box:
    """Its boxes count from the media box, ours from what is shown of the page."""
    dx, dy = page.cropbox[0] - page.mediabox[0], page.cropbox[1] - page.mediabox[1]
    return Box(box[0] - dx, box[1] - dy, box[2] - dx, box[3] - dy)
