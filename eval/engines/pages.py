"""Pictures of pages, for engines that take pictures only."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from biaoge.errors import InputError

IMAGE_SUFFIXES = frozenset((".png", ".jpg", ".jpeg", ".tif", ".tiff", ".bmp", ".webp"))
DPI = 200


@dataclass(frozen=True, slots=True)
class Picture:
    """A page's picture. `pixels`: (rows, columns, 3), uint8, in the order blue, green, red; `scale`: points a pixel."""

    page: int
    pixels: Any = field(repr=False)
    scale: float


def is_image(path: Path) -> bool:
    """Whether the file's suffix is that of an image."""
    return path.suffix.lower() in IMAGE_SUFFIXES


def need_pdf(path: Path, engine: str) -> None:
    """InputError where `path` is an image, which `engine` cannot read."""
    if is_image(path):
        raise InputError(f"{path}: an image; {engine} reads PDFs with text only")


def image_scale(path: Path) -> float:
    """Points a pixel: by the resolution that the image states, otherwise 1."""
    from PIL import Image

    with Image.open(path) as image:
        stated = float(image.info.get("dpi", (72.0, 72.0))[0])
    return 72.0 / stated if stated > 1 else 1.0


def pictures(path: Path, dpi: int = DPI) -> Iterator[Picture]:
    """The pages of a PDF rendered at `dpi`, or the one of an image as it is."""
    import numpy as np

    if is_image(path):
        from PIL import Image

        with Image.open(path) as image:
            rgb = np.asarray(image.convert("RGB"))  # (rows, columns, 3)
        yield Picture(1, np.ascontiguousarray(rgb[:, :, ::-1]), image_scale(path))
        return
    import pypdfium2

    document = pypdfium2.PdfDocument(path)
    try:
        for i in range(len(document)):
            page = document[i]
            # 24 bits a pixel, whatever the page holds.
            bitmap = page.render(scale=dpi / 72, rev_byteorder=False, prefer_bgrx=False)
            pixels = np.array(bitmap.to_numpy()[:, :, :3])  # (rows, columns, 3)
            page.close()
            yield Picture(i + 1, pixels, 72 / dpi)
    finally:
        document.close()
