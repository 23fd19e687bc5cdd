"""Noise on a grey page: how much there is, and a page with less of it. A page without noise is given back as it is."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from biaoge.raster import Pixels

QUIET = 2.5
"""Levels of standard deviation below which nothing is smoothed: a good scanner has 1 to 3."""
_ALONE = 0.8
"""Millimetres around a speck that must be empty for it to be dirt: a decimal point is nearer to its digits."""


def deviation(grey: Pixels) -> float:
    """Standard deviation (levels) of the noise on a page, from the median of what a Laplacian leaves of flat places.

    J. Immerkær, "Fast noise variance estimation", Computer Vision and Image Understanding 64 (1996); with the median
    in place of the mean, since writing is an outlier. The difference to a mean of 5 × 5 counts
    where it is more.
    """
    import cv2

    if min(grey.shape) < 3:
        return 0.0
    kernel = np.array([[1, -2, 1], [-2, 4, -2], [1, -2, 1]], np.float32)
    step = max(1, grey.size // 2_000_000)
    rows = grey if step == 1 else grey[: max(3, grey.shape[0] // step)]
    rest = np.abs(cv2.filter2D(rows, cv2.CV_16S, kernel))[1:-1, 1:-1]
    fine = float(np.median(rest)) / 0.6745 / 6
    # JPEG takes the finest grain and leaves the coarser, which a Laplacian does not see.
    coarse = float(np.median(cv2.absdiff(rows, cv2.blur(rows, (5, 5))))) / 0.6745
    return max(fine, coarse)


def specks(grey: Pixels) -> NDArray[np.bool_]:
    """Salt and pepper: pixels far darker or far brighter than all their eight neighbours; dotted lines are left out."""
    import cv2

    ring = np.array([[1, 1, 1], [1, 0, 1], [1, 1, 1]], np.uint8)
    pepper = cv2.subtract(cv2.erode(grey, ring), grey) > 70
    salt = cv2.subtract(grey, cv2.dilate(grey, ring)) > 70
    return np.asarray(pepper | salt)


def calm(grey: Pixels, dpi: float, sigma: float) -> Pixels:
    """The page with salt and pepper and grain smoothed, as far as there are any."""
    import cv2

    if min(grey.shape) < 5:
        return grey
    lone = specks(grey)
    if np.count_nonzero(lone) > 1e-4 * grey.size:
        window = max(5, round(6 * dpi / 25.4)) | 1
        dots = lone.astype(np.float32)
        along = np.maximum(
            cv2.boxFilter(dots, -1, (window, 1), normalize=False), cv2.boxFilter(dots, -1, (1, window), normalize=False)
        )
        lone &= along < 4.5
        grey = np.where(lone, cv2.medianBlur(grey, 3), grey)
    if sigma <= QUIET:
        return grey
    out = cv2.bilateralFilter(grey, 5, 3.2 * sigma + 6, 0.8 + sigma / 20)
    return np.asarray(out, np.uint8)


def without_dirt(grey: Pixels, dpi: float, size: float) -> Pixels:
    """The page without specks up to `size` millimetres across that stand alone.

    Alone is what has no other ink within 0.8 mm: the dot of a decimal number, the dots of a ruling or of a colon and
    the parts of a broken stroke never are.
    """
    import cv2

    mm = dpi / 25.4
    dark = (grey < 215).astype(np.uint8)
    count, labels, boxes, _ = cv2.connectedComponentsWithStats(dark, connectivity=8)
    if count < 2:
        return grey
    small = np.maximum(boxes[:, cv2.CC_STAT_WIDTH], boxes[:, cv2.CC_STAT_HEIGHT]) <= max(1.0, size * mm)
    small[0] = False
    if not small.any():
        return grey
    reach = round(_ALONE * mm)
    # Ink in the square around the middle of a speck, less its own: none for one that stands alone.
    total = cv2.integral(dark)
    height, width = dark.shape
    at = np.flatnonzero(small)
    left, top = boxes[at, 0], boxes[at, 1]
    right, bottom = left + boxes[at, 2], top + boxes[at, 3]
    x0, y0 = np.maximum(left - reach, 0), np.maximum(top - reach, 0)
    x1, y1 = np.minimum(right + reach, width), np.minimum(bottom + reach, height)
    around = total[y1, x1] - total[y0, x1] - total[y1, x0] + total[y0, x0]
    alone = np.zeros(count, np.bool_)
    alone[at] = around - boxes[at, cv2.CC_STAT_AREA] == 0
    gone = cv2.dilate(alone[labels].astype(np.uint8), np.ones((3, 3), np.uint8)) > 0
    out = grey.copy()
    out[gone] = 255
    return out
