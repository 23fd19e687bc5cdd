"""A set of labelled documents as a TOML file: what its labels mean, and its documents with their digests.

    name = "mine"
    title = "Invoices, typed in by hand"
    origin = "our own"
    licence = "CC0"
    root = "."
    format = "html"

    [[document]]
    file = "a.pdf"
    sha256 = "…"
    labels = ["a.html"]

docs/truth.md tells of every key.
"""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Literal, TypeVar, get_args

from biaoge.errors import LabelError
from biaoge.files import write_whole

from .labels import FORMATS, Format

Root = Literal["data", "project", "."]
Unit = Literal["pt", "px"]
ROOTS: tuple[Root, ...] = get_args(Root)
UNITS: tuple[Unit, ...] = get_args(Unit)

_Choice = TypeVar("_Choice", bound=str)
_SHA256 = re.compile("[0-9a-f]{64}")
_WORD = re.compile(r"[^\s,|\\]+")
_SET_KEYS = (
    *("name", "title", "origin", "licence", "root", "folder", "format", "unit"),
    *("joined", "blanks", "complete", "index", "document"),
)
_DOCUMENT_KEYS = ("file", "sha256", "labels", "alternatives", "tags")


@dataclass(frozen=True, slots=True)
class Listed:
    """A document as its set lists it; paths are relative to the set's folder. No `labels`: it holds no table."""

    file: str
    sha256: str
    labels: tuple[str, ...]
    alternatives: tuple[tuple[str, ...], ...] = ()
    tags: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class SetFile:
    """What a set's TOML says. `index`: a list of samples that stands in for `documents`, relative to the folder."""

    name: str
    title: str = ""
    origin: str = ""
    licence: str = ""
    root: Root = "."
    folder: str = "."
    format: Format = "json"
    unit: Unit = "pt"
    joined: bool = False
    blanks: bool = True
    complete: bool = True
    index: str | None = None
    documents: tuple[Listed, ...] = ()


def read(path: Path) -> SetFile:
    """The set that the file describes; LabelError naming file, document and key."""
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as problem:
        raise LabelError(f"{path}: {problem}") from problem
    return loads(text, str(path))


def loads(text: str, name: str = "set") -> SetFile:
    """The set that `text` describes; `name` stands first in the LabelErrors."""
    try:
        said = tomllib.loads(text)
    except (ValueError, RecursionError) as problem:  # not TOML, or numbers and nesting that no reader takes
        raise LabelError(f"{name}: {problem}") from problem
    at = _At(name, said, _SET_KEYS)
    documents, index = said.get("document", []), at.path("index") if "index" in said else None
    if not isinstance(documents, list) or not all(isinstance(d, dict) for d in documents):
        raise at.error("document", "[[document]] entries expected")
    if bool(documents) == (index is not None):
        raise at.error("document", "either [[document]] entries or an index, and not both")
    return SetFile(
        name=at.word("name"),
        title=at.text("title", ""),
        origin=at.text("origin", ""),
        licence=at.text("licence", ""),
        root=at.one_of("root", ROOTS, "."),
        folder=at.path("folder") if "folder" in said else ".",
        format=at.one_of("format", FORMATS, None),
        unit=at.one_of("unit", UNITS, "pt"),
        joined=at.flag("joined", False),
        blanks=at.flag("blanks", True),
        complete=at.flag("complete", True),
        index=index,
        documents=_documents(name, documents),
    )


def write(path: Path, found: SetFile) -> None:
    """Write the set as TOML, whole or not at all."""
    write_whole(path, dumps(found))


def dumps(found: SetFile) -> str:
    """The set as TOML; what is as usual is left out."""
    usual = SetFile(name=found.name)
    lines = [f"name = {_string(found.name)}"]
    for key in ("title", "origin", "licence", "root", "folder"):
        value = getattr(found, key)
        if value != getattr(usual, key):
            lines.append(f"{key} = {_string(value)}")
    lines.append(f"format = {_string(found.format)}")
    if found.unit != usual.unit:
        lines.append(f"unit = {_string(found.unit)}")
    lines += [f"{k} = {str(getattr(found, k)).lower()}" for k in ("joined", "blanks", "complete")]
    if found.index is not None:
        lines.append(f"index = {_string(found.index)}")
    return "\n".join([*lines, *map(_block, found.documents)]) + "\n"


