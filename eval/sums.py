"""A table as somebody adds it up: its numbers, the headers over its columns and the names of its rows.

Labels without roles of cells have these too: the rows before the first one that holds a number are taken for headers,
and a row's name is the text nearest on the left.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from biaoge.model import HEADER_ROLES, Cell, Table

Place = tuple[int, int]
"""Row and column, from 0."""

TOTAL = re.compile("(合计|总计|小计|共计|总额)数?$")
_NUMBER = re.compile(r"[-+]?[0-9]+(?:\.[0-9]+)?|\.[0-9]+")
_NEGATIVE = re.compile(r"\(([0-9.]+)\)")
_NOTHING = frozenset(("", "-", "--", "/"))
_DASHES = str.maketrans(dict.fromkeys("‐‑‒–—―−─", "-"))
_BRACKETS = re.compile(r"\([^()]*\)")
# Columns whose numbers count or name rows rather than measure something.
_COUNTING = re.compile("编码|代码|编号|序号|行次|栏次|类$|款$|项$")


def folded(text: str) -> str:
    """`text` without white space, its compatibility forms folded (NFKC), its dashes made one.

    >>> folded("（七） 总　计")
    '(七)总计'
    """
    return "".join(unicodedata.normalize("NFKC", text).translate(_DASHES).split())


def number(text: str) -> Decimal | None:
    """The number that `text` writes, exactly; `None` where it writes none.

    >>> number("1,234.50"), number("（3）"), number("３"), number("—"), number("12 件")
    (Decimal('1234.50'), Decimal('-3'), Decimal('3'), None, None)
    """
    plain = folded(text).replace(",", "")
    if bracketed := _NEGATIVE.fullmatch(plain):
        plain = f"-{bracketed[1]}"
    return Decimal(plain) if _NUMBER.fullmatch(plain) else None


def is_blank(text: str) -> bool:
    """Whether a cell says that there is nothing: empty, or a dash."""
    return folded(text) in _NOTHING


def is_total(name: str) -> bool:
    """Whether a header or a row's name is that of a total.

    >>> [is_total(name) for name in ("(七)总计", "合 计", "本年收入合计（元）", "合计数", "总计划")]
    [True, True, True, True, False]
    """
    return bool(TOTAL.search(_BRACKETS.sub("", folded(name))))


@dataclass(frozen=True, slots=True)
class Sheet:
    """A table's grid with what its rows and columns are. `columns`: those that measure something."""

    grid: Sequence[Sequence[Cell]]
    header: tuple[bool, ...]
    columns: tuple[int, ...]

    @property
    def first_row(self) -> int:
        """The first row below the leading headers."""
        return next((r for r, header in enumerate(self.header) if not header), len(self.header))

    def value(self, place: Place) -> Decimal | None:
        """The number at a place; 0 where it is blank, `None` where it is not known: unread, or a text."""
        text = self.grid[place[0]][place[1]].text
        if text is None:
            return None
        return Decimal(0) if is_blank(text) else number(text)

    def says(self, place: Place) -> bool:
        """Whether a number stands at the place."""
        text = self.grid[place[0]][place[1]].text
        return text is not None and number(text) is not None

    def begins(self, place: Place) -> bool:
        """Whether a cell begins at the place, so that its value counts there."""
        cell = self.grid[place[0]][place[1]]
        return (cell.row, cell.col) == place

    def headers(self, col: int) -> tuple[Cell, ...]:
        """The header cells with a text over a column, outermost first, from the leading header rows."""
        out: list[Cell] = []
        for row in self.grid[: self.first_row]:
            if row[col].text and row[col] not in out:
                out.append(row[col])
        return tuple(out)

    def column_path(self, col: int) -> tuple[str, ...]:
        """The folded texts of `headers`."""
        return tuple(folded(cell.text or "") for cell in self.headers(col))

    def codes(self, row: int) -> tuple[str, ...]:
        """The numbers left of the first column that measures something."""
        texts = [self.grid[row][c].text or "" for c in range(self.columns[0])]
        return tuple(folded(text) for text in texts if number(text) is not None)

    def names(self, row: int, col: int) -> tuple[str, ...]:
        """The folded texts left of a place that name it: the nearest run of cells that are no numbers and not blank."""
        out: list[Cell] = []
        for c in range(col - 1, -1, -1):
            cell = self.grid[row][c]
            names = bool(cell.text) and not is_blank(cell.text or "") and number(cell.text or "") is None
            if names and cell not in out:
                out.insert(0, cell)
            elif not names and out:
                break
        return tuple(folded(cell.text or "") for cell in out)


def sheet_of(table: Table) -> Sheet:
    """The table with its headers found: by the cells' roles, or where it has none by its numbers."""
    grid = table.grid()
    numbers = [[cell.text is not None and number(cell.text) is not None for cell in row] for row in grid]
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
