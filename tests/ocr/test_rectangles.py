"""Missing stretches of lines beside which a cell would be no rectangle."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from biaoge.ocr.gridsupport import Course, Span
from biaoge.ocr.rectangles import leaving, squares
from biaoge.ocr.strokes import Trace

NONE = np.zeros(0, np.bool_)
SUMS = np.zeros(1, np.int64)
BOTH, ONE, OTHER, NEITHER = (True, True), (True, False), (False, True), (False, False)


def course(at: float, *spans: Span) -> Course:
    trace = Trace(np.array([0.0, 500.0]), np.array([at, at]), 0.0, 100.0, spans)
    return Course(trace, NONE, SUMS, SUMS, SUMS, list(spans), list(spans))


def asked(sides: list[tuple[bool, bool]], drawn: list[bool]) -> list[bool]:
    return squares(np.array(sides), drawn)


def test_lines_that_cross_go_on_to_the_sides_where_they_are_drawn() -> None:
    others = [course(50, (0, 200)), course(90, (100, 200)), course(130, (0, 97)), course(170, (0, 40), (160, 200))]
    stops = np.array([50.0, 90.0, 130.0, 170.0])
    where = np.array([[x, 100.0] for x in stops])
    assert leaving(stops, where, others, 1.0).tolist() == [[*BOTH], [*OTHER], [*ONE], [*NEITHER]]


def test_a_stretch_missing_between_lines_that_go_on_both_ways_is_a_merged_cell() -> None:
    assert asked([BOTH, BOTH, BOTH], [True, False]) == [False, False]
    assert asked([BOTH, NEITHER, BOTH], [False, False]) == [False, False]
    assert asked([BOTH, BOTH, BOTH, BOTH], [False, False, True]) == [False, False, False]


def test_a_stretch_missing_beside_a_line_that_goes_on_one_way_only_leaves_no_rectangle() -> None:
    assert asked([BOTH, ONE, BOTH], [True, False]) == [False, True]
    assert asked([BOTH, OTHER, BOTH], [False, False]) == [True, True]
    # The cell on the left is as wide as its row, and another begins beyond it.
    assert asked([BOTH, BOTH, ONE, BOTH], [False, False, True]) == [False, True, False]


def test_a_line_that_ends_within_a_cell_leaves_no_rectangle() -> None:
    assert asked([BOTH, NEITHER, BOTH], [True, False]) == [False, True]


def test_what_reaches_the_end_of_a_line_that_nothing_crosses_is_not_asked() -> None:
    assert asked([BOTH, BOTH, NEITHER], [True, False]) == [False, False]


def test_a_gap_between_the_sides_of_two_tables_says_nothing() -> None:
    assert asked([ONE, ONE, ONE, ONE], [True, False, True]) == [False, False, False]
    assert asked([ONE, ONE, ONE, BOTH], [True, False, True]) == [False, True, False]


@given(st.lists(st.booleans(), min_size=1, max_size=9))
def test_a_whole_grid_lacks_rectangles_nowhere(drawn: list[bool]) -> None:
    assert not any(asked([BOTH] * (len(drawn) + 1), drawn))
