"""Where fills end on a picture of a page, and where bright gaps part them: how strong an edge is at a place.

In logarithms of brightness, which light only shifts: the mean of a stretch as long as a short word, ink left out, is
compared across the place. The edge of a fill is sharp, that of a shadow is not.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, TypeVar

import numpy as np

from .sheet import Sheet

Real = TypeVar("Real", np.float32, np.float64)

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float32]

INK = 1.0
"""Points around ink that its blur and the compression of pictures make darker; they are left out."""
STROKE = 5.0
"""Points: what is dark and narrower than this is writing or a ruling (also of a seal), no fill."""
DARKER = 0.05
"""Share by which such strokes are darker than what lies around them; the other side's writing shows so much."""
ALONG = 14.0
"""Points along an edge over which it is averaged; shorter edges are not found."""
SEEN = 0.3
"""Share of them that is not ink."""
STEP = 0.025
"""Share by which brightness differs at least at an edge: the palest fills in use are 3 % darker than paper."""
CLEAR = 5.5
"""An edge that is taken for itself is so many times stronger than what the grain of the paper makes of nothing."""
SOFT = 0.55
"""A step that is less than this share of the difference further out is the edge of a shadow."""
EVEN = 0.4
"""Share of a page that is not quite even: below it there is no grain."""
SHORT = 8.0
"""Points of the shortest edge."""


@dataclass(frozen=True, slots=True, eq=False)
class Edge:
    """Pixels: `at` across, `start` to `end` along; `strength` a difference of logarithms."""

    at: float
    start: float
    end: float
    strength: float


def levels(sheet: Sheet, scale: float) -> tuple[Floats, Floats]:
    """Logarithms of brightness, and 1 where paper or a fill is seen, 0 where ink is or nothing is known."""
    import cv2

    assert sheet.tint is not None
    tint = sheet.tint
    height, width = tint.shape
    ink = cv2.resize((sheet.grey < 190).astype(np.uint8), (width, height), interpolation=cv2.INTER_AREA)
    fine = cv2.GaussianBlur(tint, (0, 0), 0.4 * scale)
    closed = cv2.morphologyEx(fine, cv2.MORPH_CLOSE, _kernel(STROKE * scale))
    share = np.log(np.maximum(closed, 1).astype(np.float32)) - np.log(np.maximum(fine, 1).astype(np.float32))
    some = share[::4, ::4][tint[::4, ::4] > 0]
    usual = float(np.median(some)) if some.size else 0.0
    grain = float(np.median(np.abs(some - usual))) if some.size else 0.0
    stroke = share > usual + max(DARKER, 6 * grain)
    dark = cv2.dilate((stroke | (ink > 0)).astype(np.uint8), _kernel(2 * INK * scale))
    unknown = cv2.dilate((tint == 0).astype(np.uint8), _kernel(2 * STROKE * scale))
    seen = ((dark == 0) & (unknown == 0)).astype(np.float32)
    return np.log(np.maximum(tint, 1).astype(np.float32)), seen


def _kernel(side: float) -> NDArray[np.uint8]:
    size = max(1, round(side)) | 1
    return np.ones((size, size), np.uint8)


class Way:
    """The page seen along one axis, with rows along it.

    `sums`, `counts`: (rows, columns + 1) of the levels of what is seen left of every column, and of how much is seen;
    `strength`: (rows, columns), how strong an edge is there; `grain`: what it is where there is none.
    """

    def __init__(self, level: Floats, seen: Floats, scale: float) -> None:
        self.scale = scale
        self.shape = level.shape
        self._level, self._seen = level, seen

    @cached_property
    def sums(self) -> NDArray[np.float64]:
        """(rows, columns + 1): running sums of the brightness that is seen; large, so made only when asked for."""
        return np.pad(np.cumsum(self._level * self._seen, axis=1, dtype=np.float64), ((0, 0), (1, 0)))

    @cached_property
    def counts(self) -> NDArray[np.float64]:
        """(rows, columns + 1): the same of how much is seen."""
        return np.pad(np.cumsum(self._seen, axis=1, dtype=np.float64), ((0, 0), (1, 0)))

    @cached_property
    def strength(self) -> Floats:
        """(rows, columns): how strong an edge is there."""
        return _strength(self._level, self._seen, self.scale)

    @cached_property
    def grain(self) -> float:
        """How strong an edge seems to be where there is none."""
        some = self.strength[::3, ::3]
        grainy = some > 0
        # On a page without any grain only the edges themselves are not even.
        return float(np.median(some[grainy])) if grainy.mean() > EVEN else 0.0

    def mean(self, top: int, bottom: int, lefts: NDArray[np.int64], rights: NDArray[np.int64]) -> tuple[Floats, Floats]:
        """(rows, stretches): means of stretches of columns, NaN where little is seen; (stretches,): how much is."""
        held = self.counts[top:bottom, rights] - self.counts[top:bottom, lefts]
        total = self.sums[top:bottom, rights] - self.sums[top:bottom, lefts]
        mean = np.where(held > SEEN * (rights - lefts), total / np.maximum(held, 1e-6), np.nan)
        return np.asarray(mean, np.float32), np.asarray(held.mean(axis=0), np.float32)


