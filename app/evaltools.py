"""What the commands of `biaoge eval` do, once their options are understood."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from biaoge.app.measure import (
    Kept,
    MeasureOrder,
    engine_named,
    engine_names,
    measure,
    measured,
    truth_named,
    why_not,
)
from biaoge.errors import BiaogeError, InputError, LabelError, UsageError
from biaoge.eval.engines.pages import is_image

if TYPE_CHECKING:
    from biaoge.app.predict import OnDocument
    from biaoge.eval.labelcheck import Sums
    from biaoge.eval.register import Wanted
    from biaoge.eval.sets import TruthSet
    from biaoge.model import Table


def pythons(given: Sequence[str]) -> Mapping[str, str]:
    """ENGINE=PATH pairs by engine; UsageError where one is not such a pair."""
    out = {}
    for pair in given:
        engine, equals, path = pair.partition("=")
        if not (engine and equals and path):
            raise UsageError(f"--python {pair}: write ENGINE=PATH, such as img2table=/opt/img2table/bin/python")
        out[engine] = path
    return out


def run(sets: Sequence[str], engines: Sequence[str], order: MeasureOrder, show_wrong: bool, json: Path | None) -> None:
    """Measure every engine on every set and print the scores."""
    from biaoge.eval.results import save
    from biaoge.eval.show import report as as_text

    if unused := set(order.pythons) - set(engines if list(engines) != ["all"] else engine_names()):
        raise UsageError(f"--python {', '.join(sorted(unused))}: no such engine is to be run")
    if json is not None:
        json.parent.mkdir(parents=True, exist_ok=True)  # before hours of work, not after
    chosen = {name: engine_named(name) for name in (engine_names() if list(engines) == ["all"] else engines)}
    reasons = why_not(chosen, order)
    ready = [name for name in chosen if reasons[name] is None]
    for name in chosen:
        if reasons[name] is not None:
            typer.echo(f"{name}: not run: {reasons[name]}", err=True)
    if not ready:
        raise UsageError("none of the engines runs here; see `biaoge eval engines`")
    scores = []
    try:
        for given, truth in _truths(sets, order):
            for name in ready:
                with _progress(f"{truth.name} · {name}", len(truth.documents)) as heard:
                    result = measure(given, truth, chosen[name], order, heard)
                typer.echo(as_text(result, show_wrong))
                scores.append(result)
    except KeyboardInterrupt:
        typer.echo(f"interrupted; what was read is kept in {order.folder}, run again to go on", err=True)
        raise
    if json is not None:
        save(json, scores)
    typer.echo(f"Kept in {order.folder}; `biaoge eval report` sums it up.", err=True)


def report(order: MeasureOrder, html: Path | None, json: Path | None, md: Path | None, pages: bool | None) -> None:
    """Print the leaderboards; write the HTML report unless `pages` is `None`."""
    from rich.console import Console

    from biaoge.eval.report.markdown import markdown
    from biaoge.eval.report.page import Sources, write_report
    from biaoge.eval.report.summary import Settings, save_summary, summarise
    from biaoge.eval.report.terminal import WIDTH, show
    from biaoge.files import write_whole

    scores = measured(order.folder, lambda line: typer.echo(f"left out: {line}", err=True))
    settings = Settings(documents=bool(pages))
    summary = summarise(scores, settings)
    show(summary, Console(width=None if sys.stdout.isatty() else WIDTH))
    if json is not None:
        save_summary(json, summary)
    if md is not None:
        write_whole(md, markdown(summary))
    if pages is None:
        return
    kept = Kept(order)
    sources = Sources(kept.truth, kept.prediction, _render)
    path = write_report(html or order.folder / "report", scores, sources, settings, lambda d: typer.echo(d, err=True))
    typer.echo(f"Look at {path}", err=True)


def gate(baseline: Path, only: Sequence[str], write: bool, order: MeasureOrder) -> str:
    """What failed, in words; empty where nothing did."""
    from biaoge.eval import gate as gates

    former = gates.load(baseline) if baseline.exists() or not write else ()
    if only and not write and (unknown := set(only) - {b.set for b in former}):
        raise UsageError(f"{baseline} has no set {', '.join(sorted(unknown))}; --write adds it")
    wanted = {(b.set, b.engine) for b in former if not only or b.set in only}
    wanted |= {(name, "biaoge") for name in only if all(name != b.set for b in former)}
    if not wanted:
        raise UsageError("nothing to measure: name sets with --set")
    for engine, reason in why_not(sorted({engine for _, engine in wanted}), order).items():
        if reason is not None:
            raise UsageError(f"{engine}, an engine of the baseline, does not run here: {reason}")
    scores = []
    for name in dict.fromkeys(name for name, _ in sorted(wanted)):
        for given, truth in _truths([name], order, skip_absent=not only):
            for engine in sorted(engine for measured_set, engine in wanted if measured_set == name):
                with _progress(f"{truth.name} · {engine}", len(truth.documents)) as heard:
                    scores.append((given, measure(given, truth, engine_named(engine), order, heard)))
    if write:
        gates.save(baseline, gates.baseline(scores, former))
        typer.echo(f"{baseline}: {len(scores)} measurements written")
        return ""
    if not scores:
        raise UsageError("none of the sets of the baseline is here")
    olds = {(b.set, b.engine): b for b in former}
    failed = []
    for given, score in scores:
        verdict = gates.compare(olds[given, score.engine], score)
        head = f"{verdict.set} · {verdict.engine}"
        typer.echo(f"{head}: {'passed' if verdict.passed else 'FAILED'} ({len(score.documents)} documents)")
        for line in verdict.faults:
            typer.echo(f"  worse: {line}")
        for line in verdict.gains:
            typer.echo(f"  better: {line}")
        if not verdict.passed:
            failed.append(head)
    return f"worse than {baseline}: {', '.join(failed)}" if failed else ""


def engines(interpreters: Mapping[str, str]) -> None:
    """Print the engines and why some do not run."""
    order = MeasureOrder(pythons=interpreters)
    for name, reason in why_not(engine_names(), order).items():
        engine = engine_named(name)
        typer.echo(f"{name}: {'runs' if reason is None else f'not run: {reason}'}")
        typer.echo(f"    {engine.note} Licence: {engine.licence}.")


def sets(data: Path | None) -> None:
    """Print the sets that are here, and the strengths."""
    from biaoge.eval.degrade import PRESETS
    from biaoge.eval.sets import NAMES, load

    for name in NAMES:
        try:
            truth = load(name, data, verify=False)
        except BiaogeError as problem:
            typer.echo(f"{name}: not here: {problem}")
            continue
        tables = sum(len(d.tables) for d in truth.documents)
        typer.echo(f"{name}: {truth.title}; documents: {len(truth.documents)}, tables: {tables}; {truth.licence}")
    typer.echo("As scans, SET@STRENGTH with one of: " + ", ".join(PRESETS))


def sums_of(table: Table) -> Sums:
    """The sums a table states by its headers and row names, and those that do not hold."""
    from biaoge.eval.labelcheck import Breach, Sums
    from biaoge.forms.checks import check
    from biaoge.forms.sheets import sheet_of
    from biaoge.forms.totals import find

    # Sums by codes are left out: a label is often one page of a table, which cuts them.
    added = [one for one in check(find([table], levels=False), [table]) if one.expected is not None]
    sheet = sheet_of(table)
    breaches = []
    for one in added:
        if one.holds or one.expected is None:
            continue
        (total,) = one.identity.total
        places = tuple((place.row, place.col) for place in (*one.identity.parts, *one.identity.less))
        names = sheet.names(total.row, total.col), sheet.column_path(total.col)
        breaches.append(Breach(one.identity.label, (total.row, total.col), places, one.expected, one.found, *names))
    return Sums(len(added), breaches)


def label_check(names: Sequence[str], data: Path | None) -> bool:
    """Print the sums that labels break; whether one of them is not acknowledged. No names: our own labels."""
    from biaoge.eval import labelcheck
    from biaoge.eval.agreement import OWN
    from biaoge.eval.sets import load

    files = [Path(name) for name in names if name.endswith(".grid")] or sorted(OWN.glob("*.grid")) * (not names)
    checked = list(labelcheck.check_files(files, sums_of)) if files else []
    for name in (n for n in names if not n.endswith(".grid")):
        checked += labelcheck.check_set(load(name, data), sums_of)
    typer.echo(labelcheck.report(checked), nl=False)
    return any(not breach.acknowledged for one in checked for breach in one.breaches)


def agreement(first: Path | None, second: Path | None) -> bool:
    """Print where two labellers differ; whether a label claims an agreement that is none."""
    from biaoge.eval import agreement as agreeing

    first = first or agreeing.OWN
    found = agreeing.pairs(first, second)
    if not found:
        raise UsageError("no table is labelled twice: the two folders share no *.grid file")
    typer.echo(agreeing.report(found), nl=False)
    false = agreeing.false_claims_in(first, second)
    for claim in false:
        typer.echo(claim, err=True)
    return bool(false)


def register(folder: Path, wanted: Wanted, out: Path | None, force: bool) -> None:
    """Write the set file of a folder of documents and labels; UsageError where one is there, unless `force`."""
    from biaoge.eval import register as registering
    from biaoge.eval import setfiles

    found = registering.register(folder, wanted)
    path = out or folder / f"{found.name}.toml"
    if path.exists() and not force:
        raise UsageError(f"{path} is there already; --force writes over it, --to or --name choose another")
    beside, below = path.parent.resolve(), folder.resolve()
    if not below.is_relative_to(beside):
        raise UsageError(f"{path}: a set file lies in the folder of its documents, or in one above it")
    setfiles.write(path, replace(found, folder=below.relative_to(beside).as_posix()))
    left = registering.unlabelled(folder, found)
    blank = sum(not document.labels for document in found.documents)
    typer.echo(
        f"{path}: documents: {len(found.documents)}"
        + (f"; of them without tables: {blank}" if blank else "")
        + (f"; left out, without labels: {len(left)} (--empty if they hold no tables)" if left else "")
    )
    typer.echo(f"Say in it where it comes from and under which licence; then: biaoge eval run {path}", err=True)


def _truths(names: Sequence[str], order: MeasureOrder, skip_absent: bool = False) -> Iterator[tuple[str, TruthSet]]:
    """The sets of those names; `all` stands for every one that is there."""
    from biaoge.eval.sets import NAMES

    every = list(names) == ["all"]
    for name in NAMES if every else names:
        try:
            truth = truth_named(name, order, lambda made: typer.echo(f"made {made}", err=True))
        except (UsageError, LabelError, InputError) as problem:
            # One set that is absent or damaged is no reason to leave the others unmeasured.
            absent = isinstance(problem, UsageError) and name.partition("@")[0] in NAMES
            if not (every or (skip_absent and absent)):
                raise
            typer.echo(f"{name}: not measured: {problem}", err=True)
            continue
        yield name, truth


def _render(path: Path, page: int, dpi: float) -> bytes:
    """A page of a PDF, or an image, as WebP: small, and quick to write."""
    import io

    from PIL import Image, UnidentifiedImageError

    from biaoge.ingest.render import render

    out = io.BytesIO()
    try:
        picture = Image.open(path).convert("RGB") if is_image(path) else render(path, page, dpi)
    except (OSError, UnidentifiedImageError, Image.DecompressionBombError) as problem:
        raise InputError(f"{path} cannot be drawn: {problem}") from problem
    picture.save(out, "WEBP", quality=50, method=2)
    return out.getvalue()


@contextmanager
def _progress(title: str, total: int) -> Iterator[OnDocument]:
    """Hears which documents are done: a bar on a terminal, elsewhere a line each; both on stderr."""
    if not sys.stderr.isatty():

        def tell(name: str, kept: bool) -> None:
            typer.echo(f"{title}: {name}{' (kept)' if kept else ''}", err=True)

        yield tell
        return
    from rich.console import Console
    from rich.progress import Progress

    with Progress(console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(title, total=total)

        def advance(name: str, kept: bool) -> None:
            bar.update(task, advance=1)

        yield advance
