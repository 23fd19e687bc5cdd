"""Fields and checks as plain values, as the JSON contract has them, and back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import NotRequired, TypedDict

from biaoge.facts import Check, Fact, Identity, Place, Verdict

Number = int | float | str
"""A number in JSON: text only where a float would not give its digits back."""
_MOST_DIGITS = 4000
"""Before or after the point; `1e999999999` is ten bytes, and a thousand million digits once somebody asks for them."""


class FieldDict(TypedDict):
    """A named field. `cell`: row and column in the table."""

    label: str
    value: Number | None
    unit: str | None
    text: str | None
    table: int
    cell: list[int]
    page: int | None
    confidence: float
    verified: NotRequired[list[str]]


class CheckDict(TypedDict):
    """A sum. `cells`: [table, row, column], first those of the total (`total` of them), then the parts.

    `less`: so many of the last ones are taken off.
    """

    id: str
    label: str
    holds: bool | None
    cells: list[list[int]]
    total: int
    less: int
    certain: bool
    expected: Number | None
    found: Number | None
    verdict: Verdict


def number_out(value: int | Decimal | None) -> Number | None:
    """The number as JSON can hold it without loss.

    >>> number_out(Decimal("248.9611")), number_out(Decimal("3")), number_out(Decimal("0.12345678901234567890"))
    (248.9611, 3, '0.12345678901234567890')
    """
    if value is None or isinstance(value, int):
        return value
    if value == value.to_integral_value() and abs(value) < 10**18:
        return int(value)
    near = float(value)
    return near if Decimal(repr(near)) == value else str(value)


def number_in(value: Number | None) -> int | Decimal | None:
    """What `number_out` made `value` of; a whole number comes back as an int.

    ValueError or ArithmeticError for what is no number of a sensible size.
    """
    return value if value is None or isinstance(value, int) else _decimal(value)


def fields_to_dict(facts: Sequence[Fact]) -> dict[str, FieldDict]:
    """The fields by name, in order."""
    out: dict[str, FieldDict] = {}
    for fact in facts:
        out[fact.name] = {
            "label": fact.label,
            "value": number_out(fact.value),
            "unit": fact.unit,
            "text": fact.text,
            "table": fact.place.table,
            "cell": [fact.place.row, fact.place.col],
            "page": fact.page,
            "confidence": round(fact.confidence, 4) + 0.0,
        }
        if fact.verified:
            out[fact.name]["verified"] = list(fact.verified)
    return out


def fields_from_dict(raw: Mapping[str, FieldDict]) -> tuple[Fact, ...]:
    """What `fields_to_dict` made `raw` of."""
    return tuple(
        Fact(
            name,
            one["label"],
            number_in(one["value"]),
            one["unit"],
            one["text"],
            Place(one["table"], *one["cell"]),
            one["page"],
            one["confidence"],
            tuple(one.get("verified", ())),
        )
        for name, one in raw.items()
    )


def check_to_dict(check: Check) -> CheckDict:
    """The check with its cells in one list."""
    identity = check.identity
    return {
        "id": identity.id,
        "label": identity.label,
        "holds": check.holds,
        "cells": [[place.table, place.row, place.col] for place in identity.places],
        "total": len(identity.total),
        "less": len(identity.less),
        "certain": identity.certain,
        "expected": number_out(check.expected),
        "found": number_out(check.found),
        "verdict": check.verdict,
    }


def check_from_dict(raw: CheckDict) -> Check:
    """What `check_to_dict` made `raw` of."""
    places = tuple(Place(*cell) for cell in raw["cells"])
    first, last = raw["total"], len(places) - raw["less"]
    identity = Identity(raw["id"], raw["label"], places[:first], places[first:last], places[last:], raw["certain"])
    return Check(identity, raw["holds"], _decimal(raw["expected"]), _decimal(raw["found"]), raw["verdict"])


def _decimal(value: Number | None) -> Decimal | None:
    if value is None:
        return None
    held = Decimal(str(value))
    if not held.is_finite() or abs(held.adjusted()) > _MOST_DIGITS:
        raise ValueError(f"{value!r:.60} is no number of a sensible size")
    return held
