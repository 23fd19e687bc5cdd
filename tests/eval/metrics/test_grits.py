from __future__ import annotations

import json
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from difflib import SequenceMatcher
from pathlib import Path
from unittest.mock import patch

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from biaoge.eval.metrics import likeness
from biaoge.eval.metrics.alignment import align, line_scores
from biaoge.eval.metrics.grits import Grits, boxed, kensho, microsoft, table_score
from biaoge.model import Box, Cell, Region, Table

Grid = list[list[str]]
Likeness = Callable[[str, str], float]


# --- a slow, obvious version -----------------------------------------------------------------------------------------


def slow_align(n: int, k: int, reward: Callable[[int, int], float]) -> tuple[list[tuple[int, int]], float]:
    best = [[0.0] * (k + 1) for _ in range(n + 1)]
    for i in range(1, n + 1):
        for j in range(1, k + 1):
            best[i][j] = max(best[i - 1][j - 1] + reward(i - 1, j - 1), best[i - 1][j], best[i][j - 1])
    pairs, i, j = [], n, k
    while i and j:
        if best[i][j] == best[i - 1][j - 1] + reward(i - 1, j - 1):
            i, j = i - 1, j - 1
            pairs.append((i, j))
        elif best[i][j] == best[i - 1][j]:
            i -= 1
        else:
            j -= 1
    return pairs[::-1], best[n][k]


def slow_lines(t: Grid, p: Grid, alike: Likeness) -> tuple[list[tuple[int, int]], list[list[float]]]:
    def worth(a: Sequence[str], b: Sequence[str]) -> float:
        return slow_align(len(a), len(b), lambda i, j: alike(a[i], b[j]))[1]

    rewards = [[worth(a, b) for b in p] for a in t]
    return slow_align(len(t), len(p), lambda i, j: rewards[i][j])[0], rewards


def slow_factored(t: Grid, p: Grid, alike: Likeness) -> float:
    rows, _ = slow_lines(t, p, alike)
    columns, _ = slow_lines([list(c) for c in zip(*t, strict=True)], [list(c) for c in zip(*p, strict=True)], alike)
    similar = sum(alike(t[i][a], p[k][b]) for i, k in rows for a, b in columns)
    return 2 * similar / (len(t) * len(t[0]) + len(p) * len(p[0]))


def blocks(a: str, b: str) -> float:
    if not (a or b):
        return 1.0
    return 2 * sum(m.size for m in SequenceMatcher(None, a, b).get_matching_blocks()) / (len(a) + len(b))


def subsequence(a: str, b: str) -> float:
    if not (a or b):
        return 1.0
    return 2 * slow_align(len(a), len(b), lambda i, j: float(a[i] == b[j]))[1] / (len(a) + len(b))


def html(grid: Grid) -> str:
    rows = ("".join(f"<td>{text}</td>" for text in row) for row in grid)
    return f"<table>{''.join(f'<tr>{row}</tr>' for row in rows)}</table>"


def grids(letters: str = "ab1") -> st.SearchStrategy[Grid]:
    texts = st.text(letters, max_size=4)
    shapes = st.tuples(st.integers(1, 5), st.integers(1, 5))
    return shapes.flatmap(
        lambda shape: st.lists(
            st.lists(texts, min_size=shape[1], max_size=shape[1]), min_size=shape[0], max_size=shape[0]
        )
    )


# --- the parts -------------------------------------------------------------------------------------------------------


@settings(max_examples=60, deadline=None)
@given(grids("ab"), grids("ab"))
def test_alignments_and_their_ties_are_those_of_the_slow_version(t: Grid, p: Grid) -> None:
    values = sorted({text for grid in (t, p) for row in grid for text in row})
    codes = [np.array([[values.index(text) for text in row] for row in grid]) for grid in (t, p)]
    alike = np.array([[subsequence(a, b) for b in values] for a in values])
    rows, columns = line_scores(codes[0], codes[1], lambda some: alike[some])
    pairs, rewards = slow_lines(t, p, subsequence)
    assert rows.tolist() == rewards
    assert list(zip(*(x.tolist() for x in align(rows)), strict=True)) == pairs
    turned = [[list(c) for c in zip(*grid, strict=True)] for grid in (t, p)]
    assert columns.tolist() == slow_lines(turned[0], turned[1], subsequence)[1]


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.text("aab中", max_size=70), min_size=1, max_size=5),
    st.lists(
        st.one_of(st.text("aab中", max_size=12), st.text("abcd ", min_size=150, max_size=260)), min_size=1, max_size=5
    ),
)
def test_likeness_by_blocks_is_that_of_difflib(t: list[str], p: list[str]) -> None:
    expected = np.array([[blocks(a, b) for b in p] for a in t])
    n = min(len(t), len(p))
    for few in (0, 1000):  # all at once, and one by one
        with patch.object(likeness, "_FEW", few):
            assert np.array_equal(likeness.by_blocks(t, p), expected)
            assert likeness.pairs_by_blocks(t[:n], p[:n]).tolist() == expected.diagonal().tolist()


