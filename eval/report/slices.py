"""Scores by tag: of a producer, a degradation, a kind of table."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from ..results import SetScore
from ..statistics import Interval, Resampling, bootstrap
from . import clusters as of


@dataclass(frozen=True, slots=True)
class SliceScore:
    """One engine on the part of a set that bears a tag."""

    engine: str
    exact: int
    cells: Interval
    facts: Interval | None
    teds: Interval | None


@dataclass(frozen=True, slots=True)
class Slice:
    """The part of a set that bears `tag`. `group`: what it has in common with others (see `groups`), or ""."""

    tag: str
    group: str
    documents: int
    clusters: int
    tables: int
    scores: tuple[SliceScore, ...]


def slices_of(scores: Sequence[tuple[str, SetScore]], how: Resampling) -> tuple[Slice, ...]:
    """A slice for every tag of the named scores of one set, by group; tags that all of it bears are left out."""
    tags = sorted({tag for _, score in scores for tag in of.tags_of(score)})
    group = groups(tags)
    whole = _size([score for _, score in scores])
    out = []
    for tag in sorted(tags, key=lambda tag: (group[tag], *_order(tag))):
        parts = [(label, of.tagged(score, tag)) for label, score in scores]
        size = _size([part for _, part in parts])
        if size != whole:
            out.append(Slice(tag, group[tag], *size, tuple(_score(label, part, how) for label, part in parts)))
    return tuple(out)


def groups(tags: Sequence[str]) -> dict[str, str]:
    """For every tag the group it shares with another one, "" where there is none.

    That is what stands before a last hyphen with a number, else before the first hyphen or colon.

    >>> groups(["producer-word", "producer-wps-sheet", "header-depth-1", "header-depth-2", "blank-cells", "cut"])
    {'producer-word': 'producer', 'producer-wps-sheet': 'producer', 'header-depth-1': 'header-depth', \
'header-depth-2': 'header-depth', 'blank-cells': '', 'cut': ''}
    """
    first = {}
    for tag in tags:
        before, hyphen, last = tag.rpartition("-")
        first[tag] = before if hyphen and last.isdecimal() else re.split("[-:]", tag, maxsplit=1)[0]
    together = Counter(first.values())
    return {tag: group if together[group] > 1 else "" for tag, group in first.items()}


def _order(tag: str) -> list[tuple[bool, float, str]]:
    """Numbers inside a tag by their value."""
    pieces = [piece for piece in re.split("([0-9]+)", tag) if piece]
    return [(False, float(p), "") if p.isdecimal() and p.isascii() else (True, 0.0, p) for p in pieces]


def _size(parts: Sequence[SetScore]) -> tuple[int, int, int]:
    """Documents, clusters, labelled tables; the most of any engine."""
    documents = {d.name: d for part in parts for d in part.documents}
    clusters = {of.cluster_of(d) for d in documents.values()}
    return len(documents), len(clusters), max(len(part.labelled()) for part in parts)


def _score(label: str, part: SetScore, how: Resampling) -> SliceScore:
    documents = part.documents
    facts = any(t.facts is not None for t in part.labelled())
    return SliceScore(
        label,
        part.exact(),
        bootstrap(of.rows(documents, of.f1(lambda t: t.levels["folded"])), of.RATE, how),
        bootstrap(of.rows(documents, of.f1(lambda t: t.facts)), of.RATE, how) if facts else None,
        bootstrap(of.rows(documents, of.mean(lambda t: t.teds)), of.RATE, how) if part.labelled() else None,
    )
