"""Do two grids on different pages have the same columns? By the positions of their lines alone."""

from __future__ import annotations

import itertools
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass

NEAR = 5.0
"""Lines of two pages this near (points, after laying the tables on one another) are the same line."""
WIDER = 0.03
"""Widths may differ by this share, and the whole be shifted as a duplex print shifts it."""
SHIFT = 45.0


@dataclass(frozen=True, slots=True)
class Shared:
    """The lines of both tables in the coordinates of the first; `first` and `second` say where each one's lines are.

    `agreed` is the share (0 to 1) of inner lines of the table with fewer columns that the other has too.
    """

    xs: tuple[float, ...]
    first: tuple[int, ...]
    second: tuple[int, ...]
    agreed: float

    @property
    def same(self) -> bool:
        """Whether both tables have the very same columns."""
        return self.first == self.second


def shared(first: Sequence[float], second: Sequence[float]) -> Shared | None:
    """The common columns of two tables given by their lines' x (points, ascending), or `None` where they differ.

    >>> shared([0, 50, 100], [10, 110]).second
    (0, 2)
    >>> shared([0, 50, 100], [0, 300]) is None
    True
    """
    width, other = first[-1] - first[0], second[-1] - second[0]
    if abs(width - other) > max(WIDER * width, 3.0) or abs(first[0] - second[0]) > SHIFT:
        return None
    laid = [first[0] + (x - second[0]) * width / other for x in second]
    near = min(NEAR, min(b - a for a, b in itertools.pairwise(first)) / 2)
    xs = list(first)
    for x in laid:
        if min(abs(x - known) for known in xs) > near:
            xs.append(x)
    xs.sort()
    at_first = tuple(bisect_left(xs, x) for x in first)
    at_second = tuple(min(range(len(xs)), key=lambda i: abs(xs[i] - x)) for x in laid)
    if len(set(at_second)) != len(second):
        return None
    inner_first, inner_second = set(at_first[1:-1]), set(at_second[1:-1])
    fewer = min(len(inner_first), len(inner_second))
    agreed = len(inner_first & inner_second) / fewer if fewer else 1.0
    return Shared(tuple(xs), at_first, at_second, agreed)