@settings(max_examples=60, deadline=None)
@given(st.lists(st.text("ab中\U0001d4b3", max_size=9), max_size=5), st.lists(st.text("ab中", max_size=9), max_size=5))
def test_likeness_by_subsequence(t: list[str], p: list[str]) -> None:
    expected = np.array([[subsequence(a, b) for b in p] for a in t]).reshape(len(t), len(p))
    assert np.array_equal(likeness.by_subsequence(t, p), expected)
    n = min(len(t), len(p))
    assert likeness.pairs_by_subsequence(t[:n], p[:n]).tolist() == expected.diagonal().tolist()


# --- from HTML -------------------------------------------------------------------------------------------------------


def test_the_reference_implementations_are_met(data: Path) -> None:
    pairs = json.loads((data / "metrics" / "golden.json").read_text(encoding="utf-8"))["pairs"]
    apart = []
    for pair in pairs:
        k, m = (score(pair["pred_html"], pair["true_html"]) for score in (kensho, microsoft))
        expected = {"grits_top": k.top, "grits_con": k.con, "grits_top_ms": m.top, "grits_con_ms": m.con}
        apart += [
            (pair["id"], key) for key, v in expected.items() if pair[key] is not None and abs(v - pair[key]) > 1e-9
        ]
    assert len(pairs) > 100
    assert not apart


@settings(max_examples=50, deadline=None)
@given(grids(), grids())
def test_content_is_that_of_the_slow_version(t: Grid, p: Grid) -> None:
    assert microsoft(html(p), html(t)).con == pytest.approx(slow_factored(t, p, blocks), abs=1e-12)
    if len(t) != len(p) and len(t[0]) != len(p[0]):
        assert kensho(html(p), html(t)).con == pytest.approx(slow_factored(t, p, subsequence), abs=1e-12)


@pytest.mark.parametrize("score", [kensho, microsoft])
@settings(max_examples=30, deadline=None)
@given(grid=grids())
def test_a_table_equals_itself_and_not_one_with_another_text(score: Callable[[str, str], Grits], grid: Grid) -> None:
    size = len(grid) * len(grid[0])
    assert score(html(grid), html(grid)) == Grits(1.0, 1.0, None, size, size)
    assert score(html([[*grid[0][:-1], "xyz"], *grid[1:]]), html(grid)).con < 1


def test_the_dialects_differ_in_top() -> None:
    true = '<table><tr><td rowspan="2" colspan="2">a</td><td>b</td></tr><tr><td>c</td></tr></table>'
    predicted = '<table><tr><td colspan="3">a</td></tr><tr><td>b</td><td>c</td><td>d</td></tr></table>'
    # The place (0, 0): boxes of 2 × 2 and 3 × 1 have 2 in common, 5 together, and a frame of 6.
    assert kensho(predicted, true).top > microsoft(predicted, true).top


def test_precision_and_recall() -> None:
    scored = kensho(html([["a", "b"]]), html([["a", "b"], ["c", "d"]]))
    assert scored.precision(scored.con) == pytest.approx(1.0)
    assert scored.recall(scored.con) == pytest.approx(0.5)
    assert scored.con == pytest.approx(2 / 3)


def test_what_is_no_table_scores_nothing() -> None:
    table = html([["a"]])
    for score in (kensho, microsoft):
        assert score("nothing", table) == Grits(0.0, 0.0, None, 0, 1)
        assert score(table, "") == Grits(0.0, 0.0, None, 1, 0)
        assert score("", "").con == 0.0
        assert score("<table></table>", table) == Grits(0.0, 0.0, None, 0, 1)
        assert score("<table></table>", "<table></table>") == Grits(1.0, 1.0)


