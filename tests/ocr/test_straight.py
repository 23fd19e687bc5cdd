from __future__ import annotations

import math
from itertools import pairwise

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from biaoge.ocr.straight import angle, mapped, straightening

WIDTH, HEIGHT = 620, 877
"""An A4 page at 75 dpi; drawn four times as large and shrunk, so that lines have soft edges."""
XS, YS = (90, 200, 300, 400, 530), (150, 230, 310, 400, 500, 600, 720)


def page(matrix: NDArray[np.float64], gaps: bool = False) -> NDArray[np.float32]:
    """The darkness of a page with a table, moved by `matrix` (pixels)."""
    fine = np.full((HEIGHT * 3, WIDTH * 3), 255, np.uint8)

    def line(a: tuple[float, float], b: tuple[float, float]) -> None:
        steps = np.linspace(a, b, 40)
        for n, pair in enumerate(pairwise(steps)):
            if gaps and n % 6 == 2:
                continue
            one, other = (np.rint(mapped(matrix, np.array([p]))[0] * 3 * 16).astype(int).tolist() for p in pair)
            cv2.line(fine, one, other, 0, 3, cv2.LINE_AA, 4)

    for y in YS:
        line((XS[0], y), (XS[-1], y))
    for x in XS:
        line((x, YS[0]), (x, YS[-1]))
    small = cv2.resize(fine, (WIDTH, HEIGHT), interpolation=cv2.INTER_AREA)
    return np.asarray(1 - small / np.float32(255), np.float32)


def turned(degrees: float) -> NDArray[np.float64]:
    matrix = cv2.getRotationMatrix2D((WIDTH / 2, HEIGHT / 2), -degrees, 0.93)
    return np.vstack([matrix, [0, 0, 1]])


def standing_off(matrix: NDArray[np.float64], found: NDArray[np.float64]) -> float:
    """How far (pixels) ends of the table's lines stand off a common level after `found` undoes `matrix`."""
    worst = 0.0
    for y in YS:
        ends = mapped(found, mapped(matrix, np.array([[XS[0], y], [XS[-1], y]], np.float64)))
        worst = max(worst, abs(ends[0, 1] - ends[1, 1]))
    for x in XS:
        ends = mapped(found, mapped(matrix, np.array([[x, YS[0]], [x, YS[-1]]], np.float64)))
        worst = max(worst, abs(ends[0, 0] - ends[1, 0]))
    return worst


@settings(max_examples=8, deadline=None)
@given(st.floats(-15, 15), st.booleans())
def test_a_turned_table_comes_out_level(degrees: float, gaps: bool) -> None:
    matrix = turned(degrees)
    found = straightening(page(matrix, gaps), 1.0)
    assert found.skew == pytest.approx(degrees, abs=0.05)
    assert standing_off(matrix, found.matrix if found.moved else np.eye(3)) < 0.5


@settings(max_examples=8, deadline=None)
@given(st.lists(st.floats(0, 0.05), min_size=8, max_size=8), st.floats(-3, 3))
def test_a_table_seen_from_aside_comes_out_square(corners: list[float], degrees: float) -> None:
    unit = np.array([[0, 0], [1, 0], [1, 1], [0, 1]], np.float32)
    inward = np.where(unit == 0, 1, -1) * np.array(corners, np.float32).reshape(4, 2)
    sides = np.array([WIDTH, HEIGHT], np.float32)
    aside = cv2.getPerspectiveTransform(unit * sides, ((unit + inward) * sides).astype(np.float32))
    matrix = np.asarray(aside, np.float64) @ turned(degrees)
    found = straightening(page(matrix), 1.0)
    assert found.proven
    assert standing_off(matrix, found.matrix if found.moved else np.eye(3)) < 0.8


def test_a_straight_table_is_left_alone() -> None:
    found = straightening(page(np.eye(3)), 1.0)
    assert found.proven
    assert not found.moved


def test_scale_stays_where_a_page_is_only_turned() -> None:
    found = straightening(page(turned(4)), 1.0)
    assert not found.perspective
    assert float(np.linalg.det(found.matrix)) == pytest.approx(1, abs=1e-9)


@pytest.mark.parametrize("shape", [(1, 1), (5, 3000), (200, 300)])
@pytest.mark.parametrize("level", [0, 1])
def test_a_page_without_lines_says_that_nothing_is_proven(shape: tuple[int, int], level: int) -> None:
    found = straightening(np.full(shape, level, np.float32), 0.7)
    assert not found.proven
    assert not found.moved


def test_noise_has_no_angle_worth_turning_by() -> None:
    noise = (np.random.default_rng(3).random((600, 450)) < 0.02).astype(np.float32)
    assert not straightening(noise, 1.0).moved


def test_the_angle_of_lines_of_dots() -> None:
    dark = np.zeros((600, 450), np.float32)
    for row in range(60, 560, 20):
        for x in range(40, 410, 6):
            dark[row + round((x - 225) * math.tan(math.radians(3))) + np.arange(-2, 3), x : x + 4] = 1
    found = angle(dark)
    assert found is not None
    assert found == pytest.approx(3, abs=0.3)
