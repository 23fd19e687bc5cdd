"""Numeric error: whether the figures of a table are the true ones, to the last digit, however they are written."""

from __future__ import annotations

from biaoge.model import Table

from .counts import Counts
from .levels import at_level, parsed


def numbers(predicted: Table | None, true: Table | None) -> Counts:
    """Cells that are numbers (see `levels`), by place of origin, on both sides; matched: equal at level `numbers`.

    That is the same value, currency and per cent sign; the spans of the cell do not matter. What is no number counts
    on neither side: a true number read as a word is a number missed.

    >>> from biaoge.model import Cell
    >>> true = Table(1, 4, tuple(Cell(0, i, text) for i, text in enumerate(["1,000", "7", "(2.50)", "a"])))
    >>> read = Table(1, 4, tuple(Cell(0, i, text) for i, text in enumerate(["1000", "1", "−2.5", "4"])))
    >>> numbers(read, true)
    Counts(matched=2, predicted=4, true=3)
    """
    found, wanted = _by_place(predicted), _by_place(true)
    return Counts(sum(found.get(place) == text for place, text in wanted.items()), len(found), len(wanted))


def _by_place(table: Table | None) -> dict[tuple[int, int], str]:
    """The numbers at level `numbers` by place of origin (row, column)."""
    cells = table.cells if table is not None else ()
    return {(c.row, c.col): at_level(c.text, "numbers") for c in cells if c.text and parsed(c.text) is not None}
