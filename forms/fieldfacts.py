"""The values of a form's fields, as they stand in a document's cells."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from biaoge.facts import Fact
from biaoge.model import Cell, Table

from .bound import Match
from .values import value


def facts(match: Match, tables: Sequence[Table]) -> tuple[Fact, ...]:
    """The fields of `match`, in its order, with what the cells of `tables` say now (which may have been mended)."""
    cells = {
        number: {(cell.row, cell.col): cell for cell in tables[number].cells}
        for number in {one.place.table for one in match.bound}
    }
    out = []
    for one in match.bound:
        table, cell = tables[one.place.table], cells[one.place.table][one.place.row, one.place.col]
        number = None if one.type == "text" else _number(cell.text)
        confidence = min(cell.confidence, one.likeness)
        out.append(
            Fact(
                one.name,
                one.label,
                number,
                one.unit,
                cell.text,
                one.place,
                _page(table, cell),
                confidence,
                cell.verified,
            )
        )
    return tuple(out)


def _number(text: str | None) -> int | Decimal | None:
    """The number in a cell; an `int` where it has no fraction, whatever the form expects: nothing is rounded."""
    number = value(text).number
    if number is None:
        return None
    return int(number) if number == number.to_integral_value() and "." not in str(number) else number


def _page(table: Table, cell: Cell) -> int | None:
    if cell.regions:
        return cell.regions[0].page
    return next((part.page for part in table.parts if part.rows[0] <= cell.row <= part.rows[1]), None)
