"""The child process under its limits, with jobs that behave badly."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from biaoge.app.isolate import Limits, StopRequested, Worker
from biaoge.errors import BiaogeError, DamagedPdf, TimedOut, TooLarge

JOBS = """
import ctypes, os, sys, time

def work(job):
    what = job["do"]
    if what == "sleep":
        time.sleep(job["seconds"])
    elif what == "spin":
        while True:
            pass
    elif what == "segfault":
        ctypes.string_at(0)
    elif what == "exit":
        os._exit(3)
    elif what == "chatter":
        os.write(1, b"{}\\n" * 1000)
        print("to stdout")
        os.write(2, b"noise" * 1000)
    elif what == "hog":
        kept = []
        for _ in range(job["megabytes"]):
            kept.append(bytearray(b"x" * 1_000_000))
            time.sleep(job.get("pause", 0))
    elif what == "notes":
        from biaoge.app.isolate import tell
        for number in range(job["times"]):
            time.sleep(job["seconds"])
            tell(f"part {number}")
    elif what == "once":
        try:
            bytearray(job["megabytes"] * 1_000_000)
        except MemoryError:
            return {"said": "MemoryError"}
    return {"said": job.get("text", "done"), "pid": os.getpid(), "cwd_on_path": "" in sys.path}
"""


@pytest.fixture
def jobs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    (tmp_path / "badjobs.py").write_text(JOBS)
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    return "badjobs:work"


@pytest.fixture
def worker(jobs: str) -> Iterator[Worker]:
    worker = Worker(jobs, Limits(seconds=20, memory=300))
    yield worker
    worker.close()


def test_one_child_answers_many_jobs(worker: Worker) -> None:
    first = worker.run({"do": "nothing", "text": "表格 \ud83d"})
    second = worker.run({"do": "nothing"})
    assert first["said"] == "表格 \ud83d"
    assert first["pid"] == second["pid"] != os.getpid()
    assert not first["cwd_on_path"]


def test_what_libraries_print_stays_inside(worker: Worker, capfd: pytest.CaptureFixture[str]) -> None:
    assert worker.run({"do": "chatter"})["said"] == "done"
    assert worker.run({"do": "nothing"})["said"] == "done"
    assert capfd.readouterr() == ("", "")


@pytest.mark.parametrize("job", [{"do": "sleep", "seconds": 60}, {"do": "spin"}])
def test_time_limit(jobs: str, job: dict[str, object]) -> None:
    worker = Worker(jobs, Limits(seconds=20, memory=300))
    pid = worker.run({"do": "nothing"})["pid"]
    worker.limits = Limits(seconds=0.3, memory=300)
    started = time.monotonic()
    with pytest.raises(TimedOut, match=r"not done within 0\.3 s"):
        worker.run(job)
    assert time.monotonic() - started < 5
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)


@pytest.mark.parametrize(("do", "how"), [("segfault", "SIGSEGV"), ("exit", "exit 3")])
def test_crash(worker: Worker, do: str, how: str) -> None:
    with pytest.raises(DamagedPdf, match=how):
        worker.run({"do": do})


@pytest.mark.skipif(sys.platform != "linux", reason="memory is watched on Linux")
def test_every_note_starts_the_clock_anew(jobs: str) -> None:
    worker = Worker(jobs, Limits(seconds=1.5))
    try:
        heard: list[str] = []
        started = time.monotonic()
        answer = worker.run({"do": "notes", "times": 4, "seconds": 0.6}, heard.append)
        assert time.monotonic() - started > 1.5
        assert heard == ["part 0", "part 1", "part 2", "part 3"]
        assert answer["said"] == "done"
        assert worker.run({"do": "nothing"})["said"] == "done"
    finally:
        worker.close()


def test_memory_that_grows(worker: Worker) -> None:
    with pytest.raises(TooLarge, match="300 MB"):
        worker.run({"do": "hog", "megabytes": 2000, "pause": 0.001})
    assert worker.peak < 400e6


@pytest.mark.skipif(sys.platform != "linux", reason="memory is limited on Linux")
def test_memory_at_once(worker: Worker) -> None:
    assert worker.run({"do": "once", "megabytes": 5000})["said"] == "MemoryError"


@pytest.mark.skipif(sys.platform != "linux", reason="memory is watched on Linux")
def test_peak_is_that_of_the_job(worker: Worker) -> None:
    worker.run({"do": "hog", "megabytes": 100})
    high = worker.peak
    worker.run({"do": "nothing"})
    assert 100e6 < high < 250e6
    assert worker.peak < high - 50e6
    assert worker.worn is False


def test_stop(jobs: str) -> None:
    stop = threading.Event()
    worker = Worker(jobs, Limits(seconds=60), stop)
    threading.Timer(1.0, stop.set).start()
    with pytest.raises(StopRequested):
        worker.run({"do": "sleep", "seconds": 60})


def gone(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] == "Z"
    except OSError:
        return True


@pytest.mark.skipif(sys.platform != "linux", reason="looks into /proc")
def test_child_ends_when_the_parent_is_killed(jobs: str) -> None:
    code = (
        "from biaoge.app.isolate import *\n"
        f"w = Worker({jobs!r}, Limits(60)); print(w.run({{'do': 'nothing'}})['pid'], flush=True)\n"
        "w.run({'do': 'spin'})"
    )
    parent = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True)
    assert parent.stdout is not None
    pid = int(parent.stdout.readline())
    parent.kill()
    parent.communicate()
    deadline = time.monotonic() + 10
    while not gone(pid) and time.monotonic() < deadline:
        time.sleep(0.1)
    assert gone(pid)


def test_child_that_cannot_start() -> None:
    worker = Worker("no_such_module:work", Limits(seconds=20))
    with pytest.raises(BiaogeError, match="did not start: ModuleNotFoundError"):
        worker.run({})
