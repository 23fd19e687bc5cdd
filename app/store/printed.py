"""The rows of an answer, printed."""

from __future__ import annotations

import csv
import json
import sys
from itertools import islice
from typing import Literal, TextIO

from biaoge.app.store.query import Answer, Value

_MOST = 1000
"""Rows of a table for people; a whole one must be measured before its first line can be printed."""


def write(answer: Answer, to: Literal["table", "csv", "jsonl"], stream: TextIO) -> None:
    """Print every row; as a table the first thousand, told on stderr where there are more."""
    if to == "jsonl":
        for row in answer.rows:
            record = {name: _plain(value) for name, value in zip(answer.columns, row, strict=True)}
            stream.write(json.dumps(record, ensure_ascii=False) + "\n")
    elif to == "csv":
        writer = csv.writer(stream, lineterminator="\r\n" if sys.platform == "win32" else "\n")
        writer.writerow(answer.columns)
        writer.writerows([_plain(value) for value in row] for row in answer.rows)
    else:
        _table(answer, stream)


def _table(answer: Answer, stream: TextIO) -> None:
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    table = Table()
    for name in answer.columns:
        table.add_column(Text(_safe(name)), overflow="fold")
    for row in islice(answer.rows, _MOST):
        table.add_row(*(Text("" if value is None else _safe(str(_plain(value)))) for value in row))
    Console(file=stream).print(table)
    if next(answer.rows, None) is not None:
        print(f"the first {_MOST} rows; --to csv or jsonl prints all", file=sys.stderr)


def _plain(value: Value) -> str | int | float | None:
    return value.hex() if isinstance(value, bytes) else value


def _safe(text: str) -> str:
    """The text on one line, harmless for a terminal."""
    return "".join(c if c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in text)
