"""Grids by their tabs alone, where no form tells more."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

from biaoge.model import Cell, Table

from .lines import Line


@dataclass(frozen=True, slots=True)
class Grid:
    """A grid and the number of its first line."""

    first: int
    table: Table


def plain_grids(lines: Sequence[Line]) -> list[Grid]:
    """Every run of two or more lines with tabs, without a blank line inside, as cells without spans or headers."""
    runs: list[list[Line]] = []
    for tabbed, group in groupby(lines, key=lambda line: "\t" in line.raw.strip("\r\n")):
        if tabbed:
            for line in group:
                if runs and not line.apart and line.number == runs[-1][-1].number + 1:
                    runs[-1].append(line)
                else:
                    runs.append([line])
    return [Grid(run[0].number, _grid(run)) for run in runs if len(run) > 1]


def _grid(run: Sequence[Line]) -> Table:
    width = max(line.fields for line in run)
    cells = [
        Cell(r, c, text.strip(), confidence=0.5)
        for r, line in enumerate(run)
        for c, text in enumerate((line.raw.split("\t") + [""] * width)[:width])
    ]
    return Table(len(run), width, tuple(cells), kind="spaced", confidence=0.5)
