"""`biaoge eval`: reads labelled documents and says what is right."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from biaoge.errors import UsageError

if TYPE_CHECKING:
    from biaoge.model import Table

app = typer.Typer(no_args_is_help=True, help="Measure against labelled documents.")


@app.callback()
def _group() -> None:
    """Keeps `run` a command of its own while it is the only one."""


@app.command()
def run(
    sets: Annotated[list[str], typer.Argument(metavar="SET…", help="Names of sets; `all` for every one.")],
    show_wrong: Annotated[
        bool, typer.Option(help="Print the inexact tables with the first cells that differ.")
    ] = False,
    json: Annotated[Path | None, typer.Option(metavar="FILE", help="Write every table's counts to this file.")] = None,
    data: Annotated[
        Path | None, typer.Option(metavar="DIR", help="The folder that holds the sets; $BIAOGE_DATA when left out.")
    ] = None,
) -> None:
    """Read every document of the sets once and count exact cells and tables, at each text level."""
    from biaoge.eval.run import report, to_json
    from biaoge.eval.run import run as measure
    from biaoge.eval.sets import NAMES, load
    from biaoge.files import write_whole

    scores = []
    for name in NAMES if sets == ["all"] else sets:
        try:
            truth = load(name, data)
        except UsageError as error:
            if sets != ["all"]:
                raise
            typer.echo(f"{name}: not measured: {error}", err=True)
            continue
        result = measure(truth, "biaoge", _read, lambda d: typer.echo(d, err=True))
        typer.echo(report(result, show_wrong))
        scores.append(result)
    if json is not None:
        write_whole(json, to_json(scores))


def _read(path: Path, joined: bool) -> Sequence[Table]:
    from biaoge.app.pipeline import read
    from biaoge.app.settings import Settings

    return read(path, Settings(join_pages=joined)).tables
