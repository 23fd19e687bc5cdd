"""Many files in one go: found, named, read each in a child process, written whole; one file's failure is its own."""

from __future__ import annotations

import hashlib
import os
import queue
import re
import shutil
import tempfile
import threading
import time
import traceback
from collections.abc import Callable, Generator, Iterator, Sequence
from dataclasses import asdict, dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

from biaoge.app import isolate
from biaoge.app.settings import PageChoice, Settings
from biaoge.errors import BiaogeError, InputError, TooLarge, UsageError
from biaoge.files import write_whole

ENDINGS = (".pdf", ".png", ".jpg", ".jpeg", ".tif", ".tiff")
"""What is looked for in folders."""
_GLOB = re.compile(r"[*?\[]")
_NAME_BYTES = 180  # of a stem, so that stem, number and ending fit the 255 that file systems allow


@dataclass(frozen=True, slots=True)
class Task:
    """A file to read, `name` as the user should see it, and the stem of what is written for it."""

    path: Path
    name: str
    stem: str


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a file. `error` is a class name of `biaoge.errors`, or `None` when all went well.

    `seconds` of wall clock; `peak` is the highest memory of the child during the job, in bytes (0: not known).
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


def stems_for(paths: Sequence[Path]) -> list[str]:
    """A stem for every path, no two alike even where case does not count; those that clash get a hash of the path.

    >>> stems_for([Path("a/x.pdf"), Path("b.pdf"), Path("c/X.pdf")])
    ['x-7f660213', 'b', 'X-f4711f1c']
    """
    plain = [_short(path) for path in paths]
    # `a.debug.html` and `a.t1.csv` belong to `a`: a file called `a.debug.pdf` beside `a.pdf` must not write there.
    owners = [re.sub(r"(\.debug|\.t\d+|\.grid)+$", "", stem.casefold()) for stem in plain]
    stems = []
    for path, stem, owner in zip(paths, plain, owners, strict=True):
        if owners.count(owner) > 1:
            raw = path.as_posix().encode("utf-8", "surrogateescape")
            stem = f"{stem}-{hashlib.sha256(raw).hexdigest()[:8]}"
        stems.append(stem)
    return stems


def _short(path: Path) -> str:
    """The path's stem as valid UTF-8 that leaves room for endings; `.pdf` goes, any other ending stays."""
    name = path.stem if path.suffix.lower() == ".pdf" else path.name
    raw = os.fsencode(name)
    if len(raw) > _NAME_BYTES:
        raw = raw[: _NAME_BYTES - 9]
        name = raw.decode("utf-8", "ignore") + "-" + hashlib.sha256(os.fsencode(path.name)).hexdigest()[:8]
    return os.fsencode(name).decode("utf-8", "replace").lstrip(".") or "document"


def printable(path: Path) -> str:
    """The path on one line, safe for a terminal."""
    return "".join(c if c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in str(path))


def failed(path: Path, error: BiaogeError, seconds: float = 0.0, peak: int = 0) -> Outcome:
    """The outcome of a file that ended in `error`."""
    message = " ".join(str(error).split()).removeprefix(f"{path.name}: ")
    return Outcome(
        printable(path),
        error=type(error).__name__,
        message="".join(c for c in message if c.isprintable()),
        exit_code=error.exit_code,
        seconds=seconds,
        peak=peak,
    )


def exit_code(outcomes: Sequence[Outcome]) -> int:
    """0 when all went well, the code that all failures share, or 1 when they differ."""
    codes = {outcome.exit_code for outcome in outcomes if outcome.error}
    return 0 if not codes else codes.pop() if len(codes) == 1 else 1


