"""What the text of a printed table must look like, line by line, if it follows a form."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from typing import Literal

from biaoge.forms.template import Form, Node, TableForm

from .lines import bare, fold

_MOST_WORDINGS = 64
"""Wordings tried for one line; a form with more variants is still matched by the nearest of these."""

Kind = Literal["section", "header", "row"]


@dataclass(frozen=True, slots=True)
class Banner:
    """A header that the document prints over columns and the form does not name. `over`: keys of all nodes below."""

    key: str
    text: str
    over: frozenset[str]


class Tree:
    """The rows or columns of a table with their order, depth and headers; a header that is not named is left out."""

    def __init__(self, nodes: Sequence[Node], banners: Sequence[Banner] = ()) -> None:
        own = {node.key: node for node in nodes}
        self.nodes: dict[str, Node] = {}
        self.over: dict[str, tuple[str, ...]] = {}
        for key, node in own.items():
            above = tuple(self._over(key, own))
            for banner in banners:
                if key in banner.over:
                    if banner.key not in self.nodes:
                        self.nodes[banner.key] = Node(banner.key, (banner.text,))
                        self.over[banner.key] = ()
                    above = (banner.key, *above)
            self.nodes[key] = node
            self.over[key] = above
        self.inner = {key for keys in self.over.values() for key in keys}
        self.leaves = tuple(key for key in self.nodes if key not in self.inner)
        self.levels = 1 + max((len(self.over[key]) for key in self.nodes), default=0)

    @staticmethod
    def _over(key: str, nodes: Mapping[str, Node]) -> Iterator[str]:
        parts = key.split(".")
        return (head for n in range(1, len(parts)) if (head := ".".join(parts[:n])) in nodes)

    def at_level(self, level: int) -> tuple[str, ...]:
        """The keys of the nodes that are printed on this header level, 0 the outermost, in order of print."""
        return tuple(key for key in self.nodes if len(self.over[key]) == level)

    def under(self, key: str) -> tuple[str, ...]:
        """The leaves below `key`, itself where it is one."""
        return tuple(leaf for leaf in self.leaves if leaf == key or key in self.over[leaf])


@dataclass(frozen=True, slots=True)
class Item:
    """A line that the form expects in a printed table. `part`: which of its table forms; `level`: of a header line.

    `key`: of the row. `wordings`: folded texts of the whole label or line. `least`, `most`: how many values.
    `leaf`: false for a header over rows that may itself be printed as a row where none of them is.
    """

    kind: Kind
    part: int
    level: int
    key: str
    wordings: tuple[str, ...]
    least: int
    most: int
    optional: bool
    leaf: bool = True


@dataclass(frozen=True, slots=True)
class Printed:
    """A table as it is printed: the table forms that share it (several only where each has its own section row)."""

    parts: tuple[TableForm, ...]
    rows: tuple[Tree, ...]
    columns: tuple[Tree, ...]
    items: tuple[Item, ...]

    def with_banners(self, banners: Mapping[int, Sequence[Banner]]) -> Printed:
        """The same with further headers over the columns of its parts (by their number)."""
        return _printed(self.parts, banners)


def printed_tables(form: Form) -> tuple[Printed, ...]:
    """The tables of the form as they are printed; table forms with text in place of numbers are left out."""
    groups: list[list[TableForm]] = []
    for table in form.tables:
        if not _holds_numbers(table):
            continue
        last = groups[-1][-1] if groups else None
        if last and last.section and table.section and _share(last.captions, table.captions):
            groups[-1].append(table)
        else:
            groups.append([table])
    return tuple(_printed(tuple(group)) for group in groups)


def _holds_numbers(table: TableForm) -> bool:
    """Whether all of its values are numbers and all its rows are known; other rows cannot be told from text alone."""
    texts = table.type == "text" or any(node.type == "text" or node.kind != "value" for node in table.columns)
    return not texts and not any(node.open for node in table.rows)


def slots(names: Iterable[Sequence[str]], ordinals: bool = True) -> list[tuple[str, ...]]:
    """Folded wordings of each, longest first; with or without their ordinals."""
    like = fold if ordinals else bare
    return [tuple(sorted({like(name) for name in of if name}, key=lambda n: (-len(n), n))) for of in names]


def _share(one: Sequence[str], other: Sequence[str]) -> bool:
    return not one or not other or bool({fold(c) for c in one} & {fold(c) for c in other})


def _printed(parts: tuple[TableForm, ...], banners: Mapping[int, Sequence[Banner]] | None = None) -> Printed:
    rows = tuple(Tree(part.rows) for part in parts)
    columns = tuple(Tree(part.columns, (banners or {}).get(n, ())) for n, part in enumerate(parts))
    items = [item for n, part in enumerate(parts) for item in _items(n, part, rows[n], columns[n])]
    return Printed(parts, rows, columns, tuple(items))


def _items(n: int, part: TableForm, rows: Tree, columns: Tree) -> Iterator[Item]:
    if part.section:
        yield Item("section", n, 0, "", tuple(fold(name) for name in part.section), 0, 0, part.optional)
    for level in range(columns.levels):
        nodes = [columns.nodes[key] for key in columns.at_level(level)]
        names = [node.names for node in nodes]
        corner = [part.corner] if level == 0 and any(part.corner) else []
        may = [True] * len(corner) + [node.optional for node in nodes]
        if any(any(of) for of in (*corner, *names)):
            yield Item("header", n, level, "", _side_by_side([*corner, *names], may), 0, 0, part.optional)
    most = len(columns.leaves)
    least = sum(not columns.nodes[key].optional and not columns.nodes[key].blank for key in columns.leaves)
    for key, node in rows.nodes.items():
        leaf = key not in rows.inner
        chain = [rows.nodes[over].names for over in rows.over[key]]
        texts = _wordings([*chain, node.names], [*[True] * len(chain), False])
        if leaf or any(node.names):
            yield Item("row", n, 0, key, texts, least or most, most, node.optional or part.optional or not leaf, leaf)


def _wordings(names: Sequence[Sequence[str]], may_lack: Sequence[bool]) -> tuple[str, ...]:
    """All ways to print `names` (without ordinals) after one another, those that may lack left out or not."""
    choices = [([""] if may else []) + [bare(name) for name in of] for of, may in zip(names, may_lack, strict=True)]
    found: dict[str, None] = {}
    for combination in product(*reversed(choices)):
        found["".join(reversed(combination))] = None
        if len(found) >= _MOST_WORDINGS:
            break
    return tuple(found)


def _side_by_side(names: Sequence[Sequence[str]], may_lack: Sequence[bool]) -> tuple[str, ...]:
    """A header line in its wordings: the first of every name together, the second, and so on; with and without."""
    found: dict[str, None] = {}
    for n in range(max(len(of) for of in names)):
        texts = [fold(of[min(n, len(of) - 1)]) if of else "" for of in names]
        found["".join(texts)] = None
        found["".join(text for text, may in zip(texts, may_lack, strict=True) if not may)] = None
    found.pop("", None)
    return tuple(found)
