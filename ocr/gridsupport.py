"""Which stretches of the lines of a page are drawn, told by the crossings: gaps of wear closed, merged cells left open.

Between two neighbouring crossings a ruling is either there or not. Wear leaves gaps that begin and end anywhere; a
merged cell's missing ruling is missing from crossing to crossing.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from .strokes import Field, Trace, profile, runs

if TYPE_CHECKING:
    from numpy.typing import NDArray

NEAR = 4.2
"""A line that ends this near (points) to another meets it."""
TRIM = 2.0
"""Points beside a crossing in which the other line hides this one."""
MERGED = 2.5
"""A gap that begins and ends this near (points) to crossings is a merged cell's."""
MARK = 3.0
"""Marks shorter than this (points) on a line's course say nothing."""
PINHOLE = 2.5
"""Gaps up to this long (points) are none."""
TALL = 18.0
"""A stroke this long (points) is no letter's."""

LONE = 36.0
"""A line with a piece this long (points) is a ruling without any other that crosses it."""

WORN = 30.0
"""Pieces of a line parted by no more than this (points) are known to be one."""
REST = 18.0
"""Marks on a line's course this near (points) to its end are what is left of it."""

CLEAN = 0.9
"""So much (share) of a stretch has paper on both sides where no letters stand on it."""

GAP = 12.0
"""Gaps of wear are mostly shorter than this (points), those of merged cells longer."""

TOUCH = (1.4, 3.0)
"""Where a line is seen that comes up to a crossing (points from it): letters keep away from rulings."""
SURE = 0.93
"""A stretch of which this share is drawn is a ruling's wherever it ends."""

EDGE, EDGE_SHARE, PAPER = 14.0, 1 / 60, 400.0
"""So near (points) to the sheet's edge what lies beneath or beside the paper shows as a dark sliver. A sheet shorter
than the third is no paper, but a picture that was cut out: there it is the share of it."""

Span = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Rule:
    """How much must be seen.

    `likely`: share of a stretch between crossings that makes it drawn where nothing speaks against it; `sole`: whether
    it may hang free, meeting no crossing or one; `worn`: the longest gap (points) that is taken for wear.
    """

    likely: float = 0.35
    sole: bool = True
    worn: float = 32.0


@dataclass(slots=True, eq=False)
class Course:
    """A line while it is looked at. `drawn`: for every pixel along; `sum`, `marks`, `clear`: running counts of the
    pixels drawn, of those dark at all, and of those with paper on both sides. `known`: stretches told without the
    grid, `spans`: what is held to be there (pixels); `cut`: a page break cut it.
    """

    trace: Trace
    drawn: NDArray[np.bool_] = field(repr=False)
    sum: NDArray[np.int64] = field(repr=False)
    marks: NDArray[np.int64] = field(repr=False)
    clear: NDArray[np.int64] = field(repr=False)
    known: list[Span]
    spans: list[Span]
    cut: bool = False

    def share(self, start: float, end: float) -> float:
        """How much of the stretch is drawn, 0 to 1."""
        return share_of(self.sum, start, end)

    def meets(self, at: NDArray[np.float64], near: float) -> NDArray[np.bool_]:
        """For every position whether the line is there or ends within `near` of it."""
        out = np.zeros(len(at), np.bool_)
        for start, end in self.spans:
            out |= (at >= start - near) & (at <= end + near)
        return out


def courses(found: Field, traces: Sequence[Trace]) -> list[Course]:
    """The lines with what is drawn along the whole picture on their course."""
    out = []
    for trace in traces:
        seen, clear = profile(found, trace)
        drawn = np.zeros(len(seen), np.bool_)
        marks = [(a, b) for a, b in closed(runs(seen, 1), PINHOLE * found.scale) if b - a >= MARK * found.scale]
        for start, end in marks:
            drawn[int(start) : int(end)] = True
        known = closed(trace.parts, WORN * found.scale)
        out.append(Course(trace, drawn, _summed(drawn), _summed(seen), _summed(clear), known, known))
    return out


def wear(found: Sequence[Course], scale: float) -> float:
    """The share of the lines' length that short gaps take."""
    gaps, length = 0.0, 0.0
    for course in found:
        for start, end in course.known:
            if end - start < 2 * LONE * scale:
                continue
            length += end - start
            parts = runs(~course.drawn[int(start) : int(end)], PINHOLE * scale)
            gaps += sum(b - a for a, b in parts if b - a <= GAP * scale)
    return gaps / length if length else 0.0


