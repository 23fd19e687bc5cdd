from __future__ import annotations

import json
import re
from dataclasses import fields, replace
from pathlib import Path
from typing import get_args

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from biaoge.errors import LabelError, UsageError
from biaoge.eval import sets
from biaoge.eval.gridtext import Status, dumps, read
from biaoge.eval.labels import FORMATS, data_json, icdar2013
from biaoge.eval.prediction import Prediction, Reading
from biaoge.eval.scoring import score_document
from biaoge.eval.setfiles import Listed, SetFile, loads, write
from biaoge.eval.setfiles import dumps as dumps_set
from biaoge.eval.setfiles import read as read_set
from biaoge.eval.sets import NAMES, OWN, SAMPLES, Kind, data_root, filled, load
from biaoge.eval.typeset.index import Entry, write_index
from biaoge.files import sha256_of
from biaoge.model import Box, Cell, Part, Table

CELL: dict[str, object] = {"row": 0, "col": 0, "rowspan": 1, "colspan": 2, "text": "net\ncost"}
LABEL: dict[str, object] = {
    "id": "a_1",
    "pdf": "pdfs/a.pdf",
    "page": 2,
    "bbox": [1, 2, 3, 4],
    "n_rows": 2,
    "n_cols": 2,
    "cells": [CELL],
}
REGISTRY = Path(sets.__file__).resolve().parent / "registry"


def make(folder: Path, *labels: dict[str, object], alternatives: tuple[dict[str, object], ...] = ()) -> Path:
    """A set of JSON labels; the path of its file."""
    listed: dict[str, Listed] = {}
    for i, label in enumerate((*labels, *alternatives)):
        (folder / f"{i}.json").write_text(json.dumps(label), encoding="utf-8")
        pdf = folder / str(label["pdf"])
        pdf.parent.mkdir(exist_ok=True)
        pdf.write_bytes(str(label["pdf"]).encode())
        before = listed.get(str(label["pdf"]), Listed(str(label["pdf"]), sha256_of(pdf), ()))
        if i < len(labels):
            after = Listed(before.file, before.sha256, (*before.labels, f"{i}.json"), tags=("producer-x",))
        else:
            after = Listed(before.file, before.sha256, before.labels, (*before.alternatives, (f"{i}.json",)))
        listed[before.file] = after
    write(folder / "mine.toml", SetFile(name="mine", title="Mine", licence="CC0", documents=tuple(listed.values())))
    return folder / "mine.toml"


def test_a_label_becomes_a_table_that_tiles(tmp_path: Path) -> None:
    truth = load(make(tmp_path, LABEL))
    assert (truth.name, truth.title, truth.licence, truth.kind) == ("mine", "Mine", "CC0", Kind())
    (document,) = truth.documents
    (table,) = document.tables
    assert (document.name, document.pdf) == ("a", tmp_path / "pdfs" / "a.pdf")
    assert (document.tags, document.sha256) == (("producer-x",), sha256_of(document.pdf))
    assert (table.id, table.pages, table.tags) == ("a_1", (2,), ("spans", "blank-cells", "size-s"))
    cells = (Cell(0, 0, "net cost", colspan=2), Cell(1, 0), Cell(1, 1))
    assert table.table == Table(2, 2, cells, parts=(Part(2, Box(1, 2, 3, 4), (0, 1)),))


def test_documents_and_tables_stand_in_their_order(tmp_path: Path) -> None:
    labels = [LABEL | {"page": 10, "id": "a_2"}, LABEL | {"pdf": "pdfs/B.pdf", "id": "B_1"}, LABEL]
    documents = load(make(tmp_path, *labels)).documents
    assert [(d.name, [t.id for t in d.tables]) for d in documents] == [("B", ["B_1"]), ("a", ["a_1", "a_2"])]


def test_documents_of_one_name_are_told_apart(tmp_path: Path) -> None:
    labels = [LABEL, LABEL | {"pdf": "more/a.pdf"}, LABEL | {"pdf": "more/b.pdf"}]
    assert [d.name for d in load(make(tmp_path, *labels)).documents] == ["b", "more/a.pdf", "pdfs/a.pdf"]


