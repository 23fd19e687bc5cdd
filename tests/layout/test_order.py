"""Reading order of boxes."""

from __future__ import annotations

import random

from hypothesis import given, settings
from hypothesis import strategies as st

from biaoge.layout.order import order
from biaoge.model import Box


def flat(boxes: list[Box]) -> list[int]:
    return [i for column in order(boxes) for i in column]


@settings(max_examples=80, deadline=None)
@given(
    sections=st.lists(
        st.tuples(st.integers(1, 3), st.integers(3, 8), st.floats(0, 5), st.floats(11, 16)), min_size=1, max_size=3
    ),
    seed=st.integers(0, 10_000),
)
def test_columns_under_spanning_titles(sections: list[tuple[int, int, float, float]], seed: int) -> None:
    """Sections of one to three columns, each under a title as wide as the page, are read in the order they were set."""
    boxes = []
    top = 50.0
    for columns, rows, shift, leading in sections:
        boxes.append(Box(50, top, 550, top + 14))
        width = (500 - 20 * (columns - 1)) / columns
        for c in range(columns):
            x = 50 + c * (width + 20)
            boxes += [
                Box(x, top + 30 + c * shift + r * leading, x + width, top + 40 + c * shift + r * leading)
                for r in range(rows)
            ]
        top += 30 + rows * leading + 2 * shift + 20
    places = list(range(len(boxes)))
    random.Random(seed).shuffle(places)
    found = flat([boxes[i] for i in places])
    assert [places[i] for i in found] == list(range(len(boxes)))


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(st.floats(0, 500), st.floats(0, 700), st.floats(0, 300), st.floats(0, 40)), max_size=40))
def test_every_box_comes_once(raw: list[tuple[float, float, float, float]]) -> None:
    boxes = [Box(x, y, x + w, y + h) for x, y, w, h in raw]
    assert sorted(flat(boxes)) == list(range(len(boxes)))


def test_narrow_columns_are_read_by_rows() -> None:
    boxes = [Box(x, y, x + 20, y + 10) for y in (0, 15, 30, 45) for x in (0, 100, 200)]
    assert flat(boxes) == list(range(12))


def test_a_number_on_the_right_above_columns_comes_first() -> None:
    boxes = [Box(400, 0, 550, 10), *(Box(x, y, x + 240, y + 10) for x in (50, 310) for y in (20, 35, 50))]
    assert flat(boxes) == list(range(7))


def test_a_left_heading_and_a_right_date_are_read_downwards() -> None:
    boxes = [Box(50, 0, 550, 10), Box(400, 20, 550, 30), Box(50, 40, 200, 50), Box(50, 60, 550, 70)]
    assert flat(boxes) == [0, 1, 2, 3]
