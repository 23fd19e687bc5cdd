"""A run over many files into a store: looked at, read in child processes, each written down once it is whole."""

from __future__ import annotations

import contextlib
import shutil
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from biaoge import __version__, errors
from biaoge.app import bulk, isolate
from biaoge.app.bulk import Order, Outcome, Task
from biaoge.app.settings import Settings
from biaoge.app.store import runs, seen
from biaoge.app.store.inputs import Inputs, check, find
from biaoge.app.store.keys import Keys
from biaoge.app.store.open import Store, json_name, open_to_write, transaction
from biaoge.app.store.runs import Tally
from biaoge.app.store.schema import State
from biaoge.app.store.seen import Again, Rules
from biaoge.app.store.status import states_of_run
from biaoge.app.store.write import Result, record
from biaoge.errors import BiaogeError

if TYPE_CHECKING:
    from biaoge.app.store.reading import Reading

_LOOKED_AT_ONCE = 200
"""Files that are noted in one transaction; a kill costs their hashes at most."""
_FAILED = frozenset(("TimedOut", "BiaogeError", "TableError"))
_CALL = frozenset(("UsageError", "MissingExtra", "FormError"))


@dataclass(frozen=True, slots=True)
class Plan:
    """What a run is to do. `again`: states of which contents are read once more; `limit`: at most so many contents."""

    inputs: Inputs
    out: Path
    settings: Settings = field(default_factory=Settings)
    password: str | None = field(default=None, repr=False)
    limits: isolate.Limits = field(default_factory=isolate.Limits)
    jobs: int = 1
    again: frozenset[Again] = frozenset()
    rehash: bool = False
    limit: int | None = None

    @property
    def rules(self) -> Rules:
        """What is read anew."""
        keys = Keys.of(self.settings)
        password = self.password is not None
        return Rules(keys, self.limits.seconds, self.limits.memory, self.again, password, self.rehash)


@dataclass(frozen=True, slots=True)
class Told:
    """What became of a content, for who watches; `pages` that were read, `ocr_pages` of them recognised."""

    path: str
    sha256: str
    state: State
    error: str | None
    reason: str | None
    pages: int
    ocr_pages: int
    tables: int
    cells: int
    warnings: int
    seconds: float
    peak: int


@dataclass(frozen=True, slots=True)
class Ended:
    """A run that came to its end, or was `stopped`, and why; `states` of the files it saw, `waiting` among them."""

    run: int
    tally: Tally
    states: dict[str, int]
    stopped: str | None = None


class Watcher(Protocol):
    """Who hears how a run goes."""

    def looking(self, tally: Tally) -> None:
        """Files are looked at."""

    def begun(self, tally: Tally) -> None:
        """All files were looked at; reading begins."""

    def working(self, name: str, note: str) -> None:
        """Something takes long; from another thread."""

    def done(self, told: Told, tally: Tally) -> None:
        """A content has its result, and the store has it."""


class Stopped(BiaogeError):
    """The run cannot go on, and that is no fault of the file at hand."""


def run(plan: Plan, watcher: Watcher) -> Ended:
    """Read whatever the store does not know yet, and write it down.

    A result is in the store whole or not at all, whenever this process ends; what is missing is read by the next run.
    UsageError where the call makes no sense or another run is at work. A full disk ends the run: see `Ended.stopped`.
    KeyboardInterrupt goes through, once the store is in order.
    """
    check(plan.inputs.paths)
    rules = plan.rules
    with open_to_write(plan.out) as store:
        tally = Tally()
        stopped: str | None = "interrupted"
        with _writing():
            number = runs.begin(store, plan.settings, plan.jobs, plan.limits)
        try:
            _look(store, plan, (rules, number), tally, watcher)
            watcher.begun(tally)
            _read(store, plan, (rules, number), tally, watcher)
            stopped = None
        except Stopped as error:
            stopped = str(error)
        finally:
            with contextlib.suppress(sqlite3.OperationalError):  # a full disk: the next run sees that this one ended
                runs.end(store, number, tally, stopped)
        return Ended(number, tally, states_of_run(store, number), stopped)


@contextlib.contextmanager
def _writing() -> Iterator[None]:
    """Errors of writing the store as the end of the run."""
    try:
        yield
    except sqlite3.OperationalError as error:
        raise Stopped(f"the store cannot be written: {error}; free some space and start again") from error
    except OSError as error:
        raise Stopped(f"the store cannot be written: {error.strerror}; free some space and start again") from error


