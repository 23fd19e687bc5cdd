from __future__ import annotations

from pathlib import Path

import pytest
from tilings import plain

from biaoge.errors import LabelError
from biaoge.eval.gridtext import Label, dumps
from biaoge.eval.labels import read


def test_a_label_is_one_table_with_its_place_tags_and_note(tmp_path: Path) -> None:
    table = plain("a|b", "c|1", headers=1, stub=1)
    label = Label(table, "report", 2, "a", page=3, tags=("merged",), note="seen")
    path = tmp_path / "report.2.grid"
    path.write_text(dumps(label), encoding="utf-8")
    (found,) = read("grid", path, path)
    assert (found.id, found.pages, found.tags, found.note) == ("report.2", (3,), ("merged",), "seen")
    assert [(c.text, c.role) for c in found.table.cells] == [(c.text, c.role) for c in table.cells]


def test_a_file_that_is_no_label(tmp_path: Path) -> None:
    path = tmp_path / "x.grid"
    with pytest.raises(LabelError, match=r"x\.grid"):
        read("grid", path, path)
