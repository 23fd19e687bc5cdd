"""The command `biaoge fields`."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from biaoge.app.fieldsout import LONG, WIDE, FieldFormat, Row
from biaoge.app.options import FormName, Jobs, MaxMemory, Ocr, Repairing, Timeout
from biaoge.app.settings import Settings
from biaoge.app.stopping import INTERRUPTED, stop_on_sigterm
from biaoge.errors import UsageError

if TYPE_CHECKING:
    from biaoge.app.fields import Read


HELP = """
Read files as forms: named fields, sums that must hold, what contradicts them.

Files are PDFs, pictures, flattened text (.txt), folders of PDFs and pictures, or JSON that `biaoge extract` wrote.
Prints one JSON line for each document; progress and failures go to the other stream.

Examples:

- `biaoge fields report.pdf` prints the fields of a report

- `biaoge fields reports/ --to csv --out fields.csv` writes a line for each field of each report

- `biaoge fields reports/ --to parquet --wide --out fields.parquet` writes a line for each report

- `biaoge fields out/*.json --form my-form.toml` uses your own form on what was read before

Exit codes: as those of `biaoge extract`; 8 a form that breaks its own rules.
"""


def fields(
    paths: Annotated[list[Path], typer.Argument(metavar="PATH", help="Files, or folders of PDFs and pictures.")],
    form: FormName = "auto",
    to: Annotated[FieldFormat, typer.Option("--to", "-t", help="What to write.")] = "jsonl",
    wide: Annotated[
        bool, typer.Option("--wide/--long", help="CSV and Parquet: a line for each document, or for each field.")
    ] = False,
    out: Annotated[
        Path | None, typer.Option("--out", "-o", metavar="FILE", help="Write here. [default: standard output]")
    ] = None,
    repair: Repairing = True,
    ocr: Ocr = "auto",
    jobs: Jobs = 0,
    timeout: Timeout = 60.0,
    max_memory: MaxMemory = 1000,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="Say nothing but errors.")] = False,
) -> None:
    """Print the fields of every file in the order of the files."""
    from biaoge.app import bulk, fields, isolate
    from biaoge.app.processors import processors
    from biaoge.app.show import Show

    if to == "parquet" and out is None:
        raise UsageError("Parquet needs a file to go to; add --out fields.parquet")
    settings = Settings(ocr=ocr, form=form_of(form), repair=repair)
    order = bulk.Order(
        Path(), settings=settings, limits=isolate.Limits(timeout, max_memory), jobs=jobs or min(4, processors())
    )
    stop_on_sigterm()
    total, found = fields.read_all(paths, order)
    sink = _Sink(to, wide, out)
    with Show(out or Path("-"), total, quiet) as show:
        try:
            try:
                for read in found:
                    show.done(read.outcome)
                    sink.take(read)
            finally:
                found.close()
        except KeyboardInterrupt:
            sink.finish()
            show.interrupted()
            raise typer.Exit(INTERRUPTED) from None
        sink.finish()
    raise typer.Exit(bulk.exit_code(show.outcomes))


def form_of(text: str) -> str:
    """The form as the settings keep it: the path of a file made absolute; FormError, UsageError where there is none."""
    if text in ("auto", "none"):
        return text
    from biaoge.forms.library import find

    find(text)
    path = Path(text)
    return str(path.resolve()) if path.is_file() else text


class _Sink:
    """Where records go: printed as they come, or kept and written whole at the end."""

    def __init__(self, to: FieldFormat, wide: bool, out: Path | None) -> None:
        self._to, self._wide, self._out = to, wide, out
        self._lines: list[str] = []
        self._rows: list[Row] = []
        self._begun = False

    def take(self, read: Read) -> None:
        """Print or keep what one document says."""
        from biaoge.app import fieldsout

        if read.document is None:
            return
        name = read.outcome.path
        if self._to == "jsonl":
            self._lines.append(fieldsout.json_line(read.document, name))
        elif self._wide:
            self._rows.append(fieldsout.wide_row(read.document, name))
        else:
            self._rows += fieldsout.long_rows(read.document, name)
        if self._out is None and not (self._wide and self._to == "csv"):
            self._print()

    def _print(self) -> None:
        from biaoge.app import fieldsout

        if self._to == "csv":
            self._lines.append(fieldsout.to_csv(self._rows, self._columns(), not self._begun))
            self._rows, self._begun = [], True
        sys.stdout.write("".join(self._lines))
        sys.stdout.flush()
        self._lines = []

    def _columns(self) -> list[str]:
        from biaoge.app import fieldsout

        return fieldsout.columns_of(self._rows, WIDE) if self._wide else list(LONG)

    def finish(self) -> None:
        """Write what was kept, whole or not at all."""
        import tempfile

        from biaoge.app import fieldsout
        from biaoge.files import write_whole

        if self._out is None:
            if self._rows or (self._to == "csv" and not self._begun):
                self._print()
            return
        if self._to == "parquet":
            with tempfile.TemporaryDirectory() as folder:
                made = Path(folder, "fields.parquet")
                fieldsout.write_parquet(self._rows, self._columns(), made)
                write_whole(self._out, made.read_bytes())
            return
        text = "".join(self._lines) if self._to == "jsonl" else fieldsout.to_csv(self._rows, self._columns())
        write_whole(self._out, text)
