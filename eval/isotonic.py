"""Isotonic regression: the non-decreasing step function nearest to what was observed."""

from __future__ import annotations

from collections.abc import Sequence

Point = tuple[float, float]


def isotonic(observed: Sequence[tuple[float, bool]]) -> tuple[tuple[float, float, int], ...]:
    """Steps (value up to which it holds, share that was true, observations), values ascending, shares non-decreasing.

    `observed`: a value and whether it turned out true. The shares are the least-squares fit under the order, found by
    pooling adjacent violators (Ayer et al., 1955; Barlow et al., 1972).

    >>> isotonic([(0.1, False), (0.5, True), (0.6, False), (0.9, True)])
    ((0.1, 0.0, 1), (0.6, 0.5, 2), (0.9, 1.0, 1))
    """
    by_value: dict[float, list[bool]] = {}
    for value, true in observed:
        by_value.setdefault(value, []).append(true)
    pools: list[list[float]] = []  # last value, trues, observations
    for value in sorted(by_value):
        pools.append([value, float(sum(by_value[value])), float(len(by_value[value]))])
        while len(pools) > 1 and pools[-2][1] * pools[-1][2] >= pools[-1][1] * pools[-2][2]:
            last = pools.pop()
            pools[-1] = [last[0], pools[-1][1] + last[1], pools[-1][2] + last[2]]
    return tuple((value, true / count, int(count)) for value, true, count in pools)


def smoothed(observed: Sequence[tuple[float, bool]]) -> tuple[Point, ...]:
    """Points of a line through the steps' middles, in (0, 1): each share with one miss and one hit added to its step.

    Without these (Laplace's rule) a step that saw no miss would promise that there is none.
    """
    steps = isotonic(observed)
    lower = sorted(value for value, _ in observed)
    points: list[Point] = []
    start = 0
    for _, share, count in steps:
        inside = lower[start : start + count]
        start += count
        points.append((inside[len(inside) // 2], (share * count + 1) / (count + 2)))
    fixed: list[Point] = []
    for value, share in points:
        fixed.append((value, max(share, fixed[-1][1] if fixed else 0.0)))
    return tuple(fixed)
