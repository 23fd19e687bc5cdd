from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from biaoge.app.exports import run
from biaoge.app.exports.rows import Exported
from biaoge.app.exports.run import MARK, Plan, export
from biaoge.app.jsonin import document_from_dict
from biaoge.app.jsonout import document_to_dict
from biaoge.errors import UsageError


def failing(one: Exported) -> Iterator[Exported]:
    yield one
    raise KeyboardInterrupt


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_jsonl_is_whole(one: Exported, hostile: Exported, tmp_path: Path) -> None:
    export([one, hostile], Plan("jsonl", tmp_path / "a.jsonl"))
    lines = (tmp_path / "a.jsonl").read_text(encoding="utf-8").split("\n")
    assert len(lines) == 3
    assert document_to_dict(document_from_dict(json.loads(lines[0]))) == document_to_dict(one.document)
    assert names(tmp_path) == ["a.jsonl"]


def test_an_export_is_replaced_only_when_asked(one: Exported, tmp_path: Path) -> None:
    plan = Plan("csv", tmp_path / "out")
    export([one], plan)
    assert (tmp_path / "out" / MARK).is_file()
    with pytest.raises(UsageError, match="--replace"):
        export([one], plan)
    (tmp_path / "out" / "old.txt").touch()
    export([one], Plan("html", tmp_path / "out", replace=True))
    assert "index.html" in names(tmp_path / "out")
    assert "cells.csv" not in names(tmp_path / "out")
    assert names(tmp_path) == ["out"]


def test_other_files_are_never_replaced(one: Exported, tmp_path: Path) -> None:
    (tmp_path / "mine.txt").touch()
    with pytest.raises(UsageError, match="no export of biaoge"):
        export([one], Plan("csv", tmp_path, replace=True))
    with pytest.raises(UsageError, match="is a file"):
        export([one], Plan("csv", tmp_path / "mine.txt", replace=True))
    with pytest.raises(UsageError, match="is a folder"):
        export([one], Plan("jsonl", tmp_path, replace=True))
    assert names(tmp_path) == ["mine.txt"]


@pytest.mark.parametrize("to", ["csv", "jsonl", "html"])
def test_interrupted_it_leaves_what_was_there(one: Exported, tmp_path: Path, to: run.Format) -> None:
    target = tmp_path / "out"
    with pytest.raises(KeyboardInterrupt):
        export(failing(one), Plan(to, target))
    assert names(tmp_path) == []
    export([one], Plan(to, target))
    before = {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()}
    with pytest.raises(KeyboardInterrupt):
        export(failing(one), Plan(to, target, replace=True))
    assert {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()} == before


def test_what_was_there_comes_back_where_it_cannot_be_replaced(tmp_path: Path) -> None:
    old = tmp_path / "old"
    old.mkdir()
    with pytest.raises(FileNotFoundError):
        run._swap(tmp_path / "nothing", old, tmp_path / "aside")
    assert names(tmp_path) == ["old"]


@pytest.mark.parametrize(("out", "as_file"), [("a.xlsx", True), ("a.XLSX", True), ("a", False)])
def test_a_workbook_or_a_folder_of_them(out: str, as_file: bool) -> None:
    assert Plan("xlsx", Path(out)).as_file is as_file
