"""What the page of one document shows: its pages drawn over, its tables beside their labels, what is wrong."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from biaoge.errors import BiaogeError
from biaoge.model import HEADER_ROLES, Cell, Finding, Table

from ..prediction import Prediction
from ..results import DocumentScore, Mistake, TableScore
from ..sets import Kind, TruthDocument, TruthTable
from .marks import Mark, Place, marks
from .overlay import TRUTH, Layer, Picture, Shape, ordered, pages_of, picture, shapes
from .summary import Settings

Render = Callable[[Path, int, float], bytes]
"""Takes a file, a page from 1 and dots per inch; gives a PNG or WebP. A BiaogeError: there is no picture."""

# Cells of one table that are written out; a larger one is cut after the last whole row.
MOST_CELLS = 20_000


@dataclass(frozen=True, slots=True)
class Reader:
    """One engine's part in a document. `name`: its class in the page, `e0` for the first."""

    name: str
    engine: str
    score: DocumentScore
    prediction: Prediction | None

    def table(self, score: TableScore) -> Table | None:
        """The predicted table of a score, `None` where there is none, or the prediction is not at hand."""
        tables = self.prediction.reading.tables if self.prediction and self.prediction.reading else ()
        return tables[score.predicted] if score.predicted is not None and score.predicted < len(tables) else None


@dataclass(frozen=True, slots=True)
class GridCell:
    """A cell as it is written: `kind` of its mark or "", `head` for `th`."""

    text: str
    rowspan: int
    colspan: int
    head: bool
    kind: str
    sign: str
    title: str


@dataclass(frozen=True, slots=True)
class Grid:
    """A table as it is written, row by row; `cut`: rows that were too many."""

    rows: tuple[tuple[GridCell, ...], ...]
    n_rows: int
    n_cols: int
    cut: int


@dataclass(frozen=True, slots=True)
class Match:
    """What one engine gave for a table: `state` is exact, inexact, missed or extra; grids where there is to compare."""

    reader: Reader
    score: TableScore
    state: str
    true: Grid | None
    predicted: Grid | None
    differences: int
    mistakes: tuple[Mistake, ...]


@dataclass(frozen=True, slots=True)
class Entry:
    """A labelled table with what every engine gave for it, or the tables too many of one engine."""

    title: str
    tags: tuple[str, ...]
    true: Grid | None
    matches: tuple[Match, ...]


@dataclass(frozen=True, slots=True)
class Sheet:
    """A page with its picture and layers; sizes in points. `missing`: why there is no picture."""

    number: int
    width: float
    height: float
    picture: Picture | None
    layers: tuple[Layer, ...]
    missing: str | None


@dataclass(frozen=True, slots=True)
class Drill:
    """All of a document's page. `left_out`: pages with tables of which there is no picture, for their number."""

    set: str
    document: TruthDocument
    readers: tuple[Reader, ...]
    sheets: tuple[Sheet, ...]
    left_out: tuple[int, ...]
    entries: tuple[Entry, ...]


@dataclass(frozen=True, slots=True)
class Case:
    """A document of a set with its readers, the best engine of the set first."""

    set: str
    kind: Kind
    document: TruthDocument
    readers: tuple[Reader, ...]


def drill(case: Case, render: Render | None, settings: Settings) -> Drill:
    """The page of one document; without `render` it has no pictures."""
    labels = _labels(case.document)
    found = {
        reader.name: {id(s): marks(reader.table(s), _true(s, labels), case.kind.blanks) for s in _known(reader)}
        for reader in case.readers
    }
    pages, left_out = _chosen(case, labels, settings.most_pages)
    sheets = tuple(_sheet(case, number, found, labels, (render, settings.dpi)) for number in pages)
    return Drill(case.set, case.document, case.readers, sheets, left_out, _entries(case, labels, found))


def findings_of(reader: Reader) -> tuple[Finding, ...]:
    """The findings of the reading."""
    return reader.prediction.reading.findings if reader.prediction and reader.prediction.reading else ()


Labels = Mapping[str, TruthTable]
Found = Mapping[str, Mapping[int, Mapping[Place, Mark]]]
"""By name of the reader and identity of the table's score: the marks."""


def _labels(document: TruthDocument) -> Labels:
    """Labelled tables by id, those of alternative truths among them."""
    everyone = [*document.tables, *(t for other in document.alternatives for t in other)]
    return {table.id: table for table in reversed(everyone)}


def _label(score: TableScore, labels: Labels) -> TruthTable | None:
    """What the score was measured by, `None` where there is nothing or it is not at hand."""
    return None if score.label is None else labels.get(score.label)


def _true(score: TableScore, labels: Labels) -> Table | None:
    label = _label(score, labels)
    return label.table if label else None


def _known(reader: Reader) -> list[TableScore]:
    """The scores that can be shown: of tables not found, or found with the prediction at hand."""
    return [s for s in reader.score.tables if not s.found or reader.table(s) is not None]


