from __future__ import annotations

from itertools import pairwise, product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from biaoge.eval.isotonic import isotonic, smoothed

OBSERVED = st.lists(st.tuples(st.sampled_from([0.1, 0.3, 0.5, 0.7, 0.9]), st.booleans()), min_size=1, max_size=30)


def error(observed: list[tuple[float, bool]], at: dict[float, float]) -> float:
    return sum((at[value] - true) ** 2 for value, true in observed)


@given(OBSERVED)
def test_no_other_ascending_steps_are_nearer(observed: list[tuple[float, bool]]) -> None:
    steps = isotonic(observed)
    values = sorted({value for value, _ in observed})
    fit = {value: next(share for last, share, _ in steps if value <= last) for value in values}
    best = error(observed, fit)
    shares = [i / 12 for i in range(13)]
    for tried in product(shares, repeat=len(values)) if len(values) <= 3 else ():
        if all(a <= b for a, b in pairwise(tried)):
            assert error(observed, dict(zip(values, tried, strict=True))) >= best - 1e-9


@given(OBSERVED)
def test_shares_ascend_and_keep_the_whole(observed: list[tuple[float, bool]]) -> None:
    steps = isotonic(observed)
    assert all(a[0] < b[0] and a[1] < b[1] for a, b in pairwise(steps))
    assert sum(count for *_, count in steps) == len(observed)
    assert sum(share * count for _, share, count in steps) == pytest.approx(sum(true for _, true in observed))


@given(OBSERVED)
def test_smoothed_promises_nothing_for_certain(observed: list[tuple[float, bool]]) -> None:
    points = smoothed(observed)
    assert all(0 < share < 1 for _, share in points)
    assert all(a[0] <= b[0] and a[1] <= b[1] for a, b in pairwise(points))
