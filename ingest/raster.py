"""Pages, and pictures on them, as pixels to be read."""

from __future__ import annotations

from collections.abc import Sequence
from ctypes import byref
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, Protocol

from biaoge.errors import DamagedPdf
from biaoge.model import Box, Finding, Page
from biaoge.raster import Pixels, Raster

from .embedded import Placed, placed, shown_of, too_many
from .pdf import check_number, check_size, is_picture
from .resolution import DRAWN, drawn_at
from .shades import without_colour
from .trust import LARGE

if TYPE_CHECKING:
    from .pdfium import PdfiumReader

MAX_MEGAPIXELS = 150.0
"""An A4 page at 1200 dpi, an A3 page at 850. In RGB with its copies more would fill a worker's memory."""
COVERS = 0.1
"""Pictures count for a box's resolution from this share of it on; a logo does not."""
EDGE = 0.5
"""Points by which a box may miss the page's edge and still be the whole page."""
ALIKE = 0.02
"""Pictures whose resolutions differ by up to this share have the same."""
HAIR = 0.004
"""Pixels by which all is drawn smaller: pdfium stretches a picture by one pixel when rounding leaves it a hair over."""
PAPER = 255
WHOLE, NOTHING = 0.99, 0.01
"""Shares of a picture's data from which on it counts as whole, and up to which as nothing."""
SLACK = 0.75
"""Points by which a page may come out too long or short for its pixels to be kept as they are, taken as square."""


@dataclass(frozen=True, slots=True)
class Drawn:
    """A raster, and what could not be drawn on it."""

    raster: Raster
    findings: tuple[Finding, ...] = ()


class Rasters(Protocol):
    """An open file that gives pixels; a context manager. One page is in memory at a time, none between calls."""

    def page(self, page: Page) -> Drawn:
        """The whole of a page which a reader of the same file gave.

        RGB, or grey where nothing on it has a colour. The raster's edges may miss the page's by half a pixel, so that
        its grid is that of the picture on it. TooLarge when there are more megapixels than allowed, in the file or
        drawn. DamagedPdf, DamagedImage when nothing is seen because no picture can be decoded; where only some of them
        cannot, or not to their end, `findings` tell it (`picture-unreadable`, with the page).
        """
        ...

    def region(self, page: Page, box: Box) -> Drawn:
        """The same for a part of the page (points), at the resolution of what is there."""
        ...

    def close(self) -> None:
        """Let go of the file; harmless when done before."""
        ...

    def __enter__(self) -> Rasters: ...

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None: ...


def open_rasters(path: Path, password: str | None = None, max_megapixels: float = MAX_MEGAPIXELS) -> Rasters:
    """Open a PDF or a picture file for its pixels; errors as in `open_pdf`. Opened once, it serves all its pages."""
    if is_picture(path):
        from .picture import PictureRasters

        return PictureRasters(path, max_megapixels)
    from .pdfium import open_pdfium

    return PdfRasters(open_pdfium(path, password), max_megapixels)


class PdfRasters:
    """See `Rasters`; pdfium draws."""

    def __init__(self, reader: PdfiumReader, max_megapixels: float) -> None:
        self._reader = reader
        self._most = max_megapixels

    def page(self, page: Page) -> Drawn:
        """See `Rasters.page`."""
        return self.region(page, Box(0, 0, page.width, page.height))

    def region(self, page: Page, box: Box) -> Drawn:
        """See `Rasters.region`."""
        import pypdfium2

        check_number(page.number, self._reader.n_pages)
        try:
            opened = self._reader.document[page.number - 1]
        except pypdfium2.PdfiumError as error:
            raise DamagedPdf(f"page {page.number} cannot be read") from error
        try:
            check_size(page.number, *opened.get_size())
            pictures = placed(opened, page.number, self._most)
            frame = _frame(page, box, pictures)
            if frame.columns * frame.rows > self._most * 1e6:
                raise too_many(f"page {page.number}, drawn for reading,", frame.columns * frame.rows, self._most)
            raster = Raster(without_colour(_draw(opened, frame)), frame.box)
            return Drawn(raster, _damage(opened, raster, page.number, pictures))
        finally:
            opened.close()

    def close(self) -> None:
        """See `Rasters.close`."""
        self._reader.close()

    def __enter__(self) -> PdfRasters:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


@dataclass(frozen=True, slots=True)
class _Frame:
    """What to draw: pixel (0, 0) begins at the point (x0, top); `across`, `down` are pixels a point."""

    x0: float
    top: float
    across: float
    down: float
    columns: int
    rows: int

    @property
    def box(self) -> Box:
        """What the pixels cover (points)."""
        return Box(self.x0, self.top, self.x0 + self.columns / self.across, self.top + self.rows / self.down)


