"""Lines of text on pages of any shape: long strips in tiles, lines cut out along their corners."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from biaoge.ocr.contract import Polygon
from biaoge.raster import Pixels

LONGEST = 2.5
"""Sides of a tile: detection shrinks an image by its longer side, and a strip's letters would vanish."""
SHARED = 0.25
"""How much of the shorter side neighbouring tiles share."""
COLUMN = 2.0
"""A box this many times taller than wide holds writing that runs down; a digit is less."""


def grey_of(image: Pixels) -> Pixels:
    """(height, width) of a grey or RGB image."""
    import cv2

    return image if image.ndim == 2 else np.asarray(cv2.cvtColor(image, cv2.COLOR_RGB2GRAY), np.uint8)


def detect_in_tiles(image: Pixels, boxes: Callable[[Pixels], NDArray[np.float32]]) -> tuple[Polygon, ...]:
    """What `boxes` finds on `image`, corners within it, from top to bottom, then from left to right.

    `boxes`: from a grey image to (lines, 4, 2) corners. Images longer than `LONGEST` times their shorter side are
    looked at in tiles; lines that run from one tile into the next become one.
    """
    grey = grey_of(image)
    height, width = grey.shape
    short, long = sorted((height, width))
    found: list[NDArray[np.float32]] = []
    if long <= LONGEST * short:
        found = list(boxes(grey))
    else:
        side, step = int(short * LONGEST), max(1, int(short * (LONGEST - SHARED)))
        for start in range(0, max(1, long - int(short * SHARED)), step):
            tile = grey[:, start : start + side] if width > height else grey[start : start + side]
            shift = np.array((start, 0) if width > height else (0, start), np.float32)
            found = _joined(found, [box + shift for box in boxes(np.ascontiguousarray(tile))])
    inside = [np.clip(box, 0, (width, height)) for box in found]
    inside.sort(key=lambda box: (float(box[:, 1].mean()), float(box[:, 0].min())))
    return tuple(tuple((float(x), float(y)) for x, y in box) for box in inside)


def _joined(known: list[NDArray[np.float32]], new: list[NDArray[np.float32]]) -> list[NDArray[np.float32]]:
    """`known` and `new` with those that are pieces of one line put together as the upright box around them."""
    for box in new:
        for index, other in enumerate(known):
            if _one_line(box, other):
                both = np.concatenate([box, other])
                (x0, y0), (x1, y1) = both.min(axis=0), both.max(axis=0)
                known[index] = np.array([[x0, y0], [x1, y0], [x1, y1], [x0, y1]], np.float32)
                break
        else:
            known.append(box)
    return known


def _one_line(box: NDArray[np.float32], other: NDArray[np.float32]) -> bool:
    """Whether two boxes overlap, and across the line by more than half of the thinner one."""
    shared = np.minimum(box.max(axis=0), other.max(axis=0)) - np.maximum(box.min(axis=0), other.min(axis=0))
    sides = np.minimum(np.ptp(box, axis=0), np.ptp(other, axis=0))
    column = all(np.ptp(one[:, 1]) >= COLUMN * np.ptp(one[:, 0]) for one in (box, other))
    across = 0 if column else 1
    return bool(shared.min() > 0 and shared[across] > sides[across] / 2)


def cut_line(image: Pixels, polygon: Polygon) -> Pixels:
    """The piece of the image within four corners, made upright; turned by a quarter where it is a column of letters."""
    import cv2

    corners = np.array(polygon, np.float32)
    width = max(1, round(max(float(np.hypot(*(corners[1] - corners[0]))), float(np.hypot(*(corners[2] - corners[3]))))))
    height = max(
        1, round(max(float(np.hypot(*(corners[3] - corners[0]))), float(np.hypot(*(corners[2] - corners[1])))))
    )
    target = np.array([[0, 0], [width, 0], [width, height], [0, height]], np.float32)
    matrix = cv2.getPerspectiveTransform(corners, target)
    piece = cv2.warpPerspective(
        grey_of(image), matrix, (width, height), flags=cv2.INTER_CUBIC, borderMode=cv2.BORDER_REPLICATE
    )
    if height >= COLUMN * width:
        piece = cv2.rotate(piece, cv2.ROTATE_90_COUNTERCLOCKWISE)
    return np.asarray(piece, np.uint8)
