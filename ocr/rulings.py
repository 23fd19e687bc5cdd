"""Rulings from the pixels of a sheet, and a sheet without them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from biaoge.model import Axis, Ruling

from . import blobs
from .collinear import anchored, collinear
from .erasing import erase
from .gridsupport import GAP, LONE, NEAR, Course, Rule, closed, courses, grow, settle, wear
from .gridsupport import WORN as APART
from .holding import LEVEL, MANY, held, inner
from .meeting import MEETS, beginning, meeting
from .sheet import Sheet
from .strokes import PALE, SEED, Field, Piece, field_of, fitted, is_line, pieces, traces
from .worn import INKED, Writing, settle_worn

__all__ = ["erase", "find"]

if TYPE_CHECKING:
    from numpy.typing import NDArray

WEARY, STRICT = Rule(), Rule(likely=0.6, sole=False, worn=0.0)
"""For lines with gaps and for lines without."""
LEASTS = (0.0, 2.5, -2.5)
"""Log odds from which a stretch of a worn line is held to be there: the best guess, and two others."""
WORN = 0.0045
"""Lines that have lost this share of their length to short gaps are worn."""
NICKED = 0.001
"""Lines that have lost this share are worn perhaps."""
FAR = 9.0
"""A worn line's end is this far (points) from the line that it ended at."""
CLEAR = 0.35
"""A stroke darker than this share of the page's strong rulings is looked for alone, lest paler letters cling to it."""
THIN = 1.6
"""A ruling's rest is no thicker (points)."""
STUBS = 0.5
"""What is left at both ends of a short line is more than this share of it."""
SHY, NEARLY = 6.0, 0.7
"""A stroke that hangs at one line is a ruling where it ends so near (points) to the next, and is this share of it."""
ON = 12.0
"""Points by which wear may have shortened the lines that it ends at."""
TALLER = 12.0
"""Such a stroke is this long at least (points): letters hang at a line in lower rows."""
SHARDS = 0.8
"""Pieces that make up less of a stroke than this share are shards of it."""
FEWEST = 4
"""A sheet smaller than this (pixels) either way holds nothing."""


def find(sheet: Sheet) -> tuple[tuple[Ruling, ...], ...]:
    """One to three sets of rulings (points of the sheet), the best guess first, others where they differ from it.

    Level ones come first, from top to bottom, then upright ones from left to right. No ruling stands at a place where
    only letters are.
    """
    if min(sheet.grey.shape) < FEWEST:
        return ((),)
    scale = sheet.dpi / 72
    level = field_of(sheet.grey, scale)
    upright = field_of(np.ascontiguousarray(sheet.grey.T), scale)
    across, down = _pieces(level, upright)
    lines, posts = courses(level, traces(across, scale)), courses(upright, traces(down, scale))
    share = wear([*lines, *posts], scale)
    worn = share >= WORN
    if worn:
        for course in (*lines, *posts):
            grow(course, scale)
    lines, posts = held(lines, posts, (FAR if worn else NEAR) * scale, scale)
    lines, posts = inner(lines, posts, sheet.grey.shape, scale)
    out: list[tuple[Ruling, ...]] = []

    def add() -> None:
        found = (*_rulings(sheet, lines, "h", level), *_rulings(sheet, posts, "v", upright))
        if found not in out:
            out.append(found)

    if share >= NICKED:
        settle(lines, posts, scale, WEARY)
        seen = (*_rulings(sheet, lines, "h", level), *_rulings(sheet, posts, "v", upright))
        writing = _writing(sheet, seen)
        for least in LEASTS if worn else LEASTS[:1]:
            settle_worn(lines, posts, writing, scale, least)
            add()
    if not worn:
        for rule in (STRICT, WEARY):
            settle(lines, posts, scale, rule)
            add()
    return tuple(out)


def _writing(sheet: Sheet, seen: Sequence[Ruling]) -> Writing:
    """The letters of the sheet, `seen` being rulings."""
    ink = blobs.find(erase(sheet, seen))
    boxes = ink.boxes[:, [0, 2, 1, 3]].astype(np.float64)
    wide, tall = boxes[:, 1] - boxes[:, 0], boxes[:, 3] - boxes[:, 2]
    kept = (np.maximum(wide, tall) >= INKED * ink.letter) & (np.maximum(wide, tall) <= blobs.HUGE * ink.letter)
    # What is thin may be what is left of a ruling.
    kept &= (np.minimum(wide, tall) > THIN * sheet.dpi / 72) | (np.maximum(wide, tall) < 3 * np.minimum(wide, tall))
    return Writing(boxes[kept], ink.letter)


