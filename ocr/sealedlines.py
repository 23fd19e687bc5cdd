"""Rulings of a table that have the colour of a seal which lies over them: they stay where it is taken off.

Pictures are (height, width) uint8, coloured pixels 1, at `scale` pixels a millimetre.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

_LONG = 26.0
"""Millimetres of a coloured line that is a ruling's: longer than a ring runs straight."""
_STEADY = 10.0
"""Millimetres of a ruling beyond a seal that tell well enough where it goes on within."""
_COVERED = 0.6
"""Share of a ruling's course within a seal that must be coloured."""
_AWAY = 3.0
"""Millimetres: so near to a seal a line must come to go on within."""
_STOUT = 1.8
"""Millimetres; no coloured ruling is thicker."""


def found(small: NDArray[np.uint8], scale: float) -> tuple[NDArray[np.uint8], NDArray[np.uint8]]:
    """Long thin straight lines among coloured pixels, turned by up to three degrees: rulings of a coloured table.

    Level ones, and upright ones.
    """
    import cv2

    stout = round(_STOUT * scale) | 1
    thin = cv2.subtract(small, cv2.morphologyEx(small, cv2.MORPH_OPEN, np.ones((stout, stout), np.uint8)))
    out = np.zeros_like(small), np.zeros_like(small)
    if np.count_nonzero(thin) < _LONG * scale:
        return out
    run, gap = round(_LONG * scale), round(2 * scale) | 1
    for turned in (False, True):
        picture = np.ascontiguousarray(thin.T) if turned else thin
        size = picture.shape[::-1]
        for degrees in range(-3, 4):
            slope = math.tan(math.radians(degrees))
            shear = np.array([[1, 0, 0], [-slope, 1, slope * size[0] / 2]])
            level = cv2.warpAffine(picture, shear, size, flags=cv2.INTER_NEAREST)
            level = cv2.morphologyEx(cv2.dilate(level, np.ones((3, 1), np.uint8)), cv2.MORPH_CLOSE, np.ones((1, gap)))
            level = cv2.morphologyEx(level, cv2.MORPH_OPEN, np.ones((1, run), np.uint8))
            level = cv2.erode(level, np.ones((3, 1), np.uint8))
            back = cv2.warpAffine(level, shear, size, flags=cv2.INTER_NEAREST | cv2.WARP_INVERSE_MAP)
            out[turned][...] |= np.asarray(back.T if turned else back, np.uint8)
    return out


def leaving(lines: NDArray[np.uint8], shape: NDArray[np.uint8], scale: float) -> NDArray[np.uint8]:
    """Those of the lines that go on beyond a seal of `shape` by 5 mm or more: not the seal's own."""
    import cv2

    count, labels, _, _ = cv2.connectedComponentsWithStats(lines, connectivity=8)
    beyond = np.bincount(labels[(lines > 0) & (shape == 0)], minlength=count) >= 5 * scale
    return np.asarray(lines * beyond[labels], np.uint8)


def through(
    lines: Sequence[NDArray[np.uint8]], coloured: NDArray[np.uint8], shape: NDArray[np.uint8], scale: float
) -> NDArray[np.uint8]:
    """Level and upright `lines` beyond a seal of `shape`, each gone on with straight into it as far as colour is there.

    A seal's strokes break a ruling of its colour into pieces that are too short to be told as lines by themselves.
    """
    import cv2

    out = np.zeros_like(shape)
    touched = cv2.dilate(shape, np.ones((2 * round(_AWAY * scale) + 1,) * 2, np.uint8)) > 0
    for turned, own in enumerate(lines):
        _, labels = cv2.connectedComponents(own * (shape == 0), connectivity=8)
        for n in np.unique(labels[touched]):
            across, along = np.nonzero((labels.T if turned else labels) == n)
            if n and np.ptp(along) >= _STEADY * scale:
                views = [picture.T if turned else picture for picture in (out, coloured, shape)]
                _continued(views, along, across, scale)
    return out


def _continued(
    views: Sequence[NDArray[np.uint8]], along: NDArray[np.intp], across: NDArray[np.intp], scale: float
) -> None:
    """One level line, whose pixels beyond the seal are at columns `along` and rows `across`, drawn on into it.

    `views`: the picture drawn in, what is coloured, and the seal's shape.
    """
    out, coloured, shape = views
    columns = np.flatnonzero(shape.any(axis=0))
    for step, start in ((1, int(along.max())), (-1, int(along.min()))):
        beyond = columns[-1] if step > 0 else columns[0]
        if (beyond - start) * step <= 0 or not columns[0] <= start + (_AWAY * scale + 1) * step <= columns[-1]:
            continue
        near = np.abs(along - start) <= 2 * _STEADY * scale
        xs, ys = along[near], across[near]
        within = np.arange(start + step, beyond + step, step)
        for _ in range(3):  # what is found tells better how the line goes on
            slope, at = np.polyfit(xs - start, ys, 1)
            rows = np.rint(at + slope * (within - start)).astype(np.int64)
            own_ys, own_xs = _course(coloured * shape, within, rows)
            xs, ys = np.concatenate([along[near], own_xs]), np.concatenate([across[near], own_ys])
        out[own_ys, own_xs] = 1


def _course(
    coloured: NDArray[np.uint8], columns: NDArray[np.int64], rows: NDArray[np.int64]
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Rows and columns of the coloured pixels on a course, up to where it is covered no more."""
    steps = rows + np.arange(-2, 3)[:, None]  # (5, columns)
    inside = (steps >= 0) & (steps < coloured.shape[0])
    steps = np.clip(steps, 0, coloured.shape[0] - 1)
    hit = (coloured[steps, columns] > 0) & inside
    hit[[1, 3]] &= ~(hit[0] | hit[4])  # where more than a ruling's breadth is coloured the seal crosses it
    hit[[0, 4]] = False
    score = np.cumsum(hit.any(axis=0) - _COVERED)
    last = int(np.argmax(score)) + 1 if len(score) and score.max() > 0 else 0
    which, where = np.nonzero(hit[:, :last])
    return steps[which, where], columns[where]
