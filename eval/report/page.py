"""Writes the HTML report: `report.html`, and for every document `documents/<set>/<document>.html`.

Each is one file that needs nothing else: style, plots and pictures stand inside, and no script. The same scores,
predictions and settings give the same bytes.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Any

from biaoge.errors import MissingExtra
from biaoge.files import write_whole

from ..prediction import Prediction
from ..results import DocumentScore, SetScore
from ..sets import TruthDocument
from ..statistics import FEWEST
from . import figures, plots
from .claims import method
from .clusters import cluster_of
from .drill import Case, Reader, Render, drill, findings_of
from .marks import MEANINGS, SIGNS
from .names import file_names, link
from .strengths import CAPTION, by_strength
from .summary import DEFAULTS, Board, Settings, Summary, labels_of, summarise
from .taxonomy import faults_of

if TYPE_CHECKING:
    from jinja2 import Environment

_UNWRITABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class Sources:
    """Where the pages of documents come from.

    `truth`: (set, document) to the labelled document, `None` where it is not at hand; `prediction`: (set, engine,
    document) to what the engine read, `None` likewise; `render` draws a page, no pictures without it.
    """

    truth: Callable[[str, str], TruthDocument | None]
    prediction: Callable[[str, str, str], Prediction | None]
    render: Render | None = None


@dataclass(frozen=True, slots=True)
class Line:
    """A document in the list of its set. `address`: of its page, if any; scores in the order of the board's rows."""

    name: str
    original: str
    tags: tuple[str, ...]
    address: str | None
    scores: tuple[DocumentScore | None, ...]


@dataclass(frozen=True, slots=True)
class Section:
    """A set in the report, with its plots as SVG."""

    id: str
    board: Board
    claims: tuple[str, ...]
    lines: tuple[Line, ...]
    floor: float
    slices: str | None
    calibration: str | None
    speed: str | None


def write_report(
    folder: Path,
    scores: Sequence[SetScore],
    sources: Sources | None = None,
    settings: Settings = DEFAULTS,
    on_document: Callable[[str], None] | None = None,
) -> Path:
    """Write the report of `scores` into `folder` and give the path of `report.html`.

    Without `sources` there are no pages of documents. `on_document` hears the name of each as it is written.
    MissingExtra without jinja2 or matplotlib.
    """
    environment = _environment()
    plots.require()
    summary = summarise(scores, settings)
    made: dict[tuple[str, str], str] = {}
    if sources is not None and settings.documents:
        made = _documents(folder, scores, (sources, settings, summary), environment, on_document)
    style = _styles(summary)
    by_name = _by_name(scores)
    sections = [_section(n, board, (summary, style, by_name), made) for n, board in enumerate(summary.boards)]
    page = environment.get_template("report.html.j2").render(
        summary=summary,
        sections=sections,
        degraded=_degraded(summary, style),
        versions=by_strength(summary),
        caption=CAPTION,
        fewest=FEWEST,
        most_engines=plots.MOST_ENGINES,
    )
    path = folder / "report.html"
    write_whole(path, _writable(page))
    return path


def _styles(summary: Summary) -> plots.Style:
    return plots.styles([row.engine for board in summary.boards for row in board.rows])


Scores = dict[tuple[str, str], SetScore]


def _by_name(scores: Sequence[SetScore]) -> Scores:
    """Scores by set and by the engine's name in the report."""
    out: Scores = {}
    for name in dict.fromkeys(s.name for s in scores):
        group = [s for s in scores if s.name == name]
        out |= {(name, label): s for label, s in zip(labels_of(group), group, strict=True)}
    return out


def _section(
    n: int, board: Board, given: tuple[Summary, plots.Style, Scores], made: dict[tuple[str, str], str]
) -> Section:
    summary, style, scores = given
    columns = [{d.name: d for d in scores[board.name, row.engine].documents} for row in board.rows]
    lines = []
    for name in sorted({name for column in columns for name in column}):
        documents = [column.get(name) for column in columns]
        some = next(d for d in documents if d is not None)
        original = cluster_of(some)
        lines.append(
            Line(name, original if original != name else "", some.tags, made.get((board.name, name)), tuple(documents))
        )
    ends = [v for row in board.rows for v in (row.f1.value, row.f1.low) if v is not None]
    drawn = (plots.by_slice(board, style), plots.calibration(board, style), plots.speed(board, style))
    svgs = [svg and plots.unique(svg, f"p{n}-{k}-") for k, svg in enumerate(drawn)]
    floor = min(0.9, int(min(ends, default=0) * 10) / 10)
    return Section(f"set-{n}", board, summary.claims[board.name], tuple(lines), floor, *svgs)