def _block(document: Listed) -> str:
    lines = ["", "[[document]]", f"file = {_string(document.file)}", f"sha256 = {_string(document.sha256)}"]
    lines.append(f"labels = {_array(document.labels)}")
    if document.alternatives:
        lines.append(f"alternatives = [{', '.join(map(_array, document.alternatives))}]")
    if document.tags:
        lines.append(f"tags = {_array(document.tags)}")
    return "\n".join(lines)


def _array(items: tuple[str, ...]) -> str:
    """On one line where it is short, else an item a line."""
    line = f"[{', '.join(map(_string, items))}]"
    return line if len(line) < 100 else "[\n" + "".join(f"  {_string(item)},\n" for item in items) + "]"


def _string(text: str) -> str:
    # A JSON string is a TOML one, but for DEL, which TOML wants escaped.
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


def _documents(name: str, said: list[dict[str, object]]) -> tuple[Listed, ...]:
    out: list[Listed] = []
    seen: set[str] = set()
    for n, entry in enumerate(said, start=1):
        at = _At(f"{name}: document {n}", entry, _DOCUMENT_KEYS)
        file = at.path("file")
        if file in seen:
            raise at.error("file", f"{file!r} is listed twice")
        seen.add(file)
        sha256 = at.text("sha256", None)
        if not _SHA256.fullmatch(sha256):
            raise at.error("sha256", f"64 hexadecimal digits in small letters expected, not {sha256!r}")
        groups = entry.get("alternatives", [])
        if not isinstance(groups, list):
            raise at.error("alternatives", "a list of lists of paths expected")
        labels = () if entry.get("labels") == [] else at.paths("labels", entry.get("labels"))
        alternatives = tuple(at.paths("alternatives", group) for group in groups)
        tags = at.words("tags", entry.get("tags", []))
        out.append(Listed(file, sha256, labels, alternatives, tags))
    return tuple(out)


class _At:
    """The keys of one table of the file; makes the errors."""

    def __init__(self, name: str, said: Mapping[str, object], known: tuple[str, ...]) -> None:
        self.name, self.said = name, said
        if unknown := [key for key in said if key not in known]:
            raise self.error(unknown[0], f"unknown key; known are {', '.join(known)}")

    def error(self, key: str, message: str) -> LabelError:
        return LabelError(f"{self.name}: {key}: {message}")

    def text(self, key: str, default: str | None) -> str:
        value = self.said.get(key, default)
        if value is None:
            raise self.error(key, "this key is needed")
        if not isinstance(value, str):
            raise self.error(key, f"text expected, not {value!r}")
        return value

    def word(self, key: str) -> str:
        value = self.text(key, None)
        if not _WORD.fullmatch(value):
            raise self.error(key, f"one word without comma, bar or backslash expected, not {value!r}")
        return value

    def words(self, key: str, value: object) -> tuple[str, ...]:
        if not isinstance(value, list) or not all(isinstance(v, str) and _WORD.fullmatch(v) for v in value):
            raise self.error(key, f"a list of words expected, not {value!r}")
        return tuple(value)

    def one_of(self, key: str, choices: tuple[_Choice, ...], default: _Choice | None) -> _Choice:
        value = self.text(key, default)
        for choice in choices:
            if choice == value:
                return choice
        raise self.error(key, f"{value!r} is none of {', '.join(choices)}")

    def flag(self, key: str, default: bool) -> bool:
        value = self.said.get(key, default)
        if not isinstance(value, bool):
            raise self.error(key, f"true or false expected, not {value!r}")
        return value

    def path(self, key: str) -> str:
        return self._path(key, self.text(key, None))

    def paths(self, key: str, value: object) -> tuple[str, ...]:
        if not isinstance(value, list) or not value or not all(isinstance(v, str) for v in value):
            raise self.error(key, f"a list of paths expected, at least one, not {value!r}")
        return tuple(self._path(key, v) for v in value)

    def _path(self, key: str, value: str) -> str:
        path = PurePosixPath(value)
        if not value or path.is_absolute() or ".." in path.parts or "\\" in value:
            raise self.error(key, f"a path inside the set's folder, with /, expected, not {value!r}")
        return value
