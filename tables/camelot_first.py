"""The first reading of tables without rulings: the network parser of camelot, given our own words.

Its parser takes lines of text with boxes; handing it the page's segments spares a second parse of the file, holds
for rotated and encrypted files and for words that were recognised, and keeps one system of coordinates.
"""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from dataclasses import dataclass

from biaoge.model import Box, Page

from .spaced import FirstGrid
from .spaced_lines import em_of, lines_of

# What the parser raises on lines it can make nothing of (empty arrays, no alignment, one line alone).
_GIVES_UP = (ArithmeticError, AttributeError, LookupError, TypeError, ValueError)


@dataclass(eq=False, slots=True)
class _TextLine:
    """A segment as the parser wants it: origin at the bottom left, y up."""

    x0: float
    y0: float
    x1: float
    y1: float
    text: str

    def get_text(self) -> str:
        return self.text


def camelot_first(page: Page, regions: Sequence[Box], /) -> list[FirstGrid | None] | None:
    """What camelot sees in every region: its largest table there, or `None` where it sees none or gives up.

    `None` for all of them where camelot cannot be imported; that takes a second, so it waits until it is asked.
    """
    try:
        from camelot.parsers.network import Network
    except ImportError:
        return None
    words = [w for w in page.words if w.upright]
    em = em_of(words)
    out: list[FirstGrid | None] = []
    for region in regions:
        inside = [w for w in words if region.holds(w.box.cx, w.box.cy)]
        lines = [
            _TextLine(s.box.x0, page.height - s.box.bottom, s.box.x1, page.height - s.box.top, s.text)
            for line in lines_of(inside, em)
            for s in line.segments
        ]
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            try:
                out.append(_largest(Network, lines, page))
            except _GIVES_UP:
                out.append(None)
    return out


def _largest(network: type, lines: list[_TextLine], page: Page) -> FirstGrid | None:
    parser = network()
    parser.prepare_page_parse("", None, (page.width, page.height), page.number, [], lines, [], "", {})
    parser._generate_table_bbox()
    best, size = None, 0.0
    for box in parser.table_bboxes():
        area = (box[2] - box[0]) * (box[3] - box[1])
        if area <= size:
            continue
        cols, rows, _, _ = parser._generate_columns_and_rows(box, None)
        if cols and rows:
            size = area
            best = FirstGrid(
                (float(cols[0][0]), *(float(c[1]) for c in cols)),
                tuple(sorted({page.height - float(y) for row in rows for y in row})),
            )
    return best
