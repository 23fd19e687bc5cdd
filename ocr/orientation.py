"""By how many quarters a page is turned: told by reading a few lines of it both ways.

Ink is joined to lines over gaps as small as those between letters; a line is long where the writing runs. Its reading
upright and upside down decides between the two, by letters that differ when turned; digits alone never do.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from biaoge.model import Finding
from biaoge.raster import Pixels

from .contract import Engine, Reading
from .traces import Dark, Floats

FIRST, MORE = 3, 8
"""Lines read both ways at first, and in all where those leave a doubt."""
SURE = 0.15
"""How much better (mean confidence in letters) the lines must read one way than the other."""
FEWEST = 3
"""Lines with letters that must speak for a turn."""
CROP = 40
"""Pixels of the height of a line that is read."""
LONGEST = 9.0
"""Heights of a line that are read of it; more costs time and tells nothing new."""
SAME_TURNED = frozenset("0123456789oOIlHNXSZxszBDEKMW·.,:-—_=+|/\\()[]%~一二三口日田中十工王回亖￥")
"""Characters that read as a character, their own or another, when turned upside down; digits among them."""


@dataclass(frozen=True, slots=True, eq=False)
class _Strip:
    """A piece of a line: centre (x, y), the longer and shorter side (pixels of the work picture), and the angle in
    degrees of the longer side, clockwise from the x axis, -90 to 90."""

    centre: tuple[float, float]
    long: float
    short: float
    angle: float

    @property
    def upright(self) -> bool:
        """Whether it runs rather down than across."""
        return abs(self.angle) > 45


def quarters(grey: Pixels, dark: Dark, mm: float, engine: Engine | None) -> tuple[int, tuple[Finding, ...]]:
    """Degrees (0, 90, 180, 270) by which the page is turned clockwise, 0 where that is not clear.

    `grey`: the page in full; `dark`: the same reduced, `mm` pixels a millimetre. A finding says that it was turned,
    or that the lines read no better one way than the other.
    """
    if engine is None:
        return 0, ()
    strips = _strips(dark, mm)
    across, down = ([s for s in strips if s.upright == upright] for upright in (False, True))
    length_across, length_down = (sum(s.long for s in part) for part in (across, down))
    votes: dict[int, list[float]] = {0: [], 90: [], 180: [], 270: []}
    if across and length_across * 3 > length_down:
        _read(votes, across, (0, 180), grey, dark.shape, engine)
    if down and length_down > 0.6 * length_across and not _clear(votes, 0):
        _read(votes, down, (90, 270), grey, dark.shape, engine)
    means = {turn: float(np.mean(sure)) if len(sure) >= FEWEST else 0.0 for turn, sure in votes.items()}
    best = max(means, key=lambda turn: (means[turn], -turn))
    if best == 0 or _clear(votes, 0):
        return 0, ()
    if _clear(votes, best):
        return best, (Finding("page-turned", "info", f"the page lies turned by {best}° clockwise; read upright"),)
    message = f"the page may be turned by {best}°, which its lines do not tell clearly; read as it is"
    return 0, (Finding("orientation-unclear", "info", message),)


def _clear(votes: dict[int, list[float]], turn: int) -> bool:
    """Whether the lines read clearly better at `turn` than at its opposite and, where read, the other two."""
    mine = votes[turn]
    if len(mine) < FEWEST or float(np.mean(mine)) < 0.5:
        return False
    others = [float(np.mean(sure)) for other, sure in votes.items() if other != turn and sure]
    against = votes[(turn + 180) % 360]
    wins = sum(a > b + 0.05 for a, b in zip(mine, against, strict=True))
    losses = sum(b > a + 0.05 for a, b in zip(mine, against, strict=True))
    return wins >= FEWEST and wins >= 3 * losses and all(float(np.mean(mine)) > other + SURE for other in others)


def _read(
    votes: dict[int, list[float]],
    strips: list[_Strip],
    turns: tuple[int, int],
    grey: Pixels,
    shape: tuple[int, ...],
    engine: Engine,
) -> None:
    """Add to `votes` how surely the strips read at each of the two turns."""
    strips = _spread(strips)
    for part in (strips[:FIRST], strips[FIRST:MORE]):
        crops = [_crop(grey, strip, shape) for strip in part]
        if not crops:
            return
        readings = engine.crops([*crops, *(np.ascontiguousarray(crop[::-1, ::-1]) for crop in crops)])
        for one, other in zip(readings[: len(crops)], readings[len(crops) :], strict=True):
            first, second = _letters(one), _letters(other)
            if first is None and second is None:
                continue
            votes[turns[0]].append(first or 0.0)
            votes[turns[1]].append(second or 0.0)
        if turns[0] == 0 and _clear(votes, 0):
            return


def _letters(reading: Reading) -> float | None:
    """The confidence of a reading that has letters which differ when turned; None for one without, such as digits."""
    telling = sum(c.isalpha() and c not in SAME_TURNED for c in reading.text)
    return reading.confidence if telling >= 2 and telling >= 0.4 * len(reading.text) else None


def _spread(strips: list[_Strip]) -> list[_Strip]:
    """The longest first, but of the longest 24 every third before the others, so that one block does not decide."""
    ordered = sorted(strips, key=lambda s: (-min(s.long, LONGEST * s.short), s.centre))[:24]
    return [*ordered[::3], *ordered[1::3], *ordered[2::3]]


def _strips(dark: Dark, mm: float) -> list[_Strip]:
    """Pieces of lines of writing: ink without what is larger than letters, joined over small gaps."""
    import cv2

    ink = (dark > 0.35).astype(np.uint8)
    n, labels, stats, _ = cv2.connectedComponentsWithStats(ink, connectivity=8)
    size = stats[:n, [cv2.CC_STAT_WIDTH, cv2.CC_STAT_HEIGHT]].max(axis=1)
    letter = (size >= 1.0 * mm) & (size <= 9 * mm)
    letter[0] = False
    if letter.sum() < 6:
        return []
    usual = max(3.0, float(np.quantile(size[letter], 0.75)))
    kept = (size >= 0.35 * mm) & (size <= 9 * mm)
    kept[0] = False
    reach = 2 * max(1, round(0.13 * usual)) + 1
    joined = cv2.dilate(kept[labels].astype(np.uint8), np.ones((reach, reach), np.uint8))
    outlines, _ = cv2.findContours(joined, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_SIMPLE)
    found = []
    for outline in outlines:
        (x, y), (width, height), angle = cv2.minAreaRect(outline)
        long, short = max(width, height), min(width, height)
        if long < 3.2 * short or not 0.6 * usual < short < 3 * usual:
            continue
        along = angle if width >= height else angle + 90
        along = (along + 90) % 180 - 90
        found.append(_Strip((float(x), float(y)), float(long), float(short), float(along)))
    return found


def _crop(grey: Pixels, strip: _Strip, shape: tuple[int, ...]) -> NDArray[np.uint8]:
    """The strip levelled, `CROP` pixels high; one that runs down is turned counter-clockwise by a quarter first."""
    import cv2

    scale = np.array([grey.shape[1] / shape[1], grey.shape[0] / shape[0]])
    # A line that runs down on the page runs across, left to right, once the page is turned back by a quarter.
    angle = strip.angle if not strip.upright else strip.angle % 180
    turn = np.radians(angle)
    ahead = np.array([np.cos(turn), np.sin(turn)])
    below = np.array([-ahead[1], ahead[0]])
    short = strip.short * 1.15
    long = min(strip.long, LONGEST * strip.short)
    corner: Floats = np.array(strip.centre) - ahead * long / 2 - below * short / 2
    width = max(CROP, round(CROP * long / short))
    source = np.array([corner, corner + ahead * long, corner + below * short]) * scale - 0.5
    target = np.array([[0, 0], [width, 0], [0, CROP]]) - 0.5
    matrix = cv2.getAffineTransform(source.astype(np.float32), target.astype(np.float32))
    area = cv2.INTER_LINEAR
    crop = cv2.warpAffine(grey, matrix, (width, CROP), flags=area, borderMode=cv2.BORDER_CONSTANT, borderValue=255)
    return np.asarray(crop, np.uint8)
