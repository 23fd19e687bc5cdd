"""Text outside of tables, and text that a detector sees in cells judged blank, from one detection of the whole page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from biaoge.model import Alternative, Box, Word

from . import blobs, crops, doubts, lookalike, readlines, vocabulary
from .blobs import Ink
from .contract import Engine, Polygon
from .crops import CellInk
from .plain import plain
from .readlines import Read
from .sheet import Sheet

if TYPE_CHECKING:
    from numpy.typing import NDArray

MOST_LINES = 3000
"""Lines read outside of tables; what a detector finds beyond that on one page is noise."""
LEAST = 0.001
"""Outside of tables a line read less surely than this is a scribble or a picture; all others stand in the text with
the confidence they have."""
CRUMB, SURELY = 0.25, 0.3
"""Letter heights, confidence: ink lower than the first is a speck or what is left of a ruling, unless it is read as
surely as the second says; a speck never is, without a letter or figure in its reading."""
WELL = 0.6
"""Share of a polygon that must lie in a cell to be that cell's text."""


ONE_LINE = 1.6
"""Times the usual height of what a detector sees: a higher box holds more than a line."""
SHORT, PITCHES = 12.0, 4.0
"""Letter heights: an entry of a column is no wider than the first, and no further above or below the next one than
the second."""
DASHES = "–—－−-"
"""The first is what stands for nothing in a column of figures."""
LETTERS, COLUMN = frozenset("Il|Oo"), 12.0
"""What a lone 1 or 0 is read as, and how far (its heights) the figures above and below it stand at most."""
LONE_SIGN = 0.4
"""Letter heights: a sign that stands alone in its column is this wide or high at least; a dash is."""


@dataclass(frozen=True, slots=True)
class Outside:
    """`words`: in points of the sheet, from top to bottom; `unread`: boxes of lines that nothing could be read from;
    `skipped`: how many lines were not looked at, as there are too many.
    """

    words: tuple[Word, ...]
    unread: tuple[Box, ...] = ()
    skipped: int = 0


def detected(sheet: Sheet, engine: Engine) -> tuple[Box, ...]:
    """Where a detector sees lines of text on the whole sheet: upright boxes in points of the sheet."""
    if int(sheet.grey.min()) > 230:
        return ()
    return tuple(_around(sheet, polygon) for polygon in engine.detect(sheet.grey))


def _around(sheet: Sheet, polygon: Polygon) -> Box:
    xs, ys = [x for x, _ in polygon], [y for _, y in polygon]
    return sheet.box_of(min(xs), min(ys), max(xs), max(ys))


def missed(boxes: Sequence[Box], states: Sequence[str], seen: Sequence[Box]) -> tuple[int, ...]:
    """The cells (their numbers) judged blank or dirty in which a detector saw a line of text.

    `boxes`: of the cells, `states`: of their readings, `seen`: from `detected`. Tell it as a finding: the cell's
    ink was too faint, or what was seen is a stain.
    """
    found = []
    for index, (box, state) in enumerate(zip(boxes, states, strict=True)):
        if state in ("blank", "dirt") and any(line.overlap(box) >= WELL * max(line.area, 1e-9) for line in seen):
            found.append(index)
    return tuple(found)


def read(sheet: Sheet, taken: Sequence[Box], seen: Sequence[Box], engine: Engine, ink: Ink | None = None) -> Outside:
    """The text outside of the boxes `taken` (of tables), in points of the sheet, from top to bottom.

    `seen`: where lines stand, from `detected`. The ink inside every one of them is cut out and read as cells are, so a
    box that holds two lines gives two. Ink is read once, whatever boxes share it.
    """
    ink = blobs.find(sheet) if ink is None else ink
    lines = _merged([piece for line in seen for piece in _outside(line, taken)], ink.letter * 72 / sheet.dpi)
    signs = _alone(sheet, ink, lines, taken)
    lines += signs
    cells = crops.owned(sheet, ink, [_slack(box) for box in lines], rims=False)
    todo: list[tuple[int, CellInk, tuple[int, int]]] = []
    for index, cell in enumerate(cells):
        if cell is None or cell.largest < blobs.SPECK * ink.letter:
            continue
        todo += [(index, cell, band) for band in crops.lines(cell.mask, ink.letter)]
    skipped = max(0, len(todo) - MOST_LINES)
    todo = todo[:MOST_LINES]
    pictures = [crops.cut(sheet.grey, cell, band, ink) for _, cell, band in todo]
    known = readlines.read(pictures, lambda _: (), engine)
    known = _plainly(sheet, lines[: len(lines) - len(signs)], known, [index for index, _, _ in todo], engine, ink)
    found, unread = [], []
    for line in _signs(sheet, vocabulary.weighed(known), signs):
        if _crumb(line, ink):
            continue
        if not line.reading.text or line.reading.confidence < LEAST:
            unread.append(sheet.box_of(*line.crop.box))
            continue
        found += readlines.words(sheet, readlines.settled([doubts.weighed(line)])[0])
    return Outside(tuple(sorted(found, key=lambda word: (word.box.top, word.box.x0))), tuple(unread), skipped)


