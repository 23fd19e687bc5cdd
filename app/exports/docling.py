"""DoclingDocument JSON, made by docling-core: headings, paragraphs and tables in reading order, each with its place."""

from __future__ import annotations

import mimetypes
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

from biaoge.app.exports.names import Stems
from biaoge.app.exports.rows import Exported, Source, clean
from biaoge.errors import MissingExtra
from biaoge.model import HEADER_ROLES, Block, Box, Cell, Page, Table

if TYPE_CHECKING:
    from docling_core.types.doc.document import DoclingDocument

NAMESPACE = "biaoge"
"""Of what Docling has no place for, under `meta` of a table: findings, unread cells, doubtful cells."""
_HASH = 16
"""Hexadecimal figures of the SHA-256 that Docling's 64-bit `binary_hash` can hold."""
_DOUBT = 0.9
_MOST_LEVEL = 100


def write(source: Source, target: Path) -> None:
    """Write `STEM.json` for each document into the folder `target`."""
    stems = Stems()
    for one in source:
        (target / f"{stems.stem(one.name, one.sha256)}.json").write_text(to_json(one), encoding="utf-8")


def to_json(one: Exported) -> str:
    """The document as Docling's JSON, as docling-core itself writes it."""
    text: str = docling_of(one).model_dump_json(by_alias=True, exclude_none=True)
    return text


def docling_of(one: Exported) -> DoclingDocument:
    """The document in Docling's words; MissingExtra without docling-core.

    Coordinates are points from the top left (`coord_origin: TOPLEFT`). A table on several pages has a provenance for
    each. Running heads, feet and page numbers are furniture.
    """
    doc = _words()
    name = clean(one.name)
    kind = mimetypes.guess_type(name)[0] or "application/pdf"
    origin = doc.DocumentOrigin(mimetype=kind, binary_hash=int(one.sha256[:_HASH], 16), filename=name)
    out: DoclingDocument = doc.DoclingDocument(name=Path(name).stem or name, origin=origin)
    for page in one.document.pages:
        out.add_page(page.number, doc.Size(width=page.width, height=page.height))
    waiting = dict(enumerate(one.document.tables))
    for page in one.document.pages:
        begun = {number: table for number, table in waiting.items() if _first_page(table) <= page.number}
        _Filling(out, one, page).fill(begun)
        for number in begun:
            del waiting[number]
    for number, table in waiting.items():
        _add_table(out, one, (number, table), None)
    return out


def _words() -> Any:
    """Docling's vocabulary, the module; MissingExtra where it is not installed."""
    try:
        return import_module("docling_core.types.doc")
    except ImportError:
        raise MissingExtra('this needs docling-core: pip install "biaoge[docling]"') from None


class _Filling:
    """One page's pieces on their way into a Docling document."""

    def __init__(self, out: DoclingDocument, one: Exported, page: Page) -> None:
        self._out, self._one, self._page = out, one, page
        self._items: Any = None

    def fill(self, tables: dict[int, Table]) -> None:
        """Add the page's blocks in their order, each table before the first block that lies wholly below its top."""
        captions = _captions(self._page, tables)
        taken = {id(block) for block in captions.values() if block.kind != "heading"}
        left = dict(tables)
        for block in self._page.blocks:
            if id(block) in taken:
                continue
            for number in [n for n, table in left.items() if _is_above(table, block, self._page)]:
                self._table(number, left.pop(number), captions.get(number))
            self._block(block)
        for number, table in left.items():
            self._table(number, table, captions.get(number))

    def _table(self, number: int, table: Table, caption: Block | None) -> None:
        self._items = None
        _add_table(self._out, self._one, (number, table), (self._page, caption))

    def _block(self, block: Block) -> None:
        text, prov = clean(block.text), _provenance(self._page.number, block.box, block.text)
        if block.kind == "list_item":
            self._items = self._items or self._out.add_list_group()
            self._out.add_list_item(text, prov=prov, parent=self._items)
            return
        furniture = {
            "running_head": _words().DocItemLabel.PAGE_HEADER,
            "running_foot": _words().DocItemLabel.PAGE_FOOTER,
            "page_number": _words().DocItemLabel.PAGE_FOOTER,
        }
        if block.kind in furniture:
            self._out.add_text(furniture[block.kind], text, prov=prov, content_layer=_words().ContentLayer.FURNITURE)
            return
        self._items = None
        if block.kind == "heading":
            self._out.add_heading(text, level=min(max(block.level or 1, 1), _MOST_LEVEL), prov=prov)
        else:
            label = _words().DocItemLabel.CAPTION if block.kind == "caption" else _words().DocItemLabel.TEXT
            self._out.add_text(label, text, prov=prov)


