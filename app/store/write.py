"""A document's rows, written all together or not at all."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from biaoge.app.store.open import Store, transaction
from biaoge.app.store.schema import PARTS, State

if TYPE_CHECKING:
    from biaoge.app.store.reading import Cell, Check, Field, Number, Reading, Table

JOINT = " / "
"""Between the steps of a header path."""
_MOST = 2**63
"""What a whole number in the database must stay below."""

Row = tuple[object, ...]
_NOWHERE = (None, (None,) * 4)


@dataclass(frozen=True, slots=True)
class Result:
    """What became of a content. `peak` in bytes; `json`: the path of its JSON inside the store, if it was read.

    `time_limit` (seconds) and `memory_limit` (megabytes): what it was allowed.
    """

    sha256: str
    key: str
    settings: str
    version: str
    state: State
    name: str
    run: int
    json: str | None = None
    error: str | None = None
    reason: str | None = None
    exit_code: int = 0
    seconds: float = 0.0
    peak: int = 0
    time_limit: float = 0.0
    memory_limit: int = 0


@dataclass(frozen=True, slots=True)
class Recorded:
    """What was written; `obsolete`: the path of the JSON that this replaced, if any, for the caller to remove."""

    ocr_pages: int
    cells: int
    obsolete: str | None


def record(store: Store, result: Result, document: Reading | None) -> Recorded:
    """Write what became of a content, in place of what was known of it, in one transaction.

    The JSON must be in its place before. `sqlite3.OperationalError` where the disk is full: then nothing was written.
    """
    recognised = _recognised(document)
    cells = sum(len(table.cells) for table in document.tables) if document else 0
    columns = {
        **{name: getattr(result, name) for name in Result.__dataclass_fields__},
        "form": document.form if document else None,
        "pages": len(document.pages) if document else 0,
        "tables": len(document.tables) if document else 0,
        "cells": cells,
        "warnings": sum(one.severity != "info" for one in document.findings) if document else 0,
        "ocr_pages": len(recognised),
    }
    with transaction(store.db):
        old = store.db.execute("SELECT document, json FROM documents WHERE sha256 = ?", [result.sha256]).fetchone()
        if old:
            for part in PARTS:
                store.db.execute(f"DELETE FROM {part} WHERE document = ?", old[:1])
        number = _put(store.db, columns)
        if document is not None:
            for part, rows in _rows(number, document, recognised):
                _insert(store.db, part, rows)
    return Recorded(len(recognised), cells, old[1] if old and old[1] != result.json else None)


def _put(db: sqlite3.Connection, columns: dict[str, object]) -> int:
    """Insert or replace the row of a content, which keeps its number."""
    names, marks = ", ".join(columns), ", ".join("?" * len(columns))
    changes = ", ".join(f"{name} = excluded.{name}" for name in columns if name != "sha256")
    sql = f"INSERT INTO documents ({names}) VALUES ({marks}) ON CONFLICT (sha256) DO UPDATE SET {changes}"
    (number,) = db.execute(f"{sql} RETURNING document", list(columns.values())).fetchone()
    return int(number)


def _insert(db: sqlite3.Connection, part: str, rows: Sequence[Row]) -> None:
    if rows:
        db.executemany(f"INSERT INTO {part} VALUES ({', '.join('?' * len(rows[0]))})", rows)


def _recognised(document: Reading | None) -> set[int]:
    """The pages that were recognised, whole or in part."""
    if document is None:
        return set()
    return {one.page for one in document.findings if one.kind == "page-recognised" and one.page}


def _rows(number: int, document: Reading, recognised: set[int]) -> Iterable[tuple[str, list[Row]]]:
    """(table, rows in the order of its columns) of document `number`."""
    yield (
        "pages",
        [
            (
                *(number, page.number, page.width, page.height, page.rotation, page.route),
                *(page.skew, page.trust.usable, page.trust.reason, page.number in recognised),
            )
            for page in document.pages
        ],
    )
    yield "tables", [_table(number, index, table) for index, table in enumerate(document.tables)]
    yield "cells", [_cell(number, i, cell) for i, table in enumerate(document.tables) for cell in table.cells]
    yield (
        "findings",
        [
            (
                *(number, index, one.kind, one.severity, one.message, one.page, one.table),
                *(str(one.cells, "utf-8"), one.suggestion),
            )
            for index, one in enumerate(document.findings)
        ],
    )
    yield "fields", [_field(number, name, one) for name, one in document.fields.items()]
    yield "checks", [_check(number, index, one) for index, one in enumerate(document.checks)]


def _table(number: int, index: int, table: Table) -> Row:
    pages = [part.page for part in table.parts]
    return (
        *(number, index, table.n_rows, table.n_cols, table.header_rows, table.stub_cols),
        *(table.caption, table.kind, table.confidence, min(pages, default=None), max(pages, default=None)),
    )


def _cell(number: int, table: int, cell: Cell) -> Row:
    page, box = (cell.regions[0].page, cell.regions[0].box) if cell.regions else _NOWHERE
    # fmt: off
    return (  # one tuple: there are more cells than all else together
        number, table, cell.row, cell.col, cell.rowspan, cell.colspan, cell.role, cell.text,
        JOINT.join(cell.column_path), JOINT.join(cell.row_path), page, *box,
        cell.confidence, cell.source, bool(cell.verified),
    )
    # fmt: on


def _field(number: int, name: str, one: Field) -> Row:
    value = one.value
    return (
        *(number, name, one.label, _number(value), None if value is None else str(value), one.unit),
        *(one.text, one.table, *one.cell, one.page, one.confidence, bool(one.verified)),
    )


def _check(number: int, index: int, one: Check) -> Row:
    return (
        *(number, index, one.id, one.label, one.holds, one.certain, _number(one.expected)),
        *(_number(one.found), one.verdict, str(one.cells, "utf-8")),
    )


def _number(value: Number) -> int | float | None:
    """The number as the database counts with it: the nearest float where it has more digits than one holds."""
    if isinstance(value, str) or (isinstance(value, int) and abs(value) >= _MOST):
        return float(value)
    return value
