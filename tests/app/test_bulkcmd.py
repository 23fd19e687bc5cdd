"""The commands `bulk`, `status` and `query` as they are called."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner

from biaoge.app.bulkcmd import add_to
from biaoge.errors import UsageError

app = typer.Typer()
add_to(app)


def call(*words: str | Path, code: int = 0) -> str:
    done = CliRunner().invoke(app, [str(word) for word in words])
    if done.exception is not None and not isinstance(done.exception, SystemExit):
        raise done.exception
    assert done.exit_code == code, done.output
    return done.output


def test_a_run_its_log_and_questions(tmp_path: Path, grid_pdf: Callable[..., bytes]) -> None:
    inside, store = tmp_path / "in", tmp_path / "store"
    inside.mkdir()
    (inside / "a.pdf").write_bytes(grid_pdf([["Name", "2023"], ["apples", "1"]]))
    (inside / "bad.pdf").write_text("no document")
    said = call("bulk", inside, "--out", store, "--jobs", "1", "--fail-on", "partial", code=10)
    assert "2 files: 0 need nothing, 2 to read" in said
    assert "bad.pdf: refused: not a PDF" in said
    assert "1 read, 1 refused; 2 contents read now" in said
    events = [json.loads(line) for line in (store / "log.jsonl").read_text(encoding="utf-8").splitlines()]
    assert [one["event"] for one in events] == ["begun", "document", "document", "ended"]
    assert {one["state"] for one in events if one["event"] == "document"} == {"read", "refused"}
    assert events[-1]["states"]["read"] == 1

    assert call("bulk", inside, "--out", store, "--quiet", "--log", tmp_path / "other.jsonl") == ""
    assert json.loads((tmp_path / "other.jsonl").read_text().splitlines()[0])["same"] == 2
    told = json.loads(call("status", store, "--json"))
    assert told["states"] == {"read": 1, "doubtful": 0, "refused": 1, "failed": 0}
    shown = call("status", store)
    assert re.search(r"read +1 files", shown)
    assert "refused: 1 × not a PDF" in shown
    assert call("query", store, "SELECT text FROM cells WHERE text = 'apples'", "--to", "csv") == "text\napples\n"
    assert "column_path" in call("query", store, "--tables", "--to", "jsonl")


def test_calls_that_make_no_sense(tmp_path: Path) -> None:
    (tmp_path / "key").write_bytes(b"\xff\xff")
    with pytest.raises(UsageError, match="nothing to read"):
        call("bulk", "--quiet")
    with pytest.raises(UsageError, match="--since yesterday"):
        call("bulk", tmp_path, "--since", "yesterday")
    with pytest.raises(UsageError, match="not UTF-8"):
        call("bulk", tmp_path, "--password-file", tmp_path / "key")
    with pytest.raises(UsageError, match="not both"):
        call("query", tmp_path)


def test_a_folder_that_is_no_store_stays_as_it_is(tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("")
    with pytest.raises(UsageError, match="neither empty nor a store"):
        call("bulk", tmp_path, "--out", tmp_path)
    assert [one.name for one in tmp_path.iterdir()] == ["mine.txt"]


def test_every_option_is_told(root: Path) -> None:
    text = (root / "docs" / "bulk.md").read_text(encoding="utf-8")
    import typer.main

    commands = typer.main.get_command(app).commands  # type: ignore[attr-defined]
    for command in commands.values():
        for one in command.params:
            for option in (*one.opts, *one.secondary_opts):
                assert not option.startswith("--") or f"`{option}`" in text, option
