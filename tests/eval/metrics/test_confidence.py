from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tilings import plain, tables

from biaoge.eval.metrics.cells import score
from biaoge.eval.metrics.confidence import bins, expected_calibration_error, reliability, total
from biaoge.eval.results import CONFIDENCE_BINS, ConfidenceBin
from biaoge.model import Table


@st.composite
def unsure(draw: st.DrawFn) -> Table:
    table = draw(tables())
    return replace(table, cells=tuple(replace(c, confidence=draw(st.floats(0, 1))) for c in table.cells))


@settings(max_examples=60, deadline=None)
@given(unsure(), tables(), st.booleans())
def test_every_read_cell_is_in_its_bin(found: Table, true: Table, blanks: bool) -> None:
    got = bins(found, true, "folded", blanks)
    read = [c for c in found.cells if c.text is not None and (blanks or c.text.strip())]
    assert len(got) == CONFIDENCE_BINS
    assert sum(b.cells for b in got) == len(read)
    assert sum(b.right for b in got) == score(found, true, "folded", blanks).matched
    assert math.isclose(sum(b.confidence for b in got), sum(c.confidence for c in read), abs_tol=1e-9)
    for i, b in enumerate(got):
        assert i / CONFIDENCE_BINS * b.cells - 1e-9 <= b.confidence <= (i + 1) / CONFIDENCE_BINS * b.cells + 1e-9


@settings(max_examples=40, deadline=None)
@given(st.lists(st.tuples(unsure(), tables()), max_size=4))
def test_error_of_the_sum_is_that_of_all_cells(pairs: list[tuple[Table, Table]]) -> None:
    added = total(bins(p, t) for p, t in pairs)
    diagram = reliability(added)
    cells = sum(n for _, _, n in diagram)
    got = expected_calibration_error(added)
    if not cells:
        assert got is None
    else:
        wanted = sum(n / cells * abs(right - mean) for mean, right, n in diagram)
        assert got == pytest.approx(wanted)
        assert 0 <= wanted <= 1
    assert [mean for mean, _, _ in diagram] == sorted(mean for mean, _, _ in diagram)


def test_a_worked_example() -> None:
    true = plain("a|b|c|d")
    found = plain("a|b|x|y")
    found = replace(
        found, cells=tuple(replace(c, confidence=p) for c, p in zip(found.cells, (0.9, 0.94, 0.92, 0.2), strict=True))
    )
    got = bins(found, true)
    assert (got[18].cells, got[18].right) == (3, 2)
    assert got[18].confidence == pytest.approx(2.76)
    assert got[4] == ConfidenceBin(1, 0, 0.2)
    assert expected_calibration_error(got) == pytest.approx(3 / 4 * abs(2 / 3 - 0.92) + 1 / 4 * 0.2)


def test_no_table() -> None:
    assert total([bins(None, plain("a"))]) == total([]) == bins(None, None)
    assert bins(plain("a"), None)[-1] == ConfidenceBin(1, 0, 1.0)


@given(st.lists(st.tuples(st.integers(0, 9), st.floats(0, 1), st.floats(0, 1)), min_size=20, max_size=20))
def test_the_error_that_the_report_draws_again_is_the_same(drawn: list[tuple[int, float, float]]) -> None:
    from biaoge.eval.report.clusters import ece

    given_bins = tuple(ConfidenceBin(n, round(right * n), mean * n) for n, right, mean in drawn)
    sums = np.array([v for b in given_bins for v in (b.cells, b.right, b.confidence)], dtype=np.float64)
    assert float(ece(sums)) == pytest.approx(expected_calibration_error(given_bins) or 0.0)