def _degraded(summary: Summary, style: plots.Style) -> list[tuple[str, str]]:
    """(name, plot) of every set that is there in several versions, `NAME` and `NAME@VERSION`."""
    groups: dict[str, list[Board]] = {}
    for board in summary.boards:
        groups.setdefault(board.name.partition("@")[0], []).append(board)
    out = []
    for n, (name, boards) in enumerate(groups.items()):
        boards.sort(key=lambda board: "@" in board.name)
        if (svg := plots.by_degradation(boards, style)) is not None:
            out.append((name, plots.unique(svg, f"d{n}-")))
    return out


def _documents(
    folder: Path,
    scores: Sequence[SetScore],
    given: tuple[Sources, Settings, Summary],
    environment: Environment,
    on_document: Callable[[str], None] | None,
) -> dict[tuple[str, str], str]:
    """Writes the pages of all documents; their addresses by set and name."""
    sources, settings, summary = given
    folders = file_names(board.name for board in summary.boards)
    by_name = _by_name(scores)
    template = environment.get_template("document.html.j2")
    colours = _styles(summary)
    out = {}
    for board in summary.boards:
        columns = [(row.engine, by_name[board.name, row.engine]) for row in board.rows]
        names = dict.fromkeys(d.name for _, score in columns for d in score.documents)
        files_of = file_names(names)
        for name in names:
            truth = sources.truth(board.name, name)
            if truth is None:
                continue
            if on_document:
                on_document(name)
            readers: list[Reader] = []
            for label, score in columns:
                document = next((d for d in score.documents if d.name == name), None)
                if document is not None:
                    prediction = sources.prediction(board.name, score.engine, name)
                    readers.append(Reader(f"e{len(readers)}", label, document, prediction))
            case = Case(board.name, columns[0][1].kind, truth, tuple(readers))
            page = template.render(drill=drill(case, sources.render, settings), settings=settings, colours=colours)
            write_whole(folder / "documents" / folders[board.name] / f"{files_of[name]}.html", _writable(page))
            out[board.name, name] = link("documents", folders[board.name], f"{files_of[name]}.html")
    return out


def _writable(page: str) -> bytes:
    """What no HTML file can hold becomes U+FFFD."""
    return _UNWRITABLE.sub("\ufffd", page).encode("utf-8")


def _environment() -> Environment:
    try:
        from jinja2 import Environment, FunctionLoader, StrictUndefined
    except ImportError as e:
        raise MissingExtra('jinja2 is not installed; install it with: pip install "biaoge[report]"') from e
    environment = Environment(
        loader=FunctionLoader(_resource),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {
        "rate": figures.rate,
        "interval": figures.interval_text,
        "seconds": figures.seconds,
        "signed": figures.signed,
        "size": figures.size,
        "words": figures.words,
    }
    shared: dict[str, Any] = {"css": _resource("report.css"), "signs": SIGNS, "meanings": MEANINGS}
    environment.globals |= shared | {
        "findings_of": findings_of,
        "forest": forest,
        "method": method,
        "faults_of": faults_of,
    }
    return environment


def _resource(name: str) -> str:
    return files("biaoge.eval.report").joinpath(name).read_text(encoding="utf-8")


def forest(low: float | None, value: float, high: float | None, floor: float) -> dict[str, float]:
    """Where an interval stands on a line 100 long from `floor` to 1: `at`, `from` and `to` (both `at` without one).

    >>> forest(0.6, 0.8, 0.9, 0.5)
    {'at': 60.0, 'from': 20.0, 'to': 80.0}
    """

    def place(x: float) -> float:
        return round(100 * max(0.0, x - floor) / (1 - floor), 2)

    return {
        "at": place(value),
        "from": place(value if low is None else low),
        "to": place(value if high is None else high),
    }