def _add_table(
    out: DoclingDocument, one: Exported, numbered: tuple[int, Table], where: tuple[Page, Block | None] | None
) -> None:
    number, table = numbered
    page, block = where or (None, None)
    caption = None
    if table.caption:
        prov = _provenance(page.number, block.box, table.caption) if page and block else None
        caption = out.add_text(_words().DocItemLabel.CAPTION, clean(table.caption), prov=prov)
    data = _words().TableData(
        num_rows=table.n_rows, num_cols=table.n_cols, table_cells=[_cell(cell, table) for cell in table.cells]
    )
    item = out.add_table(data, caption=caption)
    item.prov = [_provenance(part.page, part.box, "") for part in table.parts]
    if said := dict(_said(one, number, table)):
        item.meta = _words().FloatingMeta()
        for name, value in said.items():
            item.meta.set_custom_field(NAMESPACE, name, value)


def _cell(cell: Cell, table: Table) -> Any:
    return _words().TableCell(
        text=clean(cell.text or ""),
        row_span=cell.rowspan,
        col_span=cell.colspan,
        start_row_offset_idx=cell.row,
        end_row_offset_idx=cell.row + cell.rowspan,
        start_col_offset_idx=cell.col,
        end_col_offset_idx=cell.col + cell.colspan,
        column_header=cell.role in HEADER_ROLES,
        row_header=cell.role == "row_header",
        row_section=cell.role == "section",
        bbox=_bounds(cell.regions[0].box) if len(cell.regions) == 1 else None,
    )


def _said(one: Exported, number: int, table: Table) -> Iterator[tuple[str, Any]]:
    """What Docling's cells cannot say: which could not be read, which are doubtful or mended, the findings."""
    if unread := [[cell.row, cell.col] for cell in table.cells if cell.text is None]:
        yield "unread", unread
    if doubtful := [[c.row, c.col, round(c.confidence, 4)] for c in table.cells if c.confidence < _DOUBT]:
        yield "doubtful", doubtful
    if mended := [[cell.row, cell.col] for cell in table.cells if cell.source == "repaired"]:
        yield "repaired", mended
    found = [finding for finding in one.document.findings if finding.table == number]
    if found:
        yield (
            "findings",
            [
                {
                    "kind": clean(f.kind),
                    "severity": f.severity,
                    "message": clean(f.message),
                    "cells": [*map(list, f.cells)],
                }
                for f in found
            ],
        )


def _first_page(table: Table) -> int:
    return min((part.page for part in table.parts), default=0)


def _is_above(table: Table, block: Block, page: Page) -> bool:
    top = min((part.box.top for part in table.parts if part.page == page.number), default=None)
    return top is not None and block.box.top >= top


def _captions(page: Page, tables: dict[int, Table]) -> dict[int, Block]:
    """The block of the page that is each table's caption, where there is one.

    A heading that is one stays a heading as well, as the outline needs it; other blocks become the caption.
    """
    out: dict[int, Block] = {}
    for number, table in tables.items():
        free = [block for block in page.blocks if all(block is not other for other in out.values())]
        for kind in ("caption", "paragraph", "heading"):
            found = next((block for block in free if block.kind == kind and block.text == table.caption), None)
            if found:
                out[number] = found
                break
    return out


def _provenance(page: int, box: Box, text: str) -> Any:
    return _words().ProvenanceItem(page_no=page, bbox=_bounds(box), charspan=(0, len(text)))


def _bounds(box: Box) -> Any:
    return _words().BoundingBox(l=box.x0, t=box.top, r=box.x1, b=box.bottom, coord_origin=_words().CoordOrigin.TOPLEFT)
