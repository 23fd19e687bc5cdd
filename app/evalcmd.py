"""`biaoge eval`: engines over labelled documents, the numbers, the report, the gate."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from biaoge.app.settings import EVAL_FOLDER, EVAL_MEMORY, EVAL_SECONDS
from biaoge.app.stopping import stop_on_sigterm
from biaoge.errors import GateFailed, LabelError, UsageError

app = typer.Typer(
    no_args_is_help=True,
    help="Measure engines against labelled documents: run, then report; gate what was right before.",
    epilog="Start with: biaoge eval run samples, then: biaoge eval report",
    rich_markup_mode="markdown",
)


@app.callback()
def _measure() -> None:
    """What holds for every command: being told to stop is an interrupt."""
    stop_on_sigterm()


RUN_HELP = """
Read every document of the sets with the engines and count what is right.

`all` stands for every set that is there, `SET@STRENGTH` for a set as scans (`samples@medium`; `biaoge eval sets` names
both), a path to a TOML file for a set of your own. What an engine read is kept in DIR, so a second run only reads
what changed, and an interrupted one goes on where it stopped.

Examples:

- `biaoge eval run samples` measures biaoge on the samples

- `biaoge eval run samples icdar2013 --engine biaoge --engine pdfplumber --engine camelot-lattice` compares

- `biaoge eval run samples@clean200 --engine img2table --python img2table=/opt/img2table/bin/python` runs an engine in
an environment of its own

