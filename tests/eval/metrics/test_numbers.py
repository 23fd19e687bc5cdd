from __future__ import annotations

from hypothesis import given, settings
from tilings import plain, tables

from biaoge.eval.metrics.counts import Counts
from biaoge.eval.metrics.levels import at_level, parsed
from biaoge.eval.metrics.numbers import numbers
from biaoge.model import Cell, Table


@settings(max_examples=60, deadline=None)
@given(tables(), tables())
def test_counts_agree_with_a_slow_comparison(a: Table, b: Table) -> None:
    found, wanted = ([c for c in t.cells if c.text is not None and parsed(c.text) is not None] for t in (a, b))
    same = [
        (p, t)
        for p in found
        for t in wanted
        if (p.row, p.col) == (t.row, t.col) and at_level(str(p.text), "numbers") == at_level(str(t.text), "numbers")
    ]
    assert numbers(a, b) == Counts(len(same), len(found), len(wanted))


def test_a_number_is_right_by_value_sign_and_unit_alone() -> None:
    true = plain("a|1,000|12.5%|-3|7")
    assert numbers(plain("b|1000.0|12.50％|（3）|7"), true) == Counts(4, 4, 4)
    assert numbers(plain("9|1,001|12.5|3|seven"), true) == Counts(0, 4, 4)
    assert numbers(Table(1, 2, (Cell(0, 0, "5"), Cell(0, 1, None))), plain("5|6")) == Counts(1, 1, 2)


def test_no_table() -> None:
    assert numbers(None, plain("1|x")) == Counts(0, 0, 1)
    assert numbers(plain("1|x"), None) == Counts(0, 1, 0)
