"""Pictures in a PDF page: where they lie, how many pixels they have, and whether they can be decoded."""

from __future__ import annotations

import ctypes
import math
from collections.abc import Iterator
from ctypes import byref, c_uint
from dataclasses import dataclass, field
from typing import Any

from biaoge.errors import TooLarge
from biaoge.model import Box

from .graphics import intersect
from .page import Affine, bounds_through, display, times

DEPTH = 8
"""Forms inside forms are followed this deep."""
MOST_OBJECTS = 200_000
"""Objects of a page beyond are not looked at."""
TOGETHER = 4.0
"""All pictures of a page may have so many times the pixels that one may have."""
JPX_COST = 3.0
"""A JPEG 2000 picture takes several bytes a pixel and channel while it is decoded: it counts so many times."""
CODED = ("DCTDecode", "JPXDecode", "JBIG2Decode", "CCITTFaxDecode")
JPEG_END, TAIL = b"\xff\xd9", 1024
"""What ends a JPEG, and how many bytes before the end of the data it may stand."""
UNIT = (0.0, 0.0, 1.0, 1.0)


@dataclass(frozen=True, slots=True)
class Placed:
    """A picture on a page: `bounds` (points as displayed, may reach over the page), `across` and `down` its pixels as
    displayed, `dpi` the larger of both resolutions, `kind` the last of its filters."""

    bounds: Box
    across: int
    down: int
    dpi: float
    kind: str
    handle: Any = field(repr=False)


def too_many(what: str, pixels: float, allowed: float) -> TooLarge:
    """The error for more pixels than `allowed` (megapixels)."""
    need = f"{pixels / 1e6:,.0f} megapixels, more than the {allowed:g} allowed"
    return TooLarge(f"{what} has {need}; raise --max-megapixels to read it")


def placed(page: Any, number: int, max_megapixels: float) -> tuple[Placed, ...]:
    """The pictures that can be seen on pypdfium2's `page`, in the order of painting.

    TooLarge when one of them, or all together with those of annotations, have too many pixels; only headers are read.
    """
    import pypdfium2.raw as pdfium

    box = pdfium.FS_RECTF()
    pdfium.FPDF_GetPageBoundingBox(page.raw, byref(box))
    width, height = page.get_size()
    to_display = display((box.left, box.bottom, box.right, box.top), page.get_rotation())
    found: list[Placed] = []
    total = 0.0

    def counted(handle: Any) -> tuple[int, int, str]:
        nonlocal total
        columns, rows = c_uint(), c_uint()
        pdfium.FPDFImageObj_GetImagePixelSize(handle, byref(columns), byref(rows))
        kind = _filter(handle)
        pixels = _cost(handle, kind, columns.value * rows.value)
        total += pixels
        if pixels > max_megapixels * 1e6:
            raise too_many(f"page {number}: a picture of it", pixels, max_megapixels)
        if total > TOGETHER * max_megapixels * 1e6:
            raise too_many(f"page {number}: its pictures together", total, TOGETHER * max_megapixels)
        return columns.value, rows.value, kind

    for handle, matrix in _images(page.raw, to_display):
        bounds = bounds_through(UNIT, matrix)
        if all(map(math.isfinite, bounds)) and intersect(bounds, (0.0, 0.0, width, height)) is not None:
            across, down, kind = counted(handle)
            if across and down:
                found.append(_placed(handle, matrix, (across, down), kind))
    for handle in _stamped(page.raw):
        counted(handle)
    return tuple(found)


def _stamped(page: Any) -> Iterator[Any]:
    """Handles of the pictures in annotations; each holds until the next is asked for."""
    import pypdfium2.raw as pdfium

    for i in range(min(pdfium.FPDFPage_GetAnnotCount(page), MOST_OBJECTS)):
        annotation = pdfium.FPDFPage_GetAnnot(page, i)
        if not annotation:
            continue
        try:
            for k in range(min(pdfium.FPDFAnnot_GetObjectCount(annotation), MOST_OBJECTS)):
                handle = pdfium.FPDFAnnot_GetObject(annotation, k)
                if handle and pdfium.FPDFPageObj_GetType(handle) == pdfium.FPDF_PAGEOBJ_IMAGE:
                    yield handle
        finally:
            pdfium.FPDFPage_CloseAnnot(annotation)


def _placed(handle: Any, m: Affine, size: tuple[int, int], kind: str) -> Placed:
    a, b, c, d, _, _ = m
    sides = math.hypot(a, b), math.hypot(c, d)
    dpi = max(pixels / side * 72 if side > 0 else 0.0 for pixels, side in zip(size, sides, strict=True))
    across, down = size if abs(a) >= abs(b) else size[::-1]
    return Placed(Box(*bounds_through(UNIT, m)), across, down, dpi, kind, handle)


