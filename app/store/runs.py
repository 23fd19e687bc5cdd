"""The runs on a store: begun, ended, and told apart from those that were killed."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, datetime

from biaoge import __version__
from biaoge.app.isolate import Limits
from biaoge.app.settings import Settings
from biaoge.app.store.open import Store, transaction
from biaoge.app.store.schema import STATES

_KILLED = "killed"


@dataclass(slots=True)
class Tally:
    """What a run did so far: files looked at, those that needed nothing, contents to read, and what became of them."""

    files: int = 0
    same: int = 0
    todo: int = 0
    read: int = 0
    doubtful: int = 0
    refused: int = 0
    failed: int = 0

    @property
    def done(self) -> int:
        """Contents that have a result."""
        return self.read + self.doubtful + self.refused + self.failed


def now() -> str:
    """The time in UTC, to the second, as the database has it."""
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def begin(store: Store, settings: Settings, jobs: int, limits: Limits) -> int:
    """Note a new run and give its number; runs before it that never ended were killed."""
    told = json.dumps(asdict(settings), sort_keys=True)
    with transaction(store.db):
        for (run,) in store.db.execute("SELECT run FROM runs WHERE ended IS NULL").fetchall():
            sql = "SELECT state, count(*) FROM documents WHERE run = ? GROUP BY state"
            counts = dict(store.db.execute(sql, [run]).fetchall())
            changes = ", ".join(f"{state} = {counts.get(state, 0)}" for state in STATES)
            store.db.execute(f"UPDATE runs SET interrupted = 1, reason = ?, {changes} WHERE run = ?", [_KILLED, run])
            store.db.execute("UPDATE runs SET ended = started WHERE run = ?", [run])
        (number,) = store.db.execute(
            "INSERT INTO runs (started, version, settings, settings_json, jobs, time_limit, memory_limit)"
            " VALUES (?, ?, ?, ?, ?, ?, ?) RETURNING run",
            [now(), __version__, settings.digest, told, jobs, limits.seconds, limits.memory],
        ).fetchone()
    return int(number)


def end(store: Store, run: int, tally: Tally, stopped: str | None) -> None:
    """Note the end of a run; `stopped`: why, where it did not come to its end."""
    counts: Mapping[str, int] = asdict(tally)
    changes = ", ".join(f"{name} = ?" for name in counts)
    with transaction(store.db):
        store.db.execute(
            f"UPDATE runs SET ended = ?, interrupted = ?, reason = ?, {changes} WHERE run = ?",
            [now(), stopped is not None, stopped, *counts.values(), run],
        )
