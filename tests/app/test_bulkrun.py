"""Runs into a store: every file in one state, whatever happens to it, to its reader, or to the run."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from biaoge.app import isolate
from biaoge.app.bulk import Outcome
from biaoge.app.bulkrun import FAILURE, PARTIAL, Ended, Plan, Told, exit_code, run, state_of
from biaoge.app.isolate import Limits
from biaoge.app.settings import Settings
from biaoge.app.store.inputs import Inputs
from biaoge.app.store.lock import locked
from biaoge.app.store.open import open_to_read
from biaoge.app.store.runs import Tally
from biaoge.app.store.seen import Again
from biaoge.errors import UsageError

COMMAND = "import typer; from biaoge.app.bulkcmd import add_to; app = typer.Typer(); add_to(app); app()"

READER = """
import ctypes, errno, os, signal, time
from pathlib import Path
from biaoge.app import bulk

prepare = bulk.prepare
kept = []

def work(job):
    path = Path(os.fsdecode(bytes.fromhex(job["path"])))
    held = path.read_bytes()
    if b"%crash" in held:
        ctypes.string_at(0)
    if b"%hang" in held:
        time.sleep(60)
    if b"%shot" in held and not (path.parent / "once").exists():
        (path.parent / "once").touch()
        os.kill(os.getpid(), signal.SIGKILL)
    if b"%full" in held:
        def write_whole(*_):
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        bulk.write_whole = write_whole
    if b"%keep" in held:
        kept.append(bytearray(400_000_000))
    if b"%need" in held:
        bytearray(500_000_000)
    if b"%moved" in held:
        path.write_bytes(held.replace(b"%moved", b"%other"))
    return bulk.read_and_write(job)
"""


class Watch:
    """Keeps what it is told."""

    def __init__(self) -> None:
        self.told: list[Told] = []

    def looking(self, tally: Tally) -> None: ...

    def begun(self, tally: Tally) -> None: ...

    def working(self, name: str, note: str) -> None: ...

    def done(self, told: Told, tally: Tally) -> None:
        self.told.append(told)

    @property
    def states(self) -> dict[str, str]:
        return {Path(one.path).name: one.state for one in self.told}


def plan(folder: Path, **changes: Any) -> Plan:
    first = Plan(Inputs((str(folder / "in"),)), folder / "store", limits=Limits(30, 1000))
    return replace(first, **changes)


def go(what: Plan) -> tuple[Ended, Watch]:
    watch = Watch()
    return run(what, watch), watch


def rows(folder: Path, sql: str) -> list[tuple[Any, ...]]:
    with closing(open_to_read(folder / "store").db) as db:
        return db.execute(sql).fetchall()


def whole(folder: Path) -> list[list[tuple[Any, ...]]]:
    """All that a store says about contents, timings and numbers of runs apart."""
    parts = ("pages", "tables", "cells", "findings", "fields", "checks")
    told = ["SELECT path, sha256, kind, bytes, state, reason FROM file_states ORDER BY path"]
    told.append("SELECT sha256, key, settings, state, error, reason, json, cells, warnings FROM documents ORDER BY 1")
    told += [f"SELECT d.sha256, p.* FROM {part} p JOIN documents d USING (document)" for part in parts]
    found = [rows(folder, sql) for sql in told]
    return found[:2] + [sorted((one[0], *one[2:]) for one in part) for part in found[2:]]


@pytest.fixture
def inside(tmp_path: Path) -> Path:
    folder = tmp_path / "in"
    folder.mkdir()
    return folder


@pytest.fixture
def badreader(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Children do what a file's last line says, before they read it."""
    (tmp_path / "code").mkdir()
    (tmp_path / "code" / "badreader.py").write_text(READER)
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join([str(tmp_path / "code"), os.environ.get("PYTHONPATH", "")]))
    real = isolate.Worker

    def worker(_target: str, *given: Any) -> isolate.Worker:
        return real("badreader:work", *given)

    monkeypatch.setattr(isolate, "Worker", worker)


