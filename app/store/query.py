"""A question to a store in SQL, which may only read."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass

from biaoge.app.store.open import Store
from biaoge.errors import UsageError

_READS = frozenset((sqlite3.SQLITE_SELECT, sqlite3.SQLITE_READ, sqlite3.SQLITE_FUNCTION, sqlite3.SQLITE_RECURSIVE))
"""What a statement may do; all else, such as writing, attaching another file or a setting, is refused."""
_LOOKS = frozenset(("table_info", "table_list", "table_xinfo", "index_list", "index_info"))
"""Settings that only tell what there is."""

Value = str | int | float | bytes | None


@dataclass(frozen=True, slots=True)
class Answer:
    """The names of the columns, and the rows as they come."""

    columns: tuple[str, ...]
    rows: Iterator[tuple[Value, ...]]


def ask(store: Store, sql: str) -> Answer:
    """The answer to one statement; UsageError where it is none, or would do anything but read."""
    store.db.set_authorizer(_allowed)
    try:
        cursor = store.db.execute(sql)
    except (sqlite3.Error, sqlite3.Warning) as error:
        raise UsageError(_told(error)) from error
    if cursor.description is None:
        raise UsageError("the statement gives no rows; ask with SELECT")
    return Answer(tuple(one[0] for one in cursor.description), _rows(cursor))


def _rows(cursor: sqlite3.Cursor) -> Iterator[tuple[Value, ...]]:
    try:
        yield from cursor
    except sqlite3.Error as error:
        raise UsageError(_told(error)) from error


def _told(error: Exception) -> str:
    message = str(error)
    if "authoriz" in message or "prohibited" in message or "readonly" in message:
        return f"a query may only read ({message}); to change data, work on a copy of the database"
    return f"the query cannot be answered: {message}; `biaoge query STORE --tables` lists tables and columns"


def _allowed(action: int, first: str | None, second: str | None, _database: str | None, _trigger: str | None) -> int:
    if action in _READS or (action == sqlite3.SQLITE_PRAGMA and first in _LOOKS):
        return sqlite3.SQLITE_OK
    return sqlite3.SQLITE_DENY


def tables(store: Store) -> Answer:
    """(table, column, type) of all there is to ask about."""
    sql = (
        "SELECT s.name, c.name, c.type FROM sqlite_schema s, pragma_table_info(s.name) c"
        " WHERE s.type IN ('table', 'view') AND s.name NOT LIKE 'sqlite_%' ORDER BY s.name, c.cid"
    )
    store.db.set_authorizer(None)  # this question is ours
    cursor = store.db.execute(sql)
    return Answer(("table", "column", "type"), _rows(cursor))
