"""Which pages of a file are recognised, and what became of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache, partial
from pathlib import Path
from typing import TYPE_CHECKING

from biaoge.app.isolate import tell
from biaoge.app.moved import Way
from biaoge.app.recognise import Doubted, recognise
from biaoge.app.settings import Settings
from biaoge.errors import InputError, MissingExtra
from biaoge.model import Box, Cell, Finding, Page, Table
from biaoge.tables.joined import Joined

if TYPE_CHECKING:
    from biaoge.ingest.raster import Drawn, Rasters
    from biaoge.ocr.contract import Engine
    from biaoge.ocr.sheet import Sheet

LOW = 0.9
"""A recognised cell is told as a finding where it is less sure than this, as the engine sees it or as measured."""
FAINT = 0.5
"""Confidence of a cell that seems blank and in which a line of text was detected all the same."""
BLANK = 0.998
"""Confidence of a cell without ink."""
OTHERWISE = 0.86
"""How often a cell is shaped right that other rulings would shape otherwise."""
TOLD = (
    ("unread-cell", "there is ink in these cells that could not be read"),
    ("faint-cell", "these cells seem blank, but a line of text was detected in them; look at the picture"),
    ("grid-doubtful", "these cells would be others if a worn ruling were drawn, or not; look at the picture"),
    ("low-confidence", "these cells were recognised with doubt; see their alternatives, and the picture"),
)


def _judged(table: Table, seen: Recognition) -> tuple[Table, tuple[Finding, ...]]:
    """The table with measured confidences, its unread cells as such, and findings about all that are not sure."""
    unread = {page: doubted.unread for page, doubted in seen.doubted.items()}
    faint = {page: doubted.faint for page, doubted in seen.doubted.items()}
    grid = {page: doubted.grid for page, doubted in seen.doubted.items()}
    cells: list[Cell] = []
    places: dict[str, list[tuple[int, int]]] = {kind: [] for kind, _ in TOLD}
    for cell in table.cells:
        if not seen.has(cell):
            cells.append(cell)
            continue
        if cell.text:
            claimed = cell.confidence
            cell = replace(cell, confidence=_measured(cell, seen.engine[0]), source="ocr")
            kind = "low-confidence" if min(claimed, cell.confidence) < LOW else ""
        elif _among(cell, unread):
            cell, kind = replace(cell, text=None, confidence=0.0, source="ocr"), "unread-cell"
        elif _among(cell, faint):
            cell, kind = replace(cell, confidence=FAINT, source="ocr"), "faint-cell"
        else:
            cell, kind = replace(cell, confidence=min(cell.confidence, BLANK), source="ocr"), ""
        if _among(cell, grid):
            cell = replace(cell, confidence=cell.confidence * OTHERWISE)
            places["grid-doubtful"].append((cell.row, cell.col))
        cells.append(cell)
        if kind:
            places[kind].append((cell.row, cell.col))
    page = table.parts[0].page if table.parts else None
    findings = (Finding(kind, "warning", told, page, cells=tuple(places[kind])) for kind, told in TOLD if places[kind])
    return replace(table, cells=tuple(cells)), tuple(findings)


def _measured(cell: Cell, engine: str) -> float:
    """How often a cell is right whose least sure word the engine is so sure of; less where its place is doubtful."""
    from biaoge.ocr.calibration import calibrated

    claimed = min((word.confidence for word in cell.words), default=cell.confidence)
    place = cell.confidence / claimed if claimed else 1.0
    return min(calibrated(claimed, engine) * min(place, 1.0), 1.0)


def _among(cell: Cell, boxes: Mapping[int, Sequence[Box]]) -> bool:
    return any(region.box.holds(box.cx, box.cy) for region in cell.regions for box in boxes.get(region.page, ()))


@dataclass(frozen=True, slots=True)
class Recognition:
    """The recognised pages, straight, by number, and the ways back; `engine`: its name and version."""

    pages: Mapping[int, Page] = field(default_factory=dict)
    ways: Mapping[int, Way] = field(default_factory=dict)
    doubted: Mapping[int, Doubted] = field(default_factory=dict)
    findings: tuple[Finding, ...] = ()
    engine: tuple[str, str] = ("none", "")
    failed: tuple[InputError, ...] = ()

    def has(self, cell: Cell) -> bool:
        """Whether the cell, or a piece of it, stands on a recognised sheet."""
        return any(
            warp.sheet.holds(region.box.cx, region.box.cy)
            for region in cell.regions
            if region.page in self.ways
            for warp in self.ways[region.page].warps
        )

    def judged(self, whole: Joined) -> Joined:
        """The table with what could not be read, or is doubtful, told."""
        if not any(part.page in self.pages for part in whole.table.parts):
            return whole
        table, findings = _judged(whole.table, self)
        return replace(whole, table=table, findings=(*whole.findings, *findings))


def to_recognise(pages: Sequence[Page], settings: Settings) -> list[Page]:
    """The pages that are to be recognised, whole or in part."""
    if settings.ocr == "always":
        return [page for page in pages if page.route != "empty"]
    return [page for page in pages if page.route in ("ocr", "mixed")]


def recognise_pages(path: Path, pages: Sequence[Page], settings: Settings, password: str | None) -> Recognition:
    """What can be recognised of `pages`; every page that cannot be is a finding, with the error why in `failed`."""
    if settings.ocr == "never":
        return Recognition(findings=tuple(_not_read(page, "recognition is switched off") for page in pages))
    try:
        engine = engine_of(settings.engine, settings.model_dir)
    except MissingExtra as error:
        return Recognition(findings=tuple(_not_read(page, str(error)) for page in pages))
    from biaoge.ingest.raster import open_rasters

    straight: dict[int, Page] = {}
    ways: dict[int, Way] = {}
    doubted: dict[int, Doubted] = {}
    findings: list[Finding] = []
    failed: list[InputError] = []
    with open_rasters(path, password, settings.max_megapixels) as source:
        for done, page in enumerate(pages):
            tell(f"recognising page {page.number} ({done + 1} of {len(pages)})")
            drawn, errors = _drawn(source, page, settings)
            findings += [_not_read(page, str(error)) for error in errors]
            if errors and not drawn:
                if not _in_part(page, settings):
                    failed += errors
                continue
            result = recognise(page, [one.raster for one in drawn], engine)
            straight[page.number], ways[page.number] = result.page, result.way
            doubted[page.number] = result.doubted
            findings += [finding for one in drawn for finding in one.findings]
            findings.append(_told(page, settings, engine.name))
            if not result.page.words:
                message = "no writing was found in the picture of this page"
                findings.append(Finding("nothing-recognised", "info", message, page.number))
            findings += result.findings
    return Recognition(straight, ways, doubted, tuple(findings), (engine.name, engine.version), tuple(failed))


def sheets_of(path: Path, page: Page, settings: Settings, password: str | None) -> tuple[Sheet, ...]:
    """The cleaned pictures of a page that was recognised, once more."""
    from biaoge.ingest.raster import open_rasters
    from biaoge.ocr.clean import clean

    engine = engine_of(settings.engine, settings.model_dir)
    with open_rasters(path, password, settings.max_megapixels) as source:
        return tuple(clean(one.raster, engine) for one in _drawn(source, page, settings)[0])


def _drawn(source: Rasters, page: Page, settings: Settings) -> tuple[list[Drawn], list[InputError]]:
    """The page, or each of its pictures that is to be recognised, and the errors of those that cannot be drawn."""
    from biaoge.ingest.trust import regions

    draw = [partial(source.page, page)]
    if _in_part(page, settings):
        draw = [partial(source.region, page, box) for box in regions(page)]
    drawn: list[Drawn] = []
    errors: list[InputError] = []
    for one in draw:
        try:
            drawn.append(one())
        except InputError as error:
            errors.append(error)
    return drawn, errors


def _in_part(page: Page, settings: Settings) -> bool:
    """Whether pictures alone are recognised of a page, and what else it says stays."""
    return page.route == "mixed" and settings.ocr != "always"


def _told(page: Page, settings: Settings, engine: str) -> Finding:
    if _in_part(page, settings):
        return Finding("page-recognised", "info", f"pictures on this page were recognised with {engine}", page.number)
    why = page.trust.message if not page.trust.usable else "its own text was put aside"
    return Finding("page-recognised", "info", f"recognised with {engine}: {why}", page.number)


def _not_read(page: Page, why: str) -> Finding:
    if page.route == "mixed":
        message = f"a picture on this page was not recognised: {why}"
        return Finding("picture-not-read", "info", message, page.number)
    message = f"this page was not recognised ({why}), and has no text of its own that can be used"
    return Finding("page-not-read", "warning", f"{message}: {page.trust.message}".rstrip(": "), page.number)


@cache
def engine_of(name: str, model_dir: str | None) -> Engine:
    """The engine, opened once a process; MissingExtra, UsageError where it cannot be."""
    from biaoge.ocr.engines.registry import EngineOptions, open_engine

    return open_engine(name, EngineOptions(model_dir=Path(model_dir) if model_dir else None))
