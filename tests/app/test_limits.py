"""The limits of bytes, pages and objects, by the options of the command."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from dataclasses import fields, replace
from pathlib import Path

import pytest

from biaoge.app import bulk, guards
from biaoge.app.settings import Settings
from biaoge.errors import UsageError

Command = Callable[..., subprocess.CompletedProcess[str]]


def test_defaults_are_those_of_the_guards() -> None:
    plain = Settings()
    assert (plain.max_file_size, plain.max_pages, plain.max_objects) == (guards.FILE_SIZE, guards.PAGES, guards.OBJECTS)


@pytest.mark.parametrize("name", [one.name for one in fields(Settings) if one.name.startswith("max_")])
def test_no_limit_of_nothing(name: str) -> None:
    with pytest.raises(UsageError, match=name):
        replace(Settings(), **{name: 0})  # type: ignore[arg-type]  # all limits are numbers


def test_each_by_its_option(tmp_path: Path, grid_pdf: Callable[..., bytes], command: Command) -> None:
    path = tmp_path / "a.pdf"
    path.write_bytes(grid_pdf([["a", "b"], ["1", "2"]], pages=3) + b"%" * 200_000)

    def run(*words: str) -> subprocess.CompletedProcess[str]:
        return command("extract", path, "--out", tmp_path / "out", *words)

    done = run("--max-pages", "2")
    assert (done.returncode, "raise --max-pages" in done.stderr) == (5, True)
    assert run("--max-pages", "2", "--pages", "2-3").returncode == 0
    done = run("--max-file-size", "0.1")
    assert (done.returncode, "raise --max-file-size" in done.stderr) == (5, True)
    assert run("--max-objects", "3", "--ocr", "never").returncode == 0
    cut = json.loads((tmp_path / "out" / "a.json").read_text(encoding="utf-8"))
    assert "only the first 3 objects were read" in cut["pages"][0]["trust"]["message"]


@pytest.mark.skipif(sys.platform != "linux", reason="memory is limited on Linux only")
def test_memory_that_recognition_needs(tmp_path: Path, command: Command) -> None:
    """A heavily damaged scan is read with less than the default; with too little the option that helps is named.

    ONNX Runtime and OpenCV tell of too little memory by errors of their own, which are no faults of biaoge.
    """
    scan = Path(__file__).parents[2] / "samples/scans/003-heavy.pdf"
    done = command("extract", scan, "--out", tmp_path / "enough", "--max-memory", "800")
    assert done.returncode == 0, done.stderr
    assert len(json.loads((tmp_path / "enough/003-heavy.json").read_text(encoding="utf-8"))["tables"]) == 3
    done = command("extract", scan, "--out", tmp_path / "little", "--max-memory", "540")
    assert done.returncode == 5
    assert "raise --max-memory" in done.stderr
    assert "fault of biaoge" not in done.stderr
    assert not (tmp_path / "little/003-heavy.json").exists()


@pytest.mark.parametrize(
    "error",
    [
        MemoryError(),
        RuntimeError("[ONNXRuntimeError] : 6 : Failed to allocate memory for requested buffer of size 9"),
        RuntimeError("OpenCV(5.0) error: (-4:Insufficient memory) Failed to allocate 9 bytes"),
        RuntimeError("std::bad_alloc"),
    ],
)
def test_too_little_memory_is_no_fault(error: Exception, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise error

    monkeypatch.setattr(bulk, "_read_and_write", full)
    out = bulk.read_and_write({"path": bytes(tmp_path / "a.pdf").hex()})
    assert "raise --max-memory" in out["message"]
    monkeypatch.setattr(bulk, "_read_and_write", lambda *_: 1 / 0)
    assert "fault of biaoge" in bulk.read_and_write({"path": bytes(tmp_path / "a.pdf").hex()})["message"]
