from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import html as lxml_html

from biaoge.errors import LabelError
from biaoge.html import table_from_html, table_to_html
from biaoge.model import Cell, Role, Table

ROLES: tuple[Role, ...] = ("corner", "column_header", "row_header", "section", "data")


@st.composite
def tables(draw: st.DrawFn, text: st.SearchStrategy[str | None]) -> Table:
    """Any tiling of a small grid with any roles."""
    n_rows, n_cols = draw(st.integers(1, 5)), draw(st.integers(1, 5))
    taken: set[tuple[int, int]] = set()
    cells = []
    for r in range(n_rows):
        for c in range(n_cols):
            if (r, c) in taken:
                continue
            rows, cols = draw(st.integers(1, n_rows - r)), 1
            free = next((k for k in range(c, n_cols) if (r, k) in taken), n_cols) - c
            cols = draw(st.integers(1, free))
            taken.update((y, x) for y in range(r, r + rows) for x in range(c, c + cols))
            cells.append(Cell(r, c, draw(text), rows, cols, draw(st.sampled_from(ROLES))))
    header_rows, stub_cols = draw(st.integers(0, n_rows)), draw(st.integers(0, n_cols))
    return Table(n_rows, n_cols, tuple(cells), header_rows, stub_cols, draw(text))


# What HTML keeps: lines that are not blank, single blanks between words, nothing outside of XML.
words = st.text("ab<>&\"'\u3000表|é-", min_size=1, max_size=4)
lines = st.lists(words, min_size=1, max_size=2).map(" ".join)
shown = st.none() | st.lists(lines, max_size=2).map("\n".join)


@settings(max_examples=80, deadline=None)
@given(tables(shown))
def test_any_table_comes_back_from_its_html(table: Table) -> None:
    assert table_from_html(table_to_html(table)) == table


@settings(max_examples=60, deadline=None)
@given(st.text("<>/=\"' abtrdhe1表\n\x00\x0b\ud800\ufffe", max_size=30))
def test_any_text_is_escaped(text: str) -> None:
    made = table_to_html(Table(1, 1, (Cell(0, 0, text),), caption=text))
    assert [e.tag for e in lxml_html.fromstring(made).iter() if e.tag != "br"] == [
        "table",
        "caption",
        "tbody",
        "tr",
        "td",
    ]


def grid(html: str) -> list[list[str | None]]:
    return table_from_html(html).texts()


def test_markup_of_a_table_with_sections() -> None:
    def row(r: int, texts: list[str], roles: list[Role]) -> list[Cell]:
        return [Cell(r, c, t, role=role) for c, (t, role) in enumerate(zip(texts, roles, strict=True))]

    table = Table(
        5,
        2,
        (
            Cell(0, 0, "A & B", colspan=2, role="section"),
            *row(1, ["Item", "Count"], ["corner", "column_header"]),
            *row(2, ["x", "1"], ["row_header", "data"]),
            Cell(3, 0, "C", colspan=2, role="section"),
            *row(4, ["y", "2\n3"], ["row_header", "data"]),
        ),
        header_rows=2,
        stub_cols=1,
        caption="Counts <2023>",
    )
    assert (
        table.to_html()
        == """\
<table>
  <caption>Counts &lt;2023&gt;</caption>
  <thead>
    <tr><th colspan="2" scope="rowgroup">A &amp; B</th></tr>
    <tr><th>Item</th><th scope="col">Count</th></tr>
  </thead>
  <tbody>
    <tr><th scope="row">x</th><td>1</td></tr>
  </tbody>
  <tbody>
    <tr><th colspan="2" scope="rowgroup">C</th></tr>
    <tr><th scope="row">y</th><td>2<br>3</td></tr>
  </tbody>
</table>
"""
    )


def test_scopes_of_merged_headers() -> None:
    cells = (
        Cell(0, 0, "", 2, role="corner"),
        Cell(0, 1, "both", colspan=2, role="column_header"),
        Cell(1, 1, "a", role="column_header"),
        Cell(1, 2, "b", role="column_header"),
        Cell(2, 0, "r", 2, role="row_header"),
        *(Cell(r, c, "1") for r in (2, 3) for c in (1, 2)),
    )
    made = Table(4, 3, cells, 2, 1).to_html()
    assert '<tr><td rowspan="2"></td><th colspan="2" scope="colgroup">both</th></tr>' in made
    assert '<tr><th rowspan="2" scope="rowgroup">r</th><td>1</td><td>1</td></tr>' in made
    assert "data-" not in made


def test_no_thead_where_a_cell_reaches_into_the_body() -> None:
    table = Table(
        2, 2, (Cell(0, 0, "a", 2, role="corner"), Cell(0, 1, "b", role="column_header"), Cell(1, 1, "1")), 1, 1
    )
    assert "<thead>" not in table.to_html()
    assert table_from_html(table.to_html()) == table


