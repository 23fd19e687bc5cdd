"""Tables drawn as a page would show them: random merges, rulings in many manners, words in the cells."""

from __future__ import annotations

import itertools
from dataclasses import dataclass, replace

from hypothesis import strategies as st

from biaoge.model import Axis, Box, Cell, Page, Ruling, RulingOrigin, Table, Word

LINE = 12.0


def word(text: str, x: float, top: float, size: float = 9.0) -> Word:
    """A word with one `size` of width for a CJK character and half of it for others."""
    edges = [x]
    for char in text:
        edges.append(edges[-1] + (size if ord(char) > 0x2E80 else size / 2))
    return Word(text, Box(x, top, edges[-1], top + size), size=size, edges=tuple(edges))


@st.composite
def tables(draw: st.DrawFn, max_rows: int = 7, max_cols: int = 6) -> Table:
    """Tables of at least 2 × 2 whose every row and every column has a cell of its own beginning there."""
    n_rows = draw(st.integers(2, max_rows))
    n_cols = draw(st.integers(2, max_cols))
    owner = [[(r, c) for c in range(n_cols)] for r in range(n_rows)]
    taken: set[tuple[int, int]] = set()
    for _ in range(draw(st.integers(0, 5))):
        r0, c0 = draw(st.integers(0, n_rows - 1)), draw(st.integers(0, n_cols - 1))
        r1 = draw(st.integers(r0, min(n_rows - 1, r0 + 3)))
        c1 = draw(st.integers(c0, min(n_cols - 1, c0 + 3)))
        places = [(r, c) for r in range(r0, r1 + 1) for c in range(c0, c1 + 1)]
        if taken.isdisjoint(places):
            taken.update(places)
            for r, c in places:
                owner[r][c] = (r0, c0)
    cells = []
    for r in range(n_rows):
        for c in range(n_cols):
            if owner[r][c] != (r, c):
                continue
            rowspan = sum(owner[i][c] == (r, c) for i in range(r, n_rows))
            colspan = sum(owner[r][j] == (r, c) for j in range(c, n_cols))
            text = draw(st.sampled_from(["0", "12", "1,204.5", "规章", "本年制发件数", "net", "—", "其他"]))
            cells.append(Cell(r, c, text, rowspan, colspan))
    return _tight(Table(n_rows, n_cols, tuple(cells)))


def _tight(table: Table) -> Table:
    """The same without rows and columns in which no cell begins: a drawing cannot show them."""
    rows = sorted({c.row for c in table.cells})
    cols = sorted({c.col for c in table.cells})
    place_r = {old: new for new, old in enumerate([*rows, table.n_rows])}
    place_c = {old: new for new, old in enumerate([*cols, table.n_cols])}
    cells = []
    for cell in table.cells:
        row, col = place_r[cell.row], place_c[cell.col]
        bottom = place_r[next(r for r in [*rows, table.n_rows] if r >= cell.rows.stop)]
        right = place_c[next(c for c in [*cols, table.n_cols] if c >= cell.cols.stop)]
        cells.append(replace(cell, row=row, col=col, rowspan=bottom - row, colspan=right - col))
    return Table(len(rows), len(cols), tuple(cells))


@dataclass(frozen=True, slots=True)
class Pen:
    """How rulings are drawn. `jitter`: points by which pieces miss their place; `double`: a second line beside."""

    pieces: bool = True
    double: float = 0.0
    jitter: float = 0.0
    open_sides: bool = False
    open_bottom: bool = False


PENS = st.builds(
    Pen,
    pieces=st.booleans(),
    double=st.sampled_from([0.0, 1.5, 2.5]),
    jitter=st.sampled_from([0.0, 0.4, 1.0]),
    open_sides=st.booleans(),
    open_bottom=st.booleans(),
)


def positions(table: Table, left: float = 60.0, top: float = 80.0) -> tuple[list[float], list[float]]:
    """x and y (points) of the grid lines, wide and high enough for every cell's text in one line."""
    xs = [left + 62.0 * i for i in range(table.n_cols + 1)]
    ys = [top + 20.0 * i for i in range(table.n_rows + 1)]
    return xs, ys


def drawn(table: Table, pen: Pen, left: float = 60.0, top: float = 80.0) -> tuple[list[Ruling], list[Word]]:
    """Rulings around the cells and their words."""
    xs, ys = positions(table, left, top)
    rulings: list[Ruling] = []
    words = []
    for n, cell in enumerate(table.cells):
        x0, x1 = xs[cell.col], xs[cell.cols.stop]
        y0, y1 = ys[cell.row], ys[cell.rows.stop]
        off = pen.jitter * (1 if n % 2 else -1)
        edges: list[tuple[Axis, float, float, float]] = [("h", y0, x0, x1), ("v", x0, y0, y1)]
        edges += [("h", y1, x0, x1), ("v", x1, y0, y1)]
        for axis, at, start, end in edges:
            outer_side = axis == "v" and at in (xs[0], xs[-1])
            if (pen.open_sides and outer_side) or (pen.open_bottom and axis == "h" and at == ys[-1]):
                continue
            stops = (ys if axis == "v" else xs) if pen.pieces else [start, end]
            inside = [p for p in stops if start <= p <= end]
            for a, b in itertools.pairwise(inside):
                rulings.append(Ruling(axis, at + off, a, b))
                if pen.double:
                    rulings.append(Ruling(axis, at + off + pen.double, a, b))
        if cell.text:
            width = sum(9.0 if ord(char) > 0x2E80 else 4.5 for char in cell.text)
            words.append(word(cell.text, (x0 + x1 - width) / 2, (y0 + y1) / 2 - 4.5))
    return rulings, words


def page(rulings: list[Ruling], words: list[Word], number: int = 1) -> Page:
    """A page large enough for any of the tables above."""
    return Page(number, 595, 842, words=tuple(words), rulings=tuple(rulings))


def shape(table: Table) -> list[tuple[int, int, int, int, str | None]]:
    """What must come back: origins, spans, texts."""
    return [(c.row, c.col, c.rowspan, c.colspan, c.text) for c in table.cells]


@st.composite
def scribbles(draw: st.DrawFn) -> list[Ruling]:
    """Rulings anywhere, most of them near a coarse grid so that they meet."""
    out = []
    for _ in range(draw(st.integers(0, 25))):
        axis: Axis = "h" if draw(st.booleans()) else "v"
        at = 40.0 * draw(st.integers(1, 8)) + draw(st.sampled_from([0.0, 0.0, 1.5, 3.0, 6.0, 11.0]))
        start = 40.0 * draw(st.integers(1, 7)) + draw(st.sampled_from([0.0, 0.0, -2.0, 9.0]))
        length = draw(st.sampled_from([15.0, 40.0, 80.0, 200.0]))
        origin: RulingOrigin = "fill" if draw(st.booleans()) else "line"
        out.append(Ruling(axis, at, start, start + length, origin=origin))
    return out