def test_another_truth_stands_beside_the_tables(tmp_path: Path) -> None:
    path = make(tmp_path, LABEL, alternatives=(LABEL | {"id": "ab_1", "alternative_of": "a"},))
    (document,) = load(path).documents
    assert [t.id for t in document.tables] == ["a_1"]
    assert [[t.id for t in other] for other in document.alternatives] == [["ab_1"]]


def test_a_document_may_hold_no_table(tmp_path: Path) -> None:
    path = make(tmp_path, LABEL)
    (tmp_path / "none.pdf").write_bytes(b"none")
    said = read_set(path)
    bare = Listed("none.pdf", sha256_of(tmp_path / "none.pdf"), ())
    write(path, replace(said, documents=(*said.documents, bare)))
    truth = load(path)
    assert [(d.name, len(d.tables)) for d in truth.documents] == [("a", 1), ("none", 0)]
    prediction = Prediction("e", "1", Reading((Table(1, 1, (Cell(0, 0, "x"),)),)))
    wrong = score_document(truth.documents[1], prediction, truth.kind)
    assert not [t for t in wrong.tables if t.labelled]
    assert [t.found for t in wrong.tables] == [True]
    assert (wrong.detection.matched, wrong.detection.predicted, wrong.detection.true) == (0, 1, 0)


def test_ids_are_one_of_a_kind_in_a_set(tmp_path: Path) -> None:
    labels = [LABEL, LABEL | {"pdf": "pdfs/b.pdf"}, LABEL | {"pdf": "pdfs/b.pdf", "id": "b_2"}]
    others = (LABEL | {"pdf": "pdfs/c.pdf", "id": "a_1", "alternative_of": "a"},)
    documents = load(make(tmp_path, *labels, LABEL | {"pdf": "pdfs/c.pdf", "id": "c_1"}, alternatives=others)).documents
    assert [[t.id for t in d.tables] for d in documents] == [["a:a_1"], ["b:a_1", "b_2"], ["c_1"]]
    assert [t.id for t in documents[2].alternatives[0]] == ["c:a_1"]
    with pytest.raises(LabelError, match="two tables are named 'a:a_1'"):
        load(make(tmp_path, LABEL, LABEL | {"id": "a:a_1"}, LABEL | {"pdf": "pdfs/b.pdf"}))


def test_labels_in_one_file_find_the_document_of_their_folder(tmp_path: Path) -> None:
    html = {"structure": {"tokens": ["<tr>", "<td>", "</td>", "</tr>"]}}
    lines = [{"filename": f"{n}/1.png", "html": html | {"cells": [{"tokens": [n]}]}} for n in ("x", "y")]
    (tmp_path / "all.jsonl").write_text("\n".join(map(json.dumps, lines)), encoding="utf-8")
    listed = []
    for name in ("x", "y"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "1.png").write_text(name, encoding="utf-8")
        listed.append(Listed(f"{name}/1.png", sha256_of(tmp_path / name / "1.png"), ("all.jsonl",)))
    write(tmp_path / "mine.toml", SetFile(name="mine", format="pubtabnet", documents=tuple(listed)))
    documents = load(tmp_path / "mine.toml").documents
    assert [(d.name, [(t.id, t.table.texts()) for t in d.tables]) for d in documents] == [
        ("x/1.png", [("x/1.png:1", [["x"]])]),
        ("y/1.png", [("y/1.png:1", [["y"]])]),
    ]


def test_no_two_documents_have_one_name(tmp_path: Path) -> None:
    labels = [LABEL | {"pdf": pdf} for pdf in ("a.pdf", "pdfs/a.pdf", "pdfs/a.pdf.png")]
    assert [d.name for d in load(make(tmp_path, *labels)).documents] == ["a.pdf", "pdfs/a.pdf", "pdfs/a.pdf.png"]