- `biaoge eval run samples --engine folder:my-output` scores tables that were extracted elsewhere
"""

Out = Annotated[Path, typer.Option("--out", "-o", metavar="DIR", help="Where predictions and results are kept.")]
Data = Annotated[
    Path | None, typer.Option(metavar="DIR", help="The folder that holds the sets; $BIAOGE_DATA when left out.")
]


@app.command(help=RUN_HELP)
def run(
    sets: Annotated[list[str], typer.Argument(metavar="SET…", help="Names of sets; `all` for every one.")],
    engine: Annotated[
        list[str] | None,
        typer.Option("--engine", "-e", metavar="NAME", help="May be repeated; `all`: all that run here."),
    ] = None,
    out: Out = EVAL_FOLDER,
    show_wrong: Annotated[
        bool, typer.Option("--show-wrong", help="Print the inexact tables with the first cells that differ.")
    ] = False,
    json: Annotated[Path | None, typer.Option(metavar="FILE", help="Write the scores to this file, too.")] = None,
    data: Data = None,
    jobs: Annotated[
        int, typer.Option("--jobs", "-j", min=1, help="Documents at once; seconds are comparable with 1 only.")
    ] = 1,
    timeout: Annotated[float, typer.Option(min=1, help="Seconds for one document.")] = EVAL_SECONDS,
    max_memory: Annotated[int, typer.Option(min=100, metavar="MB", help="Memory for one document.")] = EVAL_MEMORY,
    python: Annotated[
        list[str] | None,
        typer.Option(metavar="ENGINE=PATH", help="The interpreter that has the engine, if not this one."),
    ] = None,
    again: Annotated[bool, typer.Option("--again", help="Read anew what is kept from before.")] = False,
    retry_failed: Annotated[
        bool, typer.Option("--retry-failed", help="Read anew what could not be read before.")
    ] = False,
) -> None:
    """See RUN_HELP."""
    from biaoge.app import evaltools
    from biaoge.app.isolate import Limits
    from biaoge.app.measure import MeasureOrder
    from biaoge.app.predict import Again

    read_anew: Again = "all" if again else "failed" if retry_failed else "none"
    order = MeasureOrder(out, Limits(timeout, max_memory), read_anew, jobs, evaltools.pythons(python or []), data)
    evaltools.run(sets, engine or ["biaoge"], order, show_wrong, json)


@app.command()
def report(
    out: Out = EVAL_FOLDER,
    html: Annotated[
        Path | None, typer.Option(metavar="DIR", help="Where report.html goes; DIR/report of --out when left out.")
    ] = None,
    json: Annotated[Path | None, typer.Option(metavar="FILE", help="Write the summary to this file, too.")] = None,
    markdown: Annotated[Path | None, typer.Option(metavar="FILE", help="Write the leaderboards as Markdown.")] = None,
    pages: Annotated[bool, typer.Option(help="With a page for every document, its pages drawn.")] = True,
    only_text: Annotated[bool, typer.Option("--text", help="Print the table only, write no HTML.")] = False,
    data: Data = None,
) -> None:
    """Sum up what `biaoge eval run` measured: a table here, and a report in HTML.

    Leaderboards with 95 % intervals, paired tests between engines, slices by tag, what went wrong and what mending it
    would gain, plots, and for every document its pages with true and predicted cells drawn on them.
    """
    from biaoge.app import evaltools
    from biaoge.app.measure import MeasureOrder

    evaltools.report(MeasureOrder(out, data=data), html, json, markdown, None if only_text else pages)


@app.command()
def gate(
    baseline: Annotated[Path, typer.Argument(metavar="BASELINE.json", help="What was right before.")],
    only: Annotated[
        list[str] | None, typer.Option("--set", metavar="SET", help="Only this set of the baseline; may be repeated.")
    ] = None,
    write: Annotated[
        bool, typer.Option("--write", help="Write what is measured now as the new baseline (of --set, or as before).")
    ] = False,
    out: Out = EVAL_FOLDER,
    data: Data = None,
    jobs: Annotated[int, typer.Option("--jobs", "-j", min=1, help="Documents at once.")] = 1,
) -> None:
    """Measure again and fail (exit 7) if a table that was exact no longer is, or the cells got worse.

    Sets that are not there are told and left out. A table that may be lost is listed in the baseline under `allowed`,
    with the reason.
    """
    from biaoge.app import evaltools
    from biaoge.app.measure import MeasureOrder

    failed = evaltools.gate(baseline, only or [], write, MeasureOrder(out, jobs=jobs, data=data))
    if failed:
        raise GateFailed(f"{failed}; mend it, or list the tables under `allowed` in {baseline} with the reason")


@app.command()
def score(
    pairs: Annotated[
        Path, typer.Argument(metavar="PAIRS.json", help="A list of {id, pred_html, true_html}; `-` for standard input.")
    ],
    microsoft: Annotated[
        bool, typer.Option("--microsoft", help="Also GriTS as table-transformer counts it; slow on long texts.")
    ] = False,
) -> None:
    """Score pairs of tables in HTML: one line of JSON for each, with every measure.

    TEDS in the dialect `pubtabnet`, GriTS, adjacency relations, exact cells and header-path facts. `pred_html` may be
    null: then nothing was predicted. A pair is never dropped.
    """
    from biaoge.eval.pairs import lines, read
    from biaoge.eval.pairs import pairs as parse

    try:
        given = parse(sys.stdin.buffer.read().decode(), "standard input") if str(pairs) == "-" else read(pairs)
    except UnicodeDecodeError as problem:
        raise LabelError(f"standard input: not UTF-8: {problem}") from problem
    for line in lines(given, microsoft):
        typer.echo(line)


@app.command()
def engines(
    python: Annotated[
        list[str] | None, typer.Option(metavar="ENGINE=PATH", help="As for `biaoge eval run`; may be repeated.")
    ] = None,
) -> None:
    """List the engines, which of them run here, and why the others do not."""
    from biaoge.app import evaltools

    evaltools.engines(evaltools.pythons(python or []))


@app.command()
def sets(data: Data = None) -> None:
    """List the sets of labelled documents, and the strengths that make scans of them."""
    from biaoge.app import evaltools

    evaltools.sets(data)


@app.command("label-check")
def label_check(
    names: Annotated[
        list[str] | None,
        typer.Argument(metavar="[SET|FILE]…", help="Sets, or files of grid text; our own labels when left out."),
    ] = None,
    data: Data = None,
) -> None:
    """Find labels that break the sums which the form itself demands: rows, columns, parts of totals.

    A breach is a slip of the labeller or of the publisher; the second is acknowledged in the label's `note`.
    """
    from biaoge.app import evaltools

    if evaltools.label_check(names or [], data):
        raise typer.Exit(1)


@app.command()
def agreement(
    first: Annotated[
        Path | None, typer.Argument(metavar="[DIR]", help="Labels of the first labeller; our own when left out.")
    ] = None,
    second: Annotated[Path | None, typer.Argument(metavar="[DIR]", help="Labels of the second labeller.")] = None,
) -> None:
    """Compare the labels of two labellers, table by table, and say where they differ."""
    from biaoge.app import evaltools

    if (first is None) != (second is None):
        raise UsageError("name both folders of labels, or none")
    if evaltools.agreement(first, second):
        raise typer.Exit(1)


@app.command()
def register(
    folder: Annotated[Path, typer.Argument(metavar="FOLDER", help="Documents, and their labels in it or below it.")],
    labels: Annotated[str, typer.Option(metavar="SUBFOLDER", help="Where in FOLDER the labels are.")] = ".",
    to: Annotated[Path | None, typer.Option(metavar="FILE", help="FOLDER/<name>.toml when left out.")] = None,
    form: Annotated[
        str | None,
        typer.Option("--format", metavar="FORMAT", help="Of the labels; told by their endings when left out."),
    ] = None,
    name: Annotated[str | None, typer.Option(metavar="NAME", help="Of the set; the folder's when left out.")] = None,
    joined: Annotated[
        bool, typer.Option("--joined/--by-page", help="A table that runs over pages is one label, or one a page.")
    ] = False,
    blanks: Annotated[bool, typer.Option(help="Empty cells are labelled, too.")] = True,
    complete: Annotated[bool, typer.Option(help="Every table is labelled: any other that is found is wrong.")] = True,
    empty: Annotated[bool, typer.Option("--empty", help="Documents without labels hold no tables: list them.")] = False,
    force: Annotated[bool, typer.Option("--force", help="Write over a set file that is there.")] = False,
) -> None:
    """Make a labelled set of your own: writes its TOML file, with the digest of every document.

    Labels are grid text, HTML, PubTabNet lines, ICDAR-2013 XML or JSON, told by their endings; see docs/truth.md.
    """
    from biaoge.app import evaltools
    from biaoge.eval.labels import FORMATS
    from biaoge.eval.register import Wanted

    chosen = next((known for known in FORMATS if known == form), None)
    if form is not None and chosen is None:
        raise UsageError(f"--format {form}: labels are {', '.join(FORMATS)}")
    wanted = Wanted(form=chosen, labels=labels, name=name, joined=joined, blanks=blanks, complete=complete, empty=empty)
    evaltools.register(folder, wanted, to, force)
