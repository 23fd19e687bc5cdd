from __future__ import annotations

from itertools import permutations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from biaoge.eval.metrics.counts import Counts
from biaoge.eval.metrics.detection import LEAST_IOU, detection, iou
from biaoge.model import Box, Cell, Part, Table


def at(*boxes: tuple[int, float, float, float, float]) -> Table:
    """A table with its parts: page, x0, top, x1, bottom."""
    parts = tuple(Part(page, Box(*box), (0, 0)) for page, *box in boxes)
    return Table(1, 1, (Cell(0, 0, "a"),), parts=parts)


places = st.builds(
    lambda page, x, y, w, h: (page, float(x), float(y), float(x + w), float(y + h)),
    *(st.integers(1, 2), st.integers(0, 3), st.integers(0, 3), st.integers(0, 3), st.integers(0, 3)),
)
documents = st.lists(st.one_of(places.map(at), st.just(at())), max_size=4)


@settings(max_examples=100, deadline=None)
@given(documents, documents, st.booleans())
def test_as_many_pairs_as_can_be(predicted: list[Table], true: list[Table], complete: bool) -> None:
    by_content = [(i, i) if i < len(true) else (i, None) for i in range(len(predicted))]
    fits = {
        (p, t)
        for p, a in enumerate(predicted)
        for t, b in enumerate(true)
        if ((shared := iou(a, b)) is None and p == t) or (shared is not None and shared >= LEAST_IOU)
    }
    slots = [*range(len(predicted)), *[None] * len(true)]
    best = max(sum((p, t) in fits for t, p in enumerate(order)) for order in permutations(slots, len(true)))
    got = detection(predicted, true, by_content, complete)
    assert got == Counts(best, len(predicted) if complete else best, len(true))


@pytest.mark.parametrize(
    ("a", "b", "shared"),
    [
        (at((1, 0, 0, 2, 2)), at((1, 0, 0, 2, 2)), 1),
        (at((1, 0, 0, 2, 2)), at((1, 1, 0, 3, 2)), 1 / 3),
        (at((1, 0, 0, 2, 2)), at((2, 0, 0, 2, 2)), 0),
        (at((1, 0, 0, 2, 2), (2, 0, 0, 2, 2)), at((1, 0, 0, 2, 2)), 1 / 2),
        (at(), at((1, 0, 0, 2, 2)), None),
        (at((1, 0, 0, 0, 2)), at((1, 0, 0, 2, 2)), None),
    ],
)
def test_overlap_is_summed_over_pages(a: Table, b: Table, shared: float | None) -> None:
    assert iou(a, b) == iou(b, a) == shared


def test_every_table_counts_once() -> None:
    one = at((1, 0, 0, 10, 10))
    assert detection([one, one], [one], []) == Counts(1, 2, 1)
    assert detection([one], [one, one], []) == Counts(1, 1, 2)
    assert detection([], [one], []) == Counts(0, 0, 1)
    assert detection([one], [], []) == Counts(0, 1, 0)


def test_boxes_go_before_content() -> None:
    here, there = at((1, 0, 0, 10, 10)), at((1, 50, 50, 60, 60))
    assert detection([here], [there], [(0, 0)]) == Counts(0, 1, 1)
    assert detection([at()], [there], [(0, 0)]) == Counts(1, 1, 1)
    assert detection([at()], [there], [(None, 0), (0, None)]) == Counts(0, 1, 1)