def extract(
    tasks: Sequence[Task], order: Order, on_note: Callable[[str, str], None] | None = None
) -> Generator[Outcome, None, None]:
    """Read every file in a child process; outcomes as they come. Closing the iterator ends the children.

    `on_note` hears, from other threads, the name of a file and what is being done with it when that takes long.
    """
    if not tasks:
        return
    staging = _staging(order.out)
    todo: queue.SimpleQueue[Task] = queue.SimpleQueue()
    done: queue.SimpleQueue[Outcome | None] = queue.SimpleQueue()
    for task in tasks:
        todo.put(task)
    stop = threading.Event()
    threads = [
        threading.Thread(target=_keep_reading, args=(todo, done, order, (staging, on_note), stop), daemon=True)
        for _ in range(max(1, min(order.jobs, len(tasks))))
    ]
    try:
        for thread in threads:
            thread.start()
        running = len(threads)
        while running:
            outcome = done.get()
            if outcome is None:
                running -= 1
            else:
                yield outcome
    finally:
        stop.set()
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
    todo: queue.SimpleQueue[Task],
    done: queue.SimpleQueue[Outcome | None],
    order: Order,
    where: tuple[Path, Callable[[str, str], None] | None],
    stop: threading.Event,
) -> None:
    """Take tasks until there are none, with one child at a time; `where`: the staging folder, and who hears notes."""
    staging, on_note = where
    worker: isolate.Worker | None = None
    try:
        while not stop.is_set():
            try:
                task = todo.get_nowait()
            except queue.Empty:
                break
            if worker is None:
                worker = isolate.Worker("biaoge.app.bulk:read_and_write", order.limits, stop)
            started = time.monotonic()
            folder = Path(tempfile.mkdtemp(dir=staging))
            try:
                answer = worker.run(_job(task, order, folder), partial(on_note, task.name) if on_note else None)
                outcome = Outcome(**{**answer, "path": task.name, "written": ()}, peak=worker.peak)
                if outcome.error is None:
                    outcome = _publish(outcome, answer["written"], folder, order.out, task.stem)
                fresh = worker.worn or outcome.error == "TooLarge"
            except BiaogeError as error:
                outcome = failed(task.path, error, peak=worker.peak)
                fresh = True
            except isolate.StopRequested:
                break
            except Exception as error:  # a fault here must cost this file alone, too
                outcome = failed(task.path, BiaogeError(f"a fault of biaoge, please report it: {error!r}"))
                fresh = True
            if fresh:
                worker.close()
                worker = None
            shutil.rmtree(folder, ignore_errors=True)
            done.put(_timed(outcome, time.monotonic() - started))
    finally:
        if worker is not None:
            worker.close()
        done.put(None)


def _timed(outcome: Outcome, seconds: float) -> Outcome:
    return Outcome(**{**asdict(outcome), "seconds": round(seconds, 3)})


def _publish(outcome: Outcome, names: Sequence[str], folder: Path, out: Path, stem: str) -> Outcome:
    """Move a file's results from the staging folder to their place, and drop tables of an earlier run."""
    try:
        for name in names:
            (folder / name).replace(out / name)
    except OSError as error:
        return failed(Path(outcome.path), BiaogeError(f"cannot write {out / name}: {error.strerror}"))
    if any(name.endswith(".csv") for name in names):
        numbered = re.compile(re.escape(stem) + r"\.t\d+(\.grid)?\.csv")
        for old in out.iterdir():
            if numbered.fullmatch(old.name) and old.name not in names:
                old.unlink()
    return Outcome(**{**asdict(outcome), "written": tuple(str(out / name) for name in names)})


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


def read_and_write(job: isolate.Job) -> dict[str, Any]:
    """Read the job's file and write its results into the job's folder; an `Outcome` as a dictionary.

    The one place where any exception is caught: whatever a file does to the reader is that file's result.
    """
    path = Path(os.fsdecode(bytes.fromhex(job["path"])))
    try:
        return _without_path(_read_and_write(path, job))
    except BiaogeError as error:
        return _without_path(failed(path, error))
    except MemoryError:
        return _without_path(
            failed(path, TooLarge("needs more memory than allowed; raise --max-memory, or read fewer --pages"))
        )
    except RecursionError:
        return _without_path(failed(path, TooLarge("nested too deeply to be read; try the other --reader")))
    except Exception as error:
        trace = traceback.format_exc()
        wrapped = BiaogeError(f"a fault of biaoge, please report it: {type(error).__name__}: {str(error)[:300]}")
        return {**_without_path(failed(path, wrapped)), "trace": trace[-4000:]}


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
        write_whole(Path(job["folder"], name), content)
        names.append(name)
    if job["debug"]:
        from biaoge.app.debugpage import debug_page

        name = f"{job['stem']}.debug.html"
        write_whole(Path(job["folder"], name), debug_page(traced, path, job["password"], settings))
        names.append(name)
    return Outcome(
        str(path),
        tuple(names),
        pages=len(document.pages),
        tables=len(document.tables),
        warnings=sum(finding.severity != "info" for finding in document.findings),
    )
