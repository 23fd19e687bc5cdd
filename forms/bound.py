"""What matching gives: the fields of a form with their places in a document."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Literal

from biaoge.facts import Place
from biaoge.model import Finding

from .template import FieldType, Form

Axis = Literal["row", "column"]


@dataclass(frozen=True, slots=True)
class Bound:
    """A field and the cell that holds it.

    `name` is `table.row.column` of the keys; a row without a name adds nothing to it. `label`: the names in print,
    outermost first, parted by " / ". `likeness`: of the row's or the column's name to the form's, the lesser, 0 to 1.
    `placed`: whether its row or column was bound by its place between its neighbours, as its name could not be read.
    """

    name: str
    label: str
    place: Place
    unit: str | None
    type: FieldType
    table: str
    row: str
    column: str
    likeness: float = 1.0
    placed: bool = False


@dataclass(frozen=True, slots=True)
class Match:
    """A form bound to a document. `score`: the share of the form that was found, 0 to 1, every table alike.

    `bound` stands in the order of the form's tables, then of print; `findings` tell the drift. `unknown`: the tables,
    by key, that hold a "row" or a "column" that the form does not know: sums over these may lack a part.
    """

    form: Form
    score: float
    bound: tuple[Bound, ...] = field(repr=False)
    findings: tuple[Finding, ...] = ()
    unknown: frozenset[tuple[str, Axis]] = frozenset()

    def __iter__(self) -> Iterator[Bound]:
        return iter(self.bound)


def dotted(*keys: str) -> str:
    """Keys as one name; what has no key adds nothing.

    >>> dotted("disputes", "", "review.total")
    'disputes.review.total'
    """
    return ".".join(key for key in keys if key)
