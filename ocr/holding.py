"""Which lines are rulings: those that others of the other axis cross, that are long, or that a page break cut."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from .gridsupport import EDGE, EDGE_SHARE, LONE, NEAR, PAPER, TALL, Course

LEVEL = 2.0
"""Ends this near (points) to one another are level: a page break cut the lines there."""
MANY = 4
"""More short lines than this that end level are the sides of cells that a page break cut."""
ROWS = 30.0
"""Points: lines so far apart that one stroke passes have no letter between them."""
TORN = 36.0
"""Wear takes no more than this (points) of a line's end."""
OVER = 6.0
"""A stroke that goes on so far (points) on both sides of another line is no letter's: letters keep to their cells."""
FREE = 72.0
"""Shorter lines (points) that end free are the feet or the tops of the letters of a heading."""
FAINTER = 0.45
"""A short line paler than this share of most lines of its axis is dirt, or the other side showing through."""


def held(
    level: Sequence[Course], upright: Sequence[Course], near: float, scale: float
) -> tuple[list[Course], list[Course]]:
    """The lines that are long, or end at others both ways: short strokes that hang on nothing are letters'.

    Also those that begin at another line and end where a long one beside them does: a page break cut their row.
    `near`: how far (pixels) from another line they may end.
    """
    level, upright = _dark(level, scale), _dark(upright, scale)
    level, upright = _based(level, upright, near, scale), _based(upright, level, near, scale)
    rows, columns = [c for c in level if _is_long(c, scale)], [c for c in upright if _is_long(c, scale)]
    while True:
        before = len(rows) + len(columns)
        rows = [c for c in level if _is_kept(c, columns, near, scale)]
        columns = [c for c in upright if _is_kept(c, rows, near, scale)]
        if len(rows) + len(columns) == before:
            break
    kept = set(map(id, columns))
    hung = [(c, *end) for c in upright if id(c) not in kept for end in _hung(c, rows, near, scale)]
    long = [c for c in columns if sum(b - a for a, b in c.trace.parts) >= LONE * scale]
    for course, below, at in hung:
        alike = sum(abs((c.known[-1][1] if below else c.known[0][0]) - at) <= LEVEL * scale for c in long)
        together = alike + sum(b is below and abs(x - at) <= LEVEL * scale for _, b, x in hung)
        course.cut |= alike > 1 or together > MANY
    return rows, [c for c in upright if id(c) in kept or c.cut]


def _is_kept(course: Course, others: Sequence[Course], near: float, scale: float) -> bool:
    return _is_long(course, scale) or _is_held(course, others, near, scale) or _goes_over(course, others, scale)


def _dark(own: Sequence[Course], scale: float) -> list[Course]:
    """The lines of one axis without the short ones that are much paler than most."""
    usual = float(np.median([c.trace.strength for c in own])) if own else 0.0
    return [c for c in own if _is_long(c, scale) or c.trace.strength >= FAINTER * usual]


def _based(own: Sequence[Course], others: Sequence[Course], near: float, scale: float) -> list[Course]:
    """The lines of one axis without those that are hardly long, end free on both sides, and level with no other."""
    long = [c for c in own if _is_long(c, scale)]
    out = []
    for course in own:
        first, last = course.known[0][0], course.known[-1][1]
        if course in long and last - first < FREE * scale:
            ends = any(_touches(o, x, course.trace.at_one(x), near) for x in (first, last) for o in others)
            beside = [(o.known[0][0], o.known[-1][1]) for o in long if o is not course]
            alike = any(abs(a - first) <= near or abs(b - last) <= near for a, b in beside)
            if not ends and not alike:
                continue
        out.append(course)
    return out


def _goes_over(course: Course, others: Sequence[Course], scale: float) -> bool:
    """Whether a stroke of the line crosses another line, and goes on beyond it both ways."""
    over = OVER * scale
    for start, end in course.trace.parts:
        for other in others:
            y = course.trace.at_one(float(np.mean(other.trace.ys)))
            x = other.trace.at_one(y)
            if start + over <= x <= end - over and any(a <= y <= b for a, b in other.known):
                return True
    return False


