"""Whether the cells beside a line would be rectangles without a stretch of it: merged cells always are."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from .blobs import runs
from .gridsupport import NEAR, Course

if TYPE_CHECKING:
    from numpy.typing import NDArray

BEYOND = 5.0
"""Points beyond a crossing where a line that goes on from there is drawn."""


def leaving(
    stops: NDArray[np.float64], where: NDArray[np.float64], others: Sequence[Course], scale: float
) -> NDArray[np.bool_]:
    """For every stop of a line whether a line goes on from there to the one side and to the other: (stops, 2).

    `where`: of shape (others, 2), where each of `others` crosses the line, the place along the line and along the other
    (pixels); `scale`: pixels a point.
    """
    out = np.zeros((len(stops), 2), np.bool_)
    for other, (along, across) in zip(others, where.tolist(), strict=True):
        near = np.abs(stops - along) <= scale
        if not near.any():
            continue
        reach, slack = BEYOND * scale, NEAR * scale
        out[near, 0] |= any(a <= across - reach and b >= across - slack for a, b in other.spans)
        out[near, 1] |= any(b >= across + reach and a <= across + slack for a, b in other.spans)
    return out


def squares(sides: NDArray[np.bool_], drawn: Sequence[bool]) -> list[bool]:
    """For every stretch not `drawn` whether its absence makes a cell that is no rectangle; False for those drawn.

    Where a stretch is missing, what is on either side of it is one cell. That goes on over the neighbouring stretches
    until a line goes on to both sides; where one goes on to one side only, or the line itself begins again, the cell
    would have a corner too many. Nothing is said of the side of a table, from which lines go on to one side alone: that
    may be the sides of two tables. `sides`: see `leaving`.
    """
    out = [False] * len(drawn)
    if not sides.any(axis=0).all():
        return out
    for start, end in runs(~np.array(drawn, np.bool_)):
        # Stretches start to end - 1 are missing, between the stops `start` and `end`.
        ends = [start, *(n for n in range(start + 1, end) if sides[n].all()), end]
        for a, b in pairwise(ends):
            odd = [n for n in range(a, b + 1) if sides[n].any() and not sides[n].all()]
            odd += [n for n in (a, b) if not sides[n].any() and 0 < n < len(drawn)]
            for n in range(a, b):
                out[n] = bool(odd)
    return out
