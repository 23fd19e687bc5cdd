"""Sums held against what was read, exactly; see docs/checks.md."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Context, Decimal, localcontext

from biaoge.facts import Check, Identity, Place, Verdict
from biaoge.model import Cell, Finding, Table

from .values import NOTHING, Value, value

Cells = Mapping[Place, Cell]

DIGITS = 60
"""Of decimal arithmetic: sums of any amounts that are printed stay exact."""
SURE = 0.99
"""A recognised cell of a broken sum that is right as read with less than this is a suspect."""


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


def cells_of(tables: Sequence[Table], identities: Iterable[Identity]) -> dict[Place, Cell]:
    """The cells that identities are about, by place; a place at which no cell begins is left out."""
    wanted = {place for identity in identities for place in identity.places}
    begun = {
        t: {(cell.row, cell.col): cell for cell in tables[t].cells}
        for t in sorted({place.table for place in wanted})
        if t < len(tables)
    }
    found = ((place, begun.get(place.table, {}).get((place.row, place.col))) for place in wanted)
    return {place: cell for place, cell in found if cell is not None}


def added(identity: Identity, values: Mapping[Place, Value]) -> Added:
    """The sum over what the cells say. Blanks, dashes and slashes add nothing; a place without a value is unknown.

    A blank total counts as 0, unless all its parts are numbers: then it should say so, and `found` is `None`.
    """
    return added_up(
        *([values.get(p, _UNREAD) for p in side] for side in (identity.total, identity.parts, identity.less))
    )


def added_up(total: Sequence[Value], parts: Sequence[Value], less: Sequence[Value] = ()) -> Added:
    """`added` over the values themselves."""
    silent = all(one.kind in NOTHING for one in total)
    if silent and all(one.kind in NOTHING for one in parts) and all(one.kind in NOTHING for one in less):
        return Added(None, None, empty=True)
    blank = silent and all(one.kind == "number" for one in parts) and all(one.kind == "number" for one in less)
    with localcontext(_EXACT):
        more, taken = _sum(parts), _sum(less)
        expected = None if more is None or taken is None else more - taken
        return Added(expected, None if blank else _sum(total), blank)


_UNREAD = Value("unread")
_EXACT = Context(prec=DIGITS)


def _sum(values: Iterable[Value]) -> Decimal | None:
    out = Decimal(0)
    for one in values:
        if one.kind in NOTHING:
            continue
        if one.number is None:
            return None
        out += one.number
    return out


def check(identities: Sequence[Identity], tables: Sequence[Table]) -> tuple[Check, ...]:
    """The identities held against the tables, in order; one of which nothing at all is printed asks nothing.

    A broken one is the publisher's ("source") where a form states it and every cell of it comes from the file's own
    text; with a cell that was recognised it is "unknown". One that holds since a cell of it was mended is "misread".
    """
    cells = cells_of(tables, identities)
    values = {place: value(cell.text) for place, cell in cells.items()}
    raw = {place: value(cell.repair.raw) for place, cell in cells.items() if cell.repair}
    out = []
    for identity in identities:
        sums = added(identity, values)
        if sums.empty:
            continue
        mended = [place for place in identity.places if place in raw] if raw else []
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
    """One for every sum that does not hold, or whose total is blank though all its parts are numbers.

    Where cells of it were recognised and are not sure they are named, the likeliest misread first ("sum-suspects").
    """
    cells = cells_of(tables, (one.identity for one in checks if one.holds is not True))
    out = []
    for one in checks:
        if one.holds:
            continue
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
        suspects = () if blank else _suspects(identity, cells)
        if suspects:
            why = "no reading is sure enough to be put in place; the likeliest misread come first"
        named = suspects or identity.places
        out.append(
            Finding(
                "sum-blank" if blank else "sum-suspects" if suspects else "sum-broken",
                "warning" if identity.certain else "info",
                f"{told}; {why}" if why else told,
                _page(cells.get(at)),
                at.table,
                tuple((p.row, p.col) for p in named if p.table == at.table),
            )
        )
    return tuple(out)


def _suspects(identity: Identity, cells: Cells) -> tuple[Place, ...]:
    """The recognised cells of a sum that are not sure, the least sure first."""
    doubtful = [p for p in identity.places if p in cells and cells[p].source == "ocr" and cells[p].confidence < SURE]
    return tuple(sorted(doubtful, key=lambda p: (cells[p].confidence, p.table, p.row, p.col)))


def _page(cell: Cell | None) -> int | None:
    return cell.regions[0].page if cell is not None and cell.regions else None
