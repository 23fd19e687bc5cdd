"""Which lines part the fills of a table: how likely each stretch of each is, and all of them together.

Every stretch is averaged over its whole length, writing left out, and compared with what the same stretch shows
everywhere else up and down the table: what grain, the other side's writing and the paper's own pattern make of nothing
is known from there. A bright gap is told from a step between two shades, since the writing of the other side makes
steps and few gaps. Then the stretches of a line are decided together, and again and again, given the lines across
(iterated conditional modes, Besag 1986, with whole lines in place of single sites): a line ends at a line.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise, product
from typing import TYPE_CHECKING

import numpy as np

from .shadededges import SEEN, SOFT, Way, shifted

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float32]
    Doubles = NDArray[np.float64]

PART = 24.0
"""Points along a line that are averaged at first, as long as nothing is known of the lines across."""
LEAN = 1.0
"""Points by which each end of a line may lie off where it is on the whole."""
SIDE = 2.0
"""Points beside the middle of a gap where the step between the shades it parts is."""
APART = 6.0
"""Lines nearer than this (points) are one: the two edges of a gap."""
TRIM = 2.0
"""Points at the ends of a stretch that are left out: other edges are there."""
BESIDE = 1.5, 3.0
"""Points from the middle of a gap to what it parts."""
AROUND = 250.0
"""Points across the lines from which is told what grain makes: of a table of two rows too much is edges."""
GRAIN = 0.006
"""What is not counted as more than grain: a third of the palest gap in use, blurred."""
MOST = 8.0
"""Deviations of grain above which a stretch is no surer."""
USUAL = 1.5, 2.5
"""Deviations that a gap and a step must have to speak for a line."""
MARGIN = 0.5
"""What one run of stretches must have beyond that, besides what chance makes among so many stretches and places: the
sum of n deviations less u each exceeds h by chance as seldom as n exp(-2 u h)."""
RATHER = 0.3
"""A gap is one, and no halo of a step beside it, if so much speaks for it, as a share of what speaks for the step."""
NEEDED = 1.3, 2.5
"""Deviations of a gap and a step from which on a stretch is rather there than not."""
WAVER = 3.0
"""So many deviations are asked more by who asks for twice what is usual: what grain adds or takes is of this size."""
SHARE = 0.35
"""The same as a share of what other lines usually have in the same stretch."""
STEEP = 5.0
"""Deviations of a step in a gap's place from which on it speaks for the line, too."""
CLEARLY = 2.0
"""Deviations of what counts for that."""
TRUST = 0.5
"""Grain is not as even as it would be by the law of errors; what a stretch says counts as so much."""
MOSTLY = 0.5
"""Share of the lines within a table that are gaps in one that is told by gaps."""
SURE = 4.0
"""No stretch speaks for or against itself by more than this."""
STUB, CORNER, TEE = 5.0, 4.0, 1.5
"""What it costs that a line ends at none, that two end at one another, that one ends at another."""
SWEEPS = 8
"""How often all lines are decided anew, at the most."""


@dataclass(frozen=True, slots=True, eq=False)
class Line:
    """A place where a line may be: `at` (pixels across), whether it is a gap, and the (stretches,) deviations of grain
    by which each stretch speaks for it, and for a step there; NaN where nothing is seen."""

    at: float
    gap: bool
    deviations: Floats
    steps: Floats


def parts(start: float, end: float, scale: float) -> list[float]:
    """Stops (pixels) about `PART` points apart."""
    return [float(v) for v in np.linspace(start, end, max(2, round((end - start) / (PART * scale)) + 1))]


def within(way: Way, stops: Sequence[float], rows: tuple[float, float]) -> list[Line]:
    """Places of level lines between `rows`, ascending, told by the stretches between `stops` (columns)."""
    if len(stops) < 2:
        return []
    first, last = max(0, round(rows[0])), min(way.shape[0], round(rows[1]))
    gaps, steps = _deviations(way, stops, (first, last))
    if len(gaps) < 2:
        return []
    scores = [_runs(deviations - usual) for deviations, usual in zip((gaps, steps), USUAL, strict=True)]
    reach = round(APART * way.scale / 2)
    enough = MARGIN + math.log(len(gaps) * gaps.shape[1] / way.scale) / (2 * USUAL[0])
    beside = _highest(scores[1], reach)
    found: list[tuple[float, int, bool]] = []
    for gap, score, rival in ((True, scores[0], RATHER * beside), (False, scores[1], 0 * beside)):
        peaks = np.flatnonzero((score >= _highest(score, reach)) & (score >= enough) & (score >= rival))
        for row in sorted(peaks.tolist(), key=lambda row: -float(score[row])):
            if all(abs(row - other) > APART * way.scale for _, other, _ in found):
                found.append((float(score[row]), row, gap))
    return [
        Line(first + row + 0.5, gap, np.asarray((gaps if gap else steps)[row], np.float32), steps[row])
        for _, row, gap in sorted(found, key=lambda f: f[1])
    ]


