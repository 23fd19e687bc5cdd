from __future__ import annotations

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