def test_roles_of_plain_html() -> None:
    table = table_from_html(
        "<table><caption>c</caption><thead><tr><th>i<th colspan=2>n<tbody>"
        "<tr><th rowspan=2>r<th>s<td>1<tr><th>t<td>2<tr><th colspan=3>section<tr><th>u<td>3<td>4</table>"
    )
    assert (table.header_rows, table.stub_cols, table.caption) == (1, 2, "c")
    assert [c.role for c in table.cells] == [
        *("corner", "corner", "row_header", "row_header", "data", "row_header", "data"),
        *("section", "row_header", "data", "data"),
    ]


def test_header_rows_without_thead() -> None:
    table = table_from_html(
        "<table><tr><th>a<th>b<tr><td>1<td>2<tr><th scope=col>c<th scope=col>d<tr><td>3<td>4</table>"
    )
    assert (table.header_rows, table.stub_cols) == (1, 0)
    assert [c.role for c in table.cells if c.row == 2] == ["column_header"] * 2


def test_overlapping_spans_keep_the_earlier_cell() -> None:
    # The cell of 3 rows stands at (1, 1); HTML would put c over it.
    assert grid("<table><tr><td>a<td rowspan=3>b<td>x<tr><td colspan=3>c<td>d<tr><td>e<td>f</table>") == [
        ["a", "b", "x", ""],
        ["c", "b", "", "d"],
        ["e", "b", "f", ""],
    ]


def test_spans_end_with_their_row_group() -> None:
    assert grid("<table><tbody><tr><td rowspan=9>a<td>b<tbody><tr><td>c<td>d</table>") == [["a", "b"], ["c", "d"]]
    assert grid("<table><tr><td rowspan=0>a<td>b<tr><td>c</table>") == [["a", "b"], ["a", "c"]]


def test_too_wide_a_span_opens_no_columns() -> None:
    table = table_from_html("<table><tr><td colspan=100>all<tr><td>a<td>b</table>")
    assert (table.n_cols, table.cells[0].colspan) == (2, 2)


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        ("<table><td>a<td>b<tr><td>c", [["a", "b"], ["c", ""]]),  # a cell outside of a row, no end tags
        ("<table><tfoot><tr><td>z</tfoot><tbody><tr><td>a</table>", [["a"], ["z"]]),
        ("<table><tr><form><td>a</form><td>b</tr></table>", [["a", "b"]]),
        ("<table><tr><td>a<table><tr><td>in</td></tr></table></td><td>b</td></tr></table>", [["a\nin", "b"]]),
        ("<table><tr><td colspan='2x' rowspan='-3'>a<tr><td colspan=0>b<td>c</table>", [["a", "a"], ["b", "c"]]),
        ("<table><tr><td> a <b>b</b>\n c<br/>d<script>x</script>&nbsp;<td>&nbsp;</table>", [["a b c\nd\u00a0", ""]]),
        ("<p>x<table><tr></tr><tr><td>a</td></tr></table>", [[""], ["a"]]),
        ("<?xml version='1.0' encoding='gbk'?><table><tr><td>表</td></tr></table>", [["表"]]),
    ],
)
def test_malformed_html(html: str, expected: list[list[str]]) -> None:
    assert grid(html) == expected


@settings(max_examples=80, deadline=None)
@given(
    st.lists(
        st.sampled_from(
            [
                *("<table>", "</table>", "<tr>", "</tr>", "<td>", "<th>", "</td>", "<thead>", "<tbody>", "<tfoot>"),
                *(
                    "</tbody>",
                    "<td rowspan=2>",
                    "<td colspan=3>",
                    "<th rowspan=0>",
                    "<caption>",
                    "<div>",
                    "</div>",
                    "a",
                ),
                *("<td rowspan=7 colspan=2>", "<th scope=rowgroup colspan=9>", "<th scope=col>"),
            ]
        ),
        max_size=25,
    )
)
def test_any_soup_gives_a_table_or_a_label_error(pieces: list[str]) -> None:
    try:
        table = table_from_html("<table>" + "".join(pieces))
    except LabelError:
        return
    assert table_from_html(table.to_html()) == table


@pytest.mark.parametrize("html", ["", " ", "<p>no table", "<!-- <table><tr><td>1 -->", "<table></table>", "\x00"])
def test_no_table(html: str) -> None:
    with pytest.raises(LabelError, match="table"):
        table_from_html(html)


def test_spans_of_a_hostile_size() -> None:
    row = "<tr>" + "<td colspan=1000 rowspan=65534>x" * 300
    with pytest.raises(LabelError, match="too large"):
        table_from_html("<table>" + row + "<tr><td>" * 100)
    deep = "<table><tr><td>" + "<div>" * 20000 + "x"
    assert table_from_html(deep).n_rows == 1
