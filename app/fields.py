"""The named fields of many files: each read like any other, its record given in the order asked for."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable, Generator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from biaoge.app import bulk
from biaoge.app.bulk import Order, Outcome, Task
from biaoge.app.jsonin import load_json
from biaoge.app.understand import understood
from biaoge.errors import BiaogeError
from biaoge.model import Document


@dataclass(frozen=True, slots=True)
class Read:
    """What became of a file; `document` is `None` where it could not be read."""

    outcome: Outcome
    document: Document | None = None


def read_all(
    paths: Sequence[Path], order: Order, on_note: Callable[[str, str], None] | None = None
) -> tuple[int, Generator[Read, None, None]]:
    """How many files `paths` stand for, and what becomes of each, in their order.

    JSON files that biaoge wrote are taken as read; all others are read in child processes, with `order`'s limits,
    into a folder of its own that is gone afterwards.
    """
    written = [path for path in paths if path.suffix.lower() == ".json"]
    tasks, lost = bulk.find_files([path for path in paths if path.suffix.lower() != ".json"])
    return len(written) + len(tasks) + len(lost), _read_all(written, tasks, lost, (order, on_note))


def _read_all(
    written: Sequence[Path],
    tasks: Sequence[Task],
    lost: Sequence[Outcome],
    how: tuple[Order, Callable[[str, str], None] | None],
) -> Generator[Read, None, None]:
    order, on_note = how
    for outcome in lost:
        yield Read(outcome)
    for path in written:
        yield _loaded(path, order)
    if not tasks:
        return
    folder = Path(tempfile.mkdtemp(prefix="biaoge-fields-"))
    waiting: dict[str, Outcome] = {}
    outcomes = bulk.extract(tasks, replace(order, out=folder, formats=("json",), debug=False), on_note)
    try:
        for task in tasks:
            while task.name not in waiting:
                outcome = next(outcomes)
                waiting[outcome.path] = outcome
            yield _fetched(waiting.pop(task.name))
    finally:
        outcomes.close()
        shutil.rmtree(folder, ignore_errors=True)


def _fetched(outcome: Outcome) -> Read:
    """The document that a child wrote; its file is not needed any more."""
    if outcome.error or not outcome.written:
        return Read(outcome)
    path = Path(outcome.written[0])
    document = load_json(path)
    path.unlink()
    return Read(replace(outcome, written=()), document)


def _loaded(path: Path, order: Order) -> Read:
    """The document of a JSON file, its fields made anew by the form that is asked for."""
    try:
        document = understood(load_json(path), order.settings)
    except BiaogeError as error:
        return Read(bulk.failed(path, error))
    warnings = sum(finding.severity != "info" for finding in document.findings)
    found = Outcome(bulk.printable(path), pages=len(document.pages), tables=len(document.tables), warnings=warnings)
    return Read(found, document)
