"""Ink on a sheet: its connected pieces, the height of the letters, and pieces of lines as pseudo-words.

Everything is measured against the height of the page's letters, so it holds at any resolution.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from biaoge.model import Word

from .sheet import Sheet

if TYPE_CHECKING:
    from numpy.typing import NDArray

BLOB = "□"
"""Stands for a letter that is seen and not yet read."""
SMALLEST, LARGEST = 3.2, 40.0
"""Points: pieces of ink lower or higher than this say nothing about the height of letters."""
USUAL = 9.0
"""Points: the height of letters on a sheet that shows none."""
SPECK = 0.11
"""Letter heights: ink that is smaller both ways is dirt; the dot of a figure is 0.14 at least."""
SMALL = 0.25
"""Letter heights: larger ink is no speck."""
GRAIN = 0.08
"""Letter heights: smaller than any point, also a faint one; left out beside writing too."""
REACH = (0.8, 0.5)
"""Letter heights across and down: how far from the box of larger ink a point may stand (the point after 1, the comma
after 一). A narrow reach loses points, and with them what figures say, a wide one takes dust for points."""
DUSTY_REACH = (0.45, 0.3)
"""The same on a sheet with dust."""
DUST = 0.1
"""Specks far from all writing, for a piece of larger ink: a sheet with more is dusty."""
COLON = (0.25, 0.65)
"""Letter heights between the middles of a colon's dots."""
MOST_DOTS = 3000
"""Specks among which colons are looked for."""
GAP = 0.75
"""Letter heights: pieces of a line further apart are words of their own; columns stand at least this far apart."""
HUGE = 5.0
"""Letter heights: ink higher than this is a picture or a frame, no writing."""
MOST = 60_000
"""Pieces of ink; a sheet with more is noise, and only its largest ones are looked at."""


@dataclass(frozen=True, slots=True, eq=False)
class Ink:
    """The ink of a sheet. `labels`: (height, width) int32, 0 for paper, else 1 + the number of the piece; `boxes`:
    (pieces, 4) left, top, right, bottom in pixels; `areas`: (pieces,) pixels; `letter`: height of letters in pixels;
    `level`: the grey (0 to 255) at which ink begins; `black`: the usual grey of ink.
    """

    labels: NDArray[np.int32] = field(repr=False)
    boxes: NDArray[np.int32] = field(repr=False)
    areas: NDArray[np.int32] = field(repr=False)
    letter: float
    level: int
    black: int


def find(sheet: Sheet) -> Ink:
    """The ink of a sheet; none on a blank one."""
    import cv2

    level, black = _level(sheet.grey)
    mask = (sheet.grey < level).astype(np.uint8)
    _, labels, stats, _ = cv2.connectedComponentsWithStats(mask, connectivity=8, ltype=cv2.CV_32S)
    left, top, width, height, area = stats[1:].T
    boxes = np.stack([left, top, left + width, top + height], axis=1).astype(np.int32)
    return Ink(
        np.asarray(labels, np.int32), boxes, area.astype(np.int32), _letter(width, height, sheet.dpi / 72), level, black
    )


