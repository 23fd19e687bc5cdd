"""One table a file as plain JSON.

    {"id": "a_1", "pdf": "pdfs/a.pdf", "page": 2, "bbox": [x0, top, x1, bottom], "n_rows": 2, "n_cols": 2,
     "cells": [{"row": 0, "col": 0, "rowspan": 1, "colspan": 2, "text": "net\\ncost"}]}

Rows and columns count from 0, pages from 1, boxes from the top left: points, or pixels where the document is an image.
`bbox` may be null, here and (left out) in cells. `pages` and `parts` (`page`, `bbox`, `rows`: their number) instead of
`page` and `bbox` where a table runs over pages. A cell with `header: true` is a column header; `header_rows` counts
the leading rows of them. `alternative_of` names the label that this is another reading of. Line breaks in texts are
joined; places that the cells leave out become empty cells.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from biaoge.errors import LabelError, TableError
from biaoge.model import Box, Cell, Part, Region, Table
from biaoge.text import join_lines

from .found import Labelled, filled


def read(path: Path) -> tuple[Labelled, ...]:
    """The table of the file; LabelError where it is no such file or its cells do not tile."""
    try:
        label = json.loads(path.read_text(encoding="utf-8"))
        table = table_of(label)
        pages = tuple(int(p) for p in label.get("pages") or [label["page"]])
        alternative = str(label["id"]).rsplit("_", 1)[0] if label.get("alternative_of") else None
        return (Labelled(str(label["id"]), table, pages, str(label["pdf"]), alternative),)
    except (KeyError, TypeError, ValueError, AttributeError, TableError) as problem:
        raise LabelError(f"{path}: {type(problem).__name__}: {problem}") from problem


def table_of(label: Mapping[str, Any]) -> Table:
    """The table of one label."""
    n_rows, n_cols = label["n_rows"], label["n_cols"]
    cells = [_cell(c, label["page"]) for c in label["cells"]]
    header_rows = label.get("header_rows", 0)
    boxes = label.get("parts") or [{"page": label["page"], "bbox": label["bbox"], "rows": n_rows}]
    parts, row = [], 0
    for part in boxes:
        if part["bbox"]:
            # Parts count a row that the break cuts on both pages.
            last = min(row + part["rows"], n_rows) - 1
            parts.append(Part(part["page"], Box(*part["bbox"]), (min(row, last), last)))
            row = last + 1
    return Table(n_rows, n_cols, filled(n_rows, n_cols, cells, header_rows), header_rows, parts=tuple(parts))


def _cell(cell: Mapping[str, Any], page: int) -> Cell:
    box = cell.get("bbox")
    return Cell(
        cell["row"],
        cell["col"],
        join_lines(cell["text"].splitlines()),
        cell["rowspan"],
        cell["colspan"],
        "column_header" if cell.get("header") else "data",
        (Region(cell.get("page", page), Box(*box)),) if box else (),
    )
