"""Labelled documents to measure on: the sets of the registry, and any other by the path of its TOML file.

The registry (`registry/*.toml`) lists the project's own samples and the sets of the data folder: `$BIAOGE_DATA`, or
`shared/data` beside the project's own folder. docs/truth.md tells how to make a set.
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath

from biaoge.errors import LabelError, UsageError
from biaoge.files import sha256_of
from biaoge.model import Table

from . import setfiles
from .labels import Labelled, filled
from .labels import read as read_labels
from .setfiles import Listed, SetFile, Unit
from .tags import tags_of

__all__ = ["NAMES", "OWN", "SAMPLES", "Kind", "TruthDocument", "TruthSet", "TruthTable", "data_root", "filled", "load"]

_HERE = Path(__file__).resolve().parent
_HOME = _HERE.parent
SAMPLES = "samples"
OWN = (SAMPLES, "sample_scans")
"""The sets whose files are the project's own; those of the others are in the data folder."""
NAMES = (
    *(*OWN, "govcn_xxgk", "govcn_xxgk_pages", "govcn_budget", "cn_pdfs", "icdar2013"),
    *("unstructured_eval", "camelot", "tabula_java", "pubtabnet_examples", "cn_images"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """What the labels of a set mean.

    `joined`: a table that runs over pages is one label (else one a page); `blanks`: empty cells are labelled;
    `complete`: every table of the document is labelled, so that another one found is wrong; `unit`: of boxes, points
    or, where the documents are images, their pixels.
    """

    joined: bool = False
    blanks: bool = True
    complete: bool = True
    unit: Unit = "pt"


@dataclass(frozen=True, slots=True)
class TruthTable:
    """A labelled table, by an id that no other of its set has.

    `pages`: where it stands, from 1, empty where unknown; its box is in `table.parts`.

    `tags`: see `biaoge.eval.tags`, and those of the label; `note`: what its labeller remarked.
    """

    id: str
    pages: tuple[int, ...]
    table: Table
    tags: tuple[str, ...] = ()
    note: str | None = None


@dataclass(frozen=True, slots=True)
class TruthDocument:
    """A PDF or an image (`pdf`) and its labelled tables, in the order of their pages.

    `alternatives`: other truths, each of which takes the place of the tables on its pages; whichever suits a reading
    best is the one to score it by. `tags`: of the document, such as its producer. A document without a labelled table
    holds none.
    """

    name: str
    pdf: Path
    tables: tuple[TruthTable, ...]
    alternatives: tuple[tuple[TruthTable, ...], ...] = ()
    tags: tuple[str, ...] = ()
    sha256: str | None = None


@dataclass(frozen=True, slots=True)
class TruthSet:
    """A set by name, what its labels mean, and its documents in the order of their names."""

    name: str
    kind: Kind
    documents: tuple[TruthDocument, ...]
    title: str = ""
    licence: str = ""
    origin: str = ""


def data_root() -> Path:
    """The data folder; UsageError where it is absent."""
    named = os.environ.get("BIAOGE_DATA")
    root = Path(named) if named else _HOME.parent / "shared" / "data"
    if not root.is_dir():
        raise UsageError(f"no data folder at {root}: set BIAOGE_DATA to the folder that holds the labelled sets")
    return root


def load(name: str | Path, root: Path | None = None, verify: bool = True) -> TruthSet:
    """The set of that name, or the one in the TOML file of that path.

    `root`: the data folder where it is not the usual one. With `verify` every document must have the digest that the
    set gives. Where documents share an id of a table, it becomes `<document>:<id>` in all of them. UsageError for a
    name that is not known or a folder that is absent, LabelError for labels that break their rules and for a file that
    is absent or another one.
    """
    path = _HERE / "registry" / f"{name}.toml" if name in NAMES else Path(name)
    if path.suffix != ".toml" or not path.is_file():
        raise UsageError(
            f"no set named {str(name)!r}; there are {', '.join(NAMES)}, and the paths of set files (.toml)"
        )
    said = setfiles.read(path)
    folder = _folder(said, path, root)
    if not folder.is_dir():
        raise UsageError(f"no folder {folder} for the set {said.name}")
    reader = _Reader(said, folder)
    listed = said.documents if said.index is None else _indexed(reader, folder / said.index)
    names = _names(listed)
    documents = []
    for entry in listed:
        file = folder / entry.file
        if not file.is_file():
            raise LabelError(f"{path}: {file} is not there")
        if verify and sha256_of(file) != entry.sha256:
            raise LabelError(f"{path}: {file} is not the file that was labelled: its SHA-256 is not {entry.sha256}")
        documents.append(reader.document(names[entry.file], entry))
    documents.sort(key=lambda document: document.name)
    kind = Kind(joined=said.joined, blanks=said.blanks, complete=said.complete, unit=said.unit)
    return TruthSet(said.name, kind, _told_apart(path, documents), said.title, said.licence, said.origin)


def _folder(said: SetFile, path: Path, root: Path | None) -> Path:
    if said.root == "data":
        return (root or data_root()) / said.folder
    return (_HOME if said.root == "project" else path.parent) / said.folder


def _names(listed: Sequence[Listed]) -> Mapping[str, str]:
    """File -> the document's name: the file's without its ending where no other has that name, else the whole path."""
    stems = {entry.file: PurePosixPath(entry.file).stem for entry in listed}
    times = Counter([*stems.values(), *stems])
    return {file: stem if times[stem] == 1 else file for file, stem in stems.items()}


def _told_apart(path: Path, documents: Sequence[TruthDocument]) -> tuple[TruthDocument, ...]:
    """The documents, the ids that several of them share preceded by the document's name in all of them."""
    times = _ids(documents)

    def renamed(document: TruthDocument, tables: Sequence[TruthTable]) -> tuple[TruthTable, ...]:
        return tuple(replace(t, id=f"{document.name}:{t.id}") if times[t.id] > 1 else t for t in tables)

    apart = tuple(
        replace(d, tables=renamed(d, d.tables), alternatives=tuple(renamed(d, other) for other in d.alternatives))
        for d in documents
    )
    if twice := [name for name, number in _ids(apart).items() if number > 1]:
        raise LabelError(f"{path}: two tables are named {twice[0]!r}")
    return apart


def _ids(documents: Sequence[TruthDocument]) -> Counter[str]:
    return Counter(t.id for d in documents for tables in (d.tables, *d.alternatives) for t in tables)


def _belongs(named: str, file: str) -> bool:
    """Whether a label's name of a document can be that path: the last parts of both are the same."""
    one, two = PurePosixPath(named).parts, PurePosixPath(file).parts
    shared = min(len(one), len(two))
    return shared > 0 and one[-shared:] == two[-shared:]


class _Reader:
    """Reads the labels of one set; a file that labels several documents is read once."""

    def __init__(self, said: SetFile, folder: Path) -> None:
        self.said, self.folder = said, folder
        self.seen: dict[Path, tuple[Labelled, ...]] = {}
        self.samples: dict[str, tuple[Path, ...]] = {}

    def document(self, name: str, entry: Listed) -> TruthDocument:
        file = self.folder / entry.file
        if entry.file in self.samples:
            tables = self._sample(name, self.samples[entry.file])
        else:
            tables = self._tables(entry.labels, entry.file) if entry.labels else ()
        others = tuple(self._tables(labels, entry.file) for labels in entry.alternatives)
        times = Counter(table.id for truth in (tables, *others) for table in truth)
        if twice := [name for name, number in times.items() if number > 1]:
            raise LabelError(f"{file}: two tables are named {twice[0]!r}")
        return TruthDocument(name, file, tables, others, entry.tags, entry.sha256)

    def _tables(self, labels: Sequence[str], file: str) -> tuple[TruthTable, ...]:
        found = [table for label in labels for table in self._read(self.folder / label, self.folder / file)]
        own = [t for t in found if t.file is None or _belongs(t.file, file)]
        # The set says whose labels they are, also where the document lies elsewhere than they tell.
        name = PurePosixPath(file).name
        own = own or [t for t in found if t.file is not None and PurePosixPath(t.file).name == name]
        if not own:
            raise LabelError(f"{', '.join(labels)} in {self.folder}: no table of {file}")
        tables = [TruthTable(t.id, t.pages, t.table, (*t.tags, *tags_of(t.table, t.pages)), t.note) for t in own]
        return tuple(sorted(tables, key=lambda table: (table.pages, table.id)))

    def _read(self, label: Path, file: Path) -> tuple[Labelled, ...]:
        if label not in self.seen:
            self.seen[label] = read_labels(self.said.format, label, file)
        return self.seen[label]

    def _sample(self, name: str, labels: Sequence[Path]) -> tuple[TruthTable, ...]:
        """The tables of a sample in their order. A label's page and tags are those of the original, not its own."""
        from .gridtext import read

        found = sorted((read(path) for path in labels), key=lambda label: label.ordinal)
        return tuple(
            TruthTable(f"{name}:{label.name}", (), label.table, tags_of(label.table), label.note) for label in found
        )


def _indexed(reader: _Reader, index: Path) -> tuple[Listed, ...]:
    """The samples of the index; the truth of each is the labels of its report, or files of its own."""
    from .typeset.index import NAME, read_index

    if index.name != NAME or not index.is_file():
        raise UsageError(f"no samples: {index} is absent")
    listed = []
    for entry in read_index(index.parent):
        paths = [index.parent / name for name in entry.truth]
        if entry.report is not None:
            paths = sorted((_HERE / "truth").glob(f"{entry.report}.*.grid"))
            if entry.tables:
                paths = [path for path in paths if int(path.stem.rpartition(".")[2]) in entry.tables]
        if not paths or len(paths) < len(entry.tables):
            raise LabelError(f"{index}: no labels of {entry.report!r} in {_HERE / 'truth'}")
        reader.samples[entry.pdf] = tuple(paths)
        # The same report by several producers is one original, drawn again as one.
        source = (f"source-{entry.report}",) if entry.report else ()
        tags = (f"producer-{entry.producer}", *source, *entry.tags)
        listed.append(Listed(entry.pdf, entry.sha256, (), tags=tags))
    return tuple(listed)
