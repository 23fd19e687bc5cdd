"""The XML of the ICDAR-2013 table competition: `<name>-str.xml` with the cells beside `<name>-reg.xml` with the boxes.

Göbel, Hassan, Oro, Orsi: ICDAR 2013 Table Competition (2013). A table has regions, one for each page it stands on;
`row-increment` and `col-increment` move a region's cells to their place in the table. Rows and columns are then counted
from the first that holds a cell. An absent `end-row` or `end-col` is the start. Blank cells are not labelled; they are
filled in. Boxes are in points from the bottom left and are turned over here with the page's height, which only the PDF
knows: that of the page as displayed, but for the cells of a page lying on its side (`/Rotate` 90 or 270) that of the
page before it is turned. A box with something that is no number, as one of the competition's files has it, is left out.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING
from xml.etree import ElementTree

from biaoge.errors import LabelError, TableError
from biaoge.model import Box, Cell, Part, Region, Table
from biaoge.text import join_lines

from .found import Labelled, filled

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

STRUCTURE, REGIONS = "-str.xml", "-reg.xml"
_NUMBER = re.compile(r"\s*-?[0-9]+(\.[0-9]+)?\s*")


def read(path: Path, pdf: Path | None = None) -> tuple[Labelled, ...]:
    """The tables of the file `path` (`…-str.xml`), named `<name>_t1` and so on; without `pdf` they have no boxes.

    LabelError where either file of the pair is absent, is no such XML, or the cells of a table overlap.
    """
    name = path.name.removesuffix(STRUCTURE)
    structures = list(_parse(path).iter("table"))
    areas = list(_parse(path.with_name(name + REGIONS)).iter("table"))
    if len(structures) != len(areas) or not structures:
        raise LabelError(f"{path}: {len(structures)} tables, but {len(areas)} in {name}{REGIONS}")
    heights = _page_heights(pdf) if pdf is not None else None
    out = []
    for n, (structure, area) in enumerate(zip(structures, areas, strict=True), start=1):
        try:
            table, pages = _table(structure, area, heights)
        except (KeyError, ValueError, IndexError, TableError, LabelError) as problem:
            raise LabelError(f"{path}: table {n}: {type(problem).__name__}: {problem}") from problem
        out.append(Labelled(f"{name}_t{n}", table, pages))
    return tuple(out)


@dataclass(frozen=True, slots=True)
class _Region:
    """A region: its page, its cells at their place in the table before offsets are taken off, its box."""

    page: int
    cells: tuple[tuple[int, int, Cell], ...]
    box: Box | None


def _parse(path: Path) -> Element:
    try:
        return ElementTree.parse(path).getroot()
    except (ElementTree.ParseError, LookupError, ValueError) as problem:  # also an encoding that is not known
        raise LabelError(f"{path}: {problem}") from problem


@dataclass(frozen=True, slots=True)
class _Heights:
    """What boxes of a page are counted from (points, to the hundredth)."""

    region: float
    cell: float


def _page_heights(pdf: Path) -> Sequence[_Heights]:
    import pypdfium2

    try:
        document = pypdfium2.PdfDocument(pdf)
    except pypdfium2.PdfiumError as problem:
        raise LabelError(f"{pdf}: {problem}") from problem
    try:
        out = []
        for page in document:
            width, height = (round(points, 2) for points in page.get_size())
            out.append(_Heights(height, width if page.get_rotation() in (90, 270) else height))
        return out
    finally:
        document.close()


def _table(structure: Element, area: Element, heights: Sequence[_Heights] | None) -> tuple[Table, tuple[int, ...]]:
    regions, boxes = structure.findall("region"), area.findall("region")
    if len(regions) != len(boxes):
        raise LabelError(f"{len(regions)} regions, but {len(boxes)} with boxes")
    found = [_region(r, b, heights) for r, b in zip(regions, boxes, strict=True)]
    places = [(row, col) for region in found for row, col, _ in region.cells]
    if not places:
        raise LabelError("no cell")
    top, left = min(row for row, _ in places), min(col for _, col in places)
    cells = [replace(c, row=r - top, col=k - left) for region in found for r, k, c in region.cells]
    n_rows, n_cols = max(c.rows.stop for c in cells), max(c.cols.stop for c in cells)
    parts = tuple(
        Part(region.page, region.box, _rows(region, top)) for region in found if region.box is not None and region.cells
    )
    pages = tuple(dict.fromkeys(region.page for region in found))
    return Table(n_rows, n_cols, filled(n_rows, n_cols, cells), parts=parts), pages


def _rows(region: _Region, top: int) -> tuple[int, int]:
    return (
        min(row for row, _, _ in region.cells) - top,
        max(row + cell.rowspan for row, _, cell in region.cells) - 1 - top,
    )


def _region(structure: Element, area: Element, heights: Sequence[_Heights] | None) -> _Region:
    page = int(structure.attrib["page"])
    if page < 1:
        raise ValueError(f"page {page}: pages count from 1")
    height = None if heights is None else heights[page - 1]
    of_region, of_cell = (height.region, height.cell) if height else (None, None)
    down, right = int(structure.get("row-increment", "0")), int(structure.get("col-increment", "0"))
    cells = []
    for element in structure.findall("cell"):
        row, col, cell = _cell(element)
        box = _box(element, of_cell)
        regions = (Region(page, box),) if box is not None else ()
        cells.append((row + down, col + right, replace(cell, regions=regions)))
    return _Region(page, tuple(cells), _box(area, of_region))


def _cell(element: Element) -> tuple[int, int, Cell]:
    """Row and column as written (they may be negative), and the cell at row 0, column 0."""
    said = element.attrib
    row, col = int(said["start-row"]), int(said["start-col"])
    text = "".join(element.find("content").itertext()) if element.find("content") is not None else ""  # type: ignore[union-attr]
    return row, col, Cell(0, 0, join_lines(text.splitlines()), _span(said, "row"), _span(said, "col"))


def _span(said: Mapping[str, str], axis: str) -> int:
    start = said[f"start-{axis}"]
    return int(said.get(f"end-{axis}") or start) - int(start) + 1


def _box(element: Element, height: float | None) -> Box | None:
    box = element.find("bounding-box")
    if box is None or height is None:
        return None
    said = [box.get(key, "") for key in ("x1", "x2", "y1", "y2")]
    if not all(map(_NUMBER.fullmatch, said)):
        return None
    x0, x1, low, high = map(float, said)
    # Rounded, as the difference of two hundredths need not be one.
    top, bottom = round(height - max(low, high), 2), round(height - min(low, high), 2)
    return Box(min(x0, x1), top, max(x0, x1), bottom)
