"""A page that does not tell its words, recognised: words and rulings out of pixels, in points of a straight sheet."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from biaoge.app import grids
from biaoge.app.moved import Way
from biaoge.model import Box, Finding, Page
from biaoge.raster import Raster
from biaoge.tables import ruled
from biaoge.tables.piece import Piece

if TYPE_CHECKING:
    from biaoge.ocr.cells import CellReading
    from biaoge.ocr.contract import Engine
    from biaoge.ocr.outside import Outside
    from biaoge.ocr.sheet import Sheet


MOST = 0.75
"""A picture over this share of a page is the page, whatever is on it."""
FEWEST, SURE = 4, 0.9
"""A smaller picture counts as a table where so many cells hold ink, most of them read as surely as this."""


@dataclass(frozen=True, slots=True)
class Doubted:
    """Boxes of cells: whose ink no reading explains (`unread`), blank ones where a line was detected (`faint`), and
    those that other rulings, or the words once read, would shape otherwise (`grid`).
    """

    unread: tuple[Box, ...] = ()
    faint: tuple[Box, ...] = ()
    grid: tuple[Box, ...] = ()


@dataclass(frozen=True, slots=True)
class Recognised:
    """`page`: straight, with words and rulings of its pictures."""

    page: Page
    way: Way
    doubted: Doubted = Doubted()
    findings: tuple[Finding, ...] = ()


def recognise(page: Page, rasters: Sequence[Raster], engine: Engine) -> Recognised:
    """The page with what stands on `rasters`: one of the whole page, or those of the pictures on it.

    A smaller picture without a table that can be read, such as a chart, is left a picture.
    """
    area = page.width * page.height
    whole = len(rasters) == 1 and rasters[0].box.area >= 0.999 * area
    read = [_sheet(page.number, raster, engine) for raster in rasters]
    told = [one for one, raster in zip(read, rasters, strict=True) if one.has_table or raster.box.area >= MOST * area]
    findings = [replace(f, page=page.number) for one in told for f in one.findings]
    if len(told) < len(read):
        message = "a picture on this page holds no table that can be read; it was left a picture"
        findings.append(Finding("picture-left", "info", message, page.number))
    unread = tuple(box for one in told for box in one.doubted.unread)
    faint = tuple(box for one in told for box in one.doubted.faint)
    grid = tuple(box for one in told for box in one.doubted.grid)
    way = Way(page, tuple(one.sheet.warp for one in told))
    straight = _whole(page, read[0]) if whole else _with_pictures(page, told)
    return Recognised(straight, way, Doubted(unread, faint, grid), tuple(findings))


def _whole(page: Page, read: _Read) -> Page:
    """The page as its sheet."""
    sheet, upright = read.sheet.warp.sheet, not read.sheet.turned % 180
    return replace(
        page,
        width=max(page.width, sheet.x1) if upright else sheet.x1,
        height=max(page.height, sheet.bottom) if upright else sheet.bottom,
        words=read.page.words,
        rulings=read.page.rulings,
        skew=read.sheet.skew,
    )


def _with_pictures(page: Page, told: Sequence[_Read]) -> Page:
    """The page's own words and rulings, with those of its pictures in their places."""
    taken = [one.sheet.warp.sheet for one in told]
    words = [w for w in page.words if not any(box.holds(w.box.cx, w.box.cy) for box in taken)]
    return replace(
        page,
        words=(*words, *(w for one in told for w in one.page.words)),
        rulings=(*page.rulings, *(r for one in told for r in one.page.rulings)),
    )


@dataclass(frozen=True, slots=True)
class _Read:
    page: Page
    sheet: Sheet
    doubted: Doubted
    findings: tuple[Finding, ...]
    has_table: bool


def _sheet(number: int, raster: Raster, engine: Engine) -> _Read:
    """One picture: made straight, its rulings found, its cells read, then the text around them."""
    from biaoge.ocr import blobs, cells, outside
    from biaoge.ocr.clean import clean

    sheet = clean(raster, engine)
    chosen = grids.choose(number, sheet)
    bare = chosen.bare
    boxes = [region.box for piece in chosen.pieces for cell in piece.table.cells for region in cell.regions]
    ink = blobs.find(bare)
    readings = cells.read(bare, boxes, engine, ink)
    seen = outside.detected(bare, engine)
    words = [word for reading in readings for word in reading.words]
    around = outside.read(bare, [piece.box for piece in chosen.pieces], seen, engine, ink)
    words += around.words
    unread = tuple(box for box, reading in zip(boxes, readings, strict=True) if reading.state == "unread")
    faint = tuple(boxes[i] for i in outside.missed(boxes, [reading.state for reading in readings], seen))
    straight = grids.page_of(number, sheet, tuple(words), chosen.rulings)
    again = grids.differing(ruled.find(straight), chosen.pieces)
    findings = (*sheet.findings, *chosen.findings, *_lost(around))
    reading_of = dict(zip(boxes, readings, strict=True))
    has_table = any(_is_table(piece, reading_of) for piece in chosen.pieces)
    return _Read(straight, sheet, Doubted(unread, faint, (*chosen.doubtful, *again)), findings, has_table)


def _is_table(piece: Piece, readings: Mapping[Box, CellReading]) -> bool:
    """Whether most of what stands in a grid could be read: the lines and labels of a chart are read badly."""
    if piece.table.n_rows < 2 or piece.table.n_cols < 2:
        return False
    own = [readings[region.box] for cell in piece.table.cells for region in cell.regions]
    filled = [reading for reading in own if reading.state != "blank"]
    sure = [r for r in filled if r.words and min(word.confidence for word in r.words) >= SURE]
    return len(filled) >= FEWEST and len(sure) > 0.5 * len(filled)


def _lost(around: Outside) -> tuple[Finding, ...]:
    """What is to be told about lines outside of the tables of which no word stands on the page."""
    count = len(around.unread) + around.skipped
    if not count:
        return ()
    lines = "1 line" if count == 1 else f"{count} lines"
    return (Finding("text-not-read", "info", f"{lines} outside of the tables could not be read; look at the picture"),)
