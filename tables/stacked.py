"""Tables without side rules fall apart at every row that is one cell; here their pieces are laid together again."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median

from biaoge.model import Ruling, Word

from .rulings import REACH

FRAYED = 6.0
"""Rulings seen in pixels begin and end at the same place where they are this near (points): wear frays their ends."""
ROOM = 1.6
"""A row between two pieces is no higher than this many usual rows."""
FLANK = 200.0
"""A column closed by an upright line alone is no wider than this (points)."""
LEVEL = 12.0
"""That line begins and ends level with the table, give or take (points)."""
SIZE = 0.12
"""Type in a row of the table differs from the table's by no more than this share; a caption's does."""
OCR_SIZE = 0.35
"""The same of recognised words, whose size is that of their ink: brackets are higher than figures."""


@dataclass(frozen=True, slots=True)
class _Stack:
    rulings: tuple[Ruling, ...]
    x0: float
    x1: float
    top: float
    bottom: float

    @property
    def open_sided(self) -> bool:
        """Nothing is drawn along at least one of the sides."""
        return not all(
            any(r.axis == "v" and abs(r.at - side) <= REACH for r in self.rulings) for side in (self.x0, self.x1)
        )


def stacked(groups: Sequence[Sequence[Ruling]], words: Sequence[Word]) -> list[list[Ruling]]:
    """Groups of rulings that hang together, those of one open-sided table put into one group.

    Two groups belong together when their horizontal rulings begin and end at the same x, the sides are open, and the
    band between them is as high as a row and set in the table's own type.
    """
    stacks, rest = [], []
    for group in groups:
        across = [r for r in group if r.axis == "h"]
        if across:
            ats = [r.at for r in across]
            stacks.append(
                _Stack(tuple(group), min(r.start for r in across), max(r.end for r in across), min(ats), max(ats))
            )
        else:
            rest.append(list(group))
    stacks.sort(key=lambda s: (s.top, s.x0))
    out: list[_Stack] = []
    for stack in stacks:
        place = next((i for i in range(len(out) - 1, -1, -1) if _same_sides(out[i], stack)), None)
        if place is not None and _one_table(out[place], stack, words):
            upper = out.pop(place)
            stack = _Stack(
                (*upper.rulings, *stack.rulings),
                min(upper.x0, stack.x0),
                max(upper.x1, stack.x1),
                upper.top,
                max(upper.bottom, stack.bottom),
            )
        out.append(stack)
    return [list(stack.rulings) for stack in out] + rest


def flanked(groups: Sequence[Sequence[Ruling]], words: Sequence[Word]) -> list[list[Ruling]]:
    """Groups of rulings, each with the upright line that closes a column of it no level ruling reaches.

    So a merged cell looks that goes over a whole page: its outer side is drawn, and nothing at its top and bottom.
    """
    grids = [list(group) for group in groups if len({r.axis for r in group}) > 1]
    rest = [list(group) for group in groups if len({r.axis for r in group}) == 1]
    for lone in list(rest):
        if any(r.axis == "h" for r in lone) or max(r.at for r in lone) - min(r.at for r in lone) > REACH:
            continue
        at, top, bottom = lone[0].at, min(r.start for r in lone), max(r.end for r in lone)
        for grid in grids:
            sides = [r.at for r in grid if r.axis == "v"]
            ends = [r.at for r in grid if r.axis == "h"] + [y for r in grid if r.axis == "v" for y in (r.start, r.end)]
            near = [x for x in (min(sides), max(sides)) if REACH < abs(x - at) <= FLANK]
            if (
                min(sides) < at < max(sides)
                or not near
                or abs(top - min(ends)) > LEVEL
                or abs(bottom - max(ends)) > LEVEL
            ):
                continue
            low, high = min(near[0], at), max(near[0], at)
            if any(low < w.box.x0 and w.box.x1 < high and top < w.box.cy < bottom for w in words):
                grid += lone
                rest.remove(lone)
                break
    return grids + rest


def _same_sides(upper: _Stack, lower: _Stack) -> bool:
    near = FRAYED if any(r.origin == "pixel" for r in upper.rulings) else REACH
    return abs(upper.x0 - lower.x0) <= near and abs(upper.x1 - lower.x1) <= near


def _one_table(upper: _Stack, lower: _Stack, words: Sequence[Word]) -> bool:
    if not (upper.open_sided and lower.open_sided) or lower.top < upper.bottom:
        return False
    rulings = (*upper.rulings, *lower.rulings)
    if not any(r.axis == "v" for r in rulings):
        return False
    pitches = [*_pitches(upper), *_pitches(lower)]
    if not pitches or lower.top - upper.bottom > ROOM * median(pitches):
        return False
    ours = [w.size for w in words if w.size and upper.x0 <= w.box.cx <= upper.x1 and _inside(w, upper, lower)]
    band = [
        w.size for w in words if w.size and upper.x0 <= w.box.cx <= upper.x1 and upper.bottom < w.box.cy < lower.top
    ]
    if not band or not ours:
        return bool(band)
    usual = median(ours)
    share = OCR_SIZE if any(w.source == "ocr" for w in words) else SIZE
    return abs(median(band) - usual) <= share * usual


def _inside(word: Word, upper: _Stack, lower: _Stack) -> bool:
    return upper.top <= word.box.cy <= upper.bottom or lower.top <= word.box.cy <= lower.bottom


def _pitches(stack: _Stack) -> list[float]:
    ends = {round(at, 1) for r in stack.rulings for at in ((r.at,) if r.axis == "h" else (r.start, r.end))}
    ats = sorted(ends)
    return [b - a for a, b in itertools.pairwise(ats) if b - a > REACH]
