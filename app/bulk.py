"""Many files in one go: found, named, read each in a child process, written whole; one file's failure is its own."""

from __future__ import annotations

import importlib
import os
import queue
import re
import shutil
import tempfile
import threading
import time
import traceback
from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass, field, replace
from functools import partial
from itertools import islice
from pathlib import Path
from typing import Any, Literal

from biaoge.app import isolate
from biaoge.app.guards import no_network
from biaoge.app.settings import PageChoice, Settings
from biaoge.app.stems import printable as printable
from biaoge.app.stems import stems_for as stems_for
from biaoge.errors import BiaogeError, InputError, TooLarge, UsageError
from biaoge.files import write_whole

ENDINGS = (".pdf", ".png", ".jpg", ".jpeg", ".tif", ".tiff")
"""What is looked for in folders."""
_GLOB = re.compile(r"[*?\[]")
TRIES, STARTS = 3, 10
"""How often a file is begun, and a process for it, that was killed from outside: that may be no fault of the file."""
_FULL = ("failed to allocate", "bad_alloc", "bad allocation", "insufficient memory", "out of memory")
"""What ONNX Runtime, OpenCV and C++ say of too little memory."""
_AHEAD = 2
"""How many tasks for each process wait in line, so that none is idle while the next ones are sought."""

Cause = Literal["", "crash", "fault", "start", "write"]
"""What an error was, where its class does not say: the process died, biaoge has a fault; or, no fault of the file's,
the process did not start, the result could not be written."""


