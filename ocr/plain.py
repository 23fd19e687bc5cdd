"""The picture of a line as it stands in its box, whatever the page's measure of ink says of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from .blobs import runs
from .crops import Crop, Pixel, framed

if TYPE_CHECKING:
    from numpy.typing import NDArray

STANDS_OUT = 40
"""Levels of grey between paper and the darkest of what can be writing."""


def plain(grey: NDArray[np.uint8], box: Pixel, letter: float) -> Crop | None:
    """The picture of all that stands in a box (pixels, within the sheet) around one line, whatever is ink there by the
    measure of the page: of thin grey letters only pieces are. None where nothing stands out from the paper.

    `letter`: height of letters in pixels.
    """
    import cv2

    left, top, right, bottom = box
    piece = grey[top:bottom, left:right]
    if min(piece.shape) < 3 or int(piece.max()) - int(piece.min()) < STANDS_OUT:
        return None
    level, _ = cv2.threshold(piece, 0, 255, cv2.THRESH_BINARY | cv2.THRESH_OTSU)
    mask = _line_of(np.asarray(piece <= level, bool))
    rows, columns = np.flatnonzero(mask.any(axis=1)), np.flatnonzero(mask.any(axis=0))
    inner = slice(rows[0], rows[-1] + 1), slice(columns[0], columns[-1] + 1)
    start = left + int(columns[0]), top + int(rows[0])
    return framed(piece[inner], start, mask[inner], start, letter)


def _line_of(mask: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """The mask of a box around one line without what the lines above and below reach into it with."""
    bands = runs(np.asarray(mask.any(axis=1), bool))
    most = max(bands, key=lambda band: int(mask[band[0] : band[1]].sum()))
    out = np.zeros_like(mask)
    for a, b in bands:
        if (a > 0 and b < len(mask)) or (a, b) == most:
            out[a:b] = mask[a:b]
    return out
