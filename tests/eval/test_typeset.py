"""The samples are what their index says, and every producer sets a merged table so that all its text is there."""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path
from zipfile import ZipFile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from biaoge.errors import LabelError, UsageError
from biaoge.eval import gridtext, reports
from biaoge.eval.reports import Heading, Paragraph
from biaoge.eval.typeset import producers
from biaoge.eval.typeset.collection import samples as collected
from biaoge.eval.typeset.index import Entry, read_index, write_index
from biaoge.eval.typeset.measure import outcome
from biaoge.eval.typeset.page import html_of
from biaoge.eval.typeset.producers import PRODUCERS, Job, Producer, TypesetError, missing, produce
from biaoge.eval.typeset.story import Nested, SideBySide, Story, story_of
from biaoge.eval.typeset.style import Style, column_shares
from biaoge.files import sha256_of
from biaoge.model import Cell, Table

TABLE = gridtext.loads(
    """---
source: small
table: 1
header_rows: 2
stub_cols: 2
labeller: a
status: single
---
事项 | < | 办理情况 | <
^ | + | 商业企业 | 总计
三、本年度 | 予以公开 <一> | 12 | 248.9611
^ | 不予公开 | 0 | 7
""",
    "small",
).table
STORY = Story("年度报告\n简表", (Heading("一、总体情况", 1), Paragraph("全年发布“信息”83 条。"), TABLE))


# --- what is committed -----------------------------------------------------------------------------------------------


def test_samples_match_their_digests(root: Path) -> None:
    folder = root / "samples"
    entries = read_index(folder)
    assert {e.pdf: e.sha256 for e in entries} == {e.pdf: sha256_of(folder / e.pdf) for e in entries}
    assert {e.pdf for e in entries} == {p.name for p in folder.glob("*.pdf")}


def test_every_report_is_set_by_every_producer(root: Path) -> None:
    made = {(e.report, e.producer) for e in read_index(root / "samples") if e.report}
    assert made == {(report, producer) for report in reports.names() for producer in PRODUCERS}


def test_index_lists_the_collection(root: Path) -> None:
    entries = {Path(e.pdf).stem: e for e in read_index(root / "samples")}
    wanted = {s.name: s for s in collected()}
    assert set(entries) == set(wanted)
    for name, sample in wanted.items():
        entry = entries[name]
        assert (entry.report, entry.producer, entry.font) == (sample.report, sample.producer, sample.style.font)
        assert set(sample.tags) <= set(entry.tags)


def test_truth_beside_the_extras_is_what_was_set(root: Path) -> None:
    folder = root / "samples"
    entries = {Path(e.pdf).stem: e for e in read_index(folder) if e.truth}
    assert entries
    for sample in collected():
        if sample.report is None:
            read = tuple(gridtext.read(folder / name).table for name in entries[sample.name].truth)
            assert read == sample.story.tables()
    assert {p.name for p in folder.glob("*.grid")} == {name for e in entries.values() for name in e.truth}


def test_samples_stay_small(root: Path) -> None:
    sizes = [p.stat().st_size for p in (root / "samples").glob("*.pdf")]
    assert sum(sizes) < 4_000_000
    assert max(sizes) < 250_000


@pytest.mark.parametrize("name", ["001-writer", "000-chromium", "extra-kangxi"])
def test_tags_say_what_the_pages_cut(root: Path, name: str) -> None:
    entry = next(e for e in read_index(root / "samples") if e.pdf == f"{name}.pdf")
    sample = next(s for s in collected() if s.name == name)
    found = outcome(root / "samples" / entry.pdf, sample.story)
    assert found.lost == ""
    assert (found.pages, *sample.tags, *found.tags()) == (entry.pages, *entry.tags)


def test_the_samples_hold_all_that_pages_do_to_tables(root: Path) -> None:
    for producer in PRODUCERS:
        tags = {tag for e in read_index(root / "samples") if e.producer == producer for tag in e.tags}
        assert {"page-cut", "mid-cell", "repeated-header"} <= tags


# --- the index -------------------------------------------------------------------------------------------------------


def test_index_round_trip(tmp_path: Path) -> None:
    entries = (
        Entry("a.pdf", "writer", "LibreOffice 7", "字体", ("thin",), 2, "0" * 64, report="r"),
        Entry("b.pdf", "chromium", "Chromium 1", "x", (), 1, "f" * 64, truth=("b.1.grid", "b.2.grid")),
    )
    write_index(tmp_path, entries)
    assert read_index(tmp_path) == entries


