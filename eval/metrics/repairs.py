"""What a table would score if some of its mistakes were put right: a repair is made, and the cells counted again."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from biaoge.model import Table

from .cells import CellKey
from .correspondence import Correspondence
from .levels import at_level


@dataclass(slots=True)
class Repair:
    """What is to be done about all mistakes of one kind, and how many they are.

    Rows and columns: predicted ones that go, true ones that come with their cells. `removed`: predicted cells (by
    index) that go; `added`: true cells (by index) that come in their place, with a text; `texts`: new texts of
    predicted cells.
    """

    count: int = 0
    extra_rows: set[int] = field(default_factory=set)
    missing_rows: set[int] = field(default_factory=set)
    extra_cols: set[int] = field(default_factory=set)
    missing_cols: set[int] = field(default_factory=set)
    removed: set[int] = field(default_factory=set)
    added: dict[int, str | None] = field(default_factory=dict)
    texts: dict[int, str | None] = field(default_factory=dict)

    @property
    def moves(self) -> bool:
        """Whether rows or columns come or go."""
        return bool(self.extra_rows or self.missing_rows or self.extra_cols or self.missing_cols)


@dataclass(frozen=True, slots=True)
class Pair:
    """A predicted table beside the true one, and how they correspond. `blanks`: whether blank cells are labelled."""

    predicted: Table
    true: Table
    lines: Correspondence
    blanks: bool = True

    def matched(self, repair: Repair) -> int:
        """Exact cells at level `folded` after `repair`; never more than the true cells."""
        wanted = {_key(c.row, c.col, c.rowspan, c.colspan, c.text) for c in self.true.cells if self._counts(c.text)}
        found = {key for key in self._repaired(repair) if self._counts(key[4])}
        return sum(key[4] is not None for key in found & wanted)

    def _counts(self, text: str | None) -> bool:
        return self.blanks or text is None or bool(text.strip())

    def _repaired(self, repair: Repair) -> Iterator[CellKey]:
        """The predicted cells after `repair`, where they then stand.

        A cell grows with the inserted lines that its counterpart covers, and takes its text where that begins in one.
        """
        p_rows, t_rows = self.lines.rows.positions(repair.extra_rows, repair.missing_rows)
        p_cols, t_cols = self.lines.cols.positions(repair.extra_cols, repair.missing_cols)
        counterparts = {place: cell for place, cell in zip(self.lines.true, self.true.cells, strict=True) if place}
        for i, (cell, place) in enumerate(zip(self.predicted.cells, self.lines.predicted, strict=True)):
            if i in repair.removed:
                continue
            text = repair.texts.get(i, cell.text)
            if not repair.moves:
                yield _key(cell.row, cell.col, cell.rowspan, cell.colspan, text)
                continue
            rows, cols = _positions(cell.rows, p_rows), _positions(cell.cols, p_cols)
            other = counterparts.get(place) if place else None
            if other:
                rows += _positions(repair.missing_rows.intersection(other.rows), t_rows)
                cols += _positions(repair.missing_cols.intersection(other.cols), t_cols)
                if other.row in repair.missing_rows or other.col in repair.missing_cols:
                    text = other.text
            yield from _at(rows, cols, text)
        for i, (cell, place) in enumerate(zip(self.true.cells, self.lines.true, strict=True)):
            if i in repair.added or (repair.moves and place is None):
                text = repair.added.get(i, cell.text)
                yield from _at(_positions(cell.rows, t_rows), _positions(cell.cols, t_cols), text)


def _positions(lines: range | set[int], where: dict[int, int]) -> list[int]:
    return [where[line] for line in lines if line in where]


def _at(rows: list[int], cols: list[int], text: str | None) -> Iterator[CellKey]:
    """The cell that covers these rows and columns, and those between; none where either is empty."""
    if rows and cols:
        top, left = min(rows), min(cols)
        yield _key(top, left, max(rows) - top + 1, max(cols) - left + 1, text)


def _key(row: int, col: int, rowspan: int, colspan: int, text: str | None) -> CellKey:
    return (row, col, rowspan, colspan, None if text is None else at_level(text, "folded"))
