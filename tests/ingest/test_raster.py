"""Pages of PDFs as pixels."""

from __future__ import annotations

import io
import json
import resource
import time
import zlib
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageDraw

from biaoge.errors import BiaogeError, DamagedPdf, TooLarge
from biaoge.ingest.embedded import jpeg_size, jpx_size
from biaoge.ingest.pdf import open_pdf
from biaoge.ingest.raster import Drawn, open_rasters
from biaoge.ingest.trust import regions
from biaoge.model import Box, Page

Write = Callable[..., Path]

A4 = (595.276, 841.89)


def scan(size: tuple[int, int], mode: str = "L") -> Image.Image:
    """White, with a black square at a quarter of its width and height."""
    image = Image.new("L", size, 255)
    w, h = size
    ImageDraw.Draw(image).rectangle((w // 4, h // 4, w // 2 - 1, h // 2 - 1), fill=0)
    return image.convert(mode)


def encoded(image: Image.Image, kind: str, **more: object) -> bytes:
    out = io.BytesIO()
    image.save(out, kind, **more)
    return out.getvalue()


def draw(path: Path, box: Box | None = None, max_megapixels: float = 100.0) -> tuple[Page, Drawn]:
    with open_pdf(path) as reader, open_rasters(path, max_megapixels=max_megapixels) as rasters:
        page = reader.page(1)
        return page, rasters.page(page) if box is None else rasters.region(page, box)


def picture(
    size: tuple[int, int], data: bytes, more: str = "/ColorSpace /DeviceGray /BitsPerComponent 8"
) -> tuple[str, str]:
    head = f"/Type /XObject /Subtype /Image /Width {size[0]} /Height {size[1]} {more}"
    return head, data.decode("latin-1")


FLATE = "/ColorSpace /DeviceGray /BitsPerComponent 8 /Filter /FlateDecode"
NAMED = "/XObject << /I 10 0 R >>"


@pytest.fixture
def scan_file(pdf_file: Write) -> Callable[..., Path]:
    """A page of `side` points that is one picture of `size` pixels."""

    def write(size: tuple[int, int], side: tuple[float, float] = A4, page: str = "") -> Path:
        w, h = side
        box = f"/MediaBox [0 0 {w} {h}] {page}"
        form = picture(size, zlib.compress(scan(size).tobytes()), FLATE)
        return pdf_file(f"q {w} 0 0 {h} 0 0 cm /I Do Q", page=box, forms={10: form}, resources=NAMED)

    return write


@pytest.mark.parametrize("size", [(1654, 2339), (1240, 1754), (2480, 3508), (1700, 2200)])
def test_pixels_of_a_scan_are_taken_as_they_are(scan_file: Callable[..., Path], size: tuple[int, int]) -> None:
    side = (612.0, 792.0) if size == (1700, 2200) else A4
    page, drawn = draw(scan_file(size, side))
    assert page.route == "ocr"
    assert np.array_equal(drawn.raster.pixels, np.asarray(scan(size)))
    assert drawn.raster.box.x1 == pytest.approx(page.width, abs=0.01)
    assert drawn.raster.box.bottom == pytest.approx(page.height, abs=0.01)
    assert drawn.findings == ()


@pytest.mark.parametrize(("own", "dpi"), [(20, 150), (100, 200), (120, 240), (200, 200), (400, 300), (600, 300)])
def test_resolution(scan_file: Callable[..., Path], own: int, dpi: int) -> None:
    _, drawn = draw(scan_file((round(8.27 * own), round(11.69 * own))))
    assert drawn.raster.dpi == pytest.approx(dpi, rel=0.01)


def test_without_a_picture(pdf_file: Write) -> None:
    page, drawn = draw(pdf_file("20 100 60 40 re f"))
    assert page.route == "ocr"
    assert drawn.raster.dpi == pytest.approx(200, rel=0.01)
    assert drawn.raster.pixels.ndim == 2


@pytest.mark.parametrize("rotation", [0, 90, 180, 270])
def test_pages_are_drawn_as_displayed(pdf_file: Write, rotation: int) -> None:
    path = pdf_file("1 0 0 rg 20 200 60 40 re f", page=f"/Rotate {rotation} /CropBox [10 10 190 290]")
    page, drawn = draw(path)
    raster = drawn.raster
    (left, right), (top, bottom) = (sorted(r.at for r in page.rulings if r.axis == axis) for axis in "vh")
    ys, xs = np.nonzero(raster.pixels[..., 1] < 128)
    scale = 72 / raster.dpi
    found = (xs.min() * scale, ys.min() * scale, (xs.max() + 1) * scale, (ys.max() + 1) * scale)
    assert found == pytest.approx((left, top, right, bottom), abs=0.4)
    assert raster.pixels[int(ys.mean()), int(xs.mean())].tolist() == [255, 0, 0]


@pytest.mark.parametrize("rotation", [90, 180, 270])
def test_a_turned_scan_keeps_its_pixels(scan_file: Callable[..., Path], rotation: int) -> None:
    _, drawn = draw(scan_file((1240, 1754), page=f"/Rotate {rotation}"))
    assert np.array_equal(drawn.raster.pixels, np.rot90(np.asarray(scan((1240, 1754))), -rotation // 90))


def test_a_picture_on_the_page(pdf_file: Write) -> None:
    """Its own grid of pixels, wherever it lies."""
    size = (500, 300)
    form = picture(size, zlib.compress(scan(size).tobytes()), FLATE)
    text = "BT /F1 10 Tf 20 250 Td (Hello world) Tj ET"
    path = pdf_file(f"{text} q 150.3 0 0 90.18 21.7 31.9 cm /I Do Q", forms={10: form}, resources=NAMED)
    with open_pdf(path) as reader, open_rasters(path) as rasters:
        page = reader.page(1)
        assert page.route == "mixed"
        (box,) = regions(page)
        raster = rasters.region(page, box).raster
    assert raster.pixels.shape == (300, 500)
    assert np.abs(raster.pixels.astype(int) - np.asarray(scan(size))).mean() < 0.5
    assert (raster.box.x0, raster.box.top) == pytest.approx((21.7, 300 - 31.9 - 90.18), abs=0.01)


def test_letters_beside_a_coarse_picture_are_sharp(pdf_file: Write) -> None:
    """A logo does not set the resolution."""
    form = picture((10, 10), zlib.compress(bytes(100)), FLATE)
    _, drawn = draw(pdf_file("q 40 0 0 40 10 10 cm /I Do Q 20 100 m 90 100 l S", forms={10: form}, resources=NAMED))
    assert drawn.raster.dpi == pytest.approx(200, rel=0.01)


def damaged(kind: str) -> tuple[bytes, str]:
    noise = Image.fromarray(np.random.default_rng(1).integers(0, 255, (300, 200), np.uint8))
    jpeg = encoded(noise, "JPEG")
    common = "/ColorSpace /DeviceGray /BitsPerComponent 8 /Filter"
    two = "/ColorSpace /DeviceGray /BitsPerComponent 1 /Filter"
    return {
        "jpeg": (jpeg[:300], f"{common} /DCTDecode"),
        "junk": (b"junk" * 100, f"{common} /DCTDecode"),
        "flate": (b"junk" * 100, f"{common} /FlateDecode"),
        "jpx": (b"junk" * 100, f"{common} /JPXDecode"),
        "jbig2": (b"junk" * 100, f"{two} /JBIG2Decode"),
        "ccitt": (b"", f"{two} /CCITTFaxDecode /DecodeParms << /K -1 /Columns 200 /Rows 300 >>"),
        "half": (jpeg[: len(jpeg) // 2], f"{common} /DCTDecode"),
        "short": (zlib.compress(bytes(30000)), f"{common} /FlateDecode"),
    }[kind]


@pytest.mark.parametrize("kind", ["jpeg", "junk", "flate", "jpx", "jbig2", "ccitt"])
def test_a_scan_that_cannot_be_decoded(pdf_file: Write, kind: str) -> None:
    data, how = damaged(kind)
    form = picture((200, 300), data, how)
    path = pdf_file("q 200 0 0 300 0 0 cm /I Do Q", forms={10: form}, resources=NAMED)
    with pytest.raises(DamagedPdf, match="cannot be decoded"):
        draw(path)
    if kind != "flate":  # of which pdfium makes a black picture, and the page cannot be told from a black one
        good = picture((200, 300), zlib.compress(scan((200, 300)).tobytes()), FLATE)
        both = "q 200 0 0 150 0 0 cm /I Do Q q 200 0 0 150 0 150 cm /J Do Q"
        path = pdf_file(both, forms={10: form, 11: good}, resources="/XObject << /I 10 0 R /J 11 0 R >>")
        (finding,) = draw(path)[1].findings
        assert (finding.kind, finding.severity, finding.page) == ("picture-unreadable", "error", 1)


@pytest.mark.parametrize("kind", ["half", "short"])
def test_a_scan_that_breaks_off(pdf_file: Write, kind: str) -> None:
    data, how = damaged(kind)
    form = picture((200, 300), data, how)
    _, drawn = draw(pdf_file("q 200 0 0 300 0 0 cm /I Do Q", forms={10: form}, resources=NAMED))
    (finding,) = drawn.findings
    assert (finding.kind, finding.severity, finding.page) == ("picture-unreadable", "warning", 1)


def test_blank_and_black_scans_are_no_damage(pdf_file: Write) -> None:
    for shade in (0, 255):
        form = picture((200, 300), zlib.compress(bytes([shade]) * 60000), FLATE)
        _, drawn = draw(pdf_file("q 200 0 0 300 0 0 cm /I Do Q", forms={10: form}, resources=NAMED))
        assert (np.unique(drawn.raster.pixels).tolist(), drawn.findings) == ([shade], ())


@pytest.mark.parametrize(
    "how",
    [
        "/Width 60000 /Height 60000 /ColorSpace /DeviceRGB /BitsPerComponent 8 /Filter /FlateDecode",
        "/Width 60000 /Height 60000 /ColorSpace /DeviceGray /BitsPerComponent 1 /Filter /JBIG2Decode",
        "/Width 60000 /Height 60000 /ColorSpace /DeviceGray /BitsPerComponent 1 /Filter /CCITTFaxDecode",
    ],
)
@pytest.mark.parametrize("text", ["", "BT /F1 10 Tf 20 250 Td (Hello) Tj ET"])
def test_bombs(pdf_file: Write, how: str, text: str) -> None:
    form = (f"/Type /XObject /Subtype /Image {how}", zlib.compress(bytes(1000)).decode("latin-1"))
    path = pdf_file(f"{text} q 200 0 0 100 0 0 cm /I Do Q", forms={10: form}, resources=NAMED)
    with pytest.raises(TooLarge, match=r"page 1.*3,600 megapixels.*--max-megapixels"):
        draw(path)


def test_a_bomb_whose_size_stands_in_its_own_header(pdf_file: Write) -> None:
    jpeg = encoded(scan((64, 64)), "JPEG")
    at = jpeg.index(b"\xff\xc0") + 5
    form = picture((64, 64), jpeg[:at] + b"\xff\xff\xff\xff" + jpeg[at + 4 :], FLATE.replace("Flate", "DCT"))
    with pytest.raises(TooLarge):
        draw(pdf_file("q 200 0 0 100 0 0 cm /I Do Q", forms={10: form}, resources=NAMED))


def test_many_large_pictures_together(pdf_file: Write) -> None:
    form = picture((900, 1000), zlib.compress(bytes(900_000)), FLATE)
    content = " ".join(f"q 20 0 0 20 {x} 0 cm /I Do Q" for x in range(0, 100, 20))
    path = pdf_file(content, forms={10: form}, resources=NAMED)
    draw(path, max_megapixels=1.2)
    with pytest.raises(TooLarge, match="together"):
        draw(path, max_megapixels=1)


def test_a_page_drawn_too_large(pdf_file: Write) -> None:
    path = pdf_file("20 100 60 40 re f", page="/MediaBox [0 0 14400 14400]")
    with pytest.raises(TooLarge, match="drawn for reading"):
        draw(path)
    _, drawn = draw(path, Box(0, 14000, 400, 14400))
    assert drawn.raster.pixels.min() == 0


def test_sizes_in_headers() -> None:
    assert jpeg_size(encoded(scan((70, 50)), "JPEG")) == (70, 50)
    assert jpeg_size(encoded(scan((70, 50)), "JPEG", progressive=True, comment=b"x" * 300)) == (70, 50)
    assert jpx_size(encoded(scan((70, 50)), "JPEG2000")) == (70, 50)
    for junk in (b"", b"\xff", b"\xff" * 99, b"\xff\xd8\xff\xe0\0\0" * 9, b"\xff\x4f\xff\x51"):
        assert jpeg_size(junk) == jpx_size(junk) == (0, 0)


def test_pages_of_one_file_are_drawn_one_after_the_other(tmp_path: Path) -> None:
    pages = [scan((827, 1169)), scan((1169, 827))]
    pages[0].save(tmp_path / "a.pdf", save_all=True, append_images=pages[1:], resolution=100)
    with open_pdf(tmp_path / "a.pdf") as reader, open_rasters(tmp_path / "a.pdf") as rasters:
        shapes = [rasters.page(reader.page(n)).raster.pixels.shape for n in (2, 1, 2)]
    assert shapes == [(1654, 2338), (2338, 1654), (1654, 2338)]


@pytest.mark.slow
def test_hostile_files(data: Path) -> None:
    """Every page of every one: pixels or an error of ours, in bounded time and memory."""
    manifest = json.loads((data / "hostile" / "manifest.json").read_text(encoding="utf-8"))
    drawn = 0
    for entry in manifest:
        path = data / "hostile" / entry["file"]
        try:
            with open_pdf(path, entry["password"]) as reader, open_rasters(path, entry["password"]) as rasters:
                for number in range(1, min(reader.n_pages, 5) + 1):
                    started = time.monotonic()
                    try:
                        raster = rasters.page(reader.page(number)).raster
                    except BiaogeError:
                        continue
                    drawn += 1
                    assert raster.pixels.size <= 300e6
                    assert time.monotonic() - started < 60, path.name
        except BiaogeError:
            continue
    assert drawn > 100
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss < 2e6  # kilobytes