def test_index_errors(tmp_path: Path) -> None:
    with pytest.raises(LabelError, match=r"index\.toml"):
        read_index(tmp_path)
    (tmp_path / "index.toml").write_text("[[sample]]\npdf = 'a.pdf'\ntags = []\n", encoding="utf-8")
    with pytest.raises(LabelError, match="producer"):
        read_index(tmp_path)
    with pytest.raises(LabelError, match="not both"):
        Entry("a.pdf", "writer", "1", "f", (), 1, "0", report="r", truth=("t",))


# --- setting ---------------------------------------------------------------------------------------------------------


@given(st.lists(st.text("表格ab1 ", max_size=40), min_size=1, max_size=12))
def test_columns_share_the_whole_width(texts: list[str]) -> None:
    shares = column_shares(Table(1, len(texts), tuple(Cell(0, c, text) for c, text in enumerate(texts))))
    assert sum(shares) == pytest.approx(1, abs=1e-3)
    assert min(shares) > 0.01


def test_html_has_spans_header_and_escapes() -> None:
    plain = html_of(STORY, Style())
    assert "<thead>" not in plain
    assert '<th class="corner at-left at-top head-end" rowspan="2" colspan="2">事项</th>' in plain
    assert "予以公开 &lt;一&gt;" in plain
    assert "<h1>年度报告<br>简表</h1>" in plain
    again = html_of(STORY, Style(repeat_header=True))
    assert again.index("<thead>") < again.index("商业企业") < again.index("</thead>") < again.index("予以公开")


def test_html_sets_tables_in_and_beside_tables() -> None:
    inner = Table(1, 1, (Cell(0, 0, "里"),))
    page = html_of(Story("t", (Nested(TABLE, inner, (2, 2)), SideBySide(inner, inner))), Style())
    assert page.count("<table>") == 4
    assert page.index(">12<table>") < page.index(">里<")


def test_docx_holds_merges_as_word_does(tmp_path: Path) -> None:
    pytest.importorskip("docx", reason="python-docx is not installed")
    from biaoge.eval.typeset.word import write_docx

    path = tmp_path / "a.docx"
    write_docx(STORY, Style(repeat_header=True, split_rows=False, header_fill="#d9d9d9"), path)
    xml = ZipFile(path).read("word/document.xml").decode()
    assert xml.count('<w:gridSpan w:val="2"/>') == 3
    assert xml.count('<w:vMerge w:val="restart"/>') == 2
    assert xml.count("<w:tblHeader/>") == 2
    assert xml.count("<w:cantSplit/>") == 4
    with pytest.raises(UsageError, match="HTML"):
        write_docx(Story("t", (SideBySide(TABLE, TABLE),)), Style(), path)


def test_story_of_a_report_holds_its_tables_in_order() -> None:
    report = reports.load(reports.names()[0])
    story = story_of(report)
    assert story.tables() == tuple(label.table for label in report.labels)
    assert len(story.items) == len(report.items)


@pytest.mark.parametrize("producer", PRODUCERS)
def test_producer_sets_every_text(producer: Producer, tmp_path: Path) -> None:
    why = missing(producer)
    if why:
        pytest.skip(why)
    pdf = tmp_path / "out" / "a.pdf"
    produce(producer, [Job(STORY, Style(), pdf)])
    found = outcome(pdf, STORY)
    assert (found.pages, found.lost, found.tags()) == (1, "", () if not found.radicals else ("kangxi",))
    more = replace(STORY, items=(*STORY.items, Paragraph("缺")))
    assert outcome(pdf, more).lost == "缺"


def test_a_producer_that_hangs_is_ended(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(producers, "SECONDS", 0.3)
    with pytest.raises(TypesetError, match="took longer"):
        producers._run([sys.executable, "-c", "import time; time.sleep(60)"], tmp_path)


def test_a_producer_that_fails_is_told(tmp_path: Path) -> None:
    with pytest.raises(TypesetError, match="ended with 3: no paper"):
        producers._run([sys.executable, "-c", "import sys; sys.stderr.write('no paper'); sys.exit(3)"], tmp_path)


def test_dates_and_identifiers_become_constant_and_keep_their_length() -> None:
    pdf = b"/CreationDate (D:20261121231800+08'00') /DocChecksum /%s\n/ID [ <%s>\n<%s> ]" % ((b"AB" * 16,) * 3)
    made = producers._undated(pdf)
    assert len(made) == len(pdf)
    assert b"D:20240101000000" in made
    assert b"AB" not in made
