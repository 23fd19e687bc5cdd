"""The ink of cells, their lines, and pictures of the lines as a recogniser likes them.

A crop holds one line: cut to its ink, with a margin of paper around, wide gaps closed up (justified headers, columns of
a cell), ink of other lines and cells painted over. Thin marks (一 — 1) keep the scale of the page's letters.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from biaoge.model import Box

from .blobs import SMALL, SPECK, Ink, runs, strays
from .sheet import Sheet

if TYPE_CHECKING:
    from numpy.typing import NDArray

PAPER = 255
MARGIN = 0.18
"""Paper around the ink, in heights of the line, about what the recogniser was trained on."""
LOW = 0.72
"""A line is shown at least this high (letter heights), so that a dash is not blown up to a bar."""
LOW_INK = 0.6
"""Share of a line's height: ink that begins below it is a point's or a comma's."""
WIDE = 1.0
"""Gaps within a line are shown no wider than this (heights of the line)."""
OVERHANG = 0.3
"""Ink that runs less than this (letter heights) over the edge of its cell belongs to where most of it is."""
WIDELY, EVEN = 0.35, 0.75
"""Letter heights: the letters of a widely set line stand further apart than the first; a sign there may be so much
further from its neighbours than they are from one another, and so much nearer to the one than to the other."""
RIM, RIM_THICK = 1.0, 0.9
"""Points: what is left of an erased ruling stands this near to the edge of a cell, and is no thicker than that."""
REST, REST_THICK = 2.0, 1.5
"""The same for a stroke that stands alone, `LONELY` letter heights or more from all else in its cell."""
LONELY = 0.6
SCRAP = 0.45
"""Letter heights: a lonely piece of ink so near an edge is a scrap of the ruling where it is no larger than this."""
ROWS = 0.1
"""Letter heights: what stands further above or below all letters of a cell is no sign of its lines."""

Pixel = tuple[int, int, int, int]


@dataclass(frozen=True, slots=True, eq=False)
class CellInk:
    """A cell's own ink: `mask` (height, width) with its upper left corner at `left`, `top` (pixels of the sheet);
    `largest`: the longer side of its largest piece in pixels; `reach`: the cell in whole pixels; `dropped`: boxes of
    specks beside its writing that were taken for dust, and may have been points; `rests`: how many pieces at its
    edges were taken for what is left of a ruling, and may have been signs, for they stand beside its writing.
    """

    left: int
    top: int
    mask: NDArray[np.bool_] = field(repr=False)
    largest: int
    reach: Pixel
    dropped: tuple[Pixel, ...] = ()
    rests: int = 0


@dataclass(frozen=True, slots=True, eq=False)
class Crop:
    """A line as a picture. `box`: its ink in pixels of the sheet (left, top, right, bottom); `spans`: (column of the
    picture, column of the sheet, columns) of the pieces it was put together from, ascending; `inked`: columns of the
    sheet with ink, from `box[0]`; `low`: those of them with ink at the foot of the line alone; `height`: what the
    line's letters are high, in pixels; `contrast`: how much darker than paper the ink is, 0 to 1.
    """

    image: NDArray[np.uint8] = field(repr=False)
    box: Pixel
    spans: tuple[tuple[int, int, int], ...] = field(repr=False)
    inked: NDArray[np.bool_] = field(repr=False)
    low: NDArray[np.bool_] = field(repr=False)
    height: float
    contrast: float

    def column(self, x: float) -> float:
        """The column of the sheet under column `x` of the picture."""
        for at, start, length in reversed(self.spans):
            if x >= at:
                return start + min(x - at, float(length))
        return float(self.spans[0][1])


