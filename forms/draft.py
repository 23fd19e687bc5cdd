"""A form drafted from a document: its tables as they are printed, with keys to be filled in."""

from __future__ import annotations

import json
from collections.abc import Sequence

from biaoge.model import Table

from .blocks import Block, Line, Sheets
from .names import folded

HEAD = """\
# Drafted from a document. To make it a form of your own (docs/forms.md tells the format):
# - replace the keys (table_1, row_3, col_2 …) by short English names: they become the fields table.row.column;
# - add other wordings to zh: zh = ["本年废止件数", "本年度废止件数"];
# - mark rows and columns that may be missing: optional = true; set unit and type (integer, decimal, text);
# - state the sums that must hold, under sums, as in the example at the end of every table.
"""
_EXAMPLE = (
    '# sums = [{ id = "total", label = "…", each = "row", total = "col_9", parts = ["col_1", "col_2"] }]  '
    "# columns, in every row\n"
)


def draft(tables: Sequence[Table], name: str) -> str:
    """A TOML text that loads as a form of this name and matches these tables; FormError never.

    Tables of one column, and blocks without a header, are left out; a row or column that cannot be told from the one
    before it is left out with a comment.
    """
    sheets = Sheets(tables)
    out = [f"{HEAD}name = {_quoted(name)}\n\n[title]\nzh = {_quoted(name)}\n"]
    written: set[str] = set()
    number = 0
    for block in sheets.blocks:
        columns = sheets.columns(block, all_of_them=not block.stub)
        if not block.header or not columns or not any(column.name for column in columns):
            continue
        text = _table(sheets, block, columns)
        if text in written:
            continue
        written.add(text)
        number += 1
        out.append(f"\n[[table]]\nkey = {_quoted(f'table_{number}')}\n{text}")
    if not number:
        out.append("\n# No table with named columns was found; a form needs at least one:\n# [[table]]\n")
    return "".join(out)


def _table(sheets: Sheets, block: Block, columns: Sequence[Line]) -> str:
    rows = sheets.rows(block)
    lines = []
    if block.caption:
        lines.append(f"captions = [{_quoted(block.caption)}]")
    if block.section:
        lines.append(f"section = [{_quoted(block.section)}]")
    types = {_type(sheets, block, row, column) for row in rows for column in columns} or {"text"}
    lines.append(
        f'type = "{"decimal" if types == {"integer", "decimal"} else types.pop() if len(types) == 1 else "text"}"'
    )
    lines.append(_tree("columns", "col", columns))
    lines.append(_tree("rows", "row", rows) if any(row.name for row in rows) else 'rows = [{ zh = "" }]')
    return "\n".join(lines) + "\n" + _EXAMPLE


def _type(sheets: Sheets, block: Block, row: Line, column: Line) -> str:
    from .values import value

    said = value(sheets.grids[block.table][row.index][column.index].text)
    if said.number is None:
        return "text" if said.kind == "text" else "integer"
    return "integer" if said.number == said.number.to_integral_value() else "decimal"


def _tree(axis: str, word: str, lines: Sequence[Line]) -> str:
    """The list of a tree's nodes: headers over several lines first, each followed by what is under it."""
    out: list[str] = []
    open_: list[tuple[str, str]] = []
    seen: set[tuple[str, ...]] = set()
    for number, line in enumerate(lines, 1):
        path = tuple(folded(name) for name in line.names)
        if not line.name or path in seen:
            out.append(f"  # {word} {number} has no name of its own: {_quoted('/'.join(line.names))}")
            continue
        seen.add(path)
        heads = list(line.names[:-1])
        keep = 0
        while keep < min(len(open_), len(heads)) and open_[keep][0] == heads[keep]:
            keep += 1
        del open_[keep:]
        for depth, head in enumerate(heads[keep:], keep + 1):
            key = ".".join([*(key for _, key in open_[-1:]), f"{word}_group_{number}_{depth}"])
            open_.append((head, key))
            out.append(f"  {{ key = {_quoted(key)}, zh = {_quoted(head)} }},")
        key = ".".join([*(key for _, key in open_[-1:]), f"{word}_{number}"])
        out.append(f"  {{ key = {_quoted(key)}, zh = {_quoted(line.name)} }},")
    return f"{axis} = [\n" + "\n".join(out) + "\n]"


def _quoted(text: str) -> str:
    """A TOML string; JSON's escapes are among TOML's."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")
