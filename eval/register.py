"""Makes a set of a folder: finds its documents and their labels, works out digests and tags. See docs/truth.md."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from biaoge.errors import LabelError, UsageError
from biaoge.files import sha256_of

from .labels import Format, icdar2013
from .labels import read as read_labels
from .setfiles import Listed, SetFile, Unit

ENDINGS: Mapping[Format, str] = {
    "grid": ".grid",
    "html": ".html",
    "pubtabnet": ".jsonl",
    "icdar2013": icdar2013.STRUCTURE,
    "json": ".json",
}
IMAGES = (".png", ".jpg", ".jpeg", ".tif", ".tiff", ".bmp", ".webp")
DOCUMENTS = (".pdf", *IMAGES)

_WORD, _NO_WORD = re.compile(r"[^\s,|\\]+"), re.compile(r"[\s,|\\]+")
# Words in a PDF's Creator or Producer and the tag they give; the first that is found counts.
_PRODUCERS = {
    "wps 表格": "wps-sheet",
    "wps 文字": "wps-writer",
    "wps": "wps",
    "for excel": "excel",
    "excel": "excel",
    "word": "word",
    "indesign": "indesign",
    "libreoffice": "libreoffice",
    "openoffice": "openoffice",
    "chromium": "chromium",
    "skia": "chromium",
    "weasyprint": "weasyprint",
    "latex": "tex",
    "pdftex": "tex",
    "xetex": "tex",
    "luatex": "tex",
    "ghostscript": "ghostscript",
    "quartz": "quartz",
    "distiller": "distiller",
    "acrobat": "acrobat",
    "itext": "itext",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What a set is to be. `form`: the format of its labels, told by the endings of files where it is left out.

    `labels`: the folder of the labels, below that of the documents; `name`: one word, else the folder's; `joined`,
    `blanks`, `complete`, `unit`: see `biaoge.eval.sets.Kind`, the unit left out is pixels where all documents are
    images; `empty`: documents without labels hold no table (else they are left out).
    """

    form: Format | None = None
    labels: str = "."
    name: str | None = None
    joined: bool = False
    blanks: bool = True
    complete: bool = True
    unit: Unit | None = None
    empty: bool = False


USUAL = Wanted()


def register(folder: Path, wanted: Wanted = USUAL) -> SetFile:
    """The set of the documents below `folder` and of their labels below `folder` / `wanted.labels`.

    Documents without a label are left out, and their number can be told from `unlabelled`, or listed without labels
    where `wanted.empty` says so. UsageError where there is no label (unless `empty` and the format are given) or
    several formats, and for a name that is no word; LabelError for a label that cannot be read or belongs to no
    document. Write the result with `biaoge.eval.setfiles.write`.
    """
    if wanted.name is not None and not _WORD.fullmatch(wanted.name):
        raise UsageError(f"the name of a set is one word without comma, bar or backslash, not {wanted.name!r}")
    place = folder / wanted.labels
    files = _files(place)
    form = wanted.form or _format_of(files, place)
    found = [path for path in files if path.name.endswith(ENDINGS[form])]
    if not found and not wanted.empty:
        raise UsageError(f"no labels in {place}: no file ends in {ENDINGS[form]}")
    documents = {path.relative_to(folder).as_posix(): path for path in _files(folder) if _is_document(path)}
    own: dict[str, list[str]] = {}
    others: dict[str, dict[str, list[str]]] = {}
    for path in found:
        label = path.relative_to(folder).as_posix()
        for file, alternative in _owners(form, path, documents):
            if alternative is None:
                own.setdefault(file, []).append(label)
            else:
                others.setdefault(file, {}).setdefault(alternative, []).append(label)
    if without := sorted(others.keys() - own.keys()):
        raise LabelError(f"{folder}: {without[0]} has another truth, but none to be another to")
    chosen = sorted(documents if wanted.empty else own)
    if not chosen:
        raise UsageError(f"no documents in {folder}: no file ends in {', '.join(DOCUMENTS)}")
    listed = tuple(
        Listed(
            file,
            sha256_of(documents[file]),
            tuple(sorted(own.get(file, ()))),
            tuple(tuple(sorted(group)) for _, group in sorted(others.get(file, {}).items())),
            _producer(documents[file]),
        )
        for file in chosen
    )
    images = all(file.lower().endswith(IMAGES) for file in chosen)
    return SetFile(
        name=wanted.name or _NO_WORD.sub("-", folder.resolve().name) or "set",
        format=form,
        unit=wanted.unit or ("px" if images else "pt"),
        joined=wanted.joined,
        blanks=wanted.blanks,
        complete=wanted.complete,
        documents=listed,
    )


