"""Engines by degradation: one set as it is and as scans of several strengths, side by side."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from ..degrade import PRESETS
from .figures import NONE, rate
from .summary import Board, Row, Summary

ORIGINAL = "original"
"""The heading of the set as it is."""
CAPTION = "F1 of cells, level folded / F1 of their places and spans alone"
# The header of the table that `rows` is for.
ENGINE = "engine"


@dataclass(frozen=True, slots=True)
class Versions:
    """A set by its versions: `strengths` in the order of docs/degrade.md, the set as it is first.

    `rows`: by engine, the best on the first version that it read first, what it scored by strength.
    """

    name: str
    strengths: tuple[str, ...]
    rows: Mapping[str, Mapping[str, Row]]

    def cell(self, engine: str, strength: str) -> str:
        """Both rates of an engine at a strength; a dash where it was not measured."""
        row = self.rows[engine].get(strength)
        return NONE if row is None else f"{rate(row.f1.value)} / {rate(row.cells['structure'].f1.value)}"

    def lines(self, columns: int | None = None) -> list[list[list[str]]]:
        """The table as lists of lines of cells, the headers first; in pieces of at most `columns` strengths."""
        step = columns or len(self.strengths)
        return [
            [
                [ENGINE, *piece],
                *([engine, *(self.cell(engine, strength) for strength in piece)] for engine in self.rows),
            ]
            for start in range(0, len(self.strengths), step)
            if (piece := self.strengths[start : start + step])
        ]


def by_strength(summary: Summary) -> tuple[Versions, ...]:
    """Every set that was measured in several versions, `NAME` and `NAME@STRENGTH`, in the order of the summary."""
    groups: dict[str, dict[str, Board]] = {}
    for board in summary.boards:
        name, _, strength = board.name.partition("@")
        groups.setdefault(name, {})[strength] = board
    return tuple(_versions(name, boards) for name, boards in groups.items() if len(boards) > 1)


def _versions(name: str, boards: Mapping[str, Board]) -> Versions:
    known = ["", *PRESETS]
    order = sorted(boards, key=lambda s: (known.index(s) if s in known else len(known), s))
    found = {s: {row.engine: row for row in boards[s].rows} for s in order}
    engines = dict.fromkeys(row.engine for s in order for row in boards[s].rows)
    rows = {e: {s or ORIGINAL: found[s][e] for s in order if e in found[s]} for e in engines}
    return Versions(name, tuple(s or ORIGINAL for s in order), rows)
