"""Flattened text to tables: which form it follows, and its tables as that form has them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from biaoge.forms.template import Form
from biaoge.model import Finding, Table

from .align import Aligned, align, best_likeness
from .banners import banners_of
from .build import build
from .grids import Grid, plain_grids
from .lines import Line, fold, lines_of
from .plan import Printed, printed_tables

LEAST_FOUND = 0.5
"""Share of a table's lines that must be there for the text to hold it."""

_CAPTION_LIKE = 0.8
_ABOVE = 8
"""Lines above a table among which its caption is looked for."""


@dataclass(frozen=True, slots=True)
class Restored:
    """What a flattened text holds: its tables in order, what was done to get them, the form they follow, if any."""

    tables: tuple[Table, ...]
    findings: tuple[Finding, ...]
    form: str | None


def restore(text: str, forms: Sequence[Form]) -> Restored:
    """The tables of a flattened text, read with that of `forms` that it follows best; plain grids elsewhere.

    Only texts of the file get into cells. Where it cannot be told which column a value belongs to, the cells are
    `None` and a finding names them.
    """
    lines = lines_of(text)
    found, form = _best(lines, forms)
    tables: list[tuple[int, Table, list[Finding]]] = []
    for table, aligned in found:
        first = aligned.span[0]
        made, findings = build(table, aligned, lines, _caption(lines, first, table))
        tables.append((first, made, findings))
    taken = {n for _, aligned in found for n in range(aligned.span[0], aligned.span[1] + 1)}
    grids = plain_grids([line for line in lines if line.number not in taken])
    tables += [(grid.first, grid.table, [_spans_unknown(grid)]) for grid in grids]
    tables.sort(key=lambda entry: entry[0])
    notes = [] if form else [Finding("form-unknown", "warning", "the text follows none of the known forms", page=1)]
    if form and len(found) < len(printed_tables(form)):
        notes.append(
            Finding("table-missing", "warning", f"not every table of the form {form.name} is in the text", page=1)
        )
    placed = [replace(finding, table=n) for n, (_, _, findings) in enumerate(tables) for finding in findings]
    return Restored(tuple(made for _, made, _ in tables), (*notes, *placed), form.name if form else None)


def _best(lines: Sequence[Line], forms: Sequence[Form]) -> tuple[list[tuple[Printed, Aligned]], Form | None]:
    """The form most of whose lines are there, and its tables; nothing where no table is."""
    best: tuple[float, list[tuple[Printed, Aligned]], Form | None] = (0.0, [], None)
    for form in forms:
        left, found, score = list(lines), list[tuple[Printed, Aligned]](), 0.0
        for table in printed_tables(form):
            aligned = align(left, table)
            if aligned is None or not _is_there(table, aligned):
                continue
            if banners := banners_of(table, aligned, left):
                wider = table.with_banners(banners)
                again = align(left, wider)
                if again and sum(again.likeness.values()) > sum(aligned.likeness.values()):
                    table, aligned = wider, again
            found.append((table, aligned))
            score += _score(table, aligned)
            first, last = aligned.span
            left = [line for line in left if not first <= line.number <= last]
        if found and score > best[0]:
            best = (score, found, form)
    return best[1], best[2]


def _score(table: Printed, aligned: Aligned) -> float:
    """How much of the table is there, in lines: what is like it, less what lacks."""
    lacking = sum(not item.optional for n, item in enumerate(table.items) if n not in aligned.found)
    return sum(aligned.likeness.values()) - lacking


def _is_there(table: Printed, aligned: Aligned) -> bool:
    rows = [n for n, item in enumerate(table.items) if item.kind == "row" and not item.optional]
    wanted = [n for n, item in enumerate(table.items) if not item.optional]
    there = sum(n in aligned.found for n in wanted)
    with_rows = sum(n in aligned.found and bool(aligned.found[n].values) for n in rows)
    return there >= LEAST_FOUND * len(wanted) and with_rows >= max(1, LEAST_FOUND * len(rows))


def _caption(lines: Sequence[Line], first: int, table: Printed) -> Line | None:
    """The heading above the table that is one of the form's captions."""
    captions = [fold(caption) for part in table.parts for caption in part.captions]
    above = [line for line in lines if line.number < first][-_ABOVE:]
    for line in reversed(above):
        if best_likeness(fold(line.raw), captions) >= _CAPTION_LIKE:
            return line
    return None


def _spans_unknown(grid: Grid) -> Finding:
    message = "a grid by its tabs alone: no form says which cells were merged, or which are headers"
    return Finding("spans-unknown", "warning", message, page=1)
