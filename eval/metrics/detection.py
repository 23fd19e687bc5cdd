"""Table detection: whether the tables of a document were found where they stand, whatever was read in them."""

from __future__ import annotations

from collections.abc import Sequence

from biaoge.model import Table

from .counts import Counts
from .matching import assign

LEAST_IOU = 0.5
"""Intersection over union from which on two places are the same, as usual in detection (PASCAL VOC)."""
# How much the overlap counts beside the number of pairs; a document has far fewer than a million tables.
_LITTLE = 1e-6


def detection(
    predicted: Sequence[Table],
    true: Sequence[Table],
    pairs: Sequence[tuple[int | None, int | None]],
    complete: bool = True,
) -> Counts:
    """Tables of one document by place: as many pairs as can be made, every table in at most one.

    Two tables can be a pair when the intersection over union of their boxes is at least 0.5, over all pages; where
    either has no box, when `pairs` (of `matching.match`: predicted, true) has paired them by content. Where the labels
    are not `complete`, predicted tables that are no pair are not counted.
    """
    by_content = {(p, t) for p, t in pairs if p is not None and t is not None}
    weights = [[_weight(p, t, (i, j) in by_content) for i, p in enumerate(predicted)] for j, t in enumerate(true)]
    chosen = assign(weights)
    matched = sum(p is not None and weights[t][p] > 0 for t, p in enumerate(chosen))
    return Counts(matched, len(predicted) if complete else matched, len(true))


def iou(a: Table, b: Table) -> float | None:
    """Area common to both over area of either (0 to 1), summed over pages; `None` where a box is unknown or flat.

    The parts of one table are taken not to overlap one another.
    """
    areas = [sum(part.box.area for part in table.parts) for table in (a, b)]
    if not all(areas):
        return None
    common = sum(p.box.overlap(q.box) for p in a.parts for q in b.parts if p.page == q.page)
    return min(common / max(sum(areas) - common, common), 1.0)


def _weight(predicted: Table, true: Table, same_content: bool) -> float:
    """1 and a little more, by the overlap, for two tables that can be a pair, else 0: more pairs before better ones."""
    shared = iou(predicted, true)
    if shared is None:
        return 1.0 if same_content else 0.0
    return 1 + shared * _LITTLE if shared >= LEAST_IOU else 0.0
