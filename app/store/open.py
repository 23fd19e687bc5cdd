"""Opening a store: its folder, its database, its transactions."""

from __future__ import annotations

import contextlib
import shutil
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from biaoge.app.store.lock import locked
from biaoge.app.store.schema import TABLES, VERSION
from biaoge.errors import InputError, UsageError

DATABASE, DOCUMENTS, STAGING, LOG = "store.db", "documents", "staging", "log.jsonl"
_CACHE = 32_000
"""Kilobytes of database pages kept in memory; all that the main process needs, however large the store."""
_LOG_PAGES = 4_000
"""Pages of 4096 bytes in the log before they are moved into the database: a page that many documents add to is moved
once, not for each; and what a run that was killed leaves there is little."""
_PATIENCE = 30.0
"""Seconds to wait for a reader that holds the database up."""


@dataclass(frozen=True, slots=True)
class Store:
    """An open store: `folder` as given, `db` in autocommit, so that `transaction` says where one begins."""

    folder: Path
    db: sqlite3.Connection

    @property
    def staging(self) -> Path:
        """Where results are prepared; what a killed run left there is removed when a run begins."""
        return self.folder / STAGING

    def json_path(self, sha256: str, key: str) -> Path:
        """Where the JSON of a content stands, read with the settings of `key`."""
        return self.folder / json_name(sha256, key)


def json_name(sha256: str, key: str) -> str:
    """The path of a document's JSON inside the store.

    >>> json_name("abcdef", "0123")
    'documents/ab/abcdef-0123.json'
    """
    return f"{DOCUMENTS}/{sha256[:2]}/{sha256}-{key}.json"


@contextlib.contextmanager
def open_to_write(folder: Path) -> Iterator[Store]:
    """The store in `folder`, made if missing, locked, leftovers of a killed run removed.

    UsageError where another run works on it, or the folder cannot be written; InputError where it is no store.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        if not (folder / DATABASE).exists() and any(one.name not in (LOG, "lock") for one in folder.iterdir()):
            raise UsageError(f"{folder} is neither empty nor a store of biaoge; choose another --out")
        lock = locked(folder)
        lock.__enter__()
    except OSError as error:
        raise UsageError(f"cannot write to {folder}: {error.strerror}; choose another --out") from error
    with contextlib.ExitStack() as stack:
        stack.push(lock.__exit__)
        shutil.rmtree(folder / STAGING, ignore_errors=True)
        db = _connect(f"{(folder / DATABASE).absolute().as_uri()}?mode=rwc", folder)
        stack.callback(db.close)
        _prepare(db, folder)
        yield Store(folder, db)


def open_to_read(folder: Path) -> Store:
    """The store in `folder`, for reading alone, also while a run writes; close its `db`. InputError where none is."""
    path = folder / DATABASE
    if not path.is_file():
        raise InputError(f"{folder}: no store of biaoge; `biaoge bulk DIR --out {folder}` makes one")
    where = path.absolute().as_uri()
    db = _connect(f"{where}?mode=ro", folder)
    try:
        _check_version(db, folder)
    except sqlite3.OperationalError:
        # A folder that cannot be written has no room for the shared index of the log; without a log none is needed.
        db.close()
        if path.with_name(DATABASE + "-wal").exists():
            raise InputError(f"{folder}: a run was killed here; open it once where the folder can be written") from None
        db = _connect(f"{where}?mode=ro&immutable=1", folder)
        _check_version(db, folder)
    db.execute("PRAGMA query_only = ON")
    return Store(folder, db)


@contextlib.contextmanager
def transaction(db: sqlite3.Connection) -> Iterator[None]:
    """All statements inside, or none."""
    db.execute("BEGIN IMMEDIATE")
    try:
        yield
    except BaseException:
        if db.in_transaction:
            db.execute("ROLLBACK")
        raise
    try:
        db.execute("COMMIT")
    except BaseException:
        if db.in_transaction:  # a full disk shows itself here
            db.execute("ROLLBACK")
        raise


def _connect(where: str, folder: Path) -> sqlite3.Connection:
    try:
        return sqlite3.connect(where, uri=True, isolation_level=None, timeout=_PATIENCE)
    except sqlite3.OperationalError as error:
        raise InputError(f"{folder}: the database cannot be opened ({error})") from error


def _prepare(db: sqlite3.Connection, folder: Path) -> None:
    """Set the connection up for writing, and make the tables where there are none."""
    try:
        # A commit is in the log at once and outlives the process; only a power failure can take the last ones back,
        # whole documents, which the next run reads again.
        db.execute("PRAGMA journal_mode = WAL")
        db.execute("PRAGMA synchronous = NORMAL")
        db.execute(f"PRAGMA cache_size = -{_CACHE}")
        db.execute(f"PRAGMA wal_autocheckpoint = {_LOG_PAGES}")
        if db.execute("PRAGMA user_version").fetchone()[0] == 0:
            db.executescript(f"BEGIN IMMEDIATE;\n{TABLES}\nPRAGMA user_version = {VERSION};\nCOMMIT;")
    except sqlite3.DatabaseError as error:
        raise InputError(f"{folder}: the database cannot be used ({error}); choose another --out") from error
    _check_version(db, folder)


def _check_version(db: sqlite3.Connection, folder: Path) -> None:
    try:
        found = db.execute("PRAGMA user_version").fetchone()[0]
    except sqlite3.OperationalError:
        raise
    except sqlite3.DatabaseError as error:
        raise InputError(f"{folder}: {DATABASE} is no database ({error})") from error
    if found != VERSION:
        raise InputError(f"{folder}: its tables are of version {found}, this biaoge knows {VERSION}; use a new store")
