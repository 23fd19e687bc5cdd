"""The scores of one engine on one set as lines of text."""

from __future__ import annotations

from .metrics.counts import Counts
from .metrics.levels import LEVELS
from .results import SetScore, TableScore
from .sets import Kind


def report(result: SetScore, show_wrong: bool = False) -> str:
    """The score as text, one line a level; `show_wrong` adds the inexact tables with the first cells that differ."""
    labelled, found = len(result.labelled()), sum(t.found for t in result.tables)
    shapes = sum(t.found and t.structure.exact for t in result.labelled())
    straight = sum(d.straight_through() for d in result.documents)
    lines = [
        f"{result.name} · {result.engine} · documents: {len(result.documents)} · "
        f"tables: {labelled} true, {found} predicted · {result.seconds:.1f} s",
        f"  {'cells at':<9} {'exact tables':>13} {'matched':>8} {'predicted':>10} {'true':>8}"
        f" {'P':>7} {'R':>7} {'F1':>7}",
    ]
    lines += [_line(level, result.exact(level), labelled, result.cells(level)) for level in LEVELS]
    lines.append(_line("structure", shapes, labelled, result.shape()))
    facts = [t.facts for t in result.tables if t.facts is not None]
    if any(t.facts is not None for t in result.labelled()):
        lines.append(_line("facts", sum(f.exact for f in facts), len(facts), sum(facts, Counts())))
    lines.append(f"  documents without a single error: {straight} of {len(result.documents)}")
    lines.append(f"  {_meaning(result.kind)}")
    lines += [f"  not read: {document}: {reason}" for document, reason in result.failures]
    if show_wrong:
        lines += [describe(t) for t in result.tables if not t.exact()]
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


def _line(name: str, exact: int, tables: int, cells: Counts) -> str:
    # Of nothing predicted no share is right.
    precision = f"{cells.precision:7.4f}" if cells.predicted else f"{'–':>7}"
    rates = f"{precision} {cells.recall:7.4f} {cells.f1:7.4f}"
    return f"  {name:<9} {f'{exact} of {tables}':>13} {cells.matched:>8} {cells.predicted:>10} {cells.true:>8} {rates}"


def _meaning(kind: Kind) -> str:
    notes = ["tables over pages are one" if kind.joined else "tables are counted page by page, joining is off"]
    if not kind.blanks:
        notes.append("labels leave blank cells out: only cells with text are compared")
    if not kind.complete:
        notes.append("labels are incomplete: tables without label are not counted")
    return "; ".join(notes)
