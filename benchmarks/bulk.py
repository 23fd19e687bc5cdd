"""What `biaoge bulk` costs besides reading, and what its database had to be chosen for.

python benchmarks/bulk.py database            SQLite against DuckDB (pip install duckdb pyarrow)
python benchmarks/bulk.py second [FILES]      a second run over finished files, and memory of the main process
python benchmarks/bulk.py overhead FILE...    a run into a store against the same files without one
python benchmarks/bulk.py workers [--rounds N] [--copies N] FILE...
                                              one worker against two, beside bare processes that read the same files
"""

from __future__ import annotations

import argparse
import gc
import multiprocessing
import os
import shutil
import sqlite3
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

DOCUMENTS, CELLS = 500, 300
TABLES = (
    "CREATE TABLE files (path TEXT PRIMARY KEY, sha256 TEXT, bytes BIGINT, mtime BIGINT)",
    "CREATE TABLE documents (id BIGINT PRIMARY KEY, sha256 TEXT UNIQUE, state TEXT, pages INTEGER)",
    "CREATE TABLE cells (document BIGINT, table_no INTEGER, row_no INTEGER, col_no INTEGER, text TEXT,"
    " column_path TEXT, row_path TEXT, confidence DOUBLE PRECISION, source TEXT)",
)
LOOK = "SELECT f.bytes, d.state FROM files f JOIN documents d ON d.sha256 = f.sha256 WHERE f.path = ?"
COUNT = "SELECT column_path, count(*), avg(CAST(text AS INTEGER)) FROM cells GROUP BY column_path ORDER BY 1"


