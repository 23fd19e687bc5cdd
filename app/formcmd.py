"""`biaoge form`: the forms that are known, one's own checked, and a first draft of one from a read document."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from biaoge.errors import UsageError

app = typer.Typer(
    no_args_is_help=True,
    help="Forms: what kinds of documents are known, and files of your own; docs/forms.md tells how to write one.",
    epilog="Start with: biaoge form list",
    rich_markup_mode="markdown",
)


@app.command("list")
def list_forms() -> None:
    """The forms that come with biaoge: name, title, number of tables."""
    from biaoge.forms.library import shipped

    for form in shipped():
        typer.echo(
            f"{form.name:<16} {form.title.get('zh', '')}  ({form.title.get('en', '')}; {len(form.tables)} tables)"
        )


@app.command()
def show(
    name: Annotated[str, typer.Argument(metavar="NAME", help="The name of a form, or the path of its TOML file.")],
) -> None:
    """The tables of a form with the names of their rows and columns, in English and as printed, and the sums."""
    from biaoge.forms.library import find
    from biaoge.forms.outline import outline

    typer.echo(outline(find(name)), nl=False)


@app.command()
def check(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="A form's TOML file.")],
) -> None:
    """Load a form's file and say what it holds; exit code 8, with the place in the file, where it breaks a rule.

    Told are unknown and missing settings, keys that come twice or before their header, and sums that name nothing.
    """
    from biaoge.forms.load import load

    form = load(file)
    rows, columns, sums = (
        sum(len(table.rows) for table in form.tables),
        sum(len(table.columns) for table in form.tables),
        sum(len(table.rules) for table in form.tables) + len(form.sums),
    )
    typer.echo(
        f"{form.name}: {len(form.tables)} tables, {rows} rows, {columns} columns, {sums} sums; the file is sound"
    )


@app.command()
def draft(
    file: Annotated[Path, typer.Argument(metavar="FILE.json", help="What `biaoge extract` wrote of a document.")],
    out: Annotated[
        Path | None, typer.Option("--out", "-o", metavar="FILE", help="Where to write; standard output if left out.")
    ] = None,
    name: Annotated[str | None, typer.Option(metavar="NAME", help="Of the form; FILE's if left out.")] = None,
    force: Annotated[bool, typer.Option("--force", help="Write over a file that is there.")] = False,
) -> None:
    """Draft a form from a document that was read: it matches that document; the keys are yours to name."""
    from biaoge.app.jsonin import load_json
    from biaoge.forms.draft import draft as drafted
    from biaoge.forms.load import as_name, parse

    text = drafted(load_json(file).tables, as_name(name or (out.stem if out else file.stem)))
    parse(text, str(out or "the draft"))
    if out is None:
        typer.echo(text, nl=False)
        return
    if out.exists() and not force:
        raise UsageError(f"{out} is there; give another --out, or --force to write over it")
    out.write_text(text, encoding="utf-8")
    typer.echo(f"{out}: now replace its keys by English names, then: biaoge form check {out}")
