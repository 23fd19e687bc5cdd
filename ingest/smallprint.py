"""How large the letters of a small picture are, which tells its resolution where nothing else does."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from .resolution import GUESS_LEAST, GUESS_SCREEN

if TYPE_CHECKING:
    from biaoge.raster import Pixels

USUAL = 6.8
"""Points: the height of capitals and figures in print of ten points."""
LOWEST, HIGHEST = 3, 40
"""Pixels: what is lower or higher is no letter of a small picture."""
FEWEST = 20
"""So many letters tell their height."""


def dpi_of(shades: Pixels) -> float:
    """The resolution at which three quarters of the letters of a picture are as high as in print of ten points.

    `shades`: (height, width) grey or (height, width, 3) RGB. Between `GUESS_LEAST` and `GUESS_SCREEN`; the latter for a
    picture that shows few letters.
    """
    import cv2

    grey = shades if shades.ndim == 2 else np.asarray(cv2.cvtColor(shades, cv2.COLOR_RGB2GRAY), np.uint8)
    _, dark = cv2.threshold(grey, 0, 1, cv2.THRESH_BINARY_INV | cv2.THRESH_OTSU)
    _, _, stats, _ = cv2.connectedComponentsWithStats(dark, connectivity=8, ltype=cv2.CV_32S)
    width, height = stats[1:, 2], stats[1:, 3]
    letters = height[(height >= LOWEST) & (height <= HIGHEST) & (width <= 4 * height) & (height <= 6 * width)]
    if len(letters) < FEWEST:
        return GUESS_SCREEN
    return float(np.clip(np.percentile(letters, 75) * 72 / USUAL, GUESS_LEAST, GUESS_SCREEN))
