"""Runs on Ray: the rows of a local run, a bad file costs itself alone, a run goes on where one stopped."""

from __future__ import annotations

import importlib.util
import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from biaoge.app.bulkrun import Plan
from biaoge.app.cluster import GROUP_BYTES, GROUP_FILES, groups
from biaoge.app.clusterstage import Looked, Reader, look
from biaoge.app.isolate import Limits
from biaoge.app.store.inputs import Inputs

PYARROW = pytest.mark.skipif(importlib.util.find_spec("pyarrow") is None, reason="pyarrow is not installed")
RAY = pytest.mark.skipif(importlib.util.find_spec("ray") is None, reason="ray is not installed")
COMMAND = "import typer; from biaoge.app.bulkcmd import add_to; app = typer.Typer(); add_to(app); app()"

SITE = """
import sys
if "-P" in getattr(sys, "orig_argv", ()):  # the reading child alone
    import ctypes, os, time
    from biaoge.app import bulk
    whole = bulk.read_and_write

    def read_and_write(job):
        with open(os.fsdecode(bytes.fromhex(job["path"])), "rb") as source:
            held = source.read()
        if b"%crash" in held:
            ctypes.string_at(0)
        if b"%hang" in held:
            time.sleep(60)
        return whole(job)

    bulk.read_and_write = read_and_write
"""
"""What makes the child crash or hang over marked files; Ray's processes and their children hear of it by PYTHONPATH."""


def looked(number: int, size: int = 1000) -> Looked:
    return {"path": f"/{number}.pdf", "bytes": size, "sha256": f"{number:064x}", "kind": "pdf", "problem": None}


def biaoge(*arguments: str | Path, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", COMMAND, *map(str, arguments)],
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        timeout=240,
    )


def datasets(folder: Path) -> dict[str, list[dict[str, Any]]]:
    """Every dataset's rows in an order of their own, the names of parts aside."""
    from pyarrow import dataset

    from biaoge.app.exports.schema import DATASETS

    held = {one.name: dataset.dataset(folder / one.name, partitioning="hive").to_table() for one in DATASETS}
    return {
        name: sorted(table.to_pylist(), key=lambda row: json.dumps(row, default=str)) for name, table in held.items()
    }


def states(folder: Path) -> dict[str, str]:
    from pyarrow import parquet

    rows = parquet.read_table(folder / "files").to_pylist()
    assert len({row["path"] for row in rows}) == len(rows)
    return {Path(row["path"]).name: row["state"] for row in rows}


def test_groups_hold_everything_once_and_are_bounded() -> None:
    todo = [looked(n) for n in range(1000)] + [
        looked(2000, GROUP_BYTES * 3),
        looked(2001, GROUP_BYTES - 1),
        looked(2002),
    ]
    made = groups(todo, 1)
    assert [sha256 for group in made for sha256 in group["sha256"]] == [one["sha256"] for one in todo]
    assert max(len(group["paths"]) for group in made) <= GROUP_FILES
    assert next(group for group in made if "/2000.pdf" in group["paths"])["paths"] == ["/2000.pdf"]
    assert len({group["name"] for group in made}) == len(made)
    assert made == groups(todo, 1)
    assert groups([], 1) == []
    assert len(groups(todo[:16], 2)) == 8  # small inputs are spread


@PYARROW
def test_a_file_is_looked_at_by_path_and_by_address(tmp_path: Path) -> None:
    file = tmp_path / "a.bin"
    file.write_bytes(b"%PDF-1.7 and more")
    by_path, by_address = look(str(file)), look(file.as_uri())
    assert by_path["kind"] == "pdf"
    assert by_path["bytes"] == 17
    assert by_path["sha256"] == by_address["sha256"]
    assert look(str(tmp_path / "gone.pdf"))["problem"]


@PYARROW
def test_a_group_is_written_and_a_changed_content_left_out(tmp_path: Path, samples: Path) -> None:
    names = ["extra-wide.pdf", "extra-turned.pdf"]
    files = [look((samples / name).as_uri()) for name in names]
    bad = tmp_path / "bad.pdf"
    bad.write_bytes(b"%PDF-1.7 nothing")
    held = [*files, look(str(bad))]
    sha256 = [str(one["sha256"]) for one in held]
    sha256[1] = "0" * 64
    reader = Reader(Plan(Inputs(()), tmp_path, limits=Limits(30, 1000)), str(tmp_path / "out"))
    told = reader.read({"name": "part-x", "paths": [one["path"] for one in held], "sha256": sha256})
    assert [(one.sha256, one.state) for one in told] == [(sha256[0], told[0].state), (sha256[2], "refused")]
    assert told[0].state in ("read", "doubtful")
    assert [path.name for path in (tmp_path / "out" / "documents").rglob("*.parquet")] == ["part-x-00000.parquet"]
    assert not [path for path in (tmp_path / "out").rglob("*") if path.name.startswith(".")]


