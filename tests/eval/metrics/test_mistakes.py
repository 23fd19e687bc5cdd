from __future__ import annotations

import time
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tilings import TEXTS, plain, read_out, tables

from biaoge.eval import reports
from biaoge.eval.metrics.cells import score
from biaoge.eval.metrics.correspondence import correspondence
from biaoge.eval.metrics.mistakes import KINDS, mistakes
from biaoge.eval.metrics.repairs import Pair, Repair
from biaoge.model import Cell, Table

SALES = plain("item|2022|2023", "north|1,000|2", "south|3|4", "west||-6", "east|71|8", stub=1, headers=1)


def found(predicted: Table | None, true: Table | None, blanks: bool = True) -> dict[str, tuple[int, float]]:
    return {m.kind: (m.count, m.gain) for m in mistakes(predicted, true, blanks)}


def without_row(table: Table, row: int) -> Table:
    """The table with one row cut out; cells that reach over it shrink, those that begin in it go on from the next."""
    cells = []
    for c in table.cells:
        rows = [r - (r > row) for r in c.rows if r != row]
        if rows:
            cells.append(replace(c, row=rows[0], rowspan=len(rows)))
    return Table(table.n_rows - 1, table.n_cols, tuple(cells))


def turned(table: Table) -> Table:
    cells = (replace(c, row=c.col, col=c.row, rowspan=c.colspan, colspan=c.rowspan) for c in table.cells)
    return Table(table.n_cols, table.n_rows, tuple(cells))


def with_text(table: Table, row: int, col: int, text: str | None) -> Table:
    return replace(
        table, cells=tuple(replace(c, text=text) if (c.row, c.col) == (row, col) else c for c in table.cells)
    )


@settings(max_examples=60, deadline=None)
@given(tables(), tables(), st.booleans())
def test_any_pair_of_tables(a: Table, b: Table, blanks: bool) -> None:
    counts = score(a, b, "folded", blanks)
    readable = sum(c.text is not None and (blanks or c.text.strip() != "") for c in b.cells)
    got = mistakes(a, b, blanks)
    assert got == mistakes(a, b, blanks)
    assert [m.gain for m in got] == sorted((m.gain for m in got), reverse=True)
    assert len({m.kind for m in got}) == len(got)
    for m in got:
        assert m.kind in KINDS
        assert m.count > 0
        assert 0 <= m.gain <= readable - counts.matched
        assert m.gain == 0 or m.kind not in ("white_space", "form", "extra_table")
    if counts.true == readable:  # what the label could not read is no mistake
        assert (not got) == score(a, b, "raw", blanks).exact


@settings(max_examples=60, deadline=None)
@given(tables(), tables(), st.booleans())
def test_cells_without_a_repair_are_the_exact_cells(a: Table, b: Table, blanks: bool) -> None:
    pair = Pair(a, b, correspondence(a, b), blanks)
    assert pair.matched(Repair()) == score(a, b, "folded", blanks).matched


@st.composite
def told_apart(draw: st.DrawFn, most: int = 4) -> Table:
    """A table whose texts are all different."""
    table = draw(tables(st.just(""), most))
    return replace(table, cells=tuple(replace(c, text=chr(0x4E00 + i) * 3) for i, c in enumerate(table.cells)))


def with_row(table: Table, row: int) -> Table:
    """The table with a row more before `row`; cells that reach over it grow, elsewhere it has cells of its own."""
    cells = []
    over: set[int] = set()
    for c in table.cells:
        if c.row < row < c.row + c.rowspan:
            over.update(c.cols)
            cells.append(replace(c, rowspan=c.rowspan + 1))
        else:
            cells.append(replace(c, row=c.row + (c.row >= row)))
    cells += [Cell(row, c, chr(0x6000 + c) * 3) for c in range(table.n_cols) if c not in over]
    return Table(table.n_rows + 1, table.n_cols, tuple(cells))


@settings(max_examples=60, deadline=None)
@given(told_apart(5), st.data())
def test_a_lost_or_added_line_is_one_mistake_that_costs_all_below(table: Table, data: st.DataObject) -> None:
    names = tuple(Cell(r, table.n_cols, chr(0x7000 + r) * 3) for r in range(table.n_rows))
    less = Table(table.n_rows, table.n_cols + 1, table.cells + names)
    more = with_row(less, data.draw(st.integers(0, less.n_rows)))
    for a, b, name in ((less, more, "row"), (turned(less), turned(more), "column")):
        assert found(a, b) == {f"missing_{name}": (1, len(b.cells) - score(a, b, "folded").matched)}
        assert found(b, a) == {f"extra_{name}": (1, len(a.cells) - score(b, a, "folded").matched)}


@settings(max_examples=60, deadline=None)
@given(told_apart(), TEXTS, st.data())
def test_a_misread_text_costs_its_cell(table: Table, text: str, data: st.DataObject) -> None:
    cell = data.draw(st.sampled_from(table.cells))
    got = mistakes(with_text(table, cell.row, cell.col, text), table)
    assert sum(m.count for m in got) == 1
    assert sum(m.gain for m in got) == 1


