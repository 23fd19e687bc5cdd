"""Part sums in any table, without a form: totals told by the words and codes of headers and rows.

- A column named 合计, 总计, 小计 or Total is the sum of the columns beside it under the same header.
- A row so named is the sum of the rows above it (or, where it comes first, below it). Which ones is not certain
  (subtotals, levels, 其中), so several readings are tried; the one that holds most often counts.
- A row with a code (208, 20805, 2080506, or in columns 类, 款, 项) or a numbering (一、 (一) 1.) is the sum of the rows
  one level below it.
- In the yearly report on the disclosure of government information, table 三: applications received (一) and carried
  over (二) are those settled (三, its total) and those still open (四); the total of 三 is the sum of its rows.

In that report's tables every sum counts. In any other table a reading counts where it holds for at least half of the
places it applies to, and somewhere with numbers other than 0.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from biaoge.facts import Identity, Place
from biaoge.model import Table

from .checks import Added, added_up
from .levels import code_sums, numbered_sums, numbering
from .sheets import Sheet, Spot, is_total, sheet_of

# The rows of table 三 by words that every year's wording has.
_RECEIVED, _CARRIED = re.compile("新收.*申请"), re.compile("上年.*结转|结转.*上年")
_SETTLED, _OPEN = re.compile("办理结果"), re.compile("结转下年|继续办理")
_PART_OF = re.compile("^(其中|ofwhich)", re.IGNORECASE)
TRUSTED = Decimal("0.5")
"""Share of the places a reading of a total must hold at before the others are called wrong."""


@dataclass(frozen=True, slots=True)
class Sum:
    """A total of one table and the places it should be the sum of, less those of `less`."""

    total: Spot
    parts: Sequence[Spot]
    less: Sequence[Spot] = ()


@dataclass(frozen=True, slots=True)
class Group:
    """Sums that are right or wrong together, being one reading of a total. `name`: the first half of their ids."""

    name: str
    label: str
    sums: Sequence[Sum]
    sure: bool = False


def find(tables: Sequence[Table], levels: bool = True) -> tuple[Identity, ...]:
    """The part sums of tables, by table; none of them is certain. Two that are about the same cells come once.

    Their ids are `rule.tN` or `rule.tN.cC`, then `:rR.cC` of the total, all from 0. Without `levels` those told from
    codes and numberings are left out.
    """
    out = [identity for t, table in enumerate(tables) for identity in _found(t, table, levels)]
    return merged((), out)


def merged(first: Sequence[Identity], more: Sequence[Identity]) -> tuple[Identity, ...]:
    """`first`, then those of `more` that say something else: a form's own sums and then those told from names."""
    out: dict[frozenset[frozenset[Place]], Identity] = {}
    for identity in (*first, *more):
        # Which side a place stands on is what counts; a total less a part is the same as parts and a total.
        sides = frozenset((frozenset((*identity.total, *identity.less)), frozenset(identity.parts)))
        out.setdefault(sides, identity)
    return tuple(out.values())


def _found(number: int, table: Table, levels: bool) -> Iterator[Identity]:
    sheet = sheet_of(table)
    for group in _groups(sheet, levels):
        sums = [_added(sheet, one) for one in group.sums]
        if group.sure or _trusted(sums):
            yield from (_identity(number, group, i) for i, s in zip(group.sums, sums, strict=True) if not s.empty)


def _identity(number: int, group: Group, one: Sum) -> Identity:
    def places(spots: Sequence[Spot]) -> tuple[Place, ...]:
        return tuple(Place(number, r, c) for r, c in spots)

    head, _, tail = group.name.partition(".")
    name = ".".join(filter(None, (head, f"t{number}", tail)))
    id = f"{name}:r{one.total[0]}.c{one.total[1]}"
    return Identity(id, group.label, places([one.total]), places(one.parts), places(one.less), certain=False)


def _added(sheet: Sheet, one: Sum) -> Added:
    return added_up([sheet.value(one.total)], [*map(sheet.value, one.parts)], [*map(sheet.value, one.less)])


def _trusted(sums: Sequence[Added]) -> bool:
    """Whether the sums hold often enough to be meant so; those that hold as sums of nothing prove nothing."""
    holding, failing = _holding(sums), sum(one.broken for one in sums)
    return bool(holding) and Decimal(holding) / (holding + failing) >= TRUSTED


def _holding(sums: Iterable[Added]) -> int:
    """How many of the sums hold and are not sums of nothing."""
    return sum(bool(one.expected) and one.holds is True for one in sums)


def _groups(sheet: Sheet, levels: bool) -> Iterator[Group]:
    if not sheet.columns:
        return
    sure = _is_report(sheet)
    yield from _columns(sheet, sure)
    applications = _applications(sheet)
    if applications is not None:
        yield from applications
        return
    yield from _rows(sheet)
    if not levels:
        return
    for name, sums in (("codes", code_sums(sheet)), ("levels", numbered_sums(sheet))):
        # The rows under the last ones may go on where the table was cut.
        whole = [(Sum(total, parts), end) for total, parts, end in sums]
        if kept := [one for one, end in whole if end < sheet.body[-1] or not _added(sheet, one).broken]:
            yield Group(name, "sum of the rows a level below it", kept)


# --- columns ---------------------------------------------------------------------------------------------------------


