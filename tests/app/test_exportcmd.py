from __future__ import annotations

import os
import signal
from dataclasses import replace
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner, Result

from biaoge.app.exportcmd import HELP, export
from biaoge.app.exports import jsonl
from biaoge.app.jsonout import to_json
from biaoge.errors import UsageError
from biaoge.model import Document


def call(*words: str | Path) -> Result:
    app = typer.Typer()
    app.command(help=HELP)(export)
    return CliRunner().invoke(app, [str(word) for word in words])


def test_json_to_pages(document: Document, tmp_path: Path) -> None:
    (tmp_path / "a.json").write_text(to_json(document), encoding="utf-8")
    done = call(tmp_path / "a.json", "--to", "html", "--out", tmp_path / "out")
    assert done.exit_code == 0, done.output
    assert "1 documents" in done.output
    assert (tmp_path / "out" / "index.html").is_file()
    assert call(tmp_path / "a.json", "--to", "html", "--out", tmp_path / "quiet", "--quiet").output == ""


def test_a_file_left_out_is_told(document: Document, tmp_path: Path) -> None:
    (tmp_path / "a.json").write_text(to_json(document), encoding="utf-8")
    (tmp_path / "b\x1b.json").write_text("[]", encoding="utf-8")
    done = call(tmp_path, "--to", "jsonl", "--out", tmp_path / "x.jsonl")
    assert done.exit_code == 3
    assert "left out" in done.output
    assert "\x1b" not in done.output
    assert len((tmp_path / "x.jsonl").read_text(encoding="utf-8").splitlines()) == 1


def test_what_stands_there_is_told_before_anything_is_read(tmp_path: Path) -> None:
    (tmp_path / "mine").touch()
    done = call(tmp_path / "a.json", "--to", "jsonl", "--out", tmp_path / "mine")
    assert isinstance(done.exception, UsageError)
    assert "--replace" in str(done.exception)


@pytest.mark.parametrize("asked", [signal.SIGINT, signal.SIGTERM])
def test_stopped_it_writes_nothing(
    document: Document, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, asked: signal.Signals
) -> None:
    (tmp_path / "in").mkdir()
    for name in ("a", "b"):
        source = replace(document.source, sha256=name * 64)
        (tmp_path / "in" / f"{name}.json").write_text(to_json(replace(document, source=source)), encoding="utf-8")
    before = signal.getsignal(asked)
    monkeypatch.setattr(jsonl, "document_to_dict", lambda _: os.kill(os.getpid(), asked))
    done = call(tmp_path / "in", "--to", "jsonl", "--out", tmp_path / "x.jsonl")
    assert done.exit_code == 130, done.output
    assert "nothing was written" in done.output
    assert [path.name for path in tmp_path.iterdir()] == ["in"]
    assert signal.getsignal(asked) is before


@pytest.mark.parametrize("words", [("--to", "doc"), ()])
def test_a_wrong_call(tmp_path: Path, words: tuple[str, ...]) -> None:
    assert call(tmp_path, *words).exit_code == 2