@settings(max_examples=60, deadline=None)
@given(told_apart())
def test_lost_and_added_spans(table: Table) -> None:
    flat = [Cell(r, c, "") for r in range(table.n_rows) for c in range(table.n_cols)]
    texts = {(c.row, c.col): c.text for c in table.cells}
    loose = Table(table.n_rows, table.n_cols, tuple(replace(c, text=texts.get((c.row, c.col), "")) for c in flat))
    merged = sum(c.rowspan * c.colspan > 1 for c in table.cells)
    blanks = len(loose.cells) - len(table.cells)
    assert found(loose, table) == ({"lost_span": (merged, merged)} if merged else {})
    assert found(table, loose) == ({"added_span": (merged, merged + blanks)} if merged else {})
    assert found(table, loose, blanks=False) == ({"added_span": (merged, merged)} if merged else {})
    assert found(loose, table, blanks=False) == ({"lost_span": (merged, merged)} if merged else {})


@pytest.mark.parametrize(
    ("place", "text", "kind", "gain"),
    [
        ((4, 1), "77", "digit", 1), ((4, 1), "7", "digit", 1), ((3, 2), "6", "sign", 1), ((3, 2), "6%", "sign", 1),
        ((1, 1), "1000", "number_form", 1), ((1, 1), "1,000.0", "number_form", 1), ((1, 0), "n orth", "white_space", 0),
        ((3, 2), "—6", "form", 0), ((1, 1), "1，000", "form", 0), ((1, 0), "North", "case", 1),
        ((1, 0), "moth", "text", 1), ((1, 0), "", "text", 1), ((3, 1), "5", "text", 1), ((4, 1), None, "unread", 1),
    ],
)  # fmt: skip
def test_kinds_of_texts(place: tuple[int, int], text: str | None, kind: str, gain: float) -> None:
    assert found(with_text(SALES, *place, text), SALES) == {kind: (1, gain)}


def test_a_lost_level_of_headers_is_told_from_a_lost_row() -> None:
    true = plain("|a|b", "item|2022|2023", "north|1|2", "south|3|4", stub=1, headers=2)
    assert found(plain("item|2022|2023", "north|1|2", "south|3|4"), true) == {"header_level_lost": (1, 12)}
    assert found(plain("|a|b", "item|2022|2023", "south|3|4"), true) == {"missing_row": (1, 6)}


def test_rows_that_moved() -> None:
    nameless = plain("item|2022|2023", "north|1,000|2", "3|4|", "west||-6", "east|71|8")
    assert found(nameless, SALES) == {"text": (2, 2), "digit": (1, 1)}
    moved = plain("item|2022|2023", "north|1,000|2", "south|3|4", "west|-6|", "east|71|8")
    assert found(moved, SALES) == {"shifted_row": (1, 2)}
    down = plain("item|2022|2023", "north||", "south|1,000|2", "west|3|4", "east|71|8")
    assert found(down, plain("item|2022|2023", "north|1,000|2", "south|3|4", "west||", "east|71|8")) == {
        "shifted_row": (2, 6)
    }


def test_texts_over_several_cells_and_several_texts_in_one() -> None:
    one = Table(2, 2, (Cell(0, 0, "net cost", 1, 2), Cell(1, 0, "7"), Cell(1, 1, "8")))
    two = plain("net|cost", "7|8")
    assert found(two, one) == {"split_cell": (1, 1)}
    assert found(one, two) == {"merged_cell": (1, 2)}
    assert found(plain("net cost|net cost", "7|8"), one) == {"lost_span": (1, 1)}
    assert found(replace(one, cells=(replace(one.cells[0], text="nut cost"), *one.cells[1:])), two) == {
        "merged_cell": (1, 1)
    }


def test_merged_cells_that_cross() -> None:
    below = tuple(Cell(1, c, t) for c, t in enumerate("1234"))
    true = Table(2, 4, (Cell(0, 0, "a", 1, 2), Cell(0, 2, "b", 1, 2), *below))
    read = Table(2, 4, (Cell(0, 0, "a"), Cell(0, 1, "b", 1, 3), *below))
    # Where the cells begin says which text is whose; b begins in the place of a.
    assert found(read, true) == {"lost_span": (2, 0)}


def test_mistakes_that_hide_one_another() -> None:
    read = with_text(without_row(SALES, 1), 3, 1, "77")
    assert found(read, SALES) == {"missing_row": (1, 11), "digit": (1, 0)}


def test_whole_tables() -> None:
    assert found(None, SALES) == {"missed_table": (1, 15)}
    assert found(None, SALES, blanks=False) == {"missed_table": (1, 14)}
    assert found(SALES, None) == {"extra_table": (1, 0)}
    assert mistakes(None, None) == ()


def test_a_damaged_form_is_described_by_what_was_done_to_it() -> None:
    label = reports.load(reports.names()[0]).labels[1].table
    read = without_row(label, 12)
    section = next(c for c in read.cells if c.rowspan > 1 and c.row > 12)
    cells = [replace(c, rowspan=1) if c is section else c for c in read.cells]
    cells += [Cell(r, c, "") for r in section.rows for c in section.cols if r != section.row]
    cells = [replace(c, text="7") if (c.row, c.col) == (5, label.n_cols - 1) else c for c in cells]
    got = found(Table(read.n_rows, read.n_cols, tuple(cells)), label)
    assert {kind: n for kind, (n, _) in got.items()} == {"missing_row": 1, "lost_span": 1, "digit": 1}


def test_large_tables_take_no_time() -> None:
    a, b = (plain(*("|".join(f"{(r * k + c * 7919) % 9973}" for c in range(10)) for r in range(200))) for k in (31, 57))
    start = time.perf_counter()
    assert mistakes(a, b)
    assert time.perf_counter() - start < 2


@settings(max_examples=50, deadline=None)
@given(tables().map(read_out))
def test_nothing_is_wrong_with_the_label_itself(table: Table) -> None:
    assert mistakes(table, table) == mistakes(table, table, blanks=False) == ()
