"""What every label format gives: tables, each with its name and place."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from biaoge.model import Cell, Role, Table


@dataclass(frozen=True, slots=True)
class Labelled:
    """A table read from a label file. `pages`: where it stands, from 1, empty where unknown.

    `file`: the document it belongs to as the label names it, `None` where the label names none; `alternative`: the
    name of the other truth it is part of, where the document has another truth.
    """

    id: str
    table: Table
    pages: tuple[int, ...] = ()
    file: str | None = None
    alternative: str | None = None
    tags: tuple[str, ...] = ()
    note: str | None = None


def filled(n_rows: int, n_cols: int, cells: Iterable[Cell], header_rows: int = 0) -> tuple[Cell, ...]:
    """`cells` and an empty one at every place they leave uncovered, a column header in the first `header_rows`.

    >>> [(c.row, c.col, c.text) for c in filled(1, 3, [Cell(0, 0, "a", colspan=2)])]
    [(0, 0, 'a'), (0, 2, '')]
    """
    given = tuple(cells)
    covered = {(r, c) for cell in given for r in cell.rows for c in cell.cols}
    return given + tuple(
        Cell(r, c, role=_role(r, header_rows)) for r in range(n_rows) for c in range(n_cols) if (r, c) not in covered
    )


def _role(row: int, header_rows: int) -> Role:
    return "column_header" if row < header_rows else "data"
