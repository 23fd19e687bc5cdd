"""Holds what an engine read against labelled truth: every measure of a document, table by table.

A table that is labelled and not found counts with none of its cells right; a table found where none is labelled counts
all its cells as wrong (unless the set's labels are known to be incomplete), and touches no mean over labelled tables.
A document that could not be read is one in which nothing was found.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import replace

from biaoge.model import Table

from .metrics import adjacency, grits, teds
from .metrics.cells import differences, score, structure
from .metrics.characters import characters
from .metrics.confidence import bins
from .metrics.counts import Counts
from .metrics.detection import detection
from .metrics.facts import facts
from .metrics.headers import headers
from .metrics.levels import LEVELS, Level
from .metrics.matching import match
from .metrics.mistakes import mistakes
from .metrics.numbers import numbers
from .metrics.silence import silence
from .metrics.spans import spans
from .prediction import Prediction, Reading
from .results import DocumentScore, SetScore, TableScore
from .sets import Kind, TruthDocument, TruthSet, TruthTable

LEVEL: Level = "folded"
"""The level of every measure that looks at texts and has no level of its own in the result."""

# Differing cells kept for each table: enough to see what went wrong.
_SHOWN = 5


def score_set(truth: TruthSet, predictions: Mapping[str, Prediction]) -> SetScore:
    """The predictions of one engine, by name of document, held against every document of `truth`.

    A document without a prediction counts as one in which nothing was found.
    """
    some = next(iter(predictions.values()), Prediction("none", "", None, "no prediction"))
    documents = []
    for document in truth.documents:
        prediction = predictions.get(document.name) or Prediction(some.engine, some.version, None, "no prediction")
        documents.append(score_document(document, prediction, truth.kind))
    return SetScore(truth.name, some.engine, some.version, truth.kind, tuple(documents))


def score_document(document: TruthDocument, prediction: Prediction, kind: Kind) -> DocumentScore:
    """The labelled tables of `document` in their order, each with its score, then the tables without label.

    An alternative takes the place of the tables on its pages, or of all tables where its pages, or those of the main
    ones, are not all known. Alternatives are tried one after another, and each that brings the whole document closer
    to the reading is kept, ousting the ones before it that share pages with it. Closer: a greater F1 of cells, or as
    great a one and more exact tables.
    """
    reading = prediction.reading or Reading(())
    chosen: tuple[_Labels, ...] = ()
    labels = _in_force(document, chosen)
    pairs = _pairs(labels, reading, kind)
    best = _closeness(labels, pairs, reading, kind)
    for other in document.alternatives:
        tried = (*(c for c in chosen if not _exclude(document, c, other)), other)
        new = _in_force(document, tried)
        paired = _pairs(new, reading, kind)
        close = _closeness(new, paired, reading, kind)
        if close > best:
            best, chosen, labels, pairs = close, tried, new, paired
    return DocumentScore(
        document.name,
        document.tags,
        tuple(_scores(document, labels, pairs, reading, kind)),
        detection(reading.tables, [t.table for _, t in labels], pairs, kind.complete),
        prediction.error,
        prediction.seconds,
        prediction.peak,
    )


_Labels = Sequence[TruthTable]
_Named = Sequence[tuple[str, TruthTable]]
_Pairs = Sequence[tuple[int | None, int | None]]


def _in_force(document: TruthDocument, chosen: Sequence[_Labels]) -> _Named:
    """The labels with these alternatives in their places, each by the id that it has in the result.

    So that results can be compared whatever they were measured by, an alternative's table takes the id of the first
    table that it replaces, stands on a page with and that no other has taken; further ones keep their own.
    """
    main = document.tables
    slots = [[] if any(_replaces(document, other, t) for other in chosen) else [(t.id, t)] for t in main]
    last: list[tuple[str, TruthTable]] = []
    for other in chosen:
        slot = last
        for table in other:
            open_to = (
                n for n, t in enumerate(main) if not slots[n] and _replaces(document, other, t) and _meets(t, table)
            )
            n = next(open_to, None)
            # A further one stands behind the one before it.
            slot = slot if n is None else slots[n]
            slot.append((table.id if n is None else main[n].id, table))
    return [named for slot in (*slots, last) for named in slot]


def _replaces(document: TruthDocument, other: _Labels, table: TruthTable) -> bool:
    pages = _pages(document, other)
    return pages is None or not pages.isdisjoint(table.pages)


def _exclude(document: TruthDocument, a: _Labels, b: _Labels) -> bool:
    """Whether only one of two alternatives can be in force."""
    here, there = _pages(document, a), _pages(document, b)
    return here is None or there is None or not here.isdisjoint(there)


def _pages(document: TruthDocument, other: _Labels) -> frozenset[int] | None:
    """The pages that an alternative is the truth of; `None`: all, because some page is unknown."""
    if not all(t.pages for t in (*document.tables, *other)):
        return None
    return frozenset(page for t in other for page in t.pages)


def _meets(a: TruthTable, b: TruthTable) -> bool:
    """Whether the two may stand on one page."""
    return not (a.pages and b.pages) or not set(a.pages).isdisjoint(b.pages)


def _pairs(labels: _Named, reading: Reading, kind: Kind) -> _Pairs:
    pages = [frozenset(t.pages) for _, t in labels]
    pairs = match(reading.tables, [t.table for _, t in labels], pages, kind.blanks)
    return pairs if kind.complete else [(p, t) for p, t in pairs if t is not None]


def _closeness(labels: _Named, pairs: _Pairs, reading: Reading, kind: Kind) -> tuple[float, int]:
    """F1 of cells, and the number of exact tables."""
    total, exact = Counts(), 0
    for p, t in pairs:
        found, wanted = None if p is None else reading.tables[p], None if t is None else labels[t][1].table
        cells = score(found, wanted, LEVEL, kind.blanks)
        total += cells
        exact += found is not None and wanted is not None and cells.exact
    return total.f1, exact


def _scores(
    document: TruthDocument, labels: _Named, pairs: _Pairs, reading: Reading, kind: Kind
) -> Iterator[TableScore]:
    extra: dict[str, int] = {}
    for p, t in pairs:
        found = None if p is None else reading.tables[p]
        doubted: frozenset[tuple[int, int]] = frozenset() if p is None else reading.doubted(p)
        name, label = (None, None) if t is None else labels[t]
        if name is None:
            name = f"{document.name}:extra@{_pages_of(found)}"
            number = extra[name] = extra.get(name, 0) + 1
            name = name if number == 1 else f"{name}#{number}"
        yield replace(
            score_table(found, label.table if label else None, doubted, kind),
            id=name,
            label=label.id if label else None,
            document=document.name,
            tags=label.tags if label else (),
            predicted=p,
            true=t,
        )


def score_table(
    found: Table | None, wanted: Table | None, doubted: AbstractSet[tuple[int, int]], kind: Kind
) -> TableScore:
    """Every measure of one table that was found, labelled, or both; its names are left for the caller to fill in.

    `doubted`: places (row, column) of the found table that carry a finding.
    """
    blanks = kind.blanks
    tree, grid = teds.table_score(found, wanted, LEVEL), grits.table_score(found, wanted, LEVEL)
    both = found is not None and wanted is not None
    return TableScore(
        id="",
        label=None,
        document="",
        tags=(),
        predicted=None,
        true=None,
        levels={level: score(found, wanted, level, blanks) for level in LEVELS},
        structure=structure(found, wanted, blanks),
        spans=spans(found, wanted, blanks),
        facts=facts(found, wanted, LEVEL, blanks),
        headers=headers(found, wanted, LEVEL, blanks),
        adjacency=adjacency.table_score(found, wanted, LEVEL),
        teds=tree.teds,
        teds_struct=tree.struct,
        grits_top=grid.top,
        grits_con=grid.con,
        grits_loc=grid.loc,
        characters=characters(found, wanted),
        numbers=numbers(found, wanted),
        silence=silence(found, wanted, doubted, blanks),
        confidence=bins(found, wanted, LEVEL, blanks),
        boxed=wanted is not None and grits.boxed(wanted),
        mistakes=mistakes(found, wanted, blanks),
        differences=differences(found, wanted, LEVEL, blanks)[:_SHOWN] if both else (),
    )


def _pages_of(table: Table | None) -> str:
    return ",".join(str(part.page) for part in table.parts) if table else ""
