"""PP-StructureV3 of PaddleOCR 3 (Apache-2.0): layout, OCR and table structure by models that no wheel carries.

Written from the interface of paddleocr 3.7 and paddlex 3.7 and not yet tried with the models; they are looked for in
`$PADDLE_PDX_CACHE_HOME/official_models` (`~/.paddlex` where it is not set) and never downloaded from here.
"""

from __future__ import annotations

import functools
import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from biaoge.model import Box, Finding

from ..prediction import Reading
from .assemble import from_html, gather, on_page
from .pages import pictures

# What the pipeline opens with its default settings, once the switches below are off.
MODELS = (
    "PP-DocLayout_plus-L",
    "PP-DocBlockLayout",
    "PP-OCRv5_server_det",
    "PP-OCRv5_server_rec",
    "PP-LCNet_x1_0_table_cls",
    "SLANeXt_wired",
    "SLANet_plus",
    "RT-DETR-L_wired_table_cell_det",
    "RT-DETR-L_wireless_table_cell_det",
)
_OFF = {
    "use_doc_orientation_classify": False,
    "use_doc_unwarping": False,
    # It turns single digits over inside of tables.
    "use_textline_orientation": False,
    "use_seal_recognition": False,
    "use_formula_recognition": False,
    "use_chart_recognition": False,
}


def read(path: Path, joined: bool) -> Reading:
    """Every page as a picture of 200 dots per inch; of what the pipeline finds, the tables."""
    return gather(
        blocks(picture.page, result.json["res"]["parsing_res_list"], picture.scale)
        for picture in pictures(path)
        for result in _pipeline().predict(picture.pixels)
    )


def absent() -> str | None:
    """The models that are not on the machine, or `None` where all are."""
    home = Path(os.environ.get("PADDLE_PDX_CACHE_HOME") or Path.home() / ".paddlex") / "official_models"
    lacking = [name for name in MODELS if not ((home / name).is_dir() or (home / f"{name}_onnx").is_dir())]
    if not lacking:
        return None
    return f"models not on this machine: {', '.join(lacking)}; put them below official_models in $PADDLE_PDX_CACHE_HOME"


def blocks(page: int, found: Sequence[Mapping[str, Any]], scale: float) -> Reading:
    """The tables among the blocks of a page: `block_content` is HTML, `block_bbox` pixels (x0, top, x1, bottom)."""
    readings = []
    for block in found:
        if block["block_label"] != "table":
            continue
        x0, top, x1, bottom = (float(v) * scale for v in block["block_bbox"])
        tables = from_html(str(block["block_content"]))
        if tables:
            readings.append(Reading((on_page(tables[0], page, Box(x0, top, x1, bottom), "ocr"),)))
        else:
            message = "the layout model sees a table, the structure model gives no cells"
            readings.append(Reading((), (Finding("table-without-cells", "info", message, page),)))
    return gather(readings)


@functools.cache
def _pipeline() -> Any:
    """Opened once in a process."""
    os.environ.setdefault("PADDLE_PDX_DISABLE_MODEL_SOURCE_CHECK", "True")
    from paddleocr import PPStructureV3

    return PPStructureV3(**_OFF)
