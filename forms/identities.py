"""The sums that a form states, over the cells of a document."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import lru_cache

from biaoge.facts import Identity, Place

from .bound import Axis, Bound, Match
from .sides import side_of
from .template import Node, Rule, TableForm


def identities(match: Match) -> tuple[Identity, ...]:
    """Every sum of the form whose numbers all are bound, in the form's order.

    A sum of which a part should be there and was not found is left out: it could not hold. Where a table holds rows
    that the form does not know, sums over its rows are not `certain`; so with columns, and with sums that have a
    place in a row or column whose name could not be read: that they hold says what it is.
    """
    out: list[Identity] = []
    for table in match.form.tables:
        fields = [one for one in match.bound if one.table == table.key]
        for rule in table.rules:
            across: Axis = "column" if rule.each == "row" else "row"
            out += _of_rule(table, rule, fields, (table.key, across) not in match.unknown)
    by_name = {one.name: one.place for one in match.bound}
    placed = {one.place for one in match.bound if one.placed}
    for one in match.form.sums:
        if all(name in by_name for name in (*one.total, *one.parts, *one.less)):
            total, parts, less = (tuple(by_name[name] for name in names) for names in (one.total, one.parts, one.less))
            sure = placed.isdisjoint((*total, *parts, *less))
            out.append(Identity(one.id, one.label, total, parts, less, sure))
    return tuple(out)


def _of_rule(table: TableForm, rule: Rule, fields: Sequence[Bound], certain: bool) -> Iterator[Identity]:
    """One identity for every row (`each` "row") or column, and for everything that the stars of `total` stand for."""
    nodes = table.columns if rule.each == "row" else table.rows
    lines: dict[str, dict[str, Place]] = {}
    placed = {one.place for one in fields if one.placed}
    for one in fields:
        line, key = (one.row, one.column) if rule.each == "row" else (one.column, one.row)
        lines.setdefault(line, {})[key] = one.place
    for line, places in lines.items():
        if rule.only and not any(_fits(pattern, line) for pattern in rule.only):
            continue
        for stars in _stars(rule.total, places):
            total = _expand(nodes, [_filled(key, stars) for key in rule.total], places)
            parts = _expand(nodes, [_filled(key, stars) for key in rule.parts], places)
            less = _expand(nodes, [_filled(key, stars) for key in rule.less], places)
            if not total or not parts or less is None or not set(total).isdisjoint(parts):
                continue
            name = ":".join((f"{table.key}.{rule.id}", *(part for part in (".".join(stars), line) if part)))
            sure = certain and (not placed or placed.isdisjoint((*total, *parts, *less)))
            yield Identity(name, rule.label, total, parts, less, sure)


@lru_cache(maxsize=65536)
def _fits(pattern: str, key: str) -> bool:
    wanted, there = pattern.split("."), key.split(".")
    return len(wanted) == len(there) and all(a in ("*", b) for a, b in zip(wanted, there, strict=True))


def _stars(total: Sequence[str], keys: dict[str, Place]) -> list[tuple[str, ...]]:
    """What the stars of the totals stand for, each once; where there are none, one that stands for nothing."""
    patterns = [pattern for pattern in total if "*" in pattern.split(".")]
    if not patterns:
        return [()]
    out: dict[tuple[str, ...], None] = {}
    for key in keys:
        if _fits(patterns[0], key):
            out[tuple(b for a, b in zip(patterns[0].split("."), key.split("."), strict=True) if a == "*")] = None
    return list(out)


def _filled(pattern: str, stars: Sequence[str]) -> str:
    left = list(stars)
    return ".".join(left.pop(0) if part == "*" and left else part for part in pattern.split("."))


def _expand(nodes: tuple[Node, ...], keys: Sequence[str], places: dict[str, Place]) -> tuple[Place, ...] | None:
    """The places that the keys stand for; `None` where one that must be there is not."""
    out: list[Place] = []
    side = side_of(nodes)
    must = side.needed(places)
    for pattern in keys:
        if "*" in pattern.split("."):
            out += [place for key, place in places.items() if _fits(pattern, key)]
        elif pattern in places:
            out.append(places[pattern])
        else:
            start = f"{pattern}."
            under = [key for key in places if key.startswith(start)]
            lacking = any(key not in places for key in must if key == pattern or key.startswith(start))
            node = side.by_key.get(pattern)
            if lacking or (not under and not (node is not None and node.optional)):
                return None
            out += [places[key] for key in under]
    return tuple(out)
