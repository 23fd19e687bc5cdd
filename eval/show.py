"""Runs a reader over a set of labelled documents and counts what is right.

Every document is read once. A table that is labelled and not found counts with none of its cells right; a table found
where none is labelled counts all its cells as wrong (unless the set's labels are known to be incomplete).
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from biaoge.errors import BiaogeError
from biaoge.model import Table

from .metrics.cells import LEVELS, Difference, Level, differences, score, structure
from .metrics.counts import Counts
from .metrics.matching import match
from .sets import Kind, TruthDocument, TruthSet

Read = Callable[[Path, bool], Sequence[Table]]
"""Takes a PDF and whether tables are joined over pages; gives its tables. A BiaogeError counts as no table found."""

# Differing cells kept for each table: enough to see what went wrong.
_SHOWN = 5


@dataclass(frozen=True, slots=True)
class TableScore:
    """One labelled table with what was found for it; `id` of a found table without label is `document:extra@pages`.

    `differences`: the first cells that differ at level `folded`.
    """

    id: str
    document: str
    found: bool
    labelled: bool
    levels: Mapping[Level, Counts]
    structure: Counts
    differences: tuple[Difference, ...] = ()


@dataclass(frozen=True, slots=True)
class SetScore:
    """What an engine made of a set. `failures`: documents that could not be read and why; `seconds` of reading."""

    name: str
    engine: str
    kind: Kind
    documents: int
    tables: tuple[TableScore, ...]
    failures: tuple[tuple[str, str], ...]
    seconds: float

    @property
    def labelled(self) -> int:
        """Number of labelled tables."""
        return sum(t.labelled for t in self.tables)

    @property
    def found(self) -> int:
        """Number of tables the engine gave and that count."""
        return sum(t.found for t in self.tables)

    def cells(self, level: Level) -> Counts:
        """Cells of all tables together, at `level`."""
        return sum((t.levels[level] for t in self.tables), Counts())

    def shape(self) -> Counts:
        """Cells of all tables together, by place and span alone."""
        return sum((t.structure for t in self.tables), Counts())

    def exact(self, level: Level) -> int:
        """Labelled tables of which every cell is right at `level` and none is added."""
        return sum(t.labelled and t.found and t.levels[level].exact for t in self.tables)

    def exact_shape(self) -> int:
        """Labelled tables of which every place and span is right."""
        return sum(t.labelled and t.found and t.structure.exact for t in self.tables)


def run(truth: TruthSet, engine: str, read: Read, on_document: Callable[[str], None] | None = None) -> SetScore:
    """`read` held against every document of `truth`. `on_document` hears each document's name before it is read."""
    tables: list[TableScore] = []
    failures: list[tuple[str, str]] = []
    seconds = 0.0
    for document in truth.documents:
        if on_document:
            on_document(document.name)
        start = time.perf_counter()
        try:
            predicted = list(read(document.pdf, truth.kind.joined))
        except BiaogeError as problem:
            predicted = []
            failures.append((document.name, f"{type(problem).__name__}: {problem}"))
        seconds += time.perf_counter() - start
        tables.extend(score_document(document, predicted, truth.kind))
    return SetScore(truth.name, engine, truth.kind, len(truth.documents), tuple(tables), tuple(failures), seconds)


def score_document(document: TruthDocument, predicted: Sequence[Table], kind: Kind) -> list[TableScore]:
    """The labelled tables of `document` in their order, each with its score, then the tables without label."""
    true = [t.table for t in document.tables]
    pairs = match(predicted, true, [frozenset(t.pages) for t in document.tables], kind.blanks)
    out = []
    for p, t in pairs:
        if t is None and not kind.complete:
            continue
        found = None if p is None else predicted[p]
        wanted = None if t is None else true[t]
        shape = structure(found, wanted, kind.blanks)
        levels = {level: score(found, wanted, level, kind.blanks) for level in LEVELS}
        wrong: tuple[Difference, ...] = ()
        if found is not None and wanted is not None:
            wrong = differences(found, wanted, "folded", kind.blanks)[:_SHOWN]
        name = document.tables[t].id if t is not None else f"{document.name}:extra@{_pages(found)}"
        out.append(TableScore(name, document.name, p is not None, t is not None, levels, shape, wrong))
    return out


