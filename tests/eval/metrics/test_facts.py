from __future__ import annotations

from collections import Counter
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tilings import plain, read_out, tables

from biaoge.eval import reports
from biaoge.eval.metrics.cells import score
from biaoge.eval.metrics.counts import Counts
from biaoge.eval.metrics.facts import facts, has_roles, html_facts
from biaoge.eval.metrics.levels import LEVELS, Level, at_level
from biaoge.html import table_to_html
from biaoge.model import Cell, Table

SALES = plain("|2022|2023", "north|1,000|2", "south|3|4,000", stub=1, headers=1)


def naked(table: Table) -> Table:
    return replace(table, cells=tuple(replace(c, role="data") for c in table.cells), header_rows=0, stub_cols=0)


def with_text(table: Table, **by_place: str) -> Table:
    """`r1c2="x"`: the text of the cell that begins there."""
    return replace(table, cells=tuple(replace(c, text=by_place.get(f"r{c.row}c{c.col}", c.text)) for c in table.cells))


def slowly(predicted: Table, true: Table, level: Level) -> Counts:
    """The same counts from the methods of the table, each fact taken off a list."""
    lists = [
        [
            (
                [t for t in (at_level(x, level) for x in table.row_path(c)) if t.strip()],
                [t for t in (at_level(x, level) for x in table.column_path(c)) if t.strip()],
                c.text if c.text is None else at_level(c.text, level),
            )
            for c in table.cells
            if c.role == "data"
        ]
        for table in (predicted, true)
    ]
    left = list(lists[1])
    matched = 0
    for fact in lists[0]:
        if fact[2] is not None and fact in left:
            left.remove(fact)
            matched += 1
    return Counts(matched, len(lists[0]), len(lists[1]))


@settings(max_examples=60, deadline=None)
@given(tables(roles=True), tables(roles=True), st.sampled_from(LEVELS))
def test_counts_agree_with_a_slow_comparison(a: Table, b: Table, level: Level) -> None:
    got = facts(a, b, level)
    assert (got is None) == (not has_roles(b))
    if got is not None and has_roles(a):
        assert got == slowly(a, b, level)


@settings(max_examples=60, deadline=None)
@given(tables(roles=True).map(read_out), st.booleans())
def test_a_table_says_what_it_says_even_without_roles(table: Table, blanks: bool) -> None:
    for found in (table, naked(table)):
        got = facts(found, table, "raw", blanks)
        assert got is None if not has_roles(table) else got is not None and got.exact


@settings(max_examples=60, deadline=None)
@given(tables(roles=True), tables(roles=True))
def test_milder_levels_match_more(a: Table, b: Table) -> None:
    counts = [facts(a, b, level) for level in LEVELS]
    matched = [c.matched for c in counts if c is not None]
    assert matched == sorted(matched)


def test_two_swapped_headers_cost_all_they_govern() -> None:
    swapped = with_text(SALES, r0c1="2023", r0c2="2022")
    assert facts(swapped, SALES) == Counts(0, 4, 4)
    assert score(swapped, SALES, "folded") == Counts(7, 9, 9)


def test_swapped_top_headers_of_a_real_form_cost_a_large_share() -> None:
    label = next(lb for lb in reports.load(reports.names()[0]).labels if lb.table.header_rows == 3).table
    first, second = [c for c in label.cells if c.row == 1 and c.role == "column_header"][:2]
    texts = {f"r{first.row}c{first.col}": second.text or "", f"r{second.row}c{second.col}": first.text or ""}
    swapped = with_text(label, **texts)
    got = facts(swapped, label)
    assert got is not None
    assert got.true > 100
    assert got.f1 < 0.95 < score(swapped, label, "folded").f1


def test_a_dropped_comma_costs_its_cell_and_nothing_as_a_number() -> None:
    read = with_text(SALES, r1c1="1000")
    assert facts(read, SALES, "folded") == Counts(3, 4, 4)
    assert facts(read, SALES, "numbers") == Counts(4, 4, 4)


