"""Merged cells: whether those that span several rows or columns were found, and no others."""

from __future__ import annotations

from biaoge.model import Table

from .counts import Counts


def spans(predicted: Table | None, true: Table | None, blanks: bool = True) -> Counts:
    """Cells of more than one row or column by place and spans, whatever their texts.

    With `blanks=False` (labels leave blank cells out) only those that bear text count.

    >>> from biaoge.model import Cell
    >>> true = Table(2, 3, (Cell(0, 0, "a", rowspan=2), Cell(0, 1, "b", colspan=2), Cell(1, 1), Cell(1, 2)))
    >>> read = Table(2, 3, (Cell(0, 0, "?", rowspan=2), Cell(0, 1, "b"), Cell(0, 2), Cell(1, 1, colspan=2)))
    >>> spans(read, true)
    Counts(matched=1, predicted=2, true=2)
    """
    found, wanted = _merged(predicted, blanks), _merged(true, blanks)
    return Counts(len(found & wanted), len(found), len(wanted))


def _merged(table: Table | None, blanks: bool) -> set[tuple[int, int, int, int]]:
    return {
        (c.row, c.col, c.rowspan, c.colspan)
        for c in (table.cells if table else ())
        if (c.rowspan > 1 or c.colspan > 1) and (blanks or c.text is None or c.text.strip())
    }
