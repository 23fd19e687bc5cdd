"""Picture files (PNG, JPEG, TIFF, BMP, GIF, WebP, JPEG 2000): every frame of a TIFF, else the first, is a page."""

from __future__ import annotations

import math
import struct
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING

from biaoge.errors import DamagedImage, InputError
from biaoge.model import Box, Page, Trust
from biaoge.raster import Raster

from .embedded import JPX_COST, too_many
from .pdf import check_number, check_size
from .raster import Drawn
from .resolution import GUESS_SCREEN, drawn_at, page_dpi
from .shades import TURNED, orientation, shades_of
from .tiff import frames

if TYPE_CHECKING:
    from PIL.Image import Image

FORMATS = ("PNG", "JPEG", "TIFF", "BMP", "GIF", "WEBP", "JPEG2000")
"""The decoders that are let at a file."""
MEASURED = ("PNG", "JPEG", "BMP", "GIF", "WEBP")
"""Formats of pictures that are no scanner's. The letters of small ones that state no resolution are measured."""
SMALL = 2**20
"""Pixels."""
WIDTH, HEIGHT = 256, 257
"""Tags of a TIFF."""
BROKEN = (
    *(OSError, SyntaxError, ValueError, TypeError, LookupError, ArithmeticError, EOFError, AttributeError),
    *(RuntimeError, NotImplementedError, struct.error),
)
"""What Pillow lets slip on damaged files."""


@dataclass(frozen=True, slots=True)
class Leaf:
    """A page of a picture file as its header tells: pixels and dpi, across and down, as displayed."""

    width: int
    height: int
    across: float
    down: float

    @property
    def points(self) -> tuple[float, float]:
        """Width and height of the page."""
        return self.width / self.across * 72, self.height / self.down * 72


class PictureReader:
    """See `biaoge.ingest.pdf.Reader`. Pages have no words and the route "ocr"; nothing is decoded but small pictures.

    The size of a page comes from the resolution in the file where it is plausible, else from a guess: see
    `biaoge.ingest.resolution.page_dpi`, and for small pictures `biaoge.ingest.smallprint`. EXIF orientation is applied.
    DamagedImage when a header makes no sense.
    """

    name = "picture"

    def __init__(self, path: Path) -> None:
        import PIL

        self._path = path
        self._frames = _frames(path)
        self.version = str(PIL.__version__)
        self.n_pages = len(self._frames)

    def page(self, number: int) -> Page:
        """See `Reader.page`."""
        check_number(number, self.n_pages)
        with _opened(self._path, self._frames[number - 1], number) as (_, leaf):
            width, height = leaf.points
        check_size(number, width, height)
        trust = Trust(False, "no_text", "a picture has no text of its own")
        return Page(number, width, height, route="ocr", images=(Box(0, 0, width, height),), trust=trust)

    def close(self) -> None:
        """See `Reader.close`."""
        self.n_pages = 0

    def __enter__(self) -> PictureReader:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


