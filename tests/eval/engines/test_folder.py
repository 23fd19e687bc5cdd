"""Predictions that were made elsewhere."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from biaoge.errors import InputError, UsageError
from biaoge.eval.engines.contract import find, load
from biaoge.eval.prediction import Reading

CELLS = [
    {"row": 0, "col": 0, "text": "a", "colspan": 2},
    {"row": 1, "col": 0, "text": None},
    {"row": 1, "col": 1, "text": ""},
]


def read(folder: Path, name: str) -> Reading:
    reading = load(find(f"folder:{folder}").target)(folder / name, False)
    assert isinstance(reading, Reading)
    return reading


def write(path: Path, value: object) -> None:
    path.write_text(json.dumps(value), encoding="utf-8")


def test_json_of_another_tool(tmp_path: Path) -> None:
    finding = {"kind": "doubt", "severity": "warning", "message": "m", "table": 0, "cells": [[1, 0]]}
    box = {"page": 2, "box": [1, 2, 3, 4], "rows": [0, 1]}
    write(
        tmp_path / "a.json",
        {"tables": [{"n_rows": 2, "n_cols": 2, "cells": CELLS, "parts": [box]}], "findings": [finding]},
    )
    reading = read(tmp_path, "a.pdf")
    (table,) = reading.tables
    assert table.texts() == [["a", "a"], [None, ""]]
    assert (table.parts[0].page, table.parts[0].rows) == (2, (0, 1))
    assert reading.doubted(0) == {(1, 0)}


def test_html_of_another_tool(tmp_path: Path) -> None:
    (tmp_path / "a.html").write_text("<table><tr><td>x</table><table><tr><td>y</table>", encoding="utf-8")
    assert [t.texts() for t in read(tmp_path, "a.png").tables] == [[["x"]], [["y"]]]


def test_no_table_is_no_failure_but_no_file_is(tmp_path: Path) -> None:
    write(tmp_path / "a.json", {"tables": []})
    (tmp_path / "b.html").write_text("", encoding="utf-8")
    assert read(tmp_path, "a.pdf").tables == read(tmp_path, "b.pdf").tables == ()
    with pytest.raises(InputError, match=r"c\.json"):
        read(tmp_path, "c.pdf")


@pytest.mark.parametrize(
    "raw",
    [
        [],
        {},
        {"tables": [{}]},
        {"tables": [{"n_rows": 1, "n_cols": 1, "cells": []}]},
        {"tables": [{"n_rows": 1, "n_cols": 1, "cells": [{"row": 0, "col": 0}]}]},
        {"tables": [{"n_rows": 1, "n_cols": 1, "cells": [{"row": 0, "col": 0, "text": 5}]}]},
        {"tables": [{"n_rows": 1, "n_cols": 1, "cells": [{"row": 0, "col": 0, "text": "", "role": "head"}]}]},
        {"tables": [{"n_rows": 1, "n_cols": 1, "cells": [{"row": 0, "col": 0, "text": "", "confidence": 2}]}]},
        {"tables": [], "findings": [{"kind": "k", "severity": "bad"}]},
        {"tables": [{"n_rows": 2, "n_cols": 2, "cells": CELLS, "parts": [{"page": 1, "box": [1, 2], "rows": [0, 1]}]}]},
    ],
)
def test_what_is_no_prediction_is_a_failed_reading(tmp_path: Path, raw: object) -> None:
    write(tmp_path / "a.json", raw)
    with pytest.raises(InputError, match="no prediction"):
        read(tmp_path, "a.pdf")


def test_broken_json_too(tmp_path: Path) -> None:
    (tmp_path / "a.json").write_bytes(b"\xff{")
    with pytest.raises(InputError, match="no prediction"):
        read(tmp_path, "a.pdf")


def test_the_version_is_that_of_the_files(tmp_path: Path) -> None:
    write(tmp_path / "a.json", {"tables": []})
    engine = find(f"folder:{tmp_path}")
    before = engine.version()
    assert engine.missing() is None
    assert find(f"folder:{tmp_path}").version() == before
    write(tmp_path / "b.json", {"tables": []})
    assert engine.version() != before


def test_a_folder_must_be_there(tmp_path: Path) -> None:
    for name in ("folder:", f"folder:{tmp_path / 'gone'}"):
        with pytest.raises(UsageError, match="folder:DIR"):
            find(name)
