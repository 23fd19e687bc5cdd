"""The scans among the samples: what is committed is what the command makes, and each is what it is there for."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pypdfium2
import pytest
from PIL import Image, ImageOps

from biaoge.errors import InputError, LabelError
from biaoge.eval import reports
from biaoge.eval.degrade import preset
from biaoge.eval.scans import versions
from biaoge.eval.scanset import as_scans
from biaoge.eval.sets import OWN, load
from biaoge.eval.typeset.hidden import Letter, with_hidden_text
from biaoge.eval.typeset.index import Entry, read_index, write_index
from biaoge.eval.typeset.scanned import LOOKALIKES, SCANNED, Scanned
from biaoge.eval.typeset.scans import main, make
from biaoge.files import sha256_of
from biaoge.model import Box

BY_FILE = {scanned.file: scanned for scanned in SCANNED}


@pytest.fixture
def folder(root: Path) -> Path:
    return root / "samples" / "scans"


def text_of(path: Path) -> list[str]:
    with pypdfium2.PdfDocument(path) as document:
        return [page.get_textpage().get_text_bounded() for page in document]


def pictures_of(path: Path) -> Iterator[list[tuple[float, float, float, float]]]:
    """For every page the bounds of its pictures."""
    with pypdfium2.PdfDocument(path) as document:
        for page in document:
            yield [o.get_bounds() for o in page.get_objects(filter=[pypdfium2.raw.FPDF_PAGEOBJ_IMAGE])]


def test_the_index_lists_what_is_there_and_is_small(folder: Path) -> None:
    entries = read_index(folder)
    assert [e.pdf for e in entries] == list(BY_FILE)
    assert {e.pdf: e.sha256 for e in entries} == {e.pdf: sha256_of(folder / e.pdf) for e in entries}
    assert {p.name for p in folder.iterdir()} == {"index.toml", *BY_FILE}
    assert sum(p.stat().st_size for p in folder.iterdir()) < 8_000_000
    assert {e.report for e in entries} == set(reports.names())


def test_the_truth_is_the_labels_of_the_tables_on_the_pages() -> None:
    truth = load("sample_scans")
    originals = {t.id.partition(":")[2]: t.table for d in load("samples").documents for t in d.tables}
    assert [d.pdf.name for d in sorted(truth.documents, key=lambda d: d.name)] == sorted(BY_FILE)
    for document in truth.documents:
        wanted = BY_FILE[document.pdf.name]
        assert [int(t.id.rpartition(".")[2]) for t in document.tables] == list(wanted.tables)
        assert all(t.table == originals[t.id.partition(":")[2]] for t in document.tables)
        assert "scan" in document.tags
        assert any(tag.startswith("source-") for tag in document.tags)
    assert {"skew", "perspective", "seal", "curl", "light", "medium", "heavy", "mixed", "hidden-text", "turned90"} <= {
        tag for d in truth.documents for tag in d.tags
    }
    assert set(OWN) == {"samples", "sample_scans"}


@pytest.mark.parametrize("file", [f for f, s in BY_FILE.items() if s.kind in ("pdf", "hidden")])
def test_every_page_of_a_pdf_is_one_picture(folder: Path, file: str) -> None:
    for pictures in pictures_of(folder / file):
        assert len(pictures) == 1
    assert any(text_of(folder / file)) == (BY_FILE[file].kind == "hidden")


def test_hidden_text_is_invisible_and_wrong(folder: Path) -> None:
    scanned = BY_FILE["002-hidden.pdf"]
    said = text_of(folder / scanned.file)
    true = [text_of(folder.parent / f"{scanned.source}.pdf")[n - 1] for n in scanned.pages]
    for mine, theirs in zip(said, true, strict=True):
        a, b = "".join(mine.split()), "".join(theirs.split())
        assert len(a) == pytest.approx(len(b), rel=0.02)
        wrong = sum(theirs.count(right) for right in LOOKALIKES) - sum(mine.count(right) for right in LOOKALIKES)
        assert wrong > 0.1 * len(b)
    with pypdfium2.PdfDocument(folder / scanned.file) as document:
        letters = list(document[1].get_objects(filter=[pypdfium2.raw.FPDF_PAGEOBJ_TEXT]))
        modes = {pypdfium2.raw.FPDFTextObj_GetTextRenderMode(letter.raw) for letter in letters}
    assert modes == {pypdfium2.raw.FPDF_TEXTRENDERMODE_INVISIBLE}


def test_a_mixed_page_has_no_text_under_its_pictures(folder: Path) -> None:
    scanned = BY_FILE["000-mixed.pdf"]
    with pypdfium2.PdfDocument(folder / scanned.file) as document:
        for number, page in zip(scanned.pages, document, strict=True):
            text, height = page.get_textpage(), page.get_height()
            assert len(text.get_text_bounded()) > 200
            if (box := scanned.patches.get(number)) is None:
                continue
            inside = text.get_text_bounded(box.x0 + 2, height - box.bottom + 2, box.x1 - 2, height - box.top - 2)
            assert not inside.strip()
    places = list(pictures_of(folder / scanned.file))
    assert [len(pictures) for pictures in places] == [1, 0, 1]


def test_pictures_are_of_the_kind_they_are_there_for(folder: Path) -> None:
    with Image.open(folder / "000-fax.tif") as fax:
        assert (getattr(fax, "n_frames", 1), fax.mode, fax.info["compression"]) == (2, "1", "group4")
        assert round(fax.info["dpi"][0]) == 300
    with Image.open(folder / "000-sideways.png") as sideways:
        assert sideways.mode == "L"
        assert sideways.width > sideways.height
    with Image.open(folder / "003-photo.jpg") as photo:
        assert photo.getexif()[0x0112] == 6
        assert photo.height > photo.width
        upright = ImageOps.exif_transpose(photo)
        assert upright is not None
        assert upright.width > upright.height
        # The desk is brown; the sheet covers the middle.
        colours = np.asarray(upright)
        assert colours[-3, 3, 0] > colours[-3, 3, 2] + 20
        assert np.ptp(colours[colours.shape[0] // 2 - 200, colours.shape[1] // 2 - 5].astype(int)) < 40


@pytest.mark.parametrize("file", ["000-sideways.png", "000-mixed.pdf"])
def test_the_same_versions_make_the_same_bytes(folder: Path, file: str, tmp_path: Path) -> None:
    entry = next(e for e in read_index(folder) if e.pdf == file)
    scanned = BY_FILE[file]
    for name in ("a", "b"):
        make(scanned, folder.parent / f"{scanned.source}.pdf", tmp_path / name)
    assert (tmp_path / "a").read_bytes() == (tmp_path / "b").read_bytes()
    if entry.producer_version == ", ".join(f"{name} {version}" for name, version in versions().items()):
        assert sha256_of(tmp_path / "a") == entry.sha256


def test_the_command_makes_one_and_keeps_the_others(
    samples: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    entry = Entry("001-light.pdf", "writer", "1", "f", ("scan",), 3, "0" * 64, report=reports.names()[1], tables=(1, 3))
    write_index(tmp_path, [entry])
    assert read_index(tmp_path) == (entry,)
    assert main(["--out", str(tmp_path), "--samples", str(samples), "--only", "000-sideways.png"]) == 0
    made, kept = read_index(tmp_path)
    assert (made.pdf, made.tables, kept) == ("000-sideways.png", (3,), entry)
    assert main(["--out", str(tmp_path), "--samples", str(samples), "--only", "none.pdf"]) == 2
    assert "none.pdf" in capsys.readouterr().err


def test_tables_need_a_report() -> None:
    with pytest.raises(LabelError, match="no report"):
        Entry("a.pdf", "writer", "1", "f", (), 1, "0", truth=("t",), tables=(1,))


def test_an_unknown_table_of_a_report_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "a.pdf").write_bytes(b"x")
    found = Entry("a.pdf", "writer", "1", "f", (), 1, sha256_of(tmp_path / "a.pdf"), reports.names()[0], tables=(1, 9))
    write_index(tmp_path, [found])
    (tmp_path / "own.toml").write_text('name = "own"\nformat = "grid"\nindex = "index.toml"\n', encoding="utf-8")
    with pytest.raises(LabelError, match="no labels"):
        load(tmp_path / "own.toml")


def test_letters_stand_where_they_are_put(folder: Path, tmp_path: Path) -> None:
    pdf = (folder / "002-medium.pdf").read_bytes()
    letters = [Letter("表", Box(100, 50, 110, 60)), Letter("O", Box(300, 700, 306, 710))]
    (tmp_path / "out.pdf").write_bytes(with_hidden_text(pdf, [letters, []]))
    first, second = text_of(tmp_path / "out.pdf")
    assert "".join(first.split()) == "表O"
    assert not second
    with pypdfium2.PdfDocument(tmp_path / "out.pdf") as document:
        page = document[0]
        left, bottom, _, top = page.get_textpage().get_charbox(0, loose=True)
        assert left == pytest.approx(100, abs=1)
        assert bottom - 3 < page.get_height() - 60 < top
    with (
        pypdfium2.PdfDocument(folder / "002-medium.pdf") as before,
        pypdfium2.PdfDocument(tmp_path / "out.pdf") as after,
    ):
        for one, two in zip(before, after, strict=True):
            assert (np.asarray(one.render(scale=0.3).to_pil()) == np.asarray(two.render(scale=0.3).to_pil())).all()


def test_a_picture_cannot_be_made_a_scan_again(tmp_path: Path) -> None:
    truth = load("sample_scans")
    only = replace(truth, documents=tuple(d for d in truth.documents if d.pdf.suffix == ".png"))
    with pytest.raises(InputError, match=r"000-sideways\.png: cannot be made a scan"):
        as_scans(only, preset("clean150"), tmp_path)


def test_scans_name_pages_that_their_tables_are_on() -> None:
    for scanned in SCANNED:
        assert isinstance(scanned, Scanned)
        assert scanned.patches.keys() <= set(scanned.pages)
        assert sorted(scanned.pages) == list(scanned.pages)
