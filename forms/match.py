"""A form's tables found among a document's, and every value bound to its field."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace

from biaoge.facts import Place
from biaoge.model import Finding, Table

from .align import Pair
from .blocks import Line, Sheets
from .bound import Axis, Bound, Match, dotted
from .drift import Spare, findings
from .fieldfacts import facts as facts
from .fit import Fit, Row, fit, told
from .identities import identities as identities
from .sides import needed
from .template import Form, TableForm

FITS = 0.6
"""A block is a form's table from this score on; tables of other kinds with a 合计 or two stay far below."""
APART = 0.02
"""A block that is another table of the form as well, by less than this, is left unbound: nothing tells them apart."""
ENOUGH = 0.3
"""A document is of a form when so much of it is there, or names enough (NAMES) in tables that are."""
NAMES = 10
"""So many different names of rows and columns of a form do not meet by chance."""


def match(tables: Sequence[Table], form: Form) -> Match:
    """What of `form` is in `tables`, in whatever order its tables come; drift is told, never bent into shape."""
    sheets = Sheets(tables)
    return _bound(sheets, form, *_assigned(_candidates(sheets, form)))


def asked(tables: Sequence[Table], form: Form) -> Match:
    """`match` with a form that somebody named: where nothing of it is there, one finding says so."""
    found = match(tables, form)
    if found.bound:
        return found
    message = f"nothing of the form {form.name}, which was asked for, is in the document"
    return replace(found, findings=(Finding("form-not-found", "warning", message),))


def best(tables: Sequence[Table], forms: Iterable[Form]) -> Match | None:
    """The match of the form that fits best, the first of equals; `None` where no form fits."""
    sheets = Sheets(tables)
    fits = [(form, _assigned(_candidates(sheets, form))) for form in forms]
    # What a form makes of the document is only worked out where it may fit best.
    guesses = [(_guess(form, of), n) for n, (form, (of, _)) in enumerate(fits)]
    found: tuple[float, int, Match] | None = None
    for guess, n in sorted(guesses, key=lambda pair: (-pair[0], pair[1])):
        if found is not None and guess < -found[0]:
            break
        form, (assigned, spare) = fits[n]
        one = _bound(sheets, form, assigned, spare)
        if (found is None or (-one.score, n) < found[:2]) and _enough(one):
            found = -one.score, n, one
    return found[2] if found else None