def _pages(table: Table | None) -> str:
    return ",".join(str(part.page) for part in table.parts) if table else ""


def report(result: SetScore, show_wrong: bool = False) -> str:
    """The score as text, one line a level; `show_wrong` adds the inexact tables with the first cells that differ."""
    lines = [
        f"{result.name} · {result.engine} · documents: {result.documents} · "
        f"tables: {result.labelled} true, {result.found} predicted · {result.seconds:.1f} s",
        f"  {'cells at':<9} {'exact tables':>13} {'matched':>8} {'predicted':>10} {'true':>8}"
        f" {'P':>7} {'R':>7} {'F1':>7}",
    ]
    lines += [_line(level, result.exact(level), result.labelled, result.cells(level)) for level in LEVELS]
    lines.append(_line("structure", result.exact_shape(), result.labelled, result.shape()))
    lines.append(f"  {_meaning(result.kind)}")
    lines += [f"  not read: {document}: {reason}" for document, reason in result.failures]
    if show_wrong:
        lines += [describe(t) for t in result.tables if not (t.found and t.labelled and t.levels["folded"].exact)]
    return "\n".join(lines) + "\n"


def describe(table: TableScore) -> str:
    """An inexact table in lines: its name, what is wrong, the first differing cells."""
    if not table.found:
        return f"{table.id}: not found ({table.structure.true} cells)"
    if not table.labelled:
        return f"{table.id}: no such table is labelled ({table.structure.predicted} cells)"
    cells = table.levels["folded"]
    head = f"{table.id}: {cells.matched} of {cells.true} cells right, {cells.predicted} predicted"
    return "\n".join([head, *(f"    {d}" for d in table.differences)])


def to_json(scores: Iterable[SetScore]) -> str:
    """The scores with every table, as indented JSON; ends with a line break."""
    return json.dumps([_as_json(s) for s in scores], ensure_ascii=False, indent=1) + "\n"


def _line(name: str, exact: int, tables: int, cells: Counts) -> str:
    rates = " ".join(f"{rate:7.4f}" for rate in (cells.precision, cells.recall, cells.f1))
    return f"  {name:<9} {f'{exact} of {tables}':>13} {cells.matched:>8} {cells.predicted:>10} {cells.true:>8} {rates}"


def _meaning(kind: Kind) -> str:
    notes = ["tables over pages are one" if kind.joined else "tables are counted page by page, joining is off"]
    if not kind.blanks:
        notes.append("labels leave blank cells out: only cells with text are compared")
    if not kind.complete:
        notes.append("labels are incomplete: tables without label are not counted")
    return "; ".join(notes)


def _as_json(result: SetScore) -> dict[str, object]:
    return {
        "set": result.name,
        "engine": result.engine,
        "documents": result.documents,
        "tables_true": result.labelled,
        "tables_predicted": result.found,
        "joined": result.kind.joined,
        "blank_cells_compared": result.kind.blanks,
        "extra_tables_counted": result.kind.complete,
        "seconds": round(result.seconds, 3),
        "exact_tables": _by_level({level: result.exact(level) for level in LEVELS}, result.exact_shape()),
        "cells": _cells({level: result.cells(level) for level in LEVELS}, result.shape()),
        "failures": [{"document": d, "reason": r} for d, r in result.failures],
        "tables": [_table_as_json(t) for t in result.tables],
    }


def _table_as_json(table: TableScore) -> dict[str, object]:
    return {
        "id": table.id,
        "document": table.document,
        "found": table.found,
        "labelled": table.labelled,
        "cells": _cells(table.levels, table.structure),
        "differences": [str(d) for d in table.differences],
    }


def _cells(levels: Mapping[Level, Counts], shape: Counts) -> dict[str, object]:
    return _by_level({level: _counts(counts) for level, counts in levels.items()}, _counts(shape))


def _by_level(levels: Mapping[Level, object], shape: object) -> dict[str, object]:
    out: dict[str, object] = {str(level): levels[level] for level in LEVELS}
    return out | {"structure": shape}


def _counts(cells: Counts) -> dict[str, float]:
    rates = {"precision": cells.precision, "recall": cells.recall, "f1": cells.f1}
    return {
        "matched": cells.matched,
        "predicted": cells.predicted,
        "true": cells.true,
        **{k: round(v, 6) for k, v in rates.items()},
    }
