from __future__ import annotations

import json
import re
from dataclasses import replace
from html import unescape
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from tilings import tables

from biaoge.errors import LabelError
from biaoge.eval.labels import data_json, pubtabnet
from biaoge.model import Box, Cell, Region, Table
from biaoge.text import join_lines

ENTRY: dict[str, Any] = {
    "structure": {"tokens": ["<thead>", "<tr>", "<td", ' colspan="2"', ">", "</td>", "</tr>", "</thead>"]},
    "cells": [{"tokens": ["<b>", "a", "&", "<", "</b>"], "bbox": [1, 2, 3, 4]}],
}
ENTRY["structure"]["tokens"] += ["<tbody>", "<tr>", "<td>", "</td>", "<td>", "</td>", "</tr>", "</tbody>"]
ENTRY["cells"] += [{"tokens": []}, {"tokens": ["1", "<sup>", "2", "</sup>"], "bbox": [5, 6, 7, 8]}]


def entry_of(table: Table, header_rows: int) -> dict[str, Any]:
    """The table as PubTabNet writes it: cells in row-major order, a box for each that has a text."""
    tokens: list[str] = []
    cells: list[dict[str, Any]] = []
    for r in range(table.n_rows):
        tokens += ["<thead>"] * (r == 0 and header_rows > 0) + ["<tbody>"] * (r == header_rows) + ["<tr>"]
        for c in (c for c in table.cells if c.row == r):
            spans = [f' {name}="{n}"' for name, n in (("rowspan", c.rowspan), ("colspan", c.colspan)) if n > 1]
            tokens += ["<td", *spans, ">", "</td>"] if spans else ["<td>", "</td>"]
            box = {"bbox": [c.col, c.row, c.col + 1, c.row + 1]} if c.text else {}
            cells.append({"tokens": list(c.text or ""), **box})
        tokens += ["</tr>"] + ["</thead>"] * (r + 1 == header_rows) + ["</tbody>"] * (r + 1 == table.n_rows)
    return {"structure": {"tokens": tokens}, "cells": cells}


@settings(max_examples=60, deadline=None)
@given(tables(texts=st.text("ab<>&1 ", max_size=4)))
def test_a_table_comes_back_from_its_tokens(table: Table) -> None:
    # A row in which no cell begins is not one that this format can write.
    assume(len({c.row for c in table.cells}) == table.n_rows and len({c.col for c in table.cells}) == table.n_cols)
    found = pubtabnet.table_of(msgspec.convert(entry_of(table, 0), pubtabnet.Html))

    def boxes(cell: Cell) -> tuple[Region, ...]:
        return (Region(1, Box(cell.col, cell.row, cell.col + 1, cell.row + 1)),) if cell.text else ()

    assert found.cells == tuple(replace(c, text=join_lines([c.text or ""]), regions=boxes(c)) for c in table.cells)


def write(folder: Path, *lines: str) -> Path:
    path = folder / "tables.jsonl"
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def line(name: str, html: object) -> str:
    return json.dumps({"filename": name, "split": "val", "imgid": 1, "html": html})


def test_mark_up_goes_and_heads_and_boxes_stay(tmp_path: Path) -> None:
    one, two = pubtabnet.read(write(tmp_path, line("a.png", ENTRY), "", line("b.png", ENTRY)))
    assert [(t.id, t.file, t.pages) for t in (one, two)] == [("a", "a.png", (1,)), ("b", "b.png", (1,))]
    assert one.table == Table(
        2,
        2,
        (
            Cell(0, 0, "a&<", colspan=2, role="column_header", regions=(Region(1, Box(1, 2, 3, 4)),)),
            Cell(1, 0, ""),
            Cell(1, 1, "12", regions=(Region(1, Box(5, 6, 7, 8)),)),
        ),
        header_rows=1,
    )


@pytest.mark.parametrize(
    "wrong",
    [
        {**ENTRY, "cells": ENTRY["cells"][:2]},
        {"cells": []},
        {**ENTRY, "cells": [{"tokens": ["a"], "bbox": [3, 2, 1, 4]}] * 3},
        {**ENTRY, "cells": [None] * 3},
        {**ENTRY, "cells": [{"tokens": "text"}] * 3},
        {**ENTRY, "cells": [{"tokens": ["a"], "bbox": [1, 2, 3, float("inf")]}] * 3},
        {"structure": {"tokens": ["<tr>", "<td>", "9", "</td>"]}, "cells": [{"tokens": ["a"]}]},
        {"structure": {"tokens": ["<tr>", "<td>", "x", "</td>"]}, "cells": [{"tokens": ["a"]}]},
        {"structure": {"tokens": [5]}, "cells": []},
        {"structure": {"tokens": []}, "cells": []},
        None,
    ],
)
def test_what_is_no_label_is_told_by_its_line(tmp_path: Path, wrong: object) -> None:
    with pytest.raises(LabelError, match=r"tables\.jsonl:2"):
        pubtabnet.read(write(tmp_path, line("a.png", ENTRY), line("b.png", wrong)))


def test_an_empty_file_and_a_broken_line(tmp_path: Path) -> None:
    with pytest.raises(LabelError, match=r"tables\.jsonl: no line"):
        pubtabnet.read(write(tmp_path, ""))
    with pytest.raises(LabelError, match=r"tables\.jsonl:1"):
        pubtabnet.read(write(tmp_path, "{"))


def tokens_of(html: str) -> dict[str, Any]:
    """An entry's `html` from the plain HTML of its table."""
    tokens, cells = [], []
    for tag, attributes, content in re.findall(r"<(td|/?thead|/?tbody|/?tr)([^>]*)>((?:(?!</?t[dhrb]).)*)", html, re.S):
        if tag == "td":
            spans = [f" {a}" for a in attributes.split()]
            tokens += ["<td", *spans, ">", "</td>"] if spans else ["<td>", "</td>"]
            cells.append({"tokens": [unescape(t) for t in re.findall(r"<[^>]+>|&\w+;|.", content, re.S)]})
        else:
            tokens.append(f"<{tag}>")
    return {"structure": {"tokens": tokens}, "cells": cells}


def test_real_entries_give_the_tables_of_their_json(data: Path) -> None:
    paths = sorted((data / "pubtabnet_examples" / "gt").glob("*.json"))
    assert paths
    for path in paths:
        (wanted,) = data_json.read(path)
        tokens = tokens_of(json.loads(path.read_text(encoding="utf-8"))["html"])
        found = pubtabnet.table_of(msgspec.convert(tokens, pubtabnet.Html))
        assert found.header_rows == wanted.table.header_rows
        assert [(c.row, c.col, c.rowspan, c.colspan, c.role, c.text) for c in found.cells] == [
            (c.row, c.col, c.rowspan, c.colspan, c.role, c.text) for c in wanted.table.cells
        ]
