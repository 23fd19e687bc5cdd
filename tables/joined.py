"""Tables that go on over a page break, as one table.

Two pieces are one table when they stand last and first on consecutive pages with nothing but running heads and feet
between them, their columns agree, and the second does not open with headers of its own. What the break cut is put
together: a repeated header is dropped, a row cut inside a cell is one row again, a span goes on. The evidence is
geometry (edges left open, lines filled to the margin) and what the columns hold; never the words of a caption.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from biaoge.model import Alternative, Cell, Finding, Part, Table
from biaoge.text import join_lines

from .columns import Shared, shared
from .cut import opens_with_headers, row_goes_on, span_goes_on
from .piece import Piece
from .roles import is_value, with_roles

AGREED = 0.75
"""The share of inner lines that must agree."""
ROOM = 72.0
"""Free space (points) at a page's end beyond which a row would have found its place there."""

MISREAD = 0.2
"""Up to this share of the characters of a header that comes again may be read otherwise on a scan."""

NUMBERED = 0.25
"""Where more of a header's texts have another Chinese numeral, it is another item's: （六） for （一）."""

Between = Callable[[Piece, Piece], bool]


@dataclass(frozen=True, slots=True)
class Joined:
    """A whole table, its lines' x on its first page, its last piece as found, and the findings about its cells."""

    table: Table
    xs: tuple[float, ...]
    last: Piece
    findings: tuple[Finding, ...] = ()

    @property
    def is_table(self) -> bool:
        """Whether it is a table by itself; what was only kept for the join is not."""
        return self.table.is_grid


def join(pieces: Sequence[Piece], between: Between, bottoms: Mapping[int, float] | None = None) -> tuple[Joined, ...]:
    """Pieces (by page, then top to bottom) as whole tables.

    `between(a, b)`: whether only furniture stands between two pieces. `bottoms`: for every page the y (points) to
    which its text area reaches.
    """
    wholes: list[Joined] = []
    for piece in pieces:
        candidates = [i for i, whole in enumerate(wholes) if whole.last.page == piece.page - 1]
        for i in reversed(candidates):
            if not between(wholes[i].last, piece):
                continue
            grown = _joined(wholes[i], piece, (bottoms or {}).get(piece.page - 1))
            if grown is not None:
                wholes[i] = grown
                break
        else:
            wholes.append(Joined(piece.table, piece.xs, piece, piece.findings))
    return tuple(wholes)


def _joined(whole: Joined, piece: Piece, bottom: float | None) -> Joined | None:
    columns = shared(whole.xs, piece.xs)
    if columns is None or columns.agreed < AGREED:
        return None
    first = spread(whole.table, columns.first)
    second = spread(piece.table, columns.second)
    repeated = _repeated_header(first, second)
    if repeated == second.n_rows or _same_form(first, second, repeated):
        return None
    if not repeated:
        if _opens_anew(first, second, columns):
            return None
        room = 0.0 if bottom is None else bottom - whole.last.box.bottom
        only_header = first.header_rows >= first.n_rows - 1
        if room > max(ROOM, 1.5 * (piece.ys[1] - piece.ys[0]) + 24) and not only_header:
            return None
    return _put_together(whole, piece, first, second, repeated, columns)


def spread(table: Table, places: Sequence[int]) -> Table:
    """The table on a finer grid: its column line `i` is line `places[i]` there."""
    if list(places) == list(range(table.n_cols + 1)):
        return table
    cells = tuple(
        replace(cell, col=places[cell.col], colspan=places[cell.cols.stop] - places[cell.col]) for cell in table.cells
    )
    return replace(table, n_cols=places[-1], cells=cells, stub_cols=places[table.stub_cols])


def _folded(text: str | None) -> str:
    return "".join(unicodedata.normalize("NFKC", text or "").split())


def _shape(table: Table, rows: int) -> list[tuple[int, int, int, int]]:
    return [(c.row, c.col, c.rowspan, c.colspan) for c in table.cells if c.row < rows]


def _repeated_header(first: Table, second: Table) -> int:
    """How many leading rows of the second piece repeat the first's header."""
    for rows in range(min(first.header_rows, second.n_rows), 0, -1):
        shape = _shape(first, rows)
        if any(row + rowspan > rows for row, _, rowspan, _ in shape) or shape != _shape(second, rows):
            continue
        pairs = zip(first.cells, second.cells, strict=False)
        heads = [(a, b) for a, b in pairs if a.row < rows]
        if any(cell.text for cell, _ in heads) and _say_the_same(heads):
            return rows
    return 0


