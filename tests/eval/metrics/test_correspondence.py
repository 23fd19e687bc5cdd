from __future__ import annotations

from functools import cache
from itertools import pairwise

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from tilings import plain, tables

from biaoge.eval.metrics.correspondence import _best, correspondence
from biaoge.model import Table

weights = st.tuples(st.integers(1, 5), st.integers(1, 5)).flatmap(
    lambda size: st.lists(
        st.lists(st.integers(0, 3), min_size=size[1], max_size=size[1]), min_size=size[0], max_size=size[0]
    )
)


@settings(max_examples=60, deadline=None)
@given(weights)
def test_the_alignment_is_the_best(rows: list[list[int]]) -> None:
    n, m = len(rows), len(rows[0])

    @cache
    def best(i: int, j: int) -> tuple[int, int]:
        """The greatest sum of weights from here on, then the most pairs."""
        if i == n or j == m:
            return (0, 0)
        total, pairs = best(i + 1, j + 1)
        return max((total + rows[i][j], pairs + 1), best(i + 1, j), best(i, j + 1))

    made = [(p, t) for p, t in _best(np.array(rows, dtype=np.int64)) if p is not None and t is not None]
    assert (sum(rows[p][t] for p, t in made), len(made)) == best(0, 0)


@settings(max_examples=60, deadline=None)
@given(tables(), tables())
def test_every_line_and_place_has_its_part(a: Table, b: Table) -> None:
    got = correspondence(a, b)
    for axis, sizes in ((got.rows, (a.n_rows, b.n_rows)), (got.cols, (a.n_cols, b.n_cols))):
        for side in (0, 1):
            lines = [step[side] for step in axis.steps if step[side] is not None]
            assert lines == list(range(sizes[side]))
        assert (None, None) not in axis.steps
    frame = [len(axis.frame()[0]) for axis in (got.rows, got.cols)]
    for places in (got.predicted, got.true):  # both tile the frame
        covered = sorted((r, c) for p in places if p for r in range(p[0], p[1]) for c in range(p[2], p[3]))
        assert covered == [(r, c) for r in range(frame[0]) for c in range(frame[1])]


@settings(max_examples=60, deadline=None)
@given(tables(), tables(), st.data())
def test_positions_are_in_order_without_a_gap(a: Table, b: Table, data: st.DataObject) -> None:
    axis = correspondence(a, b).rows
    dropped = {line for line in axis.extra if data.draw(st.booleans())}
    inserted = {line for line in axis.missing if data.draw(st.booleans())}
    predicted, true = axis.positions(dropped, inserted)
    assert set(predicted) == set(range(a.n_rows)) - dropped
    assert set(true) == set(range(b.n_rows)) - axis.missing | inserted
    assert {*predicted.values(), *true.values()} == set(range(len({*predicted.values(), *true.values()})))
    assert all(x < y for where in (predicted, true) for (_, x), (_, y) in pairwise(sorted(where.items())))


def test_rows_and_columns_that_were_lost_and_added() -> None:
    true = plain("a|b|c|d", "e|f|g|h", "i|j|k|l")
    read = plain("a|z|b|d", "x|y|x|y", "i|z|j|l")
    got = correspondence(read, true)
    assert got.rows.steps == ((0, 0), (1, 1), (2, 2))
    assert (got.cols.extra, got.cols.missing) == (frozenset({1}), frozenset({2}))
    less = correspondence(plain("e|f|g|h", "i|j|k|l", "m|n|o|p"), true)
    assert (less.rows.extra, less.rows.missing) == (frozenset({2}), frozenset({0}))


def test_a_table_too_large_to_weigh_is_paired_by_position() -> None:
    a = plain(*(f"{r}|a" for r in range(1100)))
    b = plain(*(f"{r + 5000}|a" for r in range(1001)))
    got = correspondence(a, b)
    assert got.rows.steps[:1001] == tuple((i, i) for i in range(1001))
    assert got.rows.extra == set(range(1001, 1100))
