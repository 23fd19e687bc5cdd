from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from biaoge.ocr.papersize import edges, scaling, turned_sides
from biaoge.ocr.straight import mapped

SIZE = (595.0, 842.0)
Sides = tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]


def sides(x0: float, top: float, x1: float, bottom: float) -> Sides:
    return (
        np.array([[x0, top], [x0, bottom]]),
        np.array([[x0, top], [x1, top]]),
        np.array([[x1, top], [x1, bottom]]),
        np.array([[x0, bottom], [x1, bottom]]),
    )


@given(st.floats(0, 30), st.floats(0, 30), st.floats(540, 580))
def test_a_paper_like_its_page_fills_it(x0: float, top: float, x1: float) -> None:
    bottom = top + (x1 - x0) * SIZE[1] / SIZE[0] * 1.01
    matrix = scaling(np.eye(3), sides(x0, top, x1, bottom), SIZE)
    assert matrix is not None
    corners = mapped(matrix, np.array([[x0, top], [x1, bottom]]))
    assert np.allclose(corners, [[0, 0], SIZE], atol=1e-6)


def test_paper_of_another_format_is_scaled_alike_both_ways() -> None:
    matrix = scaling(np.eye(3), sides(20, 100, 560, 640), SIZE)
    assert matrix is not None
    assert matrix[0, 0] == matrix[1, 1] == pytest.approx(595 / 540)


def test_an_a4_sheet_in_a_photograph_of_another_format_becomes_a4() -> None:
    matrix = scaling(np.eye(3), sides(20, 30, 480, 30 + 460 * math.sqrt(2) * 1.02), (595.0, 793.0))
    assert matrix is not None
    wide, tall = matrix[0, 0] * 460, matrix[1, 1] * 460 * math.sqrt(2) * 1.02
    assert tall / wide == pytest.approx(math.sqrt(2))


def test_two_sides_that_face_each_other_are_enough_and_needed() -> None:
    left, top, right, _ = sides(20, 30, 560, 800)
    matrix = scaling(np.eye(3), (left, None, right, None), SIZE)
    assert matrix is not None
    assert matrix[0, 0] == matrix[1, 1] == pytest.approx(595 / 540)
    assert scaling(np.eye(3), (left, top, None, None), SIZE) is None
    assert scaling(np.eye(3), (None, None, None, None), SIZE) is None


def test_what_is_right_already_is_left() -> None:
    assert scaling(np.eye(3), sides(0.5, 0.4, 594.6, 841.5), SIZE) is None


def test_a_small_thing_in_the_middle_is_no_paper() -> None:
    assert scaling(np.eye(3), sides(200, 300, 400, 580), SIZE) is None


@given(st.integers(0, 3))
def test_sides_turn_with_the_picture(quarters: int) -> None:
    """Every side of a turned rectangle lies where that side belongs."""
    share = sides(0.1, 0.2, 0.7, 0.6)
    left, top, right, bottom = turned_sides(share, 90 * quarters)
    assert left is not None
    assert top is not None
    assert right is not None
    assert bottom is not None
    assert np.ptp(left[:, 0]) == np.ptp(right[:, 0]) == np.ptp(top[:, 1]) == np.ptp(bottom[:, 1]) == 0
    assert left[0, 0] < right[0, 0]
    assert top[0, 1] < bottom[0, 1]
    picture = np.zeros((10, 10))
    picture[2:6, 1:7] = 1
    turned = np.rot90(picture, quarters)
    rows, cols = np.nonzero(turned)
    assert (cols.min(), rows.min()) == (round(left[0, 0] * 10), round(top[0, 1] * 10))


def test_edges_run_across_or_down_in_order() -> None:
    found = edges((np.array([[5.0, 90.0], [4.0, 10.0]]), None, None, np.array([[80.0, 3.0], [2.0, 4.0]])))
    assert [across for across, _ in found] == [False, True]
    assert found[0][1].tolist() == [[4, 10], [5, 90]]
    assert found[1][1].tolist() == [[2, 4], [80, 3]]