def _summed(flags: NDArray[np.bool_]) -> NDArray[np.int64]:
    return np.concatenate([[0], np.cumsum(flags)])


def grow(course: Course, scale: float) -> None:
    """The known stretches made to take in the marks near their ends: what wear left of the line before a corner."""
    long = [(a, b) for a, b in runs(course.drawn, 1.5 * MARK * scale) if share_of(course.clear, a, b) >= CLEAN]
    out = []
    for start, end in course.known:
        for a, b in long:
            if a - end <= REST * scale:
                end = max(end, b) if b > end else end
        for a, b in reversed(long):
            if start - b <= REST * scale:
                start = min(start, a)
        out.append((start, end))
    course.known = closed(out, WORN * scale)


def closed(spans: Sequence[Span], gap: float) -> list[Span]:
    """The stretches, those no further apart than `gap` made one."""
    out: list[Span] = []
    for start, end in sorted(spans):
        if out and start - out[-1][1] <= gap:
            out[-1] = (out[-1][0], max(out[-1][1], end))
        else:
            out.append((start, end))
    return out


def crossings(along: Sequence[Course], across: Sequence[Course]) -> NDArray[np.float64]:
    """Where lines cross: of shape (along, across, 2), the position along the first and along the second (pixels)."""
    out = np.zeros((len(along), len(across), 2))
    if not along or not across:
        return out
    level = np.array([np.mean(course.trace.ys) for course in along])
    for _ in range(2):
        for j, course in enumerate(across):
            out[:, j, 0] = course.trace.at(out[:, j, 1] if _ else level)
        for i, course in enumerate(along):
            out[i, :, 1] = course.trace.at(out[i, :, 0])
    return out


def settle(level: Sequence[Course], upright: Sequence[Course], scale: float, rule: Rule) -> None:
    """Every line's `spans` made what the grid says of it. `scale`: pixels a point."""
    for course in (*level, *upright):
        course.spans = course.known
    where = crossings(level, upright)
    turned = where.transpose(1, 0, 2)[:, :, ::-1]
    for _ in range(3):
        for own, others, at in ((level, upright, where), (upright, level, turned)):
            meets = np.zeros((len(own), len(others)), np.bool_)
            for j, other in enumerate(others):
                meets[:, j] = other.meets(at[:, j, 1], NEAR * scale)
            for i, course in enumerate(own):
                course.spans = _spans(course, np.sort(at[i, meets[i], 0]), scale, rule)


def share_of(sums: NDArray[np.int64], start: float, end: float) -> float:
    """The share of True between two pixels, by the running count of them."""
    a, b = max(0, round(start)), min(len(sums) - 1, round(end))
    return float(sums[b] - sums[a]) / (b - a) if b > a else 0.0


def _spans(course: Course, stops: NDArray[np.float64], scale: float, rule: Rule) -> list[Span]:
    """What is drawn of one line. `stops`: where others cross it (pixels along, ascending)."""
    stops = stops_of(stops, scale)
    loose = rest(course, stops, scale, GAP)
    least = 0.0 if course.cut else TALL * scale
    if len(stops) < 2:
        return [span for span in loose if span[1] - span[0] >= least]
    kinds = [_drawn(course, a, b, scale, rule) for a, b in pairwise(stops.tolist())]
    if rule.sole:
        for n in range(1, len(kinds) - 1):
            # On a worn line what stands free between two stretches drawn belongs to it.
            if not kinds[n] and kinds[n - 1] and kinds[n + 1]:
                kinds[n] = _hangs(course, stops[n], stops[n + 1], scale, rule)
    _mend(course, stops, kinds, scale, rule)
    out: list[Span] = [(float(stops[n]), float(stops[n + 1])) for n, kind in enumerate(kinds) if kind]
    for start, end in loose:
        # What goes on beyond the grid, or ends inside a cell.
        inside = [(a, b) for a, b in out if a <= start + NEAR * scale and b >= end - NEAR * scale]
        if not inside and end - start >= least:
            out.append((snapped(start, stops, NEAR * scale), snapped(end, stops, NEAR * scale)))
    return closed([(a, b) for a, b in out if b > a], 0.5)


