"""Tags that follow from a labelled table: what results are sliced by. See docs/truth.md."""

from __future__ import annotations

from collections.abc import Sequence

from biaoge.model import HEADER_ROLES, Table

# Cells from which a table is of middle size, and from which it is large.
_MIDDLE, _LARGE = 50, 200


def tags_of(table: Table, pages: Sequence[int] = ()) -> tuple[str, ...]:
    """The tags of a table that stands on `pages` (empty where unknown).

    `spans`: a cell covers several places; `blank-cells`: a cell is empty; `cut`: it stands on several pages;
    `header-depth-N`: most column headers above one another, where the label tells headers; `size-s`, `size-m`,
    `size-l`: fewer than 50 cells, fewer than 200, more.

    >>> from biaoge.model import Cell
    >>> tags_of(Table(1, 2, (Cell(0, 0, "a", colspan=2),)), (1, 2))
    ('spans', 'cut', 'size-s')
    """
    tags = []
    if any(c.rowspan > 1 or c.colspan > 1 for c in table.cells):
        tags.append("spans")
    if any(c.text == "" for c in table.cells):
        tags.append("blank-cells")
    if len(set(pages)) > 1 or len({part.page for part in table.parts}) > 1:
        tags.append("cut")
    depth = _header_depth(table)
    if depth:
        tags.append(f"header-depth-{depth}")
    cells = len(table.cells)
    tags.append("size-s" if cells < _MIDDLE else "size-m" if cells < _LARGE else "size-l")
    return tuple(tags)


def _header_depth(table: Table) -> int:
    """Levels of the deepest column header, counted in cells above one another in the leading header rows."""
    depth = 0
    rows = table.grid()[: table.header_rows]
    for column in zip(*rows, strict=True):
        depth = max(depth, len({(c.row, c.col) for c in column if c.role in HEADER_ROLES and c.role != "corner"}))
    return depth
