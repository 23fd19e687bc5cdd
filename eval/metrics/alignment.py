"""The most similar substructures of two grids, by the factored heuristic of GriTS: rows and columns one by one.

After Smock, Pesala, Abraham, "GriTS: Grid table similarity metric for table structure recognition" (ICDAR 2023,
arXiv 2203.12555), 2D-MSS: rows are aligned in order, two rows being worth the best alignment of their places; columns
likewise; what counts are the places in aligned rows and columns both. The value can depend on which of several equally
good alignments is taken. Here, as in the published implementations, going back from the end, a pair comes before
leaving out a true line, and that before leaving out a predicted one; sums are built in the same order of additions, so
that equals stay equal to the last bit.

Grids are given as codes, whole numbers that stand for values: `true` (rows, columns) and `predicted` (rows, columns).
Time grows with the product of the places of both, memory with their sum and the product of their rows.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import numpy.typing as npt

Codes = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Lines = tuple[Codes, Codes]  # the aligned lines of the true and of the predicted grid, in order

# Similarities (0 to 1) of some true values, given by ascending codes, with all predicted ones; (some, predicted).
Similar = Callable[[Codes], Floats]

_CHUNK = 1_000_000  # places of work at a time
_NARROW = 300  # columns below which accumulate is faster than row by row
_BLOCK = 8_000_000  # similarities at a time


def line_scores(true: Codes, predicted: Codes, similar: Similar) -> tuple[Floats, Floats]:
    """For every pair of rows, and of columns, the best sum of similarities of their places aligned in order.

    (true rows, predicted rows) and (true columns, predicted columns). Neither grid may be empty. One step of the
    dynamic programmes runs over all pairs at once; the true grid is gone through once, from top to bottom.
    """
    (n, m), (k, p) = true.shape, predicted.shape
    width = int(predicted.max()) + 1
    rows = np.zeros((n, k))
    columns = np.zeros((k + 1, m, p))  # by predicted row: the best sums down to it
    across, down = predicted.T[:, None, :], predicted[:, None, :]
    block = max(1, _BLOCK // (m * width))
    for low in range(0, n, block):
        which, at = np.unique(true[low : low + block], return_inverse=True)
        flat = similar(which)[:, :width].ravel()
        starts = at.reshape(-1, m) * width
        for row in starts:
            _extend(columns, flat.take(row[None, :, None] + down))
        step = max(1, _CHUNK // (k * p))
        for first in range(0, len(starts), step):
            some = starts[first : first + step]
            best = np.zeros((p + 1, len(some), k))
            for place in some.T:
                _extend(best, flat.take(place[None, :, None] + across))
            rows[low + first : low + first + len(some)] = best[-1]
    return rows, columns[-1]


def align(rewards: Floats) -> Lines:
    """The lines of the best alignment in order of two sequences; `rewards`: (true lines, predicted lines).

    >>> align(np.array([[1.0, 0.0], [0.0, 0.0], [0.0, 1.0]]))
    (array([0, 2]), array([0, 1]))
    """
    n, k = rewards.shape
    best = np.zeros((n + 1, k + 1))
    for i in range(n):
        np.maximum(best[i, :-1] + rewards[i], best[i, 1:], out=best[i + 1, 1:])
        np.maximum.accumulate(best[i + 1], out=best[i + 1])
    i, j = n, k
    pairs: list[tuple[int, int]] = []
    while i and j:
        here = best[i, j]
        if best[i - 1, j - 1] + rewards[i - 1, j - 1] == here:
            i, j = i - 1, j - 1
            pairs.append((i, j))
        elif best[i - 1, j] == here:
            i -= 1
        else:
            j -= 1
    lines = np.array(pairs[::-1], dtype=np.int64).reshape(-1, 2)
    return lines[:, 0], lines[:, 1]


def total(values: Floats) -> float:
    """The sum, added one after the other in row-major order."""
    return float(np.cumsum(values)[-1]) if values.size else 0.0


def _extend(best: Floats, rewards: Floats) -> None:
    """One more true place: `best` (predicted places + 1, …) is brought up to it in place; `rewards` is used up."""
    rewards += best[:-1]
    reached = best[1:]
    np.maximum(rewards, reached, out=reached)
    if reached[0].size < _NARROW:
        np.maximum.accumulate(reached, axis=0, out=reached)
        return
    for j in range(1, len(reached)):
        np.maximum(reached[j - 1], reached[j], out=reached[j])
