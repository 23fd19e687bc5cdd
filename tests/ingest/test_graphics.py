"""Paths to rulings, without a file."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from biaoge.ingest.graphics import Bounds, Canvas, Paint, Sub

PAGE: Bounds = (0.0, 0.0, 600.0, 800.0)
STROKE, FILL = Paint(False, True, 0.5), Paint(True, False)
at = st.integers(5, 500).map(float)


def canvas() -> Canvas:
    return Canvas(600, 800)


def rectangle(x0: float, top: float, x1: float, bottom: float) -> Sub:
    return Sub([(x0, top), (x1, top), (x1, bottom), (x0, bottom)], True)


@given(x=at, y=at, length=st.integers(3, 90), thickness=st.floats(0.1, 3), level=st.booleans())
def test_a_thin_rectangle_says_what_a_stroke_says(
    x: float, y: float, length: int, thickness: float, level: bool
) -> None:
    stroked, filled = canvas(), canvas()
    end = (x + length, y) if level else (x, y + length)
    half = thickness / 2
    corners = (x, y - half, x + length, y + half) if level else (x - half, y, x + half, y + length)
    stroked.path([Sub([(x, y), end])], Paint(False, True, thickness), PAGE)
    filled.path([rectangle(*corners)], FILL, PAGE)
    one, two = stroked.rulings(), filled.rulings()
    assert [(r.axis, r.start, r.end) for r in one] == [(r.axis, r.start, r.end) for r in two]
    assert [r.at for r in one] == pytest.approx([r.at for r in two], abs=0.01)


@given(
    start=at,
    n=st.integers(4, 40),
    dash=st.floats(0.6, 8),
    gap=st.floats(0.2, 3.9),
    y=at,
    level=st.booleans(),
)
def test_dashes_become_one_line(start: float, n: int, dash: float, gap: float, y: float, level: bool) -> None:
    page = Canvas(2000, 2000)
    for i in range(n):
        a = start + i * (dash + gap)
        ends = [(a, y), (a + dash, y)] if level else [(y, a), (y, a + dash)]
        page.path([Sub(ends)], STROKE, page.page)
    total = n * dash + (n - 1) * gap
    (found,) = page.rulings()
    assert found.axis == ("h" if level else "v")
    assert found.start == pytest.approx(start, abs=0.01)
    assert found.end == pytest.approx(start + total, abs=0.01)


def test_marks_far_apart_stay_apart() -> None:
    page = canvas()
    for x in (10, 60, 110, 160, 210):
        page.path([Sub([(x, 50), (x + 10, 50)])], STROKE, PAGE)
    assert [(r.start, r.end) for r in page.rulings()] == [(x, x + 10) for x in (10, 60, 110, 160, 210)]


def test_a_bar_drawn_as_one_thick_stroke() -> None:
    short, long = canvas(), canvas()
    short.path([Sub([(300, 100), (300, 100.5)])], Paint(False, True, 400), PAGE)
    assert [(r.axis, r.at, r.start, r.end) for r in short.rulings()] == [("h", 100.25, 100, 500)]
    long.path([Sub([(100, 100), (500, 100)])], Paint(False, True, 20), PAGE)
    assert {(r.axis, r.at, r.origin) for r in long.rulings()} == {
        ("h", 90, "fill"),
        ("h", 110, "fill"),
        ("v", 100, "fill"),
        ("v", 500, "fill"),
    }


def test_curves_count_only_when_flat() -> None:
    flat, bent = canvas(), canvas()
    curve = frozenset({1, 2, 3})
    flat.path([Sub([(10, 50), (40, 50.4), (70, 50.4), (100, 50)], False, curve)], STROKE, PAGE)
    bent.path([Sub([(10, 50), (40, 20), (70, 80), (100, 50)], False, curve)], STROKE, PAGE)
    assert [(r.at, r.start, r.end, r.origin) for r in flat.rulings()] == [(50, 10, 100, "curve")]
    assert bent.rulings() == ()


@given(x=at, y=at, w=st.integers(4, 90), h=st.integers(4, 90))
def test_nothing_reaches_out_of_the_clip(x: float, y: float, w: int, h: int) -> None:
    page = canvas()
    clip = (100.0, 100.0, 300.0, 300.0)
    page.path([rectangle(x, y, x + w, y + h)], Paint(True, True, 1), clip)
    page.path([rectangle(x, y, x + w, y + h)], FILL, clip)
    for r in page.rulings():
        assert 99 <= r.at <= 301
        assert 100 <= r.start < r.end <= 300


def test_unpainted_paths_leave_no_mark() -> None:
    page = canvas()
    page.path([rectangle(10, 10, 50, 50)], Paint(False, False), PAGE)
    assert (page.rulings(), page.marks, page.coloured(20, 20)) == ((), 0, False)