def test_every_file_is_in_one_state_and_nothing_is_done_twice(inside: Path, grid_pdf: Callable[..., bytes]) -> None:
    good = grid_pdf([["Name", "2023"], ["apples", "1"], ["pears", "30"]])
    for name in ("a.pdf", "deep/copy.dat", "deep/c.bin"):
        (inside / name).parent.mkdir(exist_ok=True)
        (inside / name).write_bytes(good)
    (inside / "page.pdf").write_text("<html>not found</html>")
    (inside / "broken.pdf").write_bytes(b"%PDF-1.4\nnothing")
    (inside / "empty.png").write_bytes(b"")
    (inside / "note.txt").write_text("no document")
    ended, watch = go(plan(inside.parent, jobs=2))
    assert watch.states == {"a.pdf": "read", "page.pdf": "refused", "broken.pdf": "refused", "empty.png": "refused"}
    assert ended.states == {"read": 3, "doubtful": 0, "refused": 3, "failed": 0, "waiting": 0}
    assert (ended.tally.files, ended.tally.todo, ended.tally.done) == (6, 4, 4)
    kinds = {Path(path).name: kind for path, kind in rows(inside.parent, "SELECT path, kind FROM files")}
    assert kinds["copy.dat"] == "pdf"
    assert kinds["page.pdf"] == "other"
    assert [text for (text,) in rows(inside.parent, "SELECT text FROM cells WHERE column_path = '2023'")] == ["1", "30"]
    (written,) = [one for (one,) in rows(inside.parent, "SELECT json FROM documents WHERE state = 'read'")]
    assert (inside.parent / "store" / written).is_file()
    assert not (inside.parent / "store" / "staging").exists()
    before = whole(inside.parent)

    ended, watch = go(plan(inside.parent))
    assert (ended.tally.files, ended.tally.same, ended.tally.todo, watch.told) == (6, 6, 0, [])
    ended, watch = go(plan(inside.parent, rehash=True, settings=Settings(engine="tesseract")))
    # Nothing was recognised in what was read: another engine changes nothing for it.
    assert watch.states == {"page.pdf": "refused", "broken.pdf": "refused", "empty.png": "refused"}
    go(plan(inside.parent))
    assert whole(inside.parent) == before

    (inside.parent / "store" / written).unlink()
    ended, watch = go(plan(inside.parent))
    assert watch.states == {"a.pdf": "read"}
    old = rows(inside.parent, "SELECT json FROM documents WHERE state = 'read'")
    ended, watch = go(plan(inside.parent, settings=Settings(spaced=False)))
    assert len(watch.told) == 4
    new = rows(inside.parent, "SELECT json FROM documents WHERE state = 'read'")
    assert new != old
    assert [one.is_file() for one in (inside.parent / "store" / "documents").rglob("*.json")] == [True]


@pytest.mark.usefixtures("badreader")
def test_what_ends_a_reader_marks_its_file_alone(inside: Path, grid_pdf: Callable[..., bytes]) -> None:
    for number, what in enumerate(("", "crash", "shot", "hang", "moved", "")):
        (inside / f"{number}{what}.pdf").write_bytes(grid_pdf([["a", "b"], ["c", str(number)]]) + f"%{what}".encode())
    ended, watch = go(plan(inside.parent, limits=Limits(2, 1000)))
    assert watch.states == {
        **{"0.pdf": "read", "1crash.pdf": "failed", "2shot.pdf": "read", "3hang.pdf": "failed", "5.pdf": "read"}
    }
    assert ended.states == {"read": 3, "doubtful": 0, "refused": 0, "failed": 2, "waiting": 1}
    assert exit_code(ended, "failure") == FAILURE
    reasons = {one.error: one.reason or "" for one in watch.told if one.error}
    assert "SIGSEGV" in reasons["DamagedPdf"]
    assert "2 s" in reasons["TimedOut"]

    _, watch = go(plan(inside.parent, limits=Limits(2, 1000)))
    assert watch.states == {"4moved.pdf": "read"}
    _, watch = go(plan(inside.parent, limits=Limits(2, 1000), again=frozenset([Again.FAILED]), limit=1))
    assert watch.states == {"1crash.pdf": "failed"}
    (inside / "3hang.pdf").write_bytes((inside / "3hang.pdf").read_bytes().replace(b"%hang", b"%fine"))
    _, watch = go(plan(inside.parent, limits=Limits(4, 1000)))
    assert watch.states == {"3hang.pdf": "read"}


