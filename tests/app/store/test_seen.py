from __future__ import annotations

import os
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from biaoge.app.settings import Settings
from biaoge.app.store import seen
from biaoge.app.store.keys import Keys
from biaoge.app.store.open import Store
from biaoge.app.store.seen import Again, Rules, is_due, kind_of, look_at
from biaoge.app.store.write import Result, record
from biaoge.files import sha256_of

KEYS = Keys.of(Settings())
RULES = Rules(KEYS, 60.0, 1000)
RESULT = Result("ab" * 32, KEYS.whole, "d", "1", "read", "a.pdf", 1, time_limit=60.0, memory_limit=1000)


@pytest.mark.parametrize(
    ("head", "kind"),
    [
        (b"%PDF-1.7\n", "pdf"),
        (b"\xef\xbb\xbf\r\n junk\n%PDF-2.0", "pdf"),
        (b"see %PDF-1.7", "other"),
        (b"\x89PNG\r\n\x1a\n...", "png"),
        (b"\xff\xd8\xff\xe0", "jpeg"),
        (b"MM\0*", "tiff"),
        (b"", "other"),
    ],
)
def test_kind_of(head: bytes, kind: str) -> None:
    assert kind_of(head) == kind


def test_content_is_looked_into_when_size_or_time_changed(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "a.pdf"
    file.write_bytes(b"%PDF-1.4 one")
    seen.begin(store)
    hashed: list[Path] = []
    real = sha256_of

    def counting(path: Path) -> str:
        hashed.append(path)
        return real(path)

    monkeypatch.setattr(seen, "sha256_of", counting)
    first = look_at(store, file, RULES, 1)
    assert first.due
    assert look_at(store, file, RULES, 2) == replace(first, due=False)  # on the list already
    assert len(hashed) == 1
    look_at(store, file, replace(RULES, rehash=True), 3)
    assert len(hashed) == 2
    was = file.stat().st_mtime_ns
    os.utime(file, ns=(was, was + 1))
    assert look_at(store, file, RULES, 4).sha256 == first.sha256
    file.write_bytes(b"%PDF-1.4 longer")
    assert look_at(store, file, RULES, 5).sha256 != first.sha256
    assert len(hashed) == 4
    assert store.db.execute("SELECT first_run, last_run, kind FROM files").fetchall() == [(1, 5, "pdf")]
    assert [path for _, path in seen.todo(store, 1)] == [file]
    assert seen.todo_count(store) == len(list(seen.todo(store, None))) == 2


@pytest.mark.parametrize(
    ("result", "rules", "due"),
    [
        (RESULT, RULES, False),
        (replace(RESULT, key=KEYS.native), RULES, False),
        (replace(RESULT, key="other"), RULES, True),
        (replace(RESULT, state="failed"), RULES, False),
        (replace(RESULT, state="failed"), replace(RULES, again=frozenset([Again.FAILED])), True),
        (replace(RESULT, state="refused"), replace(RULES, again=frozenset([Again.FAILED])), False),
        (replace(RESULT, error="TimedOut"), replace(RULES, time_limit=61.0), True),
        (replace(RESULT, error="TimedOut"), replace(RULES, memory_limit=2000), False),
        (replace(RESULT, error="TooLarge"), replace(RULES, memory_limit=2000), True),
        (replace(RESULT, error="PasswordNeeded"), RULES, False),
        (replace(RESULT, error="PasswordNeeded"), replace(RULES, password=True), True),
        (replace(RESULT, json="documents/ab/gone.json"), RULES, True),
    ],
)
def test_is_due(store: Store, result: Result, rules: Rules, due: bool) -> None:
    assert is_due(store, RESULT.sha256, rules)
    record(store, result, None)
    assert is_due(store, RESULT.sha256, rules) == due


@pytest.mark.skipif(sys.platform == "win32", reason="names of bytes, pipes")
def test_odd_files(store: Store, tmp_path: Path) -> None:
    seen.begin(store)
    odd = Path(os.fsdecode(os.fsencode(tmp_path) + b"/\xff\xfe.pdf"))
    odd.write_bytes(b"%PDF-1.4")
    os.mkfifo(tmp_path / "pipe.pdf")
    assert look_at(store, odd, RULES, 1).due
    assert look_at(store, tmp_path / "pipe.pdf", RULES, 1) == seen.Seen(None, False)
    assert look_at(store, tmp_path / "absent.pdf", RULES, 1) == seen.Seen(None, False)
    assert look_at(store, tmp_path / "store", RULES, 1) == seen.Seen(None, False)
    assert not look_at(store, tmp_path / "store" / ".." / odd.name, RULES, 1).due
    assert [path for _, path in seen.todo(store, None)] == [odd]
    told = {Path(p).name: (s, r) for p, s, r in store.db.execute("SELECT path, state, reason FROM file_states")}
    assert told == {
        "\\xff\\xfe.pdf": ("waiting", None),
        "store": ("refused", "a folder that cannot be listed"),
        "pipe.pdf": ("refused", "not a file that can be read"),
        "absent.pdf": ("refused", "No such file or directory"),
    }
    seen.forget(store, odd, gone=True)
    assert len(store.db.execute("SELECT * FROM files").fetchall()) == 3
