"""The command `biaoge export`."""

from __future__ import annotations

import signal
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from biaoge.app.stopping import INTERRUPTED

if TYPE_CHECKING:
    from biaoge.app.exports.rows import Exported

FormatName = Literal["parquet", "csv", "xlsx", "jsonl", "duckdb", "html", "docling"]
_TOLD_EVERY = 1.0  # second

HELP = """
Write what was read for other programs: databases, data frames, spreadsheets, browsers, language models.

SOURCE is a store that `biaoge bulk` made, JSON that `biaoge extract` wrote, or a folder of it.

- `parquet`, `csv`, `duckdb`: tidy rows of documents, pages, tables, cells, fields, sums and findings

- `xlsx`: workbooks with merged cells, a sheet a table; `html`: pages with an index

- `jsonl`: the whole JSON, a document a line; `docling`: DoclingDocument JSON

Examples:

- `biaoge export store --to parquet --out rows` writes `rows/cells/…`, for pandas, polars, DuckDB, Spark

- `biaoge export biaoge-out --to xlsx --out books` writes a workbook for each document

- `biaoge export report.json --to xlsx --out report.xlsx` writes one workbook

- `biaoge export store --to csv --raw --out load` writes CSV with the SQL that loads it into PostgreSQL

Exit codes: 0 all written; 2 wrong call; 3 files that are no JSON of biaoge were left out; 130 interrupted.
"""


def export(
    sources: Annotated[list[Path], typer.Argument(metavar="SOURCE", help="A store, JSON files, or folders of them.")],
    to: Annotated[FormatName, typer.Option("--to", "-t", help="What to write.")],
    out: Annotated[
        Path | None, typer.Option("--out", "-o", metavar="PATH", help="Folder or file. [default: biaoge-FORMAT]")
    ] = None,
    guard: Annotated[
        bool,
        typer.Option("--guard/--raw", help="CSV: keep spreadsheets from running texts as formulas, or change nothing."),
    ] = True,
    replace: Annotated[bool, typer.Option("--replace", help="Write over an export that is there.")] = False,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="Say nothing but errors.")] = False,
) -> None:
    """Write the documents of all sources in one format."""
    from biaoge.app.exports.run import Plan, check
    from biaoge.app.exports.run import export as write
    from biaoge.app.exports.sources import documents_of
    from biaoge.errors import InputError

    plan = Plan(to, out, guard, replace)
    check(plan)
    told = _Told(quiet)
    try:
        with _Stopping() as stopping:
            found = documents_of(sources, told.fault, told.twice)
            write(stopping.between(told.counted(found)), plan)
    except KeyboardInterrupt:
        typer.echo("biaoge: interrupted; nothing was written", err=True)
        raise typer.Exit(INTERRUPTED) from None
    told.end(plan.target)
    if told.faults:
        raise typer.Exit(InputError.exit_code)


class _Stopping:
    """Ctrl-C and SIGTERM held up until a document is done, as libraries make other errors of them; the second is not.

    A context; outside the main thread, where signals cannot be caught, it does nothing.
    """

    def __init__(self) -> None:
        self._asked = False
        self._before: list[tuple[int, Any]] = []

    def __enter__(self) -> _Stopping:
        if threading.current_thread() is threading.main_thread():
            self._before = [(one, signal.signal(one, self._ask)) for one in (signal.SIGINT, signal.SIGTERM)]
        return self

    def __exit__(self, *_: object) -> None:
        for one, handler in self._before:
            signal.signal(one, handler)

    def _ask(self, _signal: int, _frame: object) -> None:
        if self._asked:
            raise KeyboardInterrupt
        self._asked = True

    def between(self, source: Iterator[Exported]) -> Iterator[Exported]:
        """The same documents; KeyboardInterrupt before the next one, and after the last, once it was asked to stop."""
        for one in source:
            if self._asked:
                raise KeyboardInterrupt
            yield one
        if self._asked:
            raise KeyboardInterrupt


class _Told:
    """What the user sees on stderr: a count that moves on a terminal, files left out, and the end."""

    def __init__(self, quiet: bool) -> None:
        self._quiet, self._moving = quiet, sys.stderr.isatty() and not quiet
        self._count, self.faults, self._twice = 0, 0, 0
        self._started = self._last = time.monotonic()

    def counted(self, source: Iterator[Exported]) -> Iterator[Exported]:
        """The same documents, counted as they pass."""
        for one in source:
            self._count += 1
            if self._moving and time.monotonic() - self._last > _TOLD_EVERY:
                self._last = time.monotonic()
                typer.echo(f"\r{self._count} documents", err=True, nl=False)
            yield one

    def fault(self, path: Path, why: str) -> None:
        """A file that cannot be exported."""
        self.faults += 1
        self._line(f"biaoge: left out: {_plain(path)}: {_plain(why)}")

    def twice(self, path: Path, name: str) -> None:
        """A document that came before."""
        self._twice += 1
        if not self._quiet:
            self._line(f"biaoge: left out: {_plain(path)}: the file {_plain(name)} was exported already, see above")

    def end(self, target: Path) -> None:
        """All is written."""
        if not self._quiet:
            left = f", {self.faults + self._twice} left out" if self.faults + self._twice else ""
            seconds = time.monotonic() - self._started
            self._line(f"{self._count} documents → {_plain(target)}{left} ({seconds:.1f} s)")

    def _line(self, text: str) -> None:
        typer.echo(("\r" if self._moving else "") + text, err=True)


def _plain(text: object) -> str:
    from biaoge.app.bulk import printable

    return printable(Path(" ".join(str(text).split()))) if str(text) else ""
