"""The gate: what was right must stay right.

A baseline holds, for every set and engine, the tables that were exact, and of every document its cells, how many tables
too many it had and whether it was read. A measurement fails against it when

- a table that was exact is no longer, or a document is gone;
- a document that was read is not, or has more tables too many;
- the cell F1 got worse: the 95 % interval of the difference, drawn over originals, lies below zero, or, where there are
  too few originals for an interval, the F1 is lower at all.

The first two can be allowed by name in the baseline, with a reason.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from biaoge.errors import LabelError
from biaoge.files import write_whole

from .metrics.counts import Counts
from .metrics.levels import Level
from .report.clusters import cluster_of
from .results import DocumentScore, SetScore
from .statistics import paired, ratio

LEVEL: Level = "folded"


@dataclass(frozen=True, slots=True)
class DocumentBaseline:
    """Cells of a document as (matched, predicted, true), and its exact and other labelled tables by id.

    `extra`: tables found where none is labelled; `read`: whether there was a reading at all.
    """

    name: str
    cells: tuple[int, int, int]
    exact: tuple[str, ...]
    other: tuple[str, ...] = ()
    extra: int = 0
    read: bool = True

    def __post_init__(self) -> None:
        Counts(*self.cells)


@dataclass(frozen=True, slots=True)
class SetBaseline:
    """One set as one engine read it.

    `set`: how the set is called, its name or the path of its file. `allowed`: tables (by id) and documents (by name)
    that may have got worse, each with the reason.
    """

    set: str
    engine: str
    documents: tuple[DocumentBaseline, ...]
    allowed: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a measurement is against its baseline: `faults` fail it, `gains` are worth a new baseline."""

    set: str
    engine: str
    faults: tuple[str, ...]
    gains: tuple[str, ...]

    @property
    def passed(self) -> bool:
        """Nothing got worse."""
        return not self.faults


def baseline(scores: Iterable[tuple[str, SetScore]], former: Sequence[SetBaseline] = ()) -> tuple[SetBaseline, ...]:
    """The baseline that `scores`, each with how its set is called, make.

    Sets of `former` that were not measured stay, and so do allowed tables.
    """
    new = {}
    for called, score in scores:
        new[called, score.engine] = SetBaseline(called, score.engine, tuple(map(_document, score.documents)))
    out = []
    for old in former:
        fresh = new.pop((old.set, old.engine), None)
        out.append(old if fresh is None else SetBaseline(old.set, old.engine, fresh.documents, old.allowed))
    return (*out, *new.values())


def compare(old: SetBaseline, new: SetScore) -> Verdict:
    """`new` against `old`: the same set and engine."""
    now = {d.name: d for d in new.documents}
    faults, gains = [], []
    for document in old.documents:
        if document.name not in now:
            faults.append((document.name, f"{document.name}: the document is gone"))
            continue
        found, gained = _changes(document, now[document.name])
        faults += found
        gains += gained
    told = [text for name, text in faults if name not in old.allowed]
    both = [(d, now[d.name]) for d in old.documents if d.name in now]
    return Verdict(old.set, old.engine, (*told, *_fallen(both)), tuple(gains))


def _changes(old: DocumentBaseline, new: DocumentScore) -> tuple[list[tuple[str, str]], list[str]]:
    """What got worse, each with the name that would allow it, and what got better."""
    if old.read and new.error is not None:
        return [(old.name, f"{old.name}: is not read any more: {new.error}")], []
    exact = {t.id for t in new.tables if t.exact(LEVEL)}
    faults = [(t, f"{old.name}: table {t} was exact and is no longer") for t in old.exact if t not in exact]
    extra = _extra(new)
    if extra > old.extra:
        faults.append((old.name, f"{old.name}: {extra} tables are found where none is labelled, were {old.extra}"))
    return faults, [f"{old.name}: table {t} is exact now" for t in old.other if t in exact]


def _fallen(both: Sequence[tuple[DocumentBaseline, DocumentScore]]) -> tuple[str, ...]:
    """Whether the cells got worse, in a sentence; () where they did not."""
    clusters: dict[str, list[tuple[Counts, Counts]]] = {}
    for old, new in both:
        clusters.setdefault(cluster_of(new), []).append((Counts(*old.cells), new.cells(LEVEL)))
    before = [_f1(sum((b for b, _ in group), Counts())) for group in clusters.values()]
    after = [_f1(sum((a for _, a in group), Counts())) for group in clusters.values()]
    change = paired(after, before, ratio(1.0))
    if change.low is None or change.high is None:
        few = f"{change.clusters} originals, too few for an interval"
        return (f"cell F1 fell by {-change.value:.4f} ({few})",) if change.value < 0 else ()
    if change.high >= 0:
        return ()
    interval = f"95 % interval {-change.high:.4f} to {-change.low:.4f}"
    return (f"cell F1 fell by {-change.value:.4f} ({interval}, {change.clusters} originals)",)


def load(path: Path) -> tuple[SetBaseline, ...]:
    """The baseline in a file; LabelError where it is none."""
    import msgspec

    try:
        return tuple(msgspec.json.decode(path.read_bytes(), type=list[SetBaseline]))
    except (OSError, ValueError, msgspec.MsgspecError) as problem:
        raise LabelError(f"{path}: not a baseline: {problem}; make one with --write") from problem


def save(path: Path, sets: Iterable[SetBaseline]) -> None:
    """Write a baseline, one document a line, so that a change can be read in a diff."""
    import msgspec

    blocks = []
    for entry in sets:
        head = msgspec.json.encode({"set": entry.set, "engine": entry.engine, "allowed": dict(entry.allowed)}).decode()
        documents = ",\n".join("  " + msgspec.json.encode(d).decode() for d in entry.documents)
        blocks.append(f'{head[:-1]},"documents":[\n{documents}\n]}}')
    write_whole(path, "[\n" + ",\n".join(blocks) + "\n]\n")


def _document(document: DocumentScore) -> DocumentBaseline:
    cells = document.cells(LEVEL)
    labelled = [t for t in document.tables if t.labelled]
    return DocumentBaseline(
        document.name,
        (cells.matched, cells.predicted, cells.true),
        tuple(t.id for t in labelled if t.exact(LEVEL)),
        tuple(t.id for t in labelled if not t.exact(LEVEL)),
        _extra(document),
        document.error is None,
    )


def _extra(document: DocumentScore) -> int:
    return sum(t.found and not t.labelled for t in document.tables)


def _f1(cells: Counts) -> tuple[int, int]:
    return 2 * cells.matched, cells.predicted + cells.true
