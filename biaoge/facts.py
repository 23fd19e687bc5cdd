"""What a document says where its form is known: named fields, and sums that must hold."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

Verdict = Literal["ok", "source", "misread", "unknown"]
"""`source`: the publisher's own error; `misread`: a cell was read wrongly, and mended; `unknown`: it cannot be told."""


@dataclass(frozen=True, slots=True)
class Place:
    """A cell by its table and the row and column of its origin, all from 0."""

    table: int
    row: int
    col: int


@dataclass(frozen=True, slots=True)
class Identity:
    """A sum that must hold: the numbers of `parts`, less those of `less`, are that of `total`.

    `total` has more than one place where two sums are equal (opening + received = settled + open). `id` is one of a
    document: the form's or the rule's name, then the row or column it is about. `label` says it in words. `certain`:
    whether a form states it; otherwise it was told from the names of rows and columns.
    """

    id: str
    label: str
    total: tuple[Place, ...]
    parts: tuple[Place, ...]
    less: tuple[Place, ...] = ()
    certain: bool = True

    @property
    def places(self) -> tuple[Place, ...]:
        """Every cell it is about, the total first."""
        return (*self.total, *self.parts, *self.less)


@dataclass(frozen=True, slots=True)
class Check:
    """An identity held against what was read. `expected`: what the parts make, `found`: what the total says.

    `holds` is `None` where a number is missing: a cell unread, blank where it must not be, or no number.
    """

    identity: Identity
    holds: bool | None
    expected: Decimal | None
    found: Decimal | None
    verdict: Verdict


@dataclass(frozen=True, slots=True)
class Fact:
    """A named field. `name`: dotted English; `label`: the path in the document's own words, parted by " / ".

    `value`: the number, `None` where the cell is blank or holds none; `text` as printed (`None`: unread).
    """

    name: str
    label: str
    value: int | Decimal | None
    unit: str | None
    text: str | None
    place: Place
    page: int | None
    confidence: float
    verified: tuple[str, ...] = ()
