"""Which cells the sums confirm."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace

from biaoge.facts import Check, Place
from biaoge.model import Cell, Table

from .checks import cells_of
from .values import value

RECOGNISED = ("ocr", "repaired")
"""Sources of cells that may be misread."""
COMPENSATED = 0.01
"""How likely a sum holds though one of its cells is misread: another one then hides it."""
HIDDEN = 0.02
"""A sum confirms a recognised cell where this cell and another one are both misread with no more than this."""


def verified(tables: Sequence[Table], checks: Sequence[Check]) -> tuple[Table, ...]:
    """The tables with the ids of the identities that confirm each cell, and confidences that take them into account.

    A cell is verified where it says a number and stands in an identity that holds. One that was recognised is not
    where it stands in a broken one too, nor where it and another cell of the sum are so doubtful that both may be
    wrong and hide each other. Cells that say nothing are never verified: a sum holds without them.
    """
    cells = cells_of(tables, (one.identity for one in checks))
    holding: dict[Place, list[str]] = {}
    broken: set[Place] = set()
    for one in checks:
        sure = math.prod(cells[place].confidence for place in one.identity.places if place in cells)
        for place in one.identity.places:
            plain = place in cells and cells[place].source not in RECOGNISED
            if one.holds and (plain or _hidden(cells[place].confidence, sure) <= HIDDEN):
                holding.setdefault(place, []).append(one.identity.id)
            elif one.holds is False:
                broken.add(place)

    def judged(cell: Cell, place: Place | None) -> Cell:
        ids = tuple(dict.fromkeys(holding.get(place, ()))) if place else ()
        if not ids or value(cell.text).number is None or (cell.source in RECOGNISED and place in broken):
            return cell if not cell.verified else replace(cell, verified=())
        sure = confirmed(cell.confidence) if cell.source == "ocr" else cell.confidence
        return replace(cell, verified=ids, confidence=sure)

    places: dict[int, dict[tuple[int, int], Place]] = {}
    for place in holding:
        places.setdefault(place.table, {})[place.row, place.col] = place
    out = []
    for number, table in enumerate(tables):
        here = places.get(number, {})
        after = tuple(judged(cell, here.get((cell.row, cell.col))) for cell in table.cells)
        same = all(a is b for a, b in zip(after, table.cells, strict=True))
        out.append(table if same else replace(table, cells=after))
    return tuple(out)


def _hidden(confidence: float, all_right: float) -> float:
    """How likely a cell is wrong and another cell of its sum, too; `all_right`: how likely all of them are right."""
    return (1 - confidence) * (1 - all_right / confidence) if confidence else 1.0


def confirmed(confidence: float) -> float:
    """The probability that a cell is right once a sum holds with it, by Bayes' rule.

    >>> round(confirmed(0.9), 4)
    0.9989
    """
    return confidence / (confidence + (1 - confidence) * COMPENSATED) if confidence else 0.0
