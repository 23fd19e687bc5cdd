from __future__ import annotations

import pytest
from hypothesis import given, settings
from tilings import read_out, tables

from biaoge.eval.metrics.cells import differences, score, structure
from biaoge.eval.metrics.counts import Counts
from biaoge.eval.metrics.levels import LEVELS, at_level
from biaoge.model import Cell, Table


@settings(max_examples=50, deadline=None)
@given(tables())
def test_a_table_equals_itself_but_for_what_was_not_read(table: Table) -> None:
    unread = sum(c.text is None for c in table.cells)
    for level in LEVELS:
        assert score(table, table, level) == Counts(len(table.cells) - unread, len(table.cells), len(table.cells))
        assert len(differences(table, table, level)) == unread
    assert structure(table, table).exact


@settings(max_examples=50, deadline=None)
@given(tables(), tables())
def test_counts_agree_with_a_slow_comparison(a: Table, b: Table) -> None:
    for level in LEVELS:
        equal = [
            (p, t)
            for p in a.cells
            for t in b.cells
            if (p.row, p.col, p.rowspan, p.colspan) == (t.row, t.col, t.rowspan, t.colspan)
            and p.text is not None
            and t.text is not None
            and at_level(p.text, level) == at_level(t.text, level)
        ]
        assert score(a, b, level) == Counts(len(equal), len(a.cells), len(b.cells))


@settings(max_examples=50, deadline=None)
@given(tables(), tables())
def test_levels_grow_milder(a: Table, b: Table) -> None:
    a, b = read_out(a), read_out(b)
    counts = [score(a, b, level).matched for level in LEVELS] + [structure(a, b).matched]
    assert counts == sorted(counts)


@settings(max_examples=50, deadline=None)
@given(tables(), tables())
def test_without_a_difference_exactly_when_exact(a: Table, b: Table) -> None:
    for level in LEVELS:
        for blanks in (True, False):
            assert (not differences(a, b, level, blanks)) == score(a, b, level, blanks).exact


@pytest.mark.parametrize(
    ("level", "expected"),
    [("raw", 0), ("space", 1), ("folded", 4), ("numbers", 5)],
)
def test_what_each_level_forgives(level: str, expected: int) -> None:
    true = Table(
        1, 5, tuple(Cell(0, i, t) for i, t in enumerate(["商业 企业", "（一）", "2010—2023", "「甲」", "1,000"]))
    )
    read = Table(1, 5, tuple(Cell(0, i, t) for i, t in enumerate(["商业企业", "(一)", "2010-2023", "“甲”", "1000"])))
    assert score(read, true, level).matched == expected  # type: ignore[arg-type]


def test_a_lost_span_costs_the_cell_and_what_stands_in_its_place() -> None:
    true = Table(2, 2, (Cell(0, 0, "a", colspan=2), Cell(1, 0, "b"), Cell(1, 1, "c")))
    read = Table(2, 2, (Cell(0, 0, "a"), Cell(0, 1, ""), Cell(1, 0, "b"), Cell(1, 1, "c")))
    got = score(read, true, "raw")
    assert got == Counts(matched=2, predicted=4, true=3)
    assert (got.precision, got.recall, got.f1) == (2 / 4, 2 / 3, 4 / 7)
    assert [str(d) for d in differences(read, true, "raw")] == [
        "row 0, column 0: true 'a' spanning 1 × 2, predicted 'a'",
        "row 0, column 1: true no cell, predicted ''",
    ]


def test_blank_cells_count_only_where_they_are_labelled() -> None:
    true = Table(1, 3, (Cell(0, 0, "a"), Cell(0, 1, ""), Cell(0, 2, "")))
    read = Table(1, 3, (Cell(0, 0, "a"), Cell(0, 1, " "), Cell(0, 2, None)))
    assert score(read, true, "space") == Counts(2, 3, 3)
    # A cell that could not be read is a claim that something stands there.
    assert score(read, true, "space", blanks=False) == Counts(1, 2, 1)


def test_no_table() -> None:
    table = Table(1, 1, (Cell(0, 0, "a"),))
    assert score(None, table, "raw") == Counts(0, 0, 1)
    assert score(table, None, "raw") == Counts(0, 1, 0)
    nothing = score(None, None, "raw")
    assert (nothing.precision, nothing.recall, nothing.f1) == (1, 1, 1)


def test_counts_that_cannot_be() -> None:
    with pytest.raises(ValueError, match="cannot be"):
        Counts(matched=2, predicted=1, true=3)