def rows(number: int) -> list[tuple[object, ...]]:
    return [
        (
            *(number, 0, i // 10, i % 10, str((number * 7919 + i * 31) % 1000)),
            *(f"申请人情况 / 列{i % 10}", f"三、本年度办理结果 / 行{i // 10}", 0.998, "text"),
        )
        for i in range(CELLS)
    ]


def open_sqlite(path: Path) -> Any:
    db = sqlite3.connect(path, isolation_level=None)
    db.execute("PRAGMA journal_mode = WAL")
    db.execute("PRAGMA synchronous = NORMAL")
    return db


def open_duckdb(path: Path) -> Any:
    import duckdb

    return duckdb.connect(str(path), config={"threads": 1})


def into_sqlite(db: Any, number: int) -> None:
    db.executemany("INSERT INTO cells VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", rows(number))


def into_duckdb(db: Any, number: int) -> None:
    import pyarrow as pa

    batch = pa.table({f"c{i}": list(column) for i, column in enumerate(zip(*rows(number), strict=True))})
    db.register("batch", batch)
    db.execute("INSERT INTO cells SELECT * FROM batch")


def database(folder: Path) -> None:
    """One commit a document, opening again, looking up each file, one question over all cells."""
    ways: dict[str, tuple[Callable[[Path], Any], Callable[[Any, int], None]]] = {
        "sqlite": (open_sqlite, into_sqlite),
        "duckdb": (open_duckdb, into_duckdb),
    }
    for name, (opening, insert) in ways.items():
        path = folder / name
        db = opening(path)
        for table in TABLES:
            db.execute(table)
        began = time.perf_counter()
        for number in range(DOCUMENTS):
            db.execute("BEGIN")
            db.execute("INSERT INTO files VALUES (?, ?, ?, ?)", (f"in/{number}.pdf", f"{number:064x}", 1, 1))
            db.execute("INSERT INTO documents VALUES (?, ?, ?, ?)", (number, f"{number:064x}", "read", 2))
            insert(db, number)
            db.execute("COMMIT")
        wrote = (time.perf_counter() - began) / DOCUMENTS
        db.close()
        began = time.perf_counter()
        db = opening(path)
        db.execute("SELECT count(*) FROM documents").fetchone()
        opened = time.perf_counter() - began
        began = time.perf_counter()
        for number in range(DOCUMENTS):
            db.execute(LOOK, (f"in/{number}.pdf",)).fetchone()
        looked = DOCUMENTS / (time.perf_counter() - began)
        began = time.perf_counter()
        db.execute(COUNT).fetchall()
        counted = time.perf_counter() - began
        db.close()
        size = sum(one.stat().st_size for one in folder.glob(f"{name}*"))
        print(
            f"{name}: {1000 * wrote:.1f} ms a document, opened in {1000 * opened:.1f} ms, "
            f"{looked:.0f} look-ups a second, question {1000 * counted:.0f} ms, {size / 1e6:.1f} MB",
            flush=True,
        )


class Quiet:
    """Hears of a run and keeps the memory of this process at each tenth of it."""

    def __init__(self) -> None:
        self.memory: list[int] = []

    def looking(self, tally: Any) -> None: ...

    def begun(self, tally: Any) -> None: ...

    def working(self, name: str, note: str) -> None: ...

    def done(self, told: Any, tally: Any) -> None:
        if tally.done % max(tally.todo // 10, 1) == 0:
            gc.collect()
            self.memory.append(resident())


def resident() -> int:
    """Bytes this process holds; 0 where the system does not tell."""
    try:
        pages = int(Path("/proc/self/statm").read_bytes().split()[1])
    except OSError:
        return 0
    return pages * 4096


def plan(folder: Path, *paths: Path) -> Any:
    from biaoge.app.bulkrun import Plan
    from biaoge.app.processors import processors
    from biaoge.app.store.inputs import Inputs

    return Plan(Inputs(tuple(map(str, paths))), folder / "store", jobs=processors())


def second(folder: Path, count: int) -> None:
    """A first run over `count` small PDFs, then a second that has nothing to do."""
    from biaoge.app.bulkrun import run

    sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "tests" / "app"))
    from conftest import pdf_bytes

    (folder / "in").mkdir()
    for number in range(count):
        content = pdf_bytes([["Name", "2023"], ["apples", str(number)], ["pears", "30"]])
        (folder / "in" / f"{number}.pdf").write_bytes(content)
    hears = Quiet()
    began = time.perf_counter()
    first = run(plan(folder, folder / "in"), hears)
    spent = time.perf_counter() - began
    print(f"first run: {first.states}, {count / spent:.0f} files a second", flush=True)
    print("memory of the main process, MB: " + " ".join(f"{one / 1e6:.1f}" for one in hears.memory))
    began = time.perf_counter()
    again = run(plan(folder, folder / "in"), hears)
    spent = time.perf_counter() - began
    print(f"second run: {again.tally.same} of {count} as before, {count / spent:.0f} files a second")


def copies_of(files: list[Path], folder: Path, copies: int) -> list[Path]:
    """Each file so many times, its last bytes made others."""
    folder.mkdir()
    for copy in range(copies):
        for file in files:
            (folder / f"{copy}-{file.name}").write_bytes(file.read_bytes() + b"\n%% %d" % copy)
    return sorted(folder.iterdir())


def overhead(folder: Path, files: list[Path]) -> None:
    """Each file three times, its bytes made others, with a store and without, by turns, the best of three each."""
    from biaoge.app import bulk
    from biaoge.app.bulkrun import run

    files = copies_of(files, folder / "in", 3)

    def plain() -> None:
        asked = plan(folder, *files)
        tasks, _ = bulk.find_files(files)
        order = bulk.Order(folder / "out", limits=asked.limits, jobs=asked.jobs)
        with closing(bulk.extract(tasks, order)) as outcomes:
            assert all(outcome.error is None for outcome in outcomes)

    def stored() -> None:
        assert run(plan(folder, *files), Quiet()).stopped is None

    best = {"plain": float("inf"), "store": float("inf")}
    own, children = dict(best), dict(best)
    for _ in range(3):
        for name, work in (("plain", plain), ("store", stored)):
            shutil.rmtree(folder / "store", ignore_errors=True)
            began, used = time.perf_counter(), os.times()
            work()
            now = os.times()
            best[name] = min(best[name], time.perf_counter() - began)
            own[name] = min(own[name], sum(now[:2]) - sum(used[:2]))
            children[name] = min(children[name], sum(now[2:4]) - sum(used[2:4]))
    cost = best["store"] / best["plain"] - 1
    print(f"{len(files)} files: {best['plain']:.2f} s without, {best['store']:.2f} s with a store: {100 * cost:+.1f} %")
    # The children do the same in both, so that their processor time differs by what else the machine does.
    print(f"processor time of the children: {children['plain']:.2f} s without, {children['store']:.2f} s with a store")
    cost = (own["store"] - own["plain"]) / (own["plain"] + min(children.values()))
    print(
        f"processor time of the main process: {own['plain']:.2f} s without, {own['store']:.2f} s with a store: "
        f"{100 * cost:+.1f} % of all"
    )


