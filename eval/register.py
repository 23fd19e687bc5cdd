"""Makes a set of a folder: finds its documents and their labels, works out digests and tags. See docs/truth.md."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping, Sequence
from pathlib import Path

from biaoge.errors import LabelError, UsageError
from biaoge.files import sha256_of

from .labels import Format, icdar2013
from .labels import read as read_labels
from .setfiles import Listed, SetFile
from .sets import Kind

ENDINGS: Mapping[Format, str] = {
    "grid": ".grid",
    "html": ".html",
    "pubtabnet": ".jsonl",
    "icdar2013": icdar2013.STRUCTURE,
    "json": ".json",
}
IMAGES = (".png", ".jpg", ".jpeg", ".tif", ".tiff", ".bmp", ".webp")
DOCUMENTS = (".pdf", *IMAGES)

_NO_WORD = re.compile(r"[\s,|\\]+")
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


def register(
    folder: Path, form: Format | None = None, labels: str = ".", kind: Kind | None = None, name: str | None = None
) -> SetFile:
    """The set of the documents below `folder` that labels of format `form` below `folder/labels` belong to.

    `form`: found by the endings of the files where it is left out. `kind`: what the labels mean; left out, the usual
    (with boxes in pixels where all documents are images). Documents without a label are left out, and their number can
    be told from `unlabelled`. UsageError where there is no label or two formats, LabelError for a label that cannot be
    read or belongs to no document. Write the result with `biaoge.eval.setfiles.write`.
    """
    files = _files(folder / labels)
    form = form or _format_of(files, folder / labels)
    found = [path for path in files if path.name.endswith(ENDINGS[form])]
    if not found:
        raise UsageError(f"no labels in {folder / labels}: no file ends in {ENDINGS[form]}")
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
    listed = tuple(
        Listed(
            file,
            sha256_of(documents[file]),
            tuple(sorted(own[file])),
            tuple(tuple(sorted(group)) for _, group in sorted(others.get(file, {}).items())),
            _producer(documents[file]),
        )
        for file in sorted(own)
    )
    if kind is None:
        kind = Kind(unit="px" if all(f.lower().endswith(IMAGES) for f in own) else "pt")
    return SetFile(
        name=name or _NO_WORD.sub("-", folder.resolve().name) or "set",
        format=form,
        unit=kind.unit,
        joined=kind.joined,
        blanks=kind.blanks,
        complete=kind.complete,
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
