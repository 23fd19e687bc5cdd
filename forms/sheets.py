"""A table as somebody adds it up: its numbers, the headers over its columns and the names of its rows.

Tables whose cells have no roles have these too: the rows before the first one that holds a number are taken for
headers, and a row's name is the text nearest on the left.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property, lru_cache

from biaoge.model import HEADER_ROLES, Cell, Table

from .values import Value, plain, value

Spot = tuple[int, int]
"""Row and column of one table, from 0."""

_TOTAL = re.compile(r"(合计|总计|小计|共计|总额)数?$|^(grand|sub-?)?totals?(?![a-z])", re.IGNORECASE)
_BRACKETS = re.compile(r"\([^()]*\)")
# Columns whose numbers count or name rows rather than measure something.
_COUNTING = re.compile("编码|代码|编号|序号|行次|栏次|类$|款$|项$")


@lru_cache(maxsize=8192)
def is_total(name: str) -> bool:
    """Whether a header or a row's name is that of a total.

    >>> [is_total(name) for name in ("(七)总计", "本年收入合计（元）", "合计数", "Sub-total", "总计划", "Totality")]
    [True, True, True, True, False, False]
    """
    short = _BRACKETS.sub("", plain(name))
    # Without its spaces "Total assets" would be one word.
    return bool(_TOTAL.search(short) or _TOTAL.search(name.strip()))


@dataclass(frozen=True, eq=False)
class Sheet:
    """A table's grid with what its rows and columns are. `columns`: those that measure something."""

    grid: Sequence[Sequence[Cell]]
    header: tuple[bool, ...]
    columns: tuple[int, ...]

    @cached_property
    def first_row(self) -> int:
        """The first row below the leading headers."""
        return next((r for r, header in enumerate(self.header) if not header), len(self.header))

    @cached_property
    def body(self) -> list[int]:
        """The rows that are no headers."""
        return [r for r, header in enumerate(self.header) if not header]

    @cached_property
    def _values(self) -> list[list[Value]]:
        return [[value(cell.text) for cell in row] for row in self.grid]

    @cached_property
    def _naming(self) -> dict[Spot, tuple[Cell, ...]]:
        return {}

    @cached_property
    def _headers(self) -> dict[int, tuple[Cell, ...]]:
        return {}

    def value(self, spot: Spot) -> Value:
        """What the cell at a place says."""
        return self._values[spot[0]][spot[1]]

    def counts(self, spot: Spot) -> Decimal | None:
        """The number at a place; 0 where it is blank, `None` where it is not known: unread, or a text."""
        return self.value(spot).counts

    def says(self, spot: Spot) -> bool:
        """Whether a number stands at the place."""
        return self.value(spot).kind == "number"

    def begins(self, spot: Spot) -> bool:
        """Whether a cell begins at the place, so that its value counts there."""
        cell = self.grid[spot[0]][spot[1]]
        return (cell.row, cell.col) == spot

    def headers(self, col: int) -> tuple[Cell, ...]:
        """The header cells with a text over a column, outermost first, from the leading header rows."""
        if col not in self._headers:
            out: list[Cell] = []
            for row in self.grid[: self.first_row]:
                if row[col].text and not any(row[col] is cell for cell in out):
                    out.append(row[col])
            self._headers[col] = tuple(out)
        return self._headers[col]

    def column_path(self, col: int) -> tuple[str, ...]:
        """The plain texts of `headers`."""
        return tuple(plain(cell.text or "") for cell in self.headers(col))

    def codes(self, row: int) -> tuple[str, ...]:
        """The numbers left of the first column that measures something."""
        said = self._values[row][: self.columns[0]]
        return tuple(plain(self.grid[row][c].text or "") for c, one in enumerate(said) if one.number is not None)

    def naming(self, row: int, col: int) -> tuple[Cell, ...]:
        """The cells left of a place that name it: the nearest run of cells that are no numbers and not blank."""
        if (row, col) not in self._naming:
            out: list[Cell] = []
            for c in range(col - 1, -1, -1):
                cell = self.grid[row][c]
                names = self._values[row][c].kind == "text"
                if names and not any(cell is other for other in out):
                    out.insert(0, cell)
                elif not names and out:
                    break
            self._naming[row, col] = tuple(out)
        return self._naming[row, col]

    def names(self, row: int, col: int) -> tuple[str, ...]:
        """The plain texts of `naming`."""
        return tuple(plain(cell.text or "") for cell in self.naming(row, col))


def sheet_of(table: Table) -> Sheet:
    """The table with its headers found: by the cells' roles, or where it has none by its numbers."""
    grid = table.grid()
    numbers = [[value(cell.text).number is not None for cell in row] for row in grid]
    if any(cell.role in HEADER_ROLES for cell in table.cells):
        header = tuple(any(cell.role in HEADER_ROLES for cell in row) for row in grid)
    else:
        first = next((r for r, row in enumerate(numbers) if any(row)), len(grid))
        header = tuple(r < first for r in range(len(grid)))
    sheet = Sheet(grid, header, ())
    return Sheet(grid, header, tuple(c for c in range(table.n_cols) if _measures(sheet, numbers, c)))


def _measures(sheet: Sheet, numbers: Sequence[Sequence[bool]], col: int) -> bool:
    """Whether the column holds numbers below its headers, and is not one that counts or names the rows."""
    path = sheet.column_path(col)
    if any(_COUNTING.search(_BRACKETS.sub("", text)) for text in path):
        return False
    return any(row[col] for row, header in zip(numbers, sheet.header, strict=True) if not header)
