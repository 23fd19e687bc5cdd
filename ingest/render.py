"""A page as a picture, turned and cut as it is displayed."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from biaoge.errors import DamagedPdf

from .pdf import check_number, check_size, is_picture, open_pdf

if TYPE_CHECKING:
    from PIL.Image import Image

MOST_PIXELS = 64_000_000
"""A page that would take more is refused (TooLarge) rather than shrunk, so that pixels stay points * dpi / 72."""


def render(path: Path, number: int, dpi: float = 110, password: str | None = None) -> Image:
    """Page `number` (from 1) of a PDF or picture in RGB; pixel = point * dpi / 72 from the top left.

    Errors as in `open_pdf` and `page`.
    """
    if is_picture(path):
        return _picture(path, number, dpi)
    import pypdfium2

    from biaoge.errors import TooLarge

    from .pdfium import open_pdfium

    with open_pdfium(path, password) as reader:
        check_number(number, reader.n_pages)
        try:
            page = reader.document[number - 1]
        except pypdfium2.PdfiumError as error:
            raise DamagedPdf(f"page {number} cannot be read") from error
        try:
            width, height = page.get_size()
            check_size(number, width, height)
            scale = dpi / 72
            if width * height * scale * scale > MOST_PIXELS:
                raise TooLarge(f"page {number} of {width:g} × {height:g} points is too large to draw at {dpi:g} dpi")
            bitmap = page.render(scale=scale)
            try:
                image: Image = bitmap.to_pil().convert("RGB")
                return image.copy()
            finally:
                bitmap.close()
        finally:
            page.close()


def _picture(path: Path, number: int, dpi: float) -> Image:
    from PIL import Image

    from .raster import open_rasters

    with open_pdf(path) as reader, open_rasters(path) as rasters:
        page = reader.page(number)
        pixels = rasters.page(page).raster.pixels
    size = max(1, round(page.width * dpi / 72)), max(1, round(page.height * dpi / 72))
    return Image.fromarray(pixels).convert("RGB").resize(size, Image.Resampling.BOX)
