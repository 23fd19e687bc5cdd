"""Pages that lie askew, are seen from aside, bend or lie on their side.

Askew and from aside are homographies, and both are one resampling; a curled sheet is one more, before them.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from .ink import inked
from .strengths import Degraded, Matrix, Pixels

if TYPE_CHECKING:
    import numpy as np

# What a scanner's lid looks like beside white paper, and a desk of wood.
_LID = (226, 227, 229)
_DESK = (126, 98, 72)
# Ink is kept this share of the half sides from the centre, so that geometry never cuts a table off.
_KEPT = 0.985
# Where a sheet bends up towards the spine: the rise falls to a third within this share of half of its width.
_SPINE = 0.35
# Of the bend, what runs as a wave over the whole sheet.
_WAVE = 0.25

Shape = tuple[int, int]
"""(height, width)"""


def skew(image: Pixels, degrees: float) -> Degraded:
    """The page turned clockwise by `degrees` about its centre, on a scanner's lid, at the size it had.

    It is shrunk where its ink would leave the picture.
    """
    matrix = fitted(turned(_shape(image), degrees), image)
    return Degraded(warp(image, matrix, lid(_shape(image))), matrix) if degrees else _same(image)


def perspective(image: Pixels, rng: np.random.Generator, amount: float) -> Degraded:
    """The page photographed from aside on a desk: every corner inwards by 0.2 to 1 times `amount` of the sides."""
    if not amount:
        return _same(image)
    matrix = aside(_shape(image), rng, amount)
    return Degraded(warp(image, matrix, desk(_shape(image), rng)), matrix)


def curled(image: Pixels, rng: np.random.Generator, millimetres: float, dpi: float) -> Pixels:
    """A sheet that bends up at its left or right side, as at a book's spine, and waves a little, seen from below.

    A line printed straight across is bent by `millimetres` at the foot of the page, by a fifth of that at its head, and
    squeezed together near the spine. No point moves farther than half of `millimetres`, be it up and down or across.
    """
    import cv2
    import numpy as np

    if not millimetres:
        return image.copy()
    height, width = _shape(image)
    half = millimetres / 2 / 25.4 * dpi
    side = 1 if rng.random() < 0.5 else -1
    phase = float(rng.uniform(0, 2 * math.pi))
    x = (np.arange(width, dtype=np.float32) + 0.5) / width * 2 - 1
    y = (np.arange(height, dtype=np.float32) + 0.5) / height * 2 - 1
    rise = np.exp(-(1 - side * x) / _SPINE)  # 1 at the spine, near 0 beside
    bend = (1 - _WAVE) * rise + _WAVE * (np.sin(1.5 * math.pi * x + phase) + 1) / 2
    bend = (bend - bend.min()) / max(float(np.ptp(bend)), 1e-6) * 2 - 1  # -1 to 1
    down = half * (0.6 + 0.4 * y[:, None]) * bend[None, :]
    across = np.repeat(side * half * rise[None, :], height, axis=0)
    columns = np.arange(width, dtype=np.float32)[None, :] + across
    rows = np.arange(height, dtype=np.float32)[:, None] + down
    maps = columns.astype(np.float32), rows.astype(np.float32)
    return np.asarray(cv2.remap(image, *maps, cv2.INTER_CUBIC, borderMode=cv2.BORDER_REPLICATE), np.uint8)


def quartered(image: Pixels, degrees: int) -> Pixels:
    """The picture turned clockwise by a multiple of 90 degrees, pixel by pixel."""
    import numpy as np

    return np.ascontiguousarray(np.rot90(image, -(degrees // 90) % 4))


def quarter(shape: Shape, degrees: int) -> Matrix:
    """The homography of `quartered` for a picture of `shape`."""
    import numpy as np

    height, width = shape
    right = {
        0: [[1, 0, 0], [0, 1, 0], [0, 0, 1]],
        90: [[0, -1, height - 1], [1, 0, 0], [0, 0, 1]],
        180: [[-1, 0, width - 1], [0, -1, height - 1], [0, 0, 1]],
        270: [[0, 1, 0], [-1, 0, width - 1], [0, 0, 1]],
    }
    return np.array(right[degrees % 360], np.float64)


def turned(shape: Shape, degrees: float) -> Matrix:
    """The homography that turns clockwise about the centre of a picture of `shape`."""
    import numpy as np

    cx, cy = (shape[1] - 1) / 2, (shape[0] - 1) / 2
    cos, sin = math.cos(math.radians(degrees)), math.sin(math.radians(degrees))
    return np.array([[cos, -sin, cx - cos * cx + sin * cy], [sin, cos, cy - sin * cx - cos * cy], [0, 0, 1]])


def aside(shape: Shape, rng: np.random.Generator, amount: float) -> Matrix:
    """The homography that moves every corner inwards, by chance; see `perspective`."""
    import cv2
    import numpy as np

    height, width = shape
    corners = np.array([[0, 0], [1, 0], [1, 1], [0, 1]])
    inwards = np.where(corners == 0, 1, -1) * rng.uniform(0.2 * amount, amount, (4, 2))
    sides = np.array([width, height])
    before, after = ((part * sides - 0.5).astype(np.float32) for part in (corners, corners + inwards))
    return np.asarray(cv2.getPerspectiveTransform(before, after), np.float64)


def fitted(matrix: Matrix, image: Pixels) -> Matrix:
    """`matrix`, followed by a shrinking about the centre where the ink of `image` would leave the picture."""
    import numpy as np

    box = _ink(image)
    if box is None:
        return matrix
    x0, top, x1, bottom = box
    centre = np.array([(image.shape[1] - 1) / 2, (image.shape[0] - 1) / 2])
    reach = np.abs(mapped(matrix, [(x0, top), (x1, top), (x1, bottom), (x0, bottom)]) - centre).max(axis=0)
    k = float(min(1, *(_KEPT * (centre + 0.5) / np.maximum(reach, 1e-9))))
    return np.array([[k, 0, centre[0] * (1 - k)], [0, k, centre[1] * (1 - k)], [0, 0, 1]]) @ matrix


def mapped(matrix: Matrix, points: list[tuple[float, float]]) -> Matrix:
    """The points (x, y) after the homography, as an array of shape (points, 2)."""
    import numpy as np

    moved = np.column_stack([np.array(points, np.float64).reshape(-1, 2), np.ones(len(points))]) @ matrix.T
    return np.asarray(moved[:, :2] / moved[:, 2:])


def warp(image: Pixels, matrix: Matrix, backing: Pixels) -> Pixels:
    """The image moved by `matrix` over `backing` (of the same shape), on which the paper throws a soft shadow."""
    import cv2
    import numpy as np

    height, width = _shape(image)
    size = (width, height)
    out = cv2.warpPerspective(image, matrix, size, flags=cv2.INTER_CUBIC, borderMode=cv2.BORDER_REPLICATE)
    paper = cv2.warpPerspective(np.full((height, width), 255, np.uint8), matrix, size)
    beside = np.nonzero(paper < 255)
    if len(beside[0]):
        away = max(1.0, max(size) / 500)
        aside = np.array([[1, 0, away], [0, 1, away]], np.float32)
        shadow = cv2.GaussianBlur(cv2.warpAffine(paper, aside, size), (0, 0), away * 1.5)
        under = backing[beside] * (1 - 0.5 * shadow[beside].astype(np.float32) / 255)[:, None]
        share = (paper[beside].astype(np.float32) / 255)[:, None]
        out[beside] = np.rint(out[beside] * share + under * (1 - share))
    return np.asarray(out, np.uint8)


def lid(shape: Shape) -> Pixels:
    """The lid of a scanner, plain."""
    import numpy as np

    return np.full((*shape, 3), _LID, np.uint8)


def desk(shape: Shape, rng: np.random.Generator) -> Pixels:
    """A wooden desk, with a grain that runs across."""
    import cv2
    import numpy as np

    height, width = shape
    small = rng.normal(0, 1, (max(1, height // 3), max(1, width // 120))).astype(np.float32)
    grain = cv2.resize(small, (width, height), interpolation=cv2.INTER_CUBIC) * 7
    return np.asarray(np.clip(np.array(_DESK, np.float32) + grain[..., None], 0, 255), np.uint8)


def _ink(image: Pixels) -> tuple[float, float, float, float] | None:
    """x0, top, x1, bottom of what is darker than the paper."""
    import numpy as np

    dark = inked(image)
    rows, cols = np.flatnonzero(dark.any(axis=1)), np.flatnonzero(dark.any(axis=0))
    return (float(cols[0]), float(rows[0]), float(cols[-1]), float(rows[-1])) if len(rows) else None


def _shape(image: Pixels) -> Shape:
    return image.shape[0], image.shape[1]


def _same(image: Pixels) -> Degraded:
    import numpy as np

    return Degraded(image.copy(), np.eye(3))
