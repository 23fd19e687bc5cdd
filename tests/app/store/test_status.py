from __future__ import annotations

from dataclasses import replace

from biaoge.app.isolate import Limits
from biaoge.app.settings import Settings
from biaoge.app.store import runs
from biaoge.app.store.open import Store
from biaoge.app.store.reading import Reading
from biaoge.app.store.runs import Tally
from biaoge.app.store.status import states_of_run, status
from biaoge.app.store.write import Result, record

RESULT = Result("aa", "k", "d", "1", "doubtful", "a.pdf", 1, json="x")


def test_nothing_yet(store: Store) -> None:
    told = status(store)
    assert told["states"] == {"read": 0, "doubtful": 0, "refused": 0, "failed": 0}
    assert (told["files"], told["waiting"], told["last_run"], told["reasons"]) == (0, 0, None, [])


def test_counts_and_runs(store: Store, read: Reading) -> None:
    first = runs.begin(store, Settings(), 2, Limits())
    files = [("1", "aa", 1), ("2", "aa", 1), ("3", "bb", 2), ("4", "cc", 2), ("5", None, 2), ("6", "dd", 2)]
    for path, sha256, run in files:
        problem = None if sha256 else "Permission denied"
        row = (path, sha256, 100, 0, "pdf", problem, run, run)
        store.db.execute("INSERT INTO files VALUES (?, ?, ?, ?, ?, ?, ?, ?)", row)
    record(store, RESULT, read)
    late = replace(RESULT, sha256="bb", state="failed", json=None, error="TimedOut", reason="too long", run=2)
    second = runs.begin(store, Settings(), 2, Limits())
    record(store, late, None)
    record(store, replace(late, sha256="cc", state="refused", reason="locked"), None)
    told = status(store)
    assert told["states"] == {"read": 0, "doubtful": 2, "refused": 2, "failed": 1}
    assert (told["files"], told["waiting"], told["documents"], told["cells"]) == (6, 1, 3, 12)
    assert told["reasons"] == [
        {"state": "failed", "reason": "too long", "documents": 1},
        {"state": "refused", "reason": "locked", "documents": 1},
    ]
    assert told["last_run"] is not None
    assert told["last_run"]["interrupted"]
    sql = "SELECT interrupted, reason, doubtful FROM runs WHERE run = ?"
    assert store.db.execute(sql, [first]).fetchone() == (1, "killed", 1)
    assert states_of_run(store, second) == {"read": 0, "doubtful": 0, "refused": 2, "failed": 1, "waiting": 1}
    runs.end(store, second, Tally(files=4, todo=3, refused=1, failed=1), None)
    last = status(store)["last_run"]
    assert last is not None
    assert (last["interrupted"], last["files"], last["failed"]) == (False, 4, 1)
