"""Which role a cell has by the rows and columns it begins in: the rule that truth labels are written by."""

from __future__ import annotations

from dataclasses import dataclass

from biaoge.model import HEADER_ROLES, Role, Table


@dataclass(frozen=True, slots=True)
class RowKinds:
    """The rows that hold column headers and those that name a section (both from 0)."""

    headers: frozenset[int]
    sections: frozenset[int]


def role_at(row: int, col: int, kinds: RowKinds, stub_cols: int) -> Role:
    """The role of a cell that begins at `row`, `col`.

    >>> kinds = RowKinds(headers=frozenset({1}), sections=frozenset({0}))
    >>> [role_at(r, c, kinds, stub_cols=1) for r, c in ((0, 0), (1, 0), (1, 1), (2, 0), (2, 1))]
    ['section', 'corner', 'column_header', 'row_header', 'data']
    """
    if row in kinds.sections:
        return "section"
    if row in kinds.headers:
        return "corner" if col < stub_cols else "column_header"
    return "row_header" if col < stub_cols else "data"


def kinds_of(table: Table) -> RowKinds:
    """The rows' kinds as the cells' roles tell them; a row in which no cell begins is a header among the first ones."""
    begins: dict[int, list[Role]] = {}
    for cell in table.cells:
        begins.setdefault(cell.row, []).append(cell.role)
    sections = frozenset(r for r, roles in begins.items() if all(role == "section" for role in roles))
    headers = frozenset(
        r
        for r in range(table.n_rows)
        if (any(role in HEADER_ROLES for role in begins[r]) if r in begins else r < table.header_rows)
    )
    return RowKinds(headers - sections, sections)