def _columns(sheet: Sheet, sure: bool) -> Iterator[Group]:
    """The sums of each total column."""
    for total in sheet.columns:
        headers = sheet.headers(total)
        parts = _beside(sheet, total) if headers and is_total(headers[-1].text or "") else ()
        if len(parts) > 1:
            sums = [Sum((r, total), [(r, c) for c in parts]) for r in sheet.body if sheet.begins((r, total))]
            yield Group(f"columns.c{total}", "sum of the columns beside it", sums, sure)


def _beside(sheet: Sheet, total: int) -> tuple[int, ...]:
    """The columns that a total column adds up: the others under the same header, a group of them by its own total."""
    parent = sheet.headers(total)[-2:-1]  # the nearest header above alone: those further up may be cut short
    groups: dict[Spot, list[int]] = {}
    for col in sheet.columns:
        headers = sheet.headers(col)
        at = next((n for n, cell in enumerate(headers) if parent and cell is parent[0]), None)
        below = headers if at is None else headers[at + 1 :]
        if col != total and below and (not parent or len(below) < len(headers)):
            groups.setdefault((below[0].row, below[0].col), []).append(col)
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


def _applications(sheet: Sheet) -> Sequence[Group] | None:
    """The sums of the rows of table 三; `None` where the table is another one."""
    left = {r: sheet.names(r, sheet.columns[0]) for r in sheet.body}
    received, carried, settled, still_open = (
        [r for r, names in left.items() if names and word.search(names[0])]
        for word in (_RECEIVED, _CARRIED, _SETTLED, _OPEN)
    )
    if not (len(received) == len(carried) == len(still_open) == 1 and settled):
        return None
    totals = [r for r in settled if is_total(left[r][-1])]
    results = [r for r in settled if r not in totals]
    of_three, of_all = [], []
    for col in sheet.columns:
        done = [(r, col) for r in results]
        if len(totals) == 1:
            of_three.append(Sum((totals[0], col), done))
            done = [(totals[0], col)]
        if all(map(sheet.says, done)):
            given = [(received[0], col), (carried[0], col)]
            of_all.append(Sum((still_open[0], col), given, done))
    return (
        Group("results", "sum of the rows of 三", of_three, sure=True),
        Group("applications", "一 and 二 less 三", of_all, sure=True),
    )


def _rows(sheet: Sheet) -> Iterator[Group]:
    """The sums of each total row of any table, by the reading that holds most often."""
    if sheet.first_row == 0:  # the rest of a table that began on another page
        return
    for row in sheet.body:
        cols = [c for c in sheet.columns if sheet.begins((row, c)) and _is_total_row(sheet, row, c)]
        readings = [
            [Sum((row, c), parts) for c in cols if len(parts := reading(sheet, (row, c))) > 1] for reading in _READINGS
        ]
        best = max(readings, key=lambda sums: _holding(_added(sheet, one) for one in sums))
        if best:
            yield Group(f"rows.r{row}", "sum of the rows it adds up", best)


def _is_total_row(sheet: Sheet, row: int, col: int) -> bool:
    names = sheet.naming(row, col)
    return bool(names) and is_total(names[-1].text or "")


def _since(sheet: Sheet, total: Spot) -> list[Spot]:
    """The rows since the last total above; for a total that comes first, those down to the next one."""
    row, col = total
    above = [r for r in sheet.body if r < row]
    rows = above or [r for r in sheet.body if r > row]
    totals = [r for r in rows if _is_total_row(sheet, r, col)]
    if above:
        rows = [r for r in rows if not totals or r > totals[-1]]
    else:
        rows = [r for r in rows if not totals or r < totals[0]]
    return _parts(sheet, rows, col)


def _all(sheet: Sheet, total: Spot) -> list[Spot]:
    """All rows above but totals."""
    return _parts(sheet, [r for r in sheet.body if r < total[0] and not _is_total_row(sheet, r, total[1])], total[1])


def _with_last_total(sheet: Sheet, total: Spot) -> list[Spot]:
    """The last total above and the rows since."""
    totals = [r for r in sheet.body if r < total[0] and _is_total_row(sheet, r, total[1])]
    return _parts(sheet, [r for r in sheet.body if totals and totals[-1] <= r < total[0]], total[1])


def _highest(sheet: Sheet, total: Spot) -> list[Spot]:
    """Of the rows since the last total those of the highest level."""
    spots = _since(sheet, total)
    levels = [_level(sheet, spot) for spot in spots]
    return [spot for spot, level in zip(spots, levels, strict=True) if level == min(levels)]


_READINGS = (_since, _all, _with_last_total, _highest)


def _parts(sheet: Sheet, rows: Iterable[int], col: int) -> list[Spot]:
    """The places of the rows where a cell begins, those left out that only break another one down (其中)."""
    spots = [(r, col) for r in rows if sheet.begins((r, col))]
    return [spot for spot in spots if not any(_PART_OF.match(name) for name in sheet.names(*spot))]


def _level(sheet: Sheet, spot: Spot) -> tuple[int, ...]:
    """How deep a row stands, 0 the highest: by the numbering of its name, then by how many digits its codes have."""
    name = (sheet.names(*spot) or ("",))[-1]
    return numbering(name) or 0, sum(len(code) for code in sheet.codes(spot[0]))