def _look(store: Store, plan: Plan, by: tuple[Rules, int], tally: Tally, watcher: Watcher) -> None:
    """Note every file and list what is to be read. `by`: the rules and the number of the run."""
    seen.begin(store)
    files = find(replace(plan.inputs, leave_out=plan.out))
    while batch := list(islice(files, _LOOKED_AT_ONCE)):
        with _writing(), transaction(store.db):
            for path in batch:
                looked = seen.look_at(store, path, *by)
                tally.files += 1
                tally.same += not looked.due
        watcher.looking(tally)
    count = seen.todo_count(store)
    tally.todo = count if plan.limit is None else min(count, plan.limit)


def _read(store: Store, plan: Plan, by: tuple[Rules, int], tally: Tally, watcher: Watcher) -> None:
    """Have the listed contents read, and write down what becomes of each."""
    underway: dict[str, Path] = {}

    def tasks() -> Iterator[Task]:
        for sha256, path in seen.todo(store, plan.limit):
            underway[sha256] = path
            yield Task(path, bulk.printable(path), sha256)

    order = Order(
        store.staging,
        settings=plan.settings,
        password=plan.password,
        limits=plan.limits,
        jobs=plan.jobs,
    )
    with contextlib.closing(bulk.extract(tasks(), order, watcher.working)) as outcomes, _writing():
        for outcome in outcomes:
            told = _settled(store, plan, by, outcome, underway.pop(outcome.stem))
            if told is not None:
                setattr(tally, told.state, getattr(tally, told.state) + 1)
                watcher.done(told, tally)
    shutil.rmtree(store.staging, ignore_errors=True)


def _settled(store: Store, plan: Plan, by: tuple[Rules, int], outcome: Outcome, path: Path) -> Told | None:
    """Write down what became of a content; `None` where the file went away or changed meanwhile.

    Stopped where the outcome says nothing about the file: the call was wrong, or nothing can be written or started.
    """
    if outcome.cause in ("write", "start") or outcome.error in _CALL:
        raise Stopped(outcome.message)
    if not path.exists():
        seen.forget(store, path, gone=True)
        return None
    sha256, document = outcome.stem, None
    key, written = by[0].keys.whole, None
    if outcome.error is None:
        staged = Path(outcome.written[0])
        document = _loaded(staged)
        if document.source.sha256 != sha256:
            staged.unlink()
            seen.forget(store, path, gone=False)
            return None
        key = by[0].keys.for_routes([page.route for page in document.pages])
        written = json_name(sha256, key)
        (store.folder / written).parent.mkdir(parents=True, exist_ok=True)
        staged.replace(store.folder / written)
    result = Result(
        sha256,
        key,
        plan.settings.digest,
        __version__,
        state_of(outcome),
        bulk.printable(Path(path.name)),
        by[1],
        written,
        outcome.error,
        outcome.message or None,
        outcome.exit_code,
        outcome.seconds,
        outcome.peak,
        plan.limits.seconds,
        plan.limits.memory,
    )
    recorded = record(store, result, document)
    if recorded.obsolete is not None:
        (store.folder / recorded.obsolete).unlink(missing_ok=True)
    return Told(
        outcome.path,
        sha256,
        result.state,
        result.error,
        result.reason,
        outcome.pages,
        recorded.ocr_pages,
        outcome.tables,
        recorded.cells,
        outcome.warnings,
        outcome.seconds,
        outcome.peak,
    )


def _loaded(path: Path) -> Reading:
    """What the database takes from a document."""
    from biaoge.app.store.reading import decode

    return decode(path.read_bytes())


def state_of(outcome: Outcome) -> State:
    """The one state of a file by what became of it."""
    if outcome.error is None:
        return "doubtful" if outcome.warnings else "read"
    return "failed" if outcome.cause in ("crash", "fault") or outcome.error in _FAILED else "refused"


def exit_code(ended: Ended, fail_on: str) -> int:
    """What the command ends with, by the states of the files that the run saw.

    `fail_on`: "never", "failure" (a file failed) or "partial" (a file failed, was refused, doubtful or is waiting).
    """
    if ended.stopped is not None:
        return errors.BiaogeError.exit_code
    if fail_on != "never" and ended.states["failed"]:
        return FAILURE
    if fail_on == "partial" and any(ended.states[state] for state in ("refused", "doubtful", "waiting")):
        return PARTIAL
    return 0


FAILURE, PARTIAL = 9, 10
"""Exit codes of a run that came to its end: with failed files; with files that were not read without doubts."""
