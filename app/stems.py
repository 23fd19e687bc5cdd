"""Names for what is written of a file, and paths made safe to be shown."""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Sequence
from pathlib import Path

_NAME_BYTES = 180  # of a stem, so that stem, number and ending fit the 255 that file systems allow


def stems_for(paths: Sequence[Path]) -> list[str]:
    """A stem for every path, no two alike even where case does not count; those that clash get a hash of the path.

    >>> stems_for([Path("a/x.pdf"), Path("b.pdf"), Path("c/X.pdf")])
    ['x-7f660213', 'b', 'X-f4711f1c']
    """
    plain = [_short(path) for path in paths]
    # `a.debug.html` and `a.t1.csv` belong to `a`: a file called `a.debug.pdf` beside `a.pdf` must not write there.
    owners = [re.sub(r"(\.debug|\.t\d+|\.grid)+$", "", stem.casefold()) for stem in plain]
    stems = []
    for path, stem, owner in zip(paths, plain, owners, strict=True):
        if owners.count(owner) > 1:
            raw = path.as_posix().encode("utf-8", "surrogateescape")
            stem = f"{stem}-{hashlib.sha256(raw).hexdigest()[:8]}"
        stems.append(stem)
    return stems


def _short(path: Path) -> str:
    """The path's stem as valid UTF-8 that leaves room for endings; `.pdf` goes, any other ending stays."""
    name = path.stem if path.suffix.lower() == ".pdf" else path.name
    raw = os.fsencode(name)
    if len(raw) > _NAME_BYTES:
        raw = raw[: _NAME_BYTES - 9]
        name = raw.decode("utf-8", "ignore") + "-" + hashlib.sha256(os.fsencode(path.name)).hexdigest()[:8]
    return os.fsencode(name).decode("utf-8", "replace").lstrip(".") or "document"


def printable(path: Path) -> str:
    """The path on one line, safe for a terminal."""
    return "".join(c if c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in str(path))


def shown_name(path: Path) -> str:
    """The file's name without folders, as valid UTF-8."""
    return os.fsencode(path.name).decode("utf-8", "replace")
