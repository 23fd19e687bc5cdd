"""Which rows are headers, which columns name the rows, and where a section begins anew.

Evidence, strongest first: spans (a header row must end where the spans that begin in it end; a header over several
columns is followed by the headers of those columns), then what kind of text a column holds (labels or values).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache

from biaoge.model import Cell, Role, Table

_NUMBER = re.compile(r"[(（\[]?[-+−－±~≈<>≤≥]?\s*[$¥￥€£]?\s*[-−]?\d[\d,，.\s]*\s*[%％‰]?[)）\]]?[*†‡]*$")
_NOTHING = re.compile(r"[-—–−－/／.…*×]+$")
_YEAR = re.compile(r"(19|20)\d\d\s*年?(度|[-—~/]\d{2,4}年?度?)?$")
_CODE = re.compile(r"\d{1,12}$")
_INDEX = re.compile(r"\d{1,2}")
_INDEX_NAMES = frozenset({"栏次", "列次", "行次", "栏目", "序号", "甲", "乙", "丙", "丁"})
_NOTE = re.compile(r"\s*(注|备注|说明|附注|资料来源|[Nn]ote|[Ss]ource|\*)")


@lru_cache(maxsize=65536)
def is_value(text: str | None) -> bool:
    """Whether the text is a number, an amount, or a mark that stands for one.

    >>> [is_value(t) for t in ("1,204.5", "—", "(3)", "12%", "规章", "1.属于", "")]
    [True, True, True, True, False, False, False]
    """
    if not text:
        return False
    text = text.strip()
    return bool(_NUMBER.match(text) or _NOTHING.match(text))


def with_roles(table: Table) -> Table:
    """The table with `header_rows`, `stub_cols` and every cell's role told anew from its spans and texts."""
    grid = table.grid()
    full = [_is_full(row) for row in grid]
    lead = 0
    while lead < table.n_rows and full[lead]:
        lead += 1
    end = _header_end(grid, lead) if lead < table.n_rows else 0
    if end == 0 and lead:
        lead = 0
    body = [r for r in range(end, table.n_rows) if not full[r]]
    stub = _stub_cols(grid, lead, end, body)
    sections = _sections(grid, full, end)
    again = _headers_again(grid, full, end, stub)
    labels = _label_cols(grid, body, stub)
    opening = bool(sections) or any(r in again for r in range(end, table.n_rows))

    def role(cell: Cell) -> Role:
        if cell.row < end:
            if cell.row < lead:
                return "section" if opening else "column_header"
            return "corner" if cell.cols.stop <= stub else "column_header"
        if cell.row in again:
            return "corner" if cell.cols.stop <= stub else "column_header"
        if cell.row in sections:
            return "section"
        if cell.col < stub or cell.col in labels:
            return "row_header"
        return "data"

    cells = tuple(cell if cell.role == (told := role(cell)) else _with_role(cell, told) for cell in table.cells)
    return replace(table, cells=cells, header_rows=end, stub_cols=stub)


def _with_role(cell: Cell, role: Role) -> Cell:
    """As `replace` makes it, in a third of the time."""
    return Cell(
        cell.row,
        cell.col,
        cell.text,
        cell.rowspan,
        cell.colspan,
        role,
        cell.regions,
        cell.words,
        cell.confidence,
        cell.source,
        cell.alternatives,
    )


def _is_full(row: Sequence[Cell]) -> bool:
    """One cell over the whole width and this row alone, with words that are no figure."""
    first = row[0]
    return len(row) > 1 and first.colspan == len(row) and first.rowspan == 1 and not is_value(first.text)


def _distinct(row: Sequence[Cell]) -> list[Cell]:
    return [cell for i, cell in enumerate(row) if i == 0 or row[i - 1] is not cell]


def _has_values(row: Sequence[Cell], skip: int = 0) -> bool:
    return any(is_value(c.text) and not _YEAR.match(c.text or "") for c in _distinct(row) if c.col >= skip)


def _is_index(row: Sequence[Cell]) -> bool:
    """A row that numbers the columns from 1 on: 栏次 | 1 | 2 | 3, or 甲 | 乙 | 1 | 2 | 3."""
    texts = [c.text for c in _distinct(row) if c.text]
    figures = [int(text) for text in texts if _INDEX.fullmatch(text)]
    named = all(_INDEX.fullmatch(text) or text in _INDEX_NAMES for text in texts)
    return named and len(figures) >= 3 and figures == list(range(1, len(figures) + 1))


def _header_end(grid: list[list[Cell]], lead: int) -> int:
    """The row after the last header row; 0 where the table begins with data."""
    n_rows = len(grid)
    first = _distinct(grid[lead])
    if n_rows - lead < 2 or _has_values(grid[lead]) or sum(bool(c.text) for c in first) < min(2, len(first)):
        return 0
    end = lead + 1
    while True:
        closed = max(min(c.row + c.rowspan, n_rows) for row in grid[lead:end] for c in row)
        if closed > end and not any(_has_values(row) for row in grid[end:closed]) and closed < n_rows:
            end = closed
            continue
        if end < n_rows - 1 and (_splits(grid, lead, end) or _is_index(grid[end])):
            end += 1
            continue
        return end


