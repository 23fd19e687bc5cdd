"""The gate: what was right must stay right.

A baseline holds, for every set and engine, the tables that were exact and the cells of every document. A measurement
fails against it when a table that was exact is no longer (unless the baseline lists it as allowed), when a document
or table is gone, or when the 95 % interval of the difference in cell F1 (drawn over documents) lies below zero.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from biaoge.errors import LabelError
from biaoge.files import write_whole

from .metrics.counts import Counts
from .metrics.levels import Level
from .results import DocumentScore, SetScore
from .statistics import paired, ratio

LEVEL: Level = "folded"


@dataclass(frozen=True, slots=True)
class DocumentBaseline:
    """Cells of a document as (matched, predicted, true), and its exact and other labelled tables by id."""

    name: str
    cells: tuple[int, int, int]
    exact: tuple[str, ...]
    other: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class SetBaseline:
    """One set as one engine read it.

    `set`: how the set is called, its name or the path of its file. `allowed`: exact tables that may be lost, each with
    the reason.
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
    faults, gains = [], []
    now = {d.name: d for d in new.documents}
    was = [d for d in old.documents if d.name in now]
    for document in old.documents:
        if document.name not in now:
            faults.append(f"{document.name}: the document is gone")
            continue
        exact = {t.id for t in now[document.name].tables if t.exact(LEVEL)}
        for table in document.exact:
            if table not in exact and table not in old.allowed:
                faults.append(f"{table}: was exact and is no longer")
        gains += [f"{table}: exact now" for table in document.other if table in exact]
    change = paired([_f1(_cells(now[d.name])) for d in was], [_f1(Counts(*d.cells)) for d in was], ratio(1.0))
    if change.low is not None and change.high is not None and change.high < 0:
        faults.append(
            f"cell F1 fell by {-change.value:.4f} (95 % interval {-change.high:.4f} to {-change.low:.4f},"
            f" {change.clusters} documents)"
        )
    return Verdict(old.set, old.engine, tuple(faults), tuple(gains))


def load(path: Path) -> tuple[SetBaseline, ...]:
    """The baseline in a file; LabelError where it is none."""
    import msgspec

    try:
        return tuple(msgspec.json.decode(path.read_bytes(), type=list[SetBaseline]))
    except (OSError, msgspec.MsgspecError) as problem:
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
    cells = _cells(document)
    labelled = [t for t in document.tables if t.labelled]
    return DocumentBaseline(
        document.name,
        (cells.matched, cells.predicted, cells.true),
        tuple(t.id for t in labelled if t.exact(LEVEL)),
        tuple(t.id for t in labelled if not t.exact(LEVEL)),
    )


def _f1(cells: Counts) -> tuple[int, int]:
    return 2 * cells.matched, cells.predicted + cells.true


def _cells(document: DocumentScore) -> Counts:
    return sum((t.levels[LEVEL] for t in document.tables), Counts())
