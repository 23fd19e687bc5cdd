"""Header paths: which column headers and which stub cells a cell answers to.

The roles of the cells say all that is needed, so that truth labels and readings get their paths from the same rules.
"""

from __future__ import annotations

from biaoge.model import HEADER_ROLES, Cell, Table


class Paths:
    """The paths of one table; made once where many cells are asked for."""

    def __init__(self, table: Table) -> None:
        self.table = table
        self.grid = table.grid()
        self.header_row = [any(c.role in HEADER_ROLES for c in row) for row in self.grid]
        self.section_row = [
            all(c.role == "section" for c in row) and not any(c.role in HEADER_ROLES for c in row) for row in self.grid
        ]

    def column(self, cell: Cell) -> tuple[str, ...]:
        """See `Table.column_path`. A header cell's path is that of the headers above it in its own run."""
        if cell.role in ("section", "corner"):
            return ()
        below = cell.row - 1
        if cell.role == "column_header":
            rows = []
            while below >= 0 and self.header_row[below]:
                rows.append(below)
                below -= 1
        else:
            while below >= 0 and not self.header_row[below]:
                below -= 1
            rows = []
            while below >= 0 and self.header_row[below]:
                rows.append(below)
                below -= 1
        whole, first = [], []
        for r in reversed(rows):
            found = self.grid[r][cell.col]
            if found is cell or found.role not in HEADER_ROLES or not found.text:
                continue
            if not first or first[-1] is not found:
                first.append(found)
            if found.cols.start <= cell.col and found.cols.stop >= cell.cols.stop and (not whole or whole[-1] is not found):
                whole.append(found)
        return tuple(c.text for c in (whole or first) if c.text)

    def row(self, cell: Cell) -> tuple[str, ...]:
        """See `Table.row_path`. A stub cell's path is that of the stub cells left of it."""
        if cell.role in HEADER_ROLES:
            return ()
        path = []
        section = self.section_of(cell.row)
        if section is not None and section is not cell and section.text:
            path.append(section.text)
        if cell.role == "section":
            return ()
        last = None
        for found in self.grid[cell.row][: min(cell.col, self.table.stub_cols)]:
            if found is not last and found.role == "row_header" and found.text:
                path.append(found.text)
            last = found
        return tuple(path)

    def section_of(self, row: int) -> Cell | None:
        """The nearest section row at or above `row`."""
        for r in range(row, -1, -1):
            if self.section_row[r]:
                return self.grid[r][0]
        return None

    def columns(self) -> list[tuple[str, ...]]:
        """See `Table.column_paths`."""
        paths = []
        for col in range(self.table.n_cols):
            seen: list[Cell] = []
            for r in range(self.table.header_rows):
                found = self.grid[r][col]
                if found.role in HEADER_ROLES and found.text and (not seen or seen[-1] is not found):
                    seen.append(found)
            paths.append(tuple(c.text for c in seen if c.text))
        return paths

    def all_rows(self) -> list[tuple[str, ...]]:
        """See `Table.row_paths`."""
        paths = []
        for r, row in enumerate(self.grid):
            if self.header_row[r] or self.section_row[r]:
                seen: list[Cell] = []
                for c in row:
                    if c.text and (not seen or seen[-1] is not c):
                        seen.append(c)
                paths.append(tuple(c.text for c in seen if c.text)[:1])
                continue
            section = self.section_of(r)
            path = [section.text] if section is not None and section.text else []
            last = None
            for found in row[: self.table.stub_cols]:
                if found is not last and found.role == "row_header" and found.text:
                    path.append(found.text)
                last = found
            paths.append(tuple(path))
        return paths