def _say_the_same(pairs: Sequence[tuple[Cell, Cell]]) -> bool:
    """Whether cells hold the same texts; on scans the same figures, and words that differ by no more than `MISREAD`."""
    texts = [(_folded(a.text), _folded(b.text)) for a, b in pairs]
    if all(a == b for a, b in texts):
        return True
    sources = {word.source for pair in pairs for cell in pair for word in cell.words}
    if sources != {"ocr"} or any(_figures(a) and _figures(b) and _figures(a) != _figures(b) for a, b in texts):
        return False  # a figure on one side alone may be what is left of a ruling
    others = sum(_numerals(a) != _numerals(b) for a, b in texts if _numerals(a) and _numerals(b))
    if others > NUMBERED * sum(bool(a) for a, _ in texts):
        return False
    from rapidfuzz.distance import Levenshtein

    length = sum(max(len(a), len(b)) for a, b in texts)
    return sum(Levenshtein.distance(a, b) for a, b in texts) <= MISREAD * length


def _figures(text: str) -> list[str]:
    return [char for char in text if char.isdigit()]


def _numerals(text: str) -> list[str]:
    return [char for char in text if char in "一二三四五六七八九十"]


def value_columns(table: Table) -> set[int]:
    """Columns whose body holds mostly values."""
    found = set()
    for col in range(table.n_cols):
        held = [c.text for c in table.cells if c.role == "data" and col in c.cols and c.text]
        if held and sum(map(is_value, held)) * 2 >= len(held):
            found.add(col)
    return found


def _opens_anew(first: Table, second: Table, columns: Shared) -> bool:
    """Whether the second piece begins with headers of its own, so that it is another table."""
    grid = second.grid()
    sections = {_folded(c.text) for c in first.cells if c.role == "section"}
    top = 0
    if len(set(map(id, grid[0]))) == 1 and second.n_cols > 1:
        if sections:
            return False
        top = 1
        if second.n_rows == 1:
            return False
    values = value_columns(first)
    if not values:
        return opens_with_headers(first, second) or (not columns.same and columns.agreed < 1.0)
    here = {id(grid[top][c]): grid[top][c] for c in values}
    wordy = [c for c in here.values() if c.text and not is_value(c.text)]
    if len(wordy) * 2 < len(here) or not wordy:
        return False
    # The same headers may come back under a section; they are no new table.
    known = {_folded(c.text) for c in first.cells if c.role in ("column_header", "corner")}
    return not all(_folded(c.text) in known for c in wordy)


def _same_form(first: Table, second: Table, row: int) -> bool:
    """Whether the second piece begins as the first did, but with other entries: the form filled in once more.

    `row`: so many rows are known to say the same, as a header that comes again does.
    """
    while row < min(first.n_rows, second.n_rows) and _entries(first, row) == _entries(second, row):
        row += 1
    ours, theirs = _entries(first, row), _entries(second, row)
    same = [place for place, text in theirs.items() if ours.get(place) == text and not is_value(text)]
    return len(theirs) > 1 and len(same) * 2 >= len(theirs) and any(col == 0 for col, _ in same)


def _entries(table: Table, row: int) -> dict[tuple[int, int], str]:
    """What begins in a row, by column and width; empty cells left out."""
    return {(c.col, c.colspan): _folded(c.text) for c in table.cells if c.row == row and c.text}


