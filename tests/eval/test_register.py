from __future__ import annotations

import json
from pathlib import Path

import pytest
from tilings import plain
from typer.testing import CliRunner, Result

from biaoge.app.evalcmd import app
from biaoge.errors import LabelError, UsageError
from biaoge.eval.gridtext import Label, dumps
from biaoge.eval.register import Wanted, register, unlabelled
from biaoge.eval.setfiles import write
from biaoge.eval.sets import Kind, TruthSet, load
from biaoge.files import sha256_of

TABLE = plain("a|b", "c|1", headers=1, stub=1)


def put(path: Path, text: str = "") -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text or path.name, encoding="utf-8")
    return path


def made(folder: Path) -> TruthSet:
    """The set of the folder, written to it and read again."""
    write(folder / "set.toml", register(folder))
    return load(folder / "set.toml")


def ids(truth: TruthSet) -> dict[str, list[str]]:
    return {d.name: [t.id for t in d.tables] for d in truth.documents}


def test_html_labels_belong_to_the_document_they_are_named_after(tmp_path: Path) -> None:
    for name in ("a.pdf", "a.b.pdf", "lonely.pdf", ".hidden/a.pdf"):
        put(tmp_path / name)
    for name in ("a.html", "a.2.html", "labels/a.b.1.html"):
        put(tmp_path / name, TABLE.to_html())
    found = register(tmp_path)
    assert found.format == "html"
    assert [(d.file, d.labels) for d in found.documents] == [
        ("a.b.pdf", ("labels/a.b.1.html",)),
        ("a.pdf", ("a.2.html", "a.html")),
    ]
    assert found.documents[1].sha256 == sha256_of(tmp_path / "a.pdf")
    assert unlabelled(tmp_path, found) == ("lonely.pdf",)
    assert ids(made(tmp_path)) == {"a": ["a.1", "a.2.1"], "a.b": ["a.b.1.1"]}


