"""A page's picture with the true and the predicted cells drawn over it."""

from __future__ import annotations

import base64
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from biaoge.model import Box, Cell, Table

from .marks import Mark, Place

TRUTH = "truth"


@dataclass(frozen=True, slots=True)
class Shape:
    """A rectangle on a page (points). `kind`: `outline`, `right`, or that of its mark; `sign`: what stands in it."""

    x: float
    y: float
    width: float
    height: float
    kind: str
    sign: str = ""
    title: str = ""


@dataclass(frozen=True, slots=True)
class Layer:
    """What one side drew on a page. `name`: `truth`, or the class of an engine."""

    name: str
    shapes: tuple[Shape, ...]


@dataclass(frozen=True, slots=True)
class Picture:
    """An image as a data URI with its size in pixels."""

    uri: str
    width: int
    height: int


def shapes(table: Table, page: int, title: str, marks: Mapping[Place, Mark]) -> list[Shape]:
    """Outline and cells of `table` on `page`, as far as their boxes are known; marked where they differ."""
    out = [_shape(part.box, "outline", title=title) for part in table.parts if part.page == page]
    for cell in table.cells:
        mark = marks.get((cell.row, cell.col))
        kind, sign = (mark.kind, mark.sign) if mark else ("right", "")
        for region in cell.regions:
            if region.page == page:
                out.append(_shape(region.box, kind, sign, _title(cell, mark)))
    return out


def pages_of(table: Table) -> set[int]:
    """The pages on which something of `table` can be drawn."""
    return {part.page for part in table.parts} | {region.page for cell in table.cells for region in cell.regions}


def picture(raw: bytes) -> Picture:
    """The rendered page (PNG or WebP) as a small data URI; ValueError where it is no image."""
    from PIL import Image, UnidentifiedImageError

    try:
        image = Image.open(io.BytesIO(raw))
        image.load()
    except (UnidentifiedImageError, OSError, SyntaxError, Image.DecompressionBombError) as problem:
        raise ValueError(f"no image: {problem}") from problem
    out = io.BytesIO()
    if image.format == "WEBP":
        out.write(raw)
    else:
        image.convert("RGB").save(out, "WEBP", quality=50, method=2)
    data = base64.b64encode(out.getvalue()).decode("ascii")
    return Picture(f"data:image/webp;base64,{data}", image.width, image.height)


def ordered(layers: Sequence[Layer]) -> tuple[Layer, ...]:
    """Those with something to draw, the differing cells of each on top."""
    rank = {"outline": 0, "right": 1}
    return tuple(
        Layer(layer.name, tuple(sorted(layer.shapes, key=lambda s: rank.get(s.kind, 2))))
        for layer in layers
        if layer.shapes
    )


def _title(cell: Cell, mark: Mark | None) -> str:
    where = f"row {cell.row}, column {cell.col}"
    if mark is not None:
        return f"{where}: {mark.title}"
    return f"{where}: {cell.text if cell.text else 'empty' if cell.text == '' else 'could not be read'}"


def _shape(box: Box, kind: str, sign: str = "", title: str = "") -> Shape:
    return Shape(round(box.x0, 1), round(box.top, 1), round(box.width, 1), round(box.height, 1), kind, sign, title)
