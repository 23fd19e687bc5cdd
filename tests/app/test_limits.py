"""The limits of bytes, pages and objects, by the options of the command."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable
from dataclasses import fields, replace
from pathlib import Path

import pytest

from biaoge.app import guards
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
