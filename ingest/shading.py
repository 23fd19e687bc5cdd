"""Edges of filled rectangles that can be seen: there is none between two fills of one colour that touch."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from biaoge.model import Axis

REACH = 1.0
"""Two fills with up to this much white between them (points) touch: word processors round the heights of lines."""
ALIKE = 4.0
"""Colours whose parts (0 to 255) all differ by at most this are one colour."""
THIN = 3.05
"""A filled rectangle up to this thick (points; 3, and rounding) is a line; a thicker one has edges."""
MOST_AREAS = 3000
"""On a page with more of them every edge is taken to be seen."""

Colour = tuple[float, ...]
"""Parts from 0 to 255 in whatever colour space; only colours of the same reader and length compare."""
Edge = tuple[Axis, float, float, float]
"""axis, at, start, end."""


class Area(NamedTuple):
    """A filled rectangle. `colour`: `None` where it is not known; `edged`: whether its edges count."""

    x0: float
    top: float
    x1: float
    bottom: float
    colour: Colour | None
    edged: bool


def edges_of(areas: Sequence[Area]) -> Iterator[Edge]:
    """The parts of the areas' edges that can be seen; `areas` in the order of painting.

    Hidden is what has an area of the same colour directly on its other side, unless one painted later lies between.

    >>> grey = (200.0, 200.0, 200.0)
    >>> [edge for edge in edges_of([Area(0, 0, 9, 5, grey, True), Area(0, 5.5, 9, 9, grey, True)]) if edge[0] == "h"]
    [('h', 0, 0, 9), ('h', 9, 0, 9)]
    """
    names = _names(areas)
    boxes = np.array([area[:4] for area in areas]).reshape(-1, 4)  # (areas, x0 top x1 bottom)
    for side in (1, 3, 0, 2):
        axis: Axis = "h" if side % 2 else "v"
        behind = _behind(boxes, names, side) if 1 < len(areas) <= MOST_AREAS else {}
        for i, area in enumerate(areas):
            if area.edged:
                box = area[:4]
                ends = box[1 - side % 2], box[3 - side % 2]
                others = [
                    (areas[j][:4][1 - side % 2], areas[j][:4][3 - side % 2], names[j] == names[i])
                    for j in behind.get(i, ())
                ]
                for start, end in _seen(ends, others):
                    yield axis, box[side], start, end


def _seen(ends: tuple[float, float], others: Sequence[tuple[float, float, bool]]) -> Iterator[tuple[float, float]]:
    """The stretches of an edge from `ends[0]` to `ends[1]` that no other hides.

    `others`: (start, end, is of the same colour) of what lies behind it, the last painted last.

    >>> list(_seen((0, 9), [(2, 5, True), (4, 6, False)]))
    [(0, 2), (4, 9)]
    """
    if not others:
        yield ends
        return
    stops = sorted({*ends, *(at for other in others for at in other[:2] if ends[0] < at < ends[1])})
    since: float | None = None
    for a, b in pairwise(stops):
        top = next((alike for start, end, alike in reversed(others) if start <= a and b <= end), False)
        if top and since is not None:
            yield since, a
        since = None if top else a if since is None else since
    if since is not None:
        yield since, ends[1]


def _names(areas: Sequence[Area]) -> list[int]:
    """For every area the number of its colour; unknown colours all differ."""
    known: list[Colour] = []
    numbers: dict[Colour, int] = {}
    names = []
    for i, area in enumerate(areas):
        colour = area.colour
        if colour is None:
            names.append(-1 - i)
            continue
        if colour not in numbers:
            alike = (
                n
                for n, other in enumerate(known)
                if len(other) == len(colour) and all(abs(p - q) <= ALIKE for p, q in zip(colour, other, strict=True))
            )
            numbers[colour] = next(alike, len(known))
            if numbers[colour] == len(known):
                known.append(colour)
        names.append(numbers[colour])
    return names


def _behind(boxes: NDArray[np.float64], names: Sequence[int], side: int) -> dict[int, list[int]]:
    """Area -> the areas on the other side of its edge `side`, in the order of painting; only where one is alike."""
    name = np.array(names)
    low, high = boxes[:, side % 2], boxes[:, side % 2 + 2]  # across the edge
    start, end = boxes[:, 1 - side % 2], boxes[:, 3 - side % 2]
    at = boxes[:, side]
    probe = at + (REACH if side > 1 else -REACH)
    line = high - low < THIN  # drawn on the edge itself, it parts what lies on its sides
    found: dict[int, list[int]] = {}
    for first in range(0, len(boxes), 256):
        some = slice(first, first + 256)
        hit = (low <= probe[some, None] + 1e-6) & (high >= probe[some, None] - 1e-6)  # (some, areas)
        hit |= line & (low <= at[some, None] + REACH) & (high >= at[some, None] - REACH)
        hit &= (start < end[some, None]) & (end > start[some, None])
        alike = hit & (name == name[some, None])
        for i in np.nonzero(alike.any(axis=1))[0]:
            found[first + int(i)] = np.nonzero(hit[i])[0].tolist()
    return found