def _pieces(level: Field, upright: Field) -> tuple[list[Piece], list[Piece]]:
    """Strokes longer than letters, and shorter ones that connect two of them."""
    scale = level.scale
    fields = (level, upright)
    boxes = [pieces(found, found.floor) for found in fields]
    seeds = [_lines(found, own[own[:, 2] >= SEED * scale]) for found, own in zip(fields, boxes, strict=True)]
    strong = [piece.strength for own in seeds for piece in own if piece.length >= 3 * SEED * scale]
    usual, faint = 0.0, list(boxes)
    if strong:
        usual = float(np.percentile(strong, 80))
        for n, found in enumerate(fields):
            if CLEAR * usual > found.floor:
                boxes[n] = pieces(found, CLEAR * usual)
                clear = _lines(found, boxes[n][boxes[n][:, 2] >= SEED * scale])
                least = max(PALE * usual, 2.2 * found.floor)
                pale = [p for p in seeds[n] if least <= p.strength < 1.3 * CLEAR * usual]
                seeds[n] = _both(clear, pale)
    both = tuple(list(own) for own in seeds)
    worn: bool | None = None
    for n, found in enumerate(fields):
        near = _ground(both[1 - n], found.response.shape, scale)
        short = boxes[n][boxes[n][:, 2] < SEED * scale]
        first, last = _ends_near(short, near, scale)
        ends, firsts, lasts = (_lines(found, short[own]) for own in (first & last, first & ~last, last & ~first))
        posts = meeting(found, ends, both[n], both[1 - n])
        begun = beginning(found, firsts, lasts, both[1 - n])
        least = max(PALE * usual, 2.2 * found.floor)
        strokes = fitted(found, faint[n])
        hanging = (*begun, *beginning(found, ends, ends, both[1 - n]))
        touching = [_whole_of(found, piece, strokes) for own in hanging for piece in own]
        pieced = collinear(found, strokes, both[n], both[1 - n], least)
        pieced += [p for p in anchored(found, strokes, both[n], both[1 - n], least) if p not in pieced]
        if pieced and worn is None:
            worn = _is_worn(level, upright, both[0], both[1])
        others = [
            *posts,
            *_stubs(*begun, scale),
            *_nearly(touching, _whole(both[1 - n], scale), scale),
            *(_cut_off(*begun, both[n], scale) if n else ()),
        ]
        # Where lines are whole, rulings are not in pieces; strokes of letters one under the other are.
        for piece in (*(pieced if worn else ()), *others):
            if not any(_same(piece, other) for other in seeds[n]):
                seeds[n].append(piece)
    return seeds[0], seeds[1]


def _is_worn(level: Field, upright: Field, across: Sequence[Piece], down: Sequence[Piece]) -> bool:
    """Whether the long lines of the sheet are worn."""
    scale = level.scale
    lines = [*courses(level, traces(across, scale)), *courses(upright, traces(down, scale))]
    return wear(lines, scale) >= WORN


