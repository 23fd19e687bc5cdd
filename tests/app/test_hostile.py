"""Two hundred broken, locked and malicious files through the real command: each ends in a result or in one line."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from pathlib import Path
from subprocess import CompletedProcess
from typing import Any

import pytest

Command = Callable[..., "CompletedProcess[str]"]
CODES = {"NotAPdf": 3, "DamagedPdf": 3, "DamagedImage": 3, "PasswordNeeded": 4, "TooLarge": 5, "TimedOut": 5}


def judge(command: Command, files: Sequence[Path], reader: str, out: Path) -> dict[str, Any]:
    """Run the command over `files` and hold every promise against what it did; the records by file name."""
    words = ["--jobs", "2", "--timeout", "30", "--reader", reader, "--report", "-", "--out", out]
    done = command("extract", *files, *words, timeout=1500)
    assert "Traceback" not in done.stderr
    records = {Path(r["path"]).name: r for r in map(json.loads, done.stdout.splitlines())}
    assert sorted(records) == sorted(file.name for file in files)
    errors = [line for line in done.stderr.splitlines() if ": error: " in line]
    for name, record in records.items():
        told = [line for line in errors if f"/{name}: error: " in line]
        if record["error"] is None:
            assert told == []
            assert len(record["written"]) == 1
            json.loads((out.parent / record["written"][0]).read_text(encoding="utf-8"))
        else:
            assert record["exit_code"] == CODES[record["error"]], record
            assert told == [f"{record['path']}: error: {record['message']}"]
            assert len(record["message"]) > 8
        assert record["peak"] < 1e9
        assert record["seconds"] < 40
    codes = {record["exit_code"] for record in records.values()} - {0}
    assert done.returncode == (codes.pop() if len(codes) == 1 else 1 if codes else 0)
    return records


@pytest.fixture
def hostile(data: Path) -> list[Path]:
    return sorted((data / "hostile" / "files").iterdir())


def test_some(command: Command, hostile: list[Path], tmp_path: Path) -> None:
    records = judge(command, hostile[::8], "pdfium", tmp_path / "out")
    assert len(records) >= 20


@pytest.mark.slow
@pytest.mark.parametrize("reader", ["pdfium", "pdfplumber"])
def test_all(command: Command, hostile: list[Path], reader: str, tmp_path: Path) -> None:
    records = judge(command, hostile, reader, tmp_path / "out")
    assert len(records) >= 200
