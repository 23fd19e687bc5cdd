"""JSON lines: a document a line, `biaoge/1` whole."""

from __future__ import annotations

import json
from pathlib import Path

from biaoge.app.exports.rows import Source
from biaoge.app.jsonout import document_to_dict
from biaoge.text import writable


def write(source: Source, target: Path) -> None:
    """Write the file `target`; halves of surrogate pairs become U+FFFD."""
    with target.open("w", encoding="utf-8", newline="\n") as out:
        for one in source:
            out.write(writable(json.dumps(document_to_dict(one.document), ensure_ascii=False)) + "\n")
