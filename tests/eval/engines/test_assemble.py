"""Boxes, grids and HTML as tables that tile, whatever the engine says."""

from __future__ import annotations

from random import Random

import hypothesis.strategies as st
import pytest
from hypothesis import given

from biaoge.errors import TooLarge
from biaoge.eval.engines import assemble
from biaoge.eval.engines.assemble import Piece, Placed, from_boxes, from_grid, from_html, from_places, gather, joined
from biaoge.eval.prediction import Reading
from biaoge.model import Box, Cell, Finding, Table

COLS, ROWS = (10.0, 60.0, 95.0, 180.0, 200.0), (20.0, 33.0, 51.0, 64.5)


@st.composite
def tilings(draw: st.DrawFn) -> Table:
    """Tables of up to 3 × 4 places, cells grown at random from the first free place."""
    n_rows, n_cols = draw(st.integers(1, len(ROWS) - 1)), draw(st.integers(1, len(COLS) - 1))
    free = {(r, c) for r in range(n_rows) for c in range(n_cols)}
    cells = []
    while free:
        row, col = min(free)
        colspan = draw(st.integers(1, n_cols - col))
        while any((row, c) not in free for c in range(col, col + colspan)):
            colspan -= 1
        rowspan = draw(st.integers(1, n_rows - row))
        cell = Cell(row, col, f"{row}.{col}", rowspan, colspan)
        free -= {(r, c) for r in cell.rows for c in cell.cols}
        cells.append(cell)
    return Table(n_rows, n_cols, tuple(cells))


def box_of(cell: Cell, shift: float = 0.0) -> Box:
    return Box(COLS[cell.col] + shift, ROWS[cell.row], COLS[cell.cols.stop], ROWS[cell.rows.stop] - shift)


def edges_are_used(table: Table) -> bool:
    """Whether every inner edge of the grid begins or ends a cell: only then can boxes tell it."""
    rows = {v for c in table.cells for v in (c.row, c.rows.stop)}
    cols = {v for c in table.cells for v in (c.col, c.cols.stop)}
    return len(rows) == table.n_rows + 1 and len(cols) == table.n_cols + 1


@given(tilings(), st.floats(0, 0.9), st.randoms(use_true_random=False))
def test_cells_come_back_from_their_boxes(table: Table, shift: float, random: Random) -> None:
    pieces = [Piece(cell.text, box_of(cell, shift * (i % 2))) for i, cell in enumerate(table.cells)]
    random.shuffle(pieces)
    (got,) = from_boxes(3, pieces).tables
    assert got.parts[0].page == 3
    assert all(cell.regions[0].page == 3 for cell in got.cells)
    if edges_are_used(table):
        bare = [(c.row, c.col, c.rowspan, c.colspan, c.text) for c in got.cells]
        assert bare == [(c.row, c.col, c.rowspan, c.colspan, c.text) for c in table.cells]


boxes = st.builds(
    lambda x, y, w, h: Box(x, y, x + w, y + h),
    *(st.floats(0, 100) for _ in range(2)),
    *(st.floats(0, 60) for _ in range(2)),
)


@given(st.lists(st.builds(Piece, st.sampled_from(["", "a", "一\n二", None]), boxes), max_size=8))
def test_any_boxes_give_a_table_that_tiles(pieces: list[Piece]) -> None:
    reading = from_boxes(1, pieces)
    assert len(reading.tables) <= 1
    kept = [c.text for t in reading.tables for c in t.cells if c.text != ""]
    lost = [p for p in pieces if p.text != ""]
    left_out = sum(f.kind == "cell-left-out" for f in reading.findings)
    without_extent = sum(min(p.box.width, p.box.height) <= 1 for p in lost if p.box)
    assert len(lost) - without_extent <= len(kept) + left_out <= len(lost)


def slow_largest(rows: range, cols: range, taken: set[tuple[int, int]]) -> int:
    spans = [
        (b - a) * (d - c)
        for a in rows
        for b in range(a + 1, rows.stop + 1)
        for c in cols
        for d in range(c + 1, cols.stop + 1)
        if not any((r, x) in taken for r in range(a, b) for x in range(c, d))
    ]
    return max(spans, default=0)


@given(st.sets(st.tuples(st.integers(0, 3), st.integers(0, 3))))
def test_an_overlapped_cell_gets_the_largest_rectangle_left(taken: set[tuple[int, int]]) -> None:
    first = [Placed(range(r, r + 1), range(c, c + 1), Piece("x")) for r, c in sorted(taken)]
    reading = from_places(1, [*first, Placed(range(4), range(4), Piece("big"))])
    big = [c for c in reading.tables[0].cells if c.text == "big"]
    assert sum(c.rowspan * c.colspan for c in big) == slow_largest(range(4), range(4), taken)
    assert len(big) + len(reading.findings) == 1


def test_grid_without_spans() -> None:
    (table,) = from_grid(2, [["a", None, "净\n额"], ["b"]]).tables
    assert table.texts() == [["a", "", "净额"], ["b", "", ""]]
    assert from_grid(1, []).tables == ()
    assert from_grid(1, [[], []]).tables == ()


def test_too_large_is_said() -> None:
    with pytest.raises(TooLarge):
        from_places(1, [Placed(range(10_000, 10_001), range(10_000, 10_001), Piece("x"))])


def test_every_outer_table_of_html() -> None:
    nested = "<table><tr><td>a<br>b<table><tr><td>in</table></td></tr></table>"
    html = f"<p>x{nested}<TABLE><tr><th colspan=2>c</TABLE><table></table>"
    first, second = from_html(html)
    assert (first.n_rows, first.n_cols, first.cells[0].text) == (1, 1, "a b in")
    assert [cell.text for cell in second.cells] == ["c"]
    assert from_html("") == from_html("no table") == from_html("<table") == ()


@given(st.text(alphabet="<>/tabledrh =\"'0a一\n", max_size=60))
def test_html_never_fails(text: str) -> None:
    assert isinstance(from_html(text), tuple)
    assert isinstance(from_html(f"<table>{text}"), tuple)


def test_findings_keep_their_table() -> None:
    one = Reading((Table(1, 1, (Cell(0, 0, "a"),)),), (Finding("k", "info", "m", table=0),))
    whole = gather([Reading((), (Finding("page", "info", "m"),)), one, one])
    assert [f.table for f in whole.findings] == [None, 0, 1]
    assert len(whole.tables) == 2


def test_an_unread_text_stays_unread() -> None:
    assert joined(None) is None
    assert joined("商 业\n企业 ") == "商业企业"


@given(st.lists(st.floats(0, 50), min_size=1, max_size=12), st.floats(-5, 55), st.floats(0, 5))
def test_the_nearest_edge_is_the_slow_one(values: list[float], value: float, edge: float) -> None:
    edges = assemble._edges(values, edge)
    assert edges == sorted(set(edges))
    assert all(min(abs(v - e) for e in edges) <= edge for v in values)
    found = edges[assemble._nearest(edges, value)]
    assert abs(found - value) == min(abs(e - value) for e in edges)
