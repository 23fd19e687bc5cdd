from __future__ import annotations

import random
import time
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from biaoge.eval.metrics import treedist
from biaoge.eval.metrics.treedist import Floats, Shape, edit_distance, trimmed

LABELS = 4
UNIT: Floats = 1.0 - np.eye(LABELS)


@dataclass(frozen=True, slots=True)
class Tree:
    label: int
    below: tuple[Tree, ...] = ()


def shape(tree: Tree) -> Shape:
    labels: list[int] = []
    sizes: list[int] = []

    def add(node: Tree) -> int:
        size = 1 + sum([add(child) for child in node.below])
        labels.append(node.label)
        sizes.append(size)
        return size

    add(tree)
    return Shape(tuple(labels), tuple(sizes))


def slow(a: Tree, b: Tree, rename: Floats) -> float:
    """By trying all that can become of the two rightmost roots of two forests."""

    @cache
    def nodes(forest: tuple[Tree, ...]) -> int:
        return sum(1 + nodes(tree.below) for tree in forest)

    @cache
    def distance(f: tuple[Tree, ...], g: tuple[Tree, ...]) -> float:
        if not f or not g:
            return nodes(f) + nodes(g)
        x, y = f[-1], g[-1]
        return min(
            distance(f[:-1] + x.below, g) + 1,
            distance(f, g[:-1] + y.below) + 1,
            distance(f[:-1], g[:-1]) + distance(x.below, y.below) + float(rename[x.label, y.label]),
        )

    return distance((a,), (b,))


def like_tables(rows: Sequence[Sequence[int]]) -> Tree:
    return Tree(0, tuple(Tree(1, tuple(Tree(label) for label in row)) for row in rows))


labels = st.integers(0, LABELS - 1)
any_tree = st.recursive(
    st.builds(Tree, labels),
    lambda below: st.builds(Tree, labels, st.lists(below, max_size=4).map(tuple)),
    max_leaves=7,
)
table = st.lists(st.lists(labels, max_size=4), max_size=4).map(like_tables)
trees = st.one_of(any_tree, table)
costs = st.lists(st.floats(0, 2), min_size=LABELS**2, max_size=LABELS**2).map(
    lambda numbers: np.array(numbers).reshape(LABELS, LABELS)
)


@settings(max_examples=120, deadline=None)
@given(trees, trees, costs)
def test_agrees_with_the_slow_distance(a: Tree, b: Tree, rename: Floats) -> None:
    assert edit_distance(shape(a), shape(b), rename) == pytest.approx(slow(a, b, rename), abs=1e-9)


@settings(max_examples=60, deadline=None)
@given(trees, trees, costs, st.sampled_from([(1, 1), (8, 2), (1 << 17, 1)]), st.integers(0, 1))
def test_neither_pieces_nor_width_nor_mirror_matter(
    a: Tree, b: Tree, rename: Floats, limits: tuple[int, int], many: int
) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(treedist, "_PLACES", limits[0])
        patch.setattr(treedist, "_WIDE", limits[1])
        patch.setattr(treedist, "_MANY", many)
        patch.setattr(treedist, "_steps", lambda ours, theirs: -len(ours))  # takes the worse way
        assert edit_distance(shape(a), shape(b), rename) == pytest.approx(slow(a, b, rename), abs=1e-9)


@settings(max_examples=100, deadline=None)
@given(trees)
def test_the_mirror_reverses_all_children(tree: Tree) -> None:
    def turned(node: Tree) -> Tree:
        return Tree(node.label, tuple(turned(child) for child in reversed(node.below)))

    assert treedist._mirrored(shape(tree)) == shape(turned(tree))


@settings(max_examples=50, deadline=None)
@given(trees, st.data())
def test_trimmed_keeps_the_distance(tree: Tree, data: st.DataObject) -> None:
    """Trees that share children of the root at both ends, by equal labels that cost nothing."""
    head, tail = data.draw(st.lists(trees, max_size=2)), data.draw(st.lists(trees, max_size=2))
    other = data.draw(trees)
    a = Tree(tree.label, (*head, *tree.below, *tail))
    b = Tree(tree.label, (*head, *other.below, *tail))
    rename = data.draw(costs) * UNIT
    ours, theirs = trimmed(shape(a), shape(b))
    shared = len(shape(Tree(0, (*head, *tail)))) - 1
    assert len(ours) <= len(shape(a)) - shared
    assert len(theirs) <= len(shape(b)) - shared
    assert edit_distance(ours, theirs, rename) == pytest.approx(slow(a, b, rename), abs=1e-9)


def test_trimmed_leaves_trees_with_unlike_roots_alone() -> None:
    a, b = Shape((1, 0), (1, 2)), Shape((1, 2), (1, 2))
    assert trimmed(a, b) == (a, b)


def test_trimmed_cuts_nothing_twice() -> None:
    a, b = shape(like_tables([[1], [1]])), shape(like_tables([[1], [1], [1]]))
    ours, theirs = trimmed(a, b)
    assert ours == Shape((0,), (1,))
    assert theirs == shape(like_tables([[1]]))


@settings(max_examples=60, deadline=None)
@given(trees, trees, trees)
def test_is_a_metric(a: Tree, b: Tree, c: Tree) -> None:
    ab, bc, ac = (edit_distance(shape(x), shape(y), UNIT) for x, y in ((a, b), (b, c), (a, c)))
    assert edit_distance(shape(b), shape(a), UNIT) == ab
    assert ac <= ab + bc
    assert (ab == 0) == (a == b)


def chain(depth: int, leaf_first: bool, leaf_last: bool) -> Shape:
    """A chain of nodes, every one with a leaf before and after the next."""
    labels, sizes = [0], [1]
    for _ in range(depth):
        if leaf_first:
            labels, sizes = [1, *labels], [1, *sizes]
        if leaf_last:
            labels, sizes = [*labels, 2], [*sizes, 1]
        labels, sizes = [*labels, 0], [*sizes, len(labels) + 1]
    return Shape(tuple(labels), tuple(sizes))


@pytest.mark.parametrize(("first", "last"), [(False, False), (True, False), (False, True)])
def test_deep_trees(first: bool, last: bool) -> None:
    """No recursion, and no long wait: removing every second level is what it takes."""
    began = time.perf_counter()
    long, short = chain(2000 // (1 + first + last), first, last), chain(1000 // (1 + first + last), first, last)
    assert edit_distance(long, short, UNIT) == len(long) - len(short)
    assert time.perf_counter() - began < 5


def test_large_trees_of_single_nodes() -> None:
    one = Shape((1,), (1,))
    wide = Shape((*(0,) * 500, 1), (*(1,) * 500, 501))
    assert edit_distance(one, wide, UNIT) == edit_distance(wide, one, UNIT) == 500
    assert edit_distance(one, one, UNIT) == 0


def test_a_whole_table_agrees_with_the_slow_distance() -> None:
    rng = random.Random(3)
    a, b = (like_tables([[rng.randrange(LABELS) for _ in range(4)] for _ in range(n)]) for n in (6, 5))
    rename = np.round(np.random.default_rng(3).random((LABELS, LABELS)), 2)
    assert edit_distance(shape(a), shape(b), rename) == pytest.approx(slow(a, b, rename), abs=1e-9)
