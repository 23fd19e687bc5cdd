"""A picture of whatever kind as grey or RGB of eight bits on white paper."""

from __future__ import annotations

from typing import TYPE_CHECKING

from biaoge.raster import Pixels

if TYPE_CHECKING:
    from PIL.Image import Image

ORIENTATION = 274
"""The tag of EXIF and TIFF."""
TURNED = range(5, 9)
"""Orientations that exchange width and height."""
WIDE = (12, 16, 32)
"""Bits a sample of more than eight may have; files often say only how many it is stored in."""


def orientation(image: Image) -> int:
    """1 to 8 as the header says, and 1 where it says nothing.

    A PNG that has none before its pixels is not asked: Pillow would decode it all to look behind them.
    """
    if image.format == "PNG" and "exif" not in image.info:
        return 1
    turned = image.getexif().get(ORIENTATION, 1)
    return turned if isinstance(turned, int) and 1 <= turned <= 8 else 1


def shades_of(image: Image, size: tuple[int, int]) -> Pixels:
    """The picture, turned as its EXIF says, of `size` (columns, rows as displayed); RGB, or grey without colour.

    A JPEG is decoded at a half, a quarter or an eighth where that is enough; others are decoded whole and then shrunk,
    every pixel a mean. Transparent is white. What Pillow raises on damaged files is passed on.
    """
    import numpy as np
    from PIL import ImageOps
    from PIL.Image import Resampling

    turned = orientation(image)
    image.draft(None, size[::-1] if turned in TURNED else size)
    image.load()  # which turns a TIFF, and forgets its orientation, from Pillow 11 on
    shown = _eight_bits(image if turned == 1 else ImageOps.exif_transpose(image))
    if shown.size != size:
        shown = shown.resize(size, Resampling.BICUBIC)
    return without_colour(np.asarray(shown))


def without_colour(pixels: Pixels) -> Pixels:
    """RGB as grey (height, width) where its three channels are the same everywhere; else as it is."""
    import numpy as np

    if pixels.ndim == 3:
        red, green, blue = pixels[..., 0], pixels[..., 1], pixels[..., 2]
        if np.array_equal(red, green) and np.array_equal(green, blue):
            return np.ascontiguousarray(red)
    return np.ascontiguousarray(pixels)


def _eight_bits(image: Image) -> Image:
    """The picture in mode L or RGB."""
    mode = image.mode
    if mode in ("L", "RGB"):
        return image if "transparency" not in image.info else _on_white(image.convert("RGBA"))
    if mode == "1":
        return image.convert("L")
    if mode.startswith("I") or mode == "F":
        return _from_wide(image)
    if mode == "LAB":
        return _from_lab(image)
    if mode == "CMYK":
        return _from_cmyk(image)
    if mode in ("LA", "La", "PA", "RGBA", "RGBa") or "transparency" in image.info:
        return _on_white(image.convert("RGBA"))
    return image.convert("RGB")


def _on_white(image: Image) -> Image:
    import PIL.Image

    paper = PIL.Image.new("RGB", image.size, "white")
    paper.paste(image, mask=image.getchannel("A"))
    return paper


def _from_wide(image: Image) -> Image:
    """Grey of more than eight bits: the smallest depth that holds its largest value is white; NaN is white."""
    import numpy as np
    import PIL.Image

    values = np.asarray(image)
    if values.dtype.kind == "f":
        values = np.nan_to_num(values.astype(np.float32), nan=np.inf, posinf=np.inf, neginf=0.0)
        finite = values[np.isfinite(values)]
        most = float(finite.max()) if finite.size else 1.0
        white = next((full for full in (1.0, 255.0, 4095.0, 65535.0) if most <= full), most)
    else:
        most = float(values.max())
        narrow = image.mode == "I" and most <= 255  # eight bits stored in 32
        white = 255.0 if narrow else next(2.0**bits - 1 for bits in WIDE if most < 2.0**bits)
    scaled = np.clip(values.astype(np.float32, copy=False) * np.float32(255.0 / white), 0, 255)
    return PIL.Image.fromarray(np.rint(scaled).astype(np.uint8))


def _from_lab(image: Image) -> Image:
    from PIL import ImageCms

    lab, srgb = ImageCms.createProfile("LAB"), ImageCms.createProfile("sRGB")
    out = ImageCms.profileToProfile(image, lab, srgb, outputMode="RGB")
    return image.convert("RGB") if out is None else out


def _from_cmyk(image: Image) -> Image:
    """Pillow takes every JPEG in CMYK for Adobe's, which is inverted; one without Adobe's mark is not."""
    from PIL import ImageChops

    plain = image.format == "JPEG" and "adobe" not in image.info
    return (ImageChops.invert(image) if plain else image).convert("RGB")
