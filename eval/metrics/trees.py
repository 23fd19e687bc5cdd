"""Tables as ordered labelled trees, the form that TEDS compares; in two dialects, each with a function of its own.

- `pubtabnet_tree`: the tree that the PubTabNet reference builds from HTML: every element a node, `th`, `thead` and the
  like included; what stands in a `td` is its content, a list of tokens.
- `canonical_tree`: the tree of a `Table`: table, rows, cells, and nothing else.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, NamedTuple

from biaoge.model import Table

from .levels import Level, at_level

if TYPE_CHECKING:
    from lxml.etree import _Element

# A string, where every token is one character; else the tokens, tags among them; None: could not be read.
Content = str | tuple[str, ...] | None

_DOCUMENT = re.compile(r"\s*<(?:html|!doctype|body)\b", re.IGNORECASE)
_SURROGATE = re.compile("[\ud800-\udfff]")


class Node(NamedTuple):
    """A node: its tag, its spans as the HTML says them (0 by 0 where it is not a `td`), and its content."""

    tag: str
    rowspan: int = 0
    colspan: int = 0
    content: Content = ""


@dataclass(frozen=True, slots=True)
class Tree:
    """`nodes` in postorder (children before their parent, the root last).

    `sizes`: for every node how many nodes its subtree has, itself included; this is all that is to say of the shape.
    `elements`: what the edit distance is divided by.
    """

    nodes: tuple[Node, ...]
    sizes: tuple[int, ...]
    elements: int

    def __post_init__(self) -> None:
        if not self.nodes or len(self.sizes) != len(self.nodes) or self.sizes[-1] != len(self.nodes):
            raise ValueError(f"{len(self.nodes)} nodes, {len(self.sizes)} sizes: not one tree")


def canonical_tree(table: Table, level: Level) -> Tree:
    """The tree of a table: `table`, a `tr` for every row, a `td` for every cell in the row of its origin.

    Whether a cell is a header makes no difference. A row in which no cell begins is a `tr` without children. `elements`
    counts every node. Texts are taken at `level`; that of an unread cell stays `None`.

    >>> from biaoge.model import Cell
    >>> canonical_tree(Table(1, 2, (Cell(0, 0, "a b", colspan=2, role="column_header"),)), "space").nodes[0]
    Node(tag='td', rowspan=1, colspan=2, content='ab')
    """
    rows: list[list[Node]] = [[] for _ in range(table.n_rows)]
    for cell in table.cells:
        text = None if cell.text is None else at_level(cell.text, level)
        rows[cell.row].append(Node("td", cell.rowspan, cell.colspan, text))
    nodes, sizes = [], []
    for row in rows:
        nodes += [*row, Node("tr")]
        sizes += [*[1] * len(row), len(row) + 1]
    nodes.append(Node("table"))
    sizes.append(len(nodes))
    return Tree(tuple(nodes), tuple(sizes), len(nodes))


def bare(tree: Tree) -> Tree:
    """The tree without contents, of which TEDS-Struct is made."""
    return replace(tree, nodes=tuple(node if node.content == "" else node._replace(content="") for node in tree.nodes))


def pubtabnet_tree(html: str) -> Tree | None:
    """The tree of the first table that stands directly in the body; None where there is none, whatever the string is.

    As PubTabNet's metric (https://github.com/ibm-aur-nlp/PubTabNet, `src/metric.py`) reads it: parsed by libxml2
    without comments; text that is no whole document is taken as the inside of a body; a `td` has spans and its content
    as tokens (tags, and single characters; text behind a `td` inside a `td` is lost, `unk` is never closed), every
    other element is a node of its own without text or spans. `elements` counts the elements below the table, those
    inside of cells too, the table itself not. Spans are what Python's `int` makes of the attribute, zero and negative
    ones included.

    Where the reference raises: a span that is no number is 1; a character that is half of a surrogate pair is U+FFFD.
    """
    root = _parsed(html)
    table = None if root is None else root.find("body/table")
    if table is None:
        return None
    nodes: list[Node] = []
    sizes: list[int] = []
    # An element whose children are being read, those left, and how many nodes stood before its subtree.
    open_: list[tuple[_Element, Iterator[_Element], int]] = [(table, table.iterchildren(), 0)]
    while open_:
        element, children, before = open_[-1]
        child = next(children, None)
        if child is None:
            nodes.append(Node(_tag(element)))
            sizes.append(len(nodes) - before)
            open_.pop()
        elif child.tag == "td":
            nodes.append(Node("td", _span(child, "rowspan"), _span(child, "colspan"), _content(child)))
            sizes.append(1)
        else:
            open_.append((child, child.iterchildren(), len(nodes)))
    return Tree(tuple(nodes), tuple(sizes), sum(1 for e in table.iter("*")) - 1)


def _parsed(html: str) -> _Element | None:
    """The `html` element, or None where the parser finds nothing at all."""
    from lxml import etree

    whole = html if _DOCUMENT.match(html) else f"<html><body>{html}</body></html>"
    # As bytes: a string that declares an encoding is refused.
    data = _SURROGATE.sub("\ufffd", whole).encode()
    try:
        return etree.fromstring(data, etree.HTMLParser(remove_comments=True, encoding="utf-8"))
    except etree.LxmlError:
        return None


def _tag(element: _Element) -> str:
    """Its name; older parsers leave processing instructions in the tree, which have none."""
    return element.tag if isinstance(element.tag, str) else "?"


def _span(cell: _Element, name: str) -> int:
    try:
        return int(cell.get(name, "1"))
    except ValueError:
        return 1


def _content(cell: _Element) -> Content:
    """The tokens of a `td`, its own tags left out."""
    if len(cell) == 0:
        return cell.text or ""
    tokens = list(cell.text or "")
    open_: list[tuple[_Element, Iterator[_Element]]] = [(cell, cell.iterchildren())]
    while open_:
        element, children = open_[-1]
        child = next(children, None)
        if child is not None:
            tokens += [f"<{_tag(child)}>", *(child.text or "")]
            open_.append((child, child.iterchildren()))
            continue
        open_.pop()
        if open_:
            if element.tag != "unk":
                tokens.append(f"</{_tag(element)}>")
            if element.tag != "td":
                tokens += element.tail or ""
    return tuple(tokens)