def _frame(page: Page, box: Box, pictures: Sequence[Placed]) -> _Frame:
    """The grid of pixels over `box`: that of the picture which fills it where its own resolution is taken."""
    whole = box.x0 <= EDGE and box.top <= EDGE and page.width - box.x1 <= EDGE and page.height - box.bottom <= EDGE
    main = main_picture(pictures, box)
    if main is None:
        return _grid(box, (box.x0, box.top), DRAWN / 72, DRAWN / 72)
    dpi = drawn_at(main.dpi, (box.width, box.height), whole)
    if page.trust.reason == "garbled":  # letters that the file draws are read too
        dpi = max(dpi, DRAWN)
    bounds = main.bounds
    if dpi != main.dpi:
        return _grid(box, (bounds.x0, bounds.top), dpi / 72, dpi / 72)
    across, down = main.across / bounds.width, main.down / bounds.height
    if abs(down / across - 1) * bounds.height > SLACK:
        across = down = dpi / 72
    return _grid(box, (bounds.x0, bounds.top), across, down)


def _grid(box: Box, anchor: tuple[float, float], across: float, down: float) -> _Frame:
    """The frame over `box` whose pixels begin at `anchor`, or so many whole pixels from it."""
    left, above = round((anchor[0] - box.x0) * across), round((anchor[1] - box.top) * down)
    x0, top = anchor[0] - left / across, anchor[1] - above / down
    columns, rows = round((box.x1 - x0) * across), round((box.bottom - top) * down)
    return _Frame(x0, top, across, down, max(1, columns), max(1, rows))


def main_picture(pictures: Sequence[Placed], box: Box) -> Placed | None:
    """The picture that gives `box` its resolution; `None` where pictures cover less than `COVERS` of it.

    The finest resolution from which on pictures cover that much (a page may be a fine mask of ink over a coarse
    background, or many strips), then the largest picture of it.
    """
    inside = [(picture, picture.bounds.overlap(box)) for picture in pictures if picture.dpi > 0]
    covered = 0.0
    for picture, area in sorted(inside, key=lambda one: -one[0].dpi):
        covered += area
        if covered >= COVERS * box.area:
            alike = [one for one in inside if abs(one[0].dpi - picture.dpi) <= ALIKE * picture.dpi]
            return max(alike, key=lambda one: one[1])[0]
    return None


def _draw(page: Any, frame: _Frame) -> Pixels:
    """(rows, columns, 3) RGB of pypdfium2's `page`, on white paper, annotations included."""
    import pypdfium2
    import pypdfium2.raw as pdfium

    bitmap = pypdfium2.PdfBitmap.new_native(frame.columns, frame.rows, pdfium.FPDFBitmap_BGR, rev_byteorder=True)
    try:
        bitmap.fill_rect((PAPER, PAPER, PAPER, PAPER), 0, 0, frame.columns, frame.rows)
        across, down = frame.across * (1 - HAIR / frame.columns), frame.down * (1 - HAIR / frame.rows)
        shift_x, shift_y = HAIR / 2 - frame.x0 * across, HAIR / 2 - frame.top * down
        matrix = pdfium.FS_MATRIX(across, 0, 0, down, shift_x, shift_y)
        clip = pdfium.FS_RECTF(0, 0, frame.columns, frame.rows)
        flags = pdfium.FPDF_ANNOT | pdfium.FPDF_REVERSE_BYTE_ORDER
        pdfium.FPDF_RenderPageBitmapWithMatrix(bitmap.raw, page.raw, byref(matrix), byref(clip), flags)
        pixels: Pixels = bitmap.to_numpy().copy()
        return pixels
    finally:
        bitmap.close()


def _even(drawn: Raster, bounds: Box) -> bool:
    """Whether one tone fills the part of the raster within `bounds`."""
    scale = drawn.dpi / 72
    left, right = (max(0, round((x - drawn.box.x0) * scale)) for x in (bounds.x0, bounds.x1))
    top, low = (max(0, round((y - drawn.box.top) * scale)) for y in (bounds.top, bounds.bottom))
    part = drawn.pixels[top:low, left:right]
    return not part.size or bool((part == part[0, 0]).all())


def _damage(page: Any, drawn: Raster, number: int, pictures: Sequence[Placed]) -> tuple[Finding, ...]:
    """Findings for pictures of some size that cannot be decoded, or not to their end.

    DamagedPdf when nothing is seen because of them: all of the raster is paper, or nothing could be decoded at all.
    """
    out: list[Finding] = []
    large = [picture for picture in pictures if picture.bounds.overlap(drawn.box) >= LARGE * drawn.box.area]
    none = 0
    for picture in large:
        shown = shown_of(picture, page, _even(drawn, picture.bounds))
        if shown >= WHOLE:
            continue
        coding = f" ({picture.kind})" if picture.kind else ""
        what = f"a picture of {picture.across} × {picture.down} pixels{coding}"
        none += shown < NOTHING
        message = f"{what} cannot be decoded" if shown < NOTHING else f"{what} breaks off, or lacks its end"
        out.append(Finding("picture-unreadable", "error" if shown < NOTHING else "warning", message, number))
    if none and (none == len(large) == len(pictures) or drawn.pixels.min() == PAPER):
        raise DamagedPdf(f"page {number}: {out[0].message}; scan it again, or fetch the file again")
    return tuple(out)
