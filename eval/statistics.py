"""What a sample can tell: bootstrap intervals over clusters, paired tests, and the correction for many of them.

Tables of one document are alike, so what is drawn again is the whole document (or the group of documents that come
from one original): the cluster. Rows of numbers handed in here are one cluster each; they are sums, which add up over
clusters, and a statistic is worked out from the added sums.

Sources: Efron & Tibshirani, "An Introduction to the Bootstrap" (1993), chapter 13 (percentile intervals); Davison &
Hinkley, "Bootstrap Methods and their Application" (1997), chapter 4 (p values); McNemar (1947), exact as in Fagerland,
Lydersen & Laake, BMC Medical Research Methodology 13:91 (2013); Holm, Scandinavian Journal of Statistics 6 (1979).
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Array = NDArray[np.float64]

Statistic = Callable[["Array"], "Array"]
"""Takes sums (…, quantities) and gives the statistic of each (…)."""

# With fewer clusters the bootstrap says nothing worth saying: of 4 there are only 35 different samples.
FEWEST = 5


@dataclass(frozen=True, slots=True)
class Resampling:
    """How often the clusters are drawn again, from which seed, and the share of draws an interval holds."""

    draws: int = 2000
    seed: int = 20240229
    coverage: float = 0.95


@dataclass(frozen=True, slots=True)
class Interval:
    """A statistic with its percentile interval; `None` where there are fewer than `FEWEST` clusters."""

    value: float
    low: float | None
    high: float | None
    clusters: int

    @property
    def width(self) -> float | None:
        """High less low."""
        return None if self.low is None or self.high is None else self.high - self.low


@dataclass(frozen=True, slots=True)
class PairedDifference:
    """First less second on the same clusters, its interval and two-sided p; `None` with fewer than `FEWEST`."""

    value: float
    low: float | None
    high: float | None
    p: float | None
    clusters: int


def ratio(empty: float) -> Statistic:
    """The statistic "first sum over second sum", `empty` where the second is 0."""

    def of(sums: Array) -> Array:
        import numpy as np

        above, below = sums[..., 0], sums[..., 1]
        out: Array = np.divide(above, below, out=np.full(above.shape, float(empty)), where=below != 0)
        return out

    return of


def bootstrap(rows: Sequence[Sequence[float]], statistic: Statistic, how: Resampling = Resampling()) -> Interval:
    """Percentile interval of `statistic` when clusters are drawn with replacement. `rows`: (clusters, quantities).

    >>> bootstrap([(1, 2)] * 6, ratio(0))
    Interval(value=0.5, low=0.5, high=0.5, clusters=6)
    """
    sums = _rows(rows)
    value = float(statistic(sums.sum(axis=0)))
    if len(sums) < FEWEST:
        return Interval(value, None, None, len(sums))
    low, high = _ends(statistic(weights(len(sums), how.draws, how.seed) @ sums), how.coverage)
    return Interval(value, low, high, len(sums))


def paired(
    first: Sequence[Sequence[float]],
    second: Sequence[Sequence[float]],
    statistic: Statistic,
    how: Resampling = Resampling(draws=10_000),
) -> PairedDifference:
    """The difference of `statistic` between two sets of rows over the same clusters, drawn together.

    p = 2 · min(1 + draws with difference ≤ 0, 1 + draws with difference ≥ 0) / (1 + draws), at most 1: it is small
    where the interval of the same draws leaves out 0, and never 0 itself. ValueError when the lengths differ.
    """
    a, b = _rows(first), _rows(second)
    if len(a) != len(b):
        raise ValueError(f"{len(a)} clusters beside {len(b)}")
    value = float(statistic(a.sum(axis=0)) - statistic(b.sum(axis=0)))
    if len(a) < FEWEST:
        return PairedDifference(value, None, None, None, len(a))
    drawn = weights(len(a), how.draws, how.seed)
    differences = statistic(drawn @ a) - statistic(drawn @ b)
    low, high = _ends(differences, how.coverage)
    rarer = min(int((differences <= 0).sum()), int((differences >= 0).sum()))
    return PairedDifference(value, low, high, min(1.0, 2 * (1 + rarer) / (1 + how.draws)), len(a))


def mcnemar(only_first: int, only_second: int) -> float:
    """Exact two-sided McNemar test: p of a split as uneven as this of the cases that only one of two got right.

    p = min(1, 2 · Σ C(n, i) / 2ⁿ for i = 0 … min(only_first, only_second)), n = only_first + only_second; 1 for n = 0.
    It takes the cases for independent of one another.

    >>> round(mcnemar(1, 7), 4)
    0.0703
    """
    n = only_first + only_second
    tail = sum(math.comb(n, i) for i in range(min(only_first, only_second) + 1))
    return min(1.0, 2 * tail / (1 << n))


def holm(ps: Sequence[float]) -> tuple[float, ...]:
    """p values corrected for their number (Holm's step-down method), in the order given.

    >>> [round(p, 3) for p in holm([0.01, 0.04, 0.03, 0.005])]
    [0.03, 0.06, 0.06, 0.02]
    """
    out = [0.0] * len(ps)
    least = 0.0
    for rank, at in enumerate(sorted(range(len(ps)), key=lambda i: ps[i])):
        least = max(least, min(1.0, (len(ps) - rank) * ps[at]))
        out[at] = least
    return tuple(out)


def all_right_bound(n: int, coverage: float = 0.95) -> float:
    """The lowest rate that `n` independent successes out of `n` leave possible: (1 - coverage) ** (1 / n); 0 for n = 0.

    The exact form of the rule of three, 1 - 3 / n (Hanley & Lippman-Hand, JAMA 249, 1983). A bootstrap cannot tell
    this: it never draws a failure that was not seen.

    >>> round(all_right_bound(30), 3)
    0.905
    """
    return float((1 - coverage) ** (1 / n)) if n else 0.0


@lru_cache(maxsize=16)
def weights(clusters: int, draws: int, seed: int) -> Array:
    """How often every cluster stands in every draw, (draws, clusters); every row adds up to `clusters`."""
    import numpy as np

    drawn = np.random.default_rng(seed).multinomial(clusters, np.full(clusters, 1 / clusters), size=draws)
    out: Array = drawn.astype(np.float64)
    out.flags.writeable = False
    return out


def _rows(rows: Sequence[Sequence[float]]) -> Array:
    import numpy as np

    return np.array(rows, dtype=np.float64) if len(rows) else np.zeros((0, 64))


def _ends(values: Array, coverage: float) -> tuple[float, float]:
    import numpy as np

    low, high = np.quantile(values, [(1 - coverage) / 2, (1 + coverage) / 2])
    return float(low), float(high)
