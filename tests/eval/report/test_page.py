"""The report as files: self-contained, escaped, linked, the same every time, and whole in a real browser."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pytest

from biaoge.errors import DamagedPdf, MissingExtra
from biaoge.eval.metrics.counts import Counts
from biaoge.eval.prediction import Prediction, Reading
from biaoge.eval.report.drill import Case, drill
from biaoge.eval.report.drill import Reader as Engine
from biaoge.eval.report.page import Sources, write_report
from biaoge.eval.report.summary import Settings
from biaoge.eval.scoring import score_document
from biaoge.eval.sets import Kind, TruthDocument, TruthTable
from biaoge.model import Table

SETTINGS = Settings(date="2024-02-29")


class Reader(HTMLParser):
    """Collects elements with their attributes, and complains of tags that do not close."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []
        self.text = ""
        self.feed(text)
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        if tag not in ("meta", "input", "br", "img"):
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text += data

    def all(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.elements if name == tag]


@pytest.fixture(scope="module")
def written(world: Any, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("report")
    write_report(folder, world.scores(), world.sources(), SETTINGS)
    return folder


def pages(folder: Path) -> list[Path]:
    return sorted(folder.rglob("*.html"))


def test_there_is_a_page_for_every_document_and_all_are_linked(written: Path, world: Any) -> None:
    links = [a["href"] for a in Reader((written / "report.html").read_text("utf-8")).all("a")]
    outside = [unquote(href) for href in links if href and not href.startswith("#")]
    assert sorted(outside) == sorted(str(p.relative_to(written).as_posix()) for p in pages(written)[:-1])
    assert len(outside) == len(world.names)
    for page in pages(written)[:-1]:
        back = Reader(page.read_text("utf-8")).all("a")[0]["href"]
        assert (page.parent / str(back)).resolve() == (written / "report.html").resolve()


def test_links_inside_a_page_lead_somewhere(written: Path) -> None:
    read = Reader((written / "report.html").read_text("utf-8"))
    ids = [a["id"] for _, a in read.elements if "id" in a]
    assert len(ids) == len(set(ids))
    for a in read.all("a"):
        if str(a["href"]).startswith("#"):
            assert str(a["href"])[1:] in ids


def test_nothing_comes_from_outside_and_nothing_runs(written: Path) -> None:
    for page in pages(written):
        read = Reader(page.read_text("utf-8"))
        names = {name for name, _ in read.elements}
        assert names.isdisjoint({"script", "link", "iframe", "object", "base"}), page
        for _, attributes in read.elements:
            assert not any(name.startswith("on") for name in attributes)
            assert not str(attributes.get("src", "data:")).startswith(("http", "/", "file"))
        assert "@import" not in page.read_text("utf-8")


def test_names_from_outside_are_shown_as_they_are(written: Path, world: Any) -> None:
    read = Reader((written / "report.html").read_text("utf-8"))
    for name in world.names:
        assert name in read.text
    texts = [Reader(page.read_text("utf-8")).text for page in pages(written)[:-1]]
    assert any("乙 <b>" in text for text in texts)
    assert all('<script>alert("x")</script>' in text for text in texts)  # the finding, or the name


def test_differing_cells_are_marked_with_sign_and_truth(written: Path) -> None:
    page = next(p for p in pages(written) if p.name.startswith("b"))
    read = Reader(page.read_text("utf-8"))
    assert "not found" in read.text
    page = next(p for p in pages(written) if p.name.startswith("e"))
    read = Reader(page.read_text("utf-8"))
    wrong = [a for a in read.all("td") if a.get("class") == "text"]
    assert len(wrong) == 4  # two cells, on both sides
    assert all("true: “" in str(a["title"]) and "predicted: “" in str(a["title"]) for a in wrong)
    assert read.text.count("≠") >= 4 + 2  # in the tables and over the page
    drawn = [a for a in read.all("rect") if a.get("class") == "text"]
    assert len(drawn) == 2
    assert {a["id"] for a in read.all("input")} == {"show-image", "show-truth", "show-e0", "show-e1"}


def test_the_same_scores_give_the_same_bytes(written: Path, world: Any, tmp_path: Path) -> None:
    write_report(tmp_path, world.scores(), world.sources(), SETTINGS)
    assert [p.relative_to(tmp_path) for p in pages(tmp_path)] == [p.relative_to(written) for p in pages(written)]
    for one, two in zip(pages(tmp_path), pages(written), strict=True):
        assert one.read_bytes() == two.read_bytes()


def test_without_pictures_or_predictions_there_still_are_pages(world: Any, tmp_path: Path) -> None:
    def broken(path: Path, page: int, dpi: float) -> bytes:
        raise DamagedPdf("cannot be opened")

    sources = Sources(world.truth, lambda *_: None, broken)
    write_report(tmp_path, world.scores(), sources, SETTINGS)
    text = next(p for p in pages(tmp_path) if p.name.startswith("e")).read_text("utf-8")
    read = Reader(text)
    assert "no picture: cannot be opened" in read.text
    assert "The prediction is not at hand" in read.text
    assert "row 2, column 0" in read.text


def test_a_report_without_documents_or_without_anything(world: Any, tmp_path: Path) -> None:
    path = write_report(tmp_path / "a", world.scores())
    assert pages(tmp_path / "a") == [path]
    Reader(write_report(tmp_path / "b", []).read_text("utf-8"))


@pytest.mark.parametrize("module", ["jinja2", "matplotlib"])
def test_without_the_extra_it_is_named_before_anything_is_written(
    module: str, world: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, module, None)
    with pytest.raises(MissingExtra, match=r"biaoge\[report\]"):
        write_report(tmp_path, world.scores(), world.sources())
    assert pages(tmp_path) == []


def test_a_browser_shows_it_without_complaint(written: Path, tmp_path: Path, world: Any) -> None:
    chromium = shutil.which("chromium") or shutil.which("google-chrome")
    if chromium is None:
        pytest.skip("no chromium on the path")
    dumped = []
    for n, page in enumerate((written / "report.html", next(p for p in pages(written) if p.name.startswith("e")))):
        options = [
            *("--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync"),
            *("--disable-background-networking", "--disable-component-update", "--enable-logging=stderr", "--v=0"),
            *(f"--user-data-dir={tmp_path / str(n)}", "--dump-dom", page.as_uri()),
        ]
        done = subprocess.run([chromium, *options], capture_output=True, text=True, timeout=60, check=True)
        assert "CONSOLE" not in done.stderr
        dumped.append(done.stdout)
    report, document = map(Reader, dumped)
    assert len(report.all("table")) >= 6
    assert len([a for a in report.all("svg") if "viewbox" in a]) >= 3
    assert len(document.all("table")) >= 4
    assert [a["src"] for a in document.all("img") if str(a["src"]).startswith("data:image/webp;base64,")]
    assert not re.search(r"<script", dumped[0])


def test_labels_in_pixels_are_drawn_where_the_image_has_them(world: Any, tmp_path: Path) -> None:
    from PIL import Image

    Image.new("L", (840, 1190), 255).save(tmp_path / "page.png")
    document = replace(world.truth("hand", "e"), pdf=tmp_path / "page.png")
    reader = Engine("e0", "good", world.scores()[1].documents[4], world.prediction("hand", "good", "e"))
    case = Case("hand", Kind(unit="px"), document, (reader,))
    (sheet,) = drill(case, world.drawn, SETTINGS).sheets
    assert (sheet.width, sheet.height) == pytest.approx((840, 1190), abs=2)
    text = drill(replace(case, kind=Kind()), world.drawn, SETTINGS).sheets[0]
    assert (text.width, text.height) == pytest.approx((420, 595), abs=1)


def test_of_many_pages_those_with_mistakes_are_shown(world: Any, make_table: Callable[..., Table]) -> None:
    tables = [make_table([["a", str(n)]], page=n) for n in range(1, 7)]
    truth = TruthDocument("d", Path("d.pdf"), tuple(TruthTable(f"d.{n}", (n,), t) for n, t in enumerate(tables, 1)))
    some = world.scores()[1].documents[1].tables[0]
    right = [replace(some, id=f"d.{n}", label=f"d.{n}", predicted=n - 1, true=n - 1) for n in range(1, 7)]
    wrong = {"folded": Counts(0, 2, 2)}
    scores = [replace(s, levels=wrong) if n == 4 else s for n, s in enumerate(right)]
    document = replace(world.scores()[1].documents[1], name="d", tables=tuple(scores))
    reader = Engine("e0", "good", document, Prediction("good", "1", Reading(tuple(tables))))
    shown = drill(Case("s", Kind(), truth, (reader,)), world.drawn, replace(SETTINGS, most_pages=2))
    assert [sheet.number for sheet in shown.sheets] == [1, 5]
    assert shown.left_out == (2, 3, 4, 6)


def test_each_engine_is_shown_beside_the_label_it_was_measured_by(make_table: Callable[..., Table]) -> None:
    apart, joined = make_table([["a", "b"]]), make_table([["ab"]])
    truth = TruthDocument(
        "d", Path("d.pdf"), (TruthTable("d.1", (1,), apart),), ((TruthTable("other.1", (1,), joined),),)
    )
    readers = []
    for n, table in enumerate((make_table([["a", "x"]]), joined)):
        prediction = Prediction(f"engine {n}", "1", Reading((table,)))
        readers.append(Engine(f"e{n}", prediction.engine, score_document(truth, prediction, Kind()), prediction))
    by_main, by_other = drill(Case("s", Kind(), truth, tuple(readers)), None, SETTINGS).entries
    assert (by_main.title, by_other.title) == ("d.1", "other.1 for d.1")
    assert [(m.reader.engine, m.state) for m in by_main.matches] == [("engine 0", "inexact")]
    assert [(m.reader.engine, m.state) for m in by_other.matches] == [("engine 1", "exact")]
    assert by_main.true is not None
    assert by_other.true is not None
    assert (by_main.true.n_cols, by_other.true.n_cols) == (2, 1)
    assert by_main.matches[0].differences == 1


def test_what_parts_by_tag_leave_out_is_said(written: Path) -> None:
    text = " ".join(Reader((written / "report.html").read_text("utf-8")).text.split())
    assert "A part by a tag of tables holds labelled tables alone" in text
