from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from biaoge.errors import LabelError, UsageError
from biaoge.eval import sets
from biaoge.eval.gridtext import dumps, read
from biaoge.eval.sets import KINDS, NAMES, data_root, filled, load
from biaoge.eval.typeset.index import Entry, write_index
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


def write(root: Path, *labels: dict[str, object]) -> Path:
    folder = root / "govcn_budget"
    (folder / "gt").mkdir(parents=True)
    (folder / "pdfs").mkdir()
    for i, label in enumerate(labels):
        (folder / "gt" / f"{i}.json").write_text(json.dumps(label), encoding="utf-8")
        (folder / str(label["pdf"])).write_bytes(b"")
    return root


def test_a_label_becomes_a_table_that_tiles(tmp_path: Path) -> None:
    (document,) = load("govcn_budget", write(tmp_path, LABEL)).documents
    (table,) = document.tables
    assert (document.name, document.pdf, table.id, table.pages) == (
        "a",
        tmp_path / "govcn_budget" / "pdfs" / "a.pdf",
        "a_1",
        (2,),
    )
    assert table.table == Table(
        2,
        2,
        (Cell(0, 0, "net cost", colspan=2), Cell(1, 0), Cell(1, 1)),
        parts=(Part(2, Box(1, 2, 3, 4), (0, 1)),),
    )


def test_documents_and_tables_stand_in_their_order(tmp_path: Path) -> None:
    labels = [LABEL | {"page": 10, "id": "a_2"}, LABEL | {"pdf": "pdfs/B.pdf", "id": "B_1"}, LABEL]
    documents = load("govcn_budget", write(tmp_path, *labels)).documents
    assert [(d.name, [t.id for t in d.tables]) for d in documents] == [("B", ["B_1"]), ("a", ["a_1", "a_2"])]


def test_an_alternative_label_is_left_out(tmp_path: Path) -> None:
    (document,) = load("govcn_budget", write(tmp_path, LABEL, LABEL | {"alternative_of": "a"})).documents
    assert len(document.tables) == 1


def test_a_table_over_pages_keeps_its_parts(tmp_path: Path) -> None:
    parts = [{"page": 2, "bbox": [0, 0, 9, 9], "rows": 1}, {"page": 3, "bbox": [0, 0, 9, 5], "rows": 1}]
    label = LABEL | {"bbox": None, "pages": [2, 3], "parts": parts}
    (document,) = load("govcn_budget", write(tmp_path, label)).documents
    assert document.tables[0].pages == (2, 3)
    assert [(p.page, p.rows) for p in document.tables[0].table.parts] == [(2, (0, 0)), (3, (1, 1))]


@pytest.mark.parametrize(
    "wrong",
    [
        {"cells": [CELL, CELL]},
        {"cells": [CELL | {"col": 1}]},
        {"bbox": [3, 2, 1, 4]},
        {"n_rows": "two"},
        {"cells": [{"row": 0}]},
    ],
)
def test_a_label_that_is_no_table_is_named(tmp_path: Path, wrong: dict[str, object]) -> None:
    with pytest.raises(LabelError, match=r"0\.json"):
        load("govcn_budget", write(tmp_path, LABEL | wrong))


def test_a_label_without_its_pdf(tmp_path: Path) -> None:
    write(tmp_path, LABEL)
    (tmp_path / "govcn_budget" / "pdfs" / "a.pdf").unlink()
    with pytest.raises(LabelError, match=r"a\.pdf"):
        load("govcn_budget", tmp_path)


def test_what_is_absent_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(UsageError, match="govcn_xxgk"):
        load("no such set")
    with pytest.raises(UsageError, match="no labels"):
        load("cn_pdfs", tmp_path)
    with pytest.raises(UsageError, match=r"index\.toml"):
        load("samples", tmp_path)
    monkeypatch.setenv("BIAOGE_DATA", str(tmp_path / "gone"))
    with pytest.raises(UsageError, match="BIAOGE_DATA"):
        data_root()


def test_samples_take_the_labels_of_their_report_or_their_own(tmp_path: Path) -> None:
    labels = sorted((Path(sets.__file__).resolve().parent / "truth").glob("*.1.grid"))
    report = labels[0].name.removesuffix(".1.grid")
    about = {"producer": "p", "producer_version": "1", "font": "f", "tags": (), "pages": 1, "sha256": "0"}
    label = read(labels[0])
    (tmp_path / "own.grid").write_text(dumps(label), encoding="utf-8")
    entries = [Entry(pdf="b.pdf", report=report, **about), Entry(pdf="a.pdf", truth=("own.grid",), **about)]  # type: ignore[arg-type]
    write_index(tmp_path, entries)
    own, shared = load("samples", tmp_path).documents
    assert (own.name, [t.table for t in own.tables]) == ("a", [label.table])
    assert [t.id for t in shared.tables] == [f"b:{p.stem}" for p in sorted(labels[0].parent.glob(f"{report}.*.grid"))]


@given(st.sets(st.tuples(st.integers(0, 3), st.integers(0, 3))))
def test_filled_tiles_and_keeps_what_was_there(places: set[tuple[int, int]]) -> None:
    cells = [Cell(r, c, "x") for r, c in places]
    table = Table(4, 4, filled(4, 4, cells))
    assert {(c.row, c.col) for c in table.cells if c.text == "x"} == places
    assert sum(c.text == "" for c in table.cells) == 16 - len(places)


@pytest.mark.parametrize("name", [n for n in NAMES if n in KINDS])
def test_every_set_of_the_data_folder_loads(data: Path, name: str) -> None:
    truth = load(name, data)
    ids = [t.id for d in truth.documents for t in d.tables]
    files = list((data / truth.kind.folder / truth.kind.labels).glob("*.json"))
    alternatives = [f for f in files if json.loads(f.read_text(encoding="utf-8")).get("alternative_of")]
    assert len(ids) == len(set(ids)) == len(files) - len(alternatives)
    for document in truth.documents:
        assert document.pdf.is_file()
        for table in document.tables:
            last = [part.rows[1] for part in table.table.parts]
            assert all(row < table.table.n_rows for row in last)
