"""What happens on the machines of a cluster: files are looked at, groups of them read, rows written as Parquet.

Ray calls what is here; nothing here calls Ray, so that a plain test can run it.
"""

from __future__ import annotations

import contextlib
import hashlib
import re
import shutil
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import asdict, dataclass
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypedDict

from biaoge.app import bulk
from biaoge.app.bulk import Order, Outcome, Task
from biaoge.app.bulkrun import Plan, Stopped, Told, state_of
from biaoge.app.exports import arrow, parquet
from biaoge.app.exports.rows import Exported, rows_of
from biaoge.app.exports.schema import DATASETS
from biaoge.app.jsonin import load_json
from biaoge.app.store.seen import kind_of
from biaoge.errors import BiaogeError, FormError, InputError, UsageError

if TYPE_CHECKING:
    import pyarrow

RESULTS = "results"
"""The dataset that has a row for each content, and whose part is written last: without it a group was not read."""
_SCHEME = re.compile(r"[a-zA-Z][a-zA-Z0-9+.-]+://")
_CALL = (UsageError.exit_code, FormError.exit_code)
_HEAD = 1024
_CHUNK = 1 << 20


class Looked(TypedDict):
    """A file that was looked at; `sha256` is `None`, and `problem` says why, where it could not be read."""

    path: str
    bytes: int
    sha256: str | None
    kind: str | None
    problem: str | None


class Group(TypedDict):
    """Contents that are read together, by one process, and whose rows are written together; `name`: of its parts."""

    name: str
    paths: list[str]
    sha256: list[str]


def is_address(path: str) -> bool:
    """Whether `path` is an address such as `s3://bucket/folder`, and not one of the file system.

    >>> is_address("s3://bucket/a.pdf"), is_address("/data/a.pdf")
    (True, False)
    """
    return _SCHEME.match(path) is not None


def opened(place: str) -> tuple[Any, str]:
    """(file system of pyarrow, path in it) of a path or address; UsageError where nothing can open such."""
    arrow.arrow()
    from pyarrow import fs

    if not is_address(place):
        return fs.LocalFileSystem(), str(Path(place).absolute())
    try:
        return fs.FileSystem.from_uri(place)  # type: ignore[no-any-return]
    except (ValueError, OSError):
        pass
    try:
        system, path = import_module("fsspec.core").url_to_fs(place)
    except (ImportError, ValueError, OSError) as error:
        raise UsageError(f"{place}: cannot be opened: {error}") from error
    return fs.PyFileSystem(fs.FSSpecHandler(system)), path


def look(path: str) -> Looked:
    """What the file holds: size, SHA-256, kind."""
    digest, size, head = hashlib.sha256(), 0, b""
    try:
        system, inside = opened(path)
        with system.open_input_stream(inside) as source:
            while piece := source.read(_CHUNK):
                head = head or piece[:_HEAD]
                digest.update(piece)
                size += len(piece)
    except (OSError, UsageError) as error:
        return {"path": path, "bytes": 0, "sha256": None, "kind": None, "problem": " ".join(str(error).split())[:300]}
    return {"path": path, "bytes": size, "sha256": digest.hexdigest(), "kind": kind_of(head), "problem": None}


@dataclass(frozen=True, slots=True)
class Reader:
    """Reads groups as `plan` says and writes their rows below `out`, a path or address."""

    plan: Plan
    out: str

    def read(self, group: Group) -> list[Told]:
        """What became of each content, in order, once all their rows are written.

        A content that went or changed since it was looked at is left out. Stopped where no file is at fault.
        """
        with tempfile.TemporaryDirectory(prefix="biaoge-", ignore_cleanup_errors=True) as name:
            folder = Path(name)
            done = list(self._read(group, folder))
            told = [one for one, _ in done]
            documents = [document for _, document in done if document is not None]
            made = folder / "rows"
            made.mkdir()
            try:
                parquet.write(documents, made)
            except InputError:
                shutil.rmtree(made)
                made.mkdir()
                told, documents = _sorted_out(done)
                parquet.write(documents, made)
            if documents:
                self._publish(made, group["name"])
            put(results_table(told), f"{self.out}/{RESULTS}/{group['name']}.parquet")
            return told

    def _read(self, group: Group, folder: Path) -> Iterator[tuple[Told, Exported | None]]:
        order = Order(
            folder / "json", settings=self.plan.settings, password=self.plan.password, limits=self.plan.limits, jobs=1
        )

        def tasks() -> Iterator[Task]:
            for number, (path, sha256) in enumerate(zip(group["paths"], group["sha256"], strict=True)):
                with contextlib.suppress(OSError):  # gone since it was looked at: without a result, the next run tells
                    yield Task(_fetched(path, folder / f"in{number}"), path, sha256)

        with closing(bulk.extract(tasks(), order)) as outcomes:
            for outcome in outcomes:
                if outcome.cause in ("write", "start") or outcome.exit_code in _CALL:
                    raise Stopped(outcome.message)
                settled = _settled(outcome)
                number = group["sha256"].index(outcome.stem)
                shutil.rmtree(folder / f"in{number}", ignore_errors=True)
                if settled is not None:
                    yield settled

    def _publish(self, made: Path, name: str) -> None:
        """Move the parts that hold rows from `made` to their place, named by the group."""
        import pyarrow.parquet as pq

        for part in sorted(made.rglob("*.parquet")):
            if pq.read_metadata(part).num_rows:
                where = part.relative_to(made)
                number = part.stem.removeprefix("part-")
                put_file(part, f"{self.out}/{where.parent.as_posix()}/{name}-{number}.parquet")


