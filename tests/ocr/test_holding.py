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


def uprights(*lines: Course) -> list[float]:
    level = [course(y, (50, 400)) for y in LEVEL]
    long = [course(x, (LEVEL[0], LEVEL[-1])) for x in (50.0, 200.0, 400.0)]
    _, columns = held(level, [*long, *lines], 4.2, 1.0)
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
