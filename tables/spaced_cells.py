"""Cells of a table without rulings on their way from segments, and the columns they belong to."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from statistics import median

from biaoge.model import Box

from .spaced_columns import Span, columns_of
from .spaced_lines import Line, Segment, is_number

Placed = list[tuple[Segment, int, int]]
"""A line's segments, each with its first and last column."""


@dataclass(slots=True)
class Draft:
    """A cell on its way: columns first..last, segments by line, rows it goes through."""

    first: int
    last: int
    lines: list[list[Segment]] = field(default_factory=list)
    depth: int = 1

    @property
    def text(self) -> str:
        """All of it with spaces between."""
        return " ".join(s.text for line in self.lines for s in line)


@dataclass(frozen=True, slots=True)
class Grid:
    """Rows of drafts; `heads` leading rows are header levels. `tops`: upper edge of every row, then the last's lower.

    `numeric`: the columns that hold figures. `rules`: y of the horizontal rulings as wide as the table.
    """

    rows: list[list[Draft]]
    heads: int
    tops: list[float]
    splits: tuple[float, ...]
    numeric: frozenset[int]
    rules: list[float]
    box: Box
    lines: tuple[Line, ...]
    crossed: int

    @property
    def n_cols(self) -> int:
        """Columns."""
        return len(self.splits) + 1


def place(line: Line, extents: Sequence[Span], splits: Sequence[float]) -> Placed:
    """The line's segments with their first and last column; a segment two cells share is cut at its word gap."""
    return [(s, *columns_of(s, extents, splits)) for whole in line.segments for s in cut(whole, splits)]


def cut(segment: Segment, splits: Sequence[float]) -> list[Segment]:
    """The segment, in two or more where a split falls into a gap wider than its other gaps."""
    words = segment.words
    gaps = [b.box.x0 - a.box.x1 for a, b in pairwise(words)]
    if not any(segment.box.x0 < x < segment.box.x1 for x in splits):
        return [segment]
    at = []
    for k, (a, b) in enumerate(pairwise(words)):
        others = [g for j, g in enumerate(gaps) if j != k and j not in at]
        usual = max(median(others), 0.2 * a.box.height) if others else 0.28 * a.box.height
        if (gaps[k] >= 1.4 * usual or gaps[k] >= 0.4 * a.box.height) and any(a.box.x1 <= x <= b.box.x0 for x in splits):
            at.append(k)
    edges = [0, *(k + 1 for k in at), len(words)]
    return [Segment(words[i:j], Box.around(w.box for w in words[i:j])) for i, j in pairwise(edges)]


def numeric_columns(placed: Sequence[Placed], n_cols: int) -> frozenset[int]:
    """Columns most of whose entries are figures."""
    figures, entries = [0] * n_cols, [0] * n_cols
    for line in placed:
        texts: dict[int, str] = {}
        for segment, first, last in line:
            if first == last:
                texts[first] = f"{texts.get(first, '')} {segment.text}".strip()
        for col, text in texts.items():
            entries[col] += 1
            figures[col] += is_number(text)
    return frozenset(c for c in range(n_cols) if entries[c] >= 2 and figures[c] >= 0.55 * entries[c])


def drafts_of(lines: Sequence[Placed]) -> list[Draft]:
    """The cells of one row; whatever shares a column is one cell."""
    spans: list[tuple[int, int]] = []
    for a, b in sorted((a, b) for line in lines for _, a, b in line):
        if spans and a <= spans[-1][1]:
            spans[-1] = (spans[-1][0], max(b, spans[-1][1]))
        else:
            spans.append((a, b))
    drafts = [Draft(a, b) for a, b in spans]
    for line in lines:
        for draft in drafts:
            here = [s for s, a, b in line if draft.first <= a and b <= draft.last]
            if here:
                draft.lines.append(here)
    return drafts
