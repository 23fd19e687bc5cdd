"""Printed rows or columns set against a form's, both in their order: dynamic programming over how alike they are.

Of recognised names that were misread beyond likeness, those are bound by their place that stand in a gap between bound
neighbours where just as many of the form lack.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from .blocks import Line
from .names import folded, likest
from .template import Node

FLOOR = 0.5
"""What is no more alike than this is another name: two of four characters shared, as 行政许可 and 行政处罚 do."""
SURE = 0.6
"""A name bound on its own; below it only in the one gap between two neighbours that are bound."""
MARGIN = 0.08
"""How much worse the best other place must be: less than one exact parent's share (PARENTS / 2)."""
PARENTS = 0.25
"""The share of the headers over a name in how alike two are; the name itself has the rest."""
NEARLY = 0.7
"""Rows in any order are bound from here: of four characters one may be misread, where no other name comes as near."""
UNNAMED = 0.55
"""How alike a line without a readable name is to anything: it fills a gap, never wins against a name."""
OFFERED = 0.85
"""How alike a name is to one that recognition offered in its place, at most: less than to one that was read."""
PLACED = 0.5
"""The likeness of what is bound by its place alone; what is less alike than this was misread beyond likeness."""
LEGIBLE = 0.95
"""A name recognised with this, of two letters and more, is what is printed: it is never bound by its place alone."""
UNLIKE = 0.25
"""Long names that are less alike than this are two names, however badly one was read."""
LONG = 4
"""Letters of a name of which some are read right as a rule, even on bad scans."""


@dataclass(frozen=True, slots=True)
class Leaf:
    """A row or column of a form that may hold values, with its headers, outermost first, itself the last."""

    path: tuple[Node, ...]

    @property
    def node(self) -> Node:
        """The row or column itself."""
        return self.path[-1]


@dataclass(frozen=True, slots=True)
class Pair:
    """A printed line, the leaf it is, and how alike their names are: their own, and with the headers over them.

    `placed`: whether it was bound by its place between its neighbours, as its name could not be read.
    """

    line: Line
    leaf: Leaf
    likeness: float
    whole: float
    placed: bool = False


@dataclass(frozen=True, slots=True)
class Aligned:
    """`lines` that fit nowhere are left over, `doubtful` those that fit two places as well."""

    pairs: tuple[Pair, ...]
    lines: tuple[Line, ...] = ()
    doubtful: tuple[Line, ...] = ()


def leaves(nodes: Sequence[Node]) -> tuple[Leaf, ...]:
    """The nodes that may hold values: those with nothing under them, and headers that may stand alone."""
    by_key = {node.key: node for node in nodes}
    parents = {node.parent for node in nodes}
    out = []
    for node in nodes:
        if (node.key in parents and not node.alone) or node.open:
            continue
        path, parent = [node], node.parent
        while parent is not None:
            path.insert(0, by_key[parent])
            parent = by_key[parent].parent
        out.append(Leaf(tuple(path)))
    return tuple(out)


def likeness(line: Line, leaf: Leaf) -> tuple[float, float]:
    """How alike the names are, and the same with the headers over them."""
    if not line.names or not line.names[-1]:
        return _unnamed([leaf])[0]
    names = leaf.path[-1].names
    own = likest(line.names[-1], names) if not line.others else named(line, names)
    if own < UNNAMED and len(folded(line.names[-1])) == 1 and (own == FLOOR or any(len(folded(n)) == 1 for n in names)):
        own = UNNAMED  # one character, half of a name or misread for 类, 款, 项: no name of its own
    if own <= FLOOR or len(leaf.path) == 1:
        return own, own
    over = leaf.path[:-1]
    printed = line.names[:-1]
    if not printed:
        return own, (1 - PARENTS) * own + PARENTS / 2
    found = [max(likest(name, node.names) for name in printed) for node in over]
    return own, (1 - PARENTS) * own + PARENTS * sum(found) / len(found)


def _unnamed(wanted: Sequence[Leaf]) -> list[tuple[float, float]]:
    return [(1.0, 1.0) if "" in leaf.path[-1].names else (UNNAMED, UNNAMED) for leaf in wanted]


def named(line: Line, names: tuple[str, ...]) -> float:
    """How alike a line's name is to the nearest of `names`; where it was recognised, in any reading that was offered.

    >>> named(Line(0, ("eit",), sure=0.6, others=("et", "总计")), ("总计", "合计"))
    0.85
    """
    own = likest(line.name, names)
    if line.others and own < OFFERED:
        return max(own, OFFERED * max(likest(other, names) for other in line.others))
    return own


