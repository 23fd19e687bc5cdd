"""Runs engines over documents, each in a process of its own, and keeps what they gave.

A prediction is kept under the digest of the file, the engine with its versions, and the settings; what is kept is not
read again, so an interrupted run goes on where it stopped.
"""

from __future__ import annotations

import hashlib
import importlib.util
import json
import queue
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Literal

from biaoge.app.isolate import Limits, StopRequested, Worker
from biaoge.errors import BiaogeError, TableError, TimedOut, TooLarge
from biaoge.eval.engines import assemble
from biaoge.eval.engines.child import decode
from biaoge.eval.engines.contract import Engine
from biaoge.eval.prediction import Prediction
from biaoge.eval.report.names import file_name
from biaoge.eval.sets import TruthDocument
from biaoge.files import sha256_of, write_whole

_CHILD = "biaoge.eval.engines.child:read"
_ABOUT = "biaoge.eval.engines.contract:describe"
Again = Literal["none", "failed", "all"]
OnDocument = Callable[[str, bool], None]
"""Hears the name of a document that is done, and whether its prediction was kept from before."""


@dataclass(frozen=True, slots=True)
class RunOrder:
    """How engines are run.

    `folder` keeps the predictions; `again` reads anew what is kept, all of it or only what failed; `jobs` documents at
    once (1 where seconds are to be compared); `python` names the interpreter of another environment that holds the
    engine.
    """

    folder: Path
    limits: Limits
    again: Again = "none"
    jobs: int = 1
    python: str | None = None


def predict(
    documents: Sequence[TruthDocument],
    joined: bool,
    engine: Engine,
    order: RunOrder,
    on_document: OnDocument | None = None,
) -> Mapping[str, Prediction]:
    """What `engine` makes of every document, by its name.

    An interrupt ends the children; what is done is kept.
    """
    version, _ = about(engine, order.python)
    done: dict[str, Prediction] = {}
    waiting: queue.SimpleQueue[tuple[TruthDocument, Path]] = queue.SimpleQueue()
    todo = 0
    for document in documents:
        path = kept_at(order, engine, version, document, joined)
        kept = None if order.again == "all" else read_kept(path)
        if kept is None or (order.again == "failed" and kept.error is not None):
            waiting.put((document, path))
            todo += 1
            continue
        done[document.name] = kept
        if on_document:
            on_document(document.name, True)
    if not todo:
        return done
    stop = threading.Event()
    ended: queue.SimpleQueue[tuple[str, Prediction] | None] = queue.SimpleQueue()
    threads = min(max(1, order.jobs), todo)
    with ThreadPoolExecutor(threads) as pool:
        jobs = [pool.submit(_work, engine, version, joined, order, waiting, ended, stop) for _ in range(threads)]
        try:
            while threads:
                outcome = ended.get()
                if outcome is None:
                    threads -= 1
                    continue
                done[outcome[0]] = outcome[1]
                if on_document:
                    on_document(outcome[0], False)
        finally:
            stop.set()
    for job in jobs:
        job.result()  # raises what went wrong outside of any document
    return done


def kept_at(order: RunOrder, engine: Engine, version: str, document: TruthDocument, joined: bool) -> Path:
    """Where the prediction of `document` is kept: under a digest of all that it depends on."""
    limits = (order.limits.seconds, order.limits.memory)
    # What was extracted elsewhere is found by the file's name, not by what is in it.
    name = [document.pdf.parent.name, document.pdf.stem] if engine.name.startswith("folder:") else []
    file = document.sha256 or sha256_of(document.pdf)
    key = json.dumps([file, engine.name, version, adapter_digest(engine.target), joined, *limits, *name])
    return order.folder / file_name(engine.name) / f"{_digest(key)}.json"


@cache
def adapter_digest(target: str) -> str:
    """Changes with the code that calls the engine and makes cells of what it gives, which has no version of its own."""
    spec = importlib.util.find_spec(target.partition(":")[0])
    files = [Path(spec.origin)] if spec is not None and spec.origin else []
    return _digest("".join(path.read_text(encoding="utf-8") for path in (*files, Path(assemble.__file__))))


def about(engine: Engine, python: str | None) -> tuple[str, str | None]:
    """The versions of what `engine` is made of, and why it cannot run (`None` where it can), where it would run."""
    if python is None:
        return engine.version(), engine.missing()
    try:
        worker = Worker(_ABOUT, Limits(seconds=60.0, memory=1000), python=python)
    except OSError as problem:
        return "", f"{python}: {problem.strerror}"
    try:
        answer = worker.run({"engine": engine.name})
    except BiaogeError as problem:
        return "", f"{python}: {problem}"
    finally:
        worker.close()
    return answer["version"], answer["missing"]


def _work(
    engine: Engine,
    version: str,
    joined: bool,
    order: RunOrder,
    waiting: queue.SimpleQueue[tuple[TruthDocument, Path]],
    ended: queue.SimpleQueue[tuple[str, Prediction] | None],
    stop: threading.Event,
) -> None:
    """Reads what is waiting until nothing is, and says `None` at the end, whatever the end is."""
    worker: Worker | None = None
    try:
        while not stop.is_set():
            try:
                document, path = waiting.get_nowait()
            except queue.Empty:
                break
            if worker is None:
                worker = Worker(_CHILD, order.limits, stop, order.python)
            prediction, alive = _read(worker, document.pdf, engine, version, joined)
            _keep(path, prediction)
            ended.put((document.name, prediction))
            if not alive or worker.worn:
                worker.close()
                worker = None
    except StopRequested:
        pass
    finally:
        if worker is not None:
            worker.close()
        ended.put(None)


def _read(worker: Worker, file: Path, engine: Engine, version: str, joined: bool) -> tuple[Prediction, bool]:
    """The prediction, and whether the child lives on."""
    start = time.perf_counter()
    try:
        answer = worker.run({"target": engine.target, "path": str(file), "joined": joined})
    except BiaogeError as problem:
        seconds = time.perf_counter() - start
        return Prediction(
            engine.name, version, None, _reason(problem, worker.limits), seconds, worker.peak or None
        ), False
    seconds = time.perf_counter() - start
    peak = worker.peak or None
    try:
        reading = decode(answer["reading"]) if "reading" in answer else None
        error = None if reading is not None else answer.get("error") or "failed"
    except (ValueError, TableError) as problem:
        reading, error = None, f"gave what is no reading: {problem}"
    return Prediction(engine.name, version, reading, error, seconds, peak), True


def _reason(problem: BiaogeError, limits: Limits) -> str:
    """Why there is no reading, in words for a measurement: the options that `biaoge extract` has are not at hand."""
    if isinstance(problem, TimedOut):
        return f"not done within {limits.seconds:g} s (--timeout)"
    if isinstance(problem, TooLarge):
        return f"needs more than {limits.memory} MB of memory (--max-memory)"
    return str(problem).partition(";")[0]


def read_kept(path: Path) -> Prediction | None:
    """What is kept there; `None` where there is nothing, or nothing whole."""
    import msgspec

    try:
        return msgspec.json.decode(path.read_bytes(), type=Prediction)
    except (OSError, msgspec.MsgspecError):
        return None


def _keep(path: Path, prediction: Prediction) -> None:
    import msgspec

    write_whole(path, msgspec.json.encode(prediction).decode() + "\n")


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:32]