def _put_together(whole: Joined, piece: Piece, first: Table, second: Table, dropped: int, columns: Shared) -> Joined:
    below = _without_rows(second, dropped)
    edges = (False,) * first.n_cols if dropped else _open_edges(whole, piece, columns)
    values = value_columns(first) | value_columns(below)
    one_row = row_goes_on(first, below, edges, values)
    shift = first.n_rows - (1 if one_row else 0)
    pairs = _pairs(first, below)
    merged: dict[int, Cell] = {}
    spans: list[tuple[int, int]] = []
    left_ok = True
    for upper, lower in pairs:
        goes_on = one_row or (left_ok and span_goes_on(upper, lower, first, below, edges))
        if upper.col < max(first.stub_cols, below.stub_cols) and not goes_on:
            left_ok = False
        if goes_on:
            merged[id(upper)] = merged[id(lower)] = _one(upper, lower, shift)
            spans.append((upper.row, upper.col))
    cells: list[Cell] = []
    for cell in first.cells:
        cells.append(merged.get(id(cell), cell))
    for cell in below.cells:
        if id(cell) not in merged:
            cells.append(replace(cell, row=cell.row + shift))
    n_rows = shift + below.n_rows
    part = Part(piece.page, piece.box, (shift, n_rows - 1))
    table = Table(n_rows, first.n_cols, tuple(cells), parts=(*whole.table.parts, part))
    findings = [*_moved(whole.findings, columns.first, 0, 0), *_moved(piece.findings, columns.second, shift, dropped)]
    if dropped:
        message = f"the header that comes again on page {piece.page} was left out"
        findings.append(Finding("header-dropped", "info", message, piece.page))
    if spans and not one_row:
        message = f"these merged cells were cut by the break to page {piece.page} and put together again"
        findings.append(Finding("span-joined", "info", message, piece.page, cells=tuple(spans)))
    if one_row:
        message = f"this row was cut by the break to page {piece.page} and put together again"
        findings.append(Finding("row-joined", "info", message, piece.page, cells=((shift, 0),)))
    return Joined(with_roles(table), columns.xs, piece, tuple(findings))


def _open_edges(whole: Joined, piece: Piece, columns: Shared) -> tuple[bool, ...]:
    """For every common column whether nothing is drawn on either side of the break."""
    laid = shared(columns.xs, whole.last.xs)
    if laid is None or len(laid.xs) != len(columns.xs):
        return (False,) * (len(columns.xs) - 1)
    above = _per_column(whole.last.open_bottom, laid.second)
    below = _per_column(piece.open_top, columns.second)
    return tuple(a and b for a, b in zip(above, below, strict=True))


def _per_column(flags: Sequence[bool], places: Sequence[int]) -> tuple[bool, ...]:
    out: list[bool] = []
    for flag, a, b in zip(flags, places, places[1:], strict=False):
        out += [flag] * (b - a)
    return tuple(out)


def _without_rows(table: Table, rows: int) -> Table:
    if not rows:
        return table
    cells = tuple(replace(c, row=c.row - rows) for c in table.cells if c.row >= rows)
    return replace(
        table, n_rows=table.n_rows - rows, cells=cells, header_rows=max(0, table.header_rows - rows), parts=()
    )


def _pairs(first: Table, second: Table) -> list[tuple[Cell, Cell]]:
    """Cells that face each other over the break and cover the same columns, from left to right."""
    lower = {(c.col, c.colspan): c for c in second.cells if c.row == 0}
    upper = [c for c in first.cells if c.rows.stop == first.n_rows]
    return [(c, lower[c.col, c.colspan]) for c in sorted(upper, key=lambda c: c.col) if (c.col, c.colspan) in lower]


def _one(upper: Cell, lower: Cell, shift: int) -> Cell:
    unread = upper.text is None or lower.text is None
    text = None if unread else join_lines([upper.text or "", lower.text or ""])
    return replace(
        upper,
        text=text,
        rowspan=shift + lower.rows.stop - upper.row,
        regions=(*upper.regions, *lower.regions),
        words=(*upper.words, *lower.words),
        confidence=min(upper.confidence, lower.confidence),
        alternatives=() if unread else _either(upper, lower),
    )


def _either(upper: Cell, lower: Cell) -> tuple[Alternative, ...]:
    """The joined text's other readings: another one of the upper piece, or of the lower."""
    above = [replace(a, text=join_lines([a.text, lower.text or ""])) for a in upper.alternatives]
    below = [replace(a, text=join_lines([upper.text or "", a.text])) for a in lower.alternatives]
    return tuple(sorted((*above, *below), key=lambda a: (-a.probability, a.text)))


def _moved(findings: Sequence[Finding], cols: Sequence[int], shift: int, dropped: int) -> list[Finding]:
    out = []
    for finding in findings:
        cells = tuple((r - dropped + shift, cols[c]) for r, c in finding.cells if r >= dropped)
        if cells or not finding.cells:
            out.append(replace(finding, cells=cells))
    return out
