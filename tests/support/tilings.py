"""Any table at all, for property tests."""

from __future__ import annotations

from dataclasses import replace
from typing import get_args

from hypothesis import strategies as st

from biaoge.model import Cell, Role, Table

TEXTS = st.text("ab 　1１,.—-", max_size=4)
_ROLES: st.SearchStrategy[Role] = st.sampled_from(get_args(Role))


@st.composite
def tables(
    draw: st.DrawFn, texts: st.SearchStrategy[str | None] | None = None, most: int = 5, roles: bool = False
) -> Table:
    """Any tiling of a grid of up to `most` rows and columns with short texts, also empty and unread ones.

    `texts`: what the texts are drawn from; `roles`: cells have any role, in any mixture.
    """
    n_rows, n_cols = draw(st.integers(1, most)), draw(st.integers(1, most))
    free = {(r, c) for r in range(n_rows) for c in range(n_cols)}
    cells = []
    while free:
        row, col = min(free)
        wide = draw(st.integers(1, n_cols - col))
        while any((row, c) not in free for c in range(col, col + wide)):
            wide -= 1
        high = draw(st.integers(1, n_rows - row))
        free -= {(r, c) for r in range(row, row + high) for c in range(col, col + wide)}
        text = draw(st.one_of(st.none(), TEXTS) if texts is None else texts)
        role: Role = draw(_ROLES) if roles else "data"
        cells.append(Cell(row, col, text, high, wide, role))
    return Table(n_rows, n_cols, tuple(cells))


def read_out(table: Table) -> Table:
    """The table with every unread cell read as `x`."""
    return replace(table, cells=tuple(replace(c, text="x") if c.text is None else c for c in table.cells))


def plain(*rows: str, stub: int = 0, headers: int = 0) -> Table:
    """A table without merged cells: a text a row, its cells parted by `|`; leading rows and columns as headers."""
    grid = [row.split("|") for row in rows]
    cells = tuple(
        Cell(r, c, text.strip(), role=_role(r < headers, c < stub))
        for r, row in enumerate(grid)
        for c, text in enumerate(row)
    )
    return Table(len(grid), len(grid[0]), cells, headers, stub)


def _role(in_header: bool, in_stub: bool) -> Role:
    if in_header:
        return "corner" if in_stub else "column_header"
    return "row_header" if in_stub else "data"
