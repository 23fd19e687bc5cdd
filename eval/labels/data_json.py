"""One table a file as plain JSON.

    {"id": "a_1", "pdf": "pdfs/a.pdf", "page": 2, "bbox": [x0, top, x1, bottom], "n_rows": 2, "n_cols": 2,
     "cells": [{"row": 0, "col": 0, "rowspan": 1, "colspan": 2, "text": "net\\ncost"}]}

Rows and columns count from 0, pages from 1, boxes from the top left: points, or pixels where the document is an image.
A text is null where it cannot be read. `bbox` may be null or left out, here and in cells, and so may `rowspan` and
`colspan` of 1. `pages` and `parts` (`page`, `bbox`, `rows`: their number) instead of `page` and `bbox` where a table
runs over pages. A cell with `header: true` is a column header; `header_rows` counts the leading rows of them.
`alternative_of` names the label that this is another reading of. Line breaks in texts are joined; places that the cells
leave out become empty cells. A table has `MOST_PLACES` (`biaoge.eval.typed`) places at most.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from biaoge.errors import LabelError, TableError
from biaoge.model import Cell, Part, Region, Table
from biaoge.text import join_lines

from ..typed import Count, Edges, Name, PageNumber, Size, box_of, decoded
from .found import Labelled, filled


@dataclass(frozen=True, slots=True)
class _Cell:
    row: Count
    col: Count
    text: str | None
    rowspan: Size = 1
    colspan: Size = 1
    header: bool = False
    bbox: Edges | None = None
    page: PageNumber | None = None


@dataclass(frozen=True, slots=True)
class _Part:
    page: PageNumber
    rows: Size
    bbox: Edges | None = None


@dataclass(frozen=True, slots=True)
class _Label:
    id: Name
    pdf: Name
    n_rows: Size
    n_cols: Size
    cells: tuple[_Cell, ...]
    page: PageNumber | None = None
    pages: tuple[PageNumber, ...] | None = None
    bbox: Edges | None = None
    parts: tuple[_Part, ...] | None = None
    header_rows: Count = 0
    alternative_of: str | None = None


def read(path: Path) -> tuple[Labelled, ...]:
    """The table of the file; LabelError, with the key, where it is no such file or its cells do not tile."""
    try:
        label = decoded(path.read_text(encoding="utf-8-sig"), _Label)
        pages = label.pages or ((label.page,) if label.page is not None else ())
        if not pages:
            raise ValueError("$.page: the number of a page is needed")
        alternative = label.id.rsplit("_", 1)[0] if label.alternative_of else None
        return (Labelled(label.id, _table(label, label.page or pages[0]), pages, label.pdf, alternative),)
    except (ValueError, TableError) as problem:
        raise LabelError(f"{path}: {problem}") from problem


def _table(label: _Label, page: int) -> Table:
    n_rows, n_cols = label.n_rows, label.n_cols
    if label.header_rows > n_rows:
        raise ValueError(f"$.header_rows: {label.header_rows}, but the table has only {n_rows} rows")
    cells = filled(n_rows, n_cols, (_cell(c, n, page) for n, c in enumerate(label.cells)), label.header_rows)
    parts, row = [], 0
    for n, part in enumerate(label.parts or (_Part(page, n_rows, label.bbox),)):
        if part.bbox is not None:
            # Parts count a row that the break cuts on both pages.
            last = min(row + part.rows, n_rows) - 1
            where = f"$.parts[{n}].bbox" if label.parts else "$.bbox"
            parts.append(Part(part.page, box_of(part.bbox, where), (min(row, last), last)))
            row = last + 1
    return Table(n_rows, n_cols, cells, label.header_rows, parts=tuple(parts))


def _cell(cell: _Cell, n: int, page: int) -> Cell:
    box = None if cell.bbox is None else box_of(cell.bbox, f"$.cells[{n}].bbox")
    return Cell(
        cell.row,
        cell.col,
        None if cell.text is None else join_lines(cell.text.splitlines()),
        cell.rowspan,
        cell.colspan,
        "column_header" if cell.header else "data",
        () if box is None else (Region(cell.page or page, box),),
    )