def test_giant_tables_are_scored() -> None:
    giant = '<table><tr><td rowspan="65534">a</td><td colspan="900">b</td></tr><tr><td>c</td></tr></table>'
    high = '<table><tr><td rowspan="65534">a</td><td>b</td></tr></table>'
    for score in (kensho, microsoft):
        assert 0 < score(giant, html([["a", "b"]])).con < 0.01
        assert score(high, high.replace(">b<", ">bc<")).top == 1.0
        assert 0 < score(high, html([["a", "b"]])).con < 0.01


def test_large_tables_take_little_time() -> None:
    rnd = np.random.default_rng(0)
    p, t = (html([[f"{n:,}" for n in row] for row in rnd.integers(0, 10**6, (200, 10)).tolist()]) for _ in range(2))
    start = time.process_time()
    assert 0 < kensho(p, t).con < 1
    assert time.process_time() - start < 2


# --- from tables -----------------------------------------------------------------------------------------------------


def of(texts: list[list[str | None]], boxes: bool = False, page: int = 1) -> Table:
    cells = tuple(
        Cell(r, c, text, regions=(Region(page, Box(10 * c, 10 * r, 10 * c + 10, 10 * r + 10)),) if boxes else ())
        for r, row in enumerate(texts)
        for c, text in enumerate(row)
    )
    return Table(len(texts), len(texts[0]), cells)


@settings(max_examples=40, deadline=None)
@given(grids(), grids())
def test_tables_score_as_their_html(t: Grid, p: Grid) -> None:
    found = table_score(of([[*row] for row in p]), of([[*row] for row in t]), "raw")
    expected = kensho(html(p), html(t))
    assert (found.top, found.con, found.loc) == (expected.top, expected.con, None)


def test_spans_count_in_tables() -> None:
    merged = Table(2, 2, (Cell(0, 0, "a", colspan=2), Cell(1, 0, "b"), Cell(1, 1, "c")))
    apart = of([["a", "a"], ["b", "c"]])
    assert table_score(apart, merged, "raw").con == 1.0
    assert table_score(apart, merged, "raw").top == kensho(apart.to_html(), merged.to_html()).top < 1


def test_texts_are_compared_at_the_level() -> None:
    assert table_score(of([["２ 0"]]), of([["20"]]), "folded").con == 1.0
    assert table_score(of([["２ 0"]]), of([["20"]]), "raw").con == pytest.approx(2 / 5)


def test_a_text_that_was_not_read_is_like_no_other() -> None:
    for p, t in ((None, ""), (None, None), (None, "a"), ("", None)):
        scored = table_score(of([[p, "b"], ["c", "d"]]), of([[t, "b"], ["c", "d"]]), "space")
        assert scored.con == pytest.approx(3 / 4)
        assert table_score(of([[p]]), of([[t]]), "space").con == 0.0


def test_location() -> None:
    true = of([["a", "b"]], boxes=True)
    assert table_score(true, true, "raw").loc == 1.0
    assert table_score(of([["a", "b"]]), true, "raw").loc is None
    assert table_score(true, of([["a", "b"]]), "raw").loc is None
    assert table_score(None, true, "raw") == Grits(0.0, 0.0, 0.0, 0, 2)
    assert table_score(None, of([["a", "b"]]), "raw").loc is None
    assert table_score(true, None, "raw").loc is None
    assert table_score(None, None, "raw").loc is None
    assert [boxed(t) for t in (true, of([["a", "b"]]))] == [True, False]
    assert not boxed(replace(true, cells=(true.cells[0], replace(true.cells[1], regions=()))))
    assert table_score(of([["a", "b"]], boxes=True, page=2), true, "raw").loc == 0.0
    half = replace(true.cells[0], regions=(Region(1, Box(0, 0, 5, 10)),))
    assert table_score(replace(true, cells=(half, true.cells[1])), true, "raw").loc == pytest.approx(0.75)
    wider = of([["a", "b", "c"]], boxes=True)
    assert table_score(wider, true, "raw").loc == pytest.approx(2 * 2 / 5)


def test_regions_on_two_pages_count_together() -> None:
    cut = replace(of([["a"]]).cells[0], regions=(Region(1, Box(0, 0, 9, 30)), Region(2, Box(0, 0, 9, 10))))
    first = replace(cut, regions=cut.regions[:1])
    found = replace(of([["a"]]), cells=(first,))
    assert table_score(found, replace(found, cells=(cut,)), "raw").loc == pytest.approx(0.75)  # place by place
    longer = of([["a"], ["x"]], boxes=True, page=9)
    assert table_score(found, replace(longer, cells=(cut, longer.cells[1])), "raw").loc == pytest.approx(0.75 * 2 / 3)
