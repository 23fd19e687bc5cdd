"""Tables and truth for the tests of forms."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from biaoge.eval import gridtext
from biaoge.model import Cell, Role, Table

_ROLES: dict[str, Role] = {"#": "corner", "^": "column_header", "@": "row_header", "=": "section"}
_STRANGE = "木本未末天夫目白自由甲申土士玉公分今令己已人入八囗品午牛手毛竹衍仃数敷收改政攻汁什讨"


def drawn(text: str, caption: str | None = None) -> Table:
    """A table from lines of cells parted by `|`: ^ a column header, # a corner, @ a row header, = a section; `<` is
    covered by the cell left of it.
    """
    rows = [[part.strip() for part in line.split("|")] for line in text.strip().splitlines()]
    cells: list[Cell] = []
    for r, row in enumerate(rows):
        for c, part in enumerate(row):
            if part == "<":
                cells[-1] = replace(cells[-1], colspan=cells[-1].colspan + 1)
                continue
            role = _ROLES.get(part[:1], "data")
            cells.append(Cell(r, c, part if role == "data" else part[1:], role=role))
    heads = [r for r in range(len(rows)) if any(x.row == r and x.role in ("corner", "column_header") for x in cells)]
    stub = max((x.cols.stop for x in cells if x.role == "row_header"), default=0)
    return Table(len(rows), len(rows[0]), tuple(cells), len(heads), stub, caption)


def truth(root: Path, document: str) -> tuple[Table, ...]:
    """The hand-labelled tables of a report, such as "002"."""
    return tuple(gridtext.read(path).table for path in sorted((root / "eval" / "truth").glob(f"{document}_*.grid")))


def without_row(table: Table, row: int) -> Table:
    """The table without one row."""
    return some_rows(table, [r for r in range(table.n_rows) if r != row])


def some_rows(table: Table, rows: Sequence[int]) -> Table:
    """The rows of a table, ascending, as a table: what a page break leaves of it."""
    place = {row: n for n, row in enumerate(rows)}
    cells = []
    for cell in table.cells:
        kept = [place[row] for row in cell.rows if row in place]
        if kept:
            cells.append(replace(cell, row=kept[0], rowspan=len(kept)))
    heads = sum(row < table.header_rows for row in rows)
    return replace(table, n_rows=len(rows), cells=tuple(cells), header_rows=heads)


def with_text(table: Table, row: int, col: int, text: str | None) -> Table:
    """The table with another text in the cell that has its origin there."""
    cells = (replace(cell, text=text) if (cell.row, cell.col) == (row, col) else cell for cell in table.cells)
    return replace(table, cells=tuple(cells))


def misread(tables: Sequence[Table], share: float, seed: int) -> tuple[Table, ...]:
    """The tables with this share of the characters of their names and captions lost or taken for others."""
    rng = random.Random(seed)

    def garbled(text: str) -> str:
        kept = (char for char in text if rng.random() >= share / 2)
        return "".join(rng.choice(_STRANGE) if rng.random() < share / 2 else char for char in kept)

    return tuple(
        replace(
            table,
            cells=tuple(
                replace(cell, text=garbled(cell.text or "")) if cell.role != "data" else cell for cell in table.cells
            ),
            caption=garbled(table.caption or ""),
        )
        for table in tables
    )
