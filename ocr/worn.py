"""Which stretches of worn lines are drawn, where a stretch may be gone from crossing to crossing.

Every stretch between two crossings gets log odds that a ruling was there: what is left of it, how likely wear takes
all of a stretch so long, whether letters stand across it, how the writing on either side keeps to the cells that it
would part, and what the line does beside rows (columns) that are parted as this one is.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from .ends import beyond, common, with_ends
from .gridsupport import (
    MERGED,
    NEAR,
    SURE,
    TALL,
    TRIM,
    Course,
    Span,
    closed,
    crossings,
    rest,
    stops_of,
    wear,
)
from .rectangles import leaving, squares
from .strokes import runs

if TYPE_CHECKING:
    from numpy.typing import NDArray

CERTAIN = 9.0
"""Log odds beyond which nothing else is asked."""
COVERED, EVERY = -2.0, 8.0
"""Log odds that wear took a stretch of `SHORTEST` points whole, and by how many points they fall by one."""
SHORTEST = 15.0
USUAL, RAREST = 0.09, -2.0
"""The wear of the sheets that these odds were measured on, and the most that less wear changes them."""
LONGEST = 45.0
"""No gap of wear is longer (points)."""
TORN, WHOLE = 1.0, -1.5
"""For a gap that goes on beyond the crossing, and for one that keeps to it as a merged cell's does."""
PIECE, STUMP = 3.0, 1.4
"""What is left of a line is longer than this (points); beyond `TRIM` where it goes on from a crossing."""
ON, ACROSS = 1.6, 0.2
"""A letter this near (points) hides the line; one that reaches over it so far (letter heights) is cut by no line."""
HIDDEN = 2.0
"""Letters keep away from rulings: log odds against one where a letter stands on its course."""
CENTRED = 0.08
"""Writing is in the middle of a cell where it is off by no more than this share of the cell, or `OFF` points."""
OFF = 2.0
PAUSE = 1.5
"""Letter heights: white so wide may stand within a line, at a full-width sign."""
LABELLED, WORD = 7.0, 1.4
"""Log odds for a line between words that stand over the next row's columns; letter heights that a word has at least."""
LIKELY = 0.7
"""So much of a line is left where it is surely drawn in the next row."""
ALONE = 3.0
"""Log odds against a stretch beside which no other line of its axis is drawn: the space between two tables."""
STROKE = 2.2
"""Ink that hangs at a crossing, no wider than this (points) and in the middle of the course, is left of the line."""
LENGTHY, SLENDER = 1.2, 4.0
"""Letter heights, and times its width: what is longer and stands on the course is of the line and no letter."""
HALF = 0.5
"""Where letters hide more than this share of a stretch, the rest of it counts as so much."""
LITTLE = 0.3
"""What is left of a stretch at one end of it and is less than this share may be dirt."""
VOTE = 3.0
"""The most that the other rows say."""
NEARLY, BESIDE = 0.5, 0.7
"""The weight of rows parted almost alike; log odds for what the line does in the next row."""
SAME = 0.35
"""Another line is there beside a row where this share of it is drawn."""
NOTHING = 0.05
"""Of a stretch with this share drawn nothing is left."""
SQUARE = 4.0
"""Log odds for a stretch without which a cell would be no rectangle."""
INKED = 0.3
"""Letter heights: smaller ink says nothing."""


@dataclass(frozen=True, slots=True, eq=False)
class Writing:
    """Boxes (pieces, 4) of letters: first and last along, first and last across (pixels); `letter`: their height."""

    boxes: NDArray[np.float64] = field(repr=False)
    letter: float

    @property
    def turned(self) -> Writing:
        """For the lines of the other axis."""
        return Writing(self.boxes[:, [2, 3, 0, 1]], self.letter)


def settle_worn(
    level: Sequence[Course], upright: Sequence[Course], writing: Writing, scale: float, least: float = 0.0
) -> None:
    """Every line's `spans` made the stretches whose log odds are over `least`. `scale`: pixels a point."""
    for course in (*level, *upright):
        course.spans = course.known
    rare = rarity(wear([*level, *upright], scale))
    where = crossings(level, upright)
    turned = where.transpose(1, 0, 2)[:, :, ::-1]
    for _ in range(3):
        for own, others, at, ink in (
            (level, upright, where, writing),
            (upright, level, turned, writing.turned),
        ):
            ends = common(own, scale)
            sums = np.stack([course.sum for course in own]) if own else np.zeros((0, 1), np.int64)
            meets = np.zeros((len(own), len(others)), np.bool_)
            for j, other in enumerate(others):
                meets[:, j] = other.meets(at[:, j, 1], NEAR * scale)
            for i, course in enumerate(own):
                met = stops_of(np.sort(at[i, meets[i], 0]), scale)
                stops = with_ends(met, ends[i], course.known, scale)
                sides = leaving(stops, at[i], others, scale)
                course.spans = _spans(_Line(course, own, stops, sides, ink, scale, sums, rare), least)


