"""Reading order of boxes: columns found by their gutters, cut recursively.

A recursive XY-cut (G. Nagy, S. Seth, "Hierarchical representation of optically scanned documents", ICPR 1984; on
boxes: J. Ha, R. Haralick, I. Phillips, "Recursive X-Y cut using bounding boxes of connected components", ICDAR 1995),
changed in one point. The plain cut takes the widest white strip and so reads two columns row by row as soon as their
paragraphs happen to line up. Here the vertical cut comes first and needs no strip through the whole page: every white
between neighbours of a row votes, the place with most votes is a gutter, and the boxes that cross it (titles, wide
tables) end the columns above and begin them anew below, as spanning boxes do in T. Breuel, "High performance document
layout analysis", SDIUT 2003.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from statistics import median

from biaoge.model import Box

COLUMN_WIDTH = 6.0  # in heights: where the median box is narrower, it is a table's or a list's column, read by rows
GUTTER = 0.6  # in heights: least white between two columns
_DEPTH = 12


def order(boxes: Sequence[Box]) -> list[tuple[int, ...]]:
    """Indices into `boxes` (lines of text and whatever stands between them) in reading order, one tuple a column.

    Columns from left to right, inside a column rows from top to bottom, inside a row from left to right.

    >>> order([Box(0, 0, 90, 10), Box(110, 0, 200, 10), Box(0, 12, 90, 22), Box(110, 12, 200, 22)])
    [(0, 2), (1, 3)]
    """
    if not boxes:
        return []
    heights = sorted(b.height for b in boxes)
    return _cut(
        boxes, sorted(range(len(boxes)), key=lambda i: _place(boxes[i])), heights[len(heights) // 2] or 1.0, _DEPTH
    )


def _place(box: Box) -> tuple[float, float, float, float]:
    return (box.x0, box.top, box.x1, box.bottom)


def _cut(boxes: Sequence[Box], some: list[int], height: float, depth: int) -> list[tuple[int, ...]]:
    gutter = _gutter(boxes, some, height) if depth and len(some) > 3 else None
    if gutter is None:
        return [tuple(rows(boxes, some))]
    result: list[tuple[int, ...]] = []
    pending: list[int] = []
    for run, is_columns in _runs(boxes, some, gutter, height):
        if not is_columns:
            pending += run
            continue
        if pending:
            result += _cut(boxes, pending, height, depth - 1)
            pending = []
        result += _cut(boxes, [i for i in run if boxes[i].cx < gutter], height, depth - 1)
        result += _cut(boxes, [i for i in run if boxes[i].cx >= gutter], height, depth - 1)
    if len(pending) == len(some):
        return [tuple(rows(boxes, some))]
    if pending:
        result += _cut(boxes, pending, height, depth - 1)
    return result


def rows(boxes: Sequence[Box], some: Sequence[int]) -> list[int]:
    """`some` of the boxes by rows from top to bottom, each from left to right.

    A box belongs to the row whose first box's height its centre meets, or the other way round.
    """
    result: list[int] = []
    row: list[int] = []
    for i in sorted(some, key=lambda i: (boxes[i].top + boxes[i].bottom, _place(boxes[i]))):
        if row and not (boxes[i].cy < boxes[row[0]].bottom and boxes[i].top < boxes[row[0]].cy):
            result += sorted(row, key=lambda j: (boxes[j].x0, boxes[j].top, j))
            row = []
        row.append(i)
    return result + sorted(row, key=lambda j: (boxes[j].x0, boxes[j].top, j))


def _gutter(boxes: Sequence[Box], some: Sequence[int], height: float) -> float | None:
    """x in the middle of the strip that most neighbours of a row leave white between them, less the boxes it cuts."""
    events: list[tuple[float, int]] = []
    for left, right in _neighbours(boxes, some):
        if right - left >= GUTTER * height:
            events += [(left, 1), (right, -1)]
    if not events:
        return None
    xs = sorted(e[0] for e in events)
    starts, ends = sorted(boxes[i].x0 for i in some), sorted(boxes[i].x1 for i in some)
    events.sort(key=lambda e: (e[0], -e[1]))
    votes = 0
    best = (float("-inf"), 0.0, 0.0)
    for n, (x, step) in enumerate(events):
        votes += step
        if votes <= 0 or n + 1 == len(events):
            continue
        following = xs[min(bisect_right(xs, x), len(xs) - 1)]
        if following - x < 1e-6:
            continue
        middle = (x + following) / 2
        crossing = bisect_right(starts, middle) - bisect_right(ends, middle)
        score = votes - 0.5 * crossing
        if votes >= 2 and (score, following - x) > best[:2]:
            best = (score, following - x, middle)
    return best[2] if best[1] else None


def _neighbours(boxes: Sequence[Box], some: Sequence[int]) -> list[tuple[float, float]]:
    """For every box the white up to the nearest box right of it that shares its height."""
    by_top = sorted(some, key=lambda i: (boxes[i].top, i))
    tops = [boxes[i].top for i in by_top]
    tallest = max(boxes[i].height for i in some)
    if tallest > 6 * median(boxes[i].height for i in some):
        tallest = max(sorted(boxes[i].height for i in some)[: max(1, len(some) * 9 // 10)])
    result = []
    for i in some:
        box = boxes[i]
        nearest: float | None = None
        n = bisect_right(tops, box.bottom) - 1
        while n >= 0 and tops[n] > box.top - tallest:
            other = boxes[by_top[n]]
            n -= 1
            if other.x0 < box.x1 - 1e-6 or other.x0 <= box.x0:
                continue
            shared = min(other.bottom, box.bottom) - max(other.top, box.top)
            if shared > 0.3 * min(other.height, box.height) and (nearest is None or other.x0 < nearest):
                nearest = other.x0
        if nearest is not None:
            result.append((box.x1, nearest))
    return result


def _runs(boxes: Sequence[Box], some: list[int], gutter: float, height: float) -> list[tuple[list[int], bool]]:
    """`some` from top to bottom, parted where boxes cross the gutter; with each part whether it is two columns."""
    parts: list[tuple[list[int], bool]] = []
    run: list[int] = []
    for i in sorted(some, key=lambda i: (boxes[i].top + boxes[i].bottom, _place(boxes[i]))):
        if boxes[i].x0 < gutter < boxes[i].x1:
            parts += _judged(boxes, run, gutter, height)
            parts.append(([i], False))
            run = []
        else:
            run.append(i)
    return parts + _judged(boxes, run, gutter, height)


def _judged(boxes: Sequence[Box], run: list[int], gutter: float, height: float) -> list[tuple[list[int], bool]]:
    """A run between crossing boxes: two columns if both sides have prose side by side; else one part as it is.

    Lines on the right above the first on the left (a date, a number of the document) stay before the columns.
    """
    if not run:
        return []
    left = [i for i in run if boxes[i].cx < gutter]
    right = [i for i in run if boxes[i].cx >= gutter]
    if not left or not right:
        return [(run, False)]
    first = min(boxes[i].top for i in left)
    early = [i for i in right if boxes[i].bottom <= first]
    right = [i for i in right if boxes[i].bottom > first]
    beside = min(_beside(boxes, left, right), _beside(boxes, right, left))
    wide = min(median(boxes[i].width for i in side) if side else 0.0 for side in (left, right))
    if beside < 2 or wide < COLUMN_WIDTH * height:
        return [(run, False)]
    rest = [i for i in run if i not in set(early)]
    return ([(early, False)] if early else []) + [(rest, True)]


def _beside(boxes: Sequence[Box], some: Sequence[int], others: Sequence[int]) -> int:
    """How many of `some` have one of `others` at their height."""
    spans = sorted((boxes[i].top, boxes[i].bottom) for i in others)
    reach: list[float] = []  # lowest bottom up to here
    for _, bottom in spans:
        reach.append(max(bottom, reach[-1]) if reach else bottom)
    tops = [s[0] for s in spans]
    count = 0
    for i in some:
        n = bisect_right(tops, boxes[i].cy)
        count += n > 0 and reach[n - 1] >= boxes[i].cy
    return count
