"""What a store holds, counted."""

from __future__ import annotations

from typing import Any, TypedDict

from biaoge.app.store.open import Store
from biaoge.app.store.schema import STATES, VERSION

_REASONS = 10
"""How many reasons are told, the most frequent first."""


class RunDict(TypedDict):
    """A run; times in UTC. `interrupted`: it was stopped, killed, or still runs; `same`: files that needed nothing."""

    run: int
    started: str
    ended: str | None
    version: str
    settings: str
    files: int
    same: int
    todo: int
    read: int
    doubtful: int
    refused: int
    failed: int
    interrupted: bool
    reason: str | None


class ReasonDict(TypedDict):
    """Why contents were not read."""

    state: str
    reason: str
    documents: int


class StatusDict(TypedDict):
    """A store as a whole. `states` counts files by path, `waiting` those seen and not read yet; the rest contents."""

    schema: int
    states: dict[str, int]
    waiting: int
    files: int
    documents: int
    bytes: int
    pages: int
    ocr_pages: int
    tables: int
    cells: int
    warnings: int
    seconds: float
    runs: int
    last_run: RunDict | None
    reasons: list[ReasonDict]


def status(store: Store) -> StatusDict:
    """The counts of a store, all of one moment."""
    db = store.db
    db.execute("BEGIN")
    try:
        counted = dict(db.execute("SELECT state, count(*) FROM file_states GROUP BY state").fetchall())
        sums = db.execute(
            "SELECT count(*), total(pages), total(ocr_pages), total(tables), total(cells), total(warnings),"
            " total(seconds) FROM documents"
        ).fetchone()
        (size,) = db.execute("SELECT total(bytes) FROM files").fetchone()
        reasons = db.execute(
            "SELECT state, reason, count(*) FROM documents WHERE state IN ('refused', 'failed')"
            " GROUP BY state, reason ORDER BY 3 DESC, 1, 2 LIMIT ?",
            [_REASONS],
        ).fetchall()
        (runs,) = db.execute("SELECT count(*) FROM runs").fetchone()
        last = _last_run(store)
    finally:
        db.execute("ROLLBACK")
    return {
        "schema": VERSION,
        "states": {state: counted.get(state, 0) for state in STATES},
        "waiting": counted.get("waiting", 0),
        "files": sum(counted.values()),
        "documents": sums[0],
        "bytes": int(size),
        "pages": int(sums[1]),
        "ocr_pages": int(sums[2]),
        "tables": int(sums[3]),
        "cells": int(sums[4]),
        "warnings": int(sums[5]),
        "seconds": round(sums[6], 3),
        "runs": runs,
        "last_run": last,
        "reasons": [{"state": state, "reason": reason or "", "documents": n} for state, reason, n in reasons],
    }


def _last_run(store: Store) -> RunDict | None:
    names = list(RunDict.__annotations__)
    row = store.db.execute(f"SELECT {', '.join(names)} FROM runs ORDER BY run DESC LIMIT 1").fetchone()
    if row is None:
        return None
    last: Any = dict(zip(names, row, strict=True))
    last["interrupted"] = bool(last["interrupted"]) or last["ended"] is None
    run: RunDict = last
    return run


def states_of_run(store: Store, run: int) -> dict[str, int]:
    """How many of the files that a run saw are in each state, and how many are `waiting`."""
    sql = "SELECT state, count(*) FROM file_states WHERE last_run = ? GROUP BY state"
    counted = dict(store.db.execute(sql, [run]).fetchall())
    return {state: counted.get(state, 0) for state in (*STATES, "waiting")}
