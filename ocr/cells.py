"""Reading a table cell by cell: which cells are blank, what stands in the others."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal

import numpy as np

from biaoge.model import Alternative, Box, Word

from . import blank, blobs, crops, doubts, faint, lookalike, readlines, vocabulary
from .blobs import SPECK, Ink
from .contract import Engine
from .crops import CellInk, Crop
from .lookalike import is_dash, is_number, number, pointless
from .readlines import Evidence, Read
from .sheet import Sheet

if TYPE_CHECKING:
    from numpy.typing import NDArray

State = Literal["blank", "read", "unread", "dirt"]

WIDER = 0.34
"""The margin of the second picture of a doubtful line."""
TRACE = 0.35
"""Letter heights: a speck whose faint surroundings are so large is what is left of a letter, and no dirt."""
LINE, STACKED = 0.25, 0.15
"""Letter heights: a line of no larger piece of ink, in a cell with other lines, is dust: points stand with letters;
but where these stand one under the other, in a cell no wider than `NARROW`, a point has its own line (三 、 本)."""
NARROW = 1.5
MOST_LINES = 6000
"""Lines of all cells; a sheet with more is noise or a picture, and its further cells stay unread."""
OPEN = 0.5
"""How sure a figure can be that was read as a ring with a piece missing."""
FEW = 0.1
"""Share of the numbers of a sheet: where more of them end with a point, the points are meant."""
TAIL = 1e-5
"""How likely a comma must be in place of a point that no number has there; the tail of a comma is a pixel or two."""
MOST_OF_CELL = 400
"""Lines of one cell; one with more is no cell of writing."""


@dataclass(frozen=True, slots=True)
class CellReading:
    """What stands in a cell. `words`: in reading order, runs without white space, `source` "ocr", in points of the
    sheet. `state`: "blank", "read", "unread" (there is ink and no reading of it) or "dirt" (specks; no words).
    `evidence`: one for every word.
    """

    words: tuple[Word, ...]
    state: State
    evidence: tuple[Evidence, ...] = ()


def read(sheet: Sheet, boxes: Sequence[Box], engine: Engine, ink: Ink | None = None) -> tuple[CellReading, ...]:
    """One reading for every cell box (points of the sheet, up to the middle of its rulings), in the same order.

    Boxes may lie outside of the sheet or have no area: they are blank. `ink`: of the sheet, where it is known.
    Full-width signs are given as they were read. Nothing that has ink is dropped: a cell that no picture of it could
    be read from is "unread".
    """
    ink = blobs.find(sheet) if ink is None else ink
    cells = crops.owned(sheet, ink, boxes)
    kinds = [blank.kind(cell, ink) for cell in cells]
    for index, cell in enumerate(cells):
        if cell is not None and kinds[index] == "dirt":
            more = faint.fuller(sheet.grey, cell, ink, SPECK)
            if more.largest >= TRACE * ink.letter:
                cells[index], kinds[index] = more, "ink"
    cells = [
        faint.fuller(sheet.grey, cell, ink)
        if cell is not None and kind == "ink" and faint.is_alone(cell, ink)
        else cell
        for cell, kind in zip(cells, kinds, strict=True)
    ]
    todo: list[tuple[int, CellInk, tuple[int, int]]] = []
    refused = set()
    for index, cell in enumerate(cells):
        if cell is None or kinds[index] != "ink":
            continue
        bands = _bands(cell, ink)
        if len(bands) > MOST_OF_CELL or len(todo) + len(bands) > MOST_LINES:
            refused.add(index)
            continue
        todo += [(index, cell, band) for band in bands]
    pictures = [crops.cut(sheet.grey, cell, band, ink) for _, cell, band in todo]
    lines = readlines.read(pictures, lambda i: _again(sheet, todo[i], pictures[i], ink), engine)
    lines = _numbers(vocabulary.weighed(lines), [index for index, _, _ in todo], boxes)
    lines = [doubts.weighed(line, cell.dropped, cell.rests) for line, (_, cell, _) in zip(lines, todo, strict=True)]
    of_cell: dict[int, list[Read]] = {}
    for (index, _, _), line in zip(todo, lines, strict=True):
        of_cell.setdefault(index, []).append(line)
    found = []
    for index in range(len(boxes)):
        state: State = "unread" if index in refused else "blank" if kinds[index] == "blank" else "dirt"
        found.append(_cell(sheet, of_cell[index]) if index in of_cell else CellReading((), state))
    return tuple(found)


def _bands(cell: CellInk, ink: Ink) -> list[tuple[int, int]]:
    """The lines of a cell, without those that are specks alone."""
    bands = crops.lines(cell.mask, ink.letter)
    least = STACKED if cell.mask.shape[1] <= NARROW * ink.letter else LINE
    return [(a, b) for a, b in bands if _largest(cell.mask[a:b]) >= least * ink.letter] or bands


def _largest(mask: NDArray[np.bool_]) -> int:
    """Pixels: the longer side of the largest piece of ink."""
    import cv2

    _, _, stats, _ = cv2.connectedComponentsWithStats(mask.astype(np.uint8), connectivity=8, ltype=cv2.CV_32S)
    return int(stats[1:, [2, 3]].max(initial=0))


def _again(sheet: Sheet, line: tuple[int, CellInk, tuple[int, int]], crop: Crop, ink: Ink) -> list[NDArray[np.uint8]]:
    """Other pictures of a line: with a wider margin, with its grey stretched to black and white, with faint strokes."""
    _, cell, band = line
    wide = crops.cut(sheet.grey, cell, band, ink, WIDER).image
    pictures = [wide, stretched(crop.image)]
    if not faint.is_alone(cell, ink):
        own = replace(cell, top=cell.top + band[0], mask=cell.mask[band[0] : band[1]])
        full = faint.fuller(sheet.grey, own, ink)
        if full is not own:
            pictures.append(crops.cut(sheet.grey, full, (0, len(full.mask)), ink).image)
    return pictures


def stretched(image: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """The picture with its darkest tenth of ink made black and its paper white."""
    dark = image[image < 200]
    if not len(dark):
        return image
    black, white = float(np.percentile(dark, 10)), 235.0
    if white - black < 1:
        return image
    return np.asarray(np.clip((image.astype(np.float32) - black) * (255 / (white - black)), 0, 255), np.uint8)


def _numbers(lines: list[Read], cell_of: Sequence[int], boxes: Sequence[Box]) -> list[Read]:
    """The lines, those read as numbers that look like one: a lone line of a cell."""
    count = Counter(cell_of)
    alone = {i: cell for i, cell in enumerate(cell_of) if count[cell] == 1}
    numeric = {cell: is_number(lines[i].reading.text) for i, cell in alone.items()}
    doubtful = [i for i in alone if not numeric[alone[i]] and len(lines[i].reading.text) <= 12]
    out = list(lines)
    places = np.array([(b.x0, b.x1, b.top, b.bottom) for b in boxes]).reshape(-1, 4)
    # A dash says nothing about the cells beside it.
    read_cells = np.array(sorted(c for i, c in alone.items() if not is_dash(lines[i].reading.text)), int)
    flags = np.array([numeric[cell] for cell in read_cells], bool)
    counting = any(lookalike.counts(lines[i].reading.text) for i in alone)
    for i in doubtful:
        beside = _among_numbers(places, alone[i], read_cells, flags)
        better = number(lines[i].reading, beside) or (None if counting else lookalike.dash(lines[i].reading))
        if better is not None:
            out[i] = readlines.instead(lines[i], better)
        elif beside and lookalike.is_letter(lines[i].reading.text):
            out[i] = _figure(lines[i])
    out = [_grouped(line) if lookalike.malformed(line.reading.text) else line for line in out]
    return _without_points(out, sorted(alone))


def _figure(line: Read) -> Read:
    """A lone letter among numbers: the figure it most resembles, unless it is sure; doubtful either way."""
    text, digits, said = line.reading.text, line.reading.digits, line.reading.confidence
    if said >= vocabulary.SURE or digits is None:
        return readlines.capped(line)
    likely = digits if len(digits.text) == 1 and digits.probability >= doubts.WORN else None
    if (likely is None or likely.text != "0") and lookalike.is_open_ring(text):
        likely = Alternative("0", OPEN)
    if likely is None:
        return readlines.capped(line)
    return readlines.capped(readlines.instead(line, likely), min(likely.probability, readlines.CAP))


def _grouped(line: Read) -> Read:
    """A number with two points with its thousands parted by commas, where the engine deems that possible at all."""
    text = line.reading.text
    better = lookalike.grouped(text)
    if better is not None:
        now, then = readlines.chances(line, [text, better])
        chance = line.reading.confidence * then / now if now else 0.0
        if chance >= TAIL * line.reading.confidence:
            line = readlines.instead(line, Alternative(better, chance))
    return readlines.capped(line)


def _without_points(lines: list[Read], alone: Sequence[int]) -> list[Read]:
    """The lines, numbers that begin or end with a point without it, unless many do (1. 2. 3. as numbers of rows)."""
    bare = {i: text for i in alone if (text := pointless(lines[i].reading.text)) is not None}
    if len(bare) > max(1.0, FEW * sum(is_number(lines[i].reading.text) for i in alone)):
        return lines
    out = list(lines)
    for i, text in bare.items():
        said = lines[i].reading.confidence
        line = readlines.instead(lines[i], Alternative(text, said))
        out[i] = readlines.capped(line)
    return out


def _among_numbers(places: NDArray[np.float64], cell: int, others: NDArray[np.int64], flags: NDArray[np.bool_]) -> bool:
    """Whether most read cells of the same column, or of the same row, are numbers."""
    x0, x1, top, bottom = places[cell]
    boxes = places[others]
    for low, high, a, b in ((x0, x1, 0, 1), (top, bottom, 2, 3)):
        shared = np.minimum(high, boxes[:, b]) - np.maximum(low, boxes[:, a])
        same = (shared > 0.7 * (high - low)) & (shared > 0.7 * (boxes[:, b] - boxes[:, a])) & (others != cell)
        if same.sum() >= 2 and flags[same].mean() >= 0.6:
            return True
    return False


def _cell(sheet: Sheet, lines: Sequence[Read]) -> CellReading:
    """A cell of the lines read in it."""
    words: list[Word] = []
    evidence: list[Evidence] = []
    if not all(line.reading.text for line in lines):
        return CellReading((), "unread")
    for line in readlines.settled(lines):
        found = readlines.words(sheet, line)
        words += found
        evidence += [line.evidence] * len(found)
    return CellReading(tuple(words), "read" if words else "unread", tuple(evidence))
