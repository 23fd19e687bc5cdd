from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from biaoge.app.exports.rows import Exported
from biaoge.app.exports.sources import documents_of
from biaoge.app.jsonout import to_json
from biaoge.errors import UsageError


class Told:
    """What was said of files left out."""

    def __init__(self) -> None:
        self.faults: list[str] = []
        self.twice: list[str] = []

    def read(self, *paths: Path) -> list[str]:
        found = documents_of(
            paths, lambda path, _: self.faults.append(path.name), lambda path, _: self.twice.append(path.name)
        )
        return [one.sha256[:4] for one in found]


def write(one: Exported, path: Path, sha256: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    source = replace(one.document.source, sha256=sha256)
    path.write_text(to_json(replace(one.document, source=source)), encoding="utf-8")


def test_folders_in_order_each_file_once(one: Exported, tmp_path: Path) -> None:
    write(one, tmp_path / "b.json", "b" * 64)
    write(one, tmp_path / "a.json", "a" * 64)
    write(one, tmp_path / "deep" / "er" / "c.json", "a" * 64)
    write(one, tmp_path / ".hidden" / "d.json", "d" * 64)
    (tmp_path / "e.json").write_text("{}", encoding="utf-8")
    write(one, tmp_path / "f.json", "../" + "f" * 61)
    told = Told()
    assert told.read(tmp_path, tmp_path / "b.json") == ["aaaa", "bbbb"]
    assert told.faults == ["e.json", "f.json"]
    assert told.twice == ["c.json", "b.json"]


def test_a_path_that_leads_nowhere_stops_all(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="no such file"):
        Told().read(tmp_path / "x")
    with pytest.raises(UsageError, match="no JSON"):
        Told().read(tmp_path)
