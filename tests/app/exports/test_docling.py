from __future__ import annotations

import json
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from biaoge.app.exports import docling
from biaoge.app.exports.rows import Exported
from biaoge.errors import MissingExtra
from biaoge.model import Block, Box, Table


def test_without_docling_it_says_what_to_install(one: Exported, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "docling_core.types.doc", None)
    with pytest.raises(MissingExtra, match=r"biaoge\[docling\]"):
        docling.docling_of(one)


def test_there_and_back(one: Exported, table: Table, tmp_path: Path) -> None:
    doc = pytest.importorskip("docling_core.types.doc")
    docling.write([one], tmp_path)
    path = tmp_path / f"a & b-{one.sha256[:8]}.json"
    again = doc.DoclingDocument.load_from_json(path)
    assert again.origin.binary_hash == int(one.sha256[:16], 16)
    assert (again.pages[1].size.width, again.pages[1].size.height) == (595.276, 841.89)
    (found,) = again.tables
    assert (found.data.num_rows, found.data.num_cols) == (5, 4)
    cells = [(c.start_row_offset_idx, c.start_col_offset_idx, c.row_span, c.col_span) for c in found.data.table_cells]
    assert cells == [(c.row, c.col, c.rowspan, c.colspan) for c in table.cells]
    assert [c.column_header for c in found.data.table_cells] == [True] * 4 + [False] * 8
    assert [c.row_section for c in found.data.table_cells].index(True) == 4
    prov = found.prov[0]
    assert (prov.page_no, prov.bbox.t, prov.bbox.b, prov.bbox.coord_origin) == (1, 100, 200, doc.CoordOrigin.TOPLEFT)
    assert found.caption_text(again) == table.caption
    assert [(item.label.value, getattr(item, "text", "")) for item, _ in again.iterate_items()] == [
        ("section_header", "一、总体"),
        ("text", "正文"),
        ("caption", table.caption),
        ("table", ""),
    ]
    assert json.loads(path.read_text(encoding="utf-8"))["tables"][0]["meta"]["biaoge__unread"] == [[4, 2]]
    assert "一、总体" in again.export_to_markdown()
    assert "colspan" in again.export_to_html()


def test_reading_order_and_furniture(one: Exported) -> None:
    doc = pytest.importorskip("docling_core.types.doc")
    (page,) = one.document.pages
    (table,) = one.document.tables
    blocks = (
        Block("running_head", "head", Box(50, 10, 90, 20)),
        Block("caption", str(table.caption), Box(50, 90, 90, 99)),
        Block("list_item", "one", Box(50, 210, 90, 220)),
        Block("list_item", "two", Box(50, 220, 90, 230)),
        Block("paragraph", "after", Box(50, 240, 90, 250)),
    )
    made: Any = docling.docling_of(replace(one, document=replace(one.document, pages=(replace(page, blocks=blocks),))))
    labels = [item.label.value for item, _ in made.iterate_items()]
    assert labels == ["caption", "table", "list_item", "list_item", "text"]
    assert made.tables[0].captions[0].resolve(made).prov[0].bbox.t == 90
    assert [text.text for text in made.texts if text.content_layer == doc.ContentLayer.FURNITURE] == ["head"]


def test_names_lead_nowhere(hostile: Exported, tmp_path: Path) -> None:
    pytest.importorskip("docling_core.types.doc")
    inside = tmp_path / "inside"
    inside.mkdir()
    docling.write([hostile], inside)
    assert [path.name for path in tmp_path.iterdir()] == ["inside"]
    assert len(list(inside.iterdir())) == 1