def test_the_example_of_the_page_on_truth(root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    put(tmp_path / "invoices" / "a.pdf")
    put(tmp_path / "invoices" / "a.html", TABLE.to_html())
    monkeypatch.chdir(tmp_path)
    text = (root / "docs" / "truth.md").read_text(encoding="utf-8")
    names: dict[str, object] = {}
    exec(text.partition("```python\n")[2].partition("```")[0], names)
    truth = names["truth"]
    assert isinstance(truth, TruthSet)
    assert (truth.name, ids(truth)) == ("invoices", {"a": ["a.1"]})


def test_a_folder_of_several_words_gives_a_name_of_one(tmp_path: Path) -> None:
    folder = tmp_path / "my set, one"
    put(folder / "a: b.pdf")
    put(folder / "a: b.html", TABLE.to_html())
    assert (made(folder).name, ids(made(folder))) == ("my-set-one", {"a: b": ["a: b.1"]})


def test_grid_labels(tmp_path: Path) -> None:
    put(tmp_path / "report.pdf")
    for n in (1, 2):
        put(tmp_path / f"report.{n}.grid", dumps(Label(TABLE, "report", n, "a", tags=("merged",))))
    truth = made(tmp_path)
    assert ids(truth) == {"report": ["report.1", "report.2"]}
    assert truth.documents[0].tables[0].tags == ("merged", "header-depth-1", "size-s")


def test_json_labels_say_themselves_what_they_belong_to(tmp_path: Path) -> None:
    label = {"id": "a-a_t1", "pdf": "files/a.pdf", "page": 1, "bbox": None, "n_rows": 1, "n_cols": 1, "cells": []}
    put(tmp_path / "files" / "a.pdf")
    put(tmp_path / "gt" / "1.json", json.dumps(label))
    put(tmp_path / "gt" / "2.json", json.dumps(label | {"id": "a-b_t1", "alternative_of": "a-a"}))
    (document,) = made(tmp_path).documents
    assert [t.id for t in document.tables] == ["a-a_t1"]
    assert [[t.id for t in other] for other in document.alternatives] == [["a-b_t1"]]
    put(tmp_path / "gt" / "1.json", json.dumps(label | {"pdf": "gone.pdf"}))
    with pytest.raises(LabelError, match=r"1\.json: labels gone\.pdf, which is not there"):
        register(tmp_path)


def test_pubtabnet_labels_of_several_images_stand_in_one_file(tmp_path: Path) -> None:
    html = {"structure": {"tokens": ["<tr>", "<td>", "</td>", "</tr>"]}, "cells": [{"tokens": ["x"]}]}
    for name in ("a.png", "b.png"):
        put(tmp_path / "images" / name)
    lines = [json.dumps({"filename": name, "html": html}) for name in ("b.png", "a.png")]
    put(tmp_path / "val.jsonl", "\n".join(lines))
    truth = made(tmp_path)
    assert ids(truth) == {"a": ["a"], "b": ["b"]}
    assert truth.kind == Kind(unit="px")


def test_the_competitions_second_truths_are_alternatives(tmp_path: Path) -> None:
    cell = "<cell start-row='0' start-col='0'><content>x</content></cell>"
    for name in ("eu-1a", "eu-1b", "eu-2"):
        for part in ("str", "reg"):
            region = f"<document><table><region page='1'>{cell if part == 'str' else ''}</region></table></document>"
            put(tmp_path / f"{name}-{part}.xml", region)
    import pypdfium2

    for name in ("eu-1a", "eu-2"):
        document = pypdfium2.PdfDocument.new()
        document.new_page(10, 10)
        document.save(tmp_path / f"{name}.pdf")
        document.close()
    truth = made(tmp_path)
    assert ids(truth) == {"eu-1a": ["eu-1a_t1"], "eu-2": ["eu-2_t1"]}
    assert [[t.id for t in other] for other in truth.documents[0].alternatives] == [["eu-1b_t1"]]


def test_what_cannot_be_a_set_is_told(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="no labels"):
        register(tmp_path)
    with pytest.raises(UsageError, match="no folder"):
        register(tmp_path / "none")
    put(tmp_path / "a.html", TABLE.to_html())
    with pytest.raises(LabelError, match=r"a\.html: a label of a, which is not there"):
        register(tmp_path)
    put(tmp_path / "one" / "a.pdf")
    put(tmp_path / "two" / "a.pdf")
    with pytest.raises(LabelError, match="may be any of"):
        register(tmp_path)
    put(tmp_path / "a.grid", "")
    with pytest.raises(UsageError, match="several formats"):
        register(tmp_path)


def test_the_producer_of_real_documents_is_a_tag(data: Path) -> None:
    found = register(data / "govcn_xxgk", Wanted(form="json", labels="gt", joined=True, name="x"))
    assert (found.name, found.joined) == ("x", True)
    assert [d.tags for d in found.documents] == [("producer-wps-writer",)]
    assert [len(d.labels) for d in found.documents] == [3]


def test_documents_without_labels_are_listed_where_they_hold_no_tables(tmp_path: Path) -> None:
    for name in ("a.pdf", "b.pdf"):
        put(tmp_path / name)
    with pytest.raises(UsageError, match="no labels"):
        register(tmp_path, Wanted(empty=True))
    found = register(tmp_path, Wanted(form="html", empty=True))
    assert [(d.file, d.labels) for d in found.documents] == [("a.pdf", ()), ("b.pdf", ())]
    put(tmp_path / "a.html", TABLE.to_html())
    assert unlabelled(tmp_path, register(tmp_path)) == ("b.pdf",)
    found = register(tmp_path, Wanted(empty=True))
    assert unlabelled(tmp_path, found) == ()
    write(tmp_path / "set.toml", found)
    assert ids(load(tmp_path / "set.toml")) == {"a": ["a.1"], "b": []}
    (tmp_path / "none").mkdir()
    with pytest.raises(UsageError, match="no documents"):
        register(tmp_path / "none", Wanted(form="html", empty=True))


def test_what_the_labels_mean_is_taken_over(tmp_path: Path) -> None:
    put(tmp_path / "a.png")
    put(tmp_path / "a.html", TABLE.to_html())
    write(tmp_path / "set.toml", register(tmp_path, Wanted(name="x", joined=True, blanks=False, complete=False)))
    truth = load(tmp_path / "set.toml")
    assert (truth.name, truth.kind) == ("x", Kind(joined=True, blanks=False, complete=False, unit="px"))
    with pytest.raises(UsageError, match="one word"):
        register(tmp_path, Wanted(name="two words"))


def test_the_command_writes_over_no_set_file_and_takes_every_option(tmp_path: Path) -> None:
    folder = tmp_path / "mine"
    put(folder / "a.pdf")
    put(folder / "b.pdf")
    put(folder / "gt" / "a.html", TABLE.to_html())

    def command(*words: str) -> Result:
        return CliRunner().invoke(app, ["register", str(folder), *words])

    assert command().exit_code == 0
    path = folder / "mine.toml"
    first = path.read_text(encoding="utf-8")
    refused = command("--empty")
    assert isinstance(refused.exception, UsageError)
    assert "--force" in str(refused.exception)
    assert path.read_text(encoding="utf-8") == first
    words = ("--empty", "--format", "html", "--labels", "gt", "--joined", "--no-blanks", "--no-complete", "--force")
    assert command(*words).exit_code == 0
    truth = load(path)
    assert (truth.kind, ids(truth)) == (Kind(joined=True, blanks=False, complete=False), {"a": ["a.1"], "b": []})
    above = tmp_path / "above.toml"
    assert command("--name", "other", "--to", str(above)).exit_code == 0
    assert (load(above).name, ids(load(above))) == ("other", {"a": ["a.1"]})
    for wrong, message in (
        (("--format", "word"), "--format word"),
        (("--name", "a b"), "one word"),
        (("--to", str(tmp_path / "beside" / "x.toml")), "above it"),
    ):
        said = command(*wrong, "--force").exception
        assert isinstance(said, UsageError)
        assert message in str(said)
