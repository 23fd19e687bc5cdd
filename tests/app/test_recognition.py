"""Scans through the whole pipeline: drawn pictures in, tables out, with the default engine."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from biaoge.app import grids
from biaoge.app.pipeline import read, read_traced
from biaoge.app.recognition import OTHERWISE, recognise_pages, to_recognise
from biaoge.app.settings import PageChoice, Settings
from biaoge.errors import DamagedPdf, UsageError
from biaoge.ingest import raster
from biaoge.ingest.render import render
from biaoge.model import Box, Document, Page, Trust
from biaoge.raster import Raster

ROWS = [["Item", "2024", "2025"], ["Received", "128", "6"], ["Carried over", "0", "9"], ["Answered", "1,204", "31"]]


@pytest.fixture
def scanned(tmp_path: Path, grid_pdf: Callable[..., bytes]) -> Callable[..., Path]:
    """Write the page of `ROWS` as a picture, turned clockwise by some degrees, in a format of Pillow's."""
    folder = tmp_path / "scans"
    folder.mkdir()
    (folder / "page.pdf").write_bytes(grid_pdf(ROWS))

    def scan(name: str, degrees: float = 0, dpi: int = 200) -> Path:
        image = render(folder / "page.pdf", 1, dpi)
        image = image.rotate(-degrees, Image.Resampling.BICUBIC, expand=degrees % 90 == 0, fillcolor="white")
        path = folder / name
        if name.endswith(".pdf"):
            image.save(path, resolution=dpi)
        else:
            image.save(path, dpi=(dpi, dpi))
        return path

    return scan


def texts(document: Document) -> list[list[list[str | None]]]:
    return [table.texts() for table in document.tables]


@pytest.mark.parametrize("name", ["scan.pdf", "scan.png", "scan.tif", "scan.jpg"])
def test_a_scan_gives_its_table(scanned: Callable[..., Path], name: str) -> None:
    document = read(scanned(name))
    assert texts(document) == [ROWS]
    (table,) = document.tables
    assert {cell.source for cell in table.cells} == {"ocr"}
    assert all(0 < cell.confidence <= 1 for cell in table.cells)
    assert document.pages[0].route == "ocr"
    assert [step.engine for step in document.steps if step.stage == "ocr"] == ["rapidocr"]
    assert "page-recognised" in [finding.kind for finding in document.findings]


def test_boxes_stand_on_the_page_as_given(scanned: Callable[..., Path]) -> None:
    straight, skewed = read(scanned("straight.pdf")), read(scanned("skewed.pdf", 2))
    assert texts(skewed) == [ROWS]
    assert skewed.pages[0].skew == pytest.approx(2, abs=0.1)
    (a,), (b,) = straight.tables, skewed.tables
    # The page is 612 × 792 points and turned about its middle; 2 degrees move the first cell by this much.
    for cell, other in zip(a.cells, b.cells, strict=True):
        x, y = cell.regions[0].box.cx - 306, cell.regions[0].box.cy - 396
        box = other.regions[0].box
        assert (box.cx - 306, box.cy - 396) == pytest.approx(
            (0.99939 * x - 0.0349 * y, 0.99939 * y + 0.0349 * x), abs=2
        )
    assert not skewed.tables[0].cells[0].words[0].box.overlap(straight.tables[0].cells[-1].regions[0].box)


def test_the_same_twice(scanned: Callable[..., Path]) -> None:
    path = scanned("twice.pdf", 1)
    assert read(path) == read(path)


def test_never_leaves_it_unread(scanned: Callable[..., Path]) -> None:
    document = read(scanned("never.pdf"), Settings(ocr="never"))
    assert not document.tables
    (finding,) = [f for f in document.findings if f.kind == "page-not-read"]
    assert "switched off" in finding.message


def test_always_puts_the_pages_own_text_aside(pdf: Path) -> None:
    own, recognised = read(pdf), read(pdf, Settings(ocr="always"))
    assert texts(own) == texts(recognised)
    assert {cell.source for cell in recognised.tables[0].cells if cell.text} == {"ocr"}


def test_an_engine_nobody_knows(scanned: Callable[..., Path]) -> None:
    with pytest.raises(UsageError, match="rapidocr"):
        read(scanned("engine.pdf"), Settings(engine="nothing"))


