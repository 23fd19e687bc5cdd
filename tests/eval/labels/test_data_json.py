from __future__ import annotations

import json
import time
from pathlib import Path
from typing import Any

import pytest

from biaoge.errors import LabelError
from biaoge.eval.labels import data_json
from biaoge.eval.labels.found import Labelled
from biaoge.model import Box, Cell, Part, Region, Table

LABEL: dict[str, Any] = {
    "id": "a_1",
    "pdf": "pdfs/a.pdf",
    "page": 2,
    "bbox": [1, 2, 3, 4],
    "n_rows": 2,
    "n_cols": 2,
    "cells": [{"row": 0, "col": 0, "rowspan": 1, "colspan": 2, "text": "商 业 企\n业", "bbox": [1, 2, 3, 3]}],
}


def read(folder: Path, label: object) -> Labelled:
    path = folder / "label.json"
    path.write_text(json.dumps(label), encoding="utf-8")
    (found,) = data_json.read(path)
    return found


def test_lines_are_joined_boxes_kept_and_blanks_filled_in(tmp_path: Path) -> None:
    found = read(tmp_path, LABEL)
    assert (found.id, found.file, found.pages, found.alternative) == ("a_1", "pdfs/a.pdf", (2,), None)
    header = Cell(0, 0, "商业企业", colspan=2, regions=(Region(2, Box(1, 2, 3, 3)),))
    assert found.table == Table(2, 2, (header, Cell(1, 0), Cell(1, 1)), parts=(Part(2, Box(1, 2, 3, 4), (0, 1)),))


def test_header_marks_become_roles_also_of_places_left_out(tmp_path: Path) -> None:
    cells = [{**LABEL["cells"][0], "colspan": 1, "header": True}, {**LABEL["cells"][0], "row": 1, "header": False}]
    table = read(tmp_path, LABEL | {"cells": cells, "header_rows": 1}).table
    assert table.header_rows == 1
    assert [c.role for c in table.cells] == ["column_header", "column_header", "data"]


def test_a_table_over_pages_keeps_its_parts(tmp_path: Path) -> None:
    parts = [{"page": 2, "bbox": [0, 0, 9, 9], "rows": 1}, {"page": 3, "bbox": [0, 0, 9, 5], "rows": 2}]
    found = read(tmp_path, LABEL | {"bbox": None, "pages": [2, 3], "parts": parts})
    assert found.pages == (2, 3)
    assert [(p.page, p.rows) for p in found.table.parts] == [(2, (0, 0)), (3, (1, 1))]


def test_another_truth_says_which_it_belongs_to(tmp_path: Path) -> None:
    assert read(tmp_path, LABEL | {"id": "x-b_t2", "alternative_of": "x-a"}).alternative == "x-b"


@pytest.mark.parametrize(
    "wrong",
    [
        LABEL | {"cells": [{"row": 0}]},
        LABEL | {"cells": LABEL["cells"] * 2},
        LABEL | {"n_rows": "two"},
        LABEL | {"bbox": [3, 2, 1, 4]},
        LABEL | {"page": None},
        {key: value for key, value in LABEL.items() if key != "pdf"},
        [],
        "text",
    ],
)
def test_what_is_no_label_is_told(tmp_path: Path, wrong: object) -> None:
    with pytest.raises(LabelError, match=r"label\.json"):
        read(tmp_path, wrong)


def test_a_text_that_could_not_be_read_is_none(tmp_path: Path) -> None:
    cells = [{"row": 0, "col": 0, "text": None}, {"row": 0, "col": 1, "text": "\ud800"}]
    table = read(tmp_path, LABEL | {"cells": cells, "n_rows": 1}).table
    assert table.texts() == [[None, "\ufffd"]]


WRONG = [float("inf"), float("nan"), True, "1", 1.5, {}, -1, 10**30]
KEYS = ["page", "pages", "n_rows", "n_cols", "bbox", "cells", "parts", "id", "pdf", "header_rows"]


@pytest.mark.parametrize(("key", "value"), [(k, v) for k in KEYS for v in WRONG if v != "1" or k not in ("id", "pdf")])
def test_a_wrong_value_is_told_by_file_and_key(tmp_path: Path, key: str, value: object) -> None:
    with pytest.raises(LabelError, match=rf"label\.json: .*\b{key}\b"):
        read(tmp_path, LABEL | {key: value})


@pytest.mark.parametrize("value", [float("inf"), 1.5, [], {}, 10**30, -1])
@pytest.mark.parametrize("key", ["row", "colspan", "text", "bbox", "header"])
def test_a_wrong_value_of_a_cell_too(tmp_path: Path, key: str, value: object) -> None:
    with pytest.raises(LabelError, match=rf"label\.json: .*cells\[0\]\.{key}"):
        read(tmp_path, LABEL | {"cells": [LABEL["cells"][0] | {key: value}]})


@pytest.mark.parametrize(
    "wrong",
    [
        {"n_rows": 300_000, "n_cols": 3000},
        {"cells": [LABEL["cells"][0] | {"rowspan": 1_000_000, "colspan": 1_000_000}]},
        {
            "n_rows": 1000,
            "n_cols": 1000,
            "cells": [{"row": 0, "col": 0, "text": "", "rowspan": 1000, "colspan": 1000}] * 1000,
        },
    ],
)
def test_what_is_too_large_is_refused_at_once(tmp_path: Path, wrong: dict[str, object]) -> None:
    begun = time.perf_counter()
    with pytest.raises(LabelError, match=r"label\.json"):
        read(tmp_path, LABEL | wrong)
    assert time.perf_counter() - begun < 1


@pytest.mark.parametrize("raw", [b"[" * 100_000, b"\xff", b"{", b"", b'{"page": ' + b"9" * 5000 + b"}"])
def test_what_is_no_json_is_told(tmp_path: Path, raw: bytes) -> None:
    path = tmp_path / "label.json"
    path.write_bytes(raw)
    with pytest.raises(LabelError, match=r"label\.json"):
        data_json.read(path)
