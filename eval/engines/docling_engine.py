"""docling (MIT): layout and TableFormer by models that no wheel carries.

Written from the interface of docling 2.143 and not yet tried with the models; they are looked for in the folder that
`$DOCLING_ARTIFACTS_PATH` names, as `docling-tools models download` lays them out, and never downloaded from here.
"""

from __future__ import annotations

import functools
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from biaoge.model import Box, Role, Source

from ..prediction import Reading
from .assemble import Piece, Placed, from_places, gather
from .pages import need_pdf

MODELS = ("docling-project--docling-layout-heron", "docling-project--docling-models")


def native(path: Path, joined: bool) -> Reading:
    """The PDF's own text in the cells that TableFormer finds; no OCR."""
    need_pdf(path, "docling without OCR")
    return _read(path, ocr=False)


def with_ocr(path: Path, joined: bool) -> Reading:
    """docling's default: OCR (of its own choice) where the page is a picture, also for images."""
    return _read(path, ocr=True)


def absent() -> str | None:
    """Why it cannot run: the folder of the models is not named or does not hold them; `None` where it does."""
    named = os.environ.get("DOCLING_ARTIFACTS_PATH")
    if not named:
        return "its models are not on this machine; name their folder in $DOCLING_ARTIFACTS_PATH"
    lacking = [name for name in MODELS if not (Path(named) / name).is_dir()]
    return f"{named} lacks the models {', '.join(lacking)}" if lacking else None


def tables(document: Any, source: Source) -> Reading:
    """The tables of a `DoclingDocument`. A table on several pages stands on the first, for its cells tell no page."""
    readings = []
    for found in document.tables:
        page = found.prov[0].page_no if found.prov else 1
        size = document.pages.get(page)
        height = float(size.size.height) if size is not None else 0.0
        placed = [
            Placed(
                range(cell.start_row_offset_idx, cell.end_row_offset_idx),
                range(cell.start_col_offset_idx, cell.end_col_offset_idx),
                Piece(cell.text, _box(cell.bbox, height), role=_role(cell)),
            )
            for cell in found.data.table_cells
        ]
        readings.append(from_places(page, placed, source))
    return gather(readings)


def _role(cell: Any) -> Role:
    roles: Mapping[str, Role] = {"column_header": "column_header", "row_section": "section", "row_header": "row_header"}
    return next((role for name, role in roles.items() if getattr(cell, name)), "data")


def _box(box: Any, height: float) -> Box | None:
    if box is None or not height:
        return None
    flipped = box.to_top_left_origin(height)
    return Box(
        min(flipped.l, flipped.r), min(flipped.t, flipped.b), max(flipped.l, flipped.r), max(flipped.t, flipped.b)
    )


def _read(path: Path, ocr: bool) -> Reading:
    return tables(_converter(ocr).convert(path).document, "ocr" if ocr else "text")


@functools.cache
def _converter(ocr: bool) -> Any:
    """Opened once in a process."""
    from docling.datamodel.base_models import InputFormat
    from docling.datamodel.pipeline_options import PdfPipelineOptions
    from docling.document_converter import DocumentConverter, ImageFormatOption, PdfFormatOption

    options = PdfPipelineOptions(artifacts_path=os.environ["DOCLING_ARTIFACTS_PATH"], do_ocr=ocr)
    formats = {
        InputFormat.PDF: PdfFormatOption(pipeline_options=options),
        InputFormat.IMAGE: ImageFormatOption(pipeline_options=options),
    }
    return DocumentConverter(allowed_formats=list(formats), format_options=formats)
