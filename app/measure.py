"""Engines over sets: read, kept, scored, and written where the report looks for it.

FOLDER/predictions/<engine>/…json        what an engine read in a file
FOLDER/scans/<set>@<strength>/…pdf        documents made into scans
FOLDER/results/<set>/<engine>.json        the scores, and which prediction belongs to which document
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import msgspec

from biaoge.app.isolate import Limits
from biaoge.app.ownengines import OWN
from biaoge.app.ownengines import engine as own
from biaoge.app.predict import Again, OnDocument, RunOrder, about, kept_at, predict, read_kept
from biaoge.app.settings import EVAL_FOLDER, EVAL_MEMORY, EVAL_SECONDS
from biaoge.errors import InputError, LabelError, UsageError
from biaoge.eval.engines.contract import Engine, engines, find
from biaoge.eval.prediction import Prediction
from biaoge.eval.report.names import file_name
from biaoge.eval.results import SetScore, load, save
from biaoge.eval.sets import NAMES, TruthDocument, TruthSet
from biaoge.eval.sets import load as load_set
from biaoge.files import write_whole

_INDEX = ".index.json"


@dataclass(frozen=True, slots=True)
class _Index:
    """Beside a result: how its set was called, the predictions it was made of (as paths in the folder), its digest."""

    given: str
    kept: Mapping[str, str]
    digest: str = ""


@dataclass(frozen=True, slots=True)
class MeasureOrder:
    """What is measured how.

    `pythons`: interpreters of other environments, by engine; `data`: the folder of the sets.
    """

    folder: Path = EVAL_FOLDER
    limits: Limits = field(default_factory=lambda: Limits(EVAL_SECONDS, EVAL_MEMORY))
    again: Again = "none"
    jobs: int = 1
    pythons: Mapping[str, str] = field(default_factory=dict)
    data: Path | None = None


def engine_named(name: str) -> Engine:
    """biaoge's own readers, and every other engine there is; UsageError for a name that is none."""
    return own(name) if name in OWN else find(name)


def engine_names() -> tuple[str, ...]:
    """All engines by name, our own first."""
    return (*OWN, *engines())


def truth_named(name: str, order: MeasureOrder, on_file: Callable[[str], None] | None = None) -> TruthSet:
    """The set of that name; `set@strength` is the set as scans, which are made where they are not there yet."""
    base, at, strength = name.rpartition("@")
    truth = load_set(base if at else name, order.data)
    if truth.name in NAMES and truth.name != (base if at else name):
        raise UsageError(f"{name}: the set calls itself {truth.name}, as one of biaoge's own; give it another name")
    if not at:
        return truth
    from biaoge.eval.degrade import preset
    from biaoge.eval.scanset import as_scans

    return as_scans(truth, preset(strength), order.folder / "scans", on_file)


def measure(
    given: str, truth: TruthSet, engine: Engine, order: MeasureOrder, on_document: OnDocument | None = None
) -> SetScore:
    """Reads every document of `truth`, the set called `given`, with the engine, scores it, and writes the result."""
    from biaoge.eval.scoring import score_set

    place = results_at(order.folder, truth.name, engine.name)
    called = _called(given)
    if (other := _other(place.parent, called)) is not None:
        raise UsageError(
            f"{order.folder} holds results of another set called {truth.name} ({other}): give one of them another name,"
            " or use another --out"
        )
    how = _run_order(engine.name, order)
    predictions = predict(truth.documents, truth.kind.joined, engine, how, on_document)
    result = replace(score_set(truth, predictions), engine=engine.name)
    save(place, [result])
    kept = {d.name: kept_at(how, engine, predictions[d.name].version, d, truth.kind.joined) for d in truth.documents}
    relative = {name: os.path.relpath(path, order.folder) for name, path in kept.items()}
    index = _Index(called, relative, digest_of(truth))
    write_whole(_index_of(place), msgspec.json.format(msgspec.json.encode(index)).decode() + "\n")
    return result


def results_at(folder: Path, truth: str, engine: str) -> Path:
    """Where the scores of an engine on a set are written."""
    return folder / "results" / file_name(truth) / f"{file_name(engine)}.json"


