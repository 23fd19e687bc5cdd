"""The red seal of an authority: a ring, a five-pointed star, and the name set round along the ring.

The characters are drawn from strokes of our own, so that a seal looks the same whatever fonts there are. The name is
invented: 天山市人民政府; the star, too, keeps it apart from a real city's seal, which bears the national emblem.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from .ink import rulings
from .strengths import Pixels

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

MILLIMETRES = 42.0
"""Across: what 国发〔1999〕25号 sets for the seals of township governments (those of cities have 45)."""
RED = (214, 22, 32)

Stroke = tuple[tuple[float, float], ...]
# Strokes on a square of 10 × 10, y down.
_NAME: tuple[tuple[Stroke, ...], ...] = (
    (  # 天
        ((1.5, 2), (8.5, 2)),
        ((0.8, 4.8), (9.2, 4.8)),
        ((5, 2), (5, 4.8), (4, 7.2), (1, 9.3)),
        ((5, 4.8), (6.2, 7.2), (9.2, 9.3)),
    ),
    (  # 山
        ((5, 0.8), (5, 8.8)),
        ((1.3, 3.8), (1.3, 8.8), (8.7, 8.8)),
        ((8.7, 3.6), (8.7, 9.3)),
    ),
    (  # 市
        ((5, 0.4), (5, 1.6)),
        ((0.8, 2.2), (9.2, 2.2)),
        ((1.8, 8), (1.8, 4.2), (8.2, 4.2), (8.2, 7.8), (7.2, 7.5)),
        ((5, 2.2), (5, 9.6)),
    ),
    (  # 人
        ((5, 0.8), (4.6, 4.2), (3, 7), (0.8, 9.3)),
        ((4.8, 3.6), (6.4, 7), (9.3, 9.3)),
    ),
    (  # 民
        ((1.8, 1.2), (8.2, 1.2), (8.2, 3.7), (1.8, 3.7)),
        ((1.8, 1.2), (1.8, 9), (4.6, 7.8)),
        ((1.8, 5.9), (9, 5.9)),
        ((5, 3.7), (6, 7), (8.4, 9.2), (9.2, 7.6)),
    ),
    (  # 政
        ((0.6, 1.6), (5, 1.6)),
        ((2.9, 1.6), (2.9, 8.2)),
        ((2.9, 4.8), (4.8, 4.8)),
        ((1.1, 4.2), (1.1, 8.4)),
        ((0.3, 8.6), (5, 7.9)),
        ((6.6, 0.6), (5.4, 3.8)),
        ((6.2, 2.6), (9.6, 2.6)),
        ((8.6, 2.6), (7.6, 6), (4.9, 9.4)),
        ((6, 4.2), (7.4, 7), (9.6, 9.4)),
    ),
    (  # 府
        ((5, 0.4), (5, 1.4)),
        ((1.6, 1.8), (9.2, 1.8)),
        ((1.6, 1.8), (1.5, 6), (0.5, 9.4)),
        ((4, 2.8), (2.4, 5.4)),
        ((3.3, 4.4), (3.3, 9.4)),
        ((4.6, 4.4), (9.4, 4.4)),
        ((7.8, 2.8), (7.8, 9.2), (6.6, 8.8)),
        ((5.3, 5.8), (6.2, 7)),
    ),
)


def seal(image: Pixels, rng: np.random.Generator, opacity: float, dpi: float) -> Pixels:
    """A red seal pressed on the page, over a ruling where there is one: light is multiplied, so writing stays.

    It is laid wholly inside the page where it fits, turned by up to 12°, with ink that is uneven. What it does not
    touch stays as it was.
    """
    import cv2
    import numpy as np

    out = image.copy()
    size = max(3, round(MILLIMETRES / 25.4 * dpi))
    if not opacity:
        return out
    x, y = _place(image, rng, size, dpi)
    mask = _mask(size, float(rng.uniform(-12, 12)))
    patches = cv2.resize(rng.uniform(0.55, 1, (7, 7)).astype(np.float32), (size, size), interpolation=cv2.INTER_LINEAR)
    grain = cv2.GaussianBlur(rng.normal(0, 1, (size, size)).astype(np.float32), (0, 0), max(0.5, dpi / 250))
    ink = np.clip(mask * patches * np.clip(1 + 0.35 * grain, 0, 1) * opacity, 0, 1)
    top, left = max(0, y), max(0, x)
    piece = out[top : y + size, left : x + size]
    ink = ink[top - y : top - y + piece.shape[0], left - x : left - x + piece.shape[1], None]
    piece[:] = np.rint(piece * (1 - ink * (1 - np.array(RED, np.float32) / 255)))
    return out


def _place(image: Pixels, rng: np.random.Generator, size: int, dpi: float) -> tuple[int, int]:
    """x and y of the seal's top left corner: its centre on a ruling, else where one signs."""
    import numpy as np

    height, width = image.shape[:2]
    across, down = rulings(image, dpi)
    on = np.flatnonzero(across if across.any() else down)
    if len(on):
        cy, cx = divmod(int(on[rng.integers(len(on))]), width)
    else:
        cx, cy = round(width * 0.7), round(height * 0.75)
    return (
        max(min(cx - size // 2, width - size), 0) if width >= size else (width - size) // 2,
        max(min(cy - size // 2, height - size), 0) if height >= size else (height - size) // 2,
    )


def _mask(size: int, degrees: float) -> NDArray[np.float32]:
    """The seal's drawing, 0 to 1, of shape (size, size), turned clockwise."""
    import cv2
    import numpy as np

    fine = 4
    side = size * fine
    radius = side / 2
    mask = np.zeros((side, side), np.uint8)
    ring = max(1, round(radius * 0.055))
    cv2.circle(mask, (side // 2, side // 2), max(1, round(radius) - ring), 255, ring)
    tips = [
        (reach * math.sin(math.radians(36 * n + degrees)), -reach * math.cos(math.radians(36 * n + degrees)))
        for n, reach in enumerate([0.3 * radius, 0.115 * radius] * 5)
    ]
    cv2.fillPoly(mask, [_pixels(tips, radius)], 255)
    step = 212 / (len(_NAME) - 1)
    for n, strokes in enumerate(_NAME):
        angle = math.radians(degrees + step * (n - (len(_NAME) - 1) / 2))
        sin, cos = math.sin(angle), math.cos(angle)
        for stroke in strokes:
            points = []
            for u, v in stroke:
                across, down = (u - 5) / 10 * 0.24 * radius, (v - 5) / 10 * 0.31 * radius - 0.72 * radius
                points.append((cos * across - sin * down, sin * across + cos * down))
            cv2.polylines(mask, [_pixels(points, radius)], False, 255, max(1, round(radius * 0.027)))
    small = cv2.resize(mask, (size, size), interpolation=cv2.INTER_AREA)
    return np.asarray(small / 255, np.float32)


def _pixels(points: list[tuple[float, float]], centre: float) -> NDArray[np.int32]:
    import numpy as np

    return np.rint(np.array(points) + centre).astype(np.int32)
