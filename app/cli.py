"""The command line. What it says and when it ends with which code is described in docs/cli.md and docs/errors.md."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Annotated

import typer

from biaoge import __version__
from biaoge.app.bulkcmd import add_to as add_bulk
from biaoge.app.evalcmd import app as eval_app
from biaoge.app.exportcmd import HELP as EXPORT_HELP
from biaoge.app.exportcmd import export
from biaoge.app.fieldscmd import HELP as FIELDS_HELP
from biaoge.app.fieldscmd import fields, form_of
from biaoge.app.formcmd import app as form_app
from biaoge.app.options import (
    FormName,
    Jobs,
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
from biaoge.app.processors import processors
from biaoge.app.settings import PageChoice, Settings
from biaoge.app.stopping import INTERRUPTED, stop_on_sigterm
from biaoge.errors import BiaogeError, UsageError

app = typer.Typer(
    name="biaoge",
    help="biaoge (表格): the tables of PDFs and scans as they were printed, with merged cells, whole over page breaks.",
    epilog="Start with: biaoge extract report.pdf",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode="markdown",
    context_settings={"help_option_names": ["-h", "--help"]},
)

app.add_typer(eval_app, name="eval")
app.add_typer(form_app, name="form")
add_bulk(app)
app.command(help=EXPORT_HELP, no_args_is_help=True)(export)
app.command(help=FIELDS_HELP, no_args_is_help=True)(fields)

EXTRACT_HELP = """
Read every table of the given PDFs and pictures (PNG, JPEG, TIFF); folders are searched for them.

Writes `DIR/NAME.json` for each file (other formats with `--to`). One broken file never stops the others.

Examples:

- `biaoge extract report.pdf` writes `biaoge-out/report.json`

- `biaoge extract reports/ --out tables --to json,html,csv --jobs 4` reads a whole folder

- `biaoge extract report.pdf --pages 2-4 --debug` writes a page that shows what was found on pages 2 to 4

- `biaoge extract scan.tif --ocr always` recognises the pages of a scan

- `biaoge extract secret.pdf --password-file key.txt` opens an encrypted file

Exit codes: 0 all files read; 2 wrong call; 3 not a readable PDF; 4 password needed; 5 over a limit;
1 different failures, or a fault of biaoge; 130 interrupted.
"""


def _version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"biaoge {__version__}")
        raise typer.Exit


@app.callback()
def main(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Show the version and end.")
    ] = False,
) -> None:
    """The options before the command."""


@app.command(help=EXTRACT_HELP, no_args_is_help=True)
def extract(
    paths: Annotated[list[Path], typer.Argument(metavar="PATH", help="PDFs, pictures, or folders of them.")],
    out: Annotated[
        Path, typer.Option("--out", "-o", metavar="DIR", help="Folder to write to; made if missing.")
    ] = Path("biaoge-out"),
    to: Annotated[
        str, typer.Option("--to", "-t", metavar="FORMATS", help="What to write: json, html, csv, md, parted by commas.")
    ] = "json",
    pages: Annotated[
        str | None, typer.Option(metavar="PAGES", help="Only these pages, such as 1-3,5 or 8-. [default: all]")
    ] = None,
    password: Annotated[
        str | None, typer.Option(metavar="TEXT", help="For encrypted files; visible to other users, see the next.")
    ] = None,
    password_file: Annotated[
        Path | None, typer.Option(metavar="FILE", help="The same, from the first line of a file.")
    ] = None,
    jobs: Jobs = 0,
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
    debug: Annotated[
        bool, typer.Option("--debug", help="Also write NAME.debug.html: the pages with what was found drawn on them.")
    ] = False,
    form: FormName = "auto",
    repair: Repairing = True,
    report: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Write what became of each file, one JSON line each; - for stdout."),
    ] = None,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="Say nothing but errors.")] = False,
) -> None:
    """Read files, tell what became of each, and end with the exit code that sums them up."""
    from biaoge.app import bulk, isolate
    from biaoge.app.show import Show

    order = bulk.Order(
        out=out,
        formats=_formats(to),
        debug=debug,
        settings=Settings(
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
        pages=PageChoice.parse(pages) if pages is not None else PageChoice(),
        password=_password(password, password_file),
        limits=isolate.Limits(timeout, max_memory),
        jobs=jobs or min(4, processors()),
    )
    stop_on_sigterm()
    tasks, lost = bulk.find_files(paths)
    with Show(out, len(tasks) + len(lost), quiet, report) as show:
        try:
            for outcome in lost:
                show.done(outcome)
            outcomes = bulk.extract(tasks, order, show.working)
            try:
                for outcome in outcomes:
                    show.done(outcome)
            finally:
                outcomes.close()
        except KeyboardInterrupt:
            show.interrupted()
            raise typer.Exit(INTERRUPTED) from None
        show.summary()
    raise typer.Exit(bulk.exit_code(show.outcomes))


@app.command()
def doctor() -> None:
    """Check the installation: versions, clashing OpenCV packages, optional parts. Ends with 1 if one is broken."""
    from biaoge.app.doctor import report

    raise typer.Exit(report())


def _formats(text: str) -> tuple[str, ...]:
    from biaoge.app.export import FORMATS

    wanted = [word.strip().lower() for word in text.split(",") if word.strip()]
    for word in wanted:
        if word not in FORMATS:
            import difflib

            near = difflib.get_close_matches({"markdown": "md", "htm": "html"}.get(word, word), FORMATS, 1, 0.5)
            hint = f"; did you mean {near[0]}?" if near else ""
            raise UsageError(f"--to: there is no format {word!r}{hint} (there are {', '.join(FORMATS)})")
    if not wanted:
        raise UsageError(f"--to names no format; there are {', '.join(FORMATS)}")
    return tuple(form for form in FORMATS if form in wanted)


def _password(password: str | None, file: Path | None) -> str | None:
    if file is None:
        return password
    if password is not None:
        raise UsageError("give --password or --password-file, not both")
    return first_line(file)


def run() -> None:
    """Run the command line and end the process with its exit code."""
    try:
        app()
    except BiaogeError as error:
        print(f"biaoge: error: {error}", file=sys.stderr)
        sys.exit(error.exit_code)
    except KeyboardInterrupt:
        sys.exit(INTERRUPTED)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(1)
    except OSError as error:
        if error.filename is None:
            raise
        where = str(error.filename2 or error.filename)
        print(f"biaoge: error: {where}: {error.strerror}; check the path and its permissions", file=sys.stderr)
        sys.exit(UsageError.exit_code)
