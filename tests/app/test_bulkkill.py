"""Runs whose processes are shot at random: nothing is lost, nothing is marked that is not the file's own doing."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from biaoge.app.store.open import open_to_read

COMMAND = "import typer; from biaoge.app.bulkcmd import add_to; app = typer.Typer(); add_to(app); app()"
SHOTS, FILES = 20, 200


def begin(folder: Path, store: Path) -> subprocess.Popen[str]:
    words = ["bulk", str(folder), "--out", str(store), "--jobs", "2", "--quiet"]
    return subprocess.Popen([sys.executable, "-c", COMMAND, *words], stderr=subprocess.PIPE, text=True)


def children(pid: int) -> list[int]:
    found: list[int] = []
    for task in Path(f"/proc/{pid}/task").iterdir():
        found += map(int, (task / "children").read_text().split())
    return found


def contents(store: Path) -> list[list[tuple[Any, ...]]]:
    parts = ("pages", "tables", "cells", "findings", "fields", "checks")
    told = ["SELECT path, sha256, state, reason FROM file_states", "SELECT sha256, key, state, json FROM documents"]
    told += [f"SELECT d.sha256, p.* FROM {part} p JOIN documents d USING (document)" for part in parts]
    with closing(open_to_read(store).db) as db:
        found = [db.execute(sql).fetchall() for sql in told]
    return [sorted(one, key=repr) for one in found[:2]] + [
        sorted(((one[0], *one[2:]) for one in part), key=repr) for part in found[2:]
    ]


@pytest.mark.slow
@pytest.mark.skipif(sys.platform != "linux", reason="looks into /proc")
def test_shots_at_workers_and_at_the_run(tmp_path: Path, grid_pdf: Callable[..., bytes]) -> None:
    (tmp_path / "in").mkdir()
    for number in range(FILES):
        content = grid_pdf([["Name", "2023"], ["apples", str(number)], ["pears", "30"]], number % 5 + 1)
        damaged = f"%PDF-1.4\nnothing {number}".encode()
        (tmp_path / "in" / f"{number:03}.pdf").write_bytes(damaged if number % 9 == 0 else content)
    dice = random.Random(6)
    process = begin(tmp_path / "in", tmp_path / "shot")
    shots = runs = 0
    while shots < SHOTS:
        time.sleep(dice.uniform(0.1, 0.8))
        if process.poll() == 0:
            break
        if process.poll() is not None:
            process.communicate()
            process = begin(tmp_path / "in", tmp_path / "shot")
            continue
        at_run = dice.random() < 0.3
        try:
            targets = [process.pid] if at_run else children(process.pid)
            os.kill(dice.choice(targets), signal.SIGKILL)
        except (ProcessLookupError, FileNotFoundError, IndexError):
            continue
        shots += 1
        runs += at_run
    _, said = process.communicate(timeout=120)
    if process.returncode == -signal.SIGKILL:
        process = begin(tmp_path / "in", tmp_path / "shot")
        _, said = process.communicate(timeout=120)
    assert (process.returncode, said.count("failed")) == (0, 0), said
    print(f"{shots} shots, {runs} of them at the run")
    assert shots >= SHOTS // 2

    clean = begin(tmp_path / "in", tmp_path / "clean")
    clean.communicate(timeout=120)
    assert contents(tmp_path / "shot") == contents(tmp_path / "clean")
    assert sum(1 for _ in (tmp_path / "shot" / "documents").rglob("*")) == sum(
        1 for _ in (tmp_path / "clean" / "documents").rglob("*")
    )
