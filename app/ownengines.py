"""biaoge itself as an engine to be measured, each of its readers by a name of its own."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from biaoge.app.settings import Settings
from biaoge.eval.engines.contract import Engine
from biaoge.eval.prediction import Reading

OWN: Mapping[str, tuple[str, tuple[str, ...]]] = {
    "biaoge": (f"{__name__}:pdfium", ("camelot-py", "onnxruntime", "rapidocr", "pypdfium2")),
    "biaoge-pdfplumber": (f"{__name__}:pdfplumber", ("camelot-py", "pdfplumber")),
    "biaoge-paddleocr": (f"{__name__}:paddleocr", ("onnxruntime", "paddleocr")),
    "biaoge-tesseract": (f"{__name__}:tesseract", ("pypdfium2",)),
}
_NOTES = {
    "biaoge": "PDFs with pypdfium2, scans with rapidocr",
    "biaoge-pdfplumber": "PDFs with pdfplumber, scans with rapidocr",
    "biaoge-paddleocr": "scans with paddleocr",
    "biaoge-tesseract": "scans with tesseract",
}
_ROOMS = ("biaoge", "ingest", "ocr", "ocr/engines", "layout", "tables", "app")


def engine(name: str) -> Engine:
    """biaoge as an engine under one of the names in `OWN`."""
    target, packages = OWN[name]
    note = f"biaoge itself; {_NOTES[name]}."
    return Engine(name, target, ("biaoge", *packages), "MIT", note, stamp=f"{__name__}:code_digest")


def pdfium(path: Path, joined: bool) -> Reading:
    """As `biaoge extract` reads by default."""
    return _read(path, Settings(join_pages=joined))


def pdfplumber(path: Path, joined: bool) -> Reading:
    """With the slower reader, which is independent of the first up to the words and rulings."""
    return _read(path, Settings(reader="pdfplumber", join_pages=joined))


def paddleocr(path: Path, joined: bool) -> Reading:
    """Scanned pages recognised with paddleocr; as `pdfium` for others."""
    return _read(path, Settings(engine="paddleocr", join_pages=joined))


def tesseract(path: Path, joined: bool) -> Reading:
    """Scanned pages recognised with tesseract; as `pdfium` for others."""
    return _read(path, Settings(engine="tesseract", join_pages=joined))


def _read(path: Path, settings: Settings) -> Reading:
    from biaoge.app.pipeline import read

    document = read(path, settings)
    return Reading(document.tables, document.findings)


@cache
def code_digest() -> str:
    """A word that changes with any line of the code that reads documents, and with the data that comes with it.

    Between releases the version stays as it is and the code does not; what is measured must name both.
    """
    import biaoge

    root = Path(biaoge.__file__).parent
    digest = hashlib.sha256()
    for room in _ROOMS:
        # The folders stand beside or below, after the way of installation; each is found through its own package.
        folder = root if room == "biaoge" else root / room
        for path in sorted([*folder.glob("*.py"), *folder.glob("*.json")]):
            digest.update(f"{room}/{path.name}\0".encode() + path.read_bytes())
    return f"code {digest.hexdigest()[:8]}"
