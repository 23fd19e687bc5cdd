"""Everything that is reported of a measurement, worked out once: terminal, JSON and HTML only show it.

Counts are added over tables and a rate is that of the sums (every cell weighs the same). Means are over the labelled
tables, a table that was not found counting 0; tables found where none is labelled lower the precision of cells, facts
and the like, and touch no mean. Texts are compared at level `folded` unless another is named.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median

from biaoge.files import write_whole

from ..metrics import confidence
from ..metrics.counts import Counts
from ..metrics.levels import LEVELS, Level
from ..results import ConfidenceBin, DocumentScore, SetScore, TableScore
from ..statistics import Interval, Resampling, bootstrap
from . import clusters as of
from .claims import claims_of
from .pairs import Pair, pairs_of
from .slices import Slice, slices_of
from .taxonomy import Fault, faults_of

SCHEMA = "biaoge-eval/1"


@dataclass(frozen=True, slots=True)
class Settings:
    """How a measurement is reported. `date`: shown as given, never taken from the clock.

    `dpi`, `most_pages`: of the pictures of a document's page, and how many of them one may have; `documents`: whether
    there is a page for every document.
    """

    title: str = "Table extraction measured"
    date: str | None = None
    resampling: Resampling = field(default_factory=Resampling)
    dpi: float = 90.0
    most_pages: int = 12
    documents: bool = True


DEFAULTS = Settings()


@dataclass(frozen=True, slots=True)
class Rates:
    """Precision, recall and F1 of counts added over `tables` tables, F1 with its interval.

    `precision` is `None` where nothing was predicted, `recall` where there is nothing to find.
    """

    counts: Counts
    precision: float | None
    recall: float | None
    f1: Interval
    tables: int


@dataclass(frozen=True, slots=True)
class Share:
    """`count` out of `total`, as a rate with its interval; `None` where `total` is 0."""

    count: int
    total: int
    rate: Interval | None


@dataclass(frozen=True, slots=True)
class Calibration:
    """Cells by confidence; `ece` is `None` where the engine states none (every confidence is 1)."""

    bins: tuple[ConfidenceBin, ...]
    ece: Interval | None


@dataclass(frozen=True, slots=True)
class Cost:
    """Seconds of wall clock for a document (median) and for all; `peak`: most bytes of memory, `None` if unknown."""

    median: float
    total: float
    peak: int | None


@dataclass(frozen=True, slots=True)
class Row:
    """One engine on one set.

    `cells`: by text level, and `structure` (place and span alone). `means`: `teds` and `teds_struct` in the dialect
    `canonical`, `grits_top`, `grits_con`, `grits_loc`; a measure that no label allows is left out. `grits_loc` is over
    the tables whose labels have boxes of cells, and left out where the engine gave none in any of them; where it gave
    some, a table without counts 0. `facts` and
    `headers` are `None` where no label has roles. `silent`: wrong cells without a warning, of the predicted cells;
    `misread`: character edits, of the true characters.
    """

    engine: str
    version: str
    documents: int
    clusters: int
    failures: tuple[tuple[str, str], ...]
    found: int
    extra: int
    exact: Share
    straight: Share
    silent: Share
    wrong: int
    cells: Mapping[str, Rates]
    facts: Rates | None
    headers: Rates | None
    spans: Rates
    adjacency: Rates
    numbers: Rates
    detection: Rates
    means: Mapping[str, Share]
    misread: Share
    calibration: Calibration
    cost: Cost
    mistakes: tuple[Fault, ...]

    @property
    def f1(self) -> Interval:
        """F1 of cells at level `folded`, the headline."""
        return self.cells["folded"].f1


@dataclass(frozen=True, slots=True)
class Board:
    """All engines on one set, the best F1 of cells first. `about`: what the labels of the set mean."""

    name: str
    about: str
    documents: int
    clusters: int
    tables: int
    rows: tuple[Row, ...]
    pairs: tuple[Pair, ...]
    slices: tuple[Slice, ...]


@dataclass(frozen=True, slots=True)
class Summary:
    """A whole measurement. `claims`: by set, sentences that say what its sample allows to claim."""

    schema: str
    settings: Settings
    boards: tuple[Board, ...]
    claims: Mapping[str, tuple[str, ...]]


def summarise(scores: Sequence[SetScore], settings: Settings = DEFAULTS) -> Summary:
    """The summary of any number of engines on any number of sets, the sets in the order of their first score."""
    by_set: dict[str, list[SetScore]] = {}
    for score in scores:
        by_set.setdefault(score.name, []).append(score)
    boards = tuple(_board(name, group, settings.resampling) for name, group in by_set.items())
    return Summary(SCHEMA, settings, boards, {b.name: claims_of(b, settings.resampling) for b in boards})


def save_summary(path: Path, summary: Summary) -> None:
    """Write the summary as JSON, whole or not at all."""
    import msgspec

    write_whole(path, msgspec.json.format(msgspec.json.encode(summary), indent=1).decode() + "\n")


def labels_of(scores: Sequence[SetScore]) -> list[str]:
    """A name for every score: that of the engine, with its version where two scores have the same name."""
    names = [s.engine for s in scores]
    out: list[str] = []
    for score in scores:
        label = score.engine if names.count(score.engine) == 1 else f"{score.engine} {score.version}"
        again = sum(other == label or other.startswith(f"{label} #") for other in out)
        out.append(f"{label} #{again + 1}" if again else label)
    return out


def _board(name: str, scores: Sequence[SetScore], how: Resampling) -> Board:
    labelled = list(zip(labels_of(scores), scores, strict=True))
    made = sorted((row_of(s, label, how) for label, s in labelled), key=lambda row: -row.f1.value)
    order = {row.engine: n for n, row in enumerate(made)}
    labelled.sort(key=lambda pair: order[pair[0]])
    documents = {d.name: d for s in scores for d in s.documents}
    return Board(
        name,
        _about(scores[0]),
        len(documents),
        len({of.cluster_of(d) for d in documents.values()}),
        max(len(s.labelled()) for s in scores),
        tuple(made),
        pairs_of(labelled, how),
        slices_of(labelled, how),
    )


def _about(score: SetScore) -> str:
    kind = score.kind
    notes = ["a table that runs over pages is one table" if kind.joined else "tables are labelled page by page"]
    if not kind.blanks:
        notes.append("labels leave blank cells out, so only cells with text are compared")
    if not kind.complete:
        notes.append("not every table is labelled, so a table found elsewhere is not counted")
    return "; ".join(notes)


def row_of(score: SetScore, label: str, how: Resampling) -> Row:
    """One engine on one set, under the name `label`."""
    documents, tables = score.documents, score.tables

    def rates(counts: Callable[[TableScore], Counts | None]) -> Rates:
        given = [c for t in tables if (c := counts(t)) is not None]
        total = sum(given, Counts())
        return Rates(
            total,
            *_of_some(total),
            bootstrap(of.rows(documents, of.f1(counts)), of.RATE, how),
            len(given),
        )

    def share(quantity: of.Quantity, errors: bool = False) -> Share:
        above, below = (sum(column) for column in zip((0, 0), *map(quantity, documents), strict=True))
        rate = bootstrap(of.rows(documents, quantity), of.ERRORS if errors else of.RATE, how) if below else None
        return Share(round(above), round(below), rate)

    def at(level: Level) -> Rates:
        return rates(lambda t: t.levels.get(level))

    cells: dict[str, Rates] = {level: at(level) for level in LEVELS if all(level in t.levels for t in tables)}
    means = {name: share(of.mean(value)) for name, value in MEANS.items()}
    if any(t.found and t.grits_loc is not None for t in tables):
        means["grits_loc"] = share(of.mean(lambda t: (t.grits_loc or 0.0) if t.boxed else None))
    roles = any(t.labelled and t.facts is not None for t in tables)
    headed = any(t.labelled and t.headers is not None for t in tables)
    return Row(
        engine=label,
        version=score.version,
        documents=len(documents),
        clusters=len(of.clusters(documents)),
        failures=score.failures,
        found=sum(t.found for t in tables),
        extra=sum(not t.labelled for t in tables),
        exact=share(of.exact),
        straight=share(of.straight),
        silent=share(of.silent, errors=True),
        wrong=sum(t.silence.wrong for t in tables),
        cells={**cells, "structure": rates(lambda t: t.structure)},
        facts=rates(lambda t: t.facts) if roles else None,
        headers=rates(lambda t: t.headers) if headed else None,
        spans=rates(lambda t: t.spans),
        adjacency=rates(lambda t: t.adjacency),
        numbers=rates(lambda t: t.numbers),
        detection=_detection(documents, how),
        means={name: mean for name, mean in means.items() if mean.total},
        misread=share(of.misread, errors=True),
        calibration=_calibration(documents, how),
        cost=_cost(documents),
        mistakes=faults_of(tables),
    )


MEANS: Mapping[str, Callable[[TableScore], float | None]] = {
    "teds": lambda t: t.teds,
    "teds_struct": lambda t: t.teds_struct,
    "grits_top": lambda t: t.grits_top,
    "grits_con": lambda t: t.grits_con,
}


def _detection(documents: Sequence[DocumentScore], how: Resampling) -> Rates:
    total = sum((d.detection for d in documents), Counts())
    sums = of.rows(documents, lambda d: (2 * d.detection.matched, d.detection.predicted + d.detection.true))
    return Rates(total, *_of_some(total), bootstrap(sums, of.RATE, how), total.true)


def _calibration(documents: Sequence[DocumentScore], how: Resampling) -> Calibration:
    sums = of.rows(documents, of.confidences)
    bins = confidence.total(t.confidence for d in documents for t in d.tables)
    stated = any(b.confidence < b.cells for b in bins)
    return Calibration(bins, bootstrap(sums, of.ece, how) if stated else None)


def _cost(documents: Sequence[DocumentScore]) -> Cost:
    seconds = [d.seconds for d in documents]
    peaks = [d.peak for d in documents if d.peak is not None]
    return Cost(median(seconds) if seconds else 0.0, sum(seconds), max(peaks, default=None))


def _of_some(counts: Counts) -> tuple[float | None, float | None]:
    """Precision and recall, `None` where there is nothing to divide by."""
    return (counts.precision if counts.predicted else None, counts.recall if counts.true else None)