def test_one_name_for_two_tables_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(LabelError, match="'a_1'"):
        load(make(tmp_path, LABEL, LABEL))


@pytest.mark.parametrize(
    "wrong",
    [{"cells": [CELL, CELL]}, {"cells": [CELL | {"col": 1}]}, {"bbox": [3, 2, 1, 4]}, {"n_rows": "two"}],
)
def test_a_label_that_is_no_table_is_named(tmp_path: Path, wrong: dict[str, object]) -> None:
    with pytest.raises(LabelError, match=r"0\.json"):
        load(make(tmp_path, LABEL | wrong))


def test_another_file_than_the_labelled_one_is_an_error(tmp_path: Path) -> None:
    path = make(tmp_path, LABEL)
    (tmp_path / "pdfs" / "a.pdf").write_bytes(b"another one")
    with pytest.raises(LabelError, match=r"a\.pdf is not the file"):
        load(path)
    assert len(load(path, verify=False).documents) == 1


def test_what_is_absent_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = make(tmp_path, LABEL)
    (tmp_path / "0.json").unlink()
    with pytest.raises(LabelError, match=r"0\.json"):
        load(path)
    (tmp_path / "pdfs" / "a.pdf").unlink()
    with pytest.raises(LabelError, match=r"a\.pdf is not there"):
        load(path, verify=False)
    with pytest.raises(UsageError, match="govcn_xxgk"):
        load("no such set")
    with pytest.raises(UsageError, match=r"none\.toml"):
        load(tmp_path / "none.toml")
    with pytest.raises(UsageError, match="cn_pdfs"):
        load("cn_pdfs", tmp_path)
    monkeypatch.setenv("BIAOGE_DATA", str(tmp_path / "gone"))
    with pytest.raises(UsageError, match="BIAOGE_DATA"):
        data_root()


