"""Filled areas of a page: white writing on dark fills is turned round, highlighter and pale colours are taken off."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from biaoge.raster import Pixels

_SCALE = 4.0
"""Pixels a millimetre of the picture on which fills are sought."""
_DARK = 0.68
"""Share of the paper's brightness below which a fill is dark: white writing is set on these, black on the others."""
_LEAST = 3.0
"""Millimetres across of the smallest fill: a line of 7 points has 2.5, the strokes of a title of 60 points 2.6."""
_WRITING = (0.01, 0.45)
"""Share of a dark fill that white writing covers."""
_PALE = 0.5
"""Share of the paper's brightness from which coloured ink is pale."""
_CHROMA = 18
"""Levels between channels from which a broad area counts as coloured."""


def turned_round(pixels: Pixels, dpi: float) -> tuple[Pixels, int]:
    """The picture with every dark fill that holds white writing made its negative, and how many there were.

    `pixels`: (height, width) or (height, width, 3). A dark fill is an upright or leaning rectangle; what touches the
    edge of the picture is none but the table on which the paper lies. Where there is none, `pixels` itself comes back.
    """
    import cv2

    grey = np.asarray(pixels if pixels.ndim == 2 else cv2.cvtColor(pixels, cv2.COLOR_RGB2GRAY), np.uint8)
    small = _small(grey, dpi)
    fine = small.shape[0] / grey.shape[0]
    white = float(np.percentile(small, 90))
    window = max(3, round(2.5 * _SCALE)) | 1
    share = cv2.blur((small < _DARK * white).astype(np.float32), (window, window))
    solid = cv2.morphologyEx((share > 0.5).astype(np.uint8), cv2.MORPH_OPEN, np.ones((window, window), np.uint8))
    count, labels, boxes, _ = cv2.connectedComponentsWithStats(solid, connectivity=4)
    out, found = pixels, 0
    for n in range(1, count):
        x, y, w, h, area = (int(v) for v in boxes[n])
        if min(x, y) <= 1 or x + w >= small.shape[1] - 1 or y + h >= small.shape[0] - 1:
            continue
        if min(w, h) < _LEAST * _SCALE or max(w, h) < 8 * _SCALE or area < 40 * _SCALE**2:
            continue
        blob = (labels[y : y + h, x : x + w] == n).astype(np.uint8)
        hull = cv2.convexHull(np.column_stack(np.nonzero(blob)[::-1]))
        inside = cv2.fillConvexPoly(np.zeros_like(blob), hull, 1)
        if area < 0.75 * cv2.minAreaRect(hull)[1][0] * cv2.minAreaRect(hull)[1][1]:
            continue
        piece = small[y : y + h, x : x + w]
        level = float(np.median(piece[inside > 0]))
        bright = float(np.percentile(piece[inside > 0], 99.5))
        written = float(np.mean(piece[inside > 0] > (level + bright) / 2))
        rim = (inside > 0) & (cv2.erode(inside, np.ones((5, 5), np.uint8), borderValue=0) == 0)
        if float(np.mean(piece[rim] > (level + bright) / 2)) > 0.15:
            continue
        black = float(np.mean(piece[inside > 0] < 0.6 * level))
        if level > _DARK * white or bright < level + 0.25 * white or not _WRITING[0] < written < _WRITING[1]:
            continue
        if black > written:
            continue
        out = pixels.copy() if out is pixels else out
        top, bottom, left, right = (round(v / fine) for v in (y, y + h, x, x + w))
        target = out[top:bottom, left:right]
        wide = cv2.resize(inside, target.shape[1::-1], interpolation=cv2.INTER_NEAREST) > 0
        part = grey[top:bottom, left:right].astype(np.float32)
        turned = np.clip(white * (1 - (part - level) / (255 - level)), 0, white).astype(np.uint8)
        target[wide] = turned[wide] if target.ndim == 2 else turned[wide][:, None]
        found += 1
    return out, found


def broad_colour(level: Pixels, dpi: float) -> NDArray[np.bool_]:
    """Where pale colour is spread broadly: highlighter, coloured fills.

    `level`: (height, width, 3) RGB on white paper. Broad is what holds a square of 1.8 mm, pale what is brighter than
    half the paper; large red titles are broad but not pale, and stay.
    """
    import cv2

    small = _small(level, dpi)
    chroma = small.max(axis=2).astype(np.int16) - small.min(axis=2)
    coloured = (chroma > _CHROMA).astype(np.uint8)
    height, width = level.shape[:2]
    pale = (cv2.cvtColor(small, cv2.COLOR_RGB2GRAY) > _PALE * 255).astype(np.uint8) & coloured
    seeds = cv2.morphologyEx(pale, cv2.MORPH_OPEN, _square(0.7))
    if np.count_nonzero(seeds) < (1.8 * _SCALE) ** 2:
        return np.zeros((height, width), np.bool_)
    broad = cv2.morphologyEx(cv2.morphologyEx(seeds, cv2.MORPH_CLOSE, _square(3.0)), cv2.MORPH_OPEN, _square(1.8))
    broad = cv2.dilate(broad, _square(0.5))
    return np.asarray(cv2.resize(broad, (width, height), interpolation=cv2.INTER_NEAREST) > 0)


def _square(side: float) -> NDArray[np.uint8]:
    """A kernel of `side` millimetres."""
    pixels = max(3, round(side * _SCALE)) | 1
    return np.ones((pixels, pixels), np.uint8)


def _small(picture: Pixels, dpi: float) -> Pixels:
    import cv2

    scale = min(1.0, _SCALE / (dpi / 25.4))
    size = (max(1, round(picture.shape[1] * scale)), max(1, round(picture.shape[0] * scale)))
    return np.asarray(cv2.resize(picture, size, interpolation=cv2.INTER_AREA), np.uint8)