def measured(way: Way, places: Sequence[Line], stops: Sequence[float], rows: tuple[float, float]) -> list[Line]:
    """The same lines told by the stretches between `stops`, each leaning by up to `LEAN` at its ends."""
    first, last = max(0, round(rows[0])), min(way.shape[0], round(rows[1]))
    both = _deviations(way, stops, (first, last))
    middles = (np.array(stops[1:]) + np.array(stops[:-1])) / 2
    share = (middles - stops[0]) / max(1.0, stops[-1] - stops[0])
    reach = max(1, round(LEAN * way.scale))
    columns, side = np.arange(len(middles)), round(SIDE * way.scale)
    out = []
    for line in places:
        row = round(line.at - 0.5) - first
        found: list[tuple[float, float, NDArray[np.int64]]] = []
        for start, end in product(range(-reach, reach + 1), repeat=2):
            own = np.clip(np.rint(row + start + share * (end - start)), 0, last - first - 1).astype(np.int64)
            total = float(np.nansum(np.minimum(both[0 if line.gap else 1][own, columns], MOST)))
            found.append((total, -abs(start) - abs(end), own))
        own = max(found, key=lambda f: f[:2])[2]
        gaps, steps = (np.asarray(way[own, columns], np.float32) for way in both)
        near = np.fmax.reduce([both[1][np.clip(own + k, 0, last - first - 1), columns] for k in range(-side, side + 1)])
        out.append(Line(line.at, line.gap, gaps if line.gap else steps, near))
    return out


def _deviations(way: Way, stops: Sequence[float], rows: tuple[int, int]) -> tuple[Doubles, Doubles]:
    """(rows, stretches) twice: by how many deviations of grain each stretch is a gap, and a step; NaN: nothing seen."""
    trim = [min(TRIM * way.scale, (b - a) / 4) for a, b in pairwise(stops)]
    lefts = np.array([round(a + t) for (a, _), t in zip(pairwise(stops), trim, strict=True)], np.int64)
    rights = np.array([round(b - t) for (_, b), t in zip(pairwise(stops), trim, strict=True)], np.int64)
    lefts, rights = np.clip(lefts, 0, way.shape[1]), np.clip(rights, 0, way.shape[1])
    more = max(0, round((AROUND * way.scale - (rows[1] - rows[0])) / 2))
    top, bottom = max(0, rows[0] - more), min(way.shape[0], rows[1] + more)
    counts, sums = way.counts[top:bottom], way.sums[top:bottom]
    weight = counts[:, rights] - counts[:, lefts]
    value = sums[:, rights] - sums[:, lefts]

    def band(low: float, high: float) -> tuple[Doubles, Doubles]:
        """Means and how much is seen from `low` to `high` points below each row."""
        offsets = range(round(low * way.scale), round(high * way.scale) + 1)
        held = np.mean([shifted(weight, k) for k in offsets], axis=0)
        total = np.mean([shifted(value, k) for k in offsets], axis=0)
        return np.where(held > 0, total / np.maximum(held, 1e-9), np.nan), held

    (middle, held), (above, _), (below, _) = band(-0.5, 0.5), band(-BESIDE[1], -BESIDE[0]), band(*BESIDE)
    gap = middle - np.fmax(above, below)
    (over, above_held), (under, below_held) = band(-2.5, -0.5), band(0.5, 2.5)
    step = np.abs(under - over)
    whole = np.maximum(rights - lefts, 1)
    share = np.minimum(held, np.minimum(above_held, below_held)) / whole
    known = (share > SEEN) & np.isfinite(gap) & np.isfinite(step)
    step_grain = _spread(np.where(known, step, np.nan))
    far = np.abs(band(3.5, 5.5)[0] - band(-5.5, -3.5)[0])
    step = np.asarray(np.where(step < SOFT * np.nan_to_num(far), 0.0, step), np.float64)
    gap = gap - np.nan_to_num(_middle(np.where(known, gap, np.nan)))
    gap_grain = _spread(np.where(known, gap, np.nan))
    seen = np.sqrt(np.clip(share, 0.0, 1.0))
    gaps = np.where(known, gap * seen / np.maximum(gap_grain, GRAIN), np.nan)
    steps = np.where(known, step * seen / np.maximum(step_grain, GRAIN), np.nan)
    own = slice(rows[0] - top, rows[1] - top)
    return gaps[own], steps[own]


def _middle(values: Doubles) -> Doubles:
    """(columns,): medians down the columns of what is known, 0 where nothing is."""
    empty = np.isnan(values).all(axis=0)
    return np.asarray(np.nanmedian(np.where(empty, 0.0, values), axis=0), np.float64)


