"""img2table (MIT), with its default settings: rulings found in the page's picture; text from the PDF or from an OCR."""

from __future__ import annotations

import functools
import importlib.util
import shutil
import subprocess
from pathlib import Path
from typing import Any

from biaoge.errors import InputError
from biaoge.model import Box, Source

from ..prediction import Reading
from .assemble import Piece, from_boxes, gather
from .contract import installed
from .pages import image_scale, is_image

_PDF_SCALE = 72 / 200  # its pages of a PDF are rendered at 200 dots per inch
TESSERACT_LANGUAGES = "chi_sim+eng"


def native(path: Path, joined: bool) -> Reading:
    """The PDF's own text. InputError for an image: without an OCR it cannot read one."""
    if is_image(path):
        raise InputError(f"{path}: an image; img2table reads it with an OCR only, see img2table-rapidocr")
    return _read(path, None)


def with_rapidocr(path: Path, joined: bool) -> Reading:
    """Every text by rapidocr with the models of its wheel, also where the PDF has text of its own."""
    return _read(path, _rapidocr())


@functools.cache
def _rapidocr() -> Any:
    """Opened once in a process: its models take seconds to load."""
    from img2table.ocr import RapidOCR
    from rapidocr import LangRec

    return RapidOCR(params={"Rec.lang_type": LangRec.CH, "Global.log_level": "critical"})


def with_tesseract(path: Path, joined: bool) -> Reading:
    """Every text by tesseract with `TESSERACT_LANGUAGES`, also where the PDF has text of its own."""
    from img2table.ocr import TesseractOCR

    return _read(path, TesseractOCR(lang=TESSERACT_LANGUAGES))


def contrib_absent() -> str | None:
    """Why it cannot run though its packages are there: another OpenCV wheel has written over the one with contrib.

    All of them write into the folder cv2, the last one installed wins, and pip does not complain.
    """
    found = importlib.util.find_spec("cv2") if installed("opencv-contrib-python") else None
    version = Path(found.origin).with_name("version.py") if found and found.origin else None
    if version and version.is_file() and "contrib = True" not in version.read_text(encoding="utf-8"):
        return (
            "another OpenCV wheel has replaced the one with the contrib modules; pip uninstall opencv-python-headless,"
            " then pip install --force-reinstall --no-deps opencv-contrib-python"
        )
    return None


def tesseract_absent() -> str | None:
    """Why it cannot run with tesseract: see `contrib_absent`; or the program or the data of a language is absent."""
    if reason := contrib_absent():
        return reason
    if shutil.which("tesseract") is None:
        return "the program tesseract is not installed; apt install tesseract-ocr tesseract-ocr-chi-sim"
    listed = _tesseract("--list-langs").split()
    lacking = [name for name in TESSERACT_LANGUAGES.split("+") if name not in listed]
    return f"tesseract has no data for {', '.join(lacking)}; apt install tesseract-ocr-chi-sim" if lacking else None


def tesseract_version() -> str:
    """The program's version, such as `tesseract 5.3.0`."""
    return _tesseract("--version").partition("\n")[0].strip() if shutil.which("tesseract") else "tesseract absent"


def _tesseract(option: str) -> str:
    done = subprocess.run(["tesseract", option], capture_output=True, text=True, check=False, timeout=20)
    return done.stdout or done.stderr


def _read(path: Path, ocr: Any) -> Reading:
    from img2table.document import PDF, Image

    source: Source = "ocr" if ocr else "text"
    if is_image(path):
        found, scale = {0: Image(str(path)).extract_tables(ocr=ocr)}, image_scale(path)
    else:
        found, scale = PDF(str(path), pdf_text_extraction=ocr is None).extract_tables(ocr=ocr), _PDF_SCALE
    return gather(_table(page + 1, table, scale, source) for page, tables in found.items() for table in tables)


def _table(page: int, found: Any, scale: float, source: Source) -> Reading:
    """A merged cell stands at every place it covers, with the same box. Its text is `None` where it found none."""
    values: dict[tuple[float, ...], str] = {}
    for row in found.content.values():
        for cell in row:
            box = tuple(v * scale for v in (cell.bbox.x1, cell.bbox.y1, cell.bbox.x2, cell.bbox.y2))
            values.setdefault(box, cell.value or "")
    return from_boxes(page, [Piece(text, Box(*box)) for box, text in values.items()], source=source)