@pytest.mark.skipif(sys.platform != "linux", reason="memory is limited on Linux")
@pytest.mark.usefixtures("badreader")
def test_what_a_file_leaves_in_memory_is_not_the_next_ones(inside: Path, grid_pdf: Callable[..., bytes]) -> None:
    for number, what in enumerate(("keep", "need", "keep%need")):
        (inside / f"{number}.pdf").write_bytes(grid_pdf([["a", "b"], ["c", str(number)]]) + f"%{what}".encode())
    _, watch = go(plan(inside.parent))
    assert watch.states == {"0.pdf": "read", "1.pdf": "read", "2.pdf": "refused"}


@pytest.mark.usefixtures("badreader")
def test_full_disk_while_a_result_is_written(inside: Path, grid_pdf: Callable[..., bytes]) -> None:
    for number, what in enumerate(("", "full", "")):
        (inside / f"{number}.pdf").write_bytes(grid_pdf([["a", "b"], ["c", str(number)]]) + f"%{what}".encode())
    ended, watch = go(plan(inside.parent))
    assert ended.stopped is not None
    assert "No space left" in ended.stopped
    assert exit_code(ended, "never") == 1
    assert watch.states == {"0.pdf": "read"}
    assert ended.states["waiting"] == 2
    assert rows(inside.parent, "SELECT interrupted, read FROM runs") == [(1, 1)]


