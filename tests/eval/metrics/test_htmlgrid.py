from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from biaoge.eval.metrics.htmlgrid import MOST_PLACES, GridCell, HtmlGrid, read_lenient, read_strict

TAGS = "<table> </table> <tr> </tr> <td> </td> <tbody> <b> </b> <br> <!--c--> <?x\ty?> <![CDATA[z]]> <script>s</script>"
ODD = ["<td rowspan=-1 colspan=9999999999>", '<td rowspan="2">', '<?xml version="1.0" encoding="gbk"?>', "\ud800", "\0"]
PIECES = st.sampled_from(
    [*TAGS.split(" "), *ODD, "<th colspan='2'>", "<td colspan='0'>", "a", " ", "中", "&nbsp;", "<", "&"]
)


def places(html: str) -> list[GridCell]:
    grid = read_lenient(html)
    assert grid is not None
    return list(grid.cells)


def test_cells_take_the_first_free_column() -> None:
    html = "<table><tr><td rowspan=2>a<td colspan=2>b<tr><td>c<td>d</table>"
    assert places(html) == [(0, 0, 2, 1, "a"), (0, 1, 1, 2, "b"), (1, 1, 1, 1, "c"), (1, 2, 1, 1, "d")]


def test_pieces_of_text_are_joined_by_a_blank_and_nothing_is_trimmed() -> None:
    assert places("<table><tr><td> a<b>1</b><!-- no -->x</table>")[0][4] == " a 1 x"


@pytest.mark.parametrize(
    ("attribute", "span"),
    [("2px", 2), (" +3", 3), ("0", 1), ("-2", 1), ("x", 1), ("", 1), ("1001", 1000), ("9" * 9999, 1000), ("٣", 1)],
)
def test_spans_are_read_as_browsers_do(attribute: str, span: int) -> None:
    assert places(f'<table><tr><td colspan="{attribute}">a</table>')[0][3] == span


def test_a_span_keeps_its_size_out_of_the_table_and_over_other_cells() -> None:
    grid = read_lenient("<table><tr><td>a<td rowspan=3>b<tr><td colspan=3>c</table>")
    assert grid is not None
    assert (grid.n_rows, grid.n_cols) == (3, 3)
    assert grid.owners().tolist() == [[0, 1, -1], [2, 2, 2], [-1, 1, -1]]


def test_cells_without_a_row_make_one() -> None:
    assert [c[:2] for c in places("<table><tbody><td>a<td>b</tbody><tr><td>c</table>")] == [(0, 0), (0, 1), (1, 0)]


def test_rows_of_inner_tables_are_counted() -> None:
    html = "<table><tr><td><table><tr><td>x</td></tr></table></td><td>b</td></tr></table>"
    assert [c[:2] for c in places(html)] == [(0, 0), (1, 0), (1, 1)]


def test_the_first_table_counts_wherever_it_is() -> None:
    assert read_lenient("no table") is None
    assert read_lenient("") is None
    assert places("<p>x</p><div><table><tr><td>a</table></div><table><tr><td>b</table>") == [(0, 0, 1, 1, "a")]
    assert places('<?xml version="1.0" encoding="utf-8"?><table><tr><td>中</td></tr></table>') == [(0, 0, 1, 1, "中")]


def test_a_table_without_cells_is_empty() -> None:
    assert read_lenient("<table><tr></tr></table>") == HtmlGrid(0, 0, (), 1)


def test_giant_spans_take_neither_memory_nor_time() -> None:
    start = time.process_time()
    cell = "<td rowspan=1000000000 colspan=1000000000>a</td>"
    for read in (read_lenient, read_strict):
        grid = read(f"<table><tr>{cell * 3}</tr><tr><td>b</td></tr></table>".replace("=1000000000", '="1000000000"'))
        assert grid is not None
        assert (grid.n_rows, grid.n_cols) == (2, 3001)
        assert read(f"<table>{f'<tr>{cell * 30}</tr>' * 40}</table>".replace("=1000000000", '="1000000000"')) is None
    assert time.process_time() - start < 5
    high = read_lenient("<table><tr><td rowspan=65534>a<td>b</table>")
    assert high is not None
    assert high.places == 2 * 65534 <= MOST_PLACES
    assert high.cut().n_rows == 1


def test_deep_nesting_is_read() -> None:
    deep = "<div>" * 5000 + "<table><tr><td>" + "<b>" * 5000 + "a"
    read_lenient(deep)
    grid = read_strict("<t>" * 5000 + "<tr><td>a</td></tr>" + "</t>" * 5000)
    assert grid is not None
    assert list(grid.cells) == [(0, 0, 1, 1, "a")]


def test_the_strict_reading_wants_well_formed_lower_case() -> None:
    assert read_strict("<table><tr><td>a<br>b</td></tr></table>") is None
    assert read_strict("no table") is None
    assert read_strict("<TABLE><TR><TD>a</TD></TR></TABLE>") == HtmlGrid(0, 0, (), 0)


def test_the_strict_reading_lays_cells_without_a_row_over_the_last() -> None:
    grid = read_strict("<table><td>a</td><td>b</td><tr><td>c</td></tr></table>")
    assert grid is not None
    assert grid.owners().tolist() == [[2, 1]]


@settings(max_examples=150, deadline=None)
@given(st.lists(PIECES, max_size=25).map("".join))
def test_nothing_makes_the_reading_fail(html: str) -> None:
    for read in (read_lenient, read_strict):
        for text in (html, f"<table>{html}</table>"):
            grid = read(text)
            if grid is not None:
                owners = grid.owners()
                assert owners.shape == (grid.n_rows, grid.n_cols)
                assert set(owners.ravel().tolist()) <= set(range(-1, len(grid.cells)))
