from __future__ import annotations

from hypothesis import given, settings
from tilings import plain, tables

from biaoge.eval.metrics.counts import Counts
from biaoge.eval.metrics.spans import spans
from biaoge.model import Cell, Table


@settings(max_examples=60, deadline=None)
@given(tables(), tables())
def test_counts_agree_with_a_slow_comparison(a: Table, b: Table) -> None:
    found, wanted = ([(c.rows, c.cols) for c in t.cells if len(c.rows) * len(c.cols) > 1] for t in (a, b))
    assert spans(a, b) == Counts(sum(cell in wanted for cell in found), len(found), len(wanted))
    assert spans(a, a).exact


def test_blank_merged_cells_count_only_where_they_are_labelled() -> None:
    true = Table(2, 2, (Cell(0, 0, "a", colspan=2), Cell(1, 0, " ", colspan=2)))
    assert spans(plain("a|", "|"), true) == Counts(0, 0, 2)
    assert spans(true, plain("a|", "|"), blanks=False) == Counts(0, 1, 0)
    assert spans(None, true) == Counts(0, 0, 2)
    assert spans(true, None) == Counts(0, 2, 0)
