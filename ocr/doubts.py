"""What speaks against a reading that the engine is sure of: ink it does not explain, dust where a point may stand."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise
from statistics import median

from . import lookalike, readlines, signs
from .blobs import runs
from .crops import Crop, Pixel
from .ordinals import NUMERALS
from .readlines import Read

APART = 0.42
"""Heights of the line: white so wide stands in no letter, so ink on both sides of it is two letters at least."""
FAIR = 0.1
"""Another reading must have this share of the first one's probability to stand in for it."""
NEAR = 0.9
"""Heights of the line: so near to its ink a dropped speck may have been its point."""
FOOT = 0.55
"""Share of the line's height: points stand below it."""
OWN = 0.5, 0.3
"""Heights of the line: low ink this near to the middle of a Chinese character, or of another letter, is part of it."""
MISPLACED = re.compile(r"[)）㐀-鿿][.,](?:[㐀-鿿]|$)")
"""A half-width point or comma after Chinese writing: mostly another sign that lost its tail, or dust."""
HOLE = 0.8
"""Heights of the line: white so wide between a figure and a Chinese character, beyond what letters leave, has room
for a point that is not seen (1. 总则)."""

WORN = 0.5
"""A lone letter among numbers is a figure where the likeliest figure is so likely among figures."""
PITCH = 1.35
"""Times the usual distance of figures: two so far apart have a sign between them that is not seen (2 210)."""


def groups(crop: Crop) -> int:
    """How many pieces of ink stand so far apart that no letter bridges them."""
    return 1 + sum(b - a >= APART * crop.height for a, b in runs(~crop.inked))


def weighed(line: Read, dropped: Sequence[Pixel] = (), rests: int = 0) -> Read:
    """The line with its confidence lowered where something speaks against it. `dropped`: boxes of specks that were
    left out of its cell, in pixels of the sheet; `rests`: how many strokes were, as rests of rulings.
    """
    reasons = ["rest"] if rests else []
    line = _whole(line)
    if any(_beside(line.crop, speck) for speck in dropped):
        reasons.append("dust")
    if line.reading.text and (len(line.reading.text) < groups(line.crop) or _points_left(line)):
        reasons.append("ink")
    if MISPLACED.search(line.reading.text):
        reasons.append("sign")
    if _hole(line):
        reasons.append("gap")
    if not reasons:
        return line
    return replace(readlines.capped(line), evidence=replace(line.evidence, against=tuple(reasons)))


def _whole(line: Read) -> Read:
    """The line in the likeliest reading that has a letter for every piece of ink, where there is one (三、 for 三)."""
    reading, least = line.reading, groups(line.crop)
    if not reading.text or len(reading.text) >= least:
        return line
    other = next((a for a in reading.alternatives if len(a.text) >= least), None)
    if other is None or other.probability < FAIR * reading.confidence:
        return line
    return readlines.taken(line, other.text, other.probability, placed=False)


def _beside(crop: Crop, speck: Pixel) -> bool:
    """Whether a speck stands where a point of the line would."""
    left, top, right, bottom = crop.box
    reach, middle = NEAR * crop.height, (speck[1] + speck[3]) / 2
    return (
        left - reach <= speck[2]
        and speck[0] <= right + reach
        and top + FOOT * (bottom - top) <= middle <= bottom + 0.2 * crop.height
    )


def _hole(line: Read) -> bool:
    """Whether a point is missed after a figure that a Chinese character follows, or between two figures."""
    text, edges = readlines.placed(line)
    pairs = [at for at in range(1, len(text)) if text[at - 1].isdigit() and signs.is_han(text[at])]
    if len(text) > 2 and text[0] in NUMERALS and signs.is_han(text[1]):
        pairs.append(1)
    if _wide(line.crop, text):
        return True
    if not pairs:
        return False
    extra = signs.beyond(text, readlines.gaps(line.crop, edges, text), max(line.crop.height, 1.0))
    return any(extra.get(at, 0.0) >= HOLE for at in pairs)


def _wide(crop: Crop, text: str) -> bool:
    """Whether two figures of a number stand further apart than its others do."""
    if not lookalike.is_number(text):
        return False
    middles = [(a + b) / 2 for a, b in runs(crop.inked)]
    if len(middles) != len(text):
        return False
    steps = [b - a for (a, b), pair in zip(pairwise(middles), pairwise(text), strict=True) if "".join(pair).isdigit()]
    return len(steps) > 2 and max(steps) > PITCH * median(steps)


def _points_left(line: Read) -> bool:
    """Whether a point is seen in the line that its text does not have."""
    text, edges = readlines.placed(line)
    centres = [(a + b) / 2 for a, b in pairwise(edges)]
    seen = readlines.points(line.crop)
    if len(seen) <= sum(c in signs.WITH_POINT for c in text):
        return False
    for a, b in seen:
        middle = (a + b) / 2
        if any(
            abs(middle - at) < line.crop.height * (OWN[0] if signs.is_han(c) or c in signs.WITH_POINT else OWN[1])
            for c, at in zip(text, centres, strict=True)
        ):
            continue
        return True
    return False
