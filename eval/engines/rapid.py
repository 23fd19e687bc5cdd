"""rapid-layout finds tables in a page's picture, rapidocr reads them, and a structure model puts the words in cells.

All by RapidAI (Apache-2.0), with the models that their wheels carry; later releases of the structure packages download
theirs, so old ones are named. Also where a PDF has text of its own, the picture alone is read.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping
from dataclasses import replace
from importlib import metadata
from pathlib import Path
from typing import Any

from biaoge.model import Box, Finding, Part, Region, Table

from ..prediction import Reading
from .assemble import from_html, gather, on_page
from .contract import installed
from .pages import Picture, pictures

MARGIN = 10
"""Pixels around what the layout model calls a table, so that its outer rulings are in the picture."""

Structure = Callable[[Any, list[Any]], tuple[str, Mapping[tuple[int, int], tuple[float, ...]]]]
"""Takes pixels and words ([corners, text, score]); gives HTML and, by row and column, x0, y0, x1, y1 in pixels."""


def wired(path: Path, joined: bool) -> Reading:
    """wired-table-rec (cycle-center-net v2): for tables with rulings. `joined` makes no difference."""
    return gather(_page(picture, _wired) for picture in pictures(path))


def slanet(path: Path, joined: bool) -> Reading:
    """rapid-table (SLANet-plus): for any table. `joined` makes no difference."""
    return gather(_page(picture, _slanet) for picture in pictures(path))


def wired_absent() -> str | None:
    """Why it cannot run though its packages are there: a release without its models, or `None`."""
    return _without(("wired-table-rec", "1.1.10", "cycle_center_net_v2.onnx"), *_BOTH)


def slanet_absent() -> str | None:
    """Why it cannot run though its packages are there: a release without its models, or `None`."""
    return _without(("rapid-table", "0.3.0", "slanet-plus.onnx"), *_BOTH)


# Package, a release of it that carries the model, the model.
_BOTH = (("rapid-layout", "1.2.1", "layout_cdla.onnx"), ("rapidocr", "3.10.0", "PP-OCRv6_det_small.onnx"))


def _without(*needed: tuple[str, str, str]) -> str | None:
    for package, release, model in needed:
        # What it lists when it is not installed is nothing, and that is said elsewhere.
        if installed(package) and not any(file.name == model for file in metadata.files(package) or ()):
            line = f"pip install --no-deps {package}=={release}"
            return f"this release of {package} does not carry its model, which is never downloaded here; {line}"
    return None


@functools.cache
def _layout() -> Any:
    from rapid_layout import RapidLayout

    return RapidLayout()


@functools.cache
def _ocr() -> Any:
    from rapidocr import RapidOCR

    # The classifier of a line's direction turns single digits over inside of tables.
    return RapidOCR(params={"Global.log_level": "critical", "Global.use_cls": False})


@functools.cache
def _wired_model() -> Any:
    from wired_table_rec import WiredTableRecognition

    return WiredTableRecognition()


@functools.cache
def _slanet_model() -> Any:
    from rapid_table import RapidTable

    return RapidTable()


def _wired(pixels: Any, words: list[Any]) -> tuple[str, Mapping[tuple[int, int], tuple[float, ...]]]:
    html, _, polygons, places, _ = _wired_model()(pixels, words, rec_again=False)
    boxes = {}
    if html:
        for polygon, place in zip(polygons, places, strict=True):
            boxes[int(place[0]), int(place[2])] = tuple(float(v) for v in polygon)
    return html, boxes


def _slanet(pixels: Any, words: list[Any]) -> tuple[str, Mapping[tuple[int, int], tuple[float, ...]]]:
    html, corners, places, _ = _slanet_model()(pixels, words, return_logic_points=True)
    boxes = {}
    for points, place in zip(corners, places, strict=False):
        xs, ys = [float(v) for v in points[0::2]], [float(v) for v in points[1::2]]
        boxes[int(place[0]), int(place[2])] = (min(xs), min(ys), max(xs), max(ys))
    return html, boxes


def _page(picture: Picture, structure: Structure) -> Reading:
    height, width = picture.pixels.shape[:2]
    found = _layout()(picture.pixels)
    readings = []
    for raw, name in zip(found.boxes if found.boxes is not None else (), found.class_names or (), strict=True):
        if name != "table":
            continue
        x0, top = max(0, int(raw[0]) - MARGIN), max(0, int(raw[1]) - MARGIN)
        x1, bottom = min(width, int(raw[2]) + MARGIN), min(height, int(raw[3]) + MARGIN)
        readings.append(_table(picture, (x0, top, x1, bottom), structure))
    return gather(sorted(readings, key=lambda r: r.tables[0].parts[0].box.top if r.tables else 0.0))


def _table(picture: Picture, cut: tuple[int, int, int, int], structure: Structure) -> Reading:
    x0, top, x1, bottom = cut
    pixels = picture.pixels[top:bottom, x0:x1].copy()
    read = _ocr()(pixels)
    words = (
        [] if read.txts is None else [list(w) for w in zip(read.boxes.tolist(), read.txts, read.scores, strict=True)]
    )
    html, boxes = structure(pixels, words) if words else ("", {})
    tables = from_html(html)
    if not tables:
        message = "the layout model sees a table, the structure model gives no cells"
        return Reading((), (Finding("table-without-cells", "info", message, picture.page),))
    whole = _box((0.0, 0.0, float(x1 - x0), float(bottom - top)), (x0, top), picture.scale)
    return Reading((_with_regions(on_page(tables[0], picture.page, whole, "ocr"), boxes, (x0, top), picture.scale),))


def _with_regions(
    table: Table, boxes: Mapping[tuple[int, int], tuple[float, ...]], at: tuple[int, int], scale: float
) -> Table:
    part: Part = table.parts[0]
    cells = tuple(
        replace(cell, regions=(Region(part.page, _box(boxes[cell.row, cell.col], at, scale)),))
        if (cell.row, cell.col) in boxes
        else cell
        for cell in table.cells
    )
    return replace(table, cells=cells)


def _box(pixels: tuple[float, ...], at: tuple[int, int], scale: float) -> Box:
    x0, top, x1, bottom = pixels
    xs, ys = sorted((x0 + at[0], x1 + at[0])), sorted((top + at[1], bottom + at[1]))
    return Box(xs[0] * scale, ys[0] * scale, xs[1] * scale, ys[1] * scale)
