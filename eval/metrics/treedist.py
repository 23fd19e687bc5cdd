"""The exact edit distance of two ordered labelled trees, fast on the flat and wide trees that tables are.

Zhang and Shasha's recurrence ("Simple fast algorithms for the editing distance between trees and related problems",
SIAM J. Comput. 18(6), 1989), turned round: removing and inserting a node cost 1 and renaming at most 2, so the
distance is the number of all nodes less the most that can be gained by pairing them, 2 less the cost of renaming for
every pair. Of forests that end in the nodes i and j:

    gain(i, j) = max(gain(i - 1, j), gain(i, j - 1), gain(first(i) - 1, first(j) - 1) + own(i, j))
    own(i, j)  = 2 - rename(i, j) + gain(nodes below i, nodes below j)

where `first` is the leftmost leaf below a node in postorder. Removing is then for nothing, and a row of the table is
three operations on whole arrays, the last of them a running maximum. `own` needs no recursion where one node is a leaf,
so that only inner nodes have subproblems; those of like shape, such as all rows of a table with all of another, are
solved side by side.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Indices = npt.NDArray[np.intp]

# How many numbers a step looks at: enough to be worth a call, few enough for the processor's cache.
_PLACES = 1 << 18
# A running maximum over rows at least this wide is faster row by row.
_WIDE = 96
# With more pairs of shapes than this it is seen whether the mirrored trees have fewer.
_MANY = 64


@dataclass(frozen=True, slots=True)
class Shape:
    """A tree in postorder: for every node the number of its label, and how many nodes its subtree has (itself too)."""

    labels: tuple[int, ...]
    sizes: tuple[int, ...]

    def __len__(self) -> int:
        return len(self.labels)


def edit_distance(a: Shape, b: Shape, rename: Floats) -> float:
    """The least cost of making `b` out of `a`: 1 for a node removed or inserted, `rename[label of a, label of b]`.

    Renaming costs between 0 and 2 (more would never be paid). Nodes keep their order and stay above or below one
    another. Time is about nodes of `a` times nodes of `b` for tables, space less.

    >>> edit_distance(Shape((0, 1, 2), (1, 1, 3)), Shape((0, 1), (1, 2)), np.array([[0, 1.5], [1, 1], [1, 0]]))
    1.0
    """
    ours, theirs = _stacks(a), _stacks(b)
    if len(ours) * len(theirs) > _MANY:
        mirrored = _stacks(_mirrored(a)), _stacks(_mirrored(b))
        ours, theirs = min((ours, theirs), mirrored, key=lambda pair: _steps(*pair))
    return len(a) + len(b) - _gain(ours, theirs, 2.0 - rename)


def trimmed(a: Shape, b: Shape) -> tuple[Shape, Shape]:
    """Both without the subtrees of the root that they share at the beginning and at the end; same edit distance.

    For labels numbered alike in both, where equal numbers cost nothing to rename. Nothing is cut where the roots
    differ. That the distance stays: roots that cost nothing may be paired, and the shared subtrees with one another.
    Conversely, take from a best mapping the pairs that touch no shared subtree: it stays a mapping, and is not dearer,
    since a node paired with one of a shared beginning follows a chain of pairs through it that goes down in postorder
    and so ends in a removal or insertion; which is what the node now costs. The end is the same in a mirror.

    >>> trimmed(Shape((0, 1, 2, 9), (1, 1, 1, 4)), Shape((0, 2, 9), (1, 1, 3)))
    (Shape(labels=(1, 9), sizes=(1, 2)), Shape(labels=(9,), sizes=(1,)))
    """
    if a.labels[-1] != b.labels[-1]:
        return a, b
    ours, theirs = _children(a), _children(b)
    most = min(len(ours), len(theirs))
    head = tail = 0
    while head < most and _alike(a, b, ours[head], theirs[head]):
        head += 1
    while tail < most - head and _alike(a, b, ours[-1 - tail], theirs[-1 - tail]):
        tail += 1
    return _middle(a, ours[head : len(ours) - tail]), _middle(b, theirs[head : len(theirs) - tail])


def _children(shape: Shape) -> list[range]:
    """The nodes of the subtrees right below the root, from left to right."""
    out = []
    stop = len(shape) - 1
    while stop > 0:
        out.append(range(stop - shape.sizes[stop - 1], stop))
        stop = out[-1].start
    return out[::-1]


def _alike(a: Shape, b: Shape, p: range, q: range) -> bool:
    same_labels = a.labels[p.start : p.stop] == b.labels[q.start : q.stop]
    return same_labels and a.sizes[p.start : p.stop] == b.sizes[q.start : q.stop]


def _middle(shape: Shape, kept: Sequence[range]) -> Shape:
    """The root with some neighbouring ones of its subtrees."""
    part = slice(kept[0].start, kept[-1].stop) if kept else slice(0, 0)
    labels, sizes = shape.labels[part], shape.sizes[part]
    return Shape((*labels, shape.labels[-1]), (*sizes, len(sizes) + 1))


# --- subproblems -----------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Stack:
    """Subtrees of one shape. `sizes` as in `Shape`; `labels` and `nodes` (nodes in postorder, subtrees) are numbers
    of labels and of nodes, or what is to be added to the other tree's to find a pair's place in a flat array.
    """

    sizes: tuple[int, ...]
    labels: Indices
    nodes: Indices

    def times(self, labels: int, nodes: int) -> _Stack:
        """With the numbers multiplied."""
        return _Stack(self.sizes, self.labels * labels, self.nodes * nodes)

    def pieces(self, most: int) -> Iterator[_Stack]:
        """In stacks of at most so many subtrees."""
        most = max(most, 1)
        for at in range(0, self.labels.shape[1], most):
            yield _Stack(self.sizes, self.labels[:, at : at + most].copy(), self.nodes[:, at : at + most].copy())


def _stacks(shape: Shape) -> list[_Stack]:
    """The root's subtree and those of all inner nodes that have a sibling to their left, the smallest first.

    These are the roots of the subproblems, since other inner nodes share their first leaf with a larger subtree.
    """
    starts: defaultdict[tuple[int, ...], list[int]] = defaultdict(list)
    for first, key in _ends(shape.sizes).items():
        if key > first or key == len(shape) - 1:
            starts[shape.sizes[first : key + 1]].append(first)
    labels, numbers = np.array(shape.labels, dtype=np.intp), _inner_numbers(shape)
    out = []
    for sizes, firsts in sorted(starts.items(), key=lambda item: len(item[0])):
        places = np.add.outer(np.arange(len(sizes)), np.array(firsts))  # (nodes, subtrees)
        out.append(_Stack(sizes, labels[places], numbers[places]))
    return out


def _inner_numbers(shape: Shape) -> Indices:
    """The nodes that have children, numbered from 0; a leaf has the number of the inner node before it, or 0."""
    count: Indices = np.cumsum(np.array(shape.sizes) > 1, dtype=np.intp)
    return np.maximum(count - 1, 0, out=count)


def _steps(ours: Sequence[_Stack], theirs: Sequence[_Stack]) -> int:
    """How many rows there are to fill."""
    return sum(min(len(p.sizes), len(q.sizes)) for p in ours for q in theirs)


def _mirrored(shape: Shape) -> Shape:
    """The tree with the children of every node in reverse: its postorder is the reverse of the preorder."""
    n = len(shape)
    labels, sizes = [0] * n, [0] * n
    above: list[int] = []  # where the subtrees begin of the nodes above the one looked at
    for node in range(n - 1, -1, -1):
        while above and node < above[-1]:
            above.pop()
        first = node - shape.sizes[node] + 1
        place = n - 1 - (first + len(above))
        labels[place], sizes[place] = shape.labels[node], shape.sizes[node]
        above.append(first)
    return Shape(tuple(labels), tuple(sizes))


# --- the kernel ------------------------------------------------------------------------------------------------------


def _gain(ours: Sequence[_Stack], theirs: Sequence[_Stack], gains: Floats) -> float:
    """The most that can be gained by pairing the nodes of both trees, `gains` of (label of a, label of b)."""
    rows, columns = (int(stacks[-1].nodes.max()) + 1 for stacks in (ours, theirs))  # inner nodes
    own = np.zeros(rows * columns)
    flat = gains.ravel()
    last = 0.0
    for p in (stack.times(gains.shape[1], columns) for stack in ours):
        for q in theirs:
            by, over = (p, q) if len(p.sizes) <= len(q.sizes) else (q, p)
            for wide in over.pieces(_PLACES // len(over.sizes)):
                for few in by.pieces(_PLACES // wide.labels.size):
                    last = _fill(few, wide, flat, own)
    return last  # the roots were the last


def _fill(by: _Stack, over: _Stack, gains: Floats, own: Floats) -> float:
    """Every subtree of `by` against every one of `over`, the nodes of `by` one after another.

    Fills `own` where both are inner nodes whose first leaf is that of their subtree. Gives the gain of the last pair.
    """
    size, pairs = len(over.sizes), by.labels.shape[1] * over.labels.shape[1]
    firsts = np.arange(size) - np.array(over.sizes) + 1
    is_inner = np.array(over.sizes) > 1
    edge, rest = np.flatnonzero(is_inner & (firsts == 0)), np.flatnonzero(is_inner & (firsts > 0))
    # The place of the row before each subtree: rows where they are wide, else places.
    before = firsts if pairs >= _WIDE else np.add.outer(firsts * pairs, np.arange(pairs)).ravel()
    labels, edge_nodes, rest_nodes = (
        numbers[:, None, :] for numbers in (over.labels, over.nodes[edge], over.nodes[rest])
    )
    left = _ends(by.sizes)
    saved: dict[int, Floats] = {}  # by first leaf, the row before it, as long as a node above it is still to come
    row = np.zeros((size + 1, pairs))  # (nothing and then the nodes of `over`, pairs of subtrees)
    for node, count in enumerate(by.sizes):
        first = node - count + 1
        new = np.empty((size + 1, pairs))
        new[0] = 0
        body = new[1:]
        gains.take(by.labels[node][:, None] + labels, out=body.reshape(size, -1, labels.shape[2]), mode="clip")
        base = row if count == 1 else saved.pop(first)
        if left[first] > node:
            saved[first] = base
        if count > 1:
            places = (by.nodes[node][:, None] + edge_nodes).reshape(len(edge), pairs)
            if first == 0:
                body[edge] += row[edge]
                own[places] = body[edge]
            else:
                body[edge] = own[places]
            body[rest] = own[(by.nodes[node][:, None] + rest_nodes).reshape(len(rest), pairs)]
        if pairs >= _WIDE:
            body += base.take(before, axis=0)
        else:
            body.reshape(-1)[:] += base.take(before)
        np.maximum(body, row[1:], out=body)
        _run_up(body)
        row = new
    return float(row[-1, -1])


def _ends(sizes: Sequence[int]) -> dict[int, int]:
    """For every leaf the highest node of which it is the first."""
    return {node - size + 1: node for node, size in enumerate(sizes)}


def _run_up(rows: Floats) -> None:
    """Makes every number the greatest of those down to it in its column."""
    if rows.shape[1] >= _WIDE:
        for above, below in pairwise(rows):
            np.maximum(above, below, out=below)
    elif rows.shape[1] == 1:
        np.maximum.accumulate(rows[:, 0], out=rows[:, 0])
    else:
        np.maximum.accumulate(rows, axis=0, out=rows)