def _plainly(
    sheet: Sheet, boxes: Sequence[Box], lines: Sequence[Read], place: Sequence[int], engine: Engine, ink: Ink
) -> list[Read]:
    """The lines, those of a box read as all that stands in it where that is likelier than what its ink says.

    Ink is what is dark by the measure of the page; thin grey letters are in pieces, and small ones left out. `place`:
    for every line the number of its box, in `boxes` or beyond.
    """
    of_box: dict[int, list[Read]] = {}
    for line, at in zip(lines, place, strict=True):
        of_box.setdefault(at, []).append(line)
    high = ONE_LINE * float(np.median([box.height for box in boxes])) if boxes else 0.0
    doubtful = [
        at
        for at, box in enumerate(boxes)
        if box.height <= high and any(line.reading.confidence < readlines.DOUBTFUL for line in of_box.get(at, ()))
    ]
    seen = [(at, plain(sheet.grey, sheet.pixels_of(boxes[at]), ink.letter)) for at in doubtful]
    shown = [(at, crop) for at, crop in seen if crop is not None]
    again = readlines.read([crop for _, crop in shown], lambda _: (), engine)
    for (at, _), line in zip(shown, again, strict=True):
        if line.reading.text and line.reading.confidence > min(own.reading.confidence for own in of_box[at]):
            of_box[at] = [line]
    return [line for at in sorted(of_box) for line in of_box[at]]


def _crumb(line: Read, ink: Ink) -> bool:
    """Whether a line is a speck or what is left of a ruling: lower than letters are, and not surely read."""
    left, top, right, bottom = line.crop.box
    if bottom - top >= CRUMB * ink.letter:
        return False
    speck = right - left < CRUMB * ink.letter and not any(c.isalnum() for c in line.reading.text)
    return speck or line.reading.confidence < SURELY


def _alone(sheet: Sheet, ink: Ink, lines: Sequence[Box], taken: Sequence[Box]) -> list[Box]:
    """Small signs in the columns of a table without rulings that no detector sees, such as a dash for nothing.

    They stand by themselves, level with a line, and over or under another short one.
    """
    where = _pixels(sheet, lines)
    held = np.concatenate([where, _pixels(sheet, taken)])
    short = where[where[:, 2] - where[:, 0] <= SHORT * ink.letter]
    longer = (ink.boxes[:, 2:] - ink.boxes[:, :2]).max(axis=1, initial=0)
    written = ink.boxes[longer >= blobs.GRAIN * ink.letter]
    small = ink.boxes[(longer >= LONE_SIGN * ink.letter) & (longer <= ink.letter)]
    room = blobs.GAP * ink.letter
    found = []
    for sign in small if len(small) <= MOST_LINES and len(short) else ():
        left, top, right, bottom = sign.tolist()
        x, y = (left + right) / 2, (top + bottom) / 2
        level = (where[:, 1] < y) & (y < where[:, 3])
        inside = (held[:, 0] <= x) & (x <= held[:, 2]) & (held[:, 1] <= y) & (y <= held[:, 3])
        over = (short[:, 0] < right) & (short[:, 2] > left)
        over &= abs((short[:, 1] + short[:, 3]) / 2 - y) <= PITCHES * ink.letter
        if inside.any() or not (level.any() and over.any()):
            continue
        near = (written[:, 0] < right + room) & (written[:, 2] > left - room)
        near &= (written[:, 1] < bottom + room / 2) & (written[:, 3] > top - room / 2)
        if near.sum() == 1:
            found.append(sheet.box_of(left, top, right, bottom))
    return found