GOOD = """
name = "mine"
format = "html"
[[document]]
file = "a.pdf"
sha256 = "{}"
labels = ["a.html"]
""".format("0" * 64)


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ('name = "mine"', "", "name: this key is needed"),
        ('"mine"', '"two words"', "name: one word"),
        ('"html"', '"word"', "format: 'word' is none of grid, html"),
        ('format = "html"', "", "format: this key is needed"),
        ("[[document]]", "joined = 1\n[[document]]", "joined: true or false"),
        ("[[document]]", 'colour = "red"\n[[document]]', "colour: unknown key"),
        ("[[document]]", 'index = "index.toml"\n[[document]]', "document: either"),
        ("[[document]]", "[document]", "document: "),
        ('"a.pdf"', '"../a.pdf"', "document 1: file: a path inside"),
        ('"a.pdf"', '"/a.pdf"', "document 1: file: a path inside"),
        ('"a.pdf"', "3", "document 1: file: text expected"),
        ("0000", "XYZ0", "document 1: sha256: 64"),
        ('labels = ["a.html"]', "", "document 1: labels: a list of paths"),
        ('["a.html"]', '[""]', "document 1: labels: a path inside"),
        ('["a.html"]', '["a.html"]\nalternatives = [[]]', "document 1: alternatives: a list of paths"),
        ("[[document]]", f"joined = {'9' * 5000}\n[[document]]", "mine.toml: "),
        ('["a.html"]', '"a.html"', "document 1: labels: a list of paths"),
        ('["a.html"]', '["a.html"]\ntags = ["a b"]', "document 1: tags: a list of words"),
        ('["a.html"]', '["a.html"]\nalternatives = ["b.html"]', "document 1: alternatives: a list of paths"),
        ('["a.html"]', '["a.html"]\nnote = "x"', "document 1: note: unknown key"),
        ("name", "= name", "line 2"),
    ],
)
def test_a_wrong_set_file_is_told_by_file_and_key(tmp_path: Path, old: str, new: str, message: str) -> None:
    assert old in GOOD
    path = tmp_path / "mine.toml"
    path.write_text(GOOD.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(LabelError) as raised:
        read_set(path)
    assert "mine.toml" in str(raised.value)
    assert message in str(raised.value)


def test_a_document_listed_twice_is_an_error(tmp_path: Path) -> None:
    path = tmp_path / "mine.toml"
    path.write_text(GOOD + GOOD[GOOD.index("[[") :], encoding="utf-8")
    with pytest.raises(LabelError, match=r"document 2: file: 'a\.pdf' is listed twice"):
        read_set(path)


paths = st.from_regex(r"[a-z\"'é表]{1,30}( [a-z]{1,9})?/[a-z]{1,5}\.pdf", fullmatch=True)
words = st.from_regex(r"[a-z0-9-]{1,9}", fullmatch=True)
listed = st.builds(
    Listed,
    paths,
    st.from_regex("[0-9a-f]{64}", fullmatch=True),
    st.lists(paths, max_size=5).map(tuple),
    st.lists(st.lists(paths, min_size=1, max_size=2).map(tuple), max_size=2).map(tuple),
    st.lists(words, max_size=3).map(tuple),
)
set_files = st.builds(
    SetFile,
    name=words,
    title=st.text(st.characters(exclude_categories=["Cs"])),
    licence=st.text(st.characters(max_codepoint=200)),
    root=st.sampled_from(("data", "project", ".")),
    format=st.sampled_from(("grid", "html", "json")),
    unit=st.sampled_from(("pt", "px")),
    joined=st.booleans(),
    blanks=st.booleans(),
    documents=st.lists(listed, min_size=1, max_size=3, unique_by=lambda d: d.file).map(tuple),
)


@settings(max_examples=30, deadline=None)
@given(set_files)
def test_a_set_file_comes_back_as_written(given_set: SetFile) -> None:
    assert loads(dumps_set(given_set)) == given_set


def test_samples_take_the_labels_of_their_report_or_their_own(tmp_path: Path) -> None:
    labels = sorted((Path(sets.__file__).resolve().parent / "truth").glob("*.1.grid"))
    report = labels[0].name.removesuffix(".1.grid")
    for name in ("a.pdf", "b.pdf"):
        (tmp_path / name).write_bytes(name.encode())
    label = read(labels[0])
    (tmp_path / "own.grid").write_text(dumps(label), encoding="utf-8")
    entries = [
        Entry("b.pdf", "p", "1", "f", ("shaded",), 1, sha256_of(tmp_path / "b.pdf"), report=report),
        Entry("a.pdf", "p", "1", "f", (), 1, sha256_of(tmp_path / "a.pdf"), truth=("own.grid",)),
    ]
    write_index(tmp_path, entries)
    write(tmp_path / "set.toml", SetFile(name="drawn", format="grid", joined=True, index="index.toml"))
    own, shared = load(tmp_path / "set.toml").documents
    assert (own.name, [t.table for t in own.tables]) == ("a", [label.table])
    assert (own.tags, shared.tags) == (("producer-p",), ("producer-p", f"source-{report}", "shaded"))
    assert [t.id for t in shared.tables] == [f"b:{p.stem}" for p in sorted(labels[0].parent.glob(f"{report}.*.grid"))]
    (tmp_path / "index.toml").unlink()
    with pytest.raises(UsageError, match=r"index\.toml"):
        load(tmp_path / "set.toml")


@settings(deadline=None)
@given(st.sets(st.tuples(st.integers(0, 3), st.integers(0, 3))))
def test_filled_tiles_and_keeps_what_was_there(places: set[tuple[int, int]]) -> None:
    cells = [Cell(r, c, "x") for r, c in places]
    table = Table(4, 4, filled(4, 4, cells))
    assert {(c.row, c.col) for c in table.cells if c.text == "x"} == places
    assert sum(c.text == "" for c in table.cells) == 16 - len(places)


def test_the_registry_holds_the_named_sets_and_no_other() -> None:
    assert sorted(path.stem for path in REGISTRY.glob("*.toml")) == sorted(NAMES)
    for name in NAMES:
        said = read_set(REGISTRY / f"{name}.toml")
        assert said.name == name
        assert said.title
        assert said.licence


def test_the_page_on_truth_tells_of_every_name_key_and_format(root: Path, tmp_path: Path) -> None:
    text = (root / "docs" / "truth.md").read_text(encoding="utf-8")
    example = tmp_path / "invoices.toml"
    example.write_text(text.partition("```toml\n")[2].partition("```")[0], encoding="utf-8")
    assert read_set(example).documents[0].tags == ("producer-word",)
    told = set(re.findall(r"`([^`\n]+)`", text))
    keys = {f.name for f in (*fields(SetFile), *fields(Listed))} - {"documents"}
    tags = {"spans", "blank-cells", "cut", "header-depth-N", "size-s", "size-m", "size-l"}
    assert told >= {*NAMES, *FORMATS, *keys, *tags, *(status for status in get_args(Status))}


def test_our_own_samples_are_the_files_of_the_index(samples: Path) -> None:
    truth = load(SAMPLES)
    assert {d.pdf for d in truth.documents} <= set(samples.glob("**/*.pdf"))
    assert all(d.tables and d.tags[0].startswith("producer-") for d in truth.documents)


@pytest.mark.parametrize("name", [n for n in NAMES if n not in OWN])
def test_every_set_of_the_data_folder_loads(data: Path, name: str) -> None:
    truth = load(name, data)
    said = read_set(REGISTRY / f"{name}.toml")
    own = [t.id for d in truth.documents for t in d.tables]
    others = [t.id for d in truth.documents for tables in d.alternatives for t in tables]
    parents = {(data / said.folder / label).parent for d in said.documents for label in d.labels}
    files = [path for parent in parents for path in parent.glob("*.json")]
    assert len(own + others) == len(set(own + others)) == len(files)
    marked = {path.stem for path in files if json.loads(path.read_text(encoding="utf-8")).get("alternative_of")}
    assert set(others) == marked
    for table in (t for d in truth.documents for t in d.tables):
        assert all(part.rows[1] < table.table.n_rows for part in table.table.parts)


def test_what_the_data_folder_is_known_to_hold(data: Path) -> None:
    by_name = {d.name: d for d in load("icdar2013", data).documents}
    assert [[t.id for t in other] for other in by_name["us-011a"].alternatives] == [["us-011b_t1", "us-011b_t2"]]
    report = load("govcn_xxgk", data).documents[0].tables
    assert ["cut" in t.tags for t in report] == [True, True, False]
    images = load("pubtabnet_examples", data)
    assert images.kind.unit == "px"
    assert all(t.table.header_rows for d in images.documents for t in d.tables)


def test_the_competitions_xml_and_the_json_give_the_same_tables(data: Path) -> None:
    folder = data / "icdar2013"
    unlike = []
    for path in sorted((folder / "files").glob("*-str.xml")):
        name = path.name.removesuffix("-str.xml")
        wanted = [t for p in (folder / "gt").glob(f"{name}_t*.json") for t in data_json.read(p)]
        pdf = json.loads((folder / "gt" / f"{name}_t1.json").read_text(encoding="utf-8"))["pdf"]
        found = {t.id: t for t in icdar2013.read(path, folder / pdf)}
        assert found.keys() == {t.id for t in wanted}
        for other in wanted:
            mine = found[other.id]
            assert (mine.pages, mine.table.parts) == (other.pages, other.table.parts)
            pairs = list(zip(mine.table.cells, other.table.cells, strict=True))
            assert [(a.row, a.col, a.rowspan, a.colspan, a.text) for a, _ in pairs] == [
                (b.row, b.col, b.rowspan, b.colspan, b.text) for _, b in pairs
            ]
            unlike += [a for a, b in pairs if a.regions != b.regions]
    # One box is written with a letter among its digits; the JSON has a guess at it.
    assert [cell.regions for cell in unlike] == [()]
