"""The result of a measurement: one `SetScore` for an engine on a set, made of documents, made of tables.

All of it is counts, which add up; rates are worked out where they are shown. Read from and written to JSON by
`load` and `save`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from biaoge.errors import LabelError
from biaoge.files import write_whole

from .metrics.cells import Difference
from .metrics.counts import Counts
from .metrics.levels import Level
from .sets import Kind

# Equal parts of 0 to 1 that confidences are sorted into.
CONFIDENCE_BINS = 20


@dataclass(frozen=True, slots=True)
class Edits:
    """Single-character edits between texts and true texts, and the number of true characters; adds up."""

    edits: int = 0
    characters: int = 0

    @property
    def rate(self) -> float:
        """Edits for each true character; 0 where there is nothing to read and nothing was read."""
        return self.edits / self.characters if self.characters else float(self.edits > 0)

    def __add__(self, other: Edits) -> Edits:
        return Edits(self.edits + other.edits, self.characters + other.characters)


@dataclass(frozen=True, slots=True)
class Silence:
    """Wrong cells and those among them that nothing warns of; adds up."""

    cells: int = 0
    wrong: int = 0
    silent: int = 0

    @property
    def rate(self) -> float:
        """Silent errors for each predicted cell; 0 where none was predicted."""
        return self.silent / self.cells if self.cells else 0.0

    def __add__(self, other: Silence) -> Silence:
        return Silence(self.cells + other.cells, self.wrong + other.wrong, self.silent + other.silent)


@dataclass(frozen=True, slots=True)
class ConfidenceBin:
    """Predicted cells with confidence in one of `CONFIDENCE_BINS` equal parts of 0 to 1, and how many are right."""

    cells: int = 0
    right: int = 0
    confidence: float = 0.0

    def __add__(self, other: ConfidenceBin) -> ConfidenceBin:
        return ConfidenceBin(self.cells + other.cells, self.right + other.right, self.confidence + other.confidence)


@dataclass(frozen=True, slots=True)
class Mistake:
    """One entry of the error taxonomy: how often it happened in a table, and the cells that would then be right.

    `gain`: matched cells (folded) that the table would have more if all mistakes of this kind were put right.
    """

    kind: str
    count: int
    gain: float


@dataclass(frozen=True, slots=True)
class TableScore:
    """A labelled table with what was found for it, or a table found where none is labelled.

    `id` is that of the document's label, whichever alternative it was measured by; of a found table without label it is
    `document:extra@pages`, and `document:extra@pages#2` for the second on those pages. `label`: the id of the label it
    was measured by, `None` without one. `predicted`: the number of the table in the reading; `true`: its number among
    the labels the document was measured by, as `DocumentScore.tables` has them. `facts` and `headers` are `None` where
    the label has no roles. `boxed`: the label has the boxes of its cells; `grits_loc` is `None` where it has not, and
    where the engine gave a table without a box. Unless said otherwise texts are compared at level `folded`.
    """

    id: str
    label: str | None
    document: str
    tags: tuple[str, ...]
    predicted: int | None
    true: int | None
    levels: Mapping[Level, Counts]
    structure: Counts
    spans: Counts
    facts: Counts | None
    headers: Counts | None
    adjacency: Counts
    teds: float
    teds_struct: float
    grits_top: float
    grits_con: float
    grits_loc: float | None
    characters: Edits
    numbers: Counts
    silence: Silence
    confidence: tuple[ConfidenceBin, ...]
    boxed: bool
    mistakes: tuple[Mistake, ...] = ()
    differences: tuple[Difference, ...] = ()

    @property
    def found(self) -> bool:
        """Whether the engine gave a table here."""
        return self.predicted is not None

    @property
    def labelled(self) -> bool:
        """Whether there is a table here."""
        return self.true is not None

    def exact(self, level: Level = "folded") -> bool:
        """Every cell of the label found, and no other."""
        return self.found and self.labelled and self.levels[level].exact


@dataclass(frozen=True, slots=True)
class DocumentScore:
    """A document. `detection`: tables found at their place.

    `error` says why an engine has no reading of it; then none of its tables is found.
    """

    name: str
    tags: tuple[str, ...]
    tables: tuple[TableScore, ...]
    detection: Counts
    error: str | None = None
    seconds: float = 0.0
    peak: int | None = None

    def cells(self, level: Level = "folded") -> Counts:
        """Cells of all its tables together."""
        return sum((t.levels[level] for t in self.tables), Counts())

    def exact(self, level: Level = "folded") -> int:
        """Its labelled tables of which every cell is right and none is added."""
        return sum(t.exact(level) for t in self.tables)

    def straight_through(self, level: Level = "folded") -> bool:
        """Not a single error: read, every labelled table exact, no table too many."""
        return self.error is None and all(t.exact(level) for t in self.tables)


@dataclass(frozen=True, slots=True)
class SetScore:
    """What an engine made of a set."""

    name: str
    engine: str
    version: str
    kind: Kind
    documents: tuple[DocumentScore, ...]

    @property
    def tables(self) -> tuple[TableScore, ...]:
        """All tables in the order of their documents."""
        return tuple(t for d in self.documents for t in d.tables)

    @property
    def seconds(self) -> float:
        """Seconds of reading, all documents together."""
        return sum(d.seconds for d in self.documents)

    @property
    def failures(self) -> tuple[tuple[str, str], ...]:
        """Documents without a reading, and why."""
        return tuple((d.name, d.error) for d in self.documents if d.error is not None)

    def cells(self, level: Level = "folded") -> Counts:
        """Cells of all tables together."""
        return sum((d.cells(level) for d in self.documents), Counts())

    def shape(self) -> Counts:
        """Cells of all tables together, by place and span alone."""
        return sum((t.structure for t in self.tables), Counts())

    def labelled(self) -> tuple[TableScore, ...]:
        """The labelled tables."""
        return tuple(t for t in self.tables if t.labelled)

    def exact(self, level: Level = "folded") -> int:
        """Labelled tables of which every cell is right and none is added."""
        return sum(d.exact(level) for d in self.documents)


def save(path: Path, scores: Iterable[SetScore]) -> None:
    """Write the scores as JSON, whole or not at all."""
    import msgspec

    write_whole(path, msgspec.json.format(msgspec.json.encode(list(scores)), indent=1).decode() + "\n")


def load(path: Path) -> tuple[SetScore, ...]:
    """The scores in a file that `save` wrote; LabelError where it is not such a file."""
    import msgspec

    try:
        return tuple(msgspec.json.decode(path.read_bytes(), type=list[SetScore]))
    except (OSError, msgspec.MsgspecError) as problem:
        raise LabelError(f"{path}: not a result of `biaoge eval run`: {problem}") from problem
