"""Predictions that were made elsewhere."""

from __future__ import annotations

import copy
import json
import re
from pathlib import Path
from typing import Any

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
        {"tables": [], "findings": [{"kind": "k", "severity": "info", "table": 0}]},
        {"tables": [{"n_rows": 2, "n_cols": 2, "cells": CELLS, "parts": [{"page": 1, "box": [1, 2], "rows": [0, 1]}]}]},
    ],
)
def test_what_is_no_prediction_is_a_failed_reading(tmp_path: Path, raw: object) -> None:
    write(tmp_path / "a.json", raw)
    with pytest.raises(InputError, match="no prediction"):
        read(tmp_path, "a.pdf")


@pytest.mark.parametrize("raw", [b"\xff{", b"{", b"", b"[" * 100_000, b'{"tables": ' + b"9" * 5000 + b"}"])
def test_broken_json_too(tmp_path: Path, raw: bytes) -> None:
    (tmp_path / "a.json").write_bytes(raw)
    with pytest.raises(InputError, match=r"a\.json: no prediction"):
        read(tmp_path, "a.pdf")


WRONG = [True, "1", 1.5, -1, 10**30, [], {}, float("inf"), float("nan")]
KEYS = [
    *("tables[0].n_rows", "tables[0].header_rows", "tables[0].caption", "tables[0].confidence"),
    *("tables[0].cells[0].row", "tables[0].cells[0].colspan", "tables[0].cells[0].text"),
    *("tables[0].parts[0].page", "tables[0].parts[0].rows[1]", "tables[0].parts[0].box"),
    *("findings[0].kind", "findings[0].severity", "findings[0].message", "findings[0].page"),
    *("findings[0].table", "findings[0].cells[0]", "findings[0].cells[0][1]"),
]


def is_right(key: str, value: object) -> bool:
    return value == "1" and key.endswith(("caption", "text", "kind", "message"))


@pytest.mark.parametrize(("key", "value"), [(k, v) for k in KEYS for v in WRONG if not is_right(k, v)])
def test_a_wrong_type_is_told_by_file_and_key(tmp_path: Path, key: str, value: object) -> None:
    document: Any = whole()
    *steps, last = [int(step) if step.isdigit() else step for step in re.findall(r"\w+", key)]
    place = document
    for step in steps:
        place = place[step]
    place[last] = value
    write(tmp_path / "a.json", document)
    with pytest.raises(InputError, match=r"a\.json: no prediction") as raised:
        read(tmp_path, "a.pdf")
    assert f"$.{key}" in str(raised.value)


def whole() -> dict[str, object]:
    finding = {"kind": "k", "severity": "warning", "message": "m", "page": 1, "table": 0, "cells": [[1, 0]]}
    part = {"page": 2, "box": [1, 2, 3, 4], "rows": [0, 1]}
    cells = copy.deepcopy(CELLS)
    table = {"n_rows": 2, "n_cols": 2, "cells": cells, "parts": [part], "header_rows": 1, "caption": "c"}
    return {"tables": [table | {"confidence": 1}], "findings": [finding]}


def test_half_a_surrogate_pair_becomes_a_replacement(tmp_path: Path) -> None:
    text = (
        json.dumps(whole())
        .replace('"a"', '"x\\ud800\\uD83D\\uDE00"')
        .replace('"c"', '"\\uDFFF"')
        .replace('"m"', '"\\ud800"')
    )
    (tmp_path / "a.json").write_text(text, encoding="utf-8")
    reading = read(tmp_path, "a.pdf")
    assert (reading.tables[0].cells[0].text, reading.tables[0].caption) == ("x\ufffd\U0001f600", "\ufffd")
    assert reading.findings[0].message == "\ufffd"


def test_a_huge_table_is_refused_at_once(tmp_path: Path) -> None:
    write(tmp_path / "a.json", {"tables": [{"n_rows": 300_000, "n_cols": 3000, "cells": []}]})
    with pytest.raises(InputError, match="n_rows, n_cols: 300000 × 3000 places"):
        read(tmp_path, "a.pdf")


def test_documents_of_one_name_have_folders_of_their_own(tmp_path: Path) -> None:
    for place, text in (("", "plain"), ("x", "of x")):
        (tmp_path / "own" / place).mkdir(parents=True, exist_ok=True)
        cell = {"row": 0, "col": 0, "text": text}
        write(tmp_path / "own" / place / "r.json", {"tables": [{"n_rows": 1, "n_cols": 1, "cells": [cell]}]})
    (tmp_path / "own" / "z").mkdir()
    (tmp_path / "own" / "z" / "r.html").write_text("<table><tr><td>of z</table>", encoding="utf-8")
    found = {name: read(tmp_path / "own", f"../{name}/r.pdf").tables[0].texts() for name in ("x", "y", "z")}
    assert found == {"x": [["of x"]], "y": [["plain"]], "z": [["of z"]]}
    engine = find(f"folder:{tmp_path / 'own'}")
    before = engine.version()
    write(tmp_path / "own" / "x" / "r.json", {"tables": []})
    assert engine.version() != before


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
