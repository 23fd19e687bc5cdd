"""The table of engines: where each is and what it needs. Nothing of them is imported here."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from .contract import Engine

_HERE = __package__


def _camelot(flavor: str, note: str, more: tuple[str, ...] = (), absent: str | None = None) -> Engine:
    packages = ("camelot-py", "playa-pdf", "opencv-python-headless", *more)
    return Engine(f"camelot-{flavor}", f"{_HERE}.camelot_flavors:{flavor}", packages, "MIT", note, absent=absent)


def _img2table(function: str, note: str, packages: tuple[str, ...] = ()) -> Engine:
    module, ocr = f"{_HERE}.img2table_engine", function.removeprefix("with_")
    tesseract = ocr == "tesseract"
    return Engine(
        "img2table" if ocr == "native" else f"img2table-{ocr}",
        f"{module}:{function}",
        ("img2table", "opencv-contrib-python", *packages),
        "MIT",
        note,
        extra="engine-img2table",
        scans=ocr != "native",
        absent=f"{module}:{'tesseract' if tesseract else 'contrib'}_absent",
        stamp=f"{module}:tesseract_version" if tesseract else None,
    )


def _rapid(name: str, function: str, packages: tuple[str, ...], note: str) -> Engine:
    module = f"{_HERE}.rapid"
    return Engine(
        name, f"{module}:{function}", packages, "Apache-2.0", note, scans=True, absent=f"{module}:{function}_absent"
    )


def _docling(name: str, function: str, note: str) -> Engine:
    module = f"{_HERE}.docling_engine"
    scans = function == "with_ocr"
    return Engine(
        name, f"{module}:{function}", ("docling", "docling-core"), "MIT", note, scans=scans, absent=f"{module}:absent"
    )


_ALL = (
    Engine(
        "pdfplumber",
        f"{_HERE}.plumber:as_is",
        ("pdfplumber", "pdfminer.six"),
        "MIT",
        "extract_tables() as it is: spans are lost, further places of a merged cell are empty.",
    ),
    Engine(
        "pdfplumber-spans",
        f"{_HERE}.plumber:with_spans",
        ("pdfplumber", "pdfminer.six"),
        "MIT",
        "find_tables(), spans computed from the boxes of its cells.",
    ),
    _camelot("lattice", "Rulings; open edges make spans where they bound a rectangle."),
    _camelot("stream", "Columns of text: a flat grid, and a table on every page with text."),
    _camelot("network", "Alignments of text: a flat grid."),
    _camelot("hybrid", "Rulings as in lattice where there are any, alignments of text elsewhere."),
    _camelot("auto", "Lattice on pages with rulings, network on the others."),
    _img2table("native", "The PDF's own text; rulings found in the page's picture."),
    _img2table(
        "with_rapidocr",
        "Rulings found in the page's picture, text by rapidocr with the models of its wheel (PP-OCRv6 small).",
        ("rapidocr", "onnxruntime"),
    ),
    _img2table("with_tesseract", "Rulings found in the page's picture, text by tesseract (chi_sim+eng)."),
    Engine(
        "docvortex",
        f"{_HERE}.docvortex_engine:read",
        ("docvortex",),
        "MIT AND Apache-2.0 AND BSD-3-Clause",
        "Rules on the PDF's own text and lines; joins tables over pages itself.",
        extra="engine-docvortex",
    ),
    _rapid(
        "wired-table-rec",
        "wired",
        ("wired-table-rec", "rapid-layout", "rapidocr", "onnxruntime"),
        "Pictures only: rapid-layout finds tables, cycle-center-net v2 their ruled cells, rapidocr the text.",
    ),
    _rapid(
        "rapid-table",
        "slanet",
        ("rapid-table", "rapid-layout", "rapidocr", "onnxruntime"),
        "Pictures only: rapid-layout finds tables, SLANet-plus their structure, rapidocr the text.",
    ),
    Engine(
        "pp-structure-v3",
        f"{_HERE}.ppstructure:read",
        ("paddleocr", "paddlex", "paddlepaddle"),
        "Apache-2.0",
        "Pictures only: layout, OCR and table structure by models that must be on the machine. Not yet tried.",
        scans=True,
        absent=f"{_HERE}.ppstructure:absent",
    ),
    _docling("docling", "native", "TableFormer's cells, the PDF's own text; models must be on the machine. Not tried."),
    _docling("docling-ocr", "with_ocr", "The same with OCR where a page is a picture. Not tried."),
    _camelot(
        "ml",
        "Table Transformer's structure, the PDF's own text; models must be on the machine. Not tried.",
        ("torch", "transformers", "timm"),
        f"{_HERE}.camelot_flavors:ml_absent",
    ),
    Engine(
        "pymupdf",
        f"{_HERE}.pymupdf_engine:read",
        ("PyMuPDF",),
        "AGPL-3.0 or commercial",
        "find_tables(), spans computed from the boxes of its cells. For comparison only; no extra installs it.",
    ),
)

ENGINES: Mapping[str, Engine] = MappingProxyType({engine.name: engine for engine in _ALL})