@dataclass(frozen=True, slots=True, eq=False)
class _Line:
    """A line, those of its axis, where others cross it (pixels along) and go on from there, of shape (stops, 2), the
    letters, pixels a point, and `rarity`.
    """

    course: Course
    beside: Sequence[Course]
    stops: NDArray[np.float64] = field(repr=False)
    sides: NDArray[np.bool_] = field(repr=False)
    writing: Writing
    scale: float
    sums: NDArray[np.int64] = field(repr=False)
    rare: float


def rarity(share: float) -> float:
    """What the log odds of gaps that take a stretch nearly whole fall by on a sheet less worn than `USUAL`.

    `share`: of the lines' length that short gaps take.
    """
    return min(0.0, max(RAREST, math.log(max(share, 1e-6) / USUAL)))


def _spans(line: _Line, least: float) -> list[Span]:
    course, stops = line.course, line.stops
    loose = rest(course, stops, line.scale, LONGEST)
    shortest = 0.0 if course.cut else TALL * line.scale
    if len(stops) < 2:
        return [span for span in loose if span[1] - span[0] >= shortest]
    spans = list(pairwise(stops.tolist()))
    odds = [_seen(line, a, b) for a, b in spans]
    told = odds
    if any(abs(odd) < CERTAIN for odd in odds):
        signs = _signatures(line, spans)
        told = [
            odd + _content(line, *span) + _votes(signs, odds, n) if abs(odd) < CERTAIN else odd
            for n, (span, odd) in enumerate(zip(spans, odds, strict=True))
        ]
        shapes = squares(line.sides, [odd > 0 for odd in told])
        told = [
            odd + SQUARE if no and own.any() and abs(was) < CERTAIN else odd
            for odd, was, no, own in zip(told, odds, shapes, signs, strict=True)
        ]
    out = _inked(course, [span for span, odd in zip(spans, told, strict=True) if odd > least])
    over = beyond([span for span in loose if span[1] - span[0] >= shortest], stops, out, line.scale)
    out += [span for span in over if not _is_written(line, *span)]
    return closed([(a, b) for a, b in out if b > a], 0.5)


def _inked(course: Course, spans: Sequence[Span]) -> list[Span]:
    """The stretches without those, in a row, of which nothing at all is left: a line is closed, and none made."""
    out: list[Span] = []
    run: list[Span] = []
    for n, span in enumerate(spans):
        run.append(span)
        if n + 1 == len(spans) or spans[n + 1][0] > span[1]:
            out += run if any(course.share(*own) > NOTHING for own in run) else []
            run = []
    return out


def _seen(line: _Line, a: float, b: float) -> float:
    """Log odds by what is left of the stretch and by the letters on its course."""
    course, scale = line.course, line.scale
    trim = min(TRIM * scale, (b - a) / 4)
    if course.share(a + trim, b - trim) >= SURE:
        return 2 * CERTAIN
    first, last = round(a + trim), round(b - trim)
    drawn = course.drawn[first:last].copy()
    free = np.ones(len(drawn), np.bool_)
    across = False
    for start, end, low, high in _letters(line, a, b):
        free[max(0, int(start) - first) : max(0, int(end) + 1 - first)] = False
        across |= min(-low, high) > ACROSS * line.writing.letter
    drawn &= free
    seen = float(drawn.sum()) / max(1.0, float(free.sum()), HALF * len(drawn))
    if across:
        return -2 * CERTAIN if seen < 0.6 else -2.0
    known = any(s < b and e > a for s, e in course.known)
    found = [s for s in runs(drawn, (STUMP if known else PIECE) * scale) if _is_left(s, free, scale)]
    ends = any(s <= scale for s, _ in found), any(e >= len(drawn) - scale for _, e in found)
    longest = max((e - s for s, e in found), default=0)
    touching = sum(ends)
    blank = max((e - s for s, e in runs(free & ~drawn, 1)), default=0)
    if blank > LONGEST * scale:
        return -2 * CERTAIN
    if longest >= TALL * scale or seen >= 0.7:
        return 2 * CERTAIN
    if found:
        one = 3.0 if seen >= LITTLE else (2.0 if known else 1.0) + line.rare
        return (1.0 + line.rare, one, 6.0)[touching]
    odds = COVERED + line.rare - max(0.0, (b - a) / scale - SHORTEST) / EVERY - (0.0 if free.mean() > 0.9 else HIDDEN)
    torn = max(_blank(course.drawn[: round(a)][::-1]), _blank(course.drawn[round(b) :]))
    if MERGED * scale < torn < 3 * TALL * scale:
        return odds + TORN
    # Where nothing crosses, at the side of a table that is open or cut, a gap keeps to nothing.
    crossed = line.sides[np.isin(line.stops, (a, b))].any(axis=1).all()
    return odds + (WHOLE if crossed else 0.0)