class PictureRasters:
    """See `biaoge.ingest.raster.Rasters`; Pillow decodes. DamagedImage for a page that cannot be decoded whole."""

    def __init__(self, path: Path, max_megapixels: float) -> None:
        self._path = path
        self._frames = _frames(path)
        self._most = max_megapixels

    def page(self, page: Page) -> Drawn:
        """See `Rasters.page`."""
        number = page.number
        check_number(number, len(self._frames))
        with _opened(self._path, self._frames[number - 1], number) as (image, leaf):
            dpi = drawn_at(leaf.across, leaf.points, whole=True)
            size = max(1, round(leaf.width * dpi / leaf.across)), max(1, round(leaf.height * dpi / leaf.down))
            cost = JPX_COST if image.format == "JPEG2000" else 1.0
            need = max(leaf.width * leaf.height * cost, size[0] * size[1])
            if need > self._most * 1e6:
                raise too_many(f"{self._path.name}, page {number}", need, self._most)
            pixels = shades_of(image, size)
        return Drawn(Raster(pixels, Box(0, 0, page.width, page.height)))

    def region(self, page: Page, box: Box) -> Drawn:
        """See `Rasters.region`."""
        import numpy as np

        whole = self.page(page).raster
        across, down = (n / side for n, side in zip(whole.pixels.shape[1::-1], (page.width, page.height), strict=True))
        left, top = (max(0, int(at * scale)) for at, scale in ((box.x0, across), (box.top, down)))
        right, low = math.ceil(box.x1 * across), math.ceil(box.bottom * down)
        part = np.ascontiguousarray(whole.pixels[top:low, left:right])
        rows, columns = part.shape[:2]
        return Drawn(Raster(part, Box(left / across, top / down, (left + columns) / across, (top + rows) / down)))

    def close(self) -> None:
        """See `Rasters.close`."""
        self._frames = ()

    def __enter__(self) -> PictureRasters:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def _frames(path: Path) -> tuple[int, ...]:
    """Numbers (from 0) of the frames that are pages; DamagedImage when the file cannot be opened as a picture."""
    try:
        with path.open("rb") as source:
            found = frames(source)
    except OSError as error:
        raise InputError(f"{path.name}: cannot be read ({error.strerror or error})") from error
    with _opened(path, found[0] if found else 0, 1):
        return found or (0,)


@contextmanager
def _opened(path: Path, frame: int, number: int) -> Iterator[tuple[Image, Leaf]]:
    """A frame of the file with its header read and nothing decoded; what goes wrong inside is DamagedImage.

    Pillow's own limit of pixels is lifted meanwhile: ours counts before anything is decoded. Its leave to pad what is
    cut off, which other packages set for the whole process (WeasyPrint), is withdrawn.
    """
    from PIL import Image, ImageFile

    limit, Image.MAX_IMAGE_PIXELS = Image.MAX_IMAGE_PIXELS, None
    padded, ImageFile.LOAD_TRUNCATED_IMAGES = ImageFile.LOAD_TRUNCATED_IMAGES, False
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            # Not by its path: then Pillow maps a TIFF into memory, and confuses the sides of a turned one.
            with path.open("rb") as source, Image.open(source, formats=FORMATS) as image:
                if frame:
                    image.seek(frame)
                yield image, _leaf(image)
    except InputError:
        raise
    except BROKEN as error:
        what = f"{path.name}, page {number}" if number > 1 else path.name
        detail = str(error).partition("\n")[0] or type(error).__name__
        raise DamagedImage(f"{what}: the picture cannot be decoded ({detail}); save or scan it again") from error
    finally:
        Image.MAX_IMAGE_PIXELS = limit
        ImageFile.LOAD_TRUNCATED_IMAGES = padded


def _leaf(image: Image) -> Leaf:
    tags = getattr(image, "tag_v2", {})  # a TIFF's size before it is turned, whatever the version of Pillow
    width, height = int(tags.get(WIDTH, image.width)), int(tags.get(HEIGHT, image.height))
    stated = image.info.get("dpi")
    across, down = page_dpi(width, height, _numbers(stated))
    if (
        across == down == GUESS_SCREEN
        and image.format in MEASURED
        and orientation(image) == 1
        and width * height <= SMALL
    ):
        across = down = _by_letters(image)
    if orientation(image) in TURNED:
        width, height, across, down = height, width, down, across
    return Leaf(width, height, across, down)


def _by_letters(image: Image) -> float:
    """The resolution that the letters of a small picture tell; that of a screen where it cannot be decoded."""
    from .smallprint import dpi_of

    try:
        shades = shades_of(image.copy(), image.size)
    except BROKEN:
        return GUESS_SCREEN
    return dpi_of(shades)


def _numbers(stated: object) -> tuple[float, float] | None:
    if not isinstance(stated, (tuple, list)) or len(stated) != 2:
        return None
    try:
        return float(stated[0]), float(stated[1])
    except (TypeError, ValueError, ArithmeticError):
        return None