def _hung(course: Course, others: Sequence[Course], near: float, scale: float) -> list[tuple[bool, float]]:
    """The ends of an upright line's stretches that meet one level line alone: whether it is the lower one, and where.

    Such a row a page break cut, if other lines end level with it.
    """
    out = []
    for span in course.known:
        meets = [any(_touches(other, x, course.trace.at_one(x), near) for other in others) for x in span]
        if sum(meets) == 1:
            out.append((meets[0], span[1] if meets[0] else span[0]))
    return out


def inner(
    level: Sequence[Course], upright: Sequence[Course], size: tuple[int, int], scale: float
) -> tuple[list[Course], list[Course]]:
    """The lines without those along the picture's edge that fewer than two others meet; `size`: height, width."""
    sides = ((level, upright, size[0]), (upright, level, size[1]))
    kept = [[c for c in own if not _at_edge(c, far, scale) or _met(c, others, scale) > 1] for own, others, far in sides]
    return kept[0], kept[1]


def _at_edge(course: Course, far: int, scale: float) -> bool:
    ys, near = course.trace.ys, EDGE * scale if far >= PAPER * scale else EDGE_SHARE * far
    return bool(ys.max() < near or ys.min() > far - near)


def _met(course: Course, others: Sequence[Course], scale: float) -> int:
    """How many lines of the other axis end at or cross the line."""
    count = 0
    for other in others:
        x = float(np.mean(other.trace.ys))
        y = course.trace.at_one(x)
        there = any(a - NEAR * scale <= other.trace.at_one(y) <= b + NEAR * scale for a, b in course.known)
        count += there and any(a - NEAR * scale <= y <= b + NEAR * scale for a, b in other.known)
    return count


def _is_long(course: Course, scale: float) -> bool:
    """Whether a line needs no other to be held."""
    lengths = [end - start for start, end in course.trace.parts]
    return max(lengths) >= LONE * scale or sum(lengths) >= 2 * LONE * scale


def _is_held(course: Course, others: Sequence[Course], near: float, scale: float) -> bool:
    """Whether a stretch of the line ends at others both ways, at one each; a longer one may go beyond them."""
    parts = course.trace.parts
    long = sum(end - start for start, end in parts) >= TALL * scale
    for start, end in {*course.known, (parts[0][0], parts[-1][1])}:
        ends = [{id(o) for o in others if _touches(o, x, course.trace.at_one(x), near)} for x in (start, end)]
        if any(ends) and not all(ends) and long:
            x = end if ends[0] else start
            ends[ends.index(set())] = {id(o) for o in others if _goes_on(o, x, course.trace.at_one(x), scale)}
        if all(ends) and len(set.union(*ends)) > 1:
            return True
        met = [x for o in others if start - near <= (x := _crossing(course, o)) <= end + near]
        if met and max(met) - min(met) >= ROWS * scale:
            return True
    return False


def _goes_on(other: Course, x: float, y: float, scale: float) -> bool:
    """Whether a line of the other axis would pass the point if it went on beyond its end: wear may have taken that."""
    away = min(max(start - y, y - end) for start, end in other.known)
    return 0 < away <= TORN * scale and abs(other.trace.at_one(y) - x) <= LEVEL * scale


def _crossing(course: Course, other: Course) -> float:
    """Where another line passes through the line (pixels along it); nan where it does not."""
    x = other.trace.at_one(course.trace.at_one((course.known[0][0] + course.known[-1][1]) / 2))
    at = course.trace.at_one(x)
    return x if any(start <= at <= end for start, end in other.known) else float("nan")


def _touches(other: Course, x: float, y: float, near: float) -> bool:
    """Whether a line of the other axis passes the point."""
    if not any(start - near <= y <= end + near for start, end in other.known):
        return False
    return abs(other.trace.at_one(y) - x) <= near
