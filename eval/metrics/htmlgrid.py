"""HTML tables as grids, read the way the measuring tools of this area read them, not the way a browser does.

A published figure depends on how the tool behind it turned HTML into a grid. The two ways here give the same cells as
`grits-metric` 0.7.0 (`read_lenient`) and table-transformer (`read_strict`). They share these habits: rows are counted
over the whole tree, those of inner tables among them; a cell stands in the first free column of its row; its text is
the pieces of text below it, joined by one blank (`a<b>1</b>` is "a 1"); a span keeps its full size, also where it
reaches out of the table or over another cell, and the later cell has the place.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, NamedTuple
from xml.etree import ElementTree

import numpy as np
import numpy.typing as npt

if TYPE_CHECKING:
    from lxml.etree import _Element

MOST_COLSPAN, MOST_ROWSPAN = 1000, 65534  # the limits of HTML
MOST_PLACES = 1_000_000
_SPAN = re.compile(r"[\t\n\f\r ]*\+?([0-9]+)")


class GridCell(NamedTuple):
    """A cell as HTML states it; row -1 is that of cells before any row in the strict reading."""

    row: int
    col: int
    rowspan: int
    colspan: int
    text: str


@dataclass(frozen=True, slots=True)
class HtmlGrid:
    """Cells in the order of the document; they may overlap and leave places open. Without a cell it is 0 × 0.

    `written`: the rows that the HTML has; `n_rows` is greater where a span reaches below the last.
    """

    n_rows: int
    n_cols: int
    cells: tuple[GridCell, ...]
    written: int = 0

    @property
    def places(self) -> int:
        """Rows times columns."""
        return self.n_rows * self.n_cols

    def cut(self) -> HtmlGrid:
        """Without the rows that only spans made."""
        cells = tuple(c._replace(rowspan=min(c.rowspan, max(self.written - c.row, 1))) for c in self.cells)
        return replace(self, n_rows=max((c.row + c.rowspan for c in cells), default=0), cells=cells)

    def owners(self) -> npt.NDArray[np.int64]:
        """The index of the cell that has each place, -1 where none has; (rows, columns)."""
        flat = [-1] * self.places
        for index, (row, col, rowspan, colspan, _) in enumerate(self.cells):
            if rowspan == colspan == 1:  # most cells, told at once
                flat[row % self.n_rows * self.n_cols + col] = index  # row -1 counts from the end, as in Python
                continue
            for r in range(row, row + rowspan):
                start = r % self.n_rows * self.n_cols + col
                flat[start : start + colspan] = [index] * colspan
        return np.array(flat, dtype=np.int64).reshape(self.n_rows, self.n_cols)


def read_lenient(html: str) -> HtmlGrid | None:
    """The first table of `html` read as HTML, or `None` where there is none; the reading of grits-metric 0.7.0.

    Spans: the number at the beginning of the attribute, 1 where there is none or 0, at most 1000 columns and 65534
    rows. Cells outside of a `tr` make one row for each run of cells of one parent. A text with an XML declaration,
    which the original refuses, is read. Spans end with the last row where the grid would have more than a million
    places; `None` also where it still has.
    """
    table = _first_table(html)
    if table is None:
        return None
    stated: list[GridCell] = []
    free: list[int] = []  # by column: the first row that no cell reaches into
    row, col = -1, 0
    implied: object = None  # the parent of the cells in a row that has no tr
    for element in table.iter("tr", "td", "th"):
        if element.tag == "tr":
            row, col, implied = row + 1, 0, None
            continue
        parent = element.getparent()
        if parent is not None and parent.tag != "tr" and parent is not implied:
            row, col, implied = row + 1, 0, parent
        rowspan = _leading_number(element.get("rowspan"), MOST_ROWSPAN)
        colspan = _leading_number(element.get("colspan"), MOST_COLSPAN)
        text = " ".join(map(str, element.itertext())) if len(element) else element.text or ""
        cell = GridCell(row, _first_free(free, row, col), rowspan, colspan, text)
        stated.append(cell)
        col = _occupy(free, cell)
        if col * (row + 1) > MOST_PLACES:
            return None
    return _grid(stated, row + 1)


def read_strict(xml: str) -> HtmlGrid | None:
    """The cells of `xml` read as XML, or `None` where it is not well formed; the reading of table-transformer.

    Names are told apart by case, the root may be anything, rows are `tr` alone: a cell behind a row's end still
    belongs to that row, one before any row to row -1, which is laid over the last. Spans are read as Python reads
    whole numbers; what the original fails on (no number, zero, negative) is 1. Limits as in `read_lenient`.
    """
    try:
        root = ElementTree.fromstring(xml)
    except (ElementTree.ParseError, ValueError, LookupError):  # the latter: encodings that are not to be had
        return None
    stated: list[GridCell] = []
    free: list[int] = []
    row, col = -1, 0
    for element in root.iter():
        if element.tag == "tr":
            row, col = row + 1, 0
        elif element.tag in ("td", "th"):
            rowspan = min(_whole_number(element.get("rowspan")), MOST_ROWSPAN)
            colspan = min(_whole_number(element.get("colspan")), MOST_COLSPAN)
            cell = GridCell(row, _first_free(free, row, col), rowspan, colspan, " ".join(element.itertext()))
            stated.append(cell)
            col = _occupy(free, cell)
            if col * (row + 1) > MOST_PLACES:
                return None
    return _grid(stated, row + 1)


def _first_table(html: str) -> _Element | None:
    from lxml import etree
    from lxml import html as lxml_html

    try:
        root: _Element = lxml_html.fromstring(html, parser=etree.HTMLParser(remove_comments=True))
    except etree.ParserError:  # nothing to read
        return None
    except ValueError:  # a declared encoding
        try:
            parser = etree.HTMLParser(remove_comments=True, encoding="utf-8")
            root = lxml_html.fromstring(html.encode("utf-8", "replace"), parser=parser)
        except (etree.ParserError, ValueError):
            return None
    return root if root.tag == "table" else root.find(".//table")


def _leading_number(value: str | None, most: int) -> int:
    match = _SPAN.match(value) if value else None
    if match is None:
        return 1
    digits = match[1].lstrip("0")
    if len(digits) > 9:  # Python refuses to read thousands of digits
        return most
    return min(int(digits or "1"), most)


def _whole_number(value: str | None) -> int:
    try:
        return max(int(value or "1"), 1)
    except ValueError:
        return 1


def _first_free(free: Sequence[int], row: int, col: int) -> int:
    """The first column from `col` on that no cell reaches into in `row`."""
    while col < len(free) and free[col] > row:
        col += 1
    return col


def _occupy(free: list[int], cell: GridCell) -> int:
    """Marks the places of `cell`; the column after it."""
    end = cell.col + cell.colspan
    free.extend([-1] * (end - len(free)))
    below = cell.row + cell.rowspan
    for c in range(cell.col, end):
        if free[c] < below:
            free[c] = below
    return end


def _grid(stated: Sequence[GridCell], written: int) -> HtmlGrid | None:
    """The grid around the cells; `written`: the rows that are there."""
    if not stated:
        return HtmlGrid(0, 0, (), written)
    n_rows = max(c.row + c.rowspan for c in stated)
    n_cols = max(c.col + c.colspan for c in stated)
    grid = HtmlGrid(n_rows, n_cols, tuple(stated), written)
    if grid.places > MOST_PLACES:
        grid = grid.cut()
    return grid if grid.n_rows > 0 and grid.places <= MOST_PLACES else None