def _pixels(sheet: Sheet, boxes: Sequence[Box]) -> NDArray[np.int64]:
    """(boxes, 4): left, top, right, bottom in pixels."""
    return np.array([sheet.pixels_of(box) for box in boxes], np.int64).reshape(-1, 4)


def _signs(sheet: Sheet, lines: Sequence[Read], alone: Sequence[Box]) -> list[Read]:
    """The lines, those of signs that stand `alone` over or under a figure as dashes where they look like one (一), and
    lone letters in a column of figures as the figure they look like.
    """
    boxes = [sheet.box_of(*line.crop.box) for line in lines]
    figures = [box for line, box in zip(lines, boxes, strict=True) if lookalike.is_number(line.reading.text)]
    out = []
    for line, box in zip(lines, boxes, strict=True):
        said = line.reading
        dash = lookalike.FIGURE_OF.get(said.text) == "-" and said.text not in DASHES
        if dash and any(other.holds(box.cx, box.cy) for other in alone) and any(_over(f, box) for f in figures):
            line = readlines.instead(line, Alternative(DASHES[0], said.confidence))
        elif said.text in LETTERS and _in_column(box, figures, boxes):
            number = lookalike.number(said, among_numbers=True)
            line = readlines.instead(line, number) if number is not None else line
        out.append(line)
    return out


def _in_column(box: Box, figures: Sequence[Box], all_: Sequence[Box]) -> bool:
    """Whether the nearest lines above and below, where there are any, are figures, and one is."""
    high = box.height
    beside = [other for other in all_ if other is not box and _over(other, box)]
    above = [other for other in beside if 0 < box.cy - other.cy <= COLUMN * high]
    below = [other for other in beside if 0 < other.cy - box.cy <= COLUMN * high]
    nearest = [max(above, key=lambda b: b.cy)] if above else []
    nearest += [min(below, key=lambda b: b.cy)] if below else []
    return bool(nearest) and all(other in figures for other in nearest) and len(set(figures) & set(beside)) > 1


def _over(box: Box, other: Box) -> bool:
    """Whether one stands over the other, wherever that is."""
    return min(box.x1, other.x1) > max(box.x0, other.x0)


def _slack(box: Box) -> Box:
    """The box with a little room: a detector's boxes cut the tips off letters."""
    return Box(
        box.x0 - 0.1 * box.height,
        box.top - 0.08 * box.height,
        box.x1 + 0.1 * box.height,
        box.bottom + 0.08 * box.height,
    )


def _outside(line: Box, taken: Sequence[Box]) -> list[Box]:
    """What of a line's box stands outside of the tables: the pieces left and right of them, or nothing."""
    pieces = [line]
    for table in taken:
        kept = []
        for piece in pieces:
            down = min(piece.bottom, table.bottom) - max(piece.top, table.top)
            if down <= 0.5 * piece.height or piece.overlap(table) == 0:
                kept.append(piece)
                continue
            if table.x0 - piece.x0 > 0.5 * piece.height:
                kept.append(Box(piece.x0, piece.top, table.x0, piece.bottom))
            if piece.x1 - table.x1 > 0.5 * piece.height:
                kept.append(Box(table.x1, piece.top, piece.x1, piece.bottom))
        pieces = kept
    return pieces


def _merged(boxes: Sequence[Box], letter: float) -> list[Box]:
    """Boxes of the same line that touch or overlap, as one; a detector cuts long lines."""
    done: list[Box] = []
    for box in sorted(boxes, key=lambda b: (b.x0, b.top)):
        for at, other in enumerate(done):
            down = min(box.bottom, other.bottom) - max(box.top, other.top)
            near = box.x0 <= other.x1 + 0.3 * letter
            if near and down > 0.7 * max(box.height, other.height):
                done[at] = Box.around([box, other])
                break
        else:
            done.append(box)
    return done