def rest(course: Course, stops: NDArray[np.float64], scale: float, gap: float) -> list[Span]:
    """The stretches seen, made one where no other line crosses between.

    At most `gap` points may part them; where it is more than `WORN`, stretches twice as long stand on either side.
    """
    near = NEAR * scale
    spans = closed(course.trace.parts, near)
    for most, times in ((min(gap, WORN), 0.0), (gap, 2.0)):
        out: list[Span] = []
        for start, end in spans:
            free = bool(out) and not ((stops > out[-1][1] - near) & (stops < start + near)).any()
            blank = start - out[-1][1] if out else 0.0
            if free and blank <= most * scale and times * blank <= min(end - start, out[-1][1] - out[-1][0]):
                out[-1] = (out[-1][0], end)
            else:
                out.append((start, end))
        spans = out
    return spans


def stops_of(at: NDArray[np.float64], scale: float) -> NDArray[np.float64]:
    """Ascending places without those that are hardly a point from the one before."""
    return at[np.concatenate([[True], np.diff(at) > scale])] if len(at) else at


def snapped(x: float, stops: NDArray[np.float64], near: float) -> float:
    """The nearest stop where that is no further than `near`, else `x`."""
    nearest = float(stops[np.argmin(np.abs(stops - x))])
    return nearest if abs(nearest - x) <= near else x


def _drawn(course: Course, a: float, b: float, scale: float, rule: Rule) -> bool:
    """Whether the line goes from crossing `a` to `b`."""
    trim = min(TRIM * scale, (b - a) / 4)
    share = course.share(a + trim, b - trim)
    if share < rule.likely:
        return False
    inner, outer = (min(by * scale, (b - a) / 4) for by in TOUCH)
    touching = (course.share(a + inner, a + outer) > 0.5) + (course.share(b - outer, b - inner) > 0.5)
    if share >= SURE:
        return True
    if touching == 1 and max(_ends(course.drawn[round(a) : round(b)])) > max(TALL, rule.worn) * scale:
        return False  # it ends inside a cell
    if touching and b - a >= 2 * LONE * scale:
        return True
    if not rule.sole:
        return touching == 2 and share_of(course.clear, a + trim, b - trim) >= CLEAN
    found = runs(course.drawn[round(a) : round(b)], 1)
    return touching > 0 or max((end - start for start, end in found), default=0) >= TALL * scale


def _hangs(course: Course, a: float, b: float, scale: float, rule: Rule) -> bool:
    """Whether enough of the line is left between two crossings, with no letters near that it might be of."""
    trim = min(TRIM * scale, (b - a) / 4)
    found = runs(course.drawn[round(a) : round(b)], 1)
    # A dash or a digit in the middle of a merged cell also stands clear.
    middle = len(found) == 1 and abs(sum(found[0]) - (b - a)) <= 4 * scale
    clear = share_of(course.clear, a + trim, b - trim) >= CLEAN
    return clear and not middle and course.share(a + trim, b - trim) >= rule.likely


def _mend(course: Course, stops: NDArray[np.float64], kinds: list[bool], scale: float, rule: Rule) -> None:
    """Stretches not drawn, between drawn ones, that a worn line's gap made: it does not keep to the crossings."""
    n = 0
    while n < len(kinds):
        if kinds[n]:
            n += 1
            continue
        end = n
        while end < len(kinds) and not kinds[end]:
            end += 1
        a, b = round(stops[n]), round(stops[end])
        inner = n > 0 and end < len(kinds)
        blank = max((d - c for c, d in runs(~course.drawn[a:b], 1)), default=0)
        if (inner or end == n + 1) and blank <= rule.worn * scale:
            before = _missing(course.drawn[max(0, a - round(40 * scale)) : a][::-1])
            after = _missing(course.drawn[b : b + round(40 * scale)])
            torn = inner and b - a <= rule.worn * scale and max(before, after) > MERGED * scale
            if torn or _has_rest(course, a, b, scale):
                kinds[n:end] = [True] * (end - n)
        n = end


def _has_rest(course: Course, a: int, b: int, scale: float) -> bool:
    """Whether something of the line is left between two crossings, with no letters near that it might be of."""
    trim = TRIM * scale
    if b - a < 3 * trim or share_of(course.clear, a + trim, b - trim) < CLEAN:
        return False
    marks = share_of(course.marks, a + trim, b - trim) * (b - a - 2 * trim)
    return (
        scale < marks < 4.5 * scale or course.share(a + trim, a + 2 * trim) + course.share(b - 2 * trim, b - trim) > 0
    )


def _ends(drawn: NDArray[np.bool_]) -> tuple[int, int]:
    """Pixels not drawn at the start and at the end."""
    return _missing(drawn), _missing(drawn[::-1])


def _missing(drawn: NDArray[np.bool_]) -> int:
    """Pixels before the first that is drawn."""
    return int(np.argmax(drawn)) if drawn.any() else 0
