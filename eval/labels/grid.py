"""Grid text (docs/gridtext.md): one table a file."""

from __future__ import annotations

from pathlib import Path

from .. import gridtext
from .found import Labelled


def read(path: Path) -> tuple[Labelled, ...]:
    """The table of the file, named `source.ordinal`; its page is the one on which it begins."""
    label = gridtext.read(path)
    pages = (label.page,) if label.page is not None else ()
    return (Labelled(label.name, label.table, pages, tags=label.tags, note=label.note),)
