from __future__ import annotations

import json
import random
import time
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from biaoge.eval.metrics.levels import Level
from biaoge.eval.metrics.teds import Teds, html_score, rename_costs, table_score
from biaoge.eval.metrics.trees import Node
from biaoge.model import Cell, Table

TABLE = "<table><tr><td>Name</td><td>Score</td></tr><tr><td>Alice</td><td>95</td></tr></table>"


def grid(rows: list[list[str]]) -> str:
    return "<table>" + "".join(f"<tr>{''.join(f'<td>{t}</td>' for t in row)}</tr>" for row in rows) + "</table>"


def table(rows: list[list[str]]) -> Table:
    cells = tuple(Cell(r, c, text) for r, row in enumerate(rows) for c, text in enumerate(row))
    return Table(len(rows), len(rows[0]), cells)


def test_agrees_with_the_reference(data: Path) -> None:
    """The values that PubTabNet's own implementation gives."""
    file = data / "metrics" / "golden.json"
    if not file.is_file():
        pytest.skip(f"no {file}")
    pairs = json.loads(file.read_text(encoding="utf-8"))["pairs"]
    assert len(pairs) >= 100
    for pair in pairs:
        score = html_score(pair["pred_html"], pair["true_html"])
        assert score.teds == pytest.approx(pair["teds"], abs=1e-9), pair["id"]
        assert score.struct == pytest.approx(pair["teds_struct"], abs=1e-9), pair["id"]


# Worked by hand from the definition.
@pytest.mark.parametrize(
    ("predicted", "teds", "struct"),
    [
        (TABLE, 1, 1),
        (TABLE.replace("95", "90"), 1 - 0.5 / 6, 1),  # one of two characters
        (TABLE.replace("Alice", "<b>Alice</b>"), 1 - (2 / 7) / 7, 1),  # two tokens more than five; one element more
        (TABLE.replace("<td>Name", "<td colspan=2>Name"), 1 - 1 / 6, 1 - 1 / 6),
        (TABLE.replace("<td>Name</td>", "<th>Name</th>"), 1 - 1 / 6, 1 - 1 / 6),
        (TABLE.replace("<td>Name</td>", ""), 1 - 1 / 6, 1 - 1 / 6),
        ("<table></table>", 0, 0),
        ("<table><tr><th colspan=2>A</th></tr></table>", 1 - 5 / 6, 1 - 5 / 6),  # th for td, 4 nodes more
        ("no table", 0, 0),
        ("", 0, 0),
    ],
)
def test_worked_examples(predicted: str, teds: float, struct: float) -> None:
    for score in (html_score(predicted, TABLE), html_score(TABLE, predicted)):
        assert score.teds == pytest.approx(teds, abs=1e-12)
        assert score.struct == pytest.approx(struct, abs=1e-12)


def test_below_zero_where_the_reference_is() -> None:
    """No three rows for one, and no cell alike: 9 cells renamed, 3 rows removed, one and two cells inserted, of 12."""
    assert html_score(grid([["a"] * 3] * 3), grid([["b"] * 11])).teds == pytest.approx(1 - 15 / 12)
    assert table_score(table([["a"] * 3] * 3), table([["b"] * 11])).teds == 0


def test_without_tables_and_without_elements() -> None:
    assert html_score("", "") == html_score("a", "b") == Teds(0, 0)
    assert html_score("<table></table>", "<table>x</table>") == Teds(1, 1)


def test_tags_are_not_taken_for_the_characters_that_stand_for_them() -> None:
    private = "".join(map(chr, range(0xE000, 0xE004)))
    cells = [f"<table><tr><td>{text}</td></tr></table>" for text in ("<b></b><i></i>", private)]
    assert html_score(*cells).teds == 1 - 1 / 4  # of one cell in a row, with two elements more inside


