from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from biaoge.eval.metrics.trees import Node, Tree, bare, canonical_tree, pubtabnet_tree
from biaoge.model import Cell, Table

TD = Node("td", 1, 1)


def read(html: str) -> Tree:
    tree = pubtabnet_tree(html)
    assert tree is not None
    return tree


def contents(html: str) -> list[object]:
    return [node.content for node in read(html).nodes if node.tag == "td"]


def test_html_is_read_in_postorder() -> None:
    tree = read("<table><tr><td>a</td><td colspan=2>b</td></tr><tr><td rowspan=3></td></tr></table>")
    assert tree.nodes == (
        Node("td", 1, 1, "a"),
        Node("td", 1, 2, "b"),
        Node("tr"),
        Node("td", 3, 1, ""),
        Node("tr"),
        Node("table"),
    )
    assert tree.sizes == (1, 1, 3, 1, 2, 6)
    assert tree.elements == 5  # the table itself does not count


def test_markup_outside_of_cells_is_nodes_without_text() -> None:
    tree = read("<table><caption>T <b>1</b></caption><thead><tr><th colspan=2>h<i>x</i></th></tr></thead></table>")
    assert [node.tag for node in tree.nodes] == ["b", "caption", "i", "th", "tr", "thead", "table"]
    assert {node[1:] for node in tree.nodes} == {(0, 0, "")}
    assert tree.sizes == (1, 2, 1, 2, 3, 4, 7)


def test_markup_inside_of_cells_is_tokens_and_counts_as_elements() -> None:
    tree = read("<table><tr><td>a<b>b<i>c</i></b>d<br>e</td></tr></table>")
    tokens = ("a", "<b>", "b", "<i>", "c", "</i>", "</b>", "d", "<br>", "</br>", "e")
    assert tree.nodes[0] == Node("td", 1, 1, tokens)
    assert (len(tree.nodes), tree.elements) == (3, 5)


def test_odd_tokens_of_the_reference() -> None:
    """`unk` is never closed, and text behind a cell inside of a cell is lost."""
    assert contents("<table><tr><td><unk>a</unk>b</td></tr></table>") == [("<unk>", "a", "b")]
    (tokens,) = contents("<table><tr><td><table><tr><td>x</td>lost</tr></table>y</td></tr></table>")
    assert tokens == ("<table>", "<tr>", "<td>", "x", "</td>", "</tr>", "</table>", "y")


def test_comments_vanish_and_entities_are_characters() -> None:
    assert contents("<table><tr><td>a<!-- c -->&amp;&nbsp;&lt;</td></tr></table>") == ["a&\u00a0<"]


@pytest.mark.parametrize(
    ("attribute", "span"),
    [
        ("2", 2),
        (" 2 ", 2),
        ("0", 0),
        ("-1", -1),
        ("+3", 3),
        ("２", 2),
        ("abc", 1),
        ("", 1),
        ("2.5", 1),
        ("9" * 5000, 1),
    ],
)
def test_spans_are_what_int_makes_of_them(attribute: str, span: int) -> None:
    assert read(f'<table><tr><td colspan="{attribute}">').nodes[0] == Node("td", 1, span)


@pytest.mark.parametrize(
    "html",
    ["", " ", "text", "<!-- -->", "<tr><td>a</td></tr>", "<div><table></table></div>", "<html></html>", "\0", "<",
     "\ud800", "<html>"],
)  # fmt: skip
def test_no_table_in_the_body(html: str) -> None:
    assert pubtabnet_tree(html) is None


@pytest.mark.parametrize(
    "around",
    ["{}", "<html><body>{}</body></html>", "<!DOCTYPE html><html><head><title>t</title></head><body>{}",
     "<body>{}</body>", " \n{}", "before{}after", "{}<table><tr></tr></table>",
     '<?xml version="1.0" encoding="gbk"?>{}', "\ud83d{}",
     '<?xml version="1.0" encoding="gbk"?><html><body>{}</body></html>', "<p>{}", "\ufeff{}"],
)  # fmt: skip
def test_the_first_table_of_any_document(around: str) -> None:
    table = "<table><tr><td>中文</td></tr></table>"
    assert read(around.format(table)) == read(table)


def test_half_a_surrogate_pair_is_the_character_for_none() -> None:
    assert contents("<table><tr><td>a\ud83db</td></tr></table>") == ["a\ufffdb"]


def test_deep_nesting() -> None:
    assert pubtabnet_tree("<table><tr>" + "<th><b>" * 5000 + "x") is not None
    assert pubtabnet_tree("<table><tr><td>" + "<b>" * 5000 + "x") is not None


@settings(max_examples=100, deadline=None)
@given(
    st.lists(
        st.sampled_from(["<table>", "</table>", "<tr>", "</tr>", "<td>", "</td>", "<th>", "<b>", "</b>", "x", "&", "<"])
    )
)
def test_any_string_is_read_or_not(pieces: list[str]) -> None:
    tree = pubtabnet_tree("<table>" + "".join(pieces))
    assert tree is not None
    # Every subtree lies within its parent's, and is told by its size.
    for node, size in enumerate(tree.sizes):
        assert 1 <= size <= node + 1
        assert tree.nodes[node].tag != "td" or size == 1
    assert tree.elements >= len(tree.nodes) - 1


def test_canonical_tree_is_rows_of_cells() -> None:
    table = Table(
        2,
        3,
        (Cell(0, 0, "a b", 2, 1, "corner"), Cell(0, 1, None, 1, 2, "column_header"), Cell(1, 1, "１"), Cell(1, 2)),
        header_rows=1,
    )
    tree = canonical_tree(table, "folded")
    assert tree.nodes == (
        Node("td", 2, 1, "ab"),
        Node("td", 1, 2, None),
        Node("tr"),
        Node("td", 1, 1, "1"),
        TD,
        Node("tr"),
        Node("table"),
    )
    assert tree.sizes == (1, 1, 3, 1, 1, 3, 7)
    assert tree.elements == 7
    assert {node.content for node in bare(tree).nodes} == {""}
    assert [node[:3] for node in bare(tree).nodes] == [node[:3] for node in tree.nodes]


def test_a_row_in_which_no_cell_begins_is_there() -> None:
    tree = canonical_tree(Table(3, 1, (Cell(0, 0, "a", 2), Cell(2, 0))), "raw")
    assert tree.sizes == (1, 2, 1, 1, 2, 6)


def test_a_tree_is_one_tree() -> None:
    with pytest.raises(ValueError, match="not one tree"):
        Tree((TD,), (1, 1), 1)
    with pytest.raises(ValueError, match="not one tree"):
        Tree((), (), 0)
