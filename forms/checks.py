"""Sums held against what was read, exactly; see docs/checks.md."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, localcontext

from biaoge.facts import Check, Identity, Place, Verdict
from biaoge.model import Cell, Finding, Table

from .values import NOTHING, Value, value

Cells = Mapping[Place, Cell]

DIGITS = 60
"""Of decimal arithmetic: sums of any amounts that are printed stay exact."""


@dataclass(frozen=True, slots=True)
class Added:
    """A sum as added up. `expected`, `found`: what parts and total make, `None` where that is not known.

    `blank`: nothing is printed in the total, though all its parts are numbers; `empty`: nothing is printed at all.
    """

    expected: Decimal | None
    found: Decimal | None
    blank: bool = False
    empty: bool = False

    @property
    def holds(self) -> bool | None:
        """Whether both sides are equal; `None` where one is not known."""
        if self.empty or self.expected is None or self.found is None:
            return None
        return self.expected == self.found

    @property
    def broken(self) -> bool:
        """Whether it does not hold, or its total is blank where it should say something."""
        return self.expected is not None and (self.blank or self.holds is False)


def cells_of(tables: Sequence[Table]) -> dict[Place, Cell]:
    """Every cell by its place."""
    return {Place(t, cell.row, cell.col): cell for t, table in enumerate(tables) for cell in table.cells}


def added(identity: Identity, values: Mapping[Place, Value]) -> Added:
    """The sum over what the cells say. Blanks, dashes and slashes add nothing; a place without a value is unknown.

    A blank total counts as 0, unless all its parts are numbers: then it should say so, and `found` is `None`.
    """
    said = [values.get(place, _UNREAD) for place in identity.places]
    if all(one.kind in NOTHING for one in said):
        return Added(None, None, empty=True)
    parts = [values.get(place, _UNREAD) for place in (*identity.parts, *identity.less)]
    total = [values.get(place, _UNREAD) for place in identity.total]
    blank = all(one.kind in NOTHING for one in total) and all(one.kind == "number" for one in parts)
    with localcontext(prec=DIGITS):
        less = _sum(values.get(place, _UNREAD) for place in identity.less)
        more = _sum(values.get(place, _UNREAD) for place in identity.parts)
        expected = None if more is None or less is None else more - less
        return Added(expected, None if blank else _sum(total), blank)


_UNREAD = Value("unread")


def _sum(values: Iterable[Value]) -> Decimal | None:
    out = Decimal(0)
    for one in values:
        if one.counts is None:
            return None
        out += one.counts
    return out


def check(identities: Sequence[Identity], tables: Sequence[Table]) -> tuple[Check, ...]:
    """Every identity held against the tables, in order.

    A broken one is the publisher's ("source") where a form states it and every cell of it comes from the file's own
    text; with a cell that was recognised it is "unknown". One that holds since a cell of it was mended is "misread".
    """
    cells = cells_of(tables)
    wanted = {place for identity in identities for place in identity.places}
    values = {place: value(cells[place].text) for place in wanted if place in cells}
    raw = {place: value(cells[place].repair.raw) for place in values if cells[place].repair}  # type: ignore[union-attr]
    out = []
    for identity in identities:
        sums = added(identity, values)
        mended = [place for place in identity.places if place in raw]
        broke = bool(mended) and added(identity, {**values, **{p: raw[p] for p in mended}}).holds is not True
        verdict = _verdict(sums.holds, broke, identity, cells)
        out.append(Check(identity, sums.holds, sums.expected, sums.found, verdict))
    return tuple(out)


def _verdict(holds: bool | None, broke: bool, identity: Identity, cells: Cells) -> Verdict:
    if holds:
        return "misread" if broke else "ok"
    if holds is False and identity.certain and all(cells[p].source == "text" for p in identity.places if p in cells):
        return "source"
    return "unknown"


def findings(checks: Sequence[Check], tables: Sequence[Table]) -> tuple[Finding, ...]:
    """One for every sum that does not hold, or whose total is blank though all its parts are numbers."""
    cells = cells_of(tables)
    out = []
    for one in checks:
        identity = one.identity
        blank = one.holds is None and one.expected is not None and one.found is None
        blank = blank and all(p in cells and value(cells[p].text).kind in NOTHING for p in identity.total)
        if one.holds is not False and not blank:
            continue
        found = "a blank" if blank else f"{one.found}"
        why = {"source": "so the file has it", "unknown": "misread, or wrong in the original"}.get(one.verdict, "")
        if blank or not identity.certain:
            why = "" if identity.certain else "told from the names of rows and columns, which may be understood wrongly"
        told = f"{identity.label} ({identity.id}): {one.expected} expected, {found} found"
        at = identity.total[0]
        here = tuple((p.row, p.col) for p in identity.places if p.table == at.table)
        out.append(
            Finding(
                "sum-blank" if blank else "sum-broken",
                "warning" if identity.certain else "info",
                f"{told}; {why}" if why else told,
                _page(cells.get(at)),
                at.table,
                here,
            )
        )
    return tuple(out)


def _page(cell: Cell | None) -> int | None:
    return cell.regions[0].page if cell is not None and cell.regions else None