def _level(grey: NDArray[np.uint8]) -> tuple[int, int]:
    """The grey below which a pixel is ink, half way from the usual ink to paper, and the usual ink."""
    counts = np.bincount(grey.ravel(), minlength=256)[:190]
    if not counts.sum():
        return 160, 0
    black = int(np.searchsorted(np.cumsum(counts), 0.4 * counts.sum()))
    return min(max((black + 255) // 2, 110), 190), black


def _letter(width: NDArray[np.int32], height: NDArray[np.int32], point: float) -> float:
    """Pixels: the height that three quarters of the letters do not exceed (whole characters, not their pieces)."""
    fit = (height >= SMALLEST * point) & (height <= LARGEST * point) & (width <= 4 * height) & (height <= 6 * width)
    if fit.sum() < 3:
        return USUAL * point
    return float(np.percentile(height[fit], 75))


def words(sheet: Sheet) -> tuple[Word, ...]:
    """Pieces of lines as words of `□`, one for a letter, in points of the sheet, from top to bottom.

    Specks are left out, unless they stand with writing; so are pictures and long thin lines. Pieces over a wide gap
    are words of their own. Turned writing is not told apart (`upright` is true). The confidence is 1: that there is
    ink is sure, what it says nobody knows.
    """
    ink = find(sheet)
    kept = _writing(ink)
    if not kept.any():
        return ()
    return tuple(_word(sheet, ink, box, blob) for box, blob in _pieces(ink, kept))


def _writing(ink: Ink) -> NDArray[np.bool_]:
    """(pieces,): those that can be writing."""
    width, height = ink.boxes[:, 2] - ink.boxes[:, 0], ink.boxes[:, 3] - ink.boxes[:, 1]
    side = np.maximum(width, height)
    kept = (height <= HUGE * ink.letter) & (side >= max(SPECK * ink.letter, 1.5))
    kept &= ~((width > 5 * ink.letter) & (height < 0.25 * ink.letter))
    kept &= ~((height > 2 * ink.letter) & (width < 0.2 * ink.letter))
    if kept.sum() > MOST:
        floor = np.partition(ink.areas[kept], -MOST)[-MOST]
        kept &= ink.areas > floor
    # A speck is writing only beside writing.
    small = kept & (side < SMALL * ink.letter)
    if small.any():
        kept[small] = _near(ink, np.flatnonzero(small), kept & ~small)
    return np.asarray(kept, bool)


def strays(ink: Ink, known: NDArray[np.bool_] | None = None) -> tuple[NDArray[np.bool_], bool]:
    """(pieces,): small ones that stand beside no larger ink, as points and the dots of letters do; and whether the
    sheet is dusty. `known`: (pieces,) those that are no writing for another reason; they tell nothing about dust.
    """
    side = np.maximum(ink.boxes[:, 2] - ink.boxes[:, 0], ink.boxes[:, 3] - ink.boxes[:, 1])
    small = side < SMALL * ink.letter
    if not small.any() or small.all():
        return np.asarray(small, bool), False
    far = _far(ink, small, REACH)
    dusty = bool((far if known is None else far & ~known).sum() > DUST * (~small).sum())
    if dusty:
        far = _far(ink, small, DUSTY_REACH)
    far[_colons(ink, np.flatnonzero(far & (side >= SPECK * ink.letter)))] = False
    return np.asarray(far | (small & (side < GRAIN * ink.letter)), bool), dusty


def _colons(ink: Ink, which: NDArray[np.intp]) -> list[int]:
    """Those of the pieces `which` that stand over one another in twos, as the dots of a colon do."""
    if len(which) > MOST_DOTS:
        return []
    which = which[np.argsort(ink.boxes[which, 0], kind="stable")]
    boxes = ink.boxes[which] / ink.letter
    found = []
    for i, (left, top, right, bottom) in enumerate(boxes):
        last = int(np.searchsorted(boxes[:, 0], left + 0.1, side="right"))
        for j in range(i + 1, last):
            other = boxes[j]
            apart = abs((other[1] + other[3]) - (top + bottom)) / 2
            alike = abs((other[3] - other[1]) - (bottom - top)) <= 0.08 and abs(other[2] - right) <= 0.1
            if alike and COLON[0] <= apart <= COLON[1]:
                found += [int(which[i]), int(which[j])]
    return found


def _far(ink: Ink, small: NDArray[np.bool_], reach: tuple[float, float]) -> NDArray[np.bool_]:
    """(pieces,): those of `small` whose middle is further than `reach` from the boxes of all others."""
    across, down = (max(1, round(share * ink.letter)) for share in reach)
    around = np.zeros(ink.labels.shape, bool)
    boxes = ink.boxes[~small]
    # A flat stroke (一) stands in the middle of its letter's height.
    tall = np.maximum(0, round(0.7 * ink.letter) - (boxes[:, 3] - boxes[:, 1])) // 2
    for (left, top, right, bottom), more in zip(boxes.tolist(), tall.tolist(), strict=True):
        around[max(0, top - down - more) : bottom + down + more, max(0, left - across) : right + across] = True
    middle = (ink.boxes[:, :2] + ink.boxes[:, 2:]) // 2
    return np.asarray(small & ~around[middle[:, 1], middle[:, 0]], bool)


def _near(ink: Ink, which: NDArray[np.intp], others: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Whether a piece of `others` stands within a letter's height of every piece of `which`."""
    import cv2

    reach = max(1, round(0.8 * ink.letter))
    shown = np.concatenate([[False], others])[ink.labels].astype(np.uint8)
    around = cv2.dilate(shown, np.ones((1, 2 * reach + 1), np.uint8))
    middle = (ink.boxes[which, :2] + ink.boxes[which, 2:]) // 2
    found: NDArray[np.bool_] = around[middle[:, 1], middle[:, 0]] > 0
    return found


Piece = tuple[tuple[int, int, int, int], "NDArray[np.bool_]"]


def _pieces(ink: Ink, kept: NDArray[np.bool_]) -> list[Piece]:
    """Boxes (pixels) of pieces of lines, each with its columns that bear ink."""
    import cv2

    shown = np.concatenate([[False], kept])[ink.labels].astype(np.uint8)
    reach = max(1, round(GAP * ink.letter / 2))
    _, _, stats, _ = cv2.connectedComponentsWithStats(
        cv2.dilate(shown, np.ones((1, 2 * reach + 1), np.uint8)), connectivity=8, ltype=cv2.CV_32S
    )
    width = shown.shape[1]
    boxes = [
        (x + reach if x else 0, y, x + w - reach if x + w < width else width, y + h)
        for x, y, w, h, _ in stats[1:].tolist()
    ]
    found = []
    for left, top, right, bottom in _stacked(boxes, ink.letter):
        columns = np.asarray(shown[top:bottom, left:right].any(axis=0), bool)
        if columns.any():
            found.append(((left, top, right, bottom), columns))
    found.sort(key=lambda piece: (piece[0][1], piece[0][0]))
    return found


def _stacked(boxes: Sequence[tuple[int, int, int, int]], letter: float) -> list[tuple[int, int, int, int]]:
    """The boxes, those that are strokes of one letter over one another (三, i, ：) put together."""
    done: list[tuple[int, int, int, int]] = []
    order = sorted(boxes, key=lambda box: (box[1], box[0]))
    for box in order:
        for at in range(len(done) - 1, max(-1, len(done) - 200), -1):
            other = done[at]
            shared = min(box[2], other[2]) - max(box[0], other[0])
            both = (min(box[0], other[0]), min(box[1], other[1]), max(box[2], other[2]), max(box[3], other[3]))
            tall = max(letter, 1.05 * max(box[3] - box[1], other[3] - other[1]))
            if shared >= 0.5 * min(box[2] - box[0], other[2] - other[0]) and both[3] - both[1] <= 1.15 * tall:
                done[at] = both
                break
        else:
            done.append(box)
    return done


def _word(sheet: Sheet, ink: Ink, box: tuple[int, int, int, int], columns: NDArray[np.bool_]) -> Word:
    """The word of a piece of a line: a `□` for every run of ink about as wide as a letter."""
    letter = max(ink.letter, 0.8 * (box[3] - box[1])) if box[3] - box[1] < 1.6 * ink.letter else ink.letter
    starts: list[int] = []
    end = 0
    for a, b in runs(columns):
        if not starts or b - starts[-1] > 1.15 * letter:
            starts.append(a)
        end = b
        while end - starts[-1] > 1.7 * letter:
            starts.append(round(starts[-1] + letter))
    edges = [*(box[0] + at for at in starts), box[0] + end]
    points = [sheet.box_of(at, 0, at, 0).x0 for at in edges]
    size = letter * 72 / sheet.dpi
    whole = sheet.box_of(edges[0], box[1], edges[-1], box[3])
    return Word(BLOB * len(starts), whole, "ocr", size=size, edges=tuple(points))


def runs(flags: NDArray[np.bool_]) -> list[tuple[int, int]]:
    """Start and end of every run of true values.

    >>> runs(np.array([True, True, False, True]))
    [(0, 2), (3, 4)]
    """
    steps = np.flatnonzero(np.diff(np.concatenate([[False], flags, [False]]).astype(np.int8)))
    return [(int(a), int(b)) for a, b in steps.reshape(-1, 2)]
