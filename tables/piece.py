"""What a page shows of a table: the table itself and what is needed to join it with another page's."""

from __future__ import annotations

from dataclasses import dataclass

from biaoge.model import Box, Finding, Table


@dataclass(frozen=True, slots=True)
class Piece:
    """A table on one page.

    `xs`, `ys`: positions of the grid lines (points), one more than columns and rows. `open_top`, `open_bottom`: for
    every column whether no edge is drawn at the table's outer edge there. `findings` name cells of this piece.
    """

    table: Table
    page: int
    box: Box
    xs: tuple[float, ...]
    ys: tuple[float, ...]
    open_top: tuple[bool, ...]
    open_bottom: tuple[bool, ...]
    findings: tuple[Finding, ...] = ()
