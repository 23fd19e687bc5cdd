"""What happens to the print itself: lines that break, ink that fades, the other side that shows through."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from .strengths import Pixels

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

# A ruling is at least this long and at most this thick (points); a 22 pt character's stroke is shorter.
_LONG = 30.0
_THICK = 3.0
# A gap is this long on average (points).
_GAP = 7.0
# Darker than this share of the paper is ink.
_INK = 0.8


def inked(image: Pixels) -> NDArray[np.bool_]:
    """Pixels, of shape (height, width), that in one of their colours are clearly darker than the paper."""
    import numpy as np

    level = np.minimum(np.minimum(image[..., 0], image[..., 1]), image[..., 2])
    return np.asarray(level < _INK * float(np.median(level)))


def rulings(image: Pixels, dpi: float) -> NDArray[np.bool_]:
    """Pixels of thin straight dark lines, of shape (2, height, width): those that run across, those that run down.

    Found by opening the ink with a line of 30 points and leaving out what is thicker than 3 points. Dotted and dashed
    lines are not found.
    """
    import cv2
    import numpy as np

    dark = inked(image).astype(np.uint8)
    # Odd, for OpenCV's opening moves what it finds by a pixel where the kernel has no middle.
    long, stout = max(3, round(_LONG * dpi / 72)) | 1, (max(2, round(_THICK * dpi / 72)) + 1) | 1
    found = np.zeros((2, *dark.shape), np.bool_)
    for axis in (0, 1):
        along, across = ((long, 1), (1, stout)) if axis == 0 else ((1, long), (stout, 1))
        lines = cv2.morphologyEx(dark, cv2.MORPH_OPEN, np.ones(along[::-1], np.uint8), borderValue=0)
        solid = cv2.morphologyEx(lines, cv2.MORPH_OPEN, np.ones(across[::-1], np.uint8), borderValue=0)
        found[axis] = (lines > 0) & (solid == 0)
    return found


def broken(image: Pixels, rng: np.random.Generator, share: float, dpi: float) -> Pixels:
    """Gaps in the thin straight lines (see `rulings`): of each, `share` of its length is erased.

    Where a gap meets a line of the other axis, that one stays. The gaps show what lies beside the line.
    """
    if not share:
        return image.copy()
    return _without(image, lambda length: _gaps(length, rng, share, dpi), dpi)


def dotted(image: Pixels, period: float, dpi: float) -> Pixels:
    """The thin straight lines (see `rulings`) as rows of dots: of every `period` points the second half is erased."""
    step = max(2.0, period * dpi / 72)

    def gaps(length: int) -> list[tuple[int, int]]:
        return [
            (round((n + 0.5) * step), min(length, round((n + 1) * step))) for n in range(int(length / step - 0.5) + 1)
        ]

    return _without(image, gaps, dpi) if period else image.copy()


def _without(image: Pixels, gaps_of: Callable[[int], list[tuple[int, int]]], dpi: float) -> Pixels:
    """The image without the gaps of its thin straight lines: starts and ends for a line of a length, in pixels."""
    import cv2
    import numpy as np

    out = image.copy()
    wide = 2 * max(2, round(_THICK * dpi / 72)) + 1
    for axis, lines in enumerate(rulings(image, dpi)):
        gaps = np.zeros(lines.shape, np.uint8)
        n, _, boxes, _ = cv2.connectedComponentsWithStats(lines.astype(np.uint8), connectivity=8)
        for x, y, width, height in boxes[1:n, :4]:
            for start, end in gaps_of(int(height if axis else width)):
                if axis == 0:
                    gaps[max(0, y - 1) : y + height + 1, x + start : x + end] = 1
                else:
                    gaps[y + start : y + end, max(0, x - 1) : x + width + 1] = 1
        kernel = np.ones((wide, 1) if axis == 0 else (1, wide), np.uint8)
        beside = cv2.morphologyEx(image, cv2.MORPH_CLOSE, kernel)
        at = gaps > 0
        out[at] = np.maximum(out[at], beside[at])
    return out


def _gaps(length: int, rng: np.random.Generator, share: float, dpi: float) -> list[tuple[int, int]]:
    """Starts and ends of gaps that together are `share` of `length`, parted by at least a pixel where that can be."""
    import numpy as np

    total = round(share * length)
    count = max(1, min(round(total / (_GAP * dpi / 72)), total, length - total + 1))
    if total < 1:
        return []
    sizes = 1 + rng.multinomial(total - count, rng.dirichlet(np.full(count, 2.0)))
    between = np.sort(rng.choice(length - total + 1, count, replace=False))
    starts = between + np.concatenate([[0], np.cumsum(sizes)[:-1]])
    return [(int(start), int(start + size)) for start, size in zip(starts, sizes, strict=True)]


def faded(image: Pixels, rng: np.random.Generator, share: float) -> Pixels:
    """Ink made paler: up to `share` of its distance to white is lost, in patches, at least half of that anywhere."""
    import cv2
    import numpy as np

    if not share:
        return image.copy()
    height, width = image.shape[:2]
    small = rng.uniform(0.5, 1, (6, 5)).astype(np.float32)
    kept = 1 - share * np.clip(cv2.resize(small, (width, height), interpolation=cv2.INTER_CUBIC), 0.5, 1)
    return np.asarray(np.rint(255 - (255 - image) * kept[..., None]), np.uint8)


def bleed(image: Pixels, back: Pixels, opacity: float) -> Pixels:
    """`back` seen through the paper: mirrored, softened, `opacity` of its ink, multiplied over the page.

    It is resized to the page where the two differ.
    """
    import cv2
    import numpy as np

    if not opacity:
        return image.copy()
    height, width = image.shape[:2]
    behind = cv2.flip(cv2.resize(back, (width, height), interpolation=cv2.INTER_AREA), 1)
    soft = cv2.GaussianBlur(cv2.cvtColor(behind, cv2.COLOR_RGB2GRAY), (0, 0), max(width, height) / 1600 + 0.1)
    through = 1 - opacity * (1 - soft.astype(np.float32) / 255)
    return np.rint(image * through[..., None]).astype(np.uint8)
