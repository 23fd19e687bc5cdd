"""Which set of rulings makes the best tables of a picture."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from biaoge.model import Finding, Page, Ruling, Table, Word
from biaoge.tables import ruled
from biaoge.tables.piece import Piece

if TYPE_CHECKING:
    from biaoge.ocr.sheet import Sheet

CLOSE = 2
"""Another set of rulings is taken where it leaves so many doubts fewer; nearer than that the choice is a finding."""
DOUBTS = ("missing-ruling", "text-overflow", "implied-edges")
"""Findings on pieces that tell of rulings that do not fit the grid."""


@dataclass(frozen=True, slots=True)
class Grids:
    """`rulings` make `pieces` of the blobs of ink of `bare`, which is the sheet without them."""

    rulings: tuple[Ruling, ...]
    bare: Sheet
    pieces: tuple[Piece, ...] = ()
    findings: tuple[Finding, ...] = ()


def choose(number: int, sheet: Sheet) -> Grids:
    """The rulings of a page's sheet that make the best grid, the sheet without them, and the tables of blobs."""
    from biaoge.ocr import blobs, rulings

    best: tuple[int, Grids] | None = None
    close = False
    for candidate in rulings.find(sheet):
        bare = rulings.erase(sheet, candidate)
        pieces = ruled.find(page_of(number, sheet, blobs.words(bare), candidate))
        doubts = sum(len(f.cells) or 1 for piece in pieces for f in piece.findings if f.kind in DOUBTS)
        grids = Grids(candidate, bare, pieces)
        if best is None:
            best = doubts, grids
        elif [_shape(p.table) for p in pieces] != [_shape(p.table) for p in best[1].pieces]:
            fewer = best[0] - doubts
            close = abs(fewer) < CLOSE
            if fewer >= CLOSE and _places(pieces) >= 0.9 * _places(best[1].pieces):
                best = doubts, grids
        if best[0] == 0:
            break
    if best is None:
        return Grids((), sheet)
    if not close:
        return best[1]
    message = "the rulings of this page can be read as another grid almost as well; look at the picture"
    note = Finding("grid-doubtful", "warning", message, number)
    return Grids(best[1].rulings, best[1].bare, best[1].pieces, (note,))


def page_of(number: int, sheet: Sheet, words: tuple[Word, ...], rulings: tuple[Ruling, ...]) -> Page:
    """The page that a sheet makes with these words and rulings (points of the sheet)."""
    box = sheet.warp.sheet
    return Page(number, box.x1, box.bottom, route="ocr", words=words, rulings=rulings)


def _places(pieces: Sequence[Piece]) -> int:
    return sum(piece.table.n_rows * piece.table.n_cols for piece in pieces)


def _shape(table: Table) -> list[tuple[int, int, int, int]]:
    return [(c.row, c.col, c.rowspan, c.colspan) for c in table.cells]
