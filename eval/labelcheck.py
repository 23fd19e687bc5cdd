"""Labels that break the sums their own tables state: a digit mistyped in a label, or an error of the publisher.

Three kinds of sum are looked for, by the words of headers and row names, whatever the wording around them:

- a column named 合计, 总计 or 小计 is the sum of the columns beside it under the same header;
- a row so named is the sum of the rows above it (or, where it comes first, below it);
- in the yearly report on the disclosure of government information, table 三: applications received (一) and carried
  over (二) are those settled (三, its total) and those still open (四); the total of 三 is the sum of its rows.

In that report's tables every sum must hold. In any other table it is not certain what a total adds up (levels of
subtotals, 其中 and the like), so several readings are tried, and a sum that fails is reported where the same reading
holds for at least half of the places it applies to. Values are exact decimals: a difference by rounding is reported.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from pathlib import Path

from biaoge.model import Table

from .gridtext import Label, read
from .sets import TruthSet
from .sums import Place, Sheet, folded, is_total, sheet_of

# The rows of table 三 by words that every year's wording has.
_RECEIVED, _CARRIED = re.compile("新收.*申请"), re.compile("上年.*结转|结转.*上年")
_SETTLED, _OPEN = re.compile("办理结果"), re.compile("结转下年|继续办理")
_PART_OF = re.compile("^其中")
_LEVELS = (
    re.compile("^[一二三四五六七八九十]+[、.,]"),
    re.compile(r"^\([一二三四五六七八九十]+\)"),
    re.compile(r"^\d+[、.,]"),
)
# Share of the places a reading of a total must hold at before the others are called wrong.
_TRUSTED = Decimal("0.5")


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
class _Sum:
    """A total and the places it should be the sum of, less those of `less`."""

    rule: str
    total: Place
    parts: Sequence[Place]
    less: Sequence[Place] = ()


def check(of: Label | Table) -> tuple[Breach, ...]:
    """The sums of a label or a table that do not hold, by the place of their totals."""
    found = examine("", of.table, of.note) if isinstance(of, Label) else examine("", of)
    return found.breaches


def examine(name: str, table: Table, note: str | None = None) -> Checked:
    """As `check`, with the number of sums that could be checked; one with an unread cell or a text in it cannot."""
    sheet = sheet_of(table)
    strict = _is_report(sheet)
    groups = [_trusted(sheet, sums, strict) for sums in _columns(sheet)]
    applications = _applications(sheet)
    groups.append(applications if applications is not None else [])
    if applications is None:
        groups += [_trusted(sheet, sums, strict=False) for sums in _rows(sheet)]
    sums = [one for group in groups for one in group if _expected(sheet, one) is not None]
    found = [breach for one in sums if (breach := _breach(sheet, one)) is not None]
    found.sort(key=lambda b: (b.cell, b.rule))
    return Checked(name, len(sums), tuple(replace(b, acknowledged=_acknowledged(b, folded(note or ""))) for b in found))


def check_set(truth: TruthSet) -> tuple[Checked, ...]:
    """Every label of a set, other truths included, each named by the id of its table."""
    labels = [
        table
        for document in truth.documents
        for tables in (document.tables, *document.alternatives)
        for table in tables
    ]
    return tuple(examine(label.id, label.table, label.note) for label in labels)


def check_files(paths: Iterable[Path]) -> tuple[Checked, ...]:
    """Every label of the files of grid text, named by its file."""
    labels = [(path, read(path)) for path in paths]
    return tuple(examine(path.name, label.table, label.note) for path, label in labels)


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
    return bool(names) and all(name in note for name in names)


def _expected(sheet: Sheet, one: _Sum) -> Decimal | None:
    """What the total should be; `None` where it or one of the parts is not known, or nothing stands in any of them."""
    places = (one.total, *one.parts, *one.less)
    values = {place: value for place in places if (value := sheet.value(place)) is not None}
    if any(place not in values for place in places) or not any(sheet.says(place) for place in places):
        return None
    return sum((values[p] for p in one.parts), Decimal(0)) - sum((values[p] for p in one.less), Decimal(0))


def _breach(sheet: Sheet, one: _Sum) -> Breach | None:
    """The breach where the sum does not hold; a total left blank counts as 0, unless all its parts are numbers."""
    expected, said = _expected(sheet, one), sheet.value(one.total)
    if expected is None or said is None:
        return None
    blank = not sheet.says(one.total)
    if said == expected and not (blank and all(sheet.says(place) for place in one.parts)):
        return None
    names = sheet.names(*one.total), sheet.column_path(one.total[1])
    return Breach(one.rule, one.total, (*one.parts, *one.less), expected, None if blank else said, *names)


def _trusted(sheet: Sheet, sums: Sequence[_Sum], strict: bool) -> Sequence[_Sum]:
    """The sums; without `strict` none where they hold too rarely to be meant so."""
    holding = _holding(sheet, sums)
    failing = sum(_breach(sheet, one) is not None for one in sums)
    return sums if strict or (holding and Decimal(holding) / (holding + failing) >= _TRUSTED) else ()


def _holding(sheet: Sheet, sums: Iterable[_Sum]) -> int:
    """How many of the sums hold and are not sums of nothing."""
    return sum(bool(_expected(sheet, one)) and _breach(sheet, one) is None for one in sums)


# --- columns ---------------------------------------------------------------------------------------------------------


def _columns(sheet: Sheet) -> Iterator[Sequence[_Sum]]:
    """The sums of each total column."""
    body = [r for r, header in enumerate(sheet.header) if not header]
    for total in sheet.columns:
        headers = sheet.headers(total)
        parts = _beside(sheet, total) if headers and is_total(headers[-1].text or "") else ()
        if len(parts) > 1:
            rule = "sum of the columns beside it"
            yield [_Sum(rule, (r, total), [(r, c) for c in parts]) for r in body if sheet.begins((r, total))]


def _beside(sheet: Sheet, total: int) -> tuple[int, ...]:
    """The columns that a total column adds up: the others under the same header, a group of them by its own total."""
    parent = sheet.headers(total)[-2:-1]  # the nearest header above alone: those further up may be cut short
    groups: dict[object, list[int]] = {}
    for col in sheet.columns:
        headers = sheet.headers(col)
        below = headers[headers.index(parent[0]) + 1 :] if parent and parent[0] in headers else headers
        if col != total and below and (not parent or len(below) < len(headers)):
            groups.setdefault(below[0], []).append(col)
    out: list[int] = []
    for group in groups.values():
        own = [c for c in group if is_total(sheet.headers(c)[-1].text or "")]
        # Of a group of one header each the totals are other sums, of a group with a total that one stands for it.
        out += own[:1] if len(group) > 1 and own else [c for c in group if c not in own]
    return tuple(out)


def _is_report(sheet: Sheet) -> bool:
    """Whether this is table 三 or 四 of the report on the disclosure of government information."""
    paths = "/".join("/".join(sheet.column_path(col)) for col in sheet.columns)
    return "申请人情况" in paths or ("行政复议" in paths and "行政诉讼" in paths)


# --- rows ------------------------------------------------------------------------------------------------------------


def _applications(sheet: Sheet) -> Sequence[_Sum] | None:
    """The sums of the rows of table 三; `None` where the table is another one."""
    if not sheet.columns:
        return None
    left = {r: sheet.names(r, sheet.columns[0]) for r, header in enumerate(sheet.header) if not header}
    received, carried, settled, still_open = (
        [r for r, names in left.items() if names and word.search(names[0])]
        for word in (_RECEIVED, _CARRIED, _SETTLED, _OPEN)
    )
    if not (len(received) == len(carried) == len(still_open) == 1 and settled):
        return None
    totals = [r for r in settled if is_total(left[r][-1])]
    results = [r for r in settled if r not in totals]
    sums = []
    for col in sheet.columns:
        done = [(r, col) for r in results]
        if len(totals) == 1:
            sums.append(_Sum("sum of the rows of 三", (totals[0], col), done))
            done = [(totals[0], col)]
        if all(map(sheet.says, done)):
            given = [(received[0], col), (carried[0], col)]
            sums.append(_Sum("一 and 二 less 三", (still_open[0], col), given, done))
    return sums


def _rows(sheet: Sheet) -> Iterator[Sequence[_Sum]]:
    """The sums of each total row of any table, by the reading that holds most often."""
    if sheet.first_row == 0:  # the rest of a table that began on another page
        return
    body = [r for r in range(sheet.first_row, len(sheet.header)) if not sheet.header[r]]
    for row in body:
        cols = [c for c in sheet.columns if sheet.begins((row, c)) and _is_total_row(sheet, row, c)]
        readings = [
            [
                _Sum("sum of the rows it adds up", (row, c), parts)
                for c in cols
                if len(parts := reading(sheet, body, (row, c))) > 1
            ]
            for reading in _READINGS
        ]
        yield max(readings, key=lambda sums: _holding(sheet, sums))


def _is_total_row(sheet: Sheet, row: int, col: int) -> bool:
    names = sheet.names(row, col)
    return bool(names) and is_total(names[-1])


def _since(sheet: Sheet, body: Sequence[int], total: Place) -> list[Place]:
    """The rows since the last total above; for a total that comes first, those down to the next one."""
    row, col = total
    above = [r for r in body if r < row]
    rows = above or [r for r in body if r > row]
    totals = [r for r in rows if _is_total_row(sheet, r, col)]
    if above:
        rows = [r for r in rows if not totals or r > totals[-1]]
    else:
        rows = [r for r in rows if not totals or r < totals[0]]
    return _parts(sheet, rows, col)


def _all(sheet: Sheet, body: Sequence[int], total: Place) -> list[Place]:
    """All rows above but totals."""
    return _parts(sheet, [r for r in body if r < total[0] and not _is_total_row(sheet, r, total[1])], total[1])


def _with_last_total(sheet: Sheet, body: Sequence[int], total: Place) -> list[Place]:
    """The last total above and the rows since."""
    totals = [r for r in body if r < total[0] and _is_total_row(sheet, r, total[1])]
    return _parts(sheet, [r for r in body if totals and totals[-1] <= r < total[0]], total[1])


def _highest(sheet: Sheet, body: Sequence[int], total: Place) -> list[Place]:
    """Of the rows since the last total those of the highest level."""
    places = _since(sheet, body, total)
    levels = [_level(sheet, place) for place in places]
    return [place for place, level in zip(places, levels, strict=True) if level == min(levels)]


_READINGS = (_since, _all, _with_last_total, _highest)


def _parts(sheet: Sheet, rows: Iterable[int], col: int) -> list[Place]:
    """The places of the rows where a cell begins, those left out that only break another one down (其中)."""
    places = [(r, col) for r in rows if sheet.begins((r, col))]
    return [p for p in places if not any(_PART_OF.match(name) for name in sheet.names(*p))]


def _level(sheet: Sheet, place: Place) -> tuple[int, ...]:
    """How deep a row stands, 0 the highest: by the numbering of its name, then by how many digits its codes have."""
    name = (sheet.names(*place) or ("",))[-1]
    numbering = next((n for n, pattern in enumerate(_LEVELS) if pattern.match(name)), 0)
    return numbering, sum(len(code) for code in sheet.codes(place[0]))