@dataclass(frozen=True, slots=True)
class Task:
    """A file to read, `name` as the user should see it, and the stem of what is written for it."""

    path: Path
    name: str
    stem: str


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a file. `error` is a class name of `biaoge.errors`, or `None` when all went well.

    `stem`: that of its task. `seconds` of wall clock; `peak` is the highest memory of the child during the job, in
    bytes (0: not known).
    """

    path: str
    written: tuple[str, ...] = ()
    pages: int = 0
    tables: int = 0
    warnings: int = 0
    error: str | None = None
    message: str = ""
    exit_code: int = 0
    seconds: float = 0.0
    peak: int = 0
    trace: str = field(default="", compare=False)
    cause: Cause = ""
    stem: str = ""


@dataclass(frozen=True, slots=True)
class Order:
    """What is wanted of every file: where to, in which formats, read how, within which limits."""

    out: Path
    formats: tuple[str, ...] = ("json",)
    debug: bool = False
    settings: Settings = field(default_factory=Settings)
    pages: PageChoice = field(default_factory=PageChoice)
    password: str | None = field(default=None, repr=False)
    limits: isolate.Limits = field(default_factory=isolate.Limits)
    jobs: int = 1


def find_files(paths: Sequence[Path]) -> tuple[list[Task], list[Outcome]]:
    """The files that `paths` stand for, folders searched, each once; and the paths that lead nowhere."""
    found: dict[str, tuple[Path, str]] = {}
    lost: list[Outcome] = []
    for path in paths:
        if path.is_dir():
            inside = sorted(_documents_in(path))
            if not inside:
                message = "no PDF or picture in this folder; files with other endings must be named one by one"
                lost.append(failed(path, InputError(message)))
        elif path.exists():
            inside = [path]
        else:
            inside = []
            message = "no such file; check the path"
            if _GLOB.search(path.name):
                message = "no file matches this pattern; check the folder, and leave out quotation marks around it"
            lost.append(failed(path, InputError(message)))
        for file in inside:
            found.setdefault(os.path.realpath(file), (file, printable(file)))
    files = [path for path, _ in found.values()]
    stems = stems_for(files)
    return [Task(path, name, stem) for (path, name), stem in zip(found.values(), stems, strict=True)], lost


def _documents_in(folder: Path) -> Iterator[Path]:
    for where, _, names in os.walk(folder):
        yield from (Path(where, name) for name in names if name.lower().endswith(ENDINGS))


def failed(path: Path, error: BiaogeError, peak: int = 0, cause: Cause = "") -> Outcome:
    """The outcome of a file that ended in `error`."""
    message = " ".join(str(error).split()).removeprefix(f"{path.name}: ")
    public = next(kind for kind in type(error).__mro__ if kind.__module__ == BiaogeError.__module__)
    return Outcome(
        printable(path),
        error=public.__name__,
        message="".join(c for c in message if c.isprintable()),
        exit_code=error.exit_code,
        peak=peak,
        cause=cause,
    )


def exit_code(outcomes: Sequence[Outcome]) -> int:
    """0 when all went well, the code that all failures share, or 1 when they differ."""
    codes = {outcome.exit_code for outcome in outcomes if outcome.error}
    return 0 if not codes else codes.pop() if len(codes) == 1 else 1


def extract(
    tasks: Iterable[Task], order: Order, on_note: Callable[[str, str], None] | None = None
) -> Generator[Outcome, None, None]:
    """Read every file in a child process; outcomes as they come. Closing the iterator ends the children.

    `tasks` are drawn as they are needed, in the thread that takes the outcomes. `on_note` hears, from other threads,
    the name of a file and what is being done with it when that takes long.
    """
    supply = iter(tasks)
    first = list(islice(supply, max(1, order.jobs) * _AHEAD))
    if not first:
        return
    staging = _staging(order.out)
    todo: queue.SimpleQueue[Task | None] = queue.SimpleQueue()
    done: queue.SimpleQueue[Outcome | None] = queue.SimpleQueue()
    stop = threading.Event()
    threads = [
        threading.Thread(target=_keep_reading, args=(todo, done, order, (staging, on_note), stop), daemon=True)
        for _ in range(max(1, min(order.jobs, len(first))))
    ]
    for task in first:
        todo.put(task)
    try:
        for thread in threads:
            thread.start()
        running, more = len(threads), True
        while running:
            if more and todo.qsize() < len(threads):
                following = next(supply, None)
                more = following is not None
                for one in [following] if following else [None] * len(threads):
                    todo.put(one)
            outcome = done.get()
            if outcome is None:
                running -= 1
            else:
                yield outcome
    finally:
        stop.set()
        for _ in threads:
            todo.put(None)
        for thread in threads:
            thread.join(10)
        shutil.rmtree(staging, ignore_errors=True)


def _staging(out: Path) -> Path:
    """A hidden folder inside `out` where files are prepared; UsageError where nothing can be written."""
    try:
        out.mkdir(parents=True, exist_ok=True)
        return Path(tempfile.mkdtemp(prefix=".biaoge-", dir=out))
    except OSError as error:
        raise UsageError(f"cannot write to {printable(out)}: {error.strerror}; choose another --out") from error


def _keep_reading(
    todo: queue.SimpleQueue[Task | None],
    done: queue.SimpleQueue[Outcome | None],
    order: Order,
    where: tuple[Path, Callable[[str, str], None] | None],
    stop: threading.Event,
) -> None:
    """Take tasks until there are none, with one child at a time; `where`: the staging folder, and who hears notes."""
    staging, on_note = where
    child = _Child(order, staging, stop)
    try:
        while (task := todo.get()) is not None and not stop.is_set():
            started = time.monotonic()
            try:
                outcome = child.read(task, partial(on_note, task.name) if on_note else None)
            except isolate.StopRequested:
                break
            except Exception as error:  # a fault here must cost this file alone, too
                wrapped = BiaogeError(f"a fault of biaoge, please report it: {error!r}")
                outcome = failed(task.path, wrapped, cause="fault")
                child.end()
            seconds = round(time.monotonic() - started, 3)
            done.put(replace(outcome, path=task.name, stem=task.stem, seconds=seconds))
    finally:
        child.end()
        done.put(None)


class _Child:
    """A child process that is replaced when a file was its end."""

    def __init__(self, order: Order, staging: Path, stop: threading.Event) -> None:
        self._order, self._staging, self._stop = order, staging, stop
        self._worker: isolate.Worker | None = None

    def end(self) -> None:
        """End the process, if there is one."""
        if self._worker is not None:
            self._worker.close()
            self._worker = None

    def read(self, task: Task, on_note: Callable[[str], None] | None) -> Outcome:
        """Have a file read, once more where the process was killed from outside, and its results put in place."""
        try:
            folder = Path(tempfile.mkdtemp(dir=self._staging))
        except OSError as error:
            return failed(task.path, BiaogeError(f"cannot write {self._staging}: {error.strerror}"), cause="write")
        tries = starts = 0
        try:
            while True:
                fresh = self._worker is None
                try:
                    outcome = self._read(task, folder, on_note)
                    # What files before it left in the process must not count against this one.
                    if fresh or outcome.error != "TooLarge":
                        return outcome
                except isolate.Killed as error:
                    tries += 1
                    if tries == TRIES:
                        return failed(task.path, error, cause="crash")
                except isolate.KilledEarly as error:
                    starts += 1
                    if starts == STARTS:
                        return failed(task.path, error, cause="start")
        finally:
            shutil.rmtree(folder, ignore_errors=True)

    def _read(self, task: Task, folder: Path, on_note: Callable[[str], None] | None) -> Outcome:
        if self._worker is None or not self._worker.alive:
            self.end()
            self._worker = isolate.Worker("biaoge.app.bulk:read_and_write", self._order.limits, self._stop)
        worker, fresh = self._worker, True
        try:
            answer = worker.run(_job(task, self._order, folder), on_note)
            outcome = Outcome(**{**answer, "path": task.name, "written": ()}, peak=worker.peak)
            if outcome.error is None:
                outcome = _publish(outcome, answer["written"], folder, self._order.out, task.stem)
            fresh = worker.worn or outcome.error == "TooLarge"
            return outcome
        except (isolate.Killed, isolate.KilledEarly):
            raise
        except BiaogeError as error:
            causes: dict[type[BiaogeError], Cause] = {isolate.Crashed: "crash", isolate.NotStarted: "start"}
            return failed(task.path, error, peak=worker.peak, cause=causes.get(type(error), ""))
        finally:
            if fresh:
                self.end()


def _publish(outcome: Outcome, names: Sequence[str], folder: Path, out: Path, stem: str) -> Outcome:
    """Move a file's results from the staging folder to their place, and drop tables of an earlier run."""
    try:
        for name in names:
            (folder / name).replace(out / name)
    except OSError as error:
        wrapped = BiaogeError(f"cannot write {out / name}: {error.strerror}")
        return failed(Path(outcome.path), wrapped, cause="write")
    if any(name.endswith(".csv") for name in names):
        numbered = re.compile(re.escape(stem) + r"\.t\d+(\.grid)?\.csv")
        for old in out.iterdir():
            if numbered.fullmatch(old.name) and old.name not in names:
                old.unlink()
    return replace(outcome, written=tuple(str(out / name) for name in names))