def test_what_is_recognised() -> None:
    text, ocr = Page(1, 9, 9, route="text"), Page(2, 9, 9, route="ocr")
    mixed, empty = Page(3, 9, 9, route="mixed"), Page(4, 9, 9, route="empty")
    pages = [text, ocr, mixed, empty]
    assert to_recognise(pages, Settings()) == [ocr, mixed]
    assert to_recognise(pages, Settings(ocr="always")) == [text, ocr, mixed]


def test_the_trace_keeps_the_straight_page(scanned: Callable[..., Path]) -> None:
    traced = read_traced(scanned("traced.pdf", 3), Settings(), None, PageChoice())
    (table,) = traced.straight.tables
    row = [cell.regions[0].box for cell in table.cells if cell.row == 0]
    assert max(b.top for b in row) - min(b.top for b in row) < 0.5
    given = [cell.regions[0].box for cell in traced.document.tables[0].cells if cell.row == 0]
    assert max(b.top for b in given) - min(b.top for b in given) > 5


def test_a_bulk_run_reads_pictures(
    command: Callable[..., object], scanned: Callable[..., Path], tmp_path: Path
) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    (folder / "photo.JPG").write_bytes(scanned("bulk.jpg").read_bytes())
    (folder / "broken.png").write_bytes(scanned("bulk.png").read_bytes()[:3000])
    done = command("extract", folder, "--out", tmp_path / "out", "--debug")
    result = json.loads((tmp_path / "out" / "photo.JPG.json").read_text(encoding="utf-8"))
    assert result["tables"][0]["n_rows"] == len(ROWS)
    assert "broken.png: error:" in done.stderr  # type: ignore[attr-defined]
    assert not (tmp_path / "out" / "broken.png.json").exists()
    shown = (tmp_path / "out" / "photo.JPG.debug.html").read_text(encoding="utf-8")
    assert "cleaned and straight" in shown
    assert "No picture" not in shown
    assert shown.count("data:image/jpeg;base64,") == 2


def test_garbled_text_is_recognised() -> None:
    page = Page(1, 9, 9, route="ocr", trust=Trust(False, "garbled", "3 of 3 letters have no known meaning"))
    assert to_recognise([page], Settings()) == [page]


def test_cells_whose_rulings_are_doubtful_are_told(
    scanned: Callable[..., Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    path = scanned("doubtful.pdf")
    sure = read(path).tables[0].cells
    at = next(cell.regions[0].box for cell in sure if (cell.row, cell.col) == (1, 2))
    monkeypatch.setattr(grids, "differing", lambda *_: [at])
    document = read(path)
    (finding,) = [f for f in document.findings if f.kind == "grid-doubtful"]
    assert finding.cells == ((1, 2),)
    assert finding.severity == "warning"
    for cell, other in zip(document.tables[0].cells, sure, strict=True):
        less = OTHERWISE if (cell.row, cell.col) == (1, 2) else 1
        assert cell.confidence == pytest.approx(other.confidence * less)
        assert cell.text == other.text


@pytest.mark.parametrize("whole", [0, 1])
def test_a_picture_that_cannot_be_drawn_costs_no_other(monkeypatch: pytest.MonkeyPatch, whole: int) -> None:
    """`whole` of the two pictures of a page with text can be drawn; the page's own text is never given up."""
    page = Page(1, 500, 800, route="mixed", images=(Box(50, 50, 450, 250), Box(50, 400, 450, 600)))
    asked: list[Box] = []

    class Source:
        def __enter__(self) -> Source:
            return self

        def __exit__(self, *_: object) -> None:
            return None

        def page(self, _: Page) -> raster.Drawn:
            raise AssertionError("the whole page was asked for")

        def region(self, _: Page, box: Box) -> raster.Drawn:
            asked.append(box)
            if len(asked) > whole:
                raise DamagedPdf("page 1: a picture cannot be decoded")
            return raster.Drawn(Raster(np.full((400, 800, 3), 255, np.uint8), box))

    monkeypatch.setattr(raster, "open_rasters", lambda *_: Source())
    seen = recognise_pages(Path("a.pdf"), [page], Settings(engine="null"), None)
    assert len(asked) == 2
    assert [f.kind for f in seen.findings].count("picture-not-read") == 2 - whole
    assert len(seen.pages) == whole
    assert not seen.failed