def _is_left(span: Span, free: NDArray[np.bool_], scale: float) -> bool:
    """Whether what is drawn is left of the line: long enough, or hung at the crossing with paper behind it."""
    start, end = span
    if end - start >= PIECE * scale:
        return True
    behind = free[round(end) : round(end + TRIM * scale)], free[max(0, round(start - TRIM * scale)) : round(start)]
    return bool((start <= scale and behind[0].all()) or (end >= len(free) - scale and behind[1].all()))


def _letters(line: _Line, a: float, b: float) -> NDArray[np.float64]:
    """Letters on the stretch's course: first and last along, first and last across from the course (pixels)."""
    boxes, near, stroke = line.writing.boxes, ON * line.scale, STROKE * line.scale
    inside = boxes[(boxes[:, 0] > a) & (boxes[:, 1] < b)]
    at = line.course.trace.at(np.asarray((inside[:, 0] + inside[:, 1]) / 2, np.float64))
    out = inside - np.stack([np.zeros_like(at)] * 2 + [at] * 2, axis=1)
    low, high = out[:, 2], out[:, 3]
    hangs = (out[:, 0] - a <= line.scale) | (b - out[:, 1] <= line.scale)
    long, wide = out[:, 1] - out[:, 0], high - low
    whole = (long > LENGTHY * line.writing.letter) & (long > SLENDER * wide)
    of_line = (whole | (hangs & (wide <= stroke))) & (np.abs(low + high) <= stroke)
    return np.asarray(out[(low < near) & (high > -near) & ~of_line], np.float64)


def _is_written(line: _Line, a: float, b: float) -> bool:
    """Whether what is drawn of a stretch inside one cell is mostly strokes of letters that stand on its course."""
    if not any(c <= a and b <= d for c, d in pairwise(line.stops.tolist())):
        return False
    first, last = max(0, round(a)), round(b)
    drawn, hidden = line.course.drawn[first:last], np.zeros(last - first, np.bool_)
    for start, end, low, high in _letters(line, a - line.writing.letter, b + line.writing.letter):
        if low < 0 < high:
            hidden[max(0, int(start) - first) : max(0, int(end) + 1 - first)] = True
    return bool((drawn & hidden).sum() > HALF * drawn.sum())


def _blank(drawn: NDArray[np.bool_]) -> int:
    """Pixels before the first that is drawn."""
    return int(np.argmax(drawn)) if drawn.any() else len(drawn)


def _content(line: _Line, a: float, b: float) -> float:
    """How the writing on either side keeps to the two cells, rather than to the one that they make together."""
    if _is_labelled(line, a, b):
        return LABELLED
    at, low, high = _bounds(line, a, b)
    if low is None or high is None:
        return 0.0
    boxes = line.writing.boxes
    centre = (boxes[:, 0] + boxes[:, 1]) / 2, (boxes[:, 2] + boxes[:, 3]) / 2
    mine = boxes[(centre[0] > a) & (centre[0] < b) & (centre[1] > low) & (centre[1] < high)]
    # What lies on the course alone is left of the line.
    mine = mine[(mine[:, 2] < at - STROKE * line.scale) | (mine[:, 3] > at + STROKE * line.scale)]
    if not len(mine):
        return 0.0
    before, after = mine[(mine[:, 2] + mine[:, 3]) / 2 < at], mine[(mine[:, 2] + mine[:, 3]) / 2 >= at]
    whole = _is_central(mine, (low, high), line.scale)
    if len(before) and len(after):
        own = _is_central(before, (low, at), line.scale) + _is_central(after, (at, high), line.scale)
        apart = float(after[:, 2].min() - before[:, 3].max())
        inner = max(_widest(before), _widest(after))
        if apart < 1.2 * inner:
            return -2.0 if own or not whole else -4.0  # spaced out over both
        if apart < 0.8 * line.writing.letter:
            return -1.0
        if whole and apart < PAUSE * line.writing.letter:
            return 0.0
        return 2.0 * own - 1.0 + (1.5 if apart > max(1.5 * inner, line.writing.letter) else 0.0)
    side = _is_central(before, (low, at), line.scale) if len(before) else _is_central(after, (at, high), line.scale)
    return (2.0 if side else 0.0) - (4.0 if whole and not side else 0.0)


