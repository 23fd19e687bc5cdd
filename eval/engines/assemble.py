"""What engines give (boxes, grids, places, HTML) as tables whose cells tile.

As kind to the engine as its own output allows, and the same for all: edges of neighbouring cells that nearly agree are
one, line breaks are joined by our own rule, places that no cell covers become empty cells. Where two cells claim a
place, the earlier keeps it; what is lost that way is told as a finding of severity `info`, which is the harness's word
and no doubt of the engine's own.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from biaoge.errors import LabelError, TooLarge
from biaoge.model import Box, Cell, Finding, Part, Region, Role, Source, Table
from biaoge.text import join_lines

from ..prediction import Reading

EDGE = 1.0
"""Edges of neighbouring cells closer than this (points) are one edge; for cells from a PDF's own lines."""

MOST_PLACES = 1_000_000


@dataclass(frozen=True, slots=True)
class Piece:
    """A cell as an engine tells it: its text with line breaks (`None`: not read) and its box in points."""

    text: str | None
    box: Box | None = None
    confidence: float = 1.0
    role: Role = "data"


@dataclass(frozen=True, slots=True)
class Placed:
    """A piece with its rows and columns, which count from 0."""

    rows: range
    cols: range
    piece: Piece


def from_boxes(page: int, pieces: Sequence[Piece], edge: float = EDGE, source: Source = "text") -> Reading:
    """One table out of cells that have boxes; none where no cell has an extent.

    Rows and columns are the distinct edges of the boxes: those within `edge` points of the first of a group are one.
    """
    boxes = [(p, p.box) for p in pieces if p.box is not None]
    xs = _edges((v for _, b in boxes for v in (b.x0, b.x1)), edge)
    ys = _edges((v for _, b in boxes for v in (b.top, b.bottom)), edge)
    placed = []
    for piece, box in boxes:
        rows = range(_nearest(ys, box.top), _nearest(ys, box.bottom))
        cols = range(_nearest(xs, box.x0), _nearest(xs, box.x1))
        if rows and cols:
            placed.append(Placed(rows, cols, piece))
    return from_places(page, placed, source)


def from_places(page: int, placed: Sequence[Placed], source: Source = "text") -> Reading:
    """One table out of cells whose rows and columns are known; none where there is no cell.

    A cell of which a place is taken gets the largest free rectangle of what is left of it; without any, it is left
    out. Rows and columns that no cell begins or ends at are kept, for the engine counted them. TooLarge beyond
    `MOST_PLACES`.
    """
    size = max((p.rows.stop for p in placed), default=0), max((p.cols.stop for p in placed), default=0)
    if not placed:
        return Reading(())
    if size[0] * size[1] > MOST_PLACES:
        raise TooLarge(f"page {page}: a table of {size[0]} × {size[1]} places, more than {MOST_PLACES}")
    taken: set[tuple[int, int]] = set()
    cells: list[Cell] = []
    findings: list[Finding] = []
    for one in placed:
        rows, cols = _free(one, taken)
        text = joined(one.piece.text)
        if not (rows and cols):
            if text != "":
                message = f"a cell with the text {text!r} lies on others and is left out"
                findings.append(Finding("cell-left-out", "info", message, page, 0))
            continue
        taken.update((r, c) for r in rows for c in cols)
        regions = (Region(page, one.piece.box),) if one.piece.box else ()
        cells.append(
            Cell(
                rows.start,
                cols.start,
                text,
                len(rows),
                len(cols),
                one.piece.role,
                regions=regions,
                confidence=one.piece.confidence,
                source=source,
            )
        )
    cells += [Cell(r, c, source=source) for r in range(size[0]) for c in range(size[1]) if (r, c) not in taken]
    parts: tuple[Part, ...] = ()
    if seen := [p.piece.box for p in placed if p.piece.box]:
        parts = (Part(page, Box.around(seen), (0, size[0] - 1)),)
    return Reading((Table(*size, tuple(cells), parts=parts),), tuple(findings))


def from_grid(page: int, rows: Sequence[Sequence[str | None]], box: Box | None = None) -> Reading:
    """One table out of rows of texts, without spans; `None` and missing places at the right are empty cells."""
    width = max((len(row) for row in rows), default=0)
    if not width:
        return Reading(())
    cells = tuple(
        Cell(r, c, joined(row[c] or "") if c < len(row) else "") for r, row in enumerate(rows) for c in range(width)
    )
    parts = (Part(page, box, (0, len(rows) - 1)),) if box else ()
    return Reading((Table(len(rows), width, cells, parts=parts),))


def from_html(html: str) -> tuple[Table, ...]:
    """Every table of `html` that is not inside another, with texts joined; one without a cell is left out."""
    from lxml import etree

    from biaoge.html import table_from_html

    if not html.strip():
        return ()
    root = etree.fromstring(html.encode("utf-8", "replace"), etree.HTMLParser(encoding="utf-8", huge_tree=True))
    if root is None:
        return ()
    out = []
    for element in root.iter("table"):
        if next(element.iterancestors("table"), None) is not None:
            continue
        try:
            table = table_from_html(etree.tostring(element, encoding="unicode", method="html", with_tail=False))
        except LabelError:  # no cell in it, or too large to be a table
            continue
        out.append(replace(table, cells=tuple(replace(cell, text=joined(cell.text)) for cell in table.cells)))
    return tuple(out)


def on_page(table: Table, page: int, box: Box | None, source: Source = "text") -> Table:
    """The table with its page and box, where it knew of none, and where its texts come from."""
    parts = (Part(page, box, (0, table.n_rows - 1)),) if box else table.parts
    return replace(table, parts=parts, cells=tuple(replace(cell, source=source) for cell in table.cells))


def gather(readings: Iterable[Reading]) -> Reading:
    """The tables of all, in their order; findings keep pointing at theirs."""
    tables: list[Table] = []
    findings: list[Finding] = []
    for reading in readings:
        findings += [replace(f, table=None if f.table is None else f.table + len(tables)) for f in reading.findings]
        tables += reading.tables
    return Reading(tuple(tables), tuple(findings))


def joined(text: str | None) -> str | None:
    """The lines of a cell's text as one, by the rule of `biaoge.text`."""
    return None if text is None else join_lines(text.splitlines())


def _edges(values: Iterable[float], edge: float) -> list[float]:
    """The least of every group of `values` that lie within `edge` of it, ascending."""
    out: list[float] = []
    for value in sorted(values):
        if not out or value - out[-1] > edge:
            out.append(value)
    return out


def _nearest(edges: Sequence[float], value: float) -> int:
    """Index of the edge nearest to `value`; `edges` ascending."""
    i = bisect_left(edges, value)
    return min(range(max(i - 1, 0), min(i + 1, len(edges))), key=lambda j: abs(edges[j] - value))


def _free(one: Placed, taken: set[tuple[int, int]]) -> tuple[range, range]:
    """The largest rectangle of free places in a cell, the topmost and then leftmost of equals; empty when none is."""
    if taken.isdisjoint((r, c) for r in one.rows for c in one.cols):
        return one.rows, one.cols
    best = range(0), range(0)
    runs = [one.rows.start - 1] * len(one.cols)  # by column: the last row so far in which it is taken
    for r in one.rows:
        for i, c in enumerate(one.cols):
            if (r, c) in taken:
                runs[i] = r
        for left in range(len(runs)):
            top = one.rows.start - 1
            for right in range(left, len(runs)):
                top = max(top, runs[right])
                if (r - top) * (right - left + 1) > len(best[0]) * len(best[1]):
                    start = one.cols.start
                    best = range(top + 1, r + 1), range(start + left, start + right + 1)
    return best
