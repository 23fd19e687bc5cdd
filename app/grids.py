"""Which set of rulings makes the best tables of a picture."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from biaoge.model import Box, Finding, Page, Ruling, Table, Word
from biaoge.tables import ruled
from biaoge.tables.piece import Piece
from biaoge.tables.rulings import components

if TYPE_CHECKING:
    from biaoge.ocr.sheet import Sheet

CLOSE = 2
"""Another set of rulings is taken where it leaves so many doubts fewer; nearer than that the choice is a finding."""
ALIKE = 4.0
"""Edges of cells this near (points) are the same."""
GRID = 4
"""A grid of so many rows tells whether a line that only one of them shows is one of its columns."""
DOUBTS = ("missing-ruling", "text-overflow", "implied-edges")
"""Findings on pieces that tell of rulings that do not fit the grid."""
ASKED = 0.75, 1.35
"""The edges of fills are asked to be so many times as clear as usual, too: other cells that come out are doubtful."""
SMALLEST = 40.0
"""No table is less wide and less high than this (points)."""
LOWEST = 13.0
"""No table of one row is lower (points)."""
JOINED = 72.0
"""Strokes of a heading's letters make no longer line together (points)."""
FULL = 6
"""So many cells with something in them make a table of filled areas."""


@dataclass(frozen=True, slots=True)
class Grids:
    """`rulings` make `pieces` of the blobs of ink of `bare`, which is the sheet without them. `doubtful`: the boxes of
    cells that another set of rulings would have otherwise.
    """

    rulings: tuple[Ruling, ...]
    bare: Sheet
    pieces: tuple[Piece, ...] = ()
    findings: tuple[Finding, ...] = ()
    doubtful: tuple[Box, ...] = ()


def choose(number: int, sheet: Sheet) -> Grids:
    """The rulings of a page's sheet that make the best grid, the sheet without them, and the tables of blobs."""
    from biaoge.ocr import blobs, rulings

    candidates = [_without_boxes(found) for found in rulings.find(sheet)]
    best: tuple[int, Grids] | None = None
    close = False
    seen: list[tuple[Piece, ...]] = []
    for candidate in candidates:
        bare = rulings.erase(sheet, candidate)
        pieces = ruled.find(page_of(number, sheet, blobs.words(bare), candidate))
        seen.append(pieces)
        doubts = sum(len(f.cells) or 1 for piece in pieces for f in piece.findings if f.kind in DOUBTS)
        grids = Grids(candidate, bare, pieces)
        if best is None:
            best = doubts, grids
        elif [_shape(p.table) for p in pieces] != [_shape(p.table) for p in best[1].pieces]:
            # A line that one row alone shows, beside rows that it parts nowhere, is doubtful as well.
            more = sum(map(_lone, pieces)) - sum(map(_lone, best[1].pieces))
            fewer = best[0] - doubts - CLOSE * max(0, more)
            close = abs(fewer) < CLOSE
            if fewer >= CLOSE and _places(pieces) >= 0.9 * _places(best[1].pieces):
                best = doubts, grids
        if best[0] == 0:
            break
    if best is None:
        return Grids((), sheet)
    chosen = best[1]
    if len(seen) < len(candidates):
        words = blobs.words(chosen.bare)
        seen += [ruled.find(page_of(number, sheet, words, other)) for other in candidates[len(seen) :]]
    doubtful = list(dict.fromkeys(box for other in seen for box in differing(chosen.pieces, other)))
    if close:
        message = "the rulings of this page can be read as another grid almost as well; look at the picture"
        chosen = replace(chosen, findings=(Finding("grid-doubtful", "warning", message, number),))
    return _with_fills(number, sheet, replace(chosen, doubtful=tuple(doubtful)))


def _without_boxes(found: Sequence[Ruling]) -> tuple[Ruling, ...]:
    """The rulings without boxes smaller than any table, which the strokes of a heading's letters may close, and without
    rows lower than any writing, which those along a line of writing may part.
    """
    small: set[int] = set()
    for group in components(found):
        places = [[ruling.at for ruling in group if ruling.axis == axis] for axis in ("h", "v")]
        if all(own and max(own) - min(own) < SMALLEST for own in places) and all(r.length < JOINED for r in group):
            small.update(map(id, group))
        posts = [end for ruling in group if ruling.axis == "v" for end in (ruling.start, ruling.end)]
        if posts and max(*posts, *places[0]) - min(*posts, *places[0]) < LOWEST:
            small.update(map(id, group))
    return tuple(ruling for ruling in found if id(ruling) not in small)