def align(lines: Sequence[Line], wanted: Sequence[Leaf]) -> Aligned:
    """The pairs, in order on both sides, that are most alike as a whole; what is not sure is left out.

    Needleman and Wunsch (1970) without a price for gaps, forwards and backwards, so that for every pair the best
    whole through it is known, and with it what the next best place of a line would cost.
    """
    n, m = len(lines), len(wanted)
    table = [[likeness(line, leaf) for leaf in wanted] if line.name else _unnamed(wanted) for line in lines]
    gain = [[whole - FLOOR if own > FLOOR and whole > FLOOR else 0.0 for own, whole in row] for row in table]
    ahead = [[0.0] * (m + 1)]
    for row in gain:
        ahead.append(_best(ahead[-1], row))
    behind = [[0.0] * (m + 1)]
    for row in reversed(gain):
        behind.append(_best(behind[-1], row[::-1]))
    after = [row[::-1] for row in reversed(behind)]
    chosen: dict[int, int] = {}
    i, j = n, m
    while i and j:
        if gain[i - 1][j - 1] > 0 and ahead[i][j] == ahead[i - 1][j - 1] + gain[i - 1][j - 1]:
            i, j = i - 1, j - 1
            chosen[i] = j
        elif ahead[i][j] == ahead[i - 1][j]:
            i -= 1
        else:
            j -= 1
    doubtful = set()
    for i, j in chosen.items():
        others = (ahead[i][k] + more + after[i + 1][k + 1] for k, more in enumerate(gain[i]) if k != j and more > 0)
        if ahead[n][m] - max(others, default=-1.0) < MARGIN:
            doubtful.add(i)
    sure = {i: j for i, j in chosen.items() if i not in doubtful and table[i][j][0] >= SURE and lines[i].name}
    for i, j in chosen.items():
        # The one line in the one gap between two that are bound: its name may be further off, or unreadable.
        near = (i == 0 or sure.get(i - 1, -2) == j - 1) and (i == n - 1 or sure.get(i + 1, -2) == j + 1)
        ends = (i > 0 or j == 0) and (i < n - 1 or j == m - 1)
        if i not in sure and i not in doubtful and ((near and ends and n > 1) or table[i][j][0] == 1.0):
            sure[i] = j
    pairs = [Pair(lines[i], wanted[j], *table[i][j]) for i, j in sorted(sure.items())]
    placed = _placed(lines, wanted, sure, [[own for own, _ in row] for row in table])
    if placed:
        pairs += [Pair(lines[i], wanted[j], min(PLACED, table[i][j][0]), 0.0, True) for i, j in placed.items()]
        pairs.sort(key=lambda pair: pair.line.index)
        sure |= placed
        doubtful -= placed.keys()
    rest = tuple(line for i, line in enumerate(lines) if i not in sure and i not in doubtful)
    return Aligned(tuple(pairs), rest, tuple(lines[i] for i in sorted(doubtful)))


def _best(before: Sequence[float], gain: Sequence[float]) -> list[float]:
    """The next row of the table of best wholes, from the one before and what each pair of this line gains."""
    out = [0.0]
    last = 0.0
    for j, more in enumerate(gain):
        if before[j + 1] > last:
            last = before[j + 1]
        if more and before[j] + more > last:
            last = before[j] + more
        out.append(last)
    return out


def _placed(
    lines: Sequence[Line], wanted: Sequence[Leaf], sure: dict[int, int], table: Sequence[Sequence[float]]
) -> dict[int, int]:
    """What stands in a gap between bound neighbours, or at an end, where as many leaves lack as lines are unbound.

    Only names that were recognised, and not well enough to be names of their own, and no more than are bound.
    """
    if len(sure) == len(lines) or all(line.sure is None for line in lines):
        return {}
    stops = [(-1, -1), *sorted(sure.items()), (len(lines), len(wanted))]
    out: dict[int, int] = {}
    for (i, j), (end, stop) in pairwise(stops):
        gap = list(zip(range(i + 1, end), range(j + 1, stop), strict=False))
        if not gap or end - i != stop - j:
            continue
        free = all(max(row for n, row in enumerate(table[a]) if n != b) < SURE for a, b in gap if len(wanted) > 1)
        if free and all(_may_be(lines[a], wanted[b], table[a][b]) for a, b in gap):
            out |= dict(gap)
    return out if len(out) <= len(sure) else {}


def _may_be(line: Line, leaf: Leaf, own: float) -> bool:
    """Whether a recognised name can be that of the leaf, misread."""
    name = folded(line.name)
    if line.sure is None or (line.sure >= LEGIBLE and len(name) > 1 and own < PLACED):
        return False
    return not name or own >= UNLIKE or min(len(name), *(len(folded(n)) for n in leaf.node.names)) < LONG


def pick(lines: Sequence[Line], wanted: Sequence[Leaf]) -> Aligned:
    """The pairs that are most alike in any order, for forms that leave rows open; they must be nearly the same.

    Doubtful is what is like a listed name, but not nearly the same, or the second of its name: misread, not new.
    """
    scored: list[tuple[float, int, int]] = []
    like: set[int] = set()
    for i, line in enumerate(lines):
        ranked = sorted(((-named(line, leaf.node.names), j) for j, leaf in enumerate(wanted)) if line.name else ())
        if ranked and -ranked[0][0] > FLOOR:
            like.add(i)
        if ranked and -ranked[0][0] >= NEARLY and (len(ranked) == 1 or ranked[1][0] - ranked[0][0] >= MARGIN):
            scored.append((ranked[0][0], i, ranked[0][1]))
    chosen: dict[int, tuple[int, float]] = {}
    for worth, i, j in sorted(scored):
        if all(j != other for other, _ in chosen.values()):
            chosen[i] = j, -worth
    pairs = tuple(Pair(lines[i], wanted[j], score, score) for i, (j, score) in sorted(chosen.items()))
    rest = tuple(line for i, line in enumerate(lines) if i not in chosen and i not in like)
    return Aligned(pairs, rest, tuple(lines[i] for i in sorted(like - chosen.keys())))
