"""Silent errors: cells that are wrong, and nothing in the reading says so."""

from __future__ import annotations

from collections.abc import Set as AbstractSet

from biaoge.model import Table

from ..results import Silence
from .cells import differences, score

SURE = 0.9
"""Confidence from which on a reader of the result would take a cell for granted."""


def silence(
    predicted: Table | None,
    true: Table | None,
    doubted: AbstractSet[tuple[int, int]],
    blanks: bool = True,
    threshold: float = SURE,
) -> Silence:
    """The predicted cells, those that are wrong (no exact cell at level `folded`), and those wrong in silence.

    Silent is a wrong cell that was read (its text is not `None`) with a confidence of at least `threshold` and that
    carries no finding; `doubted`: places (row, column) of the cells that carry one. All cells of a table without label
    are wrong. Cells that are missing, or a whole table, cannot be silent: they are not there to carry anything; recall
    tells of them. With `blanks=False` only cells that bear text count. The rate is silent over predicted cells.
    """
    wrong = {(d.row, d.col) for d in differences(predicted, true, "folded", blanks) if d.predicted is not None}
    by_place = {(c.row, c.col): c for c in (predicted.cells if predicted else ())}
    silent = sum(
        by_place[place].text is not None and by_place[place].confidence >= threshold for place in wrong - doubted
    )
    return Silence(score(predicted, None, "raw", blanks).predicted, len(wrong), silent)
