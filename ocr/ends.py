"""Where the lines of a grid without a border end together: their last stretches are judged as those between crossings.

A table without lines at its sides, or one that a page break cuts, has level (upright) lines that all end alike, where
nothing crosses them. What wear took of a line there is seen by the lines beside it.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from .gridsupport import GAP, NEAR, Course, Span, snapped

if TYPE_CHECKING:
    from numpy.typing import NDArray

BESIDE = 5
"""So many lines before and after are asked where they end: a sheet is never quite straight."""
ALIKE = 3.0
"""Ends this near (points) to one another are the same."""
FEWEST = 3
"""So many lines at least end alike."""


def common(own: Sequence[Course], scale: float) -> NDArray[np.float64]:
    """Of shape (lines, 2): where the lines beside each begin and end alike (pixels along), nan where they do not.

    `own`: lines of one axis; `scale`: pixels a point.
    """
    out = np.full((len(own), 2), np.nan)
    if len(own) < FEWEST:
        return out
    at = np.array([float(np.mean(course.trace.ys)) for course in own])
    ends = np.array([(min(a for a, _ in c.known), max(b for _, b in c.known)) for c in own])
    order = np.argsort(at, kind="stable")
    for place, line in enumerate(order.tolist()):
        near = ends[order[max(0, place - BESIDE) : place + BESIDE + 1]]
        for side in (0, 1):
            same = np.abs(near[:, side, None] - near[None, :, side]) <= ALIKE * scale
            count = same.sum(axis=1)
            away = np.where(count >= FEWEST, np.abs(near[:, side] - ends[line, side]), np.inf)
            least = int(np.argmin(away))
            if np.isfinite(away[least]):
                out[line, side] = float(np.median(near[same[least], side]))
    return out


def with_ends(
    stops: NDArray[np.float64], ends: NDArray[np.float64], known: Sequence[Span], scale: float
) -> NDArray[np.float64]:
    """`stops` (pixels along, ascending), and before and after them the common `ends` that no line crosses at.

    A line that nothing crosses has the common ends where its `known` stretches end near to both.
    """
    before, after = ends.tolist()
    if not len(stops):
        # Where the lines beside do not end alike on one side, that side is nan, and near to nothing.
        near_both = abs(known[0][0] - before) <= GAP * scale and abs(known[-1][1] - after) <= GAP * scale
        return ends if near_both else stops
    first = [before] if before < stops[0] - NEAR * scale else []
    last = [after] if after > stops[-1] + NEAR * scale else []
    return np.asarray([*first, *stops, *last], np.float64)


def beyond(loose: Sequence[Span], stops: NDArray[np.float64], drawn: Sequence[Span], scale: float) -> list[Span]:
    """Of the stretches seen what goes on beyond the grid, or ends inside a cell.

    `loose`: the stretches, those too short for a ruling left out; `stops`: where others cross (two at least);
    `drawn`: what is held to be drawn between those.
    A gap of wear may part what lies outside of the grid from it.
    """
    near, first, last = NEAR * scale, float(stops[0]), float(stops[-1])
    out: list[Span] = []
    for start, end in loose:
        if any(a <= start + near and b >= end - near for a, b in drawn):
            continue
        reach = min(GAP * scale, (end - start) / 2)
        if start < first - near and end > first - reach:
            out.append((start, first))
        if end > last + near and start < last + reach:
            out.append((last, end))
        if end <= first - reach or start >= last + reach:
            out.append((snapped(start, stops, near), snapped(end, stops, near)))
        for a, b in pairwise(stops.tolist()):
            low, high = max(start, a), min(end, b)
            whole = low <= a + near and high >= b - near
            if high - low > near and not whole and not any(c <= low + near and d >= high - near for c, d in drawn):
                out.append((snapped(low, stops, near), snapped(high, stops, near)))
    return out
