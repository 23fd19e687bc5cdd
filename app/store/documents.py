"""The documents of a store, for whoever exports them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

from biaoge.app.exports.rows import Exported
from biaoge.app.jsonin import load_json
from biaoge.app.store.open import open_to_read


def documents(folder: Path) -> Iterator[Exported]:
    """Every content that was read, with doubts or without, in the order of SHA-256; one in memory at a time.

    InputError where `folder` is no store, or the JSON of a document is gone.
    """
    with closing(open_to_read(folder).db) as db:
        rows = db.execute("SELECT sha256, name, json FROM documents WHERE json IS NOT NULL ORDER BY sha256")
        for sha256, name, written in rows:
            yield Exported(name, sha256, load_json(folder / written))
