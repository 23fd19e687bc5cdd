"""The commands `biaoge bulk`, `biaoge status` and `biaoge query`."""

from __future__ import annotations

import sys
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Literal, TextIO

import typer

from biaoge.app.fieldscmd import form_of
from biaoge.app.options import (
    FormName,
    Join,
    MaxFileSize,
    MaxMegapixels,
    MaxMemory,
    MaxObjects,
    MaxPages,
    ModelDir,
    Ocr,
    OcrEngine,
    Reader,
    Repairing,
    Spaced,
    Timeout,
    first_line,
)
from biaoge.app.settings import Settings
from biaoge.app.stopping import INTERRUPTED, stop_on_sigterm
from biaoge.app.store.seen import Again
from biaoge.errors import UsageError

FailOn = Literal["never", "partial", "failure"]
Engine = Literal["local", "ray"]
QueryFormat = Literal["table", "csv", "jsonl"]

BULK_HELP = """
Read thousands of files into a store: a folder with a database and the JSON of every document.

PATH is a folder (searched for PDFs, PNG, JPEG and TIFF, whatever they are named), a file, a pattern in quotation
marks, or @FILE for a list of such. Each content is read once, however many files hold it. The same command again goes
on where the last one stopped, however it ended, and reads only what is new or was changed.

Examples:

- `biaoge bulk downloads/ --out store` reads a folder, one process for each processor

- `biaoge bulk "downloads/**/*.pdf" @more.txt --out store --quiet --log run.jsonl` is for cron

- `biaoge bulk downloads/ --out store --retry failed --timeout 300` gives what failed another chance

- `biaoge status store` counts; `biaoge query store "SELECT * FROM cells LIMIT 9"` asks

Exit codes: 0 done; 1 stopped, such as by a full disk; 2 wrong call, or another run is at work; 9 files failed; 10 with
--fail-on partial: files refused, doubtful or waiting; 130 interrupted.
"""

STATUS_HELP = """
Count what a store holds; also while a run is at work.

Example: `biaoge status store --json` prints `{"states": {"read": 9812, "doubtful": 120, ...}, ...}`
"""

QUERY_HELP = """
Ask a store in SQL (SQLite); it may only read. docs/store.md tells the tables.

Examples:

- `biaoge query store --tables` lists tables and columns

- `biaoge query store "SELECT path, reason FROM file_states WHERE state = 'failed'"`

- `biaoge query store "SELECT * FROM fields" --to csv > fields.csv`
"""


def bulk(
    paths: Annotated[
        list[str] | None, typer.Argument(metavar="PATH...", help='Folders, files, "patterns", @lists.')
    ] = None,
    out: Annotated[
        str, typer.Option("--out", "-o", metavar="STORE", help="The store's folder; made if missing.")
    ] = "biaoge-store",
    listing: Annotated[
        list[Path] | None, typer.Option("--list", metavar="FILE", help="A list of paths, as @FILE; may be repeated.")
    ] = None,
    only: Annotated[
        list[str] | None, typer.Option(metavar="GLOB", help="Only files whose path or name fits; may be repeated.")
    ] = None,
    since: Annotated[
        str | None,
        typer.Option(metavar="DATE", help="Only files changed since, such as 2024-05-31 or 2024-05-31T18:00."),
    ] = None,
    limit: Annotated[int | None, typer.Option(min=0, metavar="N", help="Read at most so many, then end.")] = None,
    retry: Annotated[list[Again] | None, typer.Option(help="Read anew what is in this state; may be repeated.")] = None,
    rehash: Annotated[
        bool, typer.Option("--rehash", help="Look into every file, also where size and time are as before.")
    ] = False,
    jobs: Annotated[
        int, typer.Option("--jobs", "-j", min=0, metavar="N", help="Files read at once; 0: one a processor.")
    ] = 0,
    timeout: Timeout = 60.0,
    max_memory: MaxMemory = 1000,
    reader: Reader = "pdfium",
    join: Join = True,
    spaced: Spaced = True,
    ocr: Ocr = "auto",
    ocr_engine: OcrEngine = "rapidocr",
    model_dir: ModelDir = None,
    max_megapixels: MaxMegapixels = 150.0,
    max_file_size: MaxFileSize = 500.0,
    max_pages: MaxPages = 5000,
    max_objects: MaxObjects = 200_000,
    form: FormName = "auto",
    repair: Repairing = True,
    password_file: Annotated[
        Path | None, typer.Option(metavar="FILE", help="The password of encrypted files, on the first line.")
    ] = None,
    engine: Annotated[
        Engine, typer.Option(help="Processes of this machine into a store, or Ray into Parquet; see docs/scale.md.")
    ] = "local",
    address: Annotated[
        str | None, typer.Option(metavar="ADDRESS", help="The Ray cluster; left out, Ray runs on this machine.")
    ] = None,
    fail_on: Annotated[
        FailOn, typer.Option(help="What makes the exit code other than 0: nothing, failed files, or any doubt.")
    ] = "failure",
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="Say nothing but failures and errors.")] = False,
    log: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Add JSON lines here; - for stdout. [default: STORE/log.jsonl]")
    ] = None,
) -> None:
    """Read files into a store, and end with the exit code that sums them up."""
    from biaoge.app import bulkrun, isolate
    from biaoge.app.bulkshow import BulkShow
    from biaoge.app.processors import processors
    from biaoge.app.store.inputs import Inputs
    from biaoge.app.store.open import LOG

    given = (*(paths or ()), *(f"@{file}" for file in listing or ()))
    if not given:
        raise UsageError("nothing to read; name folders, files, patterns or lists")
    if address and engine != "ray":
        raise UsageError("--address is for --engine ray")
    plan = bulkrun.Plan(
        Inputs(given, tuple(only or ()), None if since is None else _seconds(since)),
        Path(out),
        Settings(
            reader=reader,
            join_pages=join,
            spaced=spaced,
            ocr=ocr,
            engine=ocr_engine,
            model_dir=str(model_dir.resolve()) if model_dir else None,
            max_megapixels=max_megapixels,
            max_file_size=max_file_size,
            max_pages=max_pages,
            max_objects=max_objects,
            form=form_of(form),
            repair=repair,
        ),
        None if password_file is None else first_line(password_file),
        isolate.Limits(timeout, max_memory),
        jobs if engine == "ray" else jobs or processors(),
        frozenset(retry or ()),
        rehash,
        limit,
    )
    stop_on_sigterm()
    with BulkShow(log or (Path(LOG) if "://" in out else plan.out / LOG), quiet) as show:
        try:
            if engine == "ray":
                from biaoge.app import cluster

                ended = cluster.run(plan, out, address, show)
            else:
                ended = bulkrun.run(plan, show)
        except KeyboardInterrupt:
            show.interrupted()
            raise typer.Exit(INTERRUPTED) from None
        show.ended(ended)
    raise typer.Exit(bulkrun.exit_code(ended, fail_on))