def owned(sheet: Sheet, ink: Ink, boxes: Sequence[Box], rims: bool = True) -> list[CellInk | None]:
    """For every box (points of the sheet) its ink, None where there is none.

    Where boxes overlap the smaller one has the ink. What runs a little over an edge goes where most of it is; what
    reaches far into two cells is parted at the edge. Remains of rulings along the edges are left out if `rims`.
    """
    reach = [sheet.pixels_of(box) if box.area > 0 else (0, 0, 0, 0) for box in boxes]
    place = np.zeros(ink.labels.shape, np.int32)
    for index in sorted(range(len(boxes)), key=lambda i: -boxes[i].area):
        left, top, right, bottom = reach[index]
        place[top:bottom, left:right] = index + 1
    ys, xs = np.nonzero(ink.labels)
    if not len(ys):
        return [None] * len(boxes)
    pair = ink.labels[ys, xs].astype(np.int64) * (len(boxes) + 1) + place[ys, xs]
    pairs, where, counts = np.unique(pair, return_inverse=True, return_counts=True)
    order = np.argsort(where, kind="stable")
    starts = np.concatenate([[0], np.cumsum(counts)[:-1]])
    part = np.stack(
        [
            np.minimum.reduceat(xs[order], starts),
            np.minimum.reduceat(ys[order], starts),
            np.maximum.reduceat(xs[order], starts) + 1,
            np.maximum.reduceat(ys[order], starts) + 1,
        ],
        axis=1,
    )  # (pairs, 4)
    owner = _owners(pairs // (len(boxes) + 1), pairs % (len(boxes) + 1), counts, part, OVERHANG * ink.letter)
    sides = np.maximum(part[:, 2] - part[:, 0], part[:, 3] - part[:, 1])
    rimmed = _rims(part, owner, reach, sheet.dpi / 72) if rims else np.zeros(len(part), bool)
    owner[rimmed] = 0
    rests = _rests(part, owner, reach, (sheet.dpi / 72, ink.letter)) if rims else np.zeros(len(part), bool)
    resting = np.bincount(owner[rests & _level(part, owner, ~rests, ink.letter)], minlength=len(boxes) + 1)
    owner[rests] = 0
    biggest = np.zeros(len(boxes) + 1, int)
    np.maximum.at(biggest, owner, sides)
    # Dust beside writing is left out; alone it stays, to be judged as what the cell holds.
    of_pair = pairs // (len(boxes) + 1) - 1
    rim = np.zeros(len(ink.boxes), bool)
    rim[of_pair[rimmed]] = True
    stray, dusty = strays(ink, rim)
    dust = stray[of_pair] & (biggest[owner] >= SMALL * ink.letter) & (owner > 0)
    if dusty:
        specks = (sides < SMALL * ink.letter) & (owner > 0) & (biggest[owner] >= SMALL * ink.letter)
        dust |= _at_ends(part, owner, specks & ~dust, ink.letter)
    else:
        dust &= ~_between(part, owner, dust, ink.letter)
    dropped: dict[int, list[Pixel]] = {}
    for at in np.flatnonzero(dust & (sides >= SPECK * ink.letter)):
        left, top, right, bottom = part[at].tolist()
        dropped.setdefault(int(owner[at]) - 1, []).append((left, top, right, bottom))
    owner[dust] = 0
    of_pixel = owner[where]
    by_cell = np.argsort(of_pixel, kind="stable")
    bounds = np.searchsorted(of_pixel[by_cell], np.arange(len(boxes) + 2))
    largest = np.zeros(len(boxes) + 1, int)
    np.maximum.at(largest, owner, sides)
    found: list[CellInk | None] = []
    for index in range(len(boxes)):
        own = by_cell[bounds[index + 1] : bounds[index + 2]]
        if not len(own):
            found.append(None)
            continue
        y, x = ys[own], xs[own]
        top, left = int(y.min()), int(x.min())
        mask = np.zeros((int(y.max()) - top + 1, int(x.max()) - left + 1), bool)
        mask[y - top, x - left] = True
        told = int(largest[index + 1]), reach[index], tuple(dropped.get(index, ())), int(resting[index + 1])
        found.append(CellInk(left, top, mask, *told))
    return found


def _owners(
    pieces: NDArray[np.int64],
    places: NDArray[np.int64],
    counts: NDArray[np.int64],
    part: NDArray[np.int64],
    overhang: float,
) -> NDArray[np.int64]:
    """(pairs,): 1 + the cell that a piece's part belongs to, 0 for none."""
    owner = places.copy()
    same = np.flatnonzero(np.diff(pieces) == 0)
    for piece in np.unique(pieces[same]):
        first, last = np.searchsorted(pieces, [piece, piece + 1])
        chief = first + int(np.argmax(counts[first:last]))
        for at in range(first, last):
            reach = min(part[at, 2] - part[at, 0], part[at, 3] - part[at, 1])
            if at != chief and reach < overhang and counts[at] < counts[chief]:
                owner[at] = places[chief]
    return owner


def _rims(part: NDArray[np.int64], owner: NDArray[np.int64], reach: Sequence[Pixel], point: float) -> NDArray[np.bool_]:
    """(pairs,): those that are what is left of an erased ruling: flat against an edge of their cell."""
    edges = np.array([(0, 0, 0, 0), *reach])[owner]
    width, height = part[:, 2] - part[:, 0], part[:, 3] - part[:, 1]
    near, thick = RIM * point + 1, RIM_THICK * point + 1
    level = (height <= thick) & ((part[:, 1] - edges[:, 1] <= near) | (edges[:, 3] - part[:, 3] <= near))
    upright = (width <= thick) & ((part[:, 0] - edges[:, 0] <= near) | (edges[:, 2] - part[:, 2] <= near))
    return np.asarray((level | upright) & (owner > 0), bool)


def _rests(
    part: NDArray[np.int64], owner: NDArray[np.int64], reach: Sequence[Pixel], sizes: tuple[float, float]
) -> NDArray[np.bool_]:
    """(pairs,): thin strokes along an edge of their cell, and scraps at it, far from all its other ink, of which there
    is some.

    `sizes`: pixels a point, and of a letter's height.
    """
    point, letter = sizes
    edges = np.array([(0, 0, 0, 0), *reach])[owner]
    width, height = part[:, 2] - part[:, 0], part[:, 3] - part[:, 1]
    gaps = np.abs(part - edges)
    near, thick = REST * point, REST_THICK * point + 1
    level = (height <= thick) & (width > height) & (gaps[:, [1, 3]].min(axis=1) <= near)
    upright = (width <= thick) & (height > width) & (gaps[:, [0, 2]].min(axis=1) <= near)
    sides = np.maximum(width, height)
    scraps = (sides <= SCRAP * letter) & (gaps.min(axis=1) <= near)
    found = np.asarray((level | upright | scraps) & (owner > 0), bool)
    large = sides >= SMALL * letter
    far = LONELY * letter
    for at in np.flatnonzero(found):
        others = part[(owner == owner[at]) & ~found & large]
        left, top, right, bottom = part[at]
        beside = (others[:, 0] < right + far) & (others[:, 2] > left - far)
        beside &= (others[:, 1] < bottom + far) & (others[:, 3] > top - far)
        found[at] = len(others) > 0 and not beside.any()
    return found


def _level(
    part: NDArray[np.int64], owner: NDArray[np.int64], others: NDArray[np.bool_], letter: float
) -> NDArray[np.bool_]:
    """(pairs,): those whose middle stands in the rows of larger ink of their cell among `others`, as a sign does."""
    sides = np.maximum(part[:, 2] - part[:, 0], part[:, 3] - part[:, 1])
    letters = np.flatnonzero(others & (sides >= SMALL * letter) & (owner > 0))
    letters = letters[np.argsort(owner[letters], kind="stable")]
    found = np.zeros(len(part), bool)
    for at in np.flatnonzero(~others):
        first, last = np.searchsorted(owner[letters], [owner[at], owner[at] + 1])
        own = part[letters[first:last]]
        middle = (part[at, 1] + part[at, 3]) / 2
        found[at] = bool(((own[:, 1] - ROWS * letter <= middle) & (middle <= own[:, 3] + ROWS * letter)).any())
    return found


def _between(
    part: NDArray[np.int64], owner: NDArray[np.int64], specks: NDArray[np.bool_], letter: float
) -> NDArray[np.bool_]:
    """(pairs,): those of `specks` that stand as a sign does among the letters of a widely set line of their cell."""
    found = np.zeros(len(part), bool)
    sides = np.maximum(part[:, 2] - part[:, 0], part[:, 3] - part[:, 1])
    letters = np.flatnonzero(sides >= SMALL * letter)
    for at in np.flatnonzero(specks & (sides >= SPECK * letter)):
        own = part[letters[owner[letters] == owner[at]]]
        middle = (part[at, 1] + part[at, 3]) / 2
        level = own[(own[:, 1] - 0.1 * letter <= middle) & (middle <= own[:, 3] + 0.1 * letter)]
        before, after = level[level[:, 2] <= part[at, 0]], level[level[:, 0] >= part[at, 2]]
        if not (len(before) and len(after)):
            continue
        level = level[np.argsort(level[:, 0])]
        gaps = level[1:, 0] - np.maximum.accumulate(level[:, 2])[:-1]
        wide = gaps[gaps > WIDELY * letter]
        here = part[at, 0] - before[:, 2].max(), after[:, 0].min() - part[at, 2]
        if len(wide) > 3 and abs(here[0] - here[1]) <= EVEN * letter:
            found[at] = max(here) <= float(np.median(wide)) + EVEN * letter
    return found


def _at_ends(
    part: NDArray[np.int64], owner: NDArray[np.int64], specks: NDArray[np.bool_], letter: float
) -> NDArray[np.bool_]:
    """(pairs,): those of `specks` that stand left or right of all letters of their line; beside dust they are dust."""
    found = np.zeros(len(part), bool)
    sides = np.maximum(part[:, 2] - part[:, 0], part[:, 3] - part[:, 1])
    letters = np.flatnonzero((sides >= SMALL * letter) & (owner > 0))
    letters = letters[np.argsort(owner[letters], kind="stable")]
    for at in np.flatnonzero(specks):
        first, last = np.searchsorted(owner[letters], [owner[at], owner[at] + 1])
        own = part[letters[first:last]]
        middle = (part[at, 1] + part[at, 3]) / 2
        level = own[(own[:, 1] - 0.3 * letter <= middle) & (middle <= own[:, 3] + 0.3 * letter)]
        if len(level):
            found[at] = part[at, 2] <= level[:, 0].min() or part[at, 0] >= level[:, 2].max()
    return found


def lines(mask: NDArray[np.bool_], letter: float) -> list[tuple[int, int]]:
    """Top and bottom (rows of the mask) of the lines of writing in a cell, from top to bottom.

    Rows without ink part lines, unless what stands over one another makes one letter (三, 二, i); what is far higher
    than a letter is parted where the fewest ink is.
    """
    bands = runs(np.asarray(mask.any(axis=1), bool))
    heights = [b - a for a, b in bands]
    tall = max([h for h in heights if h <= 1.7 * letter], default=letter)
    tall = max(tall, 0.85 * letter)
    split = [piece for a, b in bands for piece in _split(mask[a:b], a, tall)]
    joined: list[tuple[int, int]] = []
    for a, b in split:
        if joined:
            top, bottom = joined[-1]
            slight = min(b - a, bottom - top) < 0.55 * tall
            if slight and b - top <= 1.12 * tall and a - bottom <= 0.5 * tall:
                joined[-1] = (top, b)
                continue
        joined.append((a, b))
    return joined


def _split(mask: NDArray[np.bool_], top: int, tall: float) -> list[tuple[int, int]]:
    """A band of rows with ink, parted where lines touch; a single big letter stays whole."""
    height, width = mask.shape
    if height < 1.75 * tall or width < 0.5 * tall:
        return [(top, top + height)]
    ink = mask.sum(axis=1)
    low, high = round(0.6 * tall), height - round(0.6 * tall)
    cut = low + int(np.argmin(ink[low:high]))
    if ink[cut] > 0.35 * np.median(ink):
        return [(top, top + height)]
    return [*_split(mask[:cut], top, tall), *_split(mask[cut:], top + cut, tall)]


def cut(grey: NDArray[np.uint8], cell: CellInk, band: tuple[int, int], ink: Ink, margin: float = MARGIN) -> Crop:
    """The picture of the line between rows `band` of a cell's mask; at least one pixel of it is ink."""
    import cv2

    mask = cell.mask[band[0] : band[1]]
    columns = np.flatnonzero(mask.any(axis=0))
    mask = mask[:, columns[0] : columns[-1] + 1]
    left, top = cell.left + int(columns[0]), cell.top + band[0]
    height, width = mask.shape
    y0, x0 = max(0, top - 1), max(0, left - 1)
    y1, x1 = min(grey.shape[0], top + height + 1), min(grey.shape[1], left + width + 1)
    piece = grey[y0:y1, x0:x1].copy()
    own = np.zeros(piece.shape, np.uint8)
    own[top - y0 : top - y0 + height, left - x0 : left - x0 + width] = mask
    # Grey edges of strokes lie a pixel around the ink; other ink there is another line's or another cell's.
    other = ((ink.labels[y0:y1, x0:x1] > 0) & (own == 0)).astype(np.uint8)
    if other.any():
        piece[(cv2.dilate(other, np.ones((3, 3), np.uint8)) > 0) & (own == 0)] = PAPER
    return framed(piece, (x0, y0), mask, (left, top), ink.letter, margin)


def framed(
    piece: NDArray[np.uint8],
    corner: tuple[int, int],
    mask: NDArray[np.bool_],
    start: tuple[int, int],
    letter: float,
    margin: float = MARGIN,
) -> Crop:
    """A line with paper around it: `piece` of the sheet from `corner` on, its ink `mask` from `start` on, which lies
    within (pixels of the sheet, x before y). `letter`: height of letters in pixels.
    """
    (left, top), (height, width) = start, mask.shape
    before, over = left - corner[0], top - corner[1]
    shown = max(float(height), LOW * letter)
    pad = max(2, round(margin * shown))
    high = round(shown) + 2 * pad
    above = (high - height) // 2
    canvas = np.full((high, width + 2 * pad), PAPER, np.uint8)
    canvas[above - over : above - over + piece.shape[0], pad - before : pad - before + piece.shape[1]] = piece
    inked = np.asarray(mask.any(axis=0), bool)
    image, spans = _closed(canvas, inked, (left, pad), max(2 * pad + 1, round(WIDE * shown)))
    dark = piece[over : over + height, before : before + width][mask]
    contrast = float((PAPER - np.median(dark)) / PAPER)
    low = inked & (mask.argmax(axis=0) >= LOW_INK * height)
    return Crop(image, (left, top, left + width, top + height), spans, inked, low, shown, contrast)


def _closed(
    canvas: NDArray[np.uint8], inked: NDArray[np.bool_], origin: tuple[int, int], wide: int
) -> tuple[NDArray[np.uint8], tuple[tuple[int, int, int], ...]]:
    """The picture with gaps closed to `wide` columns, and its spans. `origin`: the sheet's column of the first ink,
    and the picture's."""
    left, pad = origin
    gaps = [(a, b) for a, b in runs(~inked) if b - a > wide]
    if not gaps:
        return canvas, ((0, left - pad, canvas.shape[1]),)
    kept, spans, at, start = [], [], 0, 0
    for a, b in [*gaps, (canvas.shape[1] - pad, canvas.shape[1] - pad)]:
        end = canvas.shape[1] if a == b else pad + a + wide // 2
        kept.append(canvas[:, start:end])
        spans.append((at, left - pad + start, end - start))
        at += end - start
        start = pad + b - (wide - wide // 2)
    return np.concatenate(kept, axis=1), tuple(spans)
