from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st
from tilings import tables

from biaoge.eval.metrics.adjacency import Rates, html_score, rates, table_score
from biaoge.eval.metrics.counts import Counts
from biaoge.model import Cell, Table

BLANKS_AND_WORDS = st.sampled_from(["", " ", "a", "b", "c", "a b"])


def slow(table: Table) -> Counter[tuple[str, str, str, int]]:
    """Every cell walks right along its rows and down its columns to the next cell that is not blank."""
    grid = table.grid()
    out: Counter[tuple[str, str, str, int]] = Counter()
    for cell in table.cells:
        if not (cell.text or "").strip():
            continue
        met: dict[tuple[Cell, str], int] = {}
        for r in cell.rows:
            walk = [c for c in range(cell.cols.stop, table.n_cols) if (grid[r][c].text or "").strip()]
            if walk:
                met.setdefault((grid[r][walk[0]], "right"), walk[0] - cell.cols.stop)
        for c in cell.cols:
            walk = [r for r in range(cell.rows.stop, table.n_rows) if (grid[r][c].text or "").strip()]
            if walk:
                met.setdefault((grid[walk[0]][c], "below"), walk[0] - cell.rows.stop)
        for (other, way), blanks in met.items():
            out[str(cell.text), str(other.text), way, blanks] += 1
    return out


def html(table: Table) -> str:
    rows = [
        "".join(f'<td rowspan="{c.rowspan}" colspan="{c.colspan}">{c.text}</td>' for c in table.cells if c.row == r)
        for r in range(table.n_rows)
    ]
    return f"<table>{''.join(f'<tr>{row}</tr>' for row in rows)}</table>"


def test_the_reference_implementation_is_met(data: Path) -> None:
    pairs = json.loads((data / "metrics" / "golden.json").read_text(encoding="utf-8"))["pairs"]
    for pair in pairs:
        found = rates(html_score(pair["pred_html"], pair["true_html"]))
        expected = pair["adjacency"]
        assert max(abs(v - expected[k]) for k, v in found._asdict().items()) < 1e-9, pair["id"]
    assert len(pairs) > 100


@settings(max_examples=100, deadline=None)
@given(tables(BLANKS_AND_WORDS), tables(BLANKS_AND_WORDS))
def test_relations_are_those_of_the_slow_version(p: Table, t: Table) -> None:
    found, wanted = slow(p), slow(t)
    expected = Counts((found & wanted).total(), found.total(), wanted.total())
    assert table_score(p, t, "raw") == expected
    assert table_score(t, p, "raw") == Counts(expected.matched, expected.true, expected.predicted)
    of_html = html_score(html(p), html(t))
    assert (of_html.predicted, of_html.true) == (expected.predicted, expected.true)
    assert of_html == table_score(p, t, "space")


def test_a_merged_header_has_one_relation_to_each_cell_below() -> None:
    table = Table(2, 2, (Cell(0, 0, "h", colspan=2), Cell(1, 0, "a"), Cell(1, 1, "b")))
    assert table_score(table, table, "raw") == Counts(3, 3, 3)
    split = Table(2, 2, (Cell(0, 0, "h"), Cell(0, 1), Cell(1, 0, "a"), Cell(1, 1, "b")))
    assert table_score(split, table, "raw") == Counts(2, 2, 3)


def test_blanks_between_are_told() -> None:
    near = Table(1, 3, (Cell(0, 0, "a"), Cell(0, 1, "b"), Cell(0, 2)))
    far = Table(1, 3, (Cell(0, 0, "a"), Cell(0, 1), Cell(0, 2, "b")))
    assert table_score(near, far, "raw") == Counts(0, 1, 1)


def test_what_was_not_read_stands_between_and_matches_nothing() -> None:
    table = Table(1, 3, (Cell(0, 0, "a"), Cell(0, 1, None), Cell(0, 2, "b")))
    assert table_score(table, table, "raw") == Counts(0, 2, 2)


def test_missing_tables_have_no_relations() -> None:
    table = Table(1, 2, (Cell(0, 0, "a"), Cell(0, 1, "b")))
    assert table_score(None, table, "raw") == Counts(0, 0, 1)
    assert table_score(table, None, "raw") == Counts(0, 1, 0)
    assert html_score("nothing", html(table)) == Counts(0, 0, 1)
    assert rates(Counts(0, 0, 1)) == rates(Counts(0, 0, 0)) == Rates(0.0, 0.0, 0.0)


def test_html_texts_are_compared_without_blanks_and_case() -> None:
    p = "<table><tr><td>Net<br>income</td><td>5 %</td></tr></table>"
    t = "<table><tr><td>net income</td><td> 5%\n</td></tr></table>"
    assert html_score(p, t).exact
    assert not html_score(p.replace(" ", "\u00a0"), t).exact
    assert html_score("<table><tr><td>\u00a0</td><td>a</td></tr></table>", "<table></table>") == Counts(0, 0, 0)


def test_the_later_of_overlapping_cells_has_the_place() -> None:
    overlap = "<table><tr><td>a<td rowspan=2>b<tr><td colspan=2>{}</table>"
    assert html_score(overlap.format("c"), overlap.format("c")) == Counts(3, 3, 3)
    # A blank one takes no place: b goes on below.
    assert html_score(overlap.format(" "), overlap.format(" ")) == Counts(1, 1, 1)
