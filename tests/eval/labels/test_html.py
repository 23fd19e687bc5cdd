from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tilings import plain, tables

from biaoge.errors import LabelError
from biaoge.eval.labels import html, read
from biaoge.html import table_from_html
from biaoge.model import Table

TABLE = plain("a|b", "c|1", headers=1, stub=1)


def write(folder: Path, text: str) -> Path:
    path = folder / "page.html"
    path.write_text(text, encoding="utf-8")
    return path


@settings(max_examples=40, deadline=None)
@given(st.lists(tables(roles=True), min_size=1, max_size=3))
def test_every_table_of_a_file_is_read(tmp_path_factory: pytest.TempPathFactory, drawn: list[Table]) -> None:
    texts = [table.to_html() for table in drawn]
    path = write(tmp_path_factory.getbasetemp(), "<p>before</p>" + "<p>between</p>".join(texts))
    found = html.read(path)
    assert [t.table for t in found] == [table_from_html(text) for text in texts]
    assert [t.id for t in found] == [f"page.{n}" for n in range(1, len(texts) + 1)]


def test_heads_and_spans_are_roles_and_cells(tmp_path: Path) -> None:
    rows = "<thead><tr><th>a<th colspan=2>b</thead><tr><th scope=row>c<td>1<td>2"
    (found,) = html.read(write(tmp_path, f"<table>{rows}</table>"))
    assert [(c.text, c.colspan, c.role) for c in found.table.cells] == [
        ("a", 1, "corner"),
        ("b", 2, "column_header"),
        ("c", 1, "row_header"),
        ("1", 1, "data"),
        ("2", 1, "data"),
    ]


def test_name_and_pages_are_attributes(tmp_path: Path) -> None:
    text = TABLE.to_html().replace("<table", '<table id="one" data-page="2 3"', 1)
    (found,) = html.read(write(tmp_path, text))
    assert (found.id, found.pages) == ("one", (2, 3))


def test_a_table_inside_another_is_no_label_of_its_own(tmp_path: Path) -> None:
    inner = "<table><tr><td>inside</table>"
    found = html.read(write(tmp_path, f"<table><tr><td>x{inner}<td>y</table>"))
    assert [t.table.n_cols for t in found] == [2]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "no <table>"),
        ("<p>nothing", "no <table>"),
        ("<table></table>", "table 1: the HTML table has no cell"),
        ('<table data-page="two"><tr><td>x</table>', "table 1: data-page='two'"),
        (f'<table data-page="{"9" * 5000}"><tr><td>x</table>', "pages are numbers from 1"),
        ('<table data-page="0"><tr><td>x</table>', "pages are numbers from 1"),
    ],
)
def test_what_is_no_label_is_told(tmp_path: Path, text: str, message: str) -> None:
    with pytest.raises(LabelError, match=r"page\.html") as raised:
        html.read(write(tmp_path, text))
    assert message in str(raised.value)


def test_a_file_in_another_encoding_is_told(tmp_path: Path) -> None:
    path = tmp_path / "page.html"
    path.write_bytes("<table><tr><td>表</table>".encode("gb18030"))
    with pytest.raises(LabelError, match=r"page\.html"):
        read("html", path, path)
