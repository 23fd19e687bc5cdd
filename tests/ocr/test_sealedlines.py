import cv2
import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from biaoge.ocr import sealedlines

SCALE = 2.0
"""Pixels a millimetre."""


def _scene(slope: float, end: int, hidden: bool = True) -> tuple[NDArray[np.uint8], NDArray[np.uint8]]:
    """Colour of a line from column 180 to the left as far as `end`, under a ring with strokes; and the ring's disc."""
    colour, shape = np.zeros((120, 200), np.uint8), np.zeros((120, 200), np.uint8)
    cv2.circle(shape, (60, 60), 45, 1, -1)
    if hidden:
        cv2.circle(colour, (60, 60), 42, 1, 3)
        for x in (38, 55, 72, 88):
            cv2.rectangle(colour, (x, 52), (x + 4, 68), 1, -1)
    cv2.line(colour, (end, round(60 - slope * end)), (180, round(60 - slope * 180)), 1, 1)
    return colour, shape


@given(st.floats(-0.03, 0.03), st.integers(25, 60))
def test_a_line_goes_on_into_a_seal_as_far_as_it_is_drawn(slope: float, end: int) -> None:
    colour, shape = _scene(slope, end)
    beyond = np.zeros_like(colour)
    beyond[:, 106:] = colour[:, 106:]
    own = sealedlines.through((beyond, np.zeros_like(beyond)), colour, shape, SCALE)
    columns = np.flatnonzero(own.any(axis=0))
    assert columns.max() <= 105
    assert columns.max() >= 98
    assert abs(int(columns.min()) - end) <= 8
    assert own.sum(axis=0).max() <= 3
    assert not (own & (colour == 0)).any()


def test_it_goes_on_for_upright_lines_too() -> None:
    colour, shape = (np.ascontiguousarray(picture.T) for picture in _scene(0.01, 40))
    beyond = np.zeros_like(colour)
    beyond[106:] = colour[106:]
    own = sealedlines.through((np.zeros_like(beyond), beyond), colour, shape, SCALE)
    assert abs(int(np.flatnonzero(own.any(axis=1)).min()) - 40) <= 8


def test_a_line_that_ends_at_a_seal_is_not_gone_on_with() -> None:
    colour, shape = _scene(0.0, 110)
    beyond = np.zeros_like(colour)
    beyond[:, 106:] = colour[:, 106:]
    own = sealedlines.through((beyond, np.zeros_like(beyond)), colour, shape, SCALE)
    assert own.any(axis=0).sum() <= 12  # no more than the ring's own breadth and a stroke


def test_level_and_upright_lines_are_found_apart() -> None:
    colour = np.zeros((120, 200), np.uint8)
    colour[60, 10:190] = 1
    colour[5:115, 100] = 1
    level, upright = sealedlines.found(colour, SCALE)
    assert level[60, 20:180].all()
    assert not level[:40].any()
    assert upright[20:100, 100].all()
    assert not upright[:, :90].any()


def test_only_lines_that_leave_a_seal_are_kept() -> None:
    lines, (_, shape) = np.zeros((120, 200), np.uint8), _scene(0.0, 25)
    lines[60, 30:90] = 1
    lines[70, 30:180] = 1
    kept = sealedlines.leaving(lines, shape, SCALE)
    assert not kept[60].any()
    assert kept[70, 30:180].all()