def _spread(values: Doubles) -> Doubles:
    """(columns,): the standard deviation that half of the values are within."""
    return 1.4826 * _middle(np.abs(values))


def _runs(speaking: Doubles | Floats) -> Doubles:
    """(rows,): the highest sum over neighbouring stretches of each row."""
    best = run = np.zeros(len(speaking))
    for column in np.nan_to_num(np.minimum(speaking, MOST)).T:
        run = np.maximum(run + column, 0.0)
        best = np.maximum(best, run)
    # Where all are as sure as they can be, the clearest row is the line's.
    return np.asarray(best + 1e-3 * np.nan_to_num(np.maximum(speaking, 0.0)).sum(axis=1), np.float64)


def _highest(values: Doubles, reach: int) -> Doubles:
    """The highest value within `reach` of each."""
    padded = np.pad(values, reach, constant_values=-np.inf)
    return np.asarray(np.lib.stride_tricks.sliding_window_view(padded, 2 * reach + 1).max(axis=1))


def decided(
    level: Sequence[Line], upright: Sequence[Line], asked: float
) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """Which stretches are there: (level lines, between uprights) and (upright lines, between level ones).

    `asked`: how many times as clear as usual they must be.
    """
    speaks = [_speaking(own, asked) for own in (level, upright)]
    there = [s > 0 for s in speaks]
    for _ in range(SWEEPS):
        before = [state.copy() for state in there]
        for n in (0, 1):
            for i in range(len(there[n])):
                across = np.pad(there[1 - n], ((0, 0), (1, 1)))
                sides = across[:, i].astype(np.int64), across[:, i + 1].astype(np.int64)
                there[n][i] = _best(speaks[n][i], sides)
        if all(np.array_equal(a, b) for a, b in zip(before, there, strict=True)):
            break
    return there[0], there[1]


def _speaking(places: Sequence[Line], asked: float) -> Doubles:
    """(lines, stretches): how much speaks for each stretch, as far as `SURE` goes; nothing where nothing is seen."""
    deviations = np.minimum([line.deviations for line in places], MOST)
    more = WAVER * (asked - 1)
    gaps = np.array([line.gap for line in places])
    least = np.where(gaps, NEEDED[0], NEEDED[1])[:, None]
    if gaps[1:-1].sum() > MOSTLY * len(gaps[1:-1]):
        # Among gaps the writing of the other side makes a step; the outermost lines have paper beside them.
        least[1:-1][~gaps[1:-1]] = STEEP
    half = np.maximum(least, SHARE * _usual(np.where(deviations > CLEARLY, deviations, np.nan)))
    speaking = np.nan_to_num(TRUST * 2 * half * (deviations - half - more))
    # Where two shades meet, the paler one leaves little of the gap.
    steps = np.array([line.steps for line in places], np.float64)
    speaking = np.fmax(speaking, np.minimum(steps - STEEP - more, SURE))
    return np.asarray(np.clip(np.nan_to_num(speaking), -SURE, SURE), np.float64)


def _usual(values: Doubles) -> Doubles:
    """(columns,): what a third of the known values of each column are below; 0 where there are none."""
    empty = np.isnan(values).all(axis=0)
    return np.asarray(np.nanpercentile(np.where(empty, 0.0, values), 34, axis=0), np.float64)


def _best(speaks: Doubles, sides: tuple[NDArray[np.int64], NDArray[np.int64]]) -> NDArray[np.bool_]:
    """(stretches,): the likeliest states of a line's stretches; `sides`: (stretches + 1,) whether a line comes from
    either side at each of their ends."""
    count = len(speaks)
    cost = np.array([[_junctions(a, b, *sides) for b in (0, 1)] for a in (0, 1)])  # (before, after, ends)
    best = np.array([cost[0, 0, 0], cost[0, 1, 0] - speaks[0]])
    back = np.zeros((count, 2), np.int64)
    for k in range(1, count):
        ways = best[:, None] + cost[:, :, k] - np.array([0.0, speaks[k]])[None]
        back[k] = ways.argmin(axis=0)
        best = ways.min(axis=0)
    state = int(np.argmin(best + cost[:, 0, count]))
    out = np.zeros(count, np.bool_)
    for k in range(count - 1, -1, -1):
        out[k] = bool(state)
        state = int(back[k, state])
    return out


def _junctions(before: int, after: int, over: NDArray[np.int64], under: NDArray[np.int64]) -> Doubles:
    """(ends,): what each junction costs, if the line is there before it and after it or not."""
    ends = before + after + over + under
    turns = (ends == 2) & (before != after)
    return np.where(ends == 1, STUB, np.where(turns, CORNER, np.where(ends == 3, TEE, 0.0)))
