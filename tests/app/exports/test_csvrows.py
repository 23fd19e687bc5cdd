from __future__ import annotations

import csv
import os
import shutil
import subprocess
from pathlib import Path

import pytest

from biaoge.app.exports import csvrows
from biaoge.app.exports.csvrows import guarded
from biaoge.app.exports.rows import Exported, rows_of
from biaoge.app.exports.schema import DATASETS


def read(path: Path) -> list[list[str]]:
    with path.open(encoding="utf-8-sig", newline="") as lines:
        return list(csv.reader(lines))


def test_every_dataset_is_a_file(one: Exported, tmp_path: Path) -> None:
    csvrows.write([one], tmp_path)
    for dataset in DATASETS:
        head, *rows = read(tmp_path / f"{dataset.name}.csv")
        assert tuple(head) == dataset.names
        assert len(rows) == len(dict(rows_of(one))[dataset.name])
    assert (tmp_path / "cells.csv").read_bytes().startswith("\ufeff".encode())
    assert not (tmp_path / csvrows.LOAD).exists()


def test_nothing_runs_in_a_spreadsheet(hostile: Exported, tmp_path: Path) -> None:
    csvrows.write([hostile], tmp_path)
    fields = [field for path in tmp_path.glob("*.csv") for row in read(path) for field in row]
    assert '\'=HYPERLINK("http://x")' in fields
    for field in fields:
        assert field.lstrip()[:1] not in {*"=+-@\t＝"}, field


def test_guarding_can_be_undone() -> None:
    for text in ("=1", "'=1", "'", "''", "-1", "a", "", "\t=1", " =1", "|x"):
        made = guarded(text)
        assert made.removeprefix("'") == text if made.startswith("'") else made == text


def test_figures_stay() -> None:
    assert [guarded(text) for text in ("-1", "+2.5%", "-1,234")] == ["-1", "+2.5%", "-1,234"]
    assert guarded("-1+1") == "'-1+1"


def test_raw_tells_nothing_from_empty(one: Exported, tmp_path: Path) -> None:
    csvrows.write([one], tmp_path, guard=False)
    lines = (tmp_path / "cells.csv").read_bytes().decode().split("\r\n")
    assert lines[0].startswith("sha256,")
    place = f"{one.sha256},0,3,3,1,1,data"
    assert any(line.startswith(f'{place},"",,') for line in lines)
    place = f"{one.sha256},0,4,2,1,1,data"
    assert any(line.startswith(f"{place},,,") for line in lines)
    assert f'{one.sha256},0,4,3,1,1,data,"a ""b""\nc",,' in "\r\n".join(lines)


@pytest.mark.slow
def test_postgresql_takes_it(one: Exported, hostile: Exported, tmp_path: Path) -> None:
    """Needs psql and an empty database: BIAOGE_POSTGRES="host=… dbname=…"."""
    database = os.environ.get("BIAOGE_POSTGRES")
    if not database or not shutil.which("psql"):
        pytest.skip("no PostgreSQL to test with")
    csvrows.write([one, hostile], tmp_path, guard=False)

    def psql(*words: str) -> str:
        line = ["psql", "-X", "-q", "-At", "-v", "ON_ERROR_STOP=1", "-d", database, *words]
        return subprocess.run(line, cwd=tmp_path, capture_output=True, text=True, check=True, timeout=60).stdout

    names = ", ".join(dataset.name for dataset in DATASETS)
    psql("-c", f"DROP TABLE IF EXISTS {names} CASCADE")
    psql("-f", csvrows.LOAD)
    found = psql("-c", "SELECT count(*), sum(number), count(*) FILTER (WHERE text IS NULL) FROM cells")
    assert found.strip() == "24|-1227.0000000000|1"
    assert (
        psql("-c", "SELECT text FROM cells WHERE sha256 LIKE 'aaaa%' AND col_no = 0").strip().startswith("=HYPERLINK")
    )
    psql("-c", f"DROP TABLE {names} CASCADE")
