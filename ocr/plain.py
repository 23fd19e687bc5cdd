"""The picture of a line as it stands in its box, whatever the page's measure of ink says of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from .blobs import runs
from .crops import LOW, LOW_INK, MARGIN, PAPER, WIDE, Crop, Pixel, closed

if TYPE_CHECKING:
    from numpy.typing import NDArray

STANDS_OUT = 40
"""Levels of grey between paper and the darkest of what can be writing."""


def plain(grey: NDArray[np.uint8], box: Pixel, letter: float) -> Crop | None:
    """The picture of all that stands in a box (pixels of the sheet) around one line, whatever is ink there by the
    measure of the page: of thin grey letters only pieces are. None where nothing stands out from the paper.

    `letter`: height of letters in pixels.
    """
    import cv2

    left, top, right, bottom = max(0, box[0]), max(0, box[1]), min(grey.shape[1], box[2]), min(grey.shape[0], box[3])
    piece = grey[top:bottom, left:right]
    if min(piece.shape) < 3 or int(piece.max()) - int(piece.min()) < STANDS_OUT:
        return None
    level, _ = cv2.threshold(piece, 0, 255, cv2.THRESH_BINARY | cv2.THRESH_OTSU)
    mask = _line_of(np.asarray(piece <= level, bool))
    rows, columns = np.flatnonzero(mask.any(axis=1)), np.flatnonzero(mask.any(axis=0))
    mask = mask[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]
    around = left + int(columns[0]), top + int(rows[0])
    height, width = mask.shape
    shown = max(float(height), LOW * letter)
    pad = max(2, round(MARGIN * shown))
    high = round(shown) + 2 * pad
    above = (high - height) // 2
    canvas = np.full((high, width + 2 * pad), PAPER, np.uint8)
    inner = piece[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]  # strokes' grey edges with them
    canvas[above : above + height, pad : pad + width] = inner
    inked = np.asarray(mask.any(axis=0), bool)
    image, spans = closed(canvas, inked, (around[0], pad), max(2 * pad + 1, round(WIDE * shown)))
    contrast = float((PAPER - np.median(inner[mask])) / PAPER)
    low = inked & (mask.argmax(axis=0) >= LOW_INK * height)
    return Crop(image, (*around, around[0] + width, around[1] + height), spans, inked, low, shown, contrast)


def _line_of(mask: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """The mask of a box around one line without what the lines above and below reach into it with."""
    bands = runs(np.asarray(mask.any(axis=1), bool))
    most = max(bands, key=lambda band: int(mask[band[0] : band[1]].sum()))
    out = np.zeros_like(mask)
    for a, b in bands:
        if (a > 0 and b < len(mask)) or (a, b) == most:
            out[a:b] = mask[a:b]
    return out
