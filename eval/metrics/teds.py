"""TEDS, the similarity of two tables by the edit distance of their trees, and TEDS-Struct, that of their bare trees.

Zhong, ShafieiBavani and Jimeno Yepes, "Image-based table recognition: data, model, and evaluation" (PubTabNet), 2020:

    TEDS(a, b) = 1 - distance(a, b) / max(|a|, |b|)

where removing or inserting a node costs 1, pairing nodes of unlike tag or spans 1, and pairing cells that are alike in
these the Levenshtein distance of their contents over the longer one's length; all else nothing. TEDS-Struct leaves the
contents out. A figure names its dialect, since |a| and the trees differ:

- `pubtabnet` (`html_score`): as the PubTabNet reference does it from HTML, `biaoge.eval.metrics.trees.pubtabnet_tree`;
- `canonical` (`table_score`): between tables as values, `biaoge.eval.metrics.trees.canonical_tree`.

The distance is exact, whatever the size.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from rapidfuzz.distance import Levenshtein
from rapidfuzz.process import cdist

from biaoge.model import Table

from .levels import Level
from .treedist import Floats, Shape, edit_distance, trimmed
from .trees import Content, Node, Tree, bare, canonical_tree, pubtabnet_tree


@dataclass(frozen=True, slots=True)
class Teds:
    """TEDS and TEDS-Struct; 1 is equal."""

    teds: float
    struct: float


def html_score(pred_html: str, true_html: str) -> Teds:
    """Both in the dialect `pubtabnet`; |a| is the number of elements below the table, those inside of cells too.

    0 where either string has no table standing directly in its body, both included, as in the reference: it does not
    tell a right "no table" from a failure. Two tables without a single element, where the reference divides by 0, are
    equal: 1. Below 0 where more is to be changed than the larger tree has, which the reference allows.

    >>> html_score("<table><tr><td>95</td></tr></table>", "<table><tr><td>90</td></tr></table>")
    Teds(teds=0.75, struct=1.0)
    """
    predicted, true = pubtabnet_tree(pred_html), pubtabnet_tree(true_html)
    if predicted is None or true is None:
        return Teds(0.0, 0.0)
    return Teds(_similarity(predicted, true), _similarity(bare(predicted), bare(true)))


def table_score(predicted: Table | None, true: Table | None, level: Level = "raw") -> Teds:
    """Both in the dialect `canonical`, texts compared at `level`; |a| is the number of all nodes, the table included.

    Header or not makes no difference, nor where a cell stands beyond its row and its order there. An unread cell
    (`None`) costs 1 whatever it is paired with, another unread one included; TEDS-Struct looks at no texts.

    One side `None` (no table predicted, or one where there is none): 0. Both `None`: 1, nothing was there and nothing
    was found. Never below 0: no table is worse than none.

    >>> from biaoge.model import Cell
    >>> table_score(Table(1, 1, (Cell(0, 0, "９5"),)), Table(1, 1, (Cell(0, 0, "95"),)), "folded").teds
    1.0
    """
    if predicted is None or true is None:
        return Teds(1.0, 1.0) if predicted is true else Teds(0.0, 0.0)
    a, b = canonical_tree(predicted, level), canonical_tree(true, level)
    return Teds(max(_similarity(a, b), 0.0), max(_similarity(bare(a), bare(b)), 0.0))


def _similarity(a: Tree, b: Tree) -> float:
    distance = tree_distance(a, b)
    larger = max(a.elements, b.elements)
    return 1.0 - distance / larger if larger else 1.0


def tree_distance(a: Tree, b: Tree) -> float:
    """The edit distance of two trees with the costs of TEDS."""
    numbers: dict[Node, int] = {}
    nodes: list[Node] = []  # by number
    shapes = (Shape(_numbered(tree.nodes, numbers, nodes), tree.sizes) for tree in (a, b))
    ours, theirs = trimmed(*shapes)
    rows, columns = sorted(set(ours.labels)), sorted(set(theirs.labels))
    costs = rename_costs([nodes[n] for n in rows], [nodes[n] for n in columns])
    return edit_distance(_dense(ours, rows), _dense(theirs, columns), costs)


def _numbered(tree: Iterable[Node], numbers: dict[Node, int], nodes: list[Node]) -> tuple[int, ...]:
    """A number for every node, the same for equal ones; an unread cell is equal to nothing and has its own."""
    out = []
    for node in tree:
        number = numbers.get(node)
        if number is None:
            number = len(nodes)
            nodes.append(node)
            if node.content is not None:
                numbers[node] = number
        out.append(number)
    return tuple(out)


def _dense(shape: Shape, labels: Sequence[int]) -> Shape:
    """The labels as their places in `labels`."""
    places = {label: place for place, label in enumerate(labels)}
    return Shape(tuple(places[label] for label in shape.labels), shape.sizes)


def rename_costs(a: Sequence[Node], b: Sequence[Node]) -> Floats:
    """What it costs to pair every node of `a` with every one of `b`, 0 to 1: an array (of a, of b)."""
    costs = np.ones((len(a), len(b)))
    spell = _Spelling([node.content for node in (*a, *b)])
    ours, theirs = _by_kind(a), _by_kind(b)
    for kind in ours.keys() & theirs.keys():
        rows, columns = ours[kind], theirs[kind]
        costs[np.ix_(rows, columns)] = cdist(
            [spell(a[i].content) for i in rows],
            [spell(b[j].content) for j in columns],
            scorer=Levenshtein.normalized_distance,
            dtype=np.float64,
        )
    return costs


def _by_kind(nodes: Sequence[Node]) -> dict[tuple[str, int, int], list[int]]:
    """The indices of the nodes that could be read, by tag and spans."""
    out: defaultdict[tuple[str, int, int], list[int]] = defaultdict(list)
    for index, node in enumerate(nodes):
        if node.content is not None:
            out[node.tag, node.rowspan, node.colspan].append(index)
    return dict(out)


class _Spelling:
    """Writes contents as strings: a tag becomes one character, of those that occur in none of the contents."""

    def __init__(self, contents: Sequence[Content]) -> None:
        tokens = {token for content in contents if isinstance(content, tuple) for token in content}
        self.tags: dict[str, str] = {}
        if tags := sorted(token for token in tokens if len(token) > 1):
            used = {*tokens, *(c for content in contents if isinstance(content, str) for c in content)}
            self.tags = dict(zip(tags, _unused(used), strict=False))

    def __call__(self, content: Content) -> str:
        if isinstance(content, tuple):
            return "".join(self.tags.get(token, token) for token in content)
        return content or ""


def _unused(used: set[str]) -> Iterator[str]:
    """Characters that are not `used`, those for private use first."""
    return (char for char in map(chr, range(0xE000, 0x110000)) if char not in used)
