"""The same run on many machines: files from a shared path or an object store, read on Ray, rows written as Parquet.

What lies in `--out`: the datasets of `exports.schema` in parts, one for each group of contents; `results`, a row for
each content; `files`, a row for each file, written anew at the end of a run; `_run.json`, what the results hang on. A
group counts once its part of `results` is there, which is written last; parts without it are removed by the next run.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import logging
import os
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from importlib import import_module
from pathlib import Path
from typing import Any

from biaoge import __version__
from biaoge.app.bulk import ENDINGS, printable
from biaoge.app.bulkrun import Ended, Plan, Stopped, Told, Watcher
from biaoge.app.clusterstage import (
    RESULTS,
    Group,
    Looked,
    Reader,
    is_address,
    look,
    opened,
    put,
    put_file,
    results_schema,
    results_table,
)
from biaoge.app.exports import arrow, parquet
from biaoge.app.exports.schema import DATASETS
from biaoge.app.processors import processors
from biaoge.app.store import inputs
from biaoge.app.store.runs import Tally
from biaoge.app.store.schema import STATES
from biaoge.errors import MissingExtra, UsageError

FILES, RUN = "files", "_run.json"
GROUP_FILES, GROUP_BYTES = 200, 16_000_000
"""Of a group at most: it is read by one process, which takes so many files before it is renewed (`isolate`), and is
read again where its machine goes away. 16 MB are some 30 scanned pages or some hundred native ones."""
_SPREAD = 4
"""Groups for each process at least, so that none waits long for the last one."""
_LOOK_AT_ONCE = 64


def run(plan: Plan, out: str, address: str | None, watcher: Watcher) -> Ended:
    """Read what `out` (a path or address) does not have yet, on the Ray cluster at `address`, or one made here.

    UsageError where the call makes no sense, MissingExtra without Ray; see `Ended.stopped` for what went wrong on the
    cluster. Whatever ends a run, the next one goes on from the groups that were written.
    """
    if plan.again or plan.rehash:
        raise UsageError("--retry and --rehash are for --engine local; give another --out to read files anew")
    ray = _ray()
    out = out if is_address(out) else str(Path(out).absolute())
    paths = list(find(plan))
    with contextlib.suppress(FileNotFoundError):
        _same_run(plan, out)
    tally, stopped = Tally(), None
    with _connected(ray, address, plan.jobs or processors()):
        try:
            plan = replace(plan, jobs=plan.jobs or int(ray.cluster_resources().get("CPU", 1)))
            known = _prepared(plan, out)
            looked = _looked_at(ray, paths, tally, watcher)
            todo = _todo(looked, known, plan.limit)
            tally.todo = len(todo)
            tally.same = tally.files - tally.todo
            watcher.begun(tally)
            for told in _read(ray, Reader(plan, out), groups(todo, plan.jobs), plan):
                known[told.sha256] = told.state
                setattr(tally, told.state, getattr(tally, told.state) + 1)
                watcher.done(told, tally)
            _write_files(looked, known, out)
        except Stopped as error:
            return Ended(0, tally, dict.fromkeys((*STATES, "waiting"), 0), str(error))
        except OSError as error:
            stopped = f"{printable(Path(out))} cannot be written: {error}; start again when it can"
            return Ended(0, tally, dict.fromkeys((*STATES, "waiting"), 0), stopped)
    return Ended(0, tally, _counted(looked, known), None)


def _ray() -> Any:
    """The module ray; MissingExtra where it is not installed."""
    os.environ.setdefault("RAY_USAGE_STATS_ENABLED", "0")  # nothing is told to anybody
    try:
        import_module("ray.data")
    except ImportError:
        raise MissingExtra('this needs Ray Data: pip install "biaoge[ray]"') from None
    return import_module("ray")


@contextlib.contextmanager
def _connected(ray: Any, address: str | None, jobs: int) -> Iterator[None]:
    """Ray as long as it is needed: the cluster at `address`, or `jobs` processors of this machine."""
    quiet = {"log_to_driver": False, "logging_level": "error"}
    try:
        if address is None:
            ray.init("local", num_cpus=jobs, include_dashboard=False, **quiet)
        else:
            ray.init(address, **quiet)
    except (ConnectionError, ValueError, RuntimeError) as error:
        raise UsageError(f"--address {address}: no Ray there: {' '.join(str(error).split())[:300]}") from error
    logging.getLogger("ray.data").setLevel(logging.ERROR)
    context = ray.data.DataContext.get_current()
    context.enable_progress_bars = False
    context.print_on_execution_start = False
    try:
        yield
    finally:
        ray.shutdown()


def find(plan: Plan) -> Iterator[str]:
    """Every file to look at: of paths as `bulk` finds them, of addresses those that end like a document."""
    local = tuple(path for path in plan.inputs.paths if not is_address(path))
    inputs.check(local)
    for path in plan.inputs.paths:
        if is_address(path):
            if plan.inputs.since is not None:
                raise UsageError("--since is for paths; leave it out for addresses")
            yield from _below(path, plan.inputs.only)
        else:
            here = replace(plan.inputs, paths=(path,), leave_out=plan.out)
            yield from (str(file.absolute()) for file in inputs.find(here))


def _below(address: str, only: Sequence[str]) -> Iterator[str]:
    """The address itself, or those of the documents below it, in order."""
    from fnmatch import fnmatch

    from pyarrow import fs

    system, path = opened(address)
    try:
        (info,) = system.get_file_info([path])
        if info.type == fs.FileType.File:
            yield address
            return
        infos = system.get_file_info(fs.FileSelector(path, recursive=True))
    except OSError as error:
        raise UsageError(f"{address}: cannot be listed: {error}") from error
    for info in sorted(infos, key=lambda one: str(one.path)):
        if info.type != fs.FileType.File or not info.path.lower().endswith(ENDINGS):
            continue
        if only and not any(fnmatch(text, glob) for text in (info.path, info.base_name) for glob in only):
            continue
        yield f"{address.rstrip('/')}/{info.path[len(path.rstrip('/')) + 1 :]}"


def groups(todo: Sequence[Looked], jobs: int) -> list[Group]:
    """The contents in groups of at most `GROUP_FILES` and, but for single files, `GROUP_BYTES`; same in, same out."""
    most = max(1, min(GROUP_FILES, len(todo) // (jobs * _SPREAD) or 1))
    out: list[Group] = []
    held: list[Looked] = []
    for one in todo:
        if held and (len(held) == most or sum(file["bytes"] for file in held) + one["bytes"] > GROUP_BYTES):
            out.append(_group(held))
            held = []
        held.append(one)
    return [*out, _group(held)] if held else out


def _group(held: Sequence[Looked]) -> Group:
    contents = [str(one["sha256"]) for one in held]
    name = hashlib.sha256("".join(contents).encode()).hexdigest()[:20]
    return {"name": f"part-{name}", "paths": [one["path"] for one in held], "sha256": contents}


# ---------------------------------------------------------------- before and after


def _told_of(plan: Plan) -> dict[str, str]:
    return {"schema": "biaoge-cluster/1", "version": __version__, "key": plan.rules.keys.whole}


def _same_run(plan: Plan, out: str) -> None:
    """UsageError where `out` holds results of other settings; FileNotFoundError where it holds none."""
    system, path = opened(out)
    with system.open_input_stream(f"{path}/{RUN}") as source:
        held = json.loads(source.read())
    if held != _told_of(plan):
        raise UsageError(f"{out} was written with other settings or another version; give another --out")


def _prepared(plan: Plan, out: str) -> dict[str, str]:
    """SHA-256 to state of what `out` has. Made ready where it is new; parts of groups that were not ended removed."""
    from pyarrow import fs
    from pyarrow import parquet as pq

    system, path = opened(out)
    (info,) = system.get_file_info([f"{path}/{RUN}"])
    if info.type != fs.FileType.File:
        _begin(plan, out)
    parts = system.get_file_info(fs.FileSelector(f"{path}/{RESULTS}"))
    ended = {Path(part.path).stem for part in parts if part.path.endswith(".parquet")}
    for dataset in DATASETS:
        for part in system.get_file_info(fs.FileSelector(f"{path}/{dataset.name}", recursive=True)):
            name = part.base_name
            if name.startswith("part-") and name.rpartition("-")[0] not in ended:
                system.delete_file(part.path)
    known: dict[str, str] = {}
    for name in sorted(ended):
        with system.open_input_file(f"{path}/{RESULTS}/{name}.parquet") as source:
            held = pq.read_table(source, columns=["sha256", "state"])
        known.update(zip(held["sha256"].to_pylist(), held["state"].to_pylist(), strict=True))
    return known


def _begin(plan: Plan, out: str) -> None:
    """An empty part of every dataset, so that each can be read, the schema, and last what the results hang on."""
    with tempfile.TemporaryDirectory(prefix="biaoge-") as name:
        made = Path(name)
        parquet.write((), made)
        for part in sorted(made.rglob("*.parquet")):
            put_file(part, f"{out}/{part.relative_to(made).parent.as_posix()}/empty.parquet")
        put_file(made / "_schema.json", f"{out}/_schema.json")
        put(results_table(()), f"{out}/{RESULTS}/empty.parquet")
        told = made / RUN
        told.write_text(json.dumps(_told_of(plan), indent=2) + "\n", encoding="utf-8")
        put_file(told, f"{out}/{RUN}")


def _todo(looked: Sequence[Looked], known: dict[str, str], limit: int | None) -> list[Looked]:
    """A file for each content that has no result, in the order in which they were met; at most `limit`."""
    first: dict[str, Looked] = {}
    for one in looked:
        if one["sha256"] is not None and one["sha256"] not in known:
            first.setdefault(one["sha256"], one)
    return list(first.values())[:limit]


def _state(one: Looked, known: dict[str, str]) -> str:
    return "refused" if one["sha256"] is None else known.get(one["sha256"], "waiting")


def _counted(looked: Sequence[Looked], known: dict[str, str]) -> dict[str, int]:
    counts = dict.fromkeys((*STATES, "waiting"), 0)
    for one in looked:
        counts[_state(one, known)] += 1
    return counts


def _write_files(looked: Sequence[Looked], known: dict[str, str], out: str) -> None:
    pa = arrow.arrow()
    schema = pa.schema(
        [
            *((name, pa.string()) for name in ("path", "sha256", "kind", "state", "problem")),
            ("bytes", pa.int64()),
        ]
    )
    rows = [{**one, "path": _as_text(one["path"]), "state": _state(one, known)} for one in looked]
    put(pa.Table.from_pylist(rows, schema=schema), f"{out}/{FILES}/part-00000.parquet")


def _as_text(path: str) -> str:
    """The path as text even where its bytes are none, as the store has it."""
    return os.fsencode(path).decode("utf-8", "backslashreplace")


# ---------------------------------------------------------------- on Ray


def _looked_at(ray: Any, paths: Sequence[str], tally: Tally, watcher: Watcher) -> list[Looked]:
    """What every file holds, in the order of `paths`."""
    if not paths:
        return []
    encoded = [os.fsencode(path) for path in paths]
    data = ray.data.from_items([{"number": n, "path": path} for n, path in enumerate(encoded)])
    found: list[tuple[int, Looked]] = []
    with _told_plainly(ray):
        for row in data.map_batches(_look_at, batch_size=_LOOK_AT_ONCE, batch_format="pyarrow").iter_rows():
            answer: Looked = json.loads(row["looked"])
            found.append((row["number"], {**answer, "path": paths[row["number"]]}))
            tally.files += 1
            watcher.looking(tally)
    return [one for _, one in sorted(found, key=lambda pair: pair[0])]


def _look_at(batch: Any) -> Any:
    """A batch of (number, path) as (number, what was found as JSON)."""
    looked = [json.dumps(look(os.fsdecode(path))) for path in batch["path"].to_pylist()]
    return arrow.arrow().table({"number": batch["number"], "looked": looked})


def _read(ray: Any, reader: Reader, todo: Sequence[Group], plan: Plan) -> Iterator[Told]:
    """What became of every content, as it comes. A group is a task, begun again where its process or machine dies."""
    if not todo:
        return
    data = ray.data.from_items([{"group": json.dumps(group)} for group in todo], override_num_blocks=len(todo))
    stage = data.map_batches(
        _Stage(reader).read,
        batch_size=1,
        batch_format="pyarrow",
        num_cpus=1,
        compute=ray.data.TaskPoolStrategy(size=min(plan.jobs, len(todo))),
    )
    with _told_plainly(ray):
        names = results_schema().names
        for row in stage.iter_rows():
            yield Told(**{name: row[name] for name in names})


@dataclass(frozen=True, slots=True)
class _Stage:
    """The reader as Ray calls it."""

    reader: Reader

    def read(self, batch: Any) -> Any:
        """Groups, as JSON, to results."""
        told = [one for group in batch["group"].to_pylist() for one in self.reader.read(json.loads(group))]
        return results_table(told)


@contextlib.contextmanager
def _told_plainly(ray: Any) -> Iterator[None]:
    """What goes wrong on the cluster as Stopped, with the last line that tells why."""
    try:
        yield
    except ray.exceptions.RayError as error:
        cause = getattr(error, "cause", None) or error
        lines = str(cause).strip().splitlines() or [type(cause).__name__]
        raise Stopped(f"the cluster stopped: {lines[-1][:300]}; see Ray's logs, then start again") from error