def status(
    store: Annotated[Path, typer.Argument(metavar="STORE", help="The folder that `biaoge bulk` wrote.")],
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Print the counts of a store."""
    import json

    from biaoge.app.store.open import open_to_read
    from biaoge.app.store.status import status

    opened = open_to_read(store)
    with closing(opened.db):
        told = status(opened)
    if as_json:
        print(json.dumps(told, ensure_ascii=False, indent=2))
        return
    for state, count in (*told["states"].items(), ("waiting", told["waiting"])):
        print(f"{state:>9} {count:>9} files")
    print(
        f"{told['documents']} contents, {told['pages']} pages ({told['ocr_pages']} by OCR), {told['tables']} tables, "
        f"{told['cells']} cells, {told['warnings']} warnings"
    )
    for reason in told["reasons"]:
        print(f"{reason['state']}: {reason['documents']} × {reason['reason']}")
    last = told["last_run"]
    if last:
        how = f"stopped: {last['reason'] or 'still at work, or killed'}" if last["interrupted"] else "came to its end"
        print(f"last run, {last['started']}: {how}")


def query(
    store: Annotated[Path, typer.Argument(metavar="STORE", help="The folder that `biaoge bulk` wrote.")],
    sql: Annotated[str | None, typer.Argument(metavar="SQL", help="One statement that reads.")] = None,
    to: Annotated[QueryFormat, typer.Option("--to", "-t", help="How to print the rows.")] = "table",
    tables: Annotated[bool, typer.Option("--tables", help="List tables and columns instead.")] = False,
) -> None:
    """Print the answer to a question in SQL."""
    from biaoge.app.store import query
    from biaoge.app.store.open import open_to_read
    from biaoge.app.store.printed import write

    if (sql is None) != tables:
        raise UsageError('give a question, such as "SELECT count(*) FROM cells", or --tables, and not both')
    opened = open_to_read(store)
    with closing(opened.db):
        answer = query.tables(opened) if sql is None else query.ask(opened, sql)
        write(answer, to, _utf8(sys.stdout))


def _seconds(text: str) -> float:
    """Seconds since 1970 of an ISO date in local time; UsageError for anything else."""
    try:
        return datetime.fromisoformat(text).astimezone(UTC).timestamp()
    except (ValueError, OverflowError) as error:
        raise UsageError(f"--since {text}: not a date; write it like 2024-05-31 or 2024-05-31T18:00") from error


def _utf8(stream: TextIO) -> TextIO:
    """The stream, able to print whatever documents hold."""
    if hasattr(stream, "reconfigure"):
        stream.reconfigure(encoding="utf-8", errors="replace")
    return stream


def add_to(app: typer.Typer) -> None:
    """Give `app` the three commands."""
    app.command("bulk", help=BULK_HELP, no_args_is_help=True)(bulk)
    app.command("status", help=STATUS_HELP, no_args_is_help=True)(status)
    app.command("query", help=QUERY_HELP, no_args_is_help=True)(query)
