"""Long lines of a page followed across it: rulings and lines of writing, as points that need not lie straight.

The page is cut into narrow strips; in each the darkness is averaged along the line, where a line stands is a peak of
that profile, known to a fraction of a pixel, and peaks of neighbouring strips that go on from one another are linked.
So a line may be thin, broken, slightly turned and slightly bent.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from biaoge.model import Axis

Floats: TypeAlias = NDArray[np.float64]
Dark: TypeAlias = NDArray[np.float32]
"""(height, width), 0 for paper to 1 for black ink."""

STRIP = 3.6
"""Millimetres of a strip: longer than the noise along a thin line, shorter than a stroke that is no line."""
RUN = 2.6
"""Ink that runs on for less than this (millimetres) is no ruling but a stroke of a small character."""
SHORTEST = 18.0
"""Millimetres of a ruling worth measuring; no stroke of a character in running text is that long."""
GAP = 3
"""Strips that may be missing in a line: a broken ruling, a seal across it, a space between words."""
FAINTEST = 0.07
"""Share of black by which a ruling must be darker than what lies beside it: a hairline at 100 dpi, badly copied."""
COVERED = 0.7
"""Share of a ruling's length that must be ink; strokes of letters in a row cover less, a broken ruling more."""
WAVE = 0.12
"""Millimetres by which the points of a ruling may scatter about a smooth curve; strokes in a row scatter by more."""


@dataclass(frozen=True, slots=True, eq=False)
class Trace:
    """A line along `axis`: `points` (n, 2) as (x, y) in ascending order along the axis, in pixels.

    `sigma`: how far a point may lie from the line it stands for (standard deviation, pixels).
    """

    axis: Axis
    points: Floats = field(repr=False)
    sigma: float

    @property
    def length(self) -> float:
        """From the first to the last point, along the axis."""
        along = 0 if self.axis == "h" else 1
        return float(self.points[-1, along] - self.points[0, along])


def rulings(dark: Dark, mm: float) -> tuple[Trace, ...]:
    """Rulings of both axes in a picture that is turned by less than about 4 degrees; `mm` is pixels a millimetre."""
    across = _rulings(dark, mm)
    down = _rulings(np.ascontiguousarray(dark.T), mm)
    return (
        *(Trace("h", points, sigma) for points, sigma in across),
        *(Trace("v", points[:, ::-1], sigma) for points, sigma in down),
    )


def _rulings(dark: Dark, mm: float) -> list[tuple[Floats, float]]:
    import cv2

    strip, run = max(6, round(STRIP * mm)), max(5, round(RUN * mm))
    if dark.shape[1] < 4 * strip or dark.shape[0] < 8:
        return []
    thick = np.asarray(cv2.dilate(dark, np.ones((3, 1), np.uint8)), np.float32)
    long = cv2.morphologyEx(thick, cv2.MORPH_OPEN, np.ones((1, run), np.uint8), borderValue=0)
    profile = _profile(np.minimum(dark, long), strip)
    reach = max(2, round(0.7 * mm))
    chains = _linked(*_peaks(profile, reach, FAINTEST), 1.3 + 0.04 * strip)
    found = []
    for at, y in chains:
        if (at[-1] - at[0]) * strip < SHORTEST * mm or len(at) < 0.6 * (at[-1] - at[0] + 1):
            continue
        x = (at + 0.5) * strip
        if _covered(thick, x, y) < COVERED - 0.15:
            continue
        smooth = _smooth(x, y)
        kept = np.abs(y - smooth) < max(0.35, 2.5 * WAVE * mm)
        if kept.sum() < max(4, 0.7 * len(y)):
            continue
        sigma = float(np.sqrt(np.mean((y - smooth)[kept] ** 2)))
        if sigma <= max(0.3, WAVE * mm) and _covered(thick, x[kept], smooth[kept]) >= COVERED:
            found.append((np.column_stack([x[kept], y[kept]]), max(sigma, 0.05)))
    return found


def _covered(thick: Dark, x: Floats, y: Floats) -> float:
    """The share of the columns between the first and the last `x` that are dark where the curve runs."""
    across = np.arange(int(x[0]), int(x[-1]) + 1)
    down = np.clip(np.interp(across + 0.5, x, y).astype(np.intp), 0, thick.shape[0] - 1)
    along = thick[down, across]
    return float(np.mean(along > 0.5 * np.sort(along)[int(0.7 * len(along))]))


def writing(dark: Dark, mm: float) -> tuple[Trace, ...]:
    """Lines of writing that run across, by the middle of their letters; rulings must have been taken off `dark`.

    `mm`: pixels a millimetre. What is no longer than six letters is left out.
    """
    import cv2

    letter = letter_height(dark, mm)
    strip = max(6, round(1.5 * letter))
    if dark.shape[1] < 6 * strip or dark.shape[0] < 4 * letter:
        return ()
    soft = cv2.GaussianBlur(_profile(dark, strip), (1, 0), sigmaX=0.1, sigmaY=0.35 * letter)
    profile = np.asarray(soft, np.float32)
    chains = _linked(*_peaks(profile, max(2, round(0.6 * letter)), 0.04), 0.35 * letter)
    found = []
    for at, y in chains:
        if len(at) < 5 or len(at) < 0.6 * (at[-1] - at[0] + 1):
            continue
        x = (at + 0.5) * strip
        smooth = _smooth(x, y)
        kept = np.abs(y - smooth) < 0.2 * letter
        if kept.sum() < max(5, 0.7 * len(y)):
            continue
        sigma = float(np.sqrt(np.mean((y - smooth)[kept] ** 2)))
        found.append(Trace("h", np.column_stack([x[kept], y[kept]]), max(sigma, 0.03 * letter)))
    return tuple(found)