def _images(page: Any, to_display: Affine) -> Iterator[tuple[Any, Affine]]:
    """Handles of the pictures on the page and in its forms, with their way to the display."""
    import pypdfium2.raw as pdfium

    left = MOST_OBJECTS
    count = pdfium.FPDFPage_CountObjects(page)
    todo = [iter([(pdfium.FPDFPage_GetObject(page, i), to_display) for i in range(min(count, left))])]
    while todo:
        one = next(todo[-1], None)
        if one is None:
            todo.pop()
            continue
        left -= 1
        if left < 0:
            return
        handle, outer = one
        kind = pdfium.FPDFPageObj_GetType(handle)
        if kind not in (pdfium.FPDF_PAGEOBJ_IMAGE, pdfium.FPDF_PAGEOBJ_FORM):
            continue
        own = pdfium.FS_MATRIX()
        pdfium.FPDFPageObj_GetMatrix(handle, byref(own))
        matrix = times((own.a, own.b, own.c, own.d, own.e, own.f), outer)
        if kind == pdfium.FPDF_PAGEOBJ_IMAGE:
            yield handle, matrix
        elif len(todo) < DEPTH:
            inner = min(pdfium.FPDFFormObj_CountObjects(handle), left)
            todo.append(iter([(pdfium.FPDFFormObj_GetObject(handle, i), matrix) for i in range(inner)]))


def _filter(handle: Any) -> str:
    import pypdfium2.raw as pdfium

    count = pdfium.FPDFImageObj_GetImageFilterCount(handle)
    if count < 1:
        return ""
    name = ctypes.create_string_buffer(64)
    pdfium.FPDFImageObj_GetImageFilter(handle, count - 1, name, len(name))
    return name.value.decode("ascii", "replace")


def _cost(handle: Any, kind: str, pixels: float) -> float:
    """Pixels to be decoded: what the picture's own data say, where that is more than the PDF says."""
    if kind not in ("DCTDecode", "JPXDecode"):
        return pixels
    width, height = (jpeg_size if kind == "DCTDecode" else jpx_size)(_decoded(handle))
    return max(pixels, width * height) * (JPX_COST if kind == "JPXDecode" else 1.0)


def jpeg_size(content: bytes) -> tuple[int, int]:
    """Width and height in pixels as the frame header of a JPEG says; (0, 0) without one."""
    at = 2
    while at + 9 <= len(content):
        if content[at] != 0xFF:
            at += 1
            continue
        marker = content[at + 1]
        if 0xC0 <= marker <= 0xCF and marker not in (0xC4, 0xC8, 0xCC):
            return int.from_bytes(content[at + 7 : at + 9]), int.from_bytes(content[at + 5 : at + 7])
        alone = marker in (0xFF, 0x00, 0x01) or 0xD0 <= marker <= 0xD9
        at += (1 if marker == 0xFF else 2) if alone else 2 + int.from_bytes(content[at + 2 : at + 4])
    return 0, 0


def jpx_size(content: bytes) -> tuple[int, int]:
    """Width and height in pixels as the code stream of a JPEG 2000 picture says; (0, 0) without one."""
    at = content.find(b"\xff\x4f\xff\x51")
    if at < 0 or at + 24 > len(content):
        return 0, 0
    right, bottom, left, top = (int.from_bytes(content[at + 8 + 4 * i : at + 12 + 4 * i]) for i in range(4))
    return max(0, right - left), max(0, bottom - top)


def shown_of(picture: Placed, page: Any, blank: bool) -> float:
    """How much of the picture can be decoded, 0 to 1, as far as can be told without decoding it once more.

    `blank`: it was drawn as one even tone; only then it is decoded again. A JPEG without its end counts half.
    """
    import pypdfium2.raw as pdfium

    if blank:
        bitmap = pdfium.FPDFImageObj_GetBitmap(picture.handle)
        if not bitmap:
            return 0.0
        pdfium.FPDFBitmap_Destroy(bitmap)
    if picture.kind == "DCTDecode":
        return 1.0 if JPEG_END in _decoded(picture.handle)[-TAIL:] else 0.5
    if picture.kind in CODED:
        return 1.0
    about = pdfium.FPDF_IMAGEOBJ_METADATA()
    pdfium.FPDFImageObj_GetImageMetadata(picture.handle, page.raw, byref(about))
    whole = int(about.width) * int(about.height) * int(about.bits_per_pixel) / 8
    return min(1.0, int(pdfium.FPDFImageObj_GetImageDataDecoded(picture.handle, None, 0)) / max(1.0, whole))


def _decoded(handle: Any) -> bytes:
    """The picture's data with all filters undone but those of pictures."""
    import pypdfium2.raw as pdfium

    length = pdfium.FPDFImageObj_GetImageDataDecoded(handle, None, 0)
    content = ctypes.create_string_buffer(max(1, length))
    pdfium.FPDFImageObj_GetImageDataDecoded(handle, content, length)
    return content.raw[:length]
