"""PubTabNet's JSON lines: one image a line, its table as tokens of HTML and the cells' boxes in pixels.

    {"filename": "a.png", "split": "val", "imgid": 1,
     "html": {"structure": {"tokens": ["<thead>", "<tr>", "<td", " colspan=\"2\"", ">", "</td>", "</tr>", "</thead>"]},
              "cells": [{"tokens": ["<b>", "x", "</b>"], "bbox": [x0, top, x1, bottom]}]}}

Cells come in the order of the `td` of the structure; `bbox` is left out for empty ones. As in the notebook and
`utils.format_html` of https://github.com/ibm-aur-nlp/PubTabNet tokens of one character stand for themselves. Their
mark-up inside cells (`<b>`, `<i>`, `<sup>`) is left out. Cells of `thead` are column headers.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from html import unescape
from pathlib import Path
from typing import Any

from biaoge.errors import LabelError
from biaoge.html import table_from_html
from biaoge.model import Box, Cell, Region, Table
from biaoge.text import join_lines

from .found import Labelled

_MARK_UP = re.compile(r"</?[A-Za-z][^<>]*>")
_WRONG = (KeyError, TypeError, ValueError, AttributeError, LabelError)


@dataclass(frozen=True, slots=True)
class _Content:
    text: str
    region: Region | None


def read(path: Path) -> tuple[Labelled, ...]:
    """The tables of the file in its order, each on page 1 of the image it names; LabelError names the line."""
    out = []
    with path.open(encoding="utf-8") as lines:
        for number, line in enumerate(lines, start=1):
            if not line.strip():
                continue
            try:
                entry = json.loads(line)
                name = str(entry["filename"])
                out.append(Labelled(Path(name).stem, table_of(entry["html"]), (1,), name))
            except _WRONG as problem:
                raise LabelError(f"{path}:{number}: {type(problem).__name__}: {problem}") from problem
    if not out:
        raise LabelError(f"{path}: no line with a table")
    return tuple(out)


def table_of(html: Mapping[str, Any]) -> Table:
    """The table of an entry's `html`; LabelError where structure and cells do not go together."""
    cells = [_content(cell) for cell in html["cells"]]
    # Each cell's text is its number while the structure is read, so that what it holds finds its place again.
    pieces, opened = ["<table>"], 0
    for token in html["structure"]["tokens"]:
        pieces.append(token)
        if token in ("<td>", ">"):
            pieces.append(str(opened))
            opened += 1
    if opened != len(cells):
        raise LabelError(f"the structure has {opened} cells, but {len(cells)} are given")
    table = table_from_html("".join([*pieces, "</table>"]))
    placed = tuple(_with(cell, cells) for cell in table.cells)
    return replace(table, cells=placed)


def _with(cell: Cell, contents: Sequence[_Content]) -> Cell:
    if not cell.text:  # a place that the structure leaves out
        return cell
    content = contents[int(cell.text)]
    return replace(cell, text=content.text, regions=(content.region,) if content.region else ())


def _content(cell: Mapping[str, Any]) -> _Content:
    text = "".join(t if len(t) == 1 else unescape(_MARK_UP.sub("", t)) for t in cell["tokens"])
    box = cell.get("bbox")
    return _Content(join_lines(text.splitlines()), Region(1, Box(*box)) if box else None)
