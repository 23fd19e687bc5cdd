from __future__ import annotations

from dataclasses import replace
from itertools import permutations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from biaoge.eval.metrics.matching import assign, match
from biaoge.model import Box, Cell, Part, Table

weights = st.tuples(st.integers(1, 5), st.integers(0, 5)).flatmap(
    lambda size: st.lists(
        st.lists(st.integers(0, 9).map(float), min_size=size[1], max_size=size[1]), min_size=size[0], max_size=size[0]
    )
)


@settings(deadline=None)
@given(weights)
def test_assignment_is_the_best_of_all(rows: list[list[float]]) -> None:
    n_columns = len(rows[0])
    got = assign(rows)
    given_away = [c for c in got if c is not None]
    assert len(got) == len(rows)
    assert len(set(given_away)) == len(given_away) == min(len(rows), n_columns)
    padded = [row + [0.0] * max(len(rows) - n_columns, 0) for row in rows]
    best = max(
        sum(padded[r][c] for r, c in enumerate(order)) for order in permutations(range(len(padded[0])), len(rows))
    )
    assert sum(rows[r][c] for r, c in enumerate(got) if c is not None) == best


def test_assignment_of_nothing() -> None:
    assert assign([]) == []


def row(*texts: str, page: int = 1, x: float = 0) -> Table:
    cells = tuple(Cell(0, i, t) for i, t in enumerate(texts))
    return Table(1, len(texts), cells, parts=(Part(page, Box(x, 0, x + 10, 10), (0, 0)),))


def test_order_does_not_matter_and_the_rest_is_left_over() -> None:
    true = [row("a", "b"), row("c", "d"), row("e")]
    found = [row("z", "y", "x", page=2), row("c", "d"), row("a", "q")]
    assert match(found, true, [{1}, {1}, {1}]) == [(2, 0), (1, 1), (None, 2), (0, None)]


def test_a_table_of_another_page_is_no_match() -> None:
    assert match([row("a", page=2)], [row("a")], [{1}]) == [(None, 0), (0, None)]


@pytest.mark.parametrize("pages", [{1, 2}, set()])
def test_pages_may_be_several_or_unknown(pages: set[int]) -> None:
    assert match([row("a", page=2)], [row("a")], [pages]) == [(0, 0)]


def test_the_box_decides_between_equals() -> None:
    assert match([row("a", x=50), row("a", x=1)], [row("a"), row("a", x=50)], [{1}, {1}]) == [(1, 0), (0, 1)]


def test_a_table_without_a_right_text_is_paired_by_its_shape() -> None:
    assert match([row("x", "y")], [row("a", "b")], [{1}]) == [(0, 0)]


def test_tables_in_different_places_are_paired_only_by_a_text() -> None:
    assert match([row("x", "y", x=50)], [row("a", "b")], [{1}]) == [(None, 0), (0, None)]
    assert match([row("x", "", x=50)], [row("a", "")], [{1}]) == [(None, 0), (0, None)]
    assert match([row("x", "Ｂ", x=50)], [row("a", "b")], [{1}]) == [(None, 0), (0, None)]
    assert match([row("x", "２", x=50)], [row("a", "2")], [{1}]) == [(0, 0)]
    # The right text in another column is no cell in common.
    assert match([row("b", "y", x=50)], [row("a", "b")], [{1}]) == [(None, 0), (0, None)]


def test_a_missed_table_and_one_too_many_are_not_a_pair() -> None:
    true, found = [row("a", "b"), row("c", "d", x=20)], [row("c", "q", x=20), row("z", "y", x=90)]
    assert match(found, true, [{1}, {1}]) == [(None, 0), (0, 1), (1, None)]


def test_unknown_boxes_keep_no_tables_apart() -> None:
    true, found = row("a", "b"), row("x", "y", x=50)
    flat = replace(found, parts=(Part(1, Box(50, 0, 50, 10), (0, 0)),))
    elsewhere = replace(found, parts=(Part(2, Box(50, 0, 60, 10), (0, 0)),))
    for t, p in ((replace(true, parts=()), found), (true, replace(found, parts=())), (true, flat), (true, elsewhere)):
        assert match([p], [t], [{1, 2}]) == [(0, 0)]


def test_one_page_on_which_boxes_overlap_is_enough() -> None:
    def over(first: float, second: float) -> Table:
        parts = (Part(1, Box(first, 0, first + 10, 10), (0, 0)), Part(2, Box(second, 0, second + 10, 10), (0, 0)))
        return replace(row("x", "y"), parts=parts)

    true = replace(over(0, 0), cells=row("a", "b").cells)
    assert match([over(50, 5)], [true], [{1, 2}]) == [(0, 0)]
    assert match([over(50, 50)], [true], [{1, 2}]) == [(None, 0), (0, None)]


_texts = st.lists(st.sampled_from(["", "a", "b"]), min_size=2, max_size=2)
_rows = st.lists(st.builds(lambda texts, x: row(*texts, x=x), _texts, st.sampled_from([0, 5, 50])), max_size=4)


@given(_rows, _rows)
def test_every_table_stands_once_and_every_pair_has_a_reason(found: list[Table], true: list[Table]) -> None:
    pairs = match(found, true, [{1}] * len(true))
    assert [t for _, t in pairs if t is not None] == list(range(len(true)))
    assert sorted(p for p, _ in pairs if p is not None) == list(range(len(found)))
    for p, t in pairs:
        if p is None or t is None:
            continue
        a, b = found[p], true[t]
        same = any(x.text and x.text == y.text for x, y in zip(a.cells, b.cells, strict=True))
        assert same or a.parts[0].box.overlap(b.parts[0].box)
