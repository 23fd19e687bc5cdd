"""biaoge itself as an engine to be measured, each of its readers by a name of its own."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from biaoge.app.settings import ReaderName, Settings
from biaoge.eval.engines.contract import Engine
from biaoge.eval.prediction import Reading

OWN: Mapping[str, tuple[str, tuple[str, ...]]] = {
    "biaoge": (f"{__name__}:pdfium", ("camelot-py", "pypdfium2")),
    "biaoge-pdfplumber": (f"{__name__}:pdfplumber", ("camelot-py", "pdfplumber")),
}
_ROOMS = ("biaoge", "ingest", "ocr", "layout", "tables", "app")


def engine(name: str) -> Engine:
    """biaoge as an engine under one of the names in `OWN`."""
    target, packages = OWN[name]
    note = f"biaoge itself, reading PDFs with {packages[-1]}."
    return Engine(name, target, ("biaoge", *packages), "MIT", note, stamp=f"{__name__}:code_digest")


def pdfium(path: Path, joined: bool) -> Reading:
    """As `biaoge extract` reads by default."""
    return _read(path, "pdfium", joined)


def pdfplumber(path: Path, joined: bool) -> Reading:
    """With the slower reader, which is independent of the first up to the words and rulings."""
    return _read(path, "pdfplumber", joined)


def _read(path: Path, reader: ReaderName, joined: bool) -> Reading:
    from biaoge.app.pipeline import read

    document = read(path, Settings(reader=reader, join_pages=joined))
    return Reading(document.tables, document.findings)


@cache
def code_digest() -> str:
    """A word that changes with any line of the code that reads documents.

    Between releases the version stays as it is and the code does not; what is measured must name both.
    """
    import biaoge

    root = Path(biaoge.__file__).parent
    digest = hashlib.sha256()
    for room in _ROOMS:
        # The folders stand beside or below, after the way of installation; each is found through its own package.
        folder = root if room == "biaoge" else root / room
        for path in sorted(folder.glob("*.py")):
            digest.update(f"{room}/{path.name}\0".encode() + path.read_bytes())
    return f"code {digest.hexdigest()[:8]}"
