"""A table in the making: its rows, the texts found for them, and what is to be said about it."""

from __future__ import annotations

from dataclasses import dataclass, field

from biaoge.model import Severity

from .align import Aligned, Group
from .place import Placed
from .plan import Printed

Row = tuple[str, int, str]
"""What a row of the table is: "section", "header" or "row", its table form, and the header level or the row's key."""


@dataclass(slots=True)
class Draft:
    """A table in the making. `texts`: of the cells of the stub, headers and sections by (row, key of the node)."""

    table: Printed
    aligned: Aligned
    raws: dict[int, str]
    rows: list[Row] = field(default_factory=list)
    groups: dict[Row, Group] = field(default_factory=dict)
    names: dict[tuple[int, str, str], str] = field(default_factory=dict)
    columns: list[tuple[str, ...]] = field(default_factory=list)
    values: dict[Row, Placed] = field(default_factory=dict)
    notes: list[tuple[str, Severity, str, Row | None]] = field(default_factory=list)

    def note(self, kind: str, severity: Severity, message: str, row: Row | None = None) -> None:
        """Keep a finding about a row, or the whole table."""
        self.notes.append((kind, severity, message, row))
