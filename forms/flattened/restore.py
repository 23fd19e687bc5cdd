"""Flattened text to tables: which form it follows, and its tables as that form has them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby

from biaoge.forms.template import Form
from biaoge.model import Cell, Finding, Table

from .align import Aligned, align, best_likeness
from .banners import banners_of
from .build import build
from .lines import Line, fold, lines_of
from .plan import Printed, printed_tables

LEAST_FOUND = 0.5
"""Share of a table's lines that must be there for the text to hold it."""

_CAPTION_LIKE = 0.8
_LONGEST_HEADING = 200
"""Characters of a heading, with the blanks and tabs around it."""
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
    `None` and a finding names them. TooLarge where the text has more lines or tabs than are read.
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
    if form:
        notes += _not_read(form, found, lines)
        notes += _again(found, [line for line in lines if line.number not in taken])
    placed = [replace(finding, table=n) for n, (_, _, findings) in enumerate(tables) for finding in findings]
    return Restored(tuple(made for _, made, _ in tables), (*notes, *placed), form.name if form else None)


def _not_read(form: Form, found: Sequence[tuple[Printed, Aligned]], lines: Sequence[Line]) -> Iterator[Finding]:
    """The tables of the form that were not found; where a caption of one stands in the text it was lost below it."""
    there = {part.key for table, _ in found for part in table.parts}
    for table in printed_tables(form):
        if any(part.key in there for part in table.parts):
            continue
        at = _headings(lines, table)
        name = (*(caption for part in table.parts for caption in part.captions), table.parts[0].key)[0]
        if at:
            message = f"under {at[-1].raw.strip()!r} (line {at[-1].number + 1}) the form's table {name} was not found"
            yield Finding("table-unread", "warning", message, page=1)
        else:
            message = f"the form {form.name} has a table {name}, which is not in the text"
            yield Finding("table-missing", "warning", message, page=1)


def _again(found: Sequence[tuple[Printed, Aligned]], left: Sequence[Line]) -> Iterator[Finding]:
    """The tables that stand in the text once more, in lines that were not read as the form's."""
    for table, _ in found:
        if (aligned := align(left, table)) and _is_there(table, aligned):
            name = (*(caption for part in table.parts for caption in part.captions), table.parts[0].key)[0]
            first, last = aligned.span
            message = f"the table {name} stands in the text again (lines {first + 1} to {last + 1}); it was read once"
            yield Finding("table-repeated", "warning", message, page=1)


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
    found = _headings([line for line in lines if line.number < first][-_ABOVE:], table)
    return found[-1] if found else None


def _headings(lines: Sequence[Line], table: Printed) -> list[Line]:
    """The lines that are one of the table's captions, nearly."""
    captions = [fold(caption) for part in table.parts for caption in part.captions]
    short = (line for line in lines if len(line.raw) <= _LONGEST_HEADING)
    return [line for line in short if best_likeness(fold(line.raw), captions) >= _CAPTION_LIKE]


def _spans_unknown(grid: Grid) -> Finding:
    message = "a grid by its tabs alone: no form says which cells were merged, or which are headers"
    return Finding("spans-unknown", "warning", message, page=1)


# --- grids by their tabs alone ----------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Grid:
    """A grid and the number of its first line."""

    first: int
    table: Table


def plain_grids(lines: Sequence[Line]) -> list[Grid]:
    """Every run of two or more lines with tabs, without a blank line inside, as cells without spans or headers."""
    runs: list[list[Line]] = []
    for tabbed, group in groupby(lines, key=lambda line: "\t" in line.raw.strip("\r\n")):
        if tabbed:
            for line in group:
                if runs and not line.apart and line.number == runs[-1][-1].number + 1:
                    runs[-1].append(line)
                else:
                    runs.append([line])
    return [Grid(run[0].number, _grid(run)) for run in runs if len(run) > 1]


def _grid(run: Sequence[Line]) -> Table:
    width = max(line.fields for line in run)
    cells = [
        Cell(r, c, text.strip(), confidence=0.5)
        for r, line in enumerate(run)
        for c, text in enumerate((line.raw.split("\t") + [""] * width)[:width])
    ]
    return Table(len(run), width, tuple(cells), kind="spaced", confidence=0.5)
