"""Short strokes: one that goes from line to line is a ruling, a letter's that leaves white at an end is none."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from biaoge.model import Box
from biaoge.ocr.meeting import beginning, gaps, meeting
from biaoge.ocr.rulings import find
from biaoge.ocr.sheet import Sheet
from biaoge.ocr.strokes import Piece, field_of
from biaoge.warp import Warp

HIGH, WIDE = 60.0, 40.0
"""Points of the picture; a stroke runs level between upright lines at `LEFT` and `RIGHT`."""
LEFT, RIGHT, ROW = 10.0, 24.0, 20.0


def _stroke(dpi: float, start: float, end: float) -> tuple[np.ndarray, Piece, list[Piece]]:
    """The picture (in pixels) of a stroke from `start` to `end` (points), the stroke as seen, and the lines."""
    import cv2

    k, fine = dpi / 72, 8
    big = np.full((round(HIGH * k) * fine, round(WIDE * k) * fine), 255, np.uint8)

    def bar(x0: float, y0: float, x1: float, y1: float) -> None:
        a, b = ((round(x * k * fine), round(y * k * fine)) for x, y in ((x0, y0), (x1, y1)))
        cv2.rectangle(big, a, b, 0, -1)

    for x in (LEFT, RIGHT):
        bar(x - 0.3, 2, x + 0.3, HIGH - 2)
    bar(start, ROW - 0.4, end, ROW + 0.4)
    grey = cv2.resize(big, None, fx=1 / fine, fy=1 / fine, interpolation=cv2.INTER_AREA)
    # Averaging along makes the stroke seem to reach the lines.
    piece = Piece(LEFT * k, RIGHT * k, ROW * k, ROW * k, 150.0)
    lines = [Piece(2 * k, (HIGH - 2) * k, x * k, x * k, 150.0) for x in (LEFT, RIGHT)]
    return grey, piece, lines


def _table(lines: list[Piece]) -> np.ndarray:
    return np.array([[p.start, p.end, p.at_start, p.at_end] for p in lines])


@settings(max_examples=30, deadline=None)
@given(
    dpi=st.sampled_from([150.0, 200.0, 300.0, 600.0]),
    before=st.sampled_from([0.0, 1.5, 2.0, 3.0]),
    after=st.sampled_from([0.0, 1.5, 2.0, 3.0]),
)
def test_white_at_either_end_is_seen(dpi: float, before: float, after: float) -> None:
    grey, piece, lines = _stroke(dpi, LEFT + before, RIGHT - after)
    assert gaps(field_of(grey, dpi / 72), piece, _table(lines)) == (before > 0, after > 0)


def test_strokes_are_kept_by_the_end_that_matters() -> None:
    grey, piece, lines = _stroke(200.0, LEFT, RIGHT - 2)
    found = field_of(grey, 200 / 72)
    assert meeting(found, [piece], [], lines) == []
    assert beginning(found, [piece], [piece], lines) == ([piece], [])


def test_a_stroke_that_goes_on_from_a_ruling_is_kept() -> None:
    grey, piece, lines = _stroke(200.0, LEFT + 2, RIGHT)
    k = 200 / 72
    found = field_of(grey, k)
    beyond = Piece((RIGHT + 0.5) * k, (RIGHT + 14) * k, ROW * k, ROW * k, 150.0)
    aside = Piece((RIGHT + 0.5) * k, (RIGHT + 14) * k, (ROW + 3) * k, (ROW + 3) * k, 150.0)
    assert meeting(found, [piece], [beyond], lines) == [piece]
    assert meeting(found, [piece], [aside], lines) == []


@pytest.mark.parametrize("dpi", [150.0, 200.0, 300.0])
@pytest.mark.parametrize("margin", [0.0, 1.6])
def test_in_tight_rows_only_strokes_over_the_whole_row_are_rulings(dpi: float, margin: float) -> None:
    import cv2

    k, fine = dpi / 72, 4
    big = np.full((round(260 * k) * fine, round(300 * k) * fine), 255, np.uint8)

    def bar(x0: float, y0: float, x1: float, y1: float) -> None:
        cv2.rectangle(
            big, (round(x0 * k * fine), round(y0 * k * fine)), (round(x1 * k * fine), round(y1 * k * fine)), 0, -1
        )

    for n in range(15):
        bar(20, 20 + 14 * n - 0.3, 280, 20 + 14 * n + 0.3)
    for x in (20, 280):
        bar(x - 0.3, 20, x + 0.3, 216)
    places = [(100 + 9 * n, 2 * n) for n in range(7)]
    for x, row in places:
        bar(x - 0.35, 20 + 14 * row + margin, x + 0.35, 34 + 14 * row - margin)
    grey = np.asarray(cv2.resize(big, None, fx=1 / fine, fy=1 / fine, interpolation=cv2.INTER_AREA), np.uint8)
    sheet = Sheet(grey, Warp.unmoved(Box(0, 0, grey.shape[1] / k, grey.shape[0] / k)))
    upright = [r for r in find(sheet)[0] if r.axis == "v" and 50 < r.at < 250]
    assert len(upright) == (0 if margin else len(places))
