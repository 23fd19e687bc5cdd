"""Intervals and tests against worked examples, full enumeration, and slow versions."""

from __future__ import annotations

from itertools import product
from math import comb

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from biaoge.eval.statistics import (
    FEWEST,
    Resampling,
    all_right_bound,
    bootstrap,
    holm,
    mcnemar,
    paired,
    ratio,
    weights,
)

ROWS = st.lists(st.tuples(st.integers(0, 9), st.integers(0, 9)).map(lambda t: (min(t), max(t))), min_size=5, max_size=9)
QUICK = Resampling(draws=200)


def test_the_interval_agrees_with_every_sample_there_is() -> None:
    rows = [(1, 4), (3, 4), (9, 10), (0, 3), (6, 6)]
    every = []
    for drawn in product(range(5), repeat=5):
        every.append(sum(rows[i][0] for i in drawn) / sum(rows[i][1] for i in drawn))
    low, high = np.quantile(every, [0.025, 0.975])
    found = bootstrap(rows, ratio(1), Resampling(draws=40_000))
    assert found.value == 19 / 27
    assert found.low == pytest.approx(low, abs=0.01)
    assert found.high == pytest.approx(high, abs=0.01)


@settings(deadline=None, max_examples=50)
@given(ROWS)
def test_the_interval_is_that_of_a_slow_loop(rows: list[tuple[int, int]]) -> None:
    values = []
    for row in weights(len(rows), QUICK.draws, QUICK.seed):
        drawn = [r for r, times in zip(rows, row, strict=True) for _ in range(int(times))]
        assert len(drawn) == len(rows)
        below = sum(r[1] for r in drawn)
        values.append(sum(r[0] for r in drawn) / below if below else 0.25)
    found = bootstrap(rows, ratio(0.25), QUICK)
    assert (found.low, found.high) == pytest.approx(tuple(np.quantile(values, [0.025, 0.975])))


@settings(deadline=None, max_examples=50)
@given(ROWS)
def test_an_interval_lies_between_the_worst_and_the_best_cluster(rows: list[tuple[int, int]]) -> None:
    found = bootstrap(rows, ratio(1), QUICK)
    rates = [a / b if b else 1.0 for a, b in rows]
    assert found.low is not None
    assert found.high is not None
    assert min(rates) - 1e-12 <= found.low <= found.high <= max(rates) + 1e-12


def test_the_interval_covers_about_as_often_as_it_says() -> None:
    draw = np.random.default_rng(5)
    held = 0
    for _ in range(200):
        right = draw.binomial(20, draw.beta(8, 2, size=40))
        found = bootstrap([(r, 20) for r in right], ratio(1), Resampling(draws=400))
        assert found.low is not None
        assert found.high is not None
        held += found.low <= 0.8 <= found.high
    assert 0.88 <= held / 200 <= 0.99


@pytest.mark.parametrize("clusters", range(FEWEST))
def test_few_clusters_give_no_interval(clusters: int) -> None:
    found = bootstrap([(1, 2)] * clusters, ratio(1))
    assert (found.value, found.low, found.high, found.width) == (0.5 if clusters else 1.0, None, None, None)
    difference = paired([(1, 2)] * clusters, [(2, 2)] * clusters, ratio(1))
    assert (difference.low, difference.high, difference.p) == (None, None, None)


def test_the_same_seed_gives_the_same_interval() -> None:
    rows = [(i % 4 + i / 7, 5 + i / 3) for i in range(12)]
    assert bootstrap(rows, ratio(1)) == bootstrap(rows, ratio(1))
    assert bootstrap(rows, ratio(1)) != bootstrap(rows, ratio(1), Resampling(seed=1))


def test_a_pair_without_difference_is_not_told_apart() -> None:
    rows = [(i % 4, 5) for i in range(12)]
    same = paired(rows, rows, ratio(1))
    assert (same.value, same.low, same.high, same.p) == (0, 0, 0, 1)


def test_a_pair_that_differs_everywhere_gets_the_least_p() -> None:
    found = paired([(5, 5)] * 8, [(4, 5)] * 8, ratio(1), Resampling(draws=999))
    assert found.value == pytest.approx(0.2)
    assert found.low == pytest.approx(0.2)
    assert found.p == pytest.approx(2 / 1000)


@settings(deadline=None, max_examples=50)
@given(ROWS, ROWS)
def test_p_is_small_just_where_the_interval_leaves_out_nothing(
    first: list[tuple[int, int]], second: list[tuple[int, int]]
) -> None:
    n = min(len(first), len(second))
    ahead = paired(first[:n], second[:n], ratio(1), QUICK)
    behind = paired(second[:n], first[:n], ratio(1), QUICK)
    assert ahead.p == behind.p
    assert ahead.value == -behind.value
    assert ahead.p is not None
    assert ahead.low is not None
    assert ahead.high is not None
    if ahead.p < 0.03:
        assert ahead.low > 0 or ahead.high < 0
    if ahead.p > 0.08:
        assert ahead.low <= 0 <= ahead.high


def test_clusters_must_be_the_same_in_a_pair() -> None:
    with pytest.raises(ValueError, match="6 clusters beside 5"):
        paired([(1, 1)] * 6, [(1, 1)] * 5, ratio(1))


@pytest.mark.parametrize(
    ("first", "second", "p"),
    [
        (1, 7, 0.0703125),  # Fagerland et al. (2013), airway hyper-responsiveness before and after transplantation
        (0, 5, 0.0625),
        (0, 6, 0.03125),
        (4, 4, 1.0),
        (0, 0, 1.0),
        (10, 2, 2 * (1 + 12 + 66) / 4096),
    ],
)
def test_mcnemar(first: int, second: int, p: float) -> None:
    assert mcnemar(first, second) == pytest.approx(p, abs=1e-12)
    assert mcnemar(second, first) == mcnemar(first, second)


@given(st.integers(0, 40), st.integers(0, 40))
def test_mcnemar_adds_up_what_is_no_likelier(first: int, second: int) -> None:
    n = first + second
    slow = sum(comb(n, i) for i in range(n + 1) if abs(i - n / 2) >= abs(first - n / 2)) / 2**n
    assert mcnemar(first, second) == pytest.approx(slow)


def test_mcnemar_of_many_cases_stays_exact() -> None:
    assert 0 < mcnemar(900, 1100) < 1e-4


def test_holm_by_hand() -> None:
    assert holm([]) == ()
    assert holm([0.2]) == (0.2,)
    assert holm([0.02, 0.02, 0.9]) == pytest.approx((0.06, 0.06, 0.9))


@given(st.lists(st.floats(0, 1), max_size=12))
def test_holm_lies_between_uncorrected_and_bonferroni(ps: list[float]) -> None:
    for p, corrected in zip(ps, holm(ps), strict=True):
        assert p <= corrected <= min(1.0, len(ps) * p) + 1e-12
    in_order = [c for _, c in sorted(zip(ps, holm(ps), strict=True))]
    assert in_order == sorted(in_order)


@given(st.integers(1, 500))
def test_all_right_leaves_that_rate_possible(n: int) -> None:
    assert all_right_bound(n) ** n == pytest.approx(0.05)
    assert all_right_bound(0) == 0
