"""Edges that the print leaves to the eye: columns ruled in the header only, rows of a body set without rules.

Both are added only on the strength of many rows at once, so that a merged cell or a cell of several lines stays one.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import replace

from biaoge.model import Word

from .fill import assign, lines_of, text_of
from .lattice import Lattice, Rect
from .roles import is_value

SPLIT_ROWS = 3
"""So many rows must part at the same ruled columns before a missing edge is believed."""
LEAST_LINES = 4
"""A body set without rules has at least so many lines of figures in line with one another;"""
LEAST_BESIDE = 3
"""so many where several columns of figures have the same number of lines."""

ROOM, OCR_ROOM = 0.5, 1.2
"""Heights of white that part columns. Boxes of recognised words end at the ink: half of a bracket's em is white."""


def with_implied(lattice: Lattice, words: Sequence[Word]) -> Lattice:
    """The lattice with the edges that are implied."""
    return _rows(_columns(lattice, words), words)


def _columns(lattice: Lattice, words: Sequence[Word]) -> Lattice:
    """Cells over several columns parted where, row after row, their words keep to the columns ruled elsewhere."""
    wide = [i for i, r in enumerate(lattice.rects) if r.right - r.left > 1 and r.bottom - r.top == 1]
    if len(wide) < SPLIT_ROWS:
        return lattice
    inside, _ = assign(words, lattice)
    cuts: dict[int, list[int]] = {}
    for index in wide:
        rect = lattice.rects[index]
        edges = range(rect.left + 1, rect.right)
        clear = [e for e in edges if _clear(inside[index], lattice.xs[e])]
        columns = [0, *clear]
        held = sum(any(_column_of(w, lattice.xs, clear) == i for w in inside[index]) for i in range(len(columns)))
        if clear and held > 1 and len(lines_of(inside[index])) == 1:
            cuts[index] = clear
    if len(cuts) < SPLIT_ROWS or len(cuts) * 2 < len(wide):
        return lattice
    support = {e: sum(e in clear for clear in cuts.values()) for clear in cuts.values() for e in clear}
    rects: list[Rect] = []
    for index, rect in enumerate(lattice.rects):
        at = [e for e in cuts.get(index, []) if support[e] * 10 >= 8 * len(cuts)]
        bounds = [rect.left, *at, rect.right]
        rects += [replace(rect, left=a, right=b) for a, b in itertools.pairwise(bounds)]
    return replace(lattice, rects=tuple(sorted(rects, key=lambda r: (r.top, r.left))))


def _clear(words: Sequence[Word], at: float) -> bool:
    """Whether white stands at `at`, wider than a space; beside a full-width bracket in a scan, too."""
    left = max((w.box.x1 for w in words if w.box.cx < at), default=at - 99.0)
    right = min((w.box.x0 for w in words if w.box.cx >= at), default=at + 99.0)
    size = max((w.box.height for w in words), default=0.0)
    room = OCR_ROOM if any(w.source == "ocr" for w in words) else ROOM
    return left <= at + 0.5 and right >= at - 0.5 and right - left > room * size


def _column_of(word: Word, xs: Sequence[float], edges: Sequence[int]) -> int:
    return sum(word.box.cx >= xs[e] for e in edges)


def _rows(lattice: Lattice, words: Sequence[Word]) -> Lattice:
    """A high row whose columns hold figures line by line, in line with one another, parted into those lines."""
    line = min((w.box.height for w in words), default=0.0)
    if all(b - a < LEAST_BESIDE * line for a, b in itertools.pairwise(lattice.ys)):
        return lattice
    inside, _ = assign(words, lattice)
    for row in range(len(lattice.ys) - 2, -1, -1):
        own = [i for i, r in enumerate(lattice.rects) if r.top <= row < r.bottom]
        if any(lattice.rects[i].bottom - lattice.rects[i].top > 1 for i in own):
            continue
        cuts = _line_cuts([inside[i] for i in sorted(own, key=lambda i: lattice.rects[i].left)])
        if cuts:
            lattice = _cut_row(lattice, row, cuts)
    return lattice


def _line_cuts(columns: Sequence[Sequence[Word]]) -> list[float]:
    """The y (points) between the lines of a row, or none where it is a row of its own."""
    lines = [lines_of(words) for words in columns]
    figures = [
        i
        for i, found in enumerate(lines)
        if len(found) >= LEAST_BESIDE and sum(is_value(text_of(line)) for line in found) * 10 >= 8 * len(found)
    ]
    counts = {len(lines[i]) for i in figures}
    several = len(figures) > 1 and len(counts) == 1
    least = LEAST_BESIDE if several else LEAST_LINES
    if not figures or max(figures) == 0 or sum(len(found) >= least for found in lines) < 2 or max(counts) < least:
        return []
    bands: list[tuple[float, float]] = []
    for line in sorted((line for found in lines for line in found), key=lambda line: line[0].box.top):
        top, bottom = min(w.box.top for w in line), max(w.box.bottom for w in line)
        if bands and (top + bottom) / 2 < bands[-1][1]:
            # Lines of one row stand level: a column set off by half a line belongs to no common rows.
            if abs((bands[-1][0] + bands[-1][1]) / 2 - (top + bottom) / 2) > 0.35 * (bottom - top):
                return []
            bands[-1] = (min(bands[-1][0], top), max(bands[-1][1], bottom))
        else:
            bands.append((top, bottom))
    level = max(len(lines[i]) for i in figures)
    if level * 10 < (5 if several else 6) * len(bands):
        return []
    return [(above[1] + below[0]) / 2 for above, below in itertools.pairwise(bands)]


def _cut_row(lattice: Lattice, row: int, cuts: Sequence[float]) -> Lattice:
    more = len(cuts)
    rects: list[Rect] = []
    for rect in lattice.rects:
        if rect.bottom <= row:
            rects.append(rect)
        elif rect.top > row:
            rects.append(replace(rect, top=rect.top + more, bottom=rect.bottom + more))
        else:
            rects += [replace(rect, top=row + i, bottom=row + i + 1) for i in range(more + 1)]
    ys = (*lattice.ys[: row + 1], *cuts, *lattice.ys[row + 1 :])
    return replace(lattice, ys=ys, rects=tuple(sorted(rects, key=lambda r: (r.top, r.left))))
