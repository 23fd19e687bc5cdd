"""Header paths: which column headers and which stub cells a cell answers to.

The roles of the cells say all that is needed, so that truth labels and readings get their paths from the same rules.
"""

from __future__ import annotations

from collections.abc import Iterable

from biaoge.model import HEADER_ROLES, Cell, Table


class Paths:
    """The paths of one table; made once where many cells are asked for."""

    def __init__(self, table: Table) -> None:
        self.table = table
        self.grid = table.grid()
        self.header_row = [any(c.role in HEADER_ROLES for c in row) for row in self.grid]
        self.section_row = [all(c.role == "section" for c in row) for row in self.grid]
        # What all cells of a row share is looked up once; a table may have thousands of rows.
        self._runs: dict[tuple[int, bool], range] = {}
        self._sections: list[Cell | None] = []
        for row, names in zip(self.grid, self.section_row, strict=True):
            self._sections.append(row[0] if names else self._sections[-1] if self._sections else None)

    def column(self, cell: Cell) -> tuple[str, ...]:
        """See `Table.column_path`. A header cell's path is that of the headers above it in its own run."""
        if cell.role in ("section", "corner"):
            return ()
        rows = self.run_above(cell.row, own=cell.role == "column_header")
        headers = [found for found in self._headers(rows, cell.col) if found is not cell]
        whole = [found for found in headers if found.cols.stop >= cell.cols.stop]
        return tuple(c.text for c in (whole or headers) if c.text)

    def column_at(self, row: int, col: int) -> tuple[str, ...]:
        """Texts of the headers above one place of the grid, outermost first, from the nearest run of header rows."""
        return tuple(c.text for c in self._headers(self.run_above(row), col) if c.text)

    def run_above(self, row: int, own: bool = False) -> range:
        """The nearest run of header rows above `row`; with `own`, only one that reaches up to it."""
        if (row, own) not in self._runs:
            stop = row
            while not own and stop > 0 and not self.header_row[stop - 1]:
                stop -= 1
            start = stop
            while start > 0 and self.header_row[start - 1]:
                start -= 1
            self._runs[row, own] = range(start, stop)
        return self._runs[row, own]

    def row(self, cell: Cell) -> tuple[str, ...]:
        """See `Table.row_path`. A stub cell's path is that of the stub cells left of it."""
        if cell.role in HEADER_ROLES or cell.role == "section":
            return ()
        return self._stub(cell.row, self._naming(cell))

    def _naming(self, cell: Cell) -> range:
        """The columns that name `cell`: the nearest run of row headers left of it (a table may be set in halves)."""
        row, stop = self.grid[cell.row], cell.col
        while cell.role != "row_header" and stop > 0 and row[stop - 1].role != "row_header":
            stop -= 1
        start = stop
        while start > 0 and row[start - 1].role == "row_header":
            start -= 1
        return range(start, stop)

    def section_of(self, row: int) -> Cell | None:
        """The nearest section row at or above `row`."""
        return self._sections[row]

    def columns(self) -> list[tuple[str, ...]]:
        """See `Table.column_paths`."""
        leading = range(self.table.header_rows)
        return [tuple(c.text for c in self._headers(leading, col) if c.text) for col in range(self.table.n_cols)]

    def all_rows(self) -> list[tuple[str, ...]]:
        """See `Table.row_paths`."""
        paths: list[tuple[str, ...]] = []
        for r, row in enumerate(self.grid):
            if self.header_row[r] or self.section_row[r]:
                paths.append(tuple(c.text for c in row if c.text)[:1])
            else:
                paths.append(self._stub(r, range(self.table.stub_cols)))
        return paths

    def _headers(self, rows: Iterable[int], col: int) -> list[Cell]:
        """The header cells with a text that cover `col` in `rows`, each once."""
        return _each_once(c for c in (self.grid[r][col] for r in rows) if c.role in HEADER_ROLES and c.text)

    def _stub(self, row: int, cols: range) -> tuple[str, ...]:
        """The section `row` stands in, then the texts of its stub cells in the columns `cols`."""
        section = self.section_of(row)
        stub = _each_once(c for c in self.grid[row][cols.start : cols.stop] if c.role == "row_header" and c.text)
        return tuple(c.text for c in ([section] if section else []) + stub if c.text)


def _each_once(cells: Iterable[Cell]) -> list[Cell]:
    """The cells in order; one that stands at several neighbouring places comes once."""
    out: list[Cell] = []
    for cell in cells:
        if not out or out[-1] is not cell:
            out.append(cell)
    return out
