"""PubTabNet's JSON lines: one image a line, its table as tokens of HTML and the cells' boxes in pixels.

    {"filename": "a.png", "split": "val", "imgid": 1,
     "html": {"structure": {"tokens": ["<thead>", "<tr>", "<td", " colspan=\"2\"", ">", "</td>", "</tr>", "</thead>"]},
              "cells": [{"tokens": ["<b>", "x", "</b>"], "bbox": [x0, top, x1, bottom]}]}}

Cells come in the order of the `td` of the structure; `bbox` is left out for empty ones. As in the notebook and
`utils.format_html` of https://github.com/ibm-aur-nlp/PubTabNet tokens of one character stand for themselves. Their
mark-up inside cells (`<b>`, `<i>`, `<sup>`) is left out. Cells of `thead` are column headers.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from html import unescape
from pathlib import Path

from biaoge.errors import LabelError, TableError
from biaoge.html import table_from_html
from biaoge.model import Cell, Region, Table
from biaoge.text import join_lines

from ..typed import Edges, Name, box_of, decoded
from .found import Labelled

_NUMBER = re.compile("[0-9]{1,7}")
_MARK_UP = re.compile(r"</?[A-Za-z][^<>]*>")


@dataclass(frozen=True, slots=True)
class Content:
    """What an entry says of a cell."""

    tokens: tuple[str, ...]
    bbox: Edges | None = None


@dataclass(frozen=True, slots=True)
class Structure:
    """The tags of an entry."""

    tokens: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Html:
    """The table of an entry."""

    structure: Structure
    cells: tuple[Content, ...]


@dataclass(frozen=True, slots=True)
class _Entry:
    filename: Name
    html: Html


def read(path: Path) -> tuple[Labelled, ...]:
    """The tables of the file in its order, each on page 1 of the image it names; LabelError names the line."""
    out = []
    with path.open(encoding="utf-8") as lines:
        for number, line in enumerate(lines, start=1):
            if not line.strip():
                continue
            try:
                entry = decoded(line, _Entry)
                out.append(Labelled(Path(entry.filename).stem, table_of(entry.html), (1,), entry.filename))
            except (ValueError, LabelError, TableError) as problem:
                raise LabelError(f"{path}:{number}: {problem}") from problem
    if not out:
        raise LabelError(f"{path}: no line with a table")
    return tuple(out)


def table_of(html: Html) -> Table:
    """The table of an entry; LabelError where structure and cells do not go together, ValueError for a wrong box."""
    cells = [_content(cell, n) for n, cell in enumerate(html.cells)]
    # Each cell's text is its number while the structure is read, so that what it holds finds its place again.
    pieces, opened = ["<table>"], 0
    for token in html.structure.tokens:
        pieces.append(token)
        if token in ("<td>", ">"):
            pieces.append(str(opened))
            opened += 1
    if opened != len(cells):
        raise LabelError(f"$.html.structure: it has {opened} cells, but {len(cells)} are given")
    table = table_from_html("".join([*pieces, "</table>"]))
    return replace(table, cells=tuple(_with(cell, cells) for cell in table.cells))


def _with(cell: Cell, contents: Sequence[tuple[str, Region | None]]) -> Cell:
    if not cell.text:  # a place that the structure leaves out
        return cell
    if not _NUMBER.fullmatch(cell.text) or int(cell.text) >= len(contents):
        raise LabelError(f"$.html.structure: a text that belongs to the cells: {cell.text[:40]!r}")
    text, region = contents[int(cell.text)]
    return replace(cell, text=text, regions=() if region is None else (region,))


def _content(cell: Content, n: int) -> tuple[str, Region | None]:
    text = "".join(t if len(t) == 1 else unescape(_MARK_UP.sub("", t)) for t in cell.tokens)
    region = None if cell.bbox is None else Region(1, box_of(cell.bbox, f"$.html.cells[{n}].bbox"))
    return join_lines(text.splitlines()), region
