"""DocVortex (MIT AND Apache-2.0 AND BSD-3-Clause): native parsing of PDFs with text, by rules; it needs no models.

Its tables are HTML with spans. It joins tables over pages itself when it renders; where joining is wanted, its plan of
what to render is taken. A table that it could set out as running text only, without cells, is told as a finding.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

from biaoge.model import Box, Finding, Part, Table

from ..prediction import Reading
from .assemble import from_html, gather
from .pages import need_pdf


def read(path: Path, joined: bool) -> Reading:
    """`parse()` with default settings. It raises on a PDF without a text layer, for it has no OCR."""
    import docvortex
    import pypdfium2
    from docvortex.render.contracts import RenderMode
    from loguru import logger

    need_pdf(path, "DocVortex")
    logger.remove()
    document = pypdfium2.PdfDocument(path)
    try:
        sizes = [document.get_page_size(i) for i in range(len(document))]
    finally:
        document.close()
    result = docvortex.parse(str(path))
    said = [
        Finding(d.code, "info", d.message, None if d.page_index is None else d.page_index + 1)
        for d in result.diagnostics
    ]
    readings = []
    for group in _groups(result.middle_json, RenderMode.DEFAULT if joined else RenderMode.FULL):
        boxes = [(page, _box(block.bbox, sizes[page - 1])) for page, block in group]
        readings += [_reading(group[0][1], boxes)]
    return gather([Reading((), tuple(said)), *readings])


def _groups(middle: Any, mode: Any) -> Iterator[list[tuple[int, Any]]]:
    """(page, block) of every table; after the first, which bears the whole, those that were joined to it."""
    from docvortex.render._internal.common.planner import build_render_plan

    group: list[tuple[int, Any]] = []
    for page in build_render_plan(middle, mode):
        for planned in page:
            if planned.block.type != "table":
                continue
            if planned.removed and group:
                group.append((planned.page_idx + 1, planned.block))
                continue
            if group:
                yield group
            group = [(planned.page_idx + 1, planned.block)]
    if group:
        yield group


def _reading(block: Any, boxes: list[tuple[int, Box | None]]) -> Reading:
    bodies = [child.content for child in block.content if child.type == "table_body" and isinstance(child.content, str)]
    tables = [table for body in bodies for table in from_html(body)]
    if not tables:
        message = "a table without cells, set out as text or as a picture"
        return Reading((), (Finding("table-without-cells", "info", message, boxes[0][0]),))
    return Reading((_with_parts(tables[0], boxes), *tables[1:]))


def _with_parts(table: Table, boxes: list[tuple[int, Box | None]]) -> Table:
    """Which rows stand on which page it does not tell: they are shared out by the heights of the parts."""
    known = [(page, box) for page, box in boxes if box is not None]
    whole = sum(box.height for _, box in known) or 1.0
    parts, reached, row = [], 0.0, 0
    for page, box in known:
        reached += box.height
        last = max(row, min(table.n_rows, round(table.n_rows * reached / whole)) - 1)
        parts.append(Part(page, box, (min(row, table.n_rows - 1), min(last, table.n_rows - 1))))
        row = last + 1
    return replace(table, parts=tuple(parts))


def _box(shares: Any, size: tuple[float, float]) -> Box | None:
    """Its boxes are shares of the page's width and height."""
    if shares is None:
        return None
    x0, top, x1, bottom = (float(share) for share in shares)
    return Box(min(x0, x1) * size[0], min(top, bottom) * size[1], max(x0, x1) * size[0], max(top, bottom) * size[1])
