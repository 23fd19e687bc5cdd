"""A child process that does one job after another, watched from outside: time, memory, crashes.

What parses files of unknown origin can hang, eat all memory, or die in C code. It therefore runs in a child; the
parent holds the clock, kills the child when a limit is passed, and starts a fresh one for the next job.
"""

from __future__ import annotations

import contextlib
import importlib
import json
import os
import queue
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from biaoge.errors import BiaogeError, DamagedPdf, TimedOut, TooLarge

MEGABYTE = 1_000_000
TICK = 0.05  # seconds between two looks at the child's memory
STARTUP = 60.0  # seconds a child may take to import what it needs
JOBS_PER_CHILD = 200  # then a fresh one, should a library leak
_LOG_LIMIT = 1 * MEGABYTE
_FULL = 0.75
"""Share of the memory limit from which on an abort is taken for the library's answer to a request that failed."""
_ABORTED = tuple(-getattr(signal, name, 0) for name in ("SIGABRT", "SIGTRAP", "SIGILL"))

_ONE_THREAD = (
    *("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "VECLIB_MAXIMUM_THREADS"),
    *("NUMEXPR_NUM_THREADS", "OPENCV_FOR_THREADS_NUM"),
)
"""What libraries are told by: there is a child for each processor, and threads of children would fight for them."""

# -P keeps the folder the user stands in off the module path. The installed package is used as it is; only where
# it is not the one running here (a plain checkout) is its folder put first.
_CHILD = """
import importlib.util, sys
found = importlib.util.find_spec("biaoge")
if found is None or found.origin != sys.argv[1]:
    sys.path.insert(0, sys.argv[2])
from biaoge.app.isolate import serve
serve(sys.argv[3], int(sys.argv[4]))
"""

Job = dict[str, Any]  # what crosses the pipe is JSON; the two ends give it its types


@dataclass(frozen=True, slots=True)
class Limits:
    """`seconds` of wall clock for one job, `memory` in megabytes (10^6 bytes) for the child."""

    seconds: float = 60.0
    memory: int = 1000


class StopRequested(Exception):
    """The parent was asked to stop while a job ran."""


class Crashed(DamagedPdf):
    """The child died of its job."""


class Killed(Crashed):
    """The child was killed, and not by its worker: by the system when memory ran out, or by somebody."""


class NotStarted(BiaogeError):
    """The child did not come up; that says nothing about the job."""


class KilledEarly(NotStarted):
    """The child was killed from outside before it could begin."""


class Worker:
    """A child process around one function. Not to be shared between threads."""

    def __init__(
        self, target: str, limits: Limits, stop: threading.Event | None = None, python: str | None = None
    ) -> None:
        """Start a child around `target` ("module:function"), which takes a job and gives an answer, both JSON.

        `python`: the interpreter of another environment that has biaoge in it; this one's when left out.
        """
        self.limits = limits
        self.peak = 0  # bytes, highest seen of the current job
        self._stop = stop or threading.Event()
        self._jobs = 0
        self._log = tempfile.TemporaryFile("a+b", buffering=0)  # noqa: SIM115  (closed with the child)
        root = Path(sys.modules["biaoge"].__file__ or "").parent
        env = {**os.environ, **dict.fromkeys(_ONE_THREAD, "1"), "PYTHONIOENCODING": "utf-8"}
        try:
            self._child = subprocess.Popen(
                [
                    python or sys.executable,
                    "-P",
                    "-c",
                    _CHILD,
                    str(root / "__init__.py"),
                    str(root.parent),
                    target,
                    str(limits.memory),
                ],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=self._log,
                env=env,
                start_new_session=True,
            )
        except OSError:
            self._log.close()
            raise
        assert self._child.stdin is not None
        assert self._child.stdout is not None
        self._in: IO[bytes] = self._child.stdin
        self._answers: queue.SimpleQueue[bytes] = queue.SimpleQueue()
        threading.Thread(target=_pump, args=(self._child.stdout, self._answers), daemon=True).start()
        self._ready = False

    @property
    def alive(self) -> bool:
        """Whether the child is there to take a job."""
        return self._child.poll() is None

    @property
    def worn(self) -> bool:
        """Whether a fresh child should take the next job."""
        return self._jobs >= JOBS_PER_CHILD or _resident(self._child.pid) > self.limits.memory * MEGABYTE * 0.5

    def run(self, job: Job, on_note: Callable[[str], None] | None = None) -> Job:
        """The child's answer to `job`; `on_note` hears what it tells meanwhile.

        With every note the clock starts anew.

        TimedOut and TooLarge when a limit is passed, Crashed (Killed, if from outside) when the child dies of the job,
        NotStarted when it does not come up, StopRequested when told to stop. After any of these the worker is closed.
        """
        self.peak = 0
        self._jobs += 1
        try:
            if not self._ready:
                self._wait(STARTUP)
                self._ready = True
            with contextlib.suppress(BrokenPipeError):  # a dead child shows itself in _wait
                self._in.write(json.dumps(job).encode() + b"\n")
                self._in.flush()
            while True:
                answer = self._wait(self.limits.seconds)
                if "note" not in answer:
                    break
                if on_note is not None:
                    on_note(answer["note"])
        except BaseException:
            self.close()
            raise
        self.peak = max(self.peak, int(answer.pop("peak", 0)))
        return answer

    def _wait(self, seconds: float) -> Job:
        """The next line from the child, within `seconds`."""
        deadline = time.monotonic() + seconds
        while True:
            left = deadline - time.monotonic()
            with contextlib.suppress(queue.Empty):
                line = self._answers.get(timeout=max(0.001, min(TICK, left)))
                if not line:
                    raise self._death()
                answer: Job = json.loads(line)
                return answer
            if self._stop.is_set():
                raise StopRequested
            used = _resident(self._child.pid)
            self.peak = max(self.peak, used)
            if used > self.limits.memory * MEGABYTE:
                raise TooLarge(
                    f"needs more than {self.limits.memory} MB of memory; raise --max-memory, or read fewer --pages"
                )
            if left <= 0:
                if not self._ready:
                    raise NotStarted(f"the reading process did not start within {seconds:g} s; see `biaoge doctor`")
                raise TimedOut(f"not done within {seconds:g} s; raise --timeout, or read fewer --pages")
            if os.fstat(self._log.fileno()).st_size > _LOG_LIMIT:
                self._log.truncate(0)

    def _death(self) -> BiaogeError:
        """What to say about a child that went away by itself."""
        code = self._child.wait()
        self._log.seek(0)
        lines = self._log.read()[-2000:].decode("utf-8", "replace").strip().splitlines()
        last = lines[-1] if lines else ""
        if code == -getattr(signal, "SIGKILL", 9):
            kind = Killed if self._ready else KilledEarly
            return kind("the reading process was killed; there may be too little memory for so many --jobs")
        if not self._ready:
            return NotStarted(f"the reading process did not start: {last or f'exit {code}'}; see `biaoge doctor`")
        full = code in _ABORTED and self.peak > self.limits.memory * MEGABYTE * _FULL
        if full or "MemoryError" in last or "bad_alloc" in last or "out of memory" in last.lower():
            return TooLarge(f"needs more than {self.limits.memory} MB of memory; raise --max-memory")
        how = signal.Signals(-code).name if code < 0 and -code in signal.valid_signals() else f"exit {code}"
        return Crashed(f"the reader crashed on this file ({how}); try the other --reader, or repair the file")

    def close(self) -> None:
        """End the child at once, with all it started."""
        if self._child.poll() is None:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                if hasattr(os, "killpg"):
                    os.killpg(self._child.pid, signal.SIGKILL)
                else:
                    self._child.kill()
        self._child.wait()
        with contextlib.suppress(OSError):
            self._in.close()
        self._log.close()


def _pump(source: IO[bytes], into: queue.SimpleQueue[bytes]) -> None:
    """Hand on line after line, at the end an empty one."""
    with source:
        for line in source:
            into.put(line)
    into.put(b"")


def _resident(pid: int) -> int:
    """Bytes of memory that process `pid` holds; 0 where the system does not tell."""
    try:
        return int(Path(f"/proc/{pid}/statm").read_bytes().split()[1]) * os.sysconf("SC_PAGE_SIZE")
    except (OSError, ValueError, IndexError):
        return 0


# ---------------------------------------------------------------- inside the child


def serve(target: str, memory: int) -> None:
    """Answer jobs, one JSON line each, until the parent closes the pipe. `memory` in megabytes.

    The target's module may have a function `prepare`: it runs first, while no job's clock does.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    global _parent
    jobs, answers = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
    _parent = answers
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    os.dup2(2, 1)  # what C libraries print goes to the log, never between the answers
    threading.Thread(target=_end_with_parent, args=(os.getppid(),), daemon=True).start()
    _limit_memory(memory)
    module, _, name = target.partition(":")
    there = importlib.import_module(module)
    work: Callable[[Job], Job] = getattr(there, name)
    if hasattr(there, "prepare"):
        there.prepare()
    _send(answers, {})
    for line in jobs:
        _forget_peak()
        answer = work(json.loads(line))
        _send(answers, {**answer, "peak": _peak()})


_parent: IO[bytes] | None = None
"""Where a child's answers go; `None` in a process that is nobody's child."""


def tell(note: str) -> None:
    """Let the parent know that a new part of a long job begins; its clock starts anew. Nothing outside of a child."""
    if _parent is not None:
        _send(_parent, {"note": note})


def _send(answers: IO[bytes], answer: Job) -> None:
    answers.write(json.dumps(answer).encode() + b"\n")
    answers.flush()


def _limit_memory(memory: int) -> None:
    """Let requests beyond the limit fail inside, before the parent must kill.

    RLIMIT_DATA counts what is private and writable, not the code of libraries nor address space that is only set
    aside; nine tenths leave room for the libraries.
    """
    if sys.platform != "win32":
        import resource

        most = int(memory * MEGABYTE * 0.9)
        with contextlib.suppress(ValueError, OSError):
            resource.setrlimit(resource.RLIMIT_DATA, (most, most))
            resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _end_with_parent(parent: int) -> None:
    """End this process when its parent is gone, also in the middle of a job."""
    while os.getppid() == parent:
        time.sleep(1)
    os._exit(1)


def _forget_peak() -> None:
    with contextlib.suppress(OSError):
        Path("/proc/self/clear_refs").write_text("5")


def _peak() -> int:
    """Bytes this process held at most since `_forget_peak`; 0 where the system does not tell."""
    with contextlib.suppress(OSError):
        for line in Path("/proc/self/status").read_text().splitlines():
            if line.startswith("VmHWM:"):
                return int(line.split()[1]) * 1024
    return 0