def measured(folder: Path, on_left_out: Callable[[str], None]) -> tuple[SetScore, ...]:
    """All scores in the folder that can be compared, sets and engines in the order in which they are listed.

    Left out, with the reason told to `on_left_out`, are results that cannot be read, and those of a set whose labels
    (or the code that scores) were others than when it was measured last. UsageError where nothing is left.
    """
    found: list[tuple[float, str, SetScore]] = []
    for path in sorted((folder / "results").glob("*/*.json")):
        if path.name.endswith(_INDEX):
            continue
        index = _read_index(_index_of(path))
        try:
            scores = load(path)
        except LabelError as problem:
            on_left_out(f"{problem}; measure it again")
            continue
        found += [(path.stat().st_mtime, index.digest if index else "", score) for score in scores]
    last = {score.name: digest for _, digest, score in sorted(found, key=lambda f: f[0])}
    out = []
    for _, digest, score in found:
        if digest == last[score.name]:
            out.append(score)
        else:
            on_left_out(f"{score.name} · {score.engine}: measured with other labels or scores; measure it again")
    if not out:
        raise UsageError(f"no results in {folder}: run `biaoge eval run SET` first, or name the folder with --out")
    engines = engine_names()

    def rank(name: str, names: Sequence[str]) -> int:
        return names.index(name) if name in names else len(names)

    return tuple(
        sorted(out, key=lambda s: (rank(s.name.partition("@")[0], NAMES), s.name, rank(s.engine, engines), s.engine))
    )


def digest_of(truth: TruthSet) -> str:
    """Changes with the labels of a set, its documents, and the code that scores."""
    import biaoge.eval as package

    parts = hashlib.sha256()
    for path in sorted(Path(package.__path__[0]).glob("*.py")) + sorted(
        Path(package.__path__[0], "metrics").glob("*.py")
    ):
        parts.update(path.read_bytes())
    parts.update(repr((truth.name, truth.kind)).encode())
    for document in truth.documents:
        labels = [t for tables in (document.tables, *document.alternatives) for t in tables]
        parts.update(
            repr((document.name, document.sha256, labels, len(document.alternatives))).encode("utf-8", "replace")
        )
    return parts.hexdigest()[:16]


class Kept:
    """What lies behind the results in a folder: labelled documents and predictions, looked up when asked for."""

    def __init__(self, order: MeasureOrder) -> None:
        self._order = order
        self._indexes: dict[tuple[str, str], _Index | None] = {}
        self._truths: dict[str, Mapping[str, TruthDocument]] = {}

    def prediction(self, truth: str, engine: str, document: str) -> Prediction | None:
        """What the engine read in the document; `None` where that is no longer kept."""
        index = self._index(truth, engine)
        named = index.kept.get(document) if index else None
        return None if named is None else read_kept(self._order.folder / named)

    def truth(self, name: str, document: str) -> TruthDocument | None:
        """The labelled document; `None` where it is not at hand, or no longer the one that was measured."""
        if name not in self._truths:
            self._truths[name] = self._documents(name)
        return self._truths[name].get(document)

    def _documents(self, name: str) -> Mapping[str, TruthDocument]:
        folder = results_at(self._order.folder, name, "any").parent
        for path in sorted(folder.glob(f"*{_INDEX}")):
            index = self._index(name, path.name.removesuffix(_INDEX))
            if index is None:
                continue
            try:
                truth = truth_named(index.given, self._order)
                if digest_of(truth) == index.digest:
                    return {d.name: d for d in truth.documents}
            except (UsageError, LabelError, InputError):
                continue
        return {}

    def _index(self, truth: str, engine: str) -> _Index | None:
        if (truth, engine) not in self._indexes:
            self._indexes[truth, engine] = _read_index(_index_of(results_at(self._order.folder, truth, engine)))
        return self._indexes[truth, engine]


def why_not(names: Iterable[str], order: MeasureOrder) -> Mapping[str, str | None]:
    """For every engine the reason why it cannot run here, `None` where it can."""
    return {name: about(engine_named(name), order.pythons.get(name))[1] for name in names}


def _run_order(engine: str, order: MeasureOrder) -> RunOrder:
    return RunOrder(order.folder / "predictions", order.limits, order.again, order.jobs, order.pythons.get(engine))


def _index_of(place: Path) -> Path:
    return place.with_name(place.name.removesuffix(".json") + _INDEX)


def _read_index(path: Path) -> _Index | None:
    try:
        return msgspec.json.decode(path.read_bytes(), type=_Index)
    except (OSError, msgspec.MsgspecError):
        return None


def _other(folder: Path, called: str) -> str | None:
    """How another set is called whose results lie in the folder; `None` where it is this one's, or empty."""
    for path in sorted(folder.glob(f"*{_INDEX}")):
        index = _read_index(path)
        if index is not None and index.given != called:
            return index.given
    return None


def _called(given: str) -> str:
    """A set's name, or the whole path of its file, with the strength."""
    base, at, strength = given.rpartition("@")
    path = base if at else given
    return str(Path(path).resolve()) + at + (strength if at else "") if path.endswith(".toml") else given