def _ends_near(
    boxes: NDArray[np.int64], near: NDArray[np.uint8], scale: float
) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """Whether the strokes in `boxes` begin, and whether they end, where lines of the other axis are; see `_ground`."""
    row = _coarse(boxes[:, 1] + boxes[:, 3] // 2, near.shape[0], scale)
    first, last = (
        near[row, _coarse(x, near.shape[1], scale)] > 0 for x in (boxes[:, 0], boxes[:, 0] + boxes[:, 2] - 1)
    )
    return first, last


def _cut_off(firsts: Sequence[Piece], lasts: Sequence[Piece], sure: Sequence[Piece], scale: float) -> list[Piece]:
    """Of short uprights that begin at a level line, or end at one, those whose other end is that of two long ones.

    So the rows stand that a page break cuts: nothing is drawn below them, and all their uprights end level. A single
    such upright is a ruling only where `MANY` end there, long ones or such as it.
    """
    long = [piece for piece in sure if piece.length >= LONE * scale]
    near = LEVEL * scale
    level: list[tuple[Piece, int, int]] = []
    for own, at in ((firsts, _end), (lasts, _start)):
        for piece in own:
            beside = sum(abs(at(other) - at(piece)) <= near for other in long)
            level.append((piece, beside, beside + sum(abs(at(other) - at(piece)) <= near for other in own)))
    cut = [piece for piece, beside, _ in level if beside > 1]
    return cut if len(cut) > 1 else [piece for piece, _, together in level if together > MANY]


def _start(piece: Piece) -> float:
    return piece.start


def _end(piece: Piece) -> float:
    return piece.end


def _lines(found: Field, boxes: NDArray[np.int64]) -> list[Piece]:
    most = LONE * found.scale
    return [piece for piece in fitted(found, boxes) if is_line(found, piece, strict=piece.length < most)]


def _stubs(firsts: Sequence[Piece], lasts: Sequence[Piece], scale: float) -> list[Piece]:
    """Of strokes that begin at a line and of those that end at one the pairs that are a short line with a gap."""
    out = []
    for first in firsts:
        for last in lasts:
            gap, off = last.start - first.end, abs(first.at_end - last.at_start)
            whole = first.length + last.length >= STUBS * (last.end - first.start)
            if 0 < gap <= GAP * scale and off <= scale and whole:
                out += [first, last]
    return list(dict.fromkeys(out))


def _nearly(touching: Sequence[Piece], across: Sequence[Piece], scale: float) -> list[Piece]:
    """Of strokes that begin at a line or end at one those that go nearly all the way to the next of the lines."""
    out = []
    for piece in touching:
        before = [at for other in across if (at := _at(other, piece.at_start, scale)) <= piece.start + MEETS * scale]
        after = [at for other in across if (at := _at(other, piece.at_end, scale)) >= piece.end - MEETS * scale]
        if not before or not after:
            continue
        a, b = max(before), min(after)
        long = piece.length >= max(TALLER * scale, NEARLY * (b - a))
        if long and max(piece.start - a, b - piece.end) <= SHY * scale:
            out.append(piece)
    return out


def _whole(across: Sequence[Piece], scale: float) -> list[Piece]:
    """The lines with their gaps closed, and gone on with at both ends: what wear may have taken of them."""
    out = []
    for trace in traces(across, scale):
        for start, end in closed(trace.parts, APART * scale):
            a, b = start - ON * scale, end + ON * scale
            out.append(Piece(a, b, trace.at_one(a), trace.at_one(b), trace.strength))
    return out


def _whole_of(found: Field, piece: Piece, strokes: Sequence[Piece]) -> Piece:
    """The short stroke that it is part of, where the paler rest of that looks like a ruling too; else itself."""
    for other in strokes:
        if other.length < LONE * found.scale and _same(piece, other) and is_line(found, other, strict=True):
            return other
    return piece


def _at(piece: Piece, along: float, scale: float) -> float:
    """Where a line is at a place along it (pixels); nan where it is not."""
    if not piece.start - MEETS * scale <= along <= piece.end + MEETS * scale:
        return float("nan")
    return piece.at_start + (along - piece.start) / max(1.0, piece.length) * (piece.at_end - piece.at_start)


def _both(clear: Sequence[Piece], pale: Sequence[Piece]) -> list[Piece]:
    """The clear strokes and the pale ones; a pale one of which only shards are clear is taken in place of them."""
    gone: set[int] = set()
    out = []
    for piece in pale:
        same = [n for n, other in enumerate(clear) if _same(piece, other)]
        shared = sum(min(piece.end, clear[n].end) - max(piece.start, clear[n].start) for n in same)
        if shared < SHARDS * piece.length:
            gone.update(n for n in same if clear[n].end - clear[n].start < piece.length)
            out.append(piece)
    return [piece for n, piece in enumerate(clear) if n not in gone] + out


def _same(piece: Piece, other: Piece) -> bool:
    """Whether two strokes are one ruling, seen twice."""
    shared = min(piece.end, other.end) - max(piece.start, other.start)
    middle = (piece.at_start + piece.at_end) / 2
    return shared > 0 and min(other.at_start, other.at_end) - 4 <= middle <= max(other.at_start, other.at_end) + 4


def _coarse(at: NDArray[np.int64], size: int, scale: float) -> NDArray[np.int64]:
    return np.asarray(np.clip((at / scale).astype(np.int64), 0, size - 1))


def _ground(crossing: Sequence[Piece], shape: tuple[int, ...], scale: float) -> NDArray[np.uint8]:
    """Where lines of the other axis are near, a pixel a point, in the coordinates of the short strokes' picture."""
    import cv2

    out = np.zeros((int(shape[0] / scale) + 1, int(shape[1] / scale) + 1), np.uint8)
    for piece in crossing:
        a = (int(piece.at_start / scale), int(piece.start / scale))
        b = (int(piece.at_end / scale), int(piece.end / scale))
        cv2.line(out, a, b, 255, 1)
    return np.asarray(cv2.dilate(out, np.ones((5, round(2 * MEETS) | 1), np.uint8)), np.uint8)


def _rulings(sheet: Sheet, lines: Sequence[Course], axis: Axis, found: Field) -> list[Ruling]:
    """The stretches held to be drawn, as rulings."""
    scale, box = found.scale, sheet.warp.sheet
    along, across = (box.x0, box.top) if axis == "h" else (box.top, box.x0)
    out = []
    for line in lines:
        thickness = _thickness(found, line)
        for start, end in line.spans:
            at = float(np.mean(line.trace.at(np.asarray(np.linspace(start, end, 9), np.float64))))
            out.append(
                Ruling(axis, across + at / scale, along + start / scale, along + end / scale, thickness, "pixel")
            )
    return sorted(out, key=lambda r: (r.at, r.start))


def _thickness(found: Field, line: Course) -> float:
    """Points across which the line is at least half as dark as at its middle; the median over its drawn columns."""
    columns = np.flatnonzero(line.drawn)
    if not len(columns):
        return 1 / found.scale
    columns = columns[:: max(1, len(columns) // 200)]
    reach = round(3 * found.scale)
    rows = (
        np.floor(line.trace.at(np.asarray(columns + 0.5, np.float64))).astype(np.int64)
        + np.arange(-reach, reach + 1)[:, None]
    )
    part = found.response[np.clip(rows, 0, found.response.shape[0] - 1), columns]
    dark = part > max(found.floor, line.trace.strength / 2)
    return float(max(1, np.median(dark.sum(axis=0)))) / found.scale
