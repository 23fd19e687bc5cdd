"""A table in the making: its rows, the texts found for them, and what is said about it, with its cells."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from biaoge.model import Cell, Finding, Severity, Table

from .align import Aligned, Group
from .lines import Line
from .place import Placed
from .plan import Printed

Row = tuple[str, int, str]
"""What a row of the table is: "section", "header" or "row", its table form, and the header level or the row's key."""


@dataclass(slots=True)
class Draft:
    """A table in the making. `texts`: of the cells of the stub, headers and sections by (row, key of the node)."""

    table: Printed
    aligned: Aligned
    raws: dict[int, str]
    rows: list[Row] = field(default_factory=list)
    groups: dict[Row, Group] = field(default_factory=dict)
    names: dict[tuple[int, str, str], str] = field(default_factory=dict)
    columns: list[tuple[str, ...]] = field(default_factory=list)
    values: dict[Row, Placed] = field(default_factory=dict)
    notes: list[tuple[str, Severity, str, Row | None]] = field(default_factory=list)

    def note(self, kind: str, severity: Severity, message: str, row: Row | None = None) -> None:
        """Keep a finding about a row, or the whole table."""
        self.notes.append((kind, severity, message, row))


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