@RAY
@PYARROW
@pytest.mark.slow
def test_ray_gives_the_rows_of_a_local_run(tmp_path: Path, samples: Path) -> None:
    inside = tmp_path / "in"
    inside.mkdir()
    for name in ("000-writer.pdf", "001-chromium.pdf", "extra-wide.pdf", "extra-abreast.pdf"):
        (inside / name).write_bytes((samples / name).read_bytes())
    (inside / "twice.pdf").write_bytes((inside / "extra-wide.pdf").read_bytes())
    (inside / "damaged.pdf").write_bytes(b"%PDF-1.7 nothing")
    for what in ("crash", "hang"):
        (inside / f"{what}.pdf").write_bytes((samples / "extra-turned.pdf").read_bytes() + f"\n%{what}\n".encode())
    site = tmp_path / "site"
    site.mkdir()
    (site / "sitecustomize.py").write_text(SITE)
    path = os.pathsep.join(filter(None, (str(site), str(Path(__file__).parents[2]), os.environ.get("PYTHONPATH"))))
    common = ("--jobs", 2, "--timeout", 5, "--fail-on", "never")

    ray = biaoge("bulk", inside, "--engine", "ray", "--out", tmp_path / "ray", *map(str, common), PYTHONPATH=path)
    assert ray.returncode == 0, ray.stderr
    local = biaoge("bulk", inside, "--out", tmp_path / "store", *map(str, common), PYTHONPATH=path)
    assert local.returncode == 0, local.stderr

    from biaoge.app.exports.run import Plan as ExportPlan
    from biaoge.app.exports.run import export
    from biaoge.app.store.documents import documents

    export(documents(tmp_path / "store"), ExportPlan("parquet", tmp_path / "rows"))
    expected = datasets(tmp_path / "rows")
    assert len(expected["documents"]) == 4
    assert len(expected["cells"]) > 500
    assert datasets(tmp_path / "ray") == expected

    found = states(tmp_path / "ray")
    assert {found.pop(name) for name in ("crash.pdf", "hang.pdf")} == {"failed"}
    assert found.pop("damaged.pdf") == "refused"
    assert found["twice.pdf"] == found["extra-wide.pdf"]
    assert set(found.values()) <= {"read", "doubtful"}
    assert len(found) == 5

    # A group whose part of `results` is missing was not ended: it is read anew, by address as by path.
    lost = next(part for part in sorted((tmp_path / "ray" / "results").glob("part-*")))
    lost.unlink()
    (inside / "more.pdf").write_bytes((samples / "extra-turned.pdf").read_bytes())
    again = biaoge(
        *("bulk", inside.as_uri(), "--engine", "ray", "--out", (tmp_path / "ray").as_uri(), *map(str, common)),
        *("--log", tmp_path / "log.jsonl"),
        PYTHONPATH=path,
    )
    assert again.returncode == 0, again.stderr
    assert len(states(tmp_path / "ray")) == 9
    rows = datasets(tmp_path / "ray")
    assert len(rows["documents"]) == 5
    keys = [(row["sha256"], row["table_no"], row["row_no"], row["col_no"]) for row in rows["cells"]]
    assert len(set(keys)) == len(keys) > len(expected["cells"])

    other = biaoge("bulk", inside, "--engine", "ray", "--out", tmp_path / "ray", "--no-spaced", PYTHONPATH=path)
    assert other.returncode != 0
    assert "other settings" in other.stderr + str(other)


@pytest.mark.skipif(importlib.util.find_spec("ray") is not None, reason="ray is installed")
def test_without_ray_the_command_names_the_extra(tmp_path: Path) -> None:
    (tmp_path / "a.pdf").write_bytes(b"%PDF-1.7")
    done = biaoge("bulk", tmp_path, "--engine", "ray", "--out", tmp_path / "out")
    assert "biaoge[ray]" in done.stderr
    assert not (tmp_path / "out" / "results").exists()


def test_the_plan_follows_from_its_inputs(root: Path) -> None:
    rows = [
        [field.strip() for field in line.strip("| ").split("|")]
        for line in (root / "docs" / "scale.md").read_text("utf-8").splitlines()
        if line.startswith("| ")
    ]
    inputs = {found[1]: row[1] for row in rows if (found := re.match(r"`(\w+)`, ", row[0]))}
    given = {name: float(value) for name, value in inputs.items() if value[:1].isdigit()}
    plan = [row for row in rows if row[0].endswith(" million")]
    assert len(plan) == 12
    for name, share, *told in plan:
        pages, scanned = 1e6 * int(name.split()[0]), float(share)
        seconds = (1 - scanned) * given["native"] + scanned * given["scan"]
        hours = pages * seconds / 3600 / (1 - given["loss"])
        read = pages * ((1 - scanned) * given["pdf"] + scanned * given["image"]) / 1e6
        kept = [pages * given[name] / 1e6 for name in ("rows", "json")]
        expected = [hours, hours / 24, hours / 24 * given["memory"], read, *kept]
        assert [float(text.replace(",", "")) for text in told] == pytest.approx(expected, rel=0.05)
