"""The files that a run is asked to read: folders walked, patterns, lists, single files."""

from __future__ import annotations

import fnmatch
import glob
import os
import re
import stat
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from biaoge.app.bulk import ENDINGS
from biaoge.app.store.seen import sniff
from biaoge.errors import UsageError

_GLOB = re.compile(r"[*?\[]")


@dataclass(frozen=True, slots=True)
class Inputs:
    """What to look through. `only`: patterns of which a path or its name must fit one; `since`: seconds since 1970.

    `paths`: folders, files, patterns, and `@FILE` for a list, one path or pattern a line; `leave_out`: a folder that
    is never walked.
    """

    paths: tuple[str, ...]
    only: tuple[str, ...] = ()
    since: float | None = None
    leave_out: Path | None = None


def find(inputs: Inputs) -> Iterator[Path]:
    """Every file once for each way that leads to it, folders in order of names; UsageError where a path leads nowhere.

    In folders those are taken that end like a document or begin like one; what is named itself is taken as it is.
    """
    out = os.path.realpath(inputs.leave_out) if inputs.leave_out else None
    for path, named in _expanded(inputs.paths):
        if path.is_dir():
            files = (file for file in _walk(path, out) if _fits(file, inputs) and _is_document(file))
        elif path.exists() or path.is_symlink():
            files = (file for file in (path,) if _fits(file, inputs))
        else:
            raise UsageError(f"{named}: no such file or folder; check the path")
        yield from files


def check(paths: Sequence[str]) -> None:
    """UsageError where one of `paths` leads nowhere, before anything is begun."""
    for path, named in _expanded(paths):
        if not os.path.lexists(path):
            raise UsageError(f"{named}: no such file or folder; check the path")


def _expanded(paths: Sequence[str]) -> Iterator[tuple[Path, str]]:
    """(path, where it was named) with lists read and patterns expanded."""
    for given in paths:
        if given.startswith("@") and not os.path.lexists(given):
            yield from _listed(Path(given[1:]))
        else:
            yield from ((path, given) for path in _matching(given, given))


def _listed(listing: Path) -> Iterator[tuple[Path, str]]:
    """The paths that stand in a list, relative ones from the folder the user stands in; blank lines and # left out."""
    try:
        lines = listing.read_bytes().splitlines()
    except OSError as error:
        raise UsageError(f"{listing}: the list cannot be read: {error.strerror}") from error
    for number, line in enumerate(lines, 1):
        name = os.fsdecode(line.removeprefix(b"\xef\xbb\xbf")).strip()
        if name and not name.startswith("#"):
            named = f"{listing}, line {number}: {name}"
            yield from ((path, named) for path in _matching(name, named))


def _matching(text: str, named: str) -> Iterator[Path]:
    if os.path.lexists(text) or not _GLOB.search(text):
        yield Path(text)
        return
    found = sorted(glob.glob(text, recursive=True))  # noqa: PTH207  (Path.glob takes no absolute pattern)
    if not found:
        raise UsageError(f"{named}: no file fits this pattern; check the folder")
    yield from map(Path, found)


def _walk(folder: Path, leave_out: str | None) -> Iterator[Path]:
    """All files below `folder`, and at the end the folders that cannot be listed: they are told of like files."""
    closed: list[Path] = []
    for where, folders, names in os.walk(folder, onerror=lambda error: closed.append(Path(error.filename))):
        if os.path.realpath(where) == leave_out:
            folders.clear()
            continue
        folders.sort()
        yield from (Path(where, name) for name in sorted(names))
    yield from closed


def _fits(path: Path, inputs: Inputs) -> bool:
    if inputs.only and not any(fnmatch.fnmatch(t, g) for g in inputs.only for t in (path.as_posix(), path.name)):
        return False
    if inputs.since is None:
        return True
    try:
        return path.stat().st_mtime >= inputs.since
    except OSError:
        return True  # what cannot be looked at is told of, not passed over


def _is_document(path: Path) -> bool:
    """Whether a file in a folder is one to read: a plain file that is named like a document, or begins like one."""
    try:
        mode = path.stat().st_mode
        if not stat.S_ISREG(mode):  # a pipe would wait for ever; a folder is one that cannot be listed
            return stat.S_ISDIR(mode)
    except OSError:
        return path.name.lower().endswith(ENDINGS)
    if path.name.lower().endswith(ENDINGS):
        return True
    try:
        return sniff(path) != "other"
    except OSError:
        return False