@dataclass(frozen=True, slots=True, eq=False)
class Course:
    """Where a level edge runs: the `rows` of some of its `columns` (pixels), and how strong it is there as a rule."""

    columns: NDArray[np.int64]
    rows: NDArray[np.int64]
    strength: float


def courses(way: Way, least: float) -> list[Course]:
    """Level edges that are clear by themselves and not shorter than `least` points."""
    import cv2

    strength, scale = way.strength, way.scale
    floor = max(STEP, CLEAR * way.grain)
    peak = cv2.dilate(strength, np.ones((max(3, round(3 * scale)) | 1, 1), np.uint8))
    thin = ((strength >= peak) & (strength > 0.6 * floor)).astype(np.uint8)
    joined = cv2.dilate(thin, np.ones((3, 3), np.uint8))
    count, labels, stats, _ = cv2.connectedComponentsWithStats(joined, connectivity=8)
    out = []
    for n in range(1, count):
        x, y, w, h, _ = (int(v) for v in stats[n])
        if w < least * scale or h > 3 + 2 * scale + 0.02 * w:
            continue
        own = (labels[y : y + h, x : x + w] == n) & (thin[y : y + h, x : x + w] > 0)
        here = np.where(own, strength[y : y + h, x : x + w], 0)
        values = here.max(axis=0)
        usual = float(np.median(values[values > 0]))
        if usual >= floor:
            columns = np.flatnonzero(values > 0)
            out.append(Course(x + columns, y + np.argmax(here, axis=0)[columns], usual))
    return out


def edges(way: Way) -> list[Edge]:
    """Level edges that are clear by themselves."""
    return [
        Edge(float(np.median(c.rows)) + 0.5, float(c.columns[0] - 1), float(c.columns[-1] + 2), c.strength)
        for c in courses(way, SHORT)
    ]


def _strength(level: Floats, seen: Floats, scale: float) -> Floats:
    """How strong an edge is at every pixel, averaged along `ALONG`."""
    import cv2

    along = max(3, round(ALONG * scale)) | 1
    weight = cv2.blur(seen, (along, 1))
    mean = np.where(weight > SEEN, cv2.blur(level * seen, (along, 1)) / np.maximum(weight, 1e-3), np.nan)
    return _profile(mean.astype(np.float32), scale)


def _profile(mean: Floats, scale: float) -> Floats:
    """How much brighter a bright gap is than both its sides, or one side of a sharp edge than the other; 0 if none.

    `mean`: (rows, columns), NaN where nothing is known; compared down the columns.
    """

    def band(first: float, last: float) -> Floats:
        """The mean over the rows from `first` to `last` (points) below each row."""
        a, b = round(first * scale), round(last * scale)
        rows = [shifted(mean, k) for k in range(a, b + 1)]
        return np.asarray(sum(rows) / np.float32(len(rows)), np.float32)

    step = np.abs(band(0.5, 2.5) - band(-2.5, -0.5))
    far = np.abs(band(3.5, 5.5) - band(-5.5, -3.5))
    step[step < SOFT * np.nan_to_num(far)] = 0
    gap = band(-0.5, 0.5) - np.maximum(band(-3.0, -1.5), band(1.5, 3.0))
    return np.asarray(np.maximum(np.nan_to_num(step), np.nan_to_num(gap)), np.float32)


def shifted(picture: NDArray[Real], rows: int) -> NDArray[Real]:
    """The picture with what lies `rows` below each pixel in its place; the last row goes on."""
    height = picture.shape[0]
    return picture[np.clip(np.arange(height) + rows, 0, height - 1)]
