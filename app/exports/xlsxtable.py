"""One table as a sheet."""

from __future__ import annotations

import math
import unicodedata
from collections.abc import Sequence
from typing import Any

from biaoge.app.exports.rows import clean
from biaoge.app.exports.xlsxstyles import Styles
from biaoge.model import Cell, Finding, Table

MOST_ROWS, MOST_COLS = 1_048_576, 16_384
"""Of a sheet."""
_MOST_COMMENTS = 1000
"""Of a sheet; the sheet of findings has them all."""
_COMMENT = 600
"""Characters of a comment."""
_FROZEN_ROWS, _FROZEN_COLS = 12, 5
"""More would leave no room to scroll."""
_SHORT = 24
"""Characters of a line that is not wrapped."""
_NARROW, _WIDE = 6.0, 42.0
"""Of columns, in characters."""
_LINE, _TALLEST = 15.0, 400.0
"""Height of a line and the most of a row, in points."""
_FULL = 0.9
"""How much of a column's width wrapped text fills: letters are wider than the figures that widths are counted in."""
_DOUBT = 0.9
"""Below it, recognition calls a cell doubtful (`low-confidence`)."""


def write_table(sheet: Any, table: Table, findings: Sequence[Finding], styles: Styles) -> None:
    """Write `table` from A1 on, `findings` (of this table) as comments."""
    for cell in table.cells:
        mark = _mark(cell)
        if cell.rowspan > 1 or cell.colspan > 1:
            last = (cell.row + cell.rowspan - 1, cell.col + cell.colspan - 1)
            sheet.merge_range(cell.row, cell.col, *last, "", styles.of(cell.role, mark))
        styles.write(sheet, (cell.row, cell.col), cell.text, cell.role, mark)
    for (row, col), text in _comments(table, findings).items():
        sheet.write_comment(row, col, text[:_COMMENT], {"author": "biaoge", "x_scale": 2})
    widths = _widths(table)
    for col, width in enumerate(widths):
        sheet.set_column(col, col, width)
    for row, lines in enumerate(_lines(table, widths)):
        if lines > 1:
            sheet.set_row(row, min(lines * _LINE, _TALLEST))
    sheet.freeze_panes(
        table.header_rows if table.header_rows <= _FROZEN_ROWS and table.header_rows < table.n_rows else 0,
        table.stub_cols if table.stub_cols <= _FROZEN_COLS and table.stub_cols < table.n_cols else 0,
    )
    if table.header_rows and table.header_rows < table.n_rows:
        sheet.repeat_rows(0, table.header_rows - 1)
    sheet.ignore_errors({"number_stored_as_text": _everywhere(table)})
    sheet.fit_to_pages(1, 0)
    if table.n_cols > 6:
        sheet.set_landscape()


def _everywhere(table: Table) -> str:
    from biaoge.app.exports.sheetnames import place

    return "A1:" + place("", table.n_rows - 1, table.n_cols - 1).rpartition("!")[2]


def _mark(cell: Cell) -> str:
    if cell.text is None:
        return "unread"
    if cell.source == "repaired":
        return "repaired"
    return "doubtful" if cell.confidence < _DOUBT else ""


def _comments(table: Table, findings: Sequence[Finding]) -> dict[tuple[int, int], str]:
    """What there is to say at each cell's origin, in order of rows."""
    said: dict[tuple[int, int], list[str]] = {}
    for cell in table.cells:
        if cell.text is None:
            said.setdefault((cell.row, cell.col), []).append("There is ink here that could not be read.")
        if cell.repair:
            raw = "nothing" if cell.repair.raw is None else f"“{cell.repair.raw}”"
            said.setdefault((cell.row, cell.col), []).append(f"Mended; {raw} was read: {cell.repair.reason}")
        if cell.alternatives:
            others = ", ".join(f"“{other.text}” ({other.probability:.0%})" for other in cell.alternatives)
            said.setdefault((cell.row, cell.col), []).append(f"May also read {others}.")
    if any(finding.cells for finding in findings):
        grid = table.grid()
        for finding in findings:
            for row, col in finding.cells:
                if 0 <= row < table.n_rows and 0 <= col < table.n_cols:
                    origin = grid[row][col]
                    said.setdefault((origin.row, origin.col), []).append(f"{finding.severity}: {finding.message}")
    return {at: clean("\n".join(dict.fromkeys(said[at]))) for at in sorted(said)[:_MOST_COMMENTS]}


def _widths(table: Table) -> list[float]:
    """A width for every column that shows most texts in few lines; a wide cell's text is shared among its columns."""
    widths = [_NARROW] * table.n_cols
    for cell in table.cells:
        need = min(_length(cell.text or "") + 2.0, _WIDE) / cell.colspan
        for col in cell.cols:
            widths[col] = max(widths[col], need)
    return widths


def _lines(table: Table, widths: Sequence[float]) -> list[int]:
    """How many lines each row needs; what a cell of several rows needs is shared among them. Programs do not look."""
    lines = [1] * table.n_rows
    for cell in table.cells:
        room = max(sum(widths[col] for col in cell.cols) * _FULL, 1.0)
        needed = sum(math.ceil(max(_columns(line), 1) / room) for line in (cell.text or "").split("\n"))
        for row in cell.rows:
            lines[row] = max(lines[row], math.ceil(needed / cell.rowspan))
    return lines


def _length(text: str) -> int:
    """Of the longest line, wide ones counted twice; long texts wrap, so a third of them is enough."""
    longest = max(_columns(line) for line in text.split("\n"))
    return longest if longest <= _SHORT else max(_SHORT, longest // 3)


def _columns(line: str) -> int:
    return sum(2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in line)
