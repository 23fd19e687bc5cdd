"""Which files were seen, what they hold, and which contents are still to be read."""

from __future__ import annotations

import os
import re
import sqlite3
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from biaoge.app.store.keys import Keys
from biaoge.app.store.open import Store
from biaoge.files import sha256_of

_HEAD = 1024
_PDF = re.compile(rb"^%PDF-\d\.\d", re.MULTILINE)
_MAGIC = (
    (b"\x89PNG\r\n\x1a\n", "png"),
    (b"\xff\xd8\xff", "jpeg"),
    *((head, "tiff") for head in (b"II*\0", b"MM\0*", b"II+\0", b"MM\0+")),
)


class Again(StrEnum):
    """States of which a run may be asked to read contents once more."""

    FAILED = "failed"
    REFUSED = "refused"
    DOUBTFUL = "doubtful"


@dataclass(frozen=True, slots=True)
class Rules:
    """What is read anew: `again` names states; `rehash`: do not trust size and time of a file to tell its content.

    `time_limit` (seconds), `memory_limit` (megabytes): a content that passed lower ones gets another chance, one that
    is locked where `password` is given.
    """

    keys: Keys
    time_limit: float
    memory_limit: int
    again: frozenset[Again] = frozenset()
    password: bool = False
    rehash: bool = False


@dataclass(frozen=True, slots=True)
class Seen:
    """A file that was looked at: its content, and whether it is new or known; `None` where it could not be read."""

    sha256: str | None
    due: bool


def kind_of(head: bytes) -> str:
    """`pdf`, `png`, `jpeg`, `tiff`, or `other` for what a file begins with.

    >>> kind_of(b"%PDF-1.7 ..."), kind_of(b"<html>see %PDF-1.7"), kind_of(b"II*\\0....")
    ('pdf', 'other', 'tiff')
    """
    if _PDF.search(head):
        return "pdf"
    return next((kind for magic, kind in _MAGIC if head.startswith(magic)), "other")


def sniff(path: Path) -> str:
    """The kind of the file's content; OSError where it cannot be read."""
    with path.open("rb") as source:
        return kind_of(source.read(_HEAD))


def stored(path: Path) -> str:
    """The path as the database has it: absolute, without `..`, and text even where its bytes are none."""
    whole = os.path.abspath(path)  # noqa: PTH100  (links stay as they are)
    return os.fsencode(whole).decode("utf-8", "backslashreplace")


def begin(store: Store) -> None:
    """Make the list of what this run has to read, which is gone with the connection."""
    store.db.execute("CREATE TEMP TABLE todo (number INTEGER PRIMARY KEY, sha256 TEXT UNIQUE, path BLOB)")


def look_at(store: Store, path: Path, rules: Rules, run: int) -> Seen:
    """Note a file, by its size and time as known or by its content anew, and put it on the list if it is due."""
    name = stored(path)
    known = store.db.execute("SELECT sha256, bytes, mtime_ns, kind FROM files WHERE path = ?", [name]).fetchone()
    try:
        now = path.stat()
        if not stat.S_ISREG(now.st_mode):
            raise OSError(0, "a folder that cannot be listed" if path.is_dir() else "not a file that can be read")
        if known and known[0] and not rules.rehash and known[1:3] == (now.st_size, now.st_mtime_ns):
            sha256, kind = known[0], known[3]
        else:
            sha256, kind = sha256_of(path), sniff(path)
    except OSError as error:
        row: tuple[object, ...] = (name, None, None, None, None, error.strerror or str(error), run, run)
        _note(store.db, row)
        return Seen(None, False)
    _note(store.db, (name, sha256, now.st_size, now.st_mtime_ns, kind, None, run, run))
    if not is_due(store, sha256, rules):
        return Seen(sha256, False)
    added = store.db.execute(
        "INSERT OR IGNORE INTO todo (sha256, path) VALUES (?, ?)", (sha256, os.fsencode(path.absolute()))
    )
    return Seen(sha256, added.rowcount > 0)


def _note(db: sqlite3.Connection, row: tuple[object, ...]) -> None:
    changes = ", ".join(f"{c} = excluded.{c}" for c in ("sha256", "bytes", "mtime_ns", "kind", "problem", "last_run"))
    db.execute(f"INSERT INTO files VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (path) DO UPDATE SET {changes}", row)


def is_due(store: Store, sha256: str, rules: Rules) -> bool:
    """Whether the content must be read: nothing is known of it, or what is known was found in another way."""
    found = store.db.execute(
        "SELECT key, state, error, time_limit, memory_limit, json FROM documents WHERE sha256 = ?", [sha256]
    ).fetchone()
    if found is None:
        return True
    key, state, error, time_limit, memory_limit, written = found
    if key not in (rules.keys.whole, rules.keys.native) or state in rules.again:
        return True
    if error == "TimedOut" and rules.time_limit > time_limit:
        return True
    if error == "TooLarge" and rules.memory_limit > memory_limit:
        return True
    if error == "PasswordNeeded" and rules.password:
        return True
    return written is not None and not (store.folder / written).exists()


def todo(store: Store, limit: int | None) -> Iterator[tuple[str, Path]]:
    """(sha256, path) of what is to be read, in the order in which it was met; `limit`: at most so many."""
    number, left = 0, -1 if limit is None else limit
    while left:
        # One at a time: the database is written to between two of them.
        sql = "SELECT number, sha256, path FROM todo WHERE number > ? ORDER BY number LIMIT 1"
        row = store.db.execute(sql, [number]).fetchone()
        if row is None:
            return
        number, left = row[0], left - 1
        yield row[1], Path(os.fsdecode(row[2]))


def todo_count(store: Store) -> int:
    """How many contents are to be read."""
    (count,) = store.db.execute("SELECT count(*) FROM todo").fetchone()
    return int(count)


def forget(store: Store, path: Path, gone: bool) -> None:
    """A file went away, or changed, while it was read: drop it, or what was known of its content."""
    if gone:
        store.db.execute("DELETE FROM files WHERE path = ?", [stored(path)])
    else:
        store.db.execute("UPDATE files SET sha256 = NULL, problem = NULL WHERE path = ?", [stored(path)])