def one_thread() -> None:
    """What a worker of `biaoge bulk` is told by its parent."""
    from biaoge.app.isolate import _ONE_THREAD

    os.environ.update(dict.fromkeys(_ONE_THREAD, "1"))


def read(path: str) -> int:
    import biaoge

    return len(biaoge.read(path).pages)


def bare(files: list[Path], jobs: int) -> int:
    """The pages that `jobs` processes read of `files`, each taking the next one, and nothing else done."""
    with multiprocessing.get_context("spawn").Pool(jobs) as pool:
        return sum(pool.imap_unordered(read, map(str, files), chunksize=1))


def workers(folder: Path, files: list[Path], rounds: int, copies: int) -> None:
    """One against two: `biaoge bulk`, and bare processes, which are what this machine can give at most. By turns.

    The largest files come first, so that no long one is left to a single worker at the end. Starting the processes
    counts, on both sides.
    """
    from biaoge.app.bulkrun import run

    one_thread()
    ordered = sorted(copies_of(files, folder / "in", copies), key=lambda one: (-one.stat().st_size, one.name))

    def bulk(jobs: int) -> None:
        shutil.rmtree(folder / "store", ignore_errors=True)
        ended = run(replace(plan(folder, *ordered), jobs=jobs), Quiet())
        assert ended.stopped is None
        assert ended.tally.read + ended.tally.doubtful == len(ordered), ended.states

    ways: dict[str, Callable[[], object]] = {f"bulk {jobs}": partial(bulk, jobs) for jobs in (1, 2)}
    ways |= {f"bare {jobs}": partial(bare, ordered, jobs) for jobs in (1, 2)}
    best = dict.fromkeys(ways, float("inf"))
    for _ in range(rounds):
        for name, work in ways.items():
            began = time.perf_counter()
            work()
            best[name] = min(best[name], time.perf_counter() - began)
    print(f"{len(ordered)} files, best of {rounds}: " + ", ".join(f"{name} {best[name]:.2f} s" for name in ways))
    for name in ("bulk", "bare"):
        print(f"{name}: two are {best[f'{name} 1'] / best[f'{name} 2']:.2f} times as fast as one")
    print(f"bulk of what bare processes reach with two: {100 * best['bare 2'] / best['bulk 2']:.0f} %", flush=True)


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    kinds = parser.add_subparsers(dest="what", required=True)
    kinds.add_parser("database")
    kinds.add_parser("second").add_argument("count", nargs="?", type=int, default=2000)
    kinds.add_parser("overhead").add_argument("files", nargs="+", type=Path)
    two = kinds.add_parser("workers")
    two.add_argument("--rounds", type=int, default=3, help="each is run so often, the best counts")
    two.add_argument("--copies", type=int, default=3, help="each file is read so often, its last bytes made others")
    two.add_argument("files", nargs="+", type=Path)
    return parser.parse_args()


if __name__ == "__main__":
    asked = arguments()
    work_in = Path(tempfile.mkdtemp(prefix="biaoge-bench-"))
    try:
        if asked.what == "database":
            database(work_in)
        elif asked.what == "second":
            second(work_in, asked.count)
        elif asked.what == "overhead":
            overhead(work_in, asked.files)
        else:
            workers(work_in, asked.files, asked.rounds, asked.copies)
    finally:
        shutil.rmtree(work_in)
