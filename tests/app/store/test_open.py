from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from biaoge.app.store.open import DATABASE, Store, open_to_read, open_to_write
from biaoge.app.store.schema import VERSION
from biaoge.errors import InputError, UsageError


def test_made_once_and_opened_again(tmp_path: Path) -> None:
    with open_to_write(tmp_path / "s") as store:
        store.db.execute("INSERT INTO files VALUES ('p', 'x', 1, 1, 'pdf', NULL, 1, 1)")
        (store.staging / "left").mkdir(parents=True)
    with open_to_write(tmp_path / "s") as store:
        assert store.db.execute("SELECT path FROM files").fetchall() == [("p",)]
        assert not store.staging.exists()


def test_reading_while_a_run_writes(store: Store) -> None:
    with closing(open_to_read(store.folder).db) as db:
        store.db.execute("INSERT INTO files VALUES ('p', 'x', 1, 1, 'pdf', NULL, 1, 1)")
        assert db.execute("SELECT count(*) FROM files").fetchone() == (1,)
        with pytest.raises(sqlite3.OperationalError, match="readonly"):
            db.execute("DELETE FROM files")


def test_no_store(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no store"):
        open_to_read(tmp_path)
    (tmp_path / "mine.txt").write_text("")
    with pytest.raises(UsageError, match="neither empty nor a store"), open_to_write(tmp_path):
        pass
    assert [one.name for one in tmp_path.iterdir()] == ["mine.txt"]
    with pytest.raises(UsageError, match="choose another --out"), open_to_write(tmp_path / "mine.txt" / "s"):
        pass


def test_another_version_and_no_database(tmp_path: Path) -> None:
    with open_to_write(tmp_path) as store:
        store.db.execute(f"PRAGMA user_version = {VERSION + 1}")
    with pytest.raises(InputError, match="version 2"), open_to_write(tmp_path):
        pass
    with pytest.raises(InputError, match="version 2"):
        open_to_read(tmp_path)
    (tmp_path / DATABASE).write_bytes(b"nothing of the kind" * 99)
    for suffix in ("-wal", "-shm"):
        (tmp_path / (DATABASE + suffix)).unlink(missing_ok=True)
    with pytest.raises(InputError, match="database"):
        open_to_read(tmp_path)
    with pytest.raises(InputError, match="database"), open_to_write(tmp_path):
        pass