def _job(task: Task, order: Order, folder: Path) -> isolate.Job:
    return {
        "path": os.fsencode(task.path.absolute()).hex(),
        "stem": task.stem,
        "folder": str(folder.resolve()),
        "formats": list(order.formats),
        "debug": order.debug,
        "settings": asdict(order.settings),
        "pages": [list(pair) for pair in order.pages.ranges],
        "password": order.password,
    }


# ---------------------------------------------------------------- inside the child


def prepare() -> None:
    """Import what every file takes, before the clock of the first one runs, and give up the network."""
    for name in ("app.pipeline", "app.export", "app.flattext", "ingest.pdfium"):
        importlib.import_module(f"biaoge.{name}")
    no_network()


def read_and_write(job: isolate.Job) -> dict[str, Any]:
    """Read the job's file and write its results into the job's folder; an `Outcome` as a dictionary.

    The one place where any exception is caught: whatever a file does to the reader is that file's result.
    """
    path = Path(os.fsdecode(bytes.fromhex(job["path"])))
    try:
        return _without_path(_read_and_write(path, job))
    except _Unwritten as error:
        return _without_path(failed(path, error, cause="write"))
    except BiaogeError as error:
        return _without_path(failed(path, error))
    except RecursionError:
        return _without_path(failed(path, TooLarge("nested too deeply to be read; try the other --reader")))
    except Exception as error:
        if _is_out_of_memory(error):
            full = TooLarge("needs more memory than allowed; raise --max-memory, or read fewer --pages")
            return _without_path(failed(path, full))
        trace = traceback.format_exc()
        wrapped = BiaogeError(f"a fault of biaoge, please report it: {type(error).__name__}: {str(error)[:300]}")
        return {**_without_path(failed(path, wrapped, cause="fault")), "trace": trace[-4000:]}


def _is_out_of_memory(error: BaseException) -> bool:
    """Whether there was too little memory: libraries in C++ tell that as errors of their own."""
    told = str(error).lower()
    return isinstance(error, MemoryError) or any(words in told for words in _FULL)


class _Unwritten(BiaogeError):
    """A result could not be written."""


def _write(path: Path, content: str) -> None:
    try:
        write_whole(path, content)
    except OSError as error:
        raise _Unwritten(f"the result cannot be written: {error.strerror}; free some space and start again") from error


def _without_path(outcome: Outcome) -> dict[str, Any]:
    answer = asdict(outcome)
    del answer["peak"]
    return answer


def _read_and_write(path: Path, job: isolate.Job) -> Outcome:
    from biaoge.app.export import files_of
    from biaoge.app.pipeline import read_traced

    choice = PageChoice(tuple((first, last) for first, last in job["pages"]))
    settings = Settings(**job["settings"])
    traced = read_traced(path, settings, job["password"], choice)
    document = traced.document
    names = []
    for name, content in files_of(document, job["stem"], job["formats"]):
        _write(Path(job["folder"], name), content)
        names.append(name)
    if job["debug"]:
        from biaoge.app.debugpage import debug_page

        name = f"{job['stem']}.debug.html"
        _write(Path(job["folder"], name), debug_page(traced, path, job["password"], settings))
        names.append(name)
    return Outcome(
        str(path),
        tuple(names),
        pages=len(document.pages),
        tables=len(document.tables),
        warnings=sum(finding.severity != "info" for finding in document.findings),
    )