def _bounds(line: _Line, a: float, b: float) -> tuple[float, float | None, float | None]:
    """Where the line is, and where the next ones on either side are that go along the stretch (pixels across)."""
    middle = (a + b) / 2
    at = line.course.trace.at_one(middle)
    ends = [o.trace.at_one(middle) for o in line.beside if o is not line.course and _passes(o, a, b)]
    return at, *_next_to(at, ends)


def _next_to(at: float, ends: Sequence[float]) -> tuple[float | None, float | None]:
    """The nearest of `ends` on either side of a line."""
    return max((y for y in ends if y < at - 2), default=None), min((y for y in ends if y > at + 2), default=None)


def _is_labelled(line: _Line, a: float, b: float) -> bool:
    """Whether words on either side are in the middle of the cells that the lines of the next row would make of this.

    Wear may have taken several lines side by side; what they part still stands as the columns of that row do.
    """
    places = line.stops.tolist()
    n = places.index(a)
    middle = (a + b) / 2
    at = line.course.trace.at_one(middle)
    boxes = line.writing.boxes
    row = boxes[(boxes[:, 0] + boxes[:, 1] > 2 * a) & (boxes[:, 0] + boxes[:, 1] < 2 * b)]
    for beside in (places[max(0, n - 1) : n + 1], places[n + 1 : n + 3]):
        if len(beside) < 2 or line.course.share(*beside) < LIKELY:
            continue
        there = [o.trace.at_one(middle) for o in line.beside if o is not line.course and o.share(*beside) >= LIKELY]
        low, high = _next_to(at, there)
        if low is None or high is None or not (_is_label(line, row, (low, at)) and _is_label(line, row, (at, high))):
            continue
        before, after = (row[(row[:, 2] < end) & (row[:, 3] > start)] for start, end in ((low, at), (at, high)))
        apart = float(after[:, 2].min() - before[:, 3].max())
        if apart > max(line.writing.letter, 1.5 * max(_widest(before), _widest(after))):
            return True
    return False


def _is_label(line: _Line, row: NDArray[np.float64], ends: Span) -> bool:
    """Whether the letters of a row between two places across are a word in the middle of that, and within it."""
    own = row[(row[:, 2] < ends[1]) & (row[:, 3] > ends[0])]
    if not len(own) or own[:, 2].min() < ends[0] or own[:, 3].max() > ends[1]:
        return False
    long = max(float(np.ptp(own[:, :2])), float(np.ptp(own[:, 2:])))
    return long >= WORD * line.writing.letter and _is_central(own, ends, line.scale)


def _passes(other: Course, a: float, b: float) -> bool:
    """Whether a line goes along the whole stretch."""
    trim = (b - a) / 5
    return any(s <= a + trim and e >= b - trim for s, e in other.spans) and other.share(a + trim, b - trim) >= SAME


def _is_central(boxes: NDArray[np.float64], ends: Span, scale: float) -> bool:
    off = (boxes[:, 2].min() + boxes[:, 3].max()) / 2 - (ends[0] + ends[1]) / 2
    return bool(abs(off) <= max(OFF * scale, CENTRED * (ends[1] - ends[0])))


def _widest(boxes: NDArray[np.float64]) -> float:
    """The widest white across between the letters."""
    order = np.argsort(boxes[:, 2])
    reach = np.maximum.accumulate(boxes[order, 3])
    return float(np.max(boxes[order[1:], 2] - reach[:-1], initial=0.0))


def _votes(signs: Sequence[NDArray[np.bool_]], odds: Sequence[float], n: int) -> float:
    """What the line does at stretches beside which the same other lines are drawn, and next to this one."""
    if not signs[n].any():
        return -ALONE
    yes = no = 0.5
    for m, odd in enumerate(odds):
        if m == n or abs(odd) < CERTAIN / 3:
            continue
        differs = int((signs[m] != signs[n]).sum())
        weight = 1.0 if not differs else NEARLY if differs == 1 and signs[n].sum() > 3 else 0.0
        yes, no = yes + weight * (odd > 0), no + weight * (odd < 0)
    near = [odds[m] for m in (n - 1, n + 1) if 0 <= m < len(odds) and abs(odds[m]) >= CERTAIN / 3]
    vote = math.log(yes / no) + sum(BESIDE if odd > 0 else -BESIDE for odd in near)
    return max(-VOTE, min(VOTE, vote))


def _signatures(line: _Line, spans: Sequence[Span]) -> list[NDArray[np.bool_]]:
    """For every stretch which other lines of the axis are drawn beside it."""
    others = np.array([o is not line.course for o in line.beside])
    out = []
    for a, b in spans:
        trim = min(TRIM * line.scale, (b - a) / 4)
        first, last = max(0, round(a + trim)), min(line.sums.shape[1] - 1, round(b - trim))
        drawn = (line.sums[:, last] - line.sums[:, first]) >= SAME * max(1, last - first)
        out.append(drawn & others)
    return out
