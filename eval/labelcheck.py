"""Labels that break the sums their own tables state: a digit mistyped in a label, or an error of the publisher.

Which sums a table states is told by a finder that is passed in (`biaoge.forms.totals`). A sum that does not hold is a
breach; one whose cell the label's note names is acknowledged. Values are exact decimals: a difference by rounding is
reported.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from pathlib import Path

from biaoge.model import Table

from .gridtext import Label, read
from .sets import TruthSet

Place = tuple[int, int]
"""Row and column, from 0."""


@dataclass(frozen=True, slots=True)
class Breach:
    """A sum that does not hold. `cell`: the place of the total, `parts`: the places that should add up to it.

    `expected`: what the parts add up to; `found`: what the total says, `None` where it is blank. `row`, `column`: the
    names of the place. `acknowledged`: the label's note names the place, so whoever labelled it knew.
    """

    rule: str
    cell: Place
    parts: tuple[Place, ...]
    expected: Decimal
    found: Decimal | None
    row: tuple[str, ...] = ()
    column: tuple[str, ...] = ()
    acknowledged: bool = False

    def __str__(self) -> str:
        names = " · ".join(filter(None, ("/".join(self.row), "/".join(self.column))))
        found = "blank" if self.found is None else str(self.found)
        known = " (acknowledged)" if self.acknowledged else ""
        where = f"row {self.cell[0]}, column {self.cell[1]}"
        return f"{where} ({names}): {self.rule}: {self.expected} expected, {found} found{known}"


@dataclass(frozen=True, slots=True)
class Checked:
    """A label that was added up: its name, how many sums were found in it to check, those that do not hold."""

    name: str
    sums: int
    breaches: tuple[Breach, ...]


@dataclass(frozen=True, slots=True)
class Sums:
    """What a table states: how many sums could be added up (no cell unread, none a text), those that do not hold."""

    count: int
    breaches: Sequence[Breach]


Finder = Callable[[Table], Sums]


def check(of: Label | Table, finder: Finder) -> tuple[Breach, ...]:
    """The sums of a label or a table that do not hold, by the place of their totals."""
    found = examine("", of.table, finder, of.note) if isinstance(of, Label) else examine("", of, finder)
    return found.breaches


def examine(name: str, table: Table, finder: Finder, note: str | None = None) -> Checked:
    """As `check`, with the number of sums that could be checked."""
    sums = finder(table)
    found = sorted(sums.breaches, key=lambda b: (b.cell, b.rule))
    return Checked(name, sums.count, tuple(replace(b, acknowledged=_acknowledged(b, note or "")) for b in found))


def check_set(truth: TruthSet, finder: Finder) -> tuple[Checked, ...]:
    """Every label of a set, other truths included, each named by the id of its table."""
    labels = [
        table
        for document in truth.documents
        for tables in (document.tables, *document.alternatives)
        for table in tables
    ]
    return tuple(examine(label.id, label.table, finder, label.note) for label in labels)


def check_files(paths: Iterable[Path], finder: Finder) -> tuple[Checked, ...]:
    """Every label of the files of grid text, named by its file."""
    labels = [(path, read(path)) for path in paths]
    return tuple(examine(path.name, label.table, finder, label.note) for path, label in labels)


def report(checked: Iterable[Checked]) -> str:
    """What was found in labels as text: the counts, then the labels with a sum that does not hold."""
    every = list(checked)
    breaches = [b for one in every for b in one.breaches]
    known = sum(b.acknowledged for b in breaches)
    lines = [
        f"{len(every)} labels, {sum(one.sums > 0 for one in every)} of them with sums: {sum(one.sums for one in every)}"
        f" sums checked, {len(breaches)} do not hold, {known} of these acknowledged"
    ]
    for one in every:
        if one.breaches:
            lines += [one.name, *(f"    {breach}" for breach in one.breaches)]
    return "\n".join(lines) + "\n"


def _acknowledged(breach: Breach, note: str) -> bool:
    """Whether the note names the total's row and column, each by its innermost name."""
    names = [path[-1] for path in (breach.row, breach.column) if path]
    return bool(names) and all(_folded(name) in _folded(note) for name in names)


def _folded(text: str) -> str:
    return "".join(unicodedata.normalize("NFKC", text).split())