def _fetched(path: str, folder: Path) -> Path:
    """The file on this machine, under its own name; what lies on the file system is left where it is."""
    if not is_address(path):
        return Path(path)
    system, inside = opened(path)
    folder.mkdir()
    target = folder / (inside.rstrip("/").rsplit("/", 1)[-1] or "document")
    with system.open_input_stream(inside) as source, target.open("wb") as out:
        while piece := source.read(_CHUNK):
            out.write(piece)
    return target


def _settled(outcome: Outcome) -> tuple[Told, Exported | None] | None:
    sha256 = outcome.stem
    if outcome.error is not None:
        return _told(outcome, outcome.path, sha256), None
    written = Path(outcome.written[0])
    try:
        document = load_json(written)
        if document.source.sha256 != sha256:
            return None
        exported = Exported(document.source.name, sha256, document)
    except BiaogeError as error:
        return _told(bulk.failed(Path(outcome.path), error, cause="fault"), outcome.path, sha256), None
    finally:
        written.unlink()
    ocr_pages = sum(page.route in ("ocr", "mixed") for page in document.pages)
    cells = sum(len(table.cells) for table in document.tables)
    return _told(outcome, outcome.path, sha256, (ocr_pages, cells)), exported


def _told(outcome: Outcome, path: str, sha256: str, counts: tuple[int, int] = (0, 0)) -> Told:
    """`counts`: recognised pages and cells."""
    return Told(
        path=path,
        sha256=sha256,
        state=state_of(outcome),
        error=outcome.error,
        reason=outcome.message or None,
        pages=outcome.pages,
        ocr_pages=counts[0],
        tables=outcome.tables,
        cells=counts[1],
        warnings=outcome.warnings,
        seconds=outcome.seconds,
        peak=outcome.peak,
    )


def _sorted_out(done: Sequence[tuple[Told, Exported | None]]) -> tuple[list[Told], list[Exported]]:
    """The results and documents, with those failed that do not fit the schema."""
    told, documents = [], []
    for one, document in done:
        if document is not None:
            try:
                for dataset, (_, rows) in zip(DATASETS, rows_of(document), strict=True):
                    arrow.table_of(dataset, rows, arrow.schema_of(dataset))
            except InputError as error:
                outcome = bulk.failed(Path(one.path), error, peak=one.peak, cause="fault")
                told.append(_told(outcome, one.path, one.sha256))
                continue
            documents.append(document)
        told.append(one)
    return told, documents


# ---------------------------------------------------------------- what is written


def results_schema() -> pyarrow.Schema:
    """The columns of `results`: those of `Told`."""
    pa = arrow.arrow()
    texts, counts = ("path", "sha256", "state", "error", "reason"), ("pages", "ocr_pages", "tables", "cells")
    return pa.schema(
        [
            *((name, pa.string()) for name in texts),
            *((name, pa.int64()) for name in (*counts, "warnings")),
            ("seconds", pa.float64()),
            ("peak", pa.int64()),
        ]
    )


def results_table(told: Sequence[Told]) -> pyarrow.Table:
    """The results as a table."""
    return arrow.arrow().Table.from_pylist([asdict(one) for one in told], schema=results_schema())


def put(table: pyarrow.Table, place: str) -> None:
    """Write a table as one Parquet file, whole or not at all."""
    import pyarrow.parquet as pq

    with tempfile.TemporaryDirectory(prefix="biaoge-") as folder:
        part = Path(folder, "part.parquet")
        pq.write_table(table, part, compression="zstd")
        put_file(part, place)


def put_file(source: Path, place: str) -> None:
    """Copy a file to a path or address: under a hidden name first where the system can rename, else in one upload."""
    system, target = opened(place)
    folder, _, name = target.rpartition("/")
    system.create_dir(folder, recursive=True)
    renames = system.type_name in ("local", "hdfs")
    hidden = f"{folder}/.{name}.part" if renames else target
    with source.open("rb") as held, system.open_output_stream(hidden) as out:
        shutil.copyfileobj(held, out, _CHUNK)
    if renames:
        system.move(hidden, target)
