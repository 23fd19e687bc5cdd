"""Lines without a border: where they end together, and what is kept of a line beyond its crossings."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from biaoge.ocr.ends import beyond, common, with_ends
from biaoge.ocr.gridsupport import Course, Span
from biaoge.ocr.strokes import Trace

NONE = np.zeros(0, np.bool_)
SUMS = np.zeros(1, np.int64)
STOPS = np.array([100.0, 160.0, 220.0])


def course(at: float, *known: Span) -> Course:
    trace = Trace(np.array([0.0, 500.0]), np.array([at, at]), 0.0, 100.0, known)
    return Course(trace, NONE, SUMS, SUMS, SUMS, list(known), list(known))


@given(st.integers(3, 12), st.floats(-1.2, 1.2), st.integers(0, 11))
def test_a_line_cut_short_has_the_ends_of_those_beside_it(count: int, drift: float, short: int) -> None:
    count += 1
    own = [course(20.0 * n, (50 + drift * n / 3, 400 + drift * n / 3)) for n in range(count)]
    own[short % count] = course(20.0 * (short % count), (50 + drift * (short % count) / 3, 330))
    found = common(own, 1.0)
    assert np.abs(found - [50, 400]).max() < 6


def test_of_two_tables_a_line_has_the_ends_of_its_own() -> None:
    """Uprights of a table with few columns above one with many: as many lines beside one are the lower's."""
    upper = [course(30.0 * n, (84, 220)) for n in range(6)]
    upper[2] = course(60.0, (110, 220))
    lower = [course(30.0 * n + 6, (274, 372)) for n in range(6)]
    found = common([*upper, *lower], 1.0)
    assert found[2].tolist() == [84, 220]
    assert (found[6:] == [274, 372]).all()


def test_few_lines_or_ends_of_all_kinds_have_none_in_common() -> None:
    assert np.isnan(common([course(0, (50, 400)), course(20, (50, 400))], 1.0)).all()
    assert np.isnan(common([course(20.0 * n, (10.0 * n, 400 - 15.0 * n)) for n in range(8)], 1.0)).all()


def test_ends_are_stops_where_no_line_crosses() -> None:
    ends = np.array([40.0, 222.0])
    assert with_ends(STOPS, ends, [(40, 222)], 1.0).tolist() == [40, 100, 160, 220]
    assert with_ends(STOPS[:0], ends, [(45, 215)], 1.0).tolist() == [40, 222]
    assert not len(with_ends(STOPS[:0], ends, [(45, 150)], 1.0))
    for sides in ([np.nan, 222.0], [40.0, np.nan], [np.nan, np.nan]):
        assert not len(with_ends(STOPS[:0], np.array(sides), [(45, 215)], 1.0))


def test_what_was_judged_not_drawn_does_not_come_back() -> None:
    """A line goes on through a stretch that letters stand across."""
    assert beyond([(100, 220)], STOPS, [(100, 160)], 1.0) == []


def test_what_ends_inside_a_cell_is_kept() -> None:
    assert beyond([(100, 185)], STOPS, [(100, 160)], 1.0) == [(160, 185)]


def test_a_gap_beside_the_outermost_crossing_is_closed() -> None:
    assert beyond([(40, 92)], STOPS, [(100, 220)], 1.0) == [(40, 100)]
    assert beyond([(40, 70)], STOPS, [(100, 220)], 1.0) == [(40, 70)]
