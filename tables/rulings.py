"""From the raw rulings of a page to the lines of one grid: collinear pieces joined, near positions made one.

A printed line may arrive as one stroke, as a piece for every cell, as a dozen dashes, as two hair lines side by side
or as the edge of a fill. `components` finds which rulings hang together; `lines` makes of one component's rulings the
few positions that matter, each with the stretches where something is really drawn.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from biaoge.model import Axis, Box, Ruling

SNAP = 4.0
"""Positions this near (points) are one line: no row or column of text is narrower."""
REACH = 3.0
"""Rulings that miss each other by this much (points) still meet."""

Span = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Line:
    """A position with the stretches drawn there, ascending and apart (points). `soft`: only fills' edges."""

    at: float
    spans: tuple[Span, ...]
    soft: bool = False

    @property
    def start(self) -> float:
        """Where the first stretch begins."""
        return self.spans[0][0]

    @property
    def end(self) -> float:
        """Where the last stretch ends."""
        return self.spans[-1][1]

    def covered(self, start: float, end: float) -> float:
        """Share (0 to 1) of the stretch `start`-`end` that is drawn.

        >>> Line(0, ((0, 4), (6, 10))).covered(2, 8)
        0.6666666666666666
        """
        if end <= start:
            return 0.0
        first = max(0, bisect_right(self.spans, (start, start)) - 1)
        total = 0.0
        for a, b in self.spans[first:]:
            if a >= end:
                break
            total += max(0.0, min(b, end) - max(a, start))
        return total / (end - start)


def union(spans: Iterable[Span], gap: float = 0.0) -> tuple[Span, ...]:
    """Stretches joined where they overlap or are at most `gap` apart.

    >>> union([(6, 7), (0, 2), (2.5, 4)], gap=1)
    ((0, 4), (6, 7))
    """
    out: list[list[float]] = []
    for start, end in sorted(spans):
        if out and start - out[-1][1] <= gap:
            out[-1][1] = max(out[-1][1], end)
        else:
            out.append([start, end])
    return tuple((a, b) for a, b in out)


def collapse(rulings: Iterable[Ruling], near: float = 0.8) -> list[Ruling]:
    """The same drawing with fewer pieces: collinear ones within `near` points of each other put together."""
    out = []
    axes: tuple[Axis, ...] = ("h", "v")
    for axis in axes:
        for soft in (False, True):
            chosen = sorted(
                (r for r in rulings if r.axis == axis and (r.origin == "fill") is soft), key=lambda r: (r.at, r.start)
            )
            for group in groups(chosen, near):
                thickness = max(r.thickness for r in group)
                weight = sum(r.length for r in group)
                at = sum(r.at * r.length for r in group) / weight
                for start, end in union(((r.start, r.end) for r in group), gap=REACH):
                    out.append(Ruling(axis, at, start, end, thickness, group[0].origin))
    return out


def groups(rulings: Sequence[Ruling], gap: float) -> list[list[Ruling]]:
    """Rulings, ascending by `at`, in groups that lie within `gap` of the group's first."""
    out: list[list[Ruling]] = []
    for ruling in rulings:
        if out and ruling.at - out[-1][0].at <= gap:
            out[-1].append(ruling)
        else:
            out.append([ruling])
    return out


def components(rulings: Sequence[Ruling], reach: float = REACH) -> list[list[Ruling]]:
    """Rulings that touch one another, directly or through others; largest box first.

    Two rulings touch where one crosses or meets the other, or where one goes on where the other ends.
    """
    count = len(rulings)
    if not count:
        return []
    # (rulings, 4): x0, top, x1, bottom without thickness
    box = np.array([(r.start, r.at, r.end, r.at) if r.axis == "h" else (r.at, r.start, r.at, r.end) for r in rulings])
    parent = list(range(count))

    def root(i: int) -> int:
        while parent[i] != i:
            parent[i] = parent[parent[i]]
            i = parent[i]
        return i

    for i in range(count - 1):
        rest = box[i + 1 :]
        meets = (
            (rest[:, 0] <= box[i, 2] + reach)
            & (rest[:, 2] >= box[i, 0] - reach)
            & (rest[:, 1] <= box[i, 3] + reach)
            & (rest[:, 3] >= box[i, 1] - reach)
        )
        for j in np.flatnonzero(meets):
            a, b = root(i), root(i + 1 + int(j))
            if a != b:
                parent[max(a, b)] = min(a, b)
    members: dict[int, list[Ruling]] = {}
    for i, ruling in enumerate(rulings):
        members.setdefault(root(i), []).append(ruling)
    return sorted(members.values(), key=lambda group: -_box_of(group).area)


def _box_of(rulings: Sequence[Ruling]) -> Box:
    return Box.around(r.box for r in rulings)


def lines(rulings: Iterable[Ruling], axis: Axis, snap: float = SNAP) -> list[Line]:
    """The positions of one component along `axis`, ascending; a double line or a ragged one is a single position.

    Where drawn lines and fills' edges come together the drawn ones say where the position is; a fill's edge nearer
    than a line of text to a drawn line over its whole length belongs to that line (shading with a margin).
    """
    hard = sorted((r for r in rulings if r.axis == axis and r.origin != "fill"), key=lambda r: r.at)
    soft = sorted((r for r in rulings if r.axis == axis and r.origin == "fill"), key=lambda r: r.at)
    out = [_line(group) for group in groups(hard, snap)]
    apart = []
    for ruling in soft:
        near = [line for line in out if abs(line.at - ruling.at) <= snap + 3 and _shares(line, ruling)]
        if not near:
            apart.append(ruling)
            continue
        closest = min(near, key=lambda line: abs(line.at - ruling.at))
        if abs(closest.at - ruling.at) <= snap:
            spans = union((*closest.spans, (ruling.start, ruling.end)), gap=REACH)
            out[out.index(closest)] = Line(closest.at, spans, closest.soft)
    out += [_line(group, soft=True) for group in groups(apart, snap)]
    out.sort(key=lambda line: line.at)
    return _settle(out, snap)


def _shares(line: Line, ruling: Ruling) -> bool:
    return line.covered(ruling.start, ruling.end) > 0.5


def _line(group: Sequence[Ruling], soft: bool = False) -> Line:
    weight = sum(r.length for r in group)
    at = sum(r.at * r.length for r in group) / weight
    return Line(at, union(((r.start, r.end) for r in group), gap=REACH), soft)


def _settle(found: list[Line], snap: float) -> list[Line]:
    """Neighbours still nearer than `snap` (group centres can come close) made one."""
    out: list[Line] = []
    for line in found:
        if out and line.at - out[-1].at <= snap:
            last = out[-1]
            keep = (
                last
                if (not last.soft and line.soft)
                or sum(b - a for a, b in last.spans) >= sum(b - a for a, b in line.spans)
                else line
            )
            out[-1] = Line(keep.at, union((*last.spans, *line.spans), gap=REACH), last.soft and line.soft)
        else:
            out.append(line)
    return out
