"""The rows or the columns of a form's table, prepared once: forms are few and held against all blocks of a document."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from .align import Leaf, leaves
from .template import Node

MOST_KEPT = 1024
"""Trees that are kept prepared; beyond, all are prepared anew."""


@dataclass(frozen=True, slots=True, eq=False)
class Side:
    """Its leaves; all wordings of these; how many must be there; nodes under which any row may stand; nodes by key.

    `musts`: the keys of values that must be there, each with the headers over it that may stand alone and whether the
    leaf is one of what is under that header rather than the header itself; `all_musts`: the keys alone; `heads`: all
    these headers. Two are equal only where they are one.
    """

    leaves: tuple[Leaf, ...]
    names: tuple[str, ...]
    wanted: int
    free: tuple[Node, ...]
    by_key: Mapping[str, Node]
    musts: tuple[tuple[str, tuple[tuple[str, bool], ...]], ...]
    all_musts: frozenset[str]
    heads: frozenset[str]

    def needed(self, found: Collection[str]) -> Collection[str]:
        """The keys that must be there, given `found`: of a header that may stand alone, itself or what is under it."""
        if not self.heads:
            return self.all_musts
        printed = {head for head in self.heads if any(key.startswith(f"{head}.") for key in found)}
        return {key for key, alone in self.musts if all((head in printed) == under for head, under in alone)}


_BY_ID: dict[int, tuple[tuple[Node, ...], Side]] = {}
_BY_VALUE: dict[tuple[Node, ...], Side] = {}


def side_of(nodes: tuple[Node, ...]) -> Side:
    """The tree prepared; that of an equal tree is the same."""
    kept = _BY_ID.get(id(nodes))
    if kept is not None and kept[0] is nodes:
        return kept[1]
    if len(_BY_ID) >= MOST_KEPT:
        _BY_ID.clear()
        _BY_VALUE.clear()
    side = _BY_VALUE.setdefault(nodes, _prepared(nodes))
    _BY_ID[id(nodes)] = nodes, side  # the tree is kept with its id, so that no other gets it
    return side


def needed(nodes: tuple[Node, ...], found: Collection[str]) -> Collection[str]:
    """The keys of `nodes` that must be there, given `found`; see `Side.needed`."""
    return side_of(nodes).needed(found)


def _prepared(nodes: tuple[Node, ...]) -> Side:
    found = leaves(nodes)
    musts = tuple(
        (leaf.node.key, tuple((step.key, step is not leaf.node) for step in leaf.path if step.alone))
        for leaf in found
        if leaf.node.kind == "value" and not any(step.optional for step in leaf.path)
    )
    return Side(
        found,
        tuple(dict.fromkeys(name for leaf in found for name in leaf.node.names)),
        sum(not leaf.node.optional for leaf in found),
        tuple(node for node in nodes if node.open),
        {node.key: node for node in nodes},
        musts,
        frozenset(key for key, _ in musts),
        frozenset(head for _, alone in musts for head, _ in alone),
    )
