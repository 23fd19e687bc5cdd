"""Which predicted table answers to which true one: the assignment that makes the most of the cells, exactly solved."""

from __future__ import annotations

import math
from collections.abc import Sequence
from collections.abc import Set as AbstractSet

from biaoge.model import Table

from .cells import score, structure

# Shares of structure and of the box in a pair's weight: they decide only between pairs whose texts are equally right.
_STRUCTURE = 1e-3
_BOX = 1e-6


def match(
    predicted: Sequence[Table], true: Sequence[Table], pages: Sequence[AbstractSet[int]], blanks: bool = True
) -> list[tuple[int | None, int | None]]:
    """Pairs (index of a predicted table, index of a true one); every table once, `None` where it has no counterpart.

    The sum of the pairs' folded cell F1 is the greatest possible; shape, then boxes, decide between equals. `pages`:
    the pages of each true table, empty where unknown; two tables on no common page are never paired, nor are two
    without anything in common. Two that both have boxes on a common page, none of which overlap, stand in different
    places: they are paired only if they share a cell with text, right in place, spans and folded text. True tables in
    their order first, then the predicted ones left over.
    """
    weights = [[_weight(p, t, on, blanks) for p in predicted] for t, on in zip(true, pages, strict=True)]
    pairs: dict[int, int] = {}
    for t, p in enumerate(assign(weights)):
        if p is not None and weights[t][p] > 0:
            pairs[t] = p
    taken = set(pairs.values())
    left = [p for p in range(len(predicted)) if p not in taken]
    return [(pairs.get(t), t) for t in range(len(true))] + [(p, None) for p in left]


def assign(weights: Sequence[Sequence[float]]) -> list[int | None]:
    """For every row the column given to it, each column at most once, so that the sum of weights is greatest.

    `None` for rows that get none because there are fewer columns. Hungarian method with potentials, O(rows² columns).

    >>> assign([[3, 2], [3, 0]])
    [1, 0]
    """
    rows, columns = len(weights), len(weights[0]) if weights else 0
    if rows > columns:
        by_column = assign([list(column) for column in zip(*weights, strict=True)])
        out: list[int | None] = [None] * rows
        for column, row in enumerate(by_column):
            if row is not None:
                out[row] = column
        return out
    # Rows and columns from 1; 0 is the start of each search. `owner[c]`: the row that holds column c.
    row_price, column_price = [0.0] * (rows + 1), [0.0] * (columns + 1)
    owner = [0] * (columns + 1)
    for row in range(1, rows + 1):
        owner[0] = row
        at = 0
        slack = [math.inf] * (columns + 1)
        came_from = [0] * (columns + 1)
        done = [False] * (columns + 1)
        while owner[at]:
            done[at] = True
            here, step, after = owner[at], math.inf, 0
            for c in range(1, columns + 1):
                if done[c]:
                    continue
                cost = -weights[here - 1][c - 1] - row_price[here] - column_price[c]
                if cost < slack[c]:
                    slack[c], came_from[c] = cost, at
                if slack[c] < step:
                    step, after = slack[c], c
            for c in range(columns + 1):
                if done[c]:
                    row_price[owner[c]] += step
                    column_price[c] -= step
                else:
                    slack[c] -= step
            at = after
        while at:
            owner[at] = owner[came_from[at]]
            at = came_from[at]
    given: list[int | None] = [None] * rows
    for c in range(1, columns + 1):
        if owner[c]:
            given[owner[c] - 1] = c - 1
    return given


def _weight(predicted: Table, true: Table, pages: AbstractSet[int], blanks: bool) -> float:
    if pages and predicted.parts and not any(part.page in pages for part in predicted.parts):
        return 0.0
    if _apart(predicted, true) and not score(predicted, true, "folded", blanks=False).matched:
        return 0.0
    cells = score(predicted, true, "folded", blanks).f1
    return cells + _STRUCTURE * structure(predicted, true, blanks).f1 + _BOX * _overlap(predicted, true)


def _apart(a: Table, b: Table) -> bool:
    """Whether both have boxes on a common page and none of these overlap; a box without area says nothing."""
    common = [p.box.overlap(q.box) for p in a.parts for q in b.parts if p.page == q.page and p.box.area and q.box.area]
    return bool(common) and not any(common)


def _overlap(a: Table, b: Table) -> float:
    """Area common to both over area of either (0 to 1), over all pages; 0 where boxes are unknown."""
    common = sum(p.box.overlap(q.box) for p in a.parts for q in b.parts if p.page == q.page)
    either = sum(p.box.area for p in (*a.parts, *b.parts)) - common
    return common / either if either > 0 else 0.0
