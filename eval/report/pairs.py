"""Two engines on the same documents: told apart or not."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import combinations

from ..results import SetScore
from ..statistics import PairedDifference, Resampling, holm, mcnemar, paired
from . import clusters as of

SIGNIFICANCE = 0.05
# A corrected p is at best pairs · 2 / (draws + 1): with many engines it takes many draws to say anything.
DRAWS = 10_000


@dataclass(frozen=True, slots=True)
class Pair:
    """Engines `first` and `second` on the `documents` that both were given.

    `difference`: F1 of cells (folded), first less second. `only_first`, `only_second`: of the labelled `tables`, those
    that only one of the two got exact; `p_tables` is McNemar's exact p. `p_…_holm`: corrected for the pairs of the set.
    A table that only one of the two was measured by (alternative labels) is not exact for the other.
    """

    first: str
    second: str
    documents: int
    tables: int
    difference: PairedDifference
    only_first: int
    only_second: int
    p_tables: float | None
    p_cells_holm: float | None = None
    p_tables_holm: float | None = None

    @property
    def by_cells(self) -> bool:
        """Told apart by the F1 of cells."""
        return self.p_cells_holm is not None and self.p_cells_holm < SIGNIFICANCE

    @property
    def by_tables(self) -> bool:
        """Told apart by the exact tables."""
        return self.p_tables_holm is not None and self.p_tables_holm < SIGNIFICANCE


def pairs_of(scores: Sequence[tuple[str, SetScore]], how: Resampling) -> tuple[Pair, ...]:
    """Every pair of the named scores of one set, in their order, with p values corrected within each kind of test."""
    made = [_pair(a, b, how) for a, b in combinations(scores, 2)]
    cells = _corrected([p.difference.p for p in made])
    tables = _corrected([p.p_tables for p in made])
    return tuple(replace(p, p_cells_holm=c, p_tables_holm=t) for p, c, t in zip(made, cells, tables, strict=True))


def _corrected(ps: Sequence[float | None]) -> list[float | None]:
    known = iter(holm([p for p in ps if p is not None]))
    return [None if p is None else next(known) for p in ps]


def _pair(a: tuple[str, SetScore], b: tuple[str, SetScore], how: Resampling) -> Pair:
    common = {d.name for d in a[1].documents} & {d.name for d in b[1].documents}
    first, second = of.named(a[1].documents, common), of.named(b[1].documents, common)
    cells = of.f1(lambda t: t.levels["folded"])
    # The clusters are those of the first, should the tags differ between the two.
    clusters = {d.name: d.tags for d in first}
    second = [replace(d, tags=clusters[d.name]) for d in second]
    draws = replace(how, draws=max(DRAWS, how.draws))
    difference = paired(of.rows(first, cells), of.rows(second, cells), of.RATE, draws)
    got = {(d.name, t.id): t.exact() for d in first for t in d.tables if t.labelled}
    other = {(d.name, t.id): t.exact() for d in second for t in d.tables if t.labelled}
    either = got.keys() | other.keys()
    only_first = sum(got.get(k, False) and not other.get(k, False) for k in either)
    only_second = sum(other.get(k, False) and not got.get(k, False) for k in either)
    p = mcnemar(only_first, only_second) if difference.p is not None else None
    return Pair(a[0], b[0], len(common), len(either), difference, only_first, only_second, p)
