"""What is said about a restored table: the notes made on the way, each with its cells, and lines in no cell."""

from __future__ import annotations

from collections.abc import Sequence

from biaoge.model import Cell, Finding, Table

from .draft import Draft
from .lines import Line


def findings_of(draft: Draft, table: Table, around: Sequence[Line]) -> list[Finding]:
    """The notes with their cells, and what was left out between the rows and around them (`around`)."""
    found: list[Finding] = []
    for kind, severity, message, row in draft.notes:
        places: list[Cell] = []
        where = ""
        if row is not None and row in draft.rows:
            r = draft.rows.index(row)
            where = f" (row {r})"
            part = [cell for cell in table.cells if draft.rows[cell.row][1] == row[1]]
            here = [cell for cell in part if cell.row == r]
            if kind.startswith("header"):
                places = part
            elif kind.startswith("label"):
                places = [cell for cell in here if cell.role != "data"]
            else:
                places = [cell for cell in here if cell.role == "data"] or here
        found.append(Finding(kind, severity, message + where, page=1, cells=tuple((c.row, c.col) for c in places)))
    for line in (*draft.aligned.passed, *around):
        found.append(_left_out(draft, table, line))
    return found


def _left_out(draft: Draft, table: Table, line: Line) -> Finding:
    """A line that went into no cell; it may be what lacks in the rows next to it unless it marks a page."""
    short = line.raw.strip().replace("\t", " ")[:40]
    if line.mark == "page" or (line.mark and line.apart):
        return Finding("line-left-out", "info", f"a page number or running head: {short!r}", page=1)
    numbers = {
        line_.number: r for r, row in enumerate(draft.rows) if row in draft.groups for line_ in draft.groups[row].lines
    }
    near = {
        *([numbers[max(before)]] if (before := [n for n in numbers if n < line.number]) else []),
        *([numbers[min(behind)]] if (behind := [n for n in numbers if n > line.number]) else []),
    }
    cells = tuple((cell.row, cell.col) for cell in table.cells if near & set(cell.rows))
    return Finding("line-left-out", "warning", f"a line that is none of the form's: {short!r}", page=1, cells=cells)
