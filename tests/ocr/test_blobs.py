"""Ink told from dirt, and pseudo-words of pieces of lines."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from biaoge.model import Box
from biaoge.ocr import blobs
from biaoge.ocr.sheet import Sheet
from biaoge.warp import Warp


def sheet(grey: np.ndarray, dpi: float = 200.0) -> Sheet:
    height, width = grey.shape
    return Sheet(grey, Warp.unmoved(Box(0, 0, width * 72 / dpi, height * 72 / dpi)))


def paper(height: int = 400, width: int = 600) -> np.ndarray:
    return np.full((height, width), 255, np.uint8)


def letters(grey: np.ndarray, top: int, left: int, count: int, pitch: int = 28) -> None:
    """Squares of 24 pixels, as letters."""
    for n in range(count):
        grey[top : top + 24, left + n * pitch : left + n * pitch + 24] = 0


def test_a_wide_gap_parts_and_a_narrow_one_does_not() -> None:
    grey = paper()
    letters(grey, 50, 40, 4)
    letters(grey, 50, 300, 2)
    left, right = blobs.words(sheet(grey))
    assert (left.text, right.text) == ("□□□□", "□□")
    assert left.edges is not None
    assert left.box.x0 == pytest.approx(40 * 0.36)
    assert left.box.x1 == pytest.approx((40 + 3 * 28 + 24) * 0.36)
    assert left.edges[1] == pytest.approx(68 * 0.36)
    assert left.source == "ocr"
    assert left.upright


def test_specks_are_left_out_but_a_point_beside_a_figure_and_a_lone_dash_are_ink() -> None:
    grey = paper()
    letters(grey, 50, 40, 3)
    grey[70:74, 124:128] = 0  # a point after the third letter
    grey[200:202, 400:402] = 0  # a speck far from all
    grey[300:303, 200:224] = 0  # a dash
    found = blobs.words(sheet(grey))
    assert [w.box.top for w in found] == pytest.approx([50 * 0.36, 300 * 0.36])
    assert found[0].box.x1 == pytest.approx(128 * 0.36)


def test_the_strokes_of_one_character_are_one_word_and_two_lines_are_two() -> None:
    grey = paper()
    letters(grey, 50, 40, 3)
    for y in (120, 130, 140):  # 三
        grey[y : y + 3, 40:62] = 0
    letters(grey, 200, 40, 3)
    letters(grey, 230, 40, 3)
    assert [w.text for w in blobs.words(sheet(grey))] == ["□□□", "□", "□□□", "□□□"]


@pytest.mark.parametrize("value", [255, 0, 128])
def test_a_sheet_of_one_grey_has_no_words(value: int) -> None:
    assert blobs.words(sheet(np.full((300, 200), value, np.uint8))) == ()


def test_noise_is_bounded() -> None:
    grey = np.random.default_rng(1).integers(0, 256, (500, 500)).astype(np.uint8)
    for word in blobs.words(sheet(grey)):
        assert word.box.x1 <= 500 * 0.36 + 1e-6


@settings(max_examples=25, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 9), st.integers(0, 9)), min_size=1, max_size=12, unique=True))
def test_every_letter_stands_in_one_word(places: list[tuple[int, int]]) -> None:
    grey = paper(600, 600)
    for row, column in places:
        letters(grey, 20 + 55 * row, 20 + 55 * column, 1)
    found = blobs.words(sheet(grey))
    assert sum(len(w.text) for w in found) == len(places)
    for row, column in places:
        x, y = (32 + 55 * column) * 0.36, (32 + 55 * row) * 0.36
        assert sum(w.box.holds(x, y) for w in found) == 1
