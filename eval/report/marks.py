"""Where a reading differs from its label, cell by cell, and the sign that says how."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from biaoge.model import Cell, Table

from ..metrics.cells import differences

Kind = Literal["text", "span", "missing", "extra", "unread"]

SIGNS: Mapping[Kind, str] = {"text": "≠", "span": "⇔", "missing": "−", "extra": "+", "unread": "?"}
MEANINGS: Mapping[Kind, str] = {
    "text": "another text",
    "span": "another span",
    "missing": "a true cell that is not there",
    "extra": "a cell that is not true",
    "unread": "a cell that could not be read",
}

Place = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Mark:
    """A place (row, column of origin) where the two differ; `None`: no cell begins there on that side."""

    kind: Kind
    true: Cell | None
    predicted: Cell | None

    @property
    def sign(self) -> str:
        """One character that stands for the kind, so that colour is not all that tells."""
        return SIGNS[self.kind]

    @property
    def title(self) -> str:
        """What is true there and what was read, in words."""
        return f"{MEANINGS[self.kind]}\ntrue: {_shown(self.true)}\npredicted: {_shown(self.predicted)}"


def marks(predicted: Table | None, true: Table | None, blanks: bool = True) -> dict[Place, Mark]:
    """The differing places at level `folded`, those that `metrics.cells.differences` gives."""
    found, wanted = _by_place(predicted, blanks), _by_place(true, blanks)
    out = {}
    for difference in differences(predicted, true, "folded", blanks):
        place = (difference.row, difference.col)
        p, t = found.get(place), wanted.get(place)
        out[place] = Mark(_kind(p, t), t, p)
    return out


def _by_place(table: Table | None, blanks: bool) -> dict[Place, Cell]:
    cells = table.cells if table else ()
    return {(c.row, c.col): c for c in cells if blanks or c.text is None or c.text.strip()}


def _kind(predicted: Cell | None, true: Cell | None) -> Kind:
    if predicted is None:
        return "missing"
    if true is None:
        return "extra"
    if predicted.text is None:
        return "unread"
    if (predicted.rowspan, predicted.colspan) != (true.rowspan, true.colspan):
        return "span"
    return "text"


def _shown(cell: Cell | None) -> str:
    if cell is None:
        return "no cell begins here"
    text = "could not be read" if cell.text is None else f"“{cell.text}”" if cell.text else "empty"
    return text if cell.rowspan == cell.colspan == 1 else f"{text}, {cell.rowspan} × {cell.colspan} places"