def _splits(grid: list[list[Cell]], lead: int, end: int) -> bool:
    """Whether row `end` holds the headers under a header that spans several columns of the row above."""
    above, row = grid[end - 1], grid[end]
    if _has_values(row) or (len(_distinct(row)) == 1 and end > lead):
        return False
    for cell in _distinct(above):
        if cell.colspan < 2 or cell.colspan == len(row) or not cell.text:
            continue
        under = _distinct([row[c] for c in cell.cols])
        if len(under) > 1 and sum(bool(c.text) for c in under) * 2 >= len(under):
            return True
    return False


def _kinds(grid: list[list[Cell]], body: Sequence[int], col: int) -> tuple[int, int, int]:
    """Among the body's cells in a column: how many hold values, how many words, how many nothing."""
    seen, values, words, nothing = set(), 0, 0, 0
    for r in body:
        cell = grid[r][col]
        if id(cell) in seen:
            continue
        seen.add(id(cell))
        if not cell.text:
            nothing += 1
        elif is_value(cell.text):
            values += 1
        else:
            words += 1
    return values, words, nothing


def _stub_cols(grid: list[list[Cell]], lead: int, end: int, body: Sequence[int]) -> int:
    n_cols = len(grid[0])
    if n_cols < 2 or not body:
        return 0
    kinds = [_kinds(grid, body, c) for c in range(n_cols)]
    wordy = [words > values for values, words, _ in kinds]
    corner = grid[lead][0] if end else None
    spanned = corner.colspan if corner is not None and corner.rowspan >= end - lead and corner.colspan < n_cols else 0
    codes = 0
    while codes < n_cols and not wordy[codes] and _is_code(grid, body, codes):
        codes += 1
    if 0 < codes < n_cols - 1 and wordy[codes]:
        return _run(wordy, codes) if not all(wordy[codes:]) else codes + 1
    if all(wordy[c] or not any(kinds[c][:2]) for c in range(n_cols)) and not any(k[0] for k in kinds):
        # Nothing but words: the first column, or those under the corner, name the rows.
        named = kinds[0][1] > 0
        empty_after = next((c for c in range(1, n_cols) if not kinds[c][1]), 0)
        return max(spanned, empty_after, 1) if named else 0
    return min(max(_run(wordy, 0), spanned if wordy[0] else 0), n_cols - 1)


def _run(flags: Sequence[bool], start: int) -> int:
    while start < len(flags) and flags[start]:
        start += 1
    return min(start, len(flags) - 1)


def _is_code(grid: list[list[Cell]], body: Sequence[int], col: int) -> bool:
    """A column of codes or running numbers: whole numbers, no marks, no zeroes standing for an amount."""
    texts = [t for r in body if (t := grid[r][col].text)]
    numbers = [t for t in texts if is_value(t)]
    return bool(numbers) and all(_CODE.match(t) and t != "0" for t in numbers)


def _label_cols(grid: list[list[Cell]], body: Sequence[int], stub: int) -> set[int]:
    """Columns right of values that name the values after them (two halves of a table set side by side)."""
    if not stub:
        return set()
    n_cols = len(grid[0])
    kinds = [_kinds(grid, body, c) for c in range(n_cols)]
    value = [values > 0 and values >= words for values, words, _ in kinds]
    word = [words >= 2 and words > 2 * values for values, words, _ in kinds]
    return {c for c in range(stub + 1, n_cols - 1) if word[c] and any(value[stub:c]) and any(value[c + 1 :])}


def _sections(grid: list[list[Cell]], full: Sequence[bool], end: int) -> set[int]:
    """Rows of the body that are one cell of words over the whole width and have rows of their own below."""
    last = len(grid) - 1
    found = set()
    for r in range(end, len(grid)):
        text = grid[r][0].text
        if full[r] and text and r < last and not _NOTE.match(text):
            found.add(r)
    return found


def _headers_again(grid: list[list[Cell]], full: Sequence[bool], end: int, stub: int) -> set[int]:
    """Rows further down that give the columns new headers: after a section row, or when the first header comes back."""
    if not end:
        return set()
    top = [c.text for c in _distinct(grid[end - 1])]
    found = set()
    for r in range(end, len(grid) - 1):
        row = _distinct(grid[r])
        if full[r] or len(row) < 2 or _has_values(grid[r]) or not all(c.text for c in row):
            continue
        if any(c.rowspan > 1 for c in row):
            continue
        texts = [c.text for c in row]
        after_section = r > 0 and full[r - 1]
        below = _distinct(grid[r + 1])
        values_below = any(is_value(c.text) for c in below if c.col >= stub)
        if texts == top or (after_section and (texts[0] == top[0] or values_below)):
            found.add(r)
    return found
