"""Engines whose models no wheel carries: what becomes of their answers, and what is said without the models."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from types import SimpleNamespace

import pytest

from biaoge.eval.engines import camelot_flavors, docling_engine, ppstructure
from biaoge.model import Box

HTML = "<html><body><table><tr><td rowspan='2'>甲</td><td>1</td></tr><tr><td>2</td></tr></table></body></html>"


def test_blocks_of_a_page_become_tables() -> None:
    found = [
        {"block_label": "text", "block_content": "x", "block_bbox": [0, 0, 1, 1]},
        {"block_label": "table", "block_content": HTML, "block_bbox": [200, 400, 1000, 800]},
        {"block_label": "table", "block_content": "", "block_bbox": [0, 0, 1, 1]},
    ]
    reading = ppstructure.blocks(3, found, 72 / 200)
    (table,) = reading.tables
    assert table.texts() == [["甲", "1"], ["甲", "2"]]
    assert table.cells[0].source == "ocr"
    assert table.parts[0].page == 3
    assert table.parts[0].box == Box(72, 144, 360, 288)
    assert [f.kind for f in reading.findings] == ["table-without-cells"]


@dataclass
class Corner:
    """A box with its origin at the lower left, as docling's layout has it."""

    l: float  # noqa: E741
    t: float
    r: float
    b: float

    def to_top_left_origin(self, page_height: float) -> Corner:
        return Corner(self.l, page_height - self.t, self.r, page_height - self.b)


def cell(row: int, rows: int, col: int, text: str, header: bool = False) -> SimpleNamespace:
    return SimpleNamespace(
        start_row_offset_idx=row,
        end_row_offset_idx=row + rows,
        start_col_offset_idx=col,
        end_col_offset_idx=col + 1,
        text=text,
        bbox=Corner(10 + col, 790 - row, 11 + col, 789 - row) if text else None,
        column_header=header,
        row_section=False,
        row_header=False,
    )


def test_a_converted_document_becomes_tables() -> None:
    cells = [cell(0, 2, 0, "甲", header=True), cell(0, 1, 1, "1"), cell(1, 1, 1, "")]
    found = SimpleNamespace(prov=[SimpleNamespace(page_no=2)], data=SimpleNamespace(table_cells=cells))
    pages = {2: SimpleNamespace(size=SimpleNamespace(height=800.0))}
    (table,) = docling_engine.tables(SimpleNamespace(tables=[found], pages=pages), "text").tables
    assert table.texts() == [["甲", "1"], ["甲", ""]]
    assert table.cells[0].role == "column_header"
    assert table.cells[0].regions[0].box == Box(10, 10, 11, 11)
    assert table.parts[0].page == 2


def test_models_are_looked_for_on_the_machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PADDLE_PDX_CACHE_HOME", str(tmp_path))
    monkeypatch.setenv("HF_HOME", str(tmp_path))
    monkeypatch.delenv("DOCLING_ARTIFACTS_PATH", raising=False)
    assert "SLANeXt_wired" in (ppstructure.absent() or "")
    assert "table-transformer-detection" in (camelot_flavors.ml_absent() or "")
    assert "DOCLING_ARTIFACTS_PATH" in (docling_engine.absent() or "")
    monkeypatch.setenv("DOCLING_ARTIFACTS_PATH", str(tmp_path))
    assert "docling-layout-heron" in (docling_engine.absent() or "")
    for name in ppstructure.MODELS:
        (tmp_path / "official_models" / name).mkdir(parents=True)
    for name in docling_engine.MODELS:
        (tmp_path / name).mkdir()
    for name in camelot_flavors.ML_MODELS:
        (tmp_path / "hub" / f"models--{name.replace('/', '--')}").mkdir(parents=True)
    assert ppstructure.absent() is docling_engine.absent() is camelot_flavors.ml_absent() is None