@settings(max_examples=60, deadline=None)
@given(st.lists(st.text("ab\ue000", max_size=4), max_size=4), st.lists(st.text("ab\ue000", max_size=4), max_size=4))
def test_rename_costs_agree_with_a_slow_levenshtein(a: list[str], b: list[str]) -> None:
    def slow(x: str, y: str) -> int:
        if not x or not y:
            return len(x) + len(y)
        return min(slow(x[1:], y) + 1, slow(x, y[1:]) + 1, slow(x[1:], y[1:]) + (x[0] != y[0]))

    def node(text: str) -> Node:
        return Node("td", 1, len(text) % 2, tuple(text) if "b" in text else text)

    costs = rename_costs([node(x) for x in a], [node(y) for y in b])
    assert costs.shape == (len(a), len(b))
    for i, x in enumerate(a):
        for j, y in enumerate(b):
            alike = len(x) % 2 == len(y) % 2
            assert costs[i, j] == (slow(x, y) / max(len(x), len(y), 1) if alike else 1)


def rows_of(rng: random.Random, n_rows: int, n_cols: int) -> list[list[str]]:
    return [[str(rng.randrange(10**6)) for _ in range(n_cols)] for _ in range(n_rows)]


@settings(max_examples=40, deadline=None)
@given(st.integers(1, 4), st.integers(1, 4), st.integers(1, 4), st.integers(1, 4), st.randoms(use_true_random=False))
def test_the_dialects_differ_in_the_divisor_alone_on_plain_grids(
    rows: int, cols: int, more_rows: int, more_cols: int, rng: random.Random
) -> None:
    a, b = rows_of(rng, rows, cols), rows_of(rng, more_rows, more_cols)
    html, canonical = html_score(grid(a), grid(b)), table_score(table(a), table(b))
    larger = max(n_rows * (n_cols + 1) for n_rows, n_cols in ((rows, cols), (more_rows, more_cols)))
    for one, other in ((html.teds, canonical.teds), (html.struct, canonical.struct)):
        assert other == pytest.approx(max(1 - (1 - one) * larger / (larger + 1), 0), abs=1e-9)


def test_canonical_looks_at_spans_and_texts_but_not_at_roles() -> None:
    plain = Table(1, 3, (Cell(0, 0, "a"), Cell(0, 1, "b", colspan=2)))
    header = replace(plain, cells=tuple(replace(c, role="column_header") for c in plain.cells), header_rows=1)
    assert table_score(header, plain) == Teds(1, 1)
    assert table_score(Table(1, 2, (Cell(0, 0, "a"), Cell(0, 1, "b"))), plain) == Teds(0.75, 0.75)


def test_levels() -> None:
    a, b = Table(1, 1, (Cell(0, 0, "１ 2"),)), Table(1, 1, (Cell(0, 0, "12"),))
    expected: dict[Level, float] = {"raw": 1 - (2 / 3) / 3, "space": 1 - (1 / 2) / 3, "folded": 1}
    for level, teds in expected.items():
        assert table_score(a, b, level).teds == pytest.approx(teds)
    assert table_score(a, b).struct == 1


def test_an_unread_cell_is_like_nothing() -> None:
    unread = Table(1, 2, (Cell(0, 0, None), Cell(0, 1, "x")))
    assert table_score(unread, unread) == Teds(0.75, 1)
    assert table_score(unread, Table(1, 2, (Cell(0, 0, ""), Cell(0, 1, "x")))) == Teds(0.75, 1)


def test_missing_tables() -> None:
    one = Table(1, 1, (Cell(0, 0, "x"),))
    assert table_score(None, one) == table_score(one, None) == Teds(0, 0)
    assert table_score(None, None) == Teds(1, 1)


def test_long_tables_take_no_long_time() -> None:
    rng = random.Random(1)
    a, b = rows_of(rng, 60, 10), rows_of(rng, 60, 10)
    began = time.perf_counter()
    score = html_score(grid(a), grid(b))
    assert time.perf_counter() - began < 2
    assert 0 < score.teds < score.struct == 1
