"""Whether a cell is blank, dirty or written in."""

from __future__ import annotations

from typing import Literal

from .blobs import Ink
from .crops import CellInk

Kind = Literal["blank", "dirt", "ink"]

DIRT = 0.2
"""Letter heights: ink of which no piece is longer is dirt; the smallest figure is 0.6 high, a hyphen 0.25 long."""
CLEAN = 0.08
"""Letter heights: the cell is called blank where no piece is longer; grain that cleaning has left."""


def kind(cell: CellInk | None, ink: Ink) -> Kind:
    """What the ink of a cell amounts to; a lone "一", "—", "-", "/" or "1" is ink, however thin."""
    if cell is None or cell.largest < max(CLEAN * ink.letter, 2):
        return "blank"
    if cell.largest < DIRT * ink.letter:
        return "dirt"
    return "ink"