def test_full_disk_while_the_database_is_written(
    inside: Path, grid_pdf: Callable[..., bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    from biaoge.app.store import open as opening

    for number in range(6):
        (inside / f"{number}.pdf").write_bytes(
            grid_pdf([[f"{row} a", f"{row} b", f"{row} c"] for row in range(20 + number)])
        )
    real = opening._prepare

    def prepare(db: Any, folder: Path) -> None:
        real(db, folder)
        (pages,) = db.execute("PRAGMA page_count").fetchone()
        db.execute(f"PRAGMA max_page_count = {pages + 4}")

    with monkeypatch.context() as patch:
        patch.setattr(opening, "_prepare", prepare)
        ended, watch = go(plan(inside.parent))
    assert ended.stopped is not None
    assert "full" in ended.stopped
    assert 0 < len(watch.told) < 6
    counted = rows(inside.parent, "SELECT count(*), sum(cells) FROM documents")
    assert counted == [(len(watch.told), *rows(inside.parent, "SELECT count(*) FROM cells")[0])]
    ended, again = go(plan(inside.parent))
    assert {*again.states} | {*watch.states} == {f"{number}.pdf" for number in range(6)}
    assert not {*again.states} & {*watch.states}
    assert (ended.stopped, ended.states["read"]) == (None, 6)


def started(folder: Path) -> subprocess.Popen[str]:
    words = ["bulk", str(folder / "in"), "--out", str(folder / "store"), "--jobs", "2", "--quiet"]
    return subprocess.Popen([sys.executable, "-c", COMMAND, *words], stderr=subprocess.PIPE, text=True)


def until(wanted: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 30
    while not wanted():
        assert time.monotonic() < deadline
        time.sleep(0.01)


def documents(folder: Path) -> int:
    try:
        (count,) = rows(folder, "SELECT count(*) FROM documents")[0]
    except Exception:  # not there yet
        return 0
    return int(count)


def fill(folder: Path, grid_pdf: Callable[..., bytes], numbers: Sequence[int]) -> None:
    for number in numbers:
        content = grid_pdf([["Name", "2023"], ["apples", str(number)], ["pears", "30"]])
        (folder / f"{number:03}.pdf").write_bytes(content if number % 7 else content[:200] + b"%d" % number)


@pytest.mark.skipif(sys.platform == "win32", reason="kills")
@pytest.mark.parametrize("how", [signal.SIGKILL, pytest.param(signal.SIGTERM, marks=pytest.mark.slow)])
def test_an_ended_run_is_gone_on_with(
    inside: Path, tmp_path: Path, grid_pdf: Callable[..., bytes], how: signal.Signals
) -> None:
    fill(inside, grid_pdf, range(40))
    process = started(tmp_path)
    until(lambda: documents(tmp_path) >= 5)
    process.send_signal(how)
    _, said = process.communicate(timeout=20)
    assert process.returncode == (-signal.SIGKILL if how == signal.SIGKILL else 130)
    assert ("interrupted" in said) == (how == signal.SIGTERM)
    before = documents(tmp_path)
    assert 5 <= before < 40
    ended, watch = go(plan(tmp_path, jobs=2))
    assert len(watch.told) == 40 - before
    assert sum(ended.states.values()) == 40
    assert ended.states["waiting"] == 0
    assert [one for (one,) in rows(tmp_path, "SELECT interrupted FROM runs ORDER BY run")] == [1, 0]
    assert not (tmp_path / "store" / "staging").exists()
    (tmp_path / "again").mkdir()
    (tmp_path / "again" / "in").symlink_to(inside)
    go(plan(tmp_path / "again", inputs=Inputs((str(inside),))))
    assert whole(tmp_path) == whole(tmp_path / "again")


def test_one_run_at_a_time(inside: Path, pdf: Path) -> None:
    (inside / "a.pdf").write_bytes(pdf.read_bytes())
    (inside.parent / "store").mkdir()
    with locked(inside.parent / "store"), pytest.raises(UsageError, match="another run is working"):
        go(plan(inside.parent))
    assert go(plan(inside.parent))[0].states["read"] == 1


def test_a_path_that_leads_nowhere_begins_nothing(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="no such file"):
        go(plan(tmp_path, inputs=Inputs((str(tmp_path / "absent"),))))
    assert not (tmp_path / "store").exists()


def test_a_call_that_is_wrong_marks_no_file(inside: Path, pdf: Path) -> None:
    (inside / "a.pdf").write_bytes(pdf.read_bytes())
    ended, watch = go(plan(inside.parent, settings=Settings(ocr="always", engine="nosuch")))
    assert ended.stopped is not None
    assert "nosuch" in ended.stopped
    assert (watch.told, ended.states["waiting"]) == ([], 1)


@pytest.mark.parametrize(
    ("outcome", "state"),
    [
        (Outcome("a"), "read"),
        (Outcome("a", warnings=1), "doubtful"),
        (Outcome("a", error="DamagedPdf"), "refused"),
        (Outcome("a", error="DamagedPdf", cause="crash"), "failed"),
        (Outcome("a", error="PasswordNeeded"), "refused"),
        (Outcome("a", error="TooLarge"), "refused"),
        (Outcome("a", error="TimedOut"), "failed"),
        (Outcome("a", error="BiaogeError", cause="fault"), "failed"),
    ],
)
def test_state_of(outcome: Outcome, state: str) -> None:
    assert state_of(outcome) == state


def test_exit_code() -> None:
    def ended(**states: int) -> Ended:
        return Ended(1, Tally(), {"read": 5, "doubtful": 0, "refused": 0, "failed": 0, "waiting": 0} | states)

    assert exit_code(ended(), "partial") == 0
    assert exit_code(ended(doubtful=1), "failure") == 0
    assert exit_code(ended(doubtful=1), "partial") == exit_code(ended(waiting=1), "partial") == PARTIAL
    assert exit_code(ended(failed=1, refused=1), "partial") == exit_code(ended(failed=1), "failure") == FAILURE
    assert exit_code(ended(failed=1), "never") == 0
