"""What every label format gives: tables, each with its name and place."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from biaoge.errors import TableError
from biaoge.model import Cell, Role, Table

from ..typed import check_size


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

    ValueError for a table that is too large, TableError for a cell that reaches out of it and for cells that must
    overlap, told before anything is laid out.

    >>> [(c.row, c.col, c.text) for c in filled(1, 3, [Cell(0, 0, "a", colspan=2)])]
    [(0, 0, 'a'), (0, 2, '')]
    """
    check_size(n_rows, n_cols)
    given = tuple(cells)
    for cell in given:
        if cell.rows.stop > n_rows or cell.cols.stop > n_cols:
            raise TableError(f"cell at row {cell.row}, column {cell.col} reaches out of the table")
    if sum(cell.rowspan * cell.colspan for cell in given) > n_rows * n_cols:
        raise TableError(f"cells that overlap: they cover more than {n_rows} × {n_cols} places")
    covered = {(r, c) for cell in given for r in cell.rows for c in cell.cols}
    return given + tuple(
        Cell(r, c, role=_role(r, header_rows)) for r in range(n_rows) for c in range(n_cols) if (r, c) not in covered
    )


def _role(row: int, header_rows: int) -> Role:
    return "column_header" if row < header_rows else "data"
