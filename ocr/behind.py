"""What is too pale to be the page's own writing: grain, and the other side of the sheet that shows through."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from biaoge.raster import Pixels

_SPREAD = 0.10
"""Millimetres: standard deviation of the Gaussian under which grain is looked at; a hairline is as wide."""
_LINE = 3.0
"""Millimetres over which a pale ruling is averaged before it is judged."""
_BACK = 0.3
"""Density, in shares of the page's own ink, under which ink is taken for the other side's where there is much of it."""
_MUCH = 0.2
"""Pale ink apart from any dark, in shares of the dark: from here on the other side shows through."""


@dataclass(frozen=True, slots=True)
class Pale:
    """`through`: whether the other side shows through. `low`, `high`: density (0 to 255) up to which ink is taken off
    and from which it is kept, after a Gaussian of `spread` pixels (0: none)."""

    through: bool
    low: float
    high: float
    spread: float


def judged(grey: Pixels, dpi: float, sigma: float, lit: NDArray[np.bool_]) -> Pale | None:
    """How pale ink must be to go; `None` where nothing must.

    `grey`: ink at 0 on paper at 255, `sigma`: its grain, `lit`: where to look for the other side.
    """
    import cv2

    mm = dpi / 25.4
    spread = max(0.8, _SPREAD * mm) if sigma > 3 else 0.0
    density = np.asarray(255 - grey, np.uint8)
    if spread:
        density = np.asarray(cv2.GaussianBlur(density, (0, 0), spread), np.uint8)
    grain = sigma / (2 * math.sqrt(math.pi) * spread) if spread else sigma
    dark = (density > 255 * (0.4 if not spread else 0.3)).astype(np.uint8)
    side = max(3, round(0.8 * mm)) | 1
    near = cv2.dilate(dark, np.ones((side, side), np.uint8))
    floor = max(12.0, 3 * grain)
    pale = int(np.count_nonzero((density > floor) & (density < 255 * _BACK) & (near == 0) & lit))
    through = pale > _MUCH * int(np.count_nonzero(dark[lit])) and np.count_nonzero(dark) > 1e-4 * grey.size
    if not through and sigma < 2:
        return None
    if through:
        top = 255 * (_BACK if not spread else 0.7 * _BACK)
        return Pale(True, 0.6 * top, top, spread)
    return Pale(False, 2.5 * grain, 5 * grain + 4, spread)


def without_pale(grey: Pixels, dpi: float, pale: Pale) -> Pixels:
    """The page without what is pale, long straight rulings excepted."""
    import cv2

    mm = dpi / 25.4
    density = cv2.subtract(np.full_like(grey, 255), grey)
    if pale.spread:
        seen = cv2.GaussianBlur(density, (0, 0), pale.spread)
    else:
        seen = cv2.dilate(density, np.ones((3, 3), np.uint8))
    kept = cv2.LUT(seen, _ramp(pale.low, pale.high))
    along = max(5, round(_LINE * mm)) | 1
    for shape in ((along, 1), (1, along)):
        line = cv2.blur(cv2.GaussianBlur(density, (0, 0), 0.6) if pale.spread else density, shape)
        kept = cv2.max(kept, cv2.LUT(line, _ramp(0.7 * pale.low, 0.7 * pale.high)))
    return np.asarray(255 - cv2.multiply(density, kept, scale=1 / 255), np.uint8)


def _ramp(low: float, high: float) -> Pixels:
    """A table of 256 levels: 0 up to `low`, 255 from `high`."""
    return np.asarray(np.rint(np.clip((np.arange(256) - low) / max(1.0, high - low), 0, 1) * 255), np.uint8)
