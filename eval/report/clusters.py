"""What is drawn again by the bootstrap: documents, or groups of documents that come from one original."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from ..metrics.counts import Counts
from ..results import CONFIDENCE_BINS, DocumentScore, SetScore, TableScore
from ..statistics import Statistic, ratio

if TYPE_CHECKING:
    from ..statistics import Array

SOURCE = "source-"
"""A document's tag that names its original: renderings and scans of one original make one cluster."""

Quantity = Callable[[DocumentScore], Sequence[float]]
"""What a document adds to each sum."""

RATE: Statistic = ratio(1.0)
ERRORS: Statistic = ratio(0.0)


def cluster_of(document: DocumentScore) -> str:
    """The original's tag where there is one, else the document's name."""
    return next((tag for tag in document.tags if tag.startswith(SOURCE)), document.name)


def clusters(documents: Sequence[DocumentScore]) -> list[list[DocumentScore]]:
    """The documents by cluster, in the order of the clusters' names."""
    groups: dict[str, list[DocumentScore]] = {}
    for document in documents:
        groups.setdefault(cluster_of(document), []).append(document)
    return [groups[name] for name in sorted(groups)]


def rows(documents: Sequence[DocumentScore], quantity: Quantity) -> list[list[float]]:
    """(clusters, quantities): what every cluster adds to each sum."""
    return [
        [sum(column) for column in zip(*(quantity(d) for d in group), strict=True)] for group in clusters(documents)
    ]


def tags_of(score: SetScore) -> list[str]:
    """All tags of documents and labelled tables but those that name originals, sorted."""
    of_documents = {tag for d in score.documents for tag in d.tags}
    of_tables = {tag for t in score.labelled() for tag in t.tags}
    return sorted(tag for tag in of_documents | of_tables if not tag.startswith(SOURCE))


def tagged(score: SetScore, tag: str) -> SetScore:
    """The part of a score that bears `tag`: whole documents, or of other documents the tables that bear it."""
    documents = []
    for d in score.documents:
        if tag in d.tags:
            documents.append(d)
        elif tables := tuple(t for t in d.tables if tag in t.tags):
            documents.append(replace(d, tables=tables))
    return replace(score, documents=tuple(documents))


def named(documents: Sequence[DocumentScore], names: Collection[str]) -> list[DocumentScore]:
    """Those of `documents` with one of `names`."""
    return [d for d in documents if d.name in names]


# --- quantities ------------------------------------------------------------------------------------------------------


def f1(of: Callable[[TableScore], Counts | None]) -> Quantity:
    """(2 · matched, predicted + true) over a document's tables: their ratio is F1."""

    def quantity(document: DocumentScore) -> Sequence[float]:
        counts = [c for t in document.tables if (c := of(t)) is not None]
        return (2 * sum(c.matched for c in counts), sum(c.predicted + c.true for c in counts))

    return quantity


def exact(document: DocumentScore) -> Sequence[float]:
    """(exact tables, labelled tables)."""
    return (sum(t.exact() for t in document.tables), sum(t.labelled for t in document.tables))


def straight(document: DocumentScore) -> Sequence[float]:
    """(1 for a document without an error, 1)."""
    return (float(document.straight_through()), 1.0)


def silent(document: DocumentScore) -> Sequence[float]:
    """(wrong cells without a warning, predicted cells)."""
    return (sum(t.silence.silent for t in document.tables), sum(t.silence.cells for t in document.tables))


def misread(document: DocumentScore) -> Sequence[float]:
    """(character edits, true characters)."""
    return (sum(t.characters.edits for t in document.tables), sum(t.characters.characters for t in document.tables))


def mean(of: Callable[[TableScore], float | None]) -> Quantity:
    """(sum, labelled tables that have the measure); a labelled table that was not found adds 0 to the sum."""

    def quantity(document: DocumentScore) -> Sequence[float]:
        values = [(t.found, v) for t in document.tables if t.labelled and (v := of(t)) is not None]
        return (sum(v for found, v in values if found), len(values))

    return quantity


def confidences(document: DocumentScore) -> Sequence[float]:
    """For every bin of confidence: cells, right ones, sum of confidences; one after the other."""
    out = [0.0] * (3 * CONFIDENCE_BINS)
    for table in document.tables:
        for n, b in enumerate(table.confidence):
            for k, value in enumerate((b.cells, b.right, b.confidence)):
                out[3 * n + k] += value
    return out


def ece(sums: Array) -> Array:
    """Expected calibration error of sums of `confidences`: Σ |right - confidence| / Σ cells; 0 without cells.

    Naeini, Cooper & Hauskrecht (AAAI 2015), with bins of equal width.
    """
    import numpy as np

    bins = sums.reshape(*sums.shape[:-1], -1, 3)
    gap = np.abs(bins[..., 1] - bins[..., 2]).sum(axis=-1)
    cells = bins[..., 0].sum(axis=-1)
    out: Array = np.divide(gap, cells, out=np.zeros_like(gap), where=cells > 0)
    return out
