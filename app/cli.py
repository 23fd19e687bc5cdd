"""The command line. What it says and when it ends with which code is described in docs/cli.md and docs/errors.md."""

from __future__ import annotations

import os
import signal
import sys
from pathlib import Path
from types import FrameType
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
from biaoge.app.processors import processors
from biaoge.app.settings import OcrChoice, PageChoice, ReaderName, Settings
from biaoge.errors import BiaogeError, UsageError

INTERRUPTED = 130

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
    jobs: Annotated[
        int, typer.Option("--jobs", "-j", min=0, metavar="N", help="Files read at once; 0: one a processor, at most 4.")
    ] = 0,
    timeout: Annotated[
        float,
        typer.Option(min=0.1, metavar="SECONDS", help="Time limit for each file; a scanned page starts it anew."),
    ] = 60.0,
    max_memory: Annotated[int, typer.Option(min=200, metavar="MB", help="Memory limit for each file.")] = 1000,
    reader: Annotated[
        ReaderName, typer.Option(help="What opens the PDF: pdfium is fast, pdfplumber slower and independent of it.")
    ] = "pdfium",
    join: Annotated[
        bool, typer.Option("--join/--no-join", help="Make one table of those that page breaks cut.")
    ] = True,
    spaced: Annotated[bool, typer.Option("--spaced/--no-spaced", help="Also find tables without ruled lines.")] = True,
    ocr: Annotated[
        OcrChoice,
        typer.Option(help="Recognise scanned pages: where the page does not tell its words, on all pages, or on none."),
    ] = "auto",
    ocr_engine: Annotated[
        str, typer.Option(metavar="NAME", help="What recognises: rapidocr, paddleocr, tesseract; see docs/ocr.md.")
    ] = "rapidocr",
    model_dir: Annotated[
        Path | None, typer.Option(metavar="DIR", help="Models for the engine, in place of those it brings.")
    ] = None,
    max_megapixels: Annotated[
        float, typer.Option(min=0.1, metavar="N", help="Refuse pictures of more million pixels.")
    ] = 150.0,
    max_file_size: Annotated[
        float, typer.Option(min=0.1, metavar="MB", help="Refuse files of more megabytes.")
    ] = 500.0,
    max_pages: Annotated[int, typer.Option(min=1, metavar="N", help="Refuse to read more pages of a file.")] = 5000,
    max_objects: Annotated[
        int, typer.Option(min=1, metavar="N", help="Look at so many lines, texts and pictures of a page.")
    ] = 200_000,
    debug: Annotated[
        bool, typer.Option("--debug", help="Also write NAME.debug.html: the pages with what was found drawn on them.")
    ] = False,
    form: Annotated[
        str,
        typer.Option(metavar="FORM", help="auto, none, the name of a form (`biaoge form list`), or a TOML file."),
    ] = "auto",
    repair: Annotated[
        bool, typer.Option("--repair/--no-repair", help="Mend misread cells of scans where the sums leave one reading.")
    ] = True,
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
    signal.signal(signal.SIGTERM, _interrupt)
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
    try:
        lines = file.read_text(encoding="utf-8-sig").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f"--password-file {file}: {getattr(error, 'strerror', None) or 'not UTF-8 text'}") from error
    return lines[0] if lines else ""


def _interrupt(_signal: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt


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
