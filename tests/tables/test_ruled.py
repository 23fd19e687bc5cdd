from __future__ import annotations

import random

from drawing import PENS, Pen, drawn, page, scribbles, shape, tables, word
from hypothesis import given, settings
from hypothesis import strategies as st

from biaoge.model import Cell, Ruling, Table
from biaoge.tables.ruled import find


@settings(max_examples=80, deadline=None)
@given(tables(), PENS, st.randoms())
def test_any_drawn_table_comes_back(table: Table, pen: Pen, shuffle: random.Random) -> None:
    rulings, words = drawn(table, pen)
    if len(table.cells) == 1:
        assert not any(piece.table.is_grid for piece in find(page(rulings, words)))
        return
    # An outer edge that is not drawn shows only where lines reach out to it.
    whole_edge = all(c.rowspan < table.n_rows for c in table.cells)
    if (pen.open_sides or pen.open_bottom) and not (whole_edge and _lines_reach_out(table)):
        return
    shuffle.shuffle(rulings)
    shuffle.shuffle(words)
    (piece,) = find(page(rulings, words))
    assert shape(piece.table) == shape(table)


def _lines_reach_out(table: Table) -> bool:
    """Half of the inner lines, at least, begin and end at the outer edge."""
    grid = table.grid()
    rows = range(1, table.n_rows)
    cols = range(1, table.n_cols)
    left = sum(grid[r][0] is not grid[r - 1][0] for r in rows)
    right = sum(grid[r][-1] is not grid[r - 1][-1] for r in rows)
    bottom = sum(grid[-1][c] is not grid[-1][c - 1] for c in cols)
    inner_v = all(any(grid[r][c] is not grid[r][c - 1] for r in range(table.n_rows)) for c in cols)
    return left == right == len(rows) and bottom == len(cols) and inner_v


def test_a_frame_around_prose_is_no_table() -> None:
    frame = [Ruling("h", 50, 50, 300), Ruling("h", 150, 50, 300), Ruling("v", 50, 50, 150), Ruling("v", 300, 50, 150)]
    assert find(page(frame, [word("prose", 60, 60), word("more", 60, 80)])) == ()


def test_stray_rulings_and_underlines_change_nothing() -> None:
    table = Table(2, 2, tuple(Cell(r, c, f"{r}{c}") for r in range(2) for c in range(2)))
    rulings, words = drawn(table, Pen())
    stray = [Ruling("h", 95, 70, 100), Ruling("v", 400, 20, 700), Ruling("h", 700, 20, 500)]
    (piece,) = find(page([*rulings, *stray], words))
    assert shape(piece.table) == shape(table)


def test_a_gridless_chart_is_no_table() -> None:
    grid = [Ruling("h", 100 + 10 * i, 50, 250) for i in range(6)] + [
        Ruling("v", 50 + 40 * i, 100, 150) for i in range(6)
    ]
    assert find(page(grid, [word("5", 40, 96)])) == ()


def test_two_tables_side_by_side_are_two() -> None:
    table = Table(2, 2, tuple(Cell(r, c, f"{r}{c}") for r in range(2) for c in range(2)))
    left, right = drawn(table, Pen(), left=40), drawn(table, Pen(), left=240)
    found = find(page(left[0] + right[0], left[1] + right[1]))
    assert [shape(p.table) for p in found] == [shape(table)] * 2
    assert found[0].box.x1 < found[1].box.x0


def test_a_table_inside_a_cell_is_a_table_of_its_own() -> None:
    outer = [Ruling("h", y, 40, 540) for y in (50, 80, 300)] + [Ruling("v", x, 50, 300) for x in (40, 140, 540)]
    table = Table(2, 2, tuple(Cell(r, c, f"in{r}{c}") for r in range(2) for c in range(2)))
    inner = drawn(table, Pen(), left=200, top=120)
    words = [word("head", 50, 60), word("name", 50, 200), word("above", 150, 90), *inner[1]]
    first, second = find(page([*outer, *inner[0]], words))
    assert [c.text for c in first.table.cells] == ["head", "", "name", "above"]
    assert shape(second.table) == shape(table)
    assert [f.kind for f in first.findings] == ["nested-table"]


def test_a_word_over_an_edge_is_parted_between_characters_only() -> None:
    rulings = [Ruling("h", y, 50, 150) for y in (50, 70, 90)] + [Ruling("v", x, 50, 90) for x in (50, 100, 150)]
    close = word("12规章", 91, 56)  # the edge stands right between 2 and 规
    across = word("1234567", 71, 76)  # the edge cuts through a figure
    (piece,) = find(page(rulings, [close, across]))
    assert [c.text for c in piece.table.cells] == ["12", "规章", "1234567", ""]
    assert [f.kind for f in piece.findings] == ["text-overflow"]


def test_a_missing_inner_edge_is_added_and_told() -> None:
    rulings = [Ruling("h", y, 50, 200) for y in (50, 70, 90, 110)]
    rulings += [Ruling("v", x, 50, 110) for x in (50, 200)] + [Ruling("v", 100, 50, 110)]
    rulings += [Ruling("v", 150, 50, 70), Ruling("v", 150, 90, 110)]
    words = [word("a", 60, 55), word("b", 160, 55), word("c", 60, 75), word("d", 160, 95)]
    (piece,) = find(page(rulings, words))
    # Here leaving the edge out makes a merged cell, which is a table as good as any.
    assert [(c.row, c.col, c.colspan) for c in piece.table.cells if c.row == 1] == [(1, 0, 1), (1, 1, 2)]
    half = [r for r in rulings if not (r.axis == "h" and r.at == 90)] + [Ruling("h", 90, 50, 150)]
    (piece,) = find(page(half, words))
    assert any(f.kind == "missing-ruling" for f in piece.findings)


@settings(max_examples=300, deadline=None)
@given(scribbles(), st.lists(st.tuples(st.floats(30, 400), st.floats(30, 400)), max_size=30))
def test_no_drawing_brings_it_down(rulings: list[Ruling], places: list[tuple[float, float]]) -> None:
    words = [word("12表", x, y) for x, y in places]
    for piece in find(page(rulings, words)):
        assert (len(piece.xs), len(piece.ys)) == (piece.table.n_cols + 1, piece.table.n_rows + 1)
        assert len(piece.open_top) == len(piece.open_bottom) == piece.table.n_cols
        assert list(piece.xs) == sorted(piece.xs)
        assert list(piece.ys) == sorted(piece.ys)
