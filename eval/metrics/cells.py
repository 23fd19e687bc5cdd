"""Exact cells: a cell is right when its place, its spans and its text are those of the label, at a named text level.

A cell that could not be read (`None`) equals no text. Where labels leave blank cells out, only cells that bear text
are compared, on both sides (`blanks=False`).
"""

from __future__ import annotations

from collections.abc import Set as AbstractSet
from dataclasses import dataclass

from biaoge.model import Cell, Table

from .counts import Counts
from .levels import Level, at_level

CellKey = tuple[int, int, int, int, str | None]


@dataclass(frozen=True, slots=True)
class Difference:
    """A place (row, column of origin) where a cell of one side is not on the other; `None`: no cell there."""

    row: int
    col: int
    true: str | None
    predicted: str | None

    def __str__(self) -> str:
        return (
            f"row {self.row}, column {self.col}: true {self.true or 'no cell'}, predicted {self.predicted or 'no cell'}"
        )


def score(predicted: Table | None, true: Table | None, level: Level, blanks: bool = True) -> Counts:
    """Cells of `predicted` held against those of `true`; a side that is `None` has no cells.

    >>> score(Table(1, 2, (Cell(0, 0, "a"), Cell(0, 1, "b"))), Table(1, 2, (Cell(0, 0, "a", colspan=2),)), "raw")
    Counts(matched=0, predicted=2, true=1)
    """
    return _count(_keys(predicted, level, blanks), _keys(true, level, blanks))


def structure(predicted: Table | None, true: Table | None, blanks: bool = True) -> Counts:
    """As `score`, of places and spans alone, whatever the texts."""
    return _count({k[:4] for k in _keys(predicted, "raw", blanks)}, {k[:4] for k in _keys(true, "raw", blanks)})


def differences(
    predicted: Table | None, true: Table | None, level: Level, blanks: bool = True
) -> tuple[Difference, ...]:
    """The places where the two differ at `level`, in row-major order. Texts are shown as they stand."""
    found, wanted = _by_place(predicted, blanks), _by_place(true, blanks)
    out = []
    for place in sorted(found.keys() | wanted.keys()):
        p, t = found.get(place), wanted.get(place)
        if p is None or t is None or not _same(p, t, level):
            out.append(Difference(*place, true=_shown(t), predicted=_shown(p)))
    return tuple(out)


def _keys(table: Table | None, level: Level, blanks: bool) -> set[CellKey]:
    return {_key(c, level) for c in _by_place(table, blanks).values()}


def _key(cell: Cell, level: Level) -> CellKey:
    text = None if cell.text is None else at_level(cell.text, level)
    return (cell.row, cell.col, cell.rowspan, cell.colspan, text)


def _same(predicted: Cell, true: Cell, level: Level) -> bool:
    return true.text is not None and predicted.text is not None and _key(predicted, level) == _key(true, level)


def _by_place(table: Table | None, blanks: bool) -> dict[tuple[int, int], Cell]:
    """The cells that count, by row and column of origin; an unread cell counts always."""
    if table is None:
        return {}
    return {(c.row, c.col): c for c in table.cells if blanks or c.text is None or c.text.strip()}


def _count(predicted: AbstractSet[tuple[object, ...]], true: AbstractSet[tuple[object, ...]]) -> Counts:
    # An unread text is not equal to another one.
    matched = sum(1 for k in predicted & true if k[-1] is not None)
    return Counts(matched, len(predicted), len(true))


def _shown(cell: Cell | None) -> str | None:
    if cell is None:
        return None
    span = "" if cell.rowspan == cell.colspan == 1 else f" spanning {cell.rowspan} × {cell.colspan}"
    return ("unread" if cell.text is None else repr(cell.text)) + span
