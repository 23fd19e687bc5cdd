"""Worn letters: faint strokes that go on from ink dark enough to be seen as such.

Where a figure was printed or copied weakly, half of a 0 may be paler than ink begins, and its other half reads as a 1.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from .blobs import SMALL, Ink
from .crops import PAPER, CellInk

if TYPE_CHECKING:
    from numpy.typing import NDArray

FAINT, FIGURE, MISSED = 0.3, 1.2, 0.12
"""A stroke goes on where it has this share of the usual darkness of ink; letter heights: a figure and its strokes are
no larger than the second, and no less than the third is worth to be added."""


def is_alone(cell: CellInk, ink: Ink) -> bool:
    """Whether the ink of a cell is no larger than one letter."""
    return bool(max(cell.mask.shape) <= FIGURE * ink.letter)


def fuller(grey: NDArray[np.uint8], cell: CellInk, ink: Ink, least: float = SMALL) -> CellInk:
    """The cell with the faint strokes of letters of which a part alone is dark enough to be ink.

    Only what goes on from ink, stands by itself and has the size of one letter: worn figures. The rest of the sheet's
    faint grey is noise, and joins nothing. `least`: letter heights that the dark part must have.
    """
    import cv2

    left, top, right, bottom = cell.reach
    part = grey[top:bottom, left:right]
    if not part.size or cell.largest > FIGURE * ink.letter:
        return cell
    own = np.zeros(part.shape, bool)
    y0, x0 = max(cell.top, top), max(cell.left, left)
    y1, x1 = min(cell.top + cell.mask.shape[0], bottom), min(cell.left + cell.mask.shape[1], right)
    if y1 <= y0 or x1 <= x0:
        return cell
    own[y0 - top : y1 - top, x0 - left : x1 - left] = cell.mask[
        y0 - cell.top : y1 - cell.top, x0 - cell.left : x1 - cell.left
    ]
    level = round(PAPER - FAINT * (PAPER - ink.black))
    faint = ((part < level) & (own | (ink.labels[top:bottom, left:right] == 0))).astype(np.uint8)
    _, labels, stats, _ = cv2.connectedComponentsWithStats(faint, connectivity=8, ltype=cv2.CV_32S)
    grown, biggest = np.zeros(part.shape, bool), 0
    for label in np.unique(labels[own]).tolist():
        if not label:
            continue
        x, y, width, height, _ = stats[label].tolist()
        piece = labels[y : y + height, x : x + width] == label
        inked = own[y : y + height, x : x + width] & piece
        rows, columns = np.flatnonzero(inked.any(axis=1)), np.flatnonzero(inked.any(axis=0))
        before = np.ptp(columns) + 1, np.ptp(rows) + 1
        if max(before) < least * ink.letter or max(width, height) > FIGURE * ink.letter:
            continue
        more = max(width - before[0], height - before[1], max(width, height) - cell.largest)
        if more >= MISSED * ink.letter:
            grown[y : y + height, x : x + width] |= piece
            biggest = max(biggest, width, height)
    if not grown.any():
        return cell
    grown |= own
    ys, xs = np.flatnonzero(grown.any(axis=1)), np.flatnonzero(grown.any(axis=0))
    mask = grown[ys[0] : ys[-1] + 1, xs[0] : xs[-1] + 1]
    largest = max(cell.largest, biggest)
    return replace(cell, left=left + int(xs[0]), top=top + int(ys[0]), mask=mask, largest=largest)