def letter_height(dark: Dark, mm: float) -> float:
    """Pixels from top to bottom of a usual letter, between 1.5 and 8 mm; 3 mm where there are none."""
    import cv2

    ink = (dark > 0.35).astype(np.uint8)
    n, _, stats, _ = cv2.connectedComponentsWithStats(ink, connectivity=8)
    heights, widths = stats[1:n, cv2.CC_STAT_HEIGHT], stats[1:n, cv2.CC_STAT_WIDTH]
    fit = (heights >= 1.5 * mm) & (heights <= 8 * mm) & (widths <= 10 * mm)
    return max(4.0, float(np.median(heights[fit])) if fit.sum() >= 5 else 3 * mm)


def _profile(dark: Dark, strip: int) -> Dark:
    """(height, strips): the mean darkness along each row of each strip."""
    import cv2

    n = dark.shape[1] // strip
    return np.asarray(cv2.resize(dark[:, : n * strip], (n, dark.shape[0]), interpolation=cv2.INTER_AREA), np.float32)


def _peaks(profile: Dark, reach: int, least: float) -> tuple[NDArray[np.intp], Floats]:
    """Strip and y (pixel edges: the first row's centre is 0.5) of every peak, by strips and then downwards.

    A peak is the highest within `reach` rows and `least` higher than the lower of what lies that far above and below.
    """
    import cv2

    top = cv2.dilate(profile, np.ones((2 * reach + 1, 1), np.uint8))
    low = cv2.erode(profile, np.ones((2 * reach + 1, 1), np.uint8))
    peak = (profile >= top) & (profile - low >= least)
    peak[:1] = peak[-1:] = False
    peak[1:] &= ~peak[:-1]
    strips, rows = np.nonzero(peak.T)
    span = np.arange(-reach, reach + 1)
    near = np.clip(rows[:, None] + span, 0, profile.shape[0] - 1)
    heights = profile[near, strips[:, None]].astype(np.float64)
    # Only what hangs together with the peak counts: the line itself, not the one beside it.
    over = np.maximum(heights - np.maximum(low[rows, strips], 0.4 * profile[rows, strips])[:, None], 0)
    over[:, :reach] *= np.cumprod((over[:, :reach] > 0)[:, ::-1], axis=1)[:, ::-1]
    over[:, reach + 1 :] *= np.cumprod(over[:, reach + 1 :] > 0, axis=1)
    return strips, rows + 0.5 + (over * span).sum(axis=1) / np.maximum(over.sum(axis=1), 1e-9)


def _linked(strips: NDArray[np.intp], ys: Floats, tolerance: float) -> list[tuple[Floats, Floats]]:
    """Peaks linked from left to right: for every chain its strips and its y.

    A chain goes on at the peak nearest to where it points, if within `tolerance`; where two want one, the longer.
    """
    done: list[tuple[list[int], list[float]]] = []
    live: list[tuple[list[int], list[float]]] = []
    if not len(strips):
        return []
    bounds = np.searchsorted(strips, np.arange(int(strips[-1]) + 2))
    for strip in range(int(strips[-1]) + 1):
        here = ys[bounds[strip] : bounds[strip + 1]]
        going: list[tuple[list[int], list[float]]] = []
        for chain in live:
            (going if strip - chain[0][-1] <= GAP + 1 else done).append(chain)
        free = np.ones(len(here), np.bool_)
        if len(here):
            for chain in sorted(going, key=lambda c: -len(c[0])):
                aim = _aim(chain, strip)
                near = int(np.searchsorted(here, aim))
                best = min((i for i in (near - 1, near) if 0 <= i < len(here)), key=lambda i: abs(here[i] - aim))
                if free[best] and abs(here[best] - aim) <= tolerance:
                    free[best] = False
                    chain[0].append(strip)
                    chain[1].append(float(here[best]))
        live = going + [([strip], [float(y)]) for y in here[free]]
    return [(np.array(at, np.float64), np.array(y, np.float64)) for at, y in done + live if len(at) >= 4]


def _aim(chain: tuple[list[int], list[float]], strip: int) -> float:
    at, y = chain[0][-8:], chain[1][-8:]
    if len(at) < 4:
        return y[-1]
    slope = (y[-1] + y[-2] - y[0] - y[1]) / (at[-1] + at[-2] - at[0] - at[1])
    return (y[-1] + y[-2]) / 2 + slope * (strip - (at[-1] + at[-2]) / 2)


def _smooth(x: Floats, y: Floats) -> Floats:
    """`y` of a cubic (of a parabola where there are few points) through the points, with little regard to strays."""
    return curve(x, y, 3 if len(x) >= 12 else 2 if len(x) >= 6 else 1)


def curve(x: Floats, y: Floats, degree: int) -> Floats:
    """`y` of the polynomial through the points (n,), by least squares with Cauchy's weights."""
    basis = np.vander((x - x.mean()) / max(1e-9, float(np.ptp(x))), degree + 1)
    weight = np.ones(len(x))
    fit = y
    for _ in range(4):
        normal = (basis * weight[:, None]).T @ basis + 1e-9 * np.eye(degree + 1)
        fit = basis @ np.linalg.solve(normal, basis.T @ (weight * y))
        away = np.abs(y - fit)
        weight = 1 / (1 + (away / max(1e-6, 2 * float(np.sort(away)[len(away) // 2]))) ** 2)
    return np.asarray(fit, np.float64)
