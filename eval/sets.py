"""Labelled documents to measure on: the sets of the data folder, and the project's own samples.

The data folder is `$BIAOGE_DATA`, or `shared/data` beside the project's own folder. Each of its sets holds
`gt/<id>.json`, one table a file. Line breaks in labels are joined as the output contract says, places that a label
leaves out become empty cells.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from biaoge.errors import LabelError, TableError, UsageError
from biaoge.model import Box, Cell, Part, Table
from biaoge.text import join_lines

_HOME = Path(__file__).resolve().parent.parent
_LABELS = Path(__file__).resolve().parent / "truth"
SAMPLES = "samples"


@dataclass(frozen=True, slots=True)
class Kind:
    """What the labels of a set mean.

    `joined`: a table that runs over pages is one label (else one a page); `blanks`: empty cells are labelled;
    `complete`: every table of the document is labelled, so that another one found is wrong.
    """

    folder: str
    labels: str = "gt"
    joined: bool = False
    blanks: bool = True
    complete: bool = True


KINDS: Mapping[str, Kind] = {
    "govcn_xxgk": Kind("govcn_xxgk", joined=True),
    "govcn_xxgk_pages": Kind("govcn_xxgk", labels="gt_pages"),
    "govcn_budget": Kind("govcn_budget"),
    "cn_pdfs": Kind("cn_pdfs"),
    "icdar2013": Kind("icdar2013", blanks=False),
    "unstructured_eval": Kind("unstructured_eval", complete=False),
    "camelot": Kind("camelot", complete=False),
    "tabula_java": Kind("tabula_java", complete=False),
}
NAMES = (SAMPLES, *KINDS)


@dataclass(frozen=True, slots=True)
class TruthTable:
    """A labelled table. `pages`: where it stands, from 1, empty where unknown; its box is in `table.parts`."""

    id: str
    pages: tuple[int, ...]
    table: Table


@dataclass(frozen=True, slots=True)
class TruthDocument:
    """A PDF and its labelled tables, in the order of their pages."""

    name: str
    pdf: Path
    tables: tuple[TruthTable, ...]


@dataclass(frozen=True, slots=True)
class TruthSet:
    """A set by name, what its labels mean, and its documents in the order of their names."""

    name: str
    kind: Kind
    documents: tuple[TruthDocument, ...]


def data_root() -> Path:
    """The data folder; UsageError where it is absent."""
    named = os.environ.get("BIAOGE_DATA")
    root = Path(named) if named else _HOME.parent / "shared" / "data"
    if not root.is_dir():
        raise UsageError(f"no data folder at {root}: set BIAOGE_DATA to the folder that holds the labelled sets")
    return root


def load(name: str, root: Path | None = None) -> TruthSet:
    """The set `name`, from `root` (the data folder, or the folder of samples) or from its usual place.

    UsageError for a name that is not known or a folder that is absent, LabelError for labels that break their rules.
    """
    if name == SAMPLES:
        return _samples(root or _HOME / "samples")
    if name not in KINDS:
        raise UsageError(f"no set named {name!r}; there are {', '.join(NAMES)}")
    kind = KINDS[name]
    folder = (root or data_root()) / kind.folder
    labels = sorted((folder / kind.labels).glob("*.json"))
    if not labels:
        raise UsageError(f"no labels in {folder / kind.labels}")
    by_pdf: dict[str, list[TruthTable]] = {}
    for path in labels:
        try:
            pdf, table = _label(path)
        except (KeyError, TypeError, ValueError, TableError) as problem:
            raise LabelError(f"{path}: {type(problem).__name__}: {problem}") from problem
        if table is not None:
            by_pdf.setdefault(pdf, []).append(table)
    documents = []
    for pdf, tables in sorted(by_pdf.items()):
        if not (folder / pdf).is_file():
            raise LabelError(f"{folder / kind.labels} labels {pdf}, which is not there")
        tables.sort(key=lambda t: (t.pages, t.id))
        documents.append(TruthDocument(Path(pdf).stem, folder / pdf, tuple(tables)))
    return TruthSet(name, kind, tuple(documents))


def _label(path: Path) -> tuple[str, TruthTable | None]:
    """The PDF a label file belongs to and the table, `None` where it is another reading of a labelled one."""
    label = json.loads(path.read_text(encoding="utf-8"))
    if label.get("alternative_of"):
        return label["pdf"], None
    n_rows, n_cols = label["n_rows"], label["n_cols"]
    cells = [
        Cell(c["row"], c["col"], join_lines(c["text"].splitlines()), c["rowspan"], c["colspan"]) for c in label["cells"]
    ]
    boxes = label.get("parts") or [{"page": label["page"], "bbox": label["bbox"], "rows": n_rows}]
    parts, row = [], 0
    for part in boxes:
        if part["bbox"]:
            # Parts count a row that the break cuts on both pages.
            last = min(row + part["rows"], n_rows) - 1
            parts.append(Part(part["page"], Box(*part["bbox"]), (min(row, last), last)))
            row = last + 1
    table = Table(n_rows, n_cols, filled(n_rows, n_cols, cells), parts=tuple(parts))
    return label["pdf"], TruthTable(label["id"], tuple(label.get("pages") or [label["page"]]), table)


def filled(n_rows: int, n_cols: int, cells: Iterable[Cell]) -> tuple[Cell, ...]:
    """`cells` and an empty one at every place they leave uncovered.

    >>> [(c.row, c.col, c.text) for c in filled(1, 3, [Cell(0, 0, "a", colspan=2)])]
    [(0, 0, 'a'), (0, 2, '')]
    """
    given = tuple(cells)
    covered = {(r, c) for cell in given for r in cell.rows for c in cell.cols}
    return given + tuple(Cell(r, c) for r in range(n_rows) for c in range(n_cols) if (r, c) not in covered)


def _samples(folder: Path) -> TruthSet:
    """The samples of the index in `folder`; the truth of each is the labels of its report, or files of its own."""
    from .gridtext import read
    from .typeset.index import NAME, read_index

    if not (folder / NAME).is_file():
        raise UsageError(f"no samples: {folder / NAME} is absent")
    documents = []
    for entry in read_index(folder):
        paths = [folder / name for name in entry.truth]
        if entry.report is not None:
            paths = list(_LABELS.glob(f"{entry.report}.*.grid"))
        if not paths:
            raise LabelError(f"{folder / NAME}: no labels of {entry.report!r} in {_LABELS}")
        labels = sorted((read(path) for path in paths), key=lambda label: label.ordinal)
        # A label's page is that of the original, not of the sample.
        tables = tuple(TruthTable(f"{Path(entry.pdf).stem}:{label.name}", (), label.table) for label in labels)
        documents.append(TruthDocument(Path(entry.pdf).stem, folder / entry.pdf, tables))
    documents.sort(key=lambda document: document.name)
    return TruthSet(SAMPLES, Kind(SAMPLES, joined=True), tuple(documents))