def differing(pieces: Sequence[Piece], others: Sequence[Piece]) -> list[Box]:
    """The boxes of the cells of `pieces` that none of `others` has alike."""
    import numpy as np

    there = [box for piece in others for box in _boxes(piece)]
    edges = np.array([(b.x0, b.top, b.x1, b.bottom) for b in there]).reshape(-1, 4)  # (cells, 4)
    out = []
    for box in (box for piece in pieces for box in _boxes(piece)):
        own = np.array((box.x0, box.top, box.x1, box.bottom))
        if not len(edges) or np.abs(edges - own).max(axis=1).min() > ALIKE:
            out.append(box)
    return out


def _lone(piece: Piece) -> int:
    """How many of the lines within a grid of `GRID` rows (columns) part the cells of one row (column) alone."""
    table = piece.table
    found = 0
    if table.n_rows >= GRID:
        found += sum(n == 1 for n in _parted([(c.col, c.colspan, c.rowspan) for c in table.cells], table.n_cols))
    if table.n_cols >= GRID:
        found += sum(n == 1 for n in _parted([(c.row, c.rowspan, c.colspan) for c in table.cells], table.n_rows))
    return found


def _parted(spans: Sequence[tuple[int, int, int]], size: int) -> list[int]:
    """For every line between `size` columns how many rows' cells end there; `spans`: first column, columns, rows."""
    ends = [0] * (size - 1)
    for first, count, across in spans:
        if first + count < size:
            ends[first + count - 1] += across
    return ends


def _boxes(piece: Piece) -> list[Box]:
    return [region.box for cell in piece.table.cells for region in cell.regions]


def _with_fills(number: int, sheet: Sheet, drawn: Grids) -> Grids:
    """The same with the grids of fills beside those that are drawn, each where it makes tables more; else itself."""
    from biaoge.ocr import blobs, shades

    words: tuple[Word, ...] | None = None
    plain, added = drawn.rulings, list[Piece]()
    there = [(piece.box, len(piece.table.cells)) for piece in drawn.pieces]
    found = shades.asking(sheet, (1.0, *ASKED), there)
    for grid in shades.beside(next(found), there):
        words = blobs.words(drawn.bare) if words is None else words
        rulings = (*shades.without(drawn.rulings, grid), *grid)
        pieces = ruled.find(page_of(number, sheet, words, rulings))
        new = [piece for piece in pieces if piece.box not in {other.box for other in drawn.pieces}]
        if new and all(map(_is_full, new)) and _places(pieces) > _places(drawn.pieces):
            drawn = replace(drawn, rulings=rulings, pieces=pieces)
            added += new
    if words is None or not added:
        return drawn
    doubtful = [*drawn.doubtful]
    tables = [(piece.box, len(piece.table.cells)) for piece in drawn.pieces if piece not in added]
    for grids in found:
        lines = [ruling for grid in shades.beside(grids, tables) for ruling in grid]
        others = ruled.find(page_of(number, sheet, words, (*shades.without(plain, lines), *lines)))
        doubtful += differing(added, others)
    return replace(drawn, doubtful=tuple(dict.fromkeys(doubtful)))


def _is_full(piece: Piece) -> bool:
    """Whether a piece has rows, columns and `FULL` cells that are not empty: boxes of colour around prose do not."""
    filled = sum(cell.text != "" for cell in piece.table.cells)
    return min(piece.table.n_rows, piece.table.n_cols) > 1 and filled >= FULL


def page_of(number: int, sheet: Sheet, words: tuple[Word, ...], rulings: tuple[Ruling, ...]) -> Page:
    """The page that a sheet makes with these words and rulings (points of the sheet)."""
    box = sheet.warp.sheet
    return Page(number, box.x1, box.bottom, route="ocr", words=words, rulings=rulings)


def _places(pieces: Sequence[Piece]) -> int:
    return sum(piece.table.n_rows * piece.table.n_cols for piece in pieces)


def _shape(table: Table) -> list[tuple[int, int, int, int]]:
    return [(c.row, c.col, c.rowspan, c.colspan) for c in table.cells]
