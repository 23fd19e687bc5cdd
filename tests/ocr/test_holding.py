"""Which lines stand although they end at no other line, and which do not although they end at two."""

from __future__ import annotations

import numpy as np

from biaoge.ocr.gridsupport import Course, Span
from biaoge.ocr.holding import held
from biaoge.ocr.strokes import Trace

NONE = np.zeros(0, np.bool_)
SUMS = np.zeros(1, np.int64)
LEVEL = (60.0, 90.0, 120.0)


def course(at: float, span: Span, strength: float = 100.0) -> Course:
    trace = Trace(np.array([*span]), np.array([at, at]), 0.0, strength, (span,))
    return Course(trace, NONE, SUMS, SUMS, SUMS, [span], [span])


def uprights(*lines: Course, level: tuple[Course, ...] = (), near: float = 4.2) -> list[float]:
    long = [course(x, (LEVEL[0], LEVEL[-1])) for x in (50.0, 200.0, 400.0)]
    _, columns = held(level or [course(y, (50, 400)) for y in LEVEL], [*long, *lines], near, 1.0)
    return [float(c.trace.ys[0]) for c in columns if len(c.trace.xs) and c not in long]


def test_a_stroke_over_a_line_is_no_letter_s_wherever_it_ends() -> None:
    assert uprights(course(120, (78, 104))) == [120]


def test_a_stroke_that_ends_at_a_line_or_just_beyond_it_hangs_on_nothing() -> None:
    assert uprights(course(120, (66, 90)), course(140, (66, 95)), course(160, (68, 83))) == []


def test_a_stroke_beside_the_line_that_it_would_cross_is_not_held() -> None:
    assert uprights(course(440, (78, 104))) == []


def test_a_short_line_much_paler_than_the_others_is_none() -> None:
    assert uprights(course(120, (60, 90)), course(140, (60, 90), 30), course(160, (78, 104), 30)) == [120]


def test_a_long_line_may_be_pale() -> None:
    assert uprights(course(120, (60, 120), 30)) == [120]


def test_a_stroke_is_not_held_by_one_line_that_is_near_both_its_ends() -> None:
    assert uprights(course(120, (86, 93)), near=9.0) == []


def test_a_line_whose_marks_were_taken_for_more_of_it_is_held_by_the_two_that_it_passes() -> None:
    grown = course(120, (58, 92))
    grown.known = [(40, 105)]
    assert uprights(grown) == [120]


def test_an_upright_may_end_where_a_worn_line_would_go_on() -> None:
    level = (course(60, (50, 400)), course(90, (140, 400)), course(120, (50, 400)))
    assert uprights(course(120, (90, 120)), level=level) == [120]
    assert uprights(course(120, (95, 120)), level=level) == []
    level = (course(60, (50, 400)), course(90, (200, 400)), course(120, (50, 400)))
    assert uprights(course(120, (90, 120)), level=level) == []  # wear takes no end so long


def rows(*lines: Course) -> list[float]:
    level = [course(y, (50, 400)) for y in LEVEL]
    long = [course(x, (LEVEL[0], LEVEL[-1])) for x in (50.0, 200.0, 400.0)]
    found, _ = held([*level, *lines], long, 4.2, 1.0)
    return [float(c.trace.ys[0]) for c in found if c in lines]


def test_the_tops_of_a_heading_s_letters_are_no_line() -> None:
    assert rows(course(40, (210, 252))) == []
    assert rows(course(40, (358, 400))) == [40]  # it ends level with the others
    assert rows(course(75, (200, 242))) == [75]  # it begins at an upright
    assert rows(course(40, (210, 290))) == [40]  # letters are not so wide
