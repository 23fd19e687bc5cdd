from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from biaoge.errors import InputError
from biaoge.eval.degrade import Strength, preset
from biaoge.eval.scanset import as_scans
from biaoge.eval.sets import TruthSet, load


@pytest.fixture
def truth() -> TruthSet:
    whole = load("samples")
    return replace(whole, documents=tuple(d for d in whole.documents if d.name in ("extra-wide", "extra-kangxi")))


def test_the_documents_are_other_files_with_the_same_labels_and_tags_that_say_so(
    truth: TruthSet, tmp_path: Path
) -> None:
    heard: list[str] = []
    scans = as_scans(truth, preset("dpi120"), tmp_path, heard.append)
    assert scans.name == "samples@dpi120"
    assert heard == [f"{d.name}@dpi120" for d in truth.documents]
    for before, after in zip(truth.documents, scans.documents, strict=True):
        assert after.name == before.name
        assert after.pdf != before.pdf
        assert after.sha256 != before.sha256
        assert after.tags == (*before.tags, "scan", "dpi120")
        assert [t.table.cells for t in after.tables] == [t.table.cells for t in before.tables]
    again: list[str] = []
    assert as_scans(truth, preset("dpi120"), tmp_path, again.append) == scans
    assert again == []


def test_boxes_of_labels_move_with_the_pages(data: Path, tmp_path: Path) -> None:
    whole = load("govcn_budget")
    truth = replace(whole, documents=whole.documents[:1])
    turned = Strength("turned", dpi=40, skew=2.0)
    scans = as_scans(truth, turned, tmp_path)
    for before, after in zip(truth.documents[0].tables, scans.documents[0].tables, strict=True):
        assert before.table.parts
        for old, new in zip(before.table.parts, after.table.parts, strict=True):
            assert new.box != old.box
            # The upright box around a box that was turned is larger, but for what the page was shrunk by.
            assert 0.9 * old.box.area < new.box.area < 1.4 * old.box.area
            assert abs(new.box.cx - old.box.cx) + abs(new.box.cy - old.box.cy) < 60
        assert any(cell.regions for cell in after.table.cells) == any(c.regions for c in before.table.cells)


def test_a_document_that_cannot_be_drawn_is_named(truth: TruthSet, tmp_path: Path) -> None:
    (tmp_path / "bad.pdf").write_bytes(b"%PDF-1.4 nothing")
    bad = replace(truth, documents=(replace(truth.documents[0], name="bad", pdf=tmp_path / "bad.pdf"),))
    with pytest.raises(InputError, match=r"bad\.pdf: cannot be made a scan"):
        as_scans(bad, preset("clean150"), tmp_path / "out")