def unlabelled(folder: Path, found: SetFile) -> tuple[str, ...]:
    """The documents below the folder that the set does not list."""
    listed = {document.file for document in found.documents}
    files = (path.relative_to(folder).as_posix() for path in _files(folder) if _is_document(path))
    return tuple(file for file in files if file not in listed)


def _files(folder: Path) -> list[Path]:
    """All files below the folder, sorted; hidden ones and those in hidden folders left out."""
    if not folder.is_dir():
        raise UsageError(f"no folder {folder}")
    out = []
    for parent, folders, names in os.walk(folder):
        folders[:] = [f for f in folders if not f.startswith(".")]
        out += [Path(parent) / name for name in names if not name.startswith(".")]
    return sorted(out)


def _is_document(path: Path) -> bool:
    return path.suffix.lower() in DOCUMENTS


def _format_of(files: Sequence[Path], folder: Path) -> Format:
    there = [form for form, ending in ENDINGS.items() if any(path.name.endswith(ending) for path in files)]
    if len(there) != 1:
        what = f"labels of several formats ({', '.join(there)})" if there else "no labels"
        raise UsageError(f"{what} in {folder}: say which format; the endings are {', '.join(ENDINGS.values())}")
    return there[0]


def _owners(form: Format, label: Path, documents: Mapping[str, Path]) -> list[tuple[str, str | None]]:
    """The documents that the tables of the label file belong to, each with the name of the other truth they make."""
    if form == "icdar2013":
        return [_pair(label, label.name.removesuffix(icdar2013.STRUCTURE), documents)]
    tables = read_labels(form, label, label)
    if form == "html":
        return [(_by_stem(label, label.name.removesuffix(".html"), documents), None)]
    if form == "grid":
        # The file's name is the document's and the table's place in it.
        return [(_by_stem(label, label.name.removesuffix(".grid"), documents), None)]
    owners: dict[tuple[str, str | None], None] = {}
    for table in tables:
        names = [f for f in documents if f == table.file or f.endswith(f"/{table.file}")]
        if len(names) != 1:
            raise LabelError(f"{label}: labels {table.file}, {_which(names)}")
        owners[names[0], table.alternative] = None
    return list(owners)


def _by_stem(label: Path, name: str, documents: Mapping[str, Path]) -> str:
    """The document of the longest name that `name` is, or goes on from with a point; one beside the label first."""
    fitting = [f for f, path in documents.items() if name == path.stem or name.startswith(f"{path.stem}.")]
    longest = max((len(documents[f].stem) for f in fitting), default=0)
    fitting = [f for f in fitting if len(documents[f].stem) == longest]
    beside = [f for f in fitting if documents[f].parent == label.parent]
    if len(beside or fitting) != 1:
        raise LabelError(f"{label}: a label of {name}, {_which(fitting)}")
    return (beside or fitting)[0]


def _pair(label: Path, name: str, documents: Mapping[str, Path]) -> tuple[str, str | None]:
    """As `_by_stem`; the competition ends the names of other truths in the next letter: `eu-009b` is of `eu-009a`."""
    if any(path.stem == name for path in documents.values()) or name[-1:] not in "bcdefgh":
        return _by_stem(label, name, documents), None
    return _by_stem(label, f"{name[:-1]}a", documents), name


def _which(names: Sequence[str]) -> str:
    return f"which may be any of {', '.join(names)}" if names else "which is not there"


def _producer(path: Path) -> tuple[str, ...]:
    """`producer-…` of a PDF whose writer is known by name; () for others, and for those that cannot be opened."""
    if path.suffix.lower() != ".pdf":
        return ()
    import pypdfium2

    try:
        document = pypdfium2.PdfDocument(path)
    except pypdfium2.PdfiumError:
        return ()
    try:
        said = document.get_metadata_dict()
    finally:
        document.close()
    for text in (said.get("Creator", ""), said.get("Producer", "")):
        for word, tag in _PRODUCERS.items():
            if word in text.lower():
                return (f"producer-{tag}",)
    return ()