def test_moved_rows_say_the_same() -> None:
    moved = plain("|2022|2023", "||", "south|3|4,000", "north|1,000|2", stub=1, headers=1)
    assert facts(moved, SALES) == Counts(4, 6, 4)
    assert facts(moved, SALES, blanks=False) == Counts(4, 4, 4)


def test_what_is_said_twice_must_be_found_twice() -> None:
    true = plain("year", "5", "5", "5", headers=1)
    assert facts(plain("year", "5", "5", headers=1), true) == Counts(2, 2, 3)
    assert facts(true, plain("year", "5", "5", headers=1)) == Counts(2, 3, 2)


def test_a_value_over_two_columns_is_one_fact() -> None:
    wide = Table(2, 2, (*(Cell(0, c, t, role="column_header") for c, t in enumerate("ab")), Cell(1, 0, "5", 1, 2)))
    assert facts(wide, wide) == Counts(1, 1, 1)
    assert facts(plain("a|b", "5|5", headers=1), wide) == Counts(1, 2, 1)


def test_sides_that_are_missing() -> None:
    assert facts(None, SALES) == Counts(0, 0, 4)
    assert facts(SALES, None) == Counts(0, 4, 0)
    assert facts(None, None) == Counts()
    assert facts(SALES, naked(SALES)) is None


def test_unread_values_equal_nothing() -> None:
    unread = replace(SALES, cells=tuple(replace(c, text=None) if c.text == "2" else c for c in SALES.cells))
    assert facts(unread, SALES) == Counts(3, 4, 4)
    assert facts(unread, unread) == Counts(3, 4, 4)


HEADED = "<table><tr><td rowspan=2>item</td><td colspan=2>year</td></tr><tr><td>22</td><td>23</td></tr>{}</table>"
ROWS = "<tr><td>n</td><td>1</td><td>2</td></tr><tr><td>s</td><td>3</td><td>4</td></tr>"


def test_html_without_marks_gets_headers_by_the_spans_of_its_first_row() -> None:
    true = HEADED.format(ROWS)
    assert html_facts(true, true) == Counts(4, 4, 4)
    assert html_facts(true.replace("<td>22</td><td>23</td>", "<td>23</td><td>22</td>"), true) == Counts(0, 4, 4)
    assert html_facts(true.replace("<td>n<", "<td>x<"), true) == Counts(2, 4, 4)
    # The marks of the reading do not matter then.
    assert html_facts(true.replace("<td>2", "<th>2"), true) == Counts(4, 4, 4)


@pytest.mark.parametrize(
    ("html", "count"),
    [
        ("<table><tr><td>a<td>b</table>", 1), ("<table><tr><td>a<tr><td>b</table>", 1), ("<table><td>a</table>", 1),
        ("<table><tr><td colspan=2>t<tr><td>n<td>1<tr><td>s<td>2</table>", 2),
        ("<table><tr><td rowspan=2>n<td>1<tr><td>2</table>", 1),
    ],
)  # fmt: skip
def test_spans_over_the_whole_table_leave_data(html: str, count: int) -> None:
    assert html_facts(html, html) == Counts(count, count, count)


def test_html_keeps_the_marks_of_the_label() -> None:
    true = table_to_html(SALES)
    bare = table_to_html(naked(SALES))
    assert html_facts(true, true) == html_facts(bare, true) == Counts(4, 4, 4)


@pytest.mark.parametrize("broken", ["", "no table", "<table></table>", "<table><tr></tr>", "\0", "<?xml?><table>"])
def test_html_without_a_table_has_no_facts(broken: str) -> None:
    true = table_to_html(SALES)
    assert html_facts(broken, true) == Counts(0, 0, 4)
    assert html_facts(true, broken) == Counts(0, 4, 0)
    assert html_facts(broken, broken) == Counts()


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.sampled_from(
            ["<table>", "</table>", "<tr>", "<td>", "<td rowspan=0>", "<th colspan=99>", "<thead>", "x", "&#0;"]
        )
    )
)
def test_malformed_html_never_brings_it_down(pieces: list[str]) -> None:
    html = "".join(pieces)
    got = html_facts(html, html)
    assert got.exact or Counter(pieces)["<td>"] == 0