def _chosen(case: Case, labels: Labels, most: int) -> tuple[list[int], tuple[int, ...]]:
    """The pages to show and those left out; where there are too many, those with a mistake go first."""
    where: set[int] = set()
    wrong: set[int] = set()
    for reader in case.readers:
        for score in reader.score.tables:
            label, predicted = _label(score, labels), reader.table(score)
            here = pages_of(predicted) if predicted else set()
            if label is not None:
                here |= pages_of(label.table) | set(label.pages)
            where |= here
            wrong |= here if not score.exact() else set()
    chosen = sorted(sorted(where), key=lambda n: n not in wrong)[:most]
    return sorted(chosen), tuple(sorted(where - set(chosen)))


def _sheet(case: Case, number: int, found: Found, labels: Labels, drawing: tuple[Render | None, float]) -> Sheet:
    layers = [Layer(TRUTH, _of_truth(number, labels))]
    for reader in case.readers:
        drawn = []
        for score in _known(reader):
            if (table := reader.table(score)) is not None:
                title = f"{reader.engine}: {score.id}"
                drawn += shapes(table, number, title, found[reader.name][id(score)])
        layers.append(Layer(reader.name, tuple(drawn)))
    kept = ordered(layers)
    render, dpi = drawing
    try:
        image = None if render is None else picture(render(case.document.pdf, number, dpi))
        # From pixels of the picture to points, or, where labels count the pixels of an image, to those.
        scale = _pixels(case.document.pdf, image) if image and case.kind.unit == "px" else 72 / dpi
        missing = None if image else "no picture"
    except (BiaogeError, OSError, ValueError) as problem:
        image, scale, missing = None, 1.0, f"no picture: {problem}"
    width = max([s.x + s.width for layer in kept for s in layer.shapes], default=595.0)
    height = max([s.y + s.height for layer in kept for s in layer.shapes], default=842.0)
    if image is not None:
        width, height = image.width * scale, image.height * scale
    return Sheet(number, round(width, 2), round(height, 2), image, kept, missing)


def _pixels(file: Path, image: Picture) -> float:
    """Pixels of the image file for one of its picture."""
    from PIL import Image

    with Image.open(file) as original:
        return original.width / image.width


def _of_truth(number: int, labels: Labels) -> tuple[Shape, ...]:
    out: list[Shape] = []
    for label in labels.values():
        out += shapes(label.table, number, f"label {label.id}", {})
    return tuple(out)


def _entries(case: Case, labels: Labels, found: Found) -> tuple[Entry, ...]:
    """The labels in their order that were the measure of a reader, alternative ones by their own ids and those of the
    tables they stand for; then the tables too many.
    """
    scores = [s for reader in case.readers for s in reader.score.tables]
    used = {(s.label, s.id) for s in scores if s.label is not None and s.label in labels}
    ids = [t.id for t in case.document.tables] + [t.id for other in case.document.alternatives for t in other]
    out = []
    for name, stands_for in sorted(used, key=lambda key: (ids.index(key[0]), key[1])):
        matches = [
            _match(reader, score, labels, found)
            for reader in case.readers
            for score in reader.score.tables
            if (score.label, score.id) == (name, stands_for)
        ]
        label = labels[name]
        title = label.id if label.id == stands_for else f"{label.id} for {stands_for}"
        out.append(Entry(title, label.tags, _grid(label.table, {}, "true"), tuple(matches)))
    for reader in case.readers:
        extra = tuple(_match(reader, s, labels, found) for s in reader.score.tables if not s.labelled)
        out += [Entry(f"{match.score.id} ({reader.engine})", (), None, (match,)) for match in extra]
    return tuple(out)


def _match(reader: Reader, score: TableScore, labels: Labels, found: Found) -> Match:
    state = "extra" if not score.labelled else "missed" if not score.found else "exact" if score.exact() else "inexact"
    here = found[reader.name].get(id(score), {})
    true, predicted = _true(score, labels), reader.table(score)
    return Match(
        reader,
        score,
        state,
        _grid(true, here, "true") if true and state == "inexact" and predicted else None,
        _grid(predicted, here, "predicted") if predicted and state in ("inexact", "extra") else None,
        len(here),
        score.mistakes,
    )


def _grid(table: Table, marks: Mapping[Place, Mark], side: str) -> Grid:
    """The rows of one side; a mark stands where that side has the cell."""
    rows: list[list[GridCell]] = [[] for _ in range(table.n_rows)]
    for cell in table.cells:
        rows[cell.row].append(_cell(cell, marks.get((cell.row, cell.col)), side))
    written, cells = 0, 0
    for row in rows:
        cells += len(row)
        if cells > MOST_CELLS:
            break
        written += 1
    return Grid(tuple(tuple(row) for row in rows[:written]), table.n_rows, table.n_cols, table.n_rows - written)


def _cell(cell: Cell, mark: Mark | None, side: str) -> GridCell:
    if mark is not None and (mark.true if side == "true" else mark.predicted) is None:
        mark = None
    head = cell.role in HEADER_ROLES or cell.role in ("row_header", "section")
    text = "" if cell.text is None else cell.text
    if mark is None:
        return GridCell(text, cell.rowspan, cell.colspan, head, "unread" if cell.text is None else "", "", "")
    return GridCell(text, cell.rowspan, cell.colspan, head, mark.kind, mark.sign, mark.title)
