from __future__ import annotations

import math
from itertools import pairwise

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from biaoge.ocr.traces import curve, letter_height, rulings, writing

MM = 100 / 25.4


def ruled(degrees: float, gaps: bool = False) -> NDArray[np.float32]:
    """One line of 140 mm through the middle of a picture of 160 × 60 mm."""
    fine = np.zeros((round(60 * MM) * 4, round(160 * MM) * 4), np.uint8)
    height, width = fine.shape
    rise = math.tan(math.radians(degrees))
    ends = [(x, height / 2 + (x - width / 2) * rise) for x in np.linspace(0.06 * width, 0.94 * width, 60)]
    for n, (a, b) in enumerate(pairwise(ends)):
        if not (gaps and n % 6 == 3):
            one, other = ([round(x * 16), round(y * 16)] for x, y in (a, b))
            cv2.line(fine, one, other, 255, 3, cv2.LINE_AA, 4)
    return np.asarray(cv2.resize(fine, None, fx=0.25, fy=0.25, interpolation=cv2.INTER_AREA) / 255, np.float32)


@settings(max_examples=12, deadline=None)
@given(st.floats(-2.5, 2.5), st.booleans())
def test_a_turned_line_is_followed_to_a_fifth_of_a_pixel(degrees: float, gaps: bool) -> None:
    picture = ruled(degrees, gaps)
    found = [trace for trace in rulings(picture, MM) if trace.axis == "h"]
    assert len(found) == 1
    x, y = found[0].points.T
    height, width = picture.shape
    true = height / 2 + (x - width / 2) * math.tan(math.radians(degrees))
    assert np.abs(y - true).mean() < 0.3
    assert found[0].length > 100 * MM


def test_an_upright_line_has_the_other_axis() -> None:
    found = rulings(np.ascontiguousarray(ruled(1.0).T), MM)
    assert [trace.axis for trace in found] == ["v"]
    assert found[0].points[0, 1] < found[0].points[-1, 1]


def test_lines_of_writing_are_no_rulings() -> None:
    page = np.zeros((500, 700), np.uint8)
    for y in range(60, 480, 40):
        cv2.putText(page, "12 345 678 abc def ghi", (40, y), cv2.FONT_HERSHEY_SIMPLEX, 0.8, 255, 2)
    dark = np.asarray(page / np.float32(255), np.float32)
    assert rulings(dark, MM) == ()
    lines = writing(dark, MM)
    assert len(lines) >= 8
    assert all(abs(float(np.ptp(line.points[:, 1]))) < 0.4 * letter_height(dark, MM) for line in lines)


@pytest.mark.parametrize("shape", [(1, 1), (3, 500), (500, 3), (60, 60)])
def test_nothing_is_found_where_nothing_is(shape: tuple[int, int]) -> None:
    blank = np.zeros(shape, np.float32)
    assert rulings(blank, MM) == ()
    assert writing(blank, MM) == ()


def test_a_curve_has_little_regard_to_strays() -> None:
    x = np.linspace(0, 100, 50)
    y = 3 + 0.2 * x
    strayed = y.copy()
    strayed[[10, 30]] += 40
    assert np.abs(curve(x, strayed, 1) - y).max() < 0.5