def _enough(match: Match) -> bool:
    names = {(one.table, one.row) for one in match.bound if one.row and one.likeness >= 0.8}
    names |= {(one.table, one.column) for one in match.bound if one.likeness >= 0.8}
    return len(names) >= NAMES or (match.score >= ENOUGH and len(names) >= NAMES // 2)


def _guess(form: Form, fits: Sequence[Fit]) -> float:
    """The score of a match with these fits, if no cell is merged over several of its fields."""
    rows: dict[str, set[str]] = {}
    columns: dict[str, set[str]] = {}
    for one in fits:
        rows.setdefault(one.table.key, set()).update(row.key for row in one.rows)
        keys = (pair.leaf.node.key for pair in one.columns if pair.leaf.node.kind == "value")
        columns.setdefault(one.table.key, set()).update(keys)
    return _score(form, rows, columns)


def _bound(sheets: Sheets, form: Form, fits: Sequence[Fit], spare: Sequence[Fit]) -> Match:
    bound: dict[str, Bound] = {}
    twice: list[tuple[Fit, Row]] = []
    for table in form.tables:
        for one in (one for one in fits if one.table is table):
            for row in one.rows:
                fields = list(_fields(sheets, one, row))
                if any(field.name in bound for field in fields):
                    twice.append((one, row))
                for field in fields:
                    bound.setdefault(field.name, field)
    drift = findings(sheets, form, fits, Spare(tuple(twice), tuple(spare)))
    unknown: set[tuple[str, Axis]] = {(one.table.key, "row") for one in fits if one.other_rows}
    unknown |= {(one.table.key, "column") for one in fits if one.other_columns}
    unknown |= {(one.table.key, "row") for one, _ in twice}
    rows: dict[str, set[str]] = {}
    columns: dict[str, set[str]] = {}
    for field in bound.values():
        rows.setdefault(field.table, set()).add(field.row)
        columns.setdefault(field.table, set()).add(field.column)
    return Match(form, _score(form, rows, columns), tuple(bound.values()), drift, frozenset(unknown))


def _candidates(sheets: Sheets, form: Form) -> list[Fit]:
    """Every block, or part of one, as every table of the form that it may be, the best first."""
    out: list[Fit] = []
    for block in sheets.blocks:
        for table in form.tables:
            parts = [block]
            if table.half:
                parts = sheets.halves(block, table.half)
            elif told(table):
                parts = sheets.repeated(block) or parts
            out += [found for part in parts if (found := fit(sheets, part, table, FITS))]
    order = {id(table): n for n, table in enumerate(form.tables)}
    return sorted(out, key=lambda one: (-one.score, one.block.table, one.block.rows, order[id(one.table)]))


def _assigned(candidates: Sequence[Fit]) -> tuple[list[Fit], list[Fit]]:
    """Each piece of print to one table, in the order of print, and the pieces that are a table of the form once more.

    A piece is the table it fits best or none: never its second choice, because another piece fits the first better.
    A table may have several pieces where they hold different fields of it.
    """
    out: list[Fit] = []
    spare: list[Fit] = []
    for n, one in enumerate(candidates):
        if any(_overlap(one, other) for other in candidates[:n]):
            continue
        taken = {id(other.table) for other in out}
        near = [other for other in candidates[n + 1 :] if other.score > one.score - APART and _overlap(one, other)]
        if id(one.table) not in taken and any(id(other.table) not in taken for other in near):
            continue
        again = any(other.table is one.table and _same_fields(one, other) for other in out)
        (spare if again else out).append(one)
    return sorted(out, key=_place), sorted(spare, key=_place)


def _place(one: Fit) -> tuple[int, tuple[int, ...], int]:
    return one.block.table, one.block.rows, one.block.cols.start


def _overlap(one: Fit, other: Fit) -> bool:
    a, b = one.block, other.block
    return a.table == b.table and bool(set(a.rows) & set(b.rows)) and bool(set(a.cols) & set(b.cols))


def _same_fields(one: Fit, other: Fit) -> bool:
    """Whether two pieces hold the same fields: more than a row that is named again after a page break."""
    columns = {pair.leaf.node.key for pair in one.columns if pair.leaf.node.kind == "value"}
    if not columns & {pair.leaf.node.key for pair in other.columns if pair.leaf.node.kind == "value"}:
        return False
    rows = {row.key for row in one.rows} & {row.key for row in other.rows}
    return len(rows) * 4 > min(len(one.rows), len(other.rows))


def _fields(sheets: Sheets, one: Fit, row: Row) -> Iterable[Bound]:
    """The fields of a row; a cell merged over several columns is that of its first."""
    grid = sheets.grids[one.block.table]
    seen: set[tuple[int, int]] = set()
    for pair in one.columns:
        cell = grid[row.line.index][pair.line.index]
        if pair.leaf.node.kind != "value" or (cell.row, cell.col) in seen:
            continue
        seen.add((cell.row, cell.col))
        yield Bound(
            dotted(one.table.key, row.key, pair.leaf.node.key),
            _label(one.block.section if one.table.section else "", row.line, pair),
            Place(one.block.table, cell.row, cell.col),
            pair.leaf.node.unit or row.node.unit or one.table.unit,
            pair.leaf.node.type or row.node.type or one.table.type,
            one.table.key,
            row.key,
            pair.leaf.node.key,
            min(row.likeness, pair.likeness),
            row.placed or pair.placed,
        )


def _label(section: str, line: Line, pair: Pair) -> str:
    names = [section, *line.names, *(name for name in pair.line.names)]
    return " / ".join(name for name in names if name)


def _score(form: Form, rows: Mapping[str, set[str]], columns: Mapping[str, set[str]]) -> float:
    """The mean over the tables that must be there of the share of rows and columns that are, given those by table."""
    shares = [
        _there(table, rows.get(table.key, set()), columns.get(table.key, set()))
        for table in form.tables
        if not table.optional or table.key in rows
    ]
    return sum(shares) / max(1, len(shares))


def _there(table: TableForm, rows: set[str], columns: set[str]) -> float:
    if not rows:
        return 0.0
    return _part(needed(table.rows, rows), rows) * _part(needed(table.columns, columns), columns)


def _part(wanted: Collection[str], found: set[str]) -> float:
    return len(found.intersection(wanted)) / len(wanted) if wanted else 1.0
