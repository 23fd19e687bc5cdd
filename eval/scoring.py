"""Holds what an engine read against labelled truth: every measure of a document, table by table.

A table that is labelled and not found counts with none of its cells right; a table found where none is labelled counts
all its cells as wrong (unless the set's labels are known to be incomplete). A document that could not be read is one
in which nothing was found.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
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


def score_set(
    truth: TruthSet,
    predictions: Mapping[str, Prediction],
    on_document: Callable[[str], None] | None = None,
) -> SetScore:
    """The predictions of one engine, by name of document, held against every document of `truth`.

    A document without a prediction counts as one in which nothing was found.
    """
    some = next(iter(predictions.values()), Prediction("none", "", None, "no prediction"))
    documents = []
    for document in truth.documents:
        prediction = predictions.get(document.name) or Prediction(some.engine, some.version, None, "no prediction")
        documents.append(score_document(document, prediction, truth.kind))
        if on_document:
            on_document(document.name)
    return SetScore(truth.name, some.engine, some.version, truth.kind, tuple(documents))


def score_document(document: TruthDocument, prediction: Prediction, kind: Kind) -> DocumentScore:
    """The labelled tables of `document` in their order, each with its score, then the tables without label.

    Where a document has alternative labels, those count that the reading comes closest to, page by page.
    """
    reading = prediction.reading or Reading(())
    tables, detected = _score(document, document.tables, reading, kind)
    for other in document.alternatives:
        pages = {page for table in other for page in table.pages}
        mixed = (*(t for t in document.tables if not pages & set(t.pages)), *other)
        candidate = _score(document, mixed, reading, kind)
        if _merit(candidate[0]) > _merit(tables):
            tables, detected = candidate
    return DocumentScore(
        document.name, document.tags, tables, detected, prediction.error, prediction.seconds, prediction.peak
    )


def _merit(tables: Sequence[TableScore]) -> tuple[float, int]:
    cells = [t.levels[LEVEL] for t in tables]
    both = sum(c.predicted + c.true for c in cells)
    return (2 * sum(c.matched for c in cells) / both if both else 1.0, sum(t.exact(LEVEL) for t in tables))


def _score(
    document: TruthDocument, labels: Sequence[TruthTable], reading: Reading, kind: Kind
) -> tuple[tuple[TableScore, ...], Counts]:
    true = [t.table for t in labels]
    pairs = match(reading.tables, true, [frozenset(t.pages) for t in labels], kind.blanks)
    if not kind.complete:
        pairs = [(p, t) for p, t in pairs if t is not None]
    out = []
    for p, t in pairs:
        found = None if p is None else reading.tables[p]
        doubted: frozenset[tuple[int, int]] = frozenset() if p is None else reading.doubted(p)
        label = None if t is None else labels[t]
        scored = score_table(found, label.table if label else None, doubted, kind)
        name, tags = (label.id, label.tags) if label else (f"{document.name}:extra@{_pages(found)}", ())
        out.append(replace(scored, id=name, document=document.name, tags=tags, predicted=p, true=t))
    return tuple(out), detection(reading.tables, true, pairs, kind.complete)


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
        mistakes=mistakes(found, wanted, blanks),
        differences=differences(found, wanted, LEVEL, blanks)[:_SHOWN] if both else (),
    )


def _pages(table: Table | None) -> str:
    return ",".join(str(part.page) for part in table.parts) if table else ""
