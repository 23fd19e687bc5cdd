"""Picture files as pages and pixels."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFile

from biaoge.errors import DamagedImage, InputError, NotAPdf, TooLarge
from biaoge.ingest.pdf import open_pdf
from biaoge.ingest.raster import open_rasters
from biaoge.ingest.resolution import drawn_at, page_dpi
from biaoge.ingest.tiff import MOST_FRAMES, frames
from biaoge.model import Box, Page
from biaoge.raster import Raster

WHITE, BLACK = 255, 0


def marked(mode: str = "L", size: tuple[int, int] = (240, 340)) -> Image.Image:
    """White, with a black square at the top left."""
    image = Image.new("L", size, WHITE)
    ImageDraw.Draw(image).rectangle((0, 0, 59, 39), fill=BLACK)
    return image if mode == "L" else image.convert(mode)


def read(path: Path, number: int = 1, max_megapixels: float = 100.0) -> tuple[Page, Raster]:
    with open_pdf(path) as reader, open_rasters(path, max_megapixels=max_megapixels) as rasters:
        assert reader.name == "picture"
        page = reader.page(number)
        return page, rasters.page(page).raster


def dark(raster: Raster) -> tuple[float, float, float, float]:
    """Where the dark pixels lie, in points."""
    grey = raster.pixels if raster.pixels.ndim == 2 else raster.pixels.mean(axis=2)
    ys, xs = np.nonzero(grey < 128)
    scale = 72 / raster.dpi
    return xs.min() * scale, ys.min() * scale, (xs.max() + 1) * scale, (ys.max() + 1) * scale


@pytest.mark.parametrize(
    ("name", "mode", "more"),
    [
        ("a.png", "1", {}),
        ("a.png", "L", {}),
        ("a.png", "LA", {}),
        ("a.png", "P", {}),
        ("a.png", "RGB", {}),
        ("a.png", "RGBA", {}),
        ("a.jpg", "L", {}),
        ("a.jpg", "RGB", {}),
        ("a.jpg", "CMYK", {}),
        ("a.tif", "1", {"compression": "group4"}),
        ("a.tif", "L", {"compression": "tiff_lzw"}),
        ("a.tif", "RGB", {"compression": "jpeg"}),
        ("a.tif", "CMYK", {}),
        ("a.tif", "YCbCr", {}),
        ("a.bmp", "RGB", {}),
        ("a.gif", "P", {}),
        ("a.webp", "RGB", {"lossless": True}),
        ("a.jp2", "RGB", {}),
    ],
)
def test_every_kind_of_picture(tmp_path: Path, name: str, mode: str, more: dict[str, Any]) -> None:
    path = tmp_path / name
    marked(mode).save(path, dpi=(200, 200), **more)
    page, raster = read(path)
    assert (page.route, page.trust.usable, page.trust.reason, page.words) == ("ocr", False, "no_text", ())
    assert page.images == (Box(0, 0, page.width, page.height),)
    assert raster.box == page.images[0]
    grey = raster.pixels.reshape(*raster.pixels.shape[:2], -1)
    near = 40 if mode == "CMYK" or name.endswith(("jpg", "jp2")) else 0
    assert grey[20, 20].max() <= near
    assert grey[200:, 100:].min() >= WHITE - near // 4
    if mode in ("1", "L", "LA", "P", "RGB", "RGBA") and name.endswith("png"):
        assert raster.pixels.ndim == 2  # no colour in it


def test_colour_is_kept(tmp_path: Path) -> None:
    path = tmp_path / "a.png"
    Image.new("RGB", (200, 200), (200, 30, 30)).save(path)
    assert read(path)[1].pixels[5, 5].tolist() == [200, 30, 30]


def test_transparent_is_white(tmp_path: Path) -> None:
    image = Image.new("RGBA", (200, 300), (0, 0, 0, 0))
    image.putpixel((10, 10), (0, 0, 0, 255))
    image.save(tmp_path / "a.png")
    flat = image.convert("P")
    flat.info["transparency"] = flat.getpixel((0, 0))
    raster = read(tmp_path / "a.png")[1]
    assert raster.pixels.ndim == 2
    assert np.bincount(raster.pixels.ravel(), minlength=256)[255] > 0.99 * raster.pixels.size


def test_a_cmyk_jpeg_without_adobes_mark_is_not_inverted(tmp_path: Path) -> None:
    path = tmp_path / "a.jpg"
    Image.new("CMYK", (240, 340), (0, 0, 0, 0)).save(path)
    content = path.read_bytes()
    assert read(path)[1].pixels.min() >= 250
    at = content.index(b"\xff\xee")
    plain = content[:at] + content[at + 2 + int.from_bytes(content[at + 2 : at + 4]) :]
    path.write_bytes(plain)  # the same samples, now meant as they are: full ink
    assert read(path)[1].pixels.max() <= 60


@pytest.mark.parametrize(
    ("values", "name"),
    [
        (np.full((300, 200), 65535, np.uint16), "a.png"),
        (np.full((300, 200), 65535, np.uint16), "a.tif"),
        (np.full((300, 200), 4000, np.uint16), "a.tif"),
        (np.full((300, 200), 1.0, np.float32), "a.tif"),
        (np.full((300, 200), 255.0, np.float32), "a.tif"),
        (np.full((300, 200), 255, np.int32), "a.tif"),
        (np.full((300, 200), 65535, np.int32), "a.tif"),
    ],
)
def test_samples_of_more_than_eight_bits(tmp_path: Path, values: np.ndarray, name: str) -> None:
    values[10:40, 20:60] = 0
    Image.fromarray(values).save(tmp_path / name, dpi=(200, 200))
    _, raster = read(tmp_path / name)
    assert raster.pixels.ndim == 2
    assert raster.pixels.max() >= 248
    assert dark(raster) == pytest.approx([v * 72 / 200 for v in (20, 10, 60, 40)], abs=0.4)


def test_no_number_is_white(tmp_path: Path) -> None:
    Image.fromarray(np.full((300, 200), np.nan, np.float32)).save(tmp_path / "a.tif")
    assert read(tmp_path / "a.tif")[1].pixels.min() == WHITE


def test_lab(tmp_path: Path) -> None:
    Image.merge("LAB", [marked(), *(Image.new("L", (240, 340), 128) for _ in "ab")]).save(tmp_path / "a.tif")
    grey = read(tmp_path / "a.tif")[1].pixels
    assert grey[5, 5].max() < 10
    assert grey[-5, -5].min() > 245


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("name", ["a.jpg", "a.tif", "a.png"])
def test_orientation(tmp_path: Path, orientation: int, name: str) -> None:
    """The picture is stored so that it shows as `marked` when turned as its EXIF says."""
    back = {
        2: Image.Transpose.FLIP_LEFT_RIGHT,
        3: Image.Transpose.ROTATE_180,
        4: Image.Transpose.FLIP_TOP_BOTTOM,
        5: Image.Transpose.TRANSPOSE,
        6: Image.Transpose.ROTATE_90,
        7: Image.Transpose.TRANSVERSE,
        8: Image.Transpose.ROTATE_270,
    }
    shown = marked()
    stored = shown.transpose(back[orientation]) if orientation in back else shown
    exif = Image.Exif()
    exif[274] = orientation
    stored.save(tmp_path / name, dpi=(200, 200), exif=exif)
    page, raster = read(tmp_path / name)
    assert (page.width, page.height) == pytest.approx((240 * 72 / 200, 340 * 72 / 200), abs=0.1)
    assert raster.pixels.shape == (340, 240)
    assert dark(raster) == pytest.approx((0, 0, 60 * 72 / 200, 40 * 72 / 200), abs=0.8)


def test_pages_of_a_tiff(tmp_path: Path) -> None:
    path = tmp_path / "a.tiff"
    sizes = [(200, 300), (300, 200), (100, 150)]
    first, *rest = (marked(size=size) for size in sizes)
    first.save(path, save_all=True, append_images=rest, dpi=(100, 100))
    with open_pdf(path) as reader, open_rasters(path) as rasters:
        assert reader.n_pages == 3
        for number in (3, 1, 2):
            page = reader.page(number)
            assert (page.width, page.height) == pytest.approx([n * 0.72 for n in sizes[number - 1]], abs=0.01)
            assert rasters.page(page).raster.box == Box(0, 0, page.width, page.height)
        with pytest.raises(IndexError):
            reader.page(4)


def chain(count: int, loop: bool = False, reduced: bool = False) -> Iterator[bytes]:
    """A TIFF of `count` empty directories."""
    yield b"II*\0" + struct.pack("<I", 8)
    for i in range(count):
        after = 8 + 18 * (i + 1) if i < count - 1 else 8 if loop else 0
        yield struct.pack("<HHHIII", 1, 254, 4, 1, int(reduced and i > 0), after)


def test_frames_of_a_tiff(tmp_path: Path) -> None:
    def count(content: bytes) -> int:
        (tmp_path / "x").write_bytes(content)
        with (tmp_path / "x").open("rb") as source:
            return len(frames(source))

    assert count(b"".join(chain(3))) == 3
    assert count(b"".join(chain(3, loop=True))) == 3
    assert count(b"".join(chain(3, reduced=True))) == 1  # small copies are no pages
    assert count(b"".join(chain(3))[:30]) == 1
    assert count(b"\x89PNG") == 0
    with pytest.raises(TooLarge, match="split"):
        count(b"".join(chain(MOST_FRAMES + 1)))


@pytest.mark.parametrize(
    ("size", "stated", "dpi"),
    [
        ((1654, 2339), (200, 200), 200),
        ((1654, 2339), None, 200),
        ((1654, 2339), (0, 0), 200),
        ((1654, 2339), (1, 1), 200),
        ((1654, 2339), (72, 72), 200),  # 585 mm wide: nobody's page
        ((2339, 1654), None, 200),
        ((165, 234), (20, 20), 20),
        ((9921, 14031), (1200, 1200), 1200),
        ((9921, 14031), None, 600),
        ((300, 100), None, 96),
        ((600, 800), (72, 72), 72),
        ((7016, 9921), (300, 300), 300),  # A1
        ((1, 1), None, 96),
        ((2480, 3508), (1e9, 1e9), 300),
        ((2480, 3508), (float("nan"), 300), 300),
        ((2480, 3508), (-300, -300), 300),
    ],
)
def test_resolutions(size: tuple[int, int], stated: tuple[float, float] | None, dpi: float) -> None:
    across, down = page_dpi(*size, stated)
    assert across == down == pytest.approx(dpi, abs=0.6)


def test_pixels_that_are_not_square(tmp_path: Path) -> None:
    """A fax: 204 by 98 an inch."""
    path = tmp_path / "fax.tif"
    marked("1", (1728, 1078)).save(path, dpi=(204, 98))
    page, raster = read(path)
    assert (page.width, page.height) == pytest.approx((1728 / 204 * 72, 1078 / 98 * 72), rel=0.001)
    assert raster.pixels.shape == (pytest.approx(1078 / 98 * 204, abs=1), 1728)
    assert dark(raster) == pytest.approx((0, 0, 60 / 204 * 72, 40 / 98 * 72), abs=0.5)


@pytest.mark.parametrize(("dpi", "drawn"), [(20, 150), (100, 200), (150, 150), (240, 240), (600, 300)])
def test_resolution_of_the_raster(tmp_path: Path, dpi: int, drawn: int) -> None:
    path = tmp_path / "a.png"
    marked("1", (6 * dpi, 8 * dpi)).save(path, dpi=(dpi, dpi))
    _, raster = read(path)
    assert raster.dpi == pytest.approx(drawn, rel=0.01)


def test_a_whole_page_keeps_its_pixels_whatever_size_the_file_gives_it() -> None:
    assert drawn_at(1200, (496, 702), whole=True) == 300
    assert drawn_at(1200, (99, 140), whole=True) == 1200  # an A4 page's pixels at 200 dpi
    assert drawn_at(1200, (99, 140), whole=False) == 300
    assert drawn_at(72, (2480, 3508), whole=True) == pytest.approx(72, abs=0.1)  # A4 at 300, laid out at 72
    assert drawn_at(72, (992, 1403), whole=True) == pytest.approx(144)  # A4 at 120


def test_black_and_white_is_shrunk_to_grey(tmp_path: Path) -> None:
    size = (3600, 4800)
    columns = (np.arange(size[0]) * 2 // 3 % 2 * 255).astype(np.uint8)
    Image.fromarray(np.broadcast_to(columns, size[::-1]).copy()).convert("1").save(tmp_path / "a.png", dpi=(600, 600))
    inner = read(tmp_path / "a.png")[1].pixels[100:200, 100:200]
    assert 70 < inner.mean() < 100
    assert ((inner > 40) & (inner < 215)).mean() > 0.5


@pytest.mark.parametrize("size", [(1, 1), (30000, 50), (50, 30000)])
def test_odd_sizes(tmp_path: Path, size: tuple[int, int]) -> None:
    path = tmp_path / "a.png"
    Image.new("L", size, WHITE).save(path)
    page, raster = read(path)
    assert raster.pixels.min() == WHITE
    assert raster.box == Box(0, 0, page.width, page.height)
    assert raster.pixels.size <= max(4, 4.1 * size[0] * size[1])


@pytest.mark.parametrize("shade", [BLACK, WHITE])
def test_one_shade(tmp_path: Path, shade: int) -> None:
    Image.new("1", (1654, 2339), shade).save(tmp_path / "a.tif")
    assert np.unique(read(tmp_path / "a.tif")[1].pixels).tolist() == [shade]


def bomb(width: int, height: int) -> bytes:
    """A PNG that is little but its header."""
    out = b"\x89PNG\r\n\x1a\n"
    for kind, body in (
        (b"IHDR", struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0)),
        (b"IDAT", b"x"),
        (b"IEND", b""),
    ):
        out += struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))
    return out


def test_bombs_are_refused_by_their_headers(tmp_path: Path) -> None:
    path = tmp_path / "a.png"
    path.write_bytes(bomb(100_000, 100_000))
    with pytest.raises(TooLarge, match=r"10,000 megapixels.*--max-megapixels"):
        read(path)
    marked(size=(1100, 1000)).save(path)
    with pytest.raises(TooLarge, match="--max-megapixels"):
        read(path, max_megapixels=1)
    limit = Image.MAX_IMAGE_PIXELS
    assert limit is not None  # as it was
    path.write_bytes(bomb(10_000, 9_900))  # Pillow alone would warn
    with pytest.raises(DamagedImage):
        read(path)
    assert limit == Image.MAX_IMAGE_PIXELS


@pytest.mark.parametrize("name", ["a.png", "a.jpg", "a.tif", "a.jp2", "a.webp", "a.gif", "a.bmp"])
@pytest.mark.parametrize("share", [0.02, 0.3, 0.8])
def test_truncated_files(tmp_path: Path, name: str, share: float) -> None:
    path = tmp_path / name
    noise = np.random.default_rng(1).integers(0, 255, (400, 300), np.uint8)
    Image.fromarray(noise).save(path)
    content = path.read_bytes()
    path.write_bytes(content[: max(20, int(share * len(content)))])
    with pytest.raises(DamagedImage, match=name):
        read(path)


def test_content_counts_not_the_name(tmp_path: Path) -> None:
    marked().save(tmp_path / "a.pdf", "JPEG")
    assert read(tmp_path / "a.pdf")[0].route == "ocr"
    marked().save(tmp_path / "b.png", "PDF")
    with open_pdf(tmp_path / "b.png") as reader:
        assert reader.name == "pdfium"
    (tmp_path / "c.png").write_bytes(b"no picture at all")
    with pytest.raises(NotAPdf, match="not a PDF or a picture"):
        open_pdf(tmp_path / "c.png")
    with pytest.raises(NotAPdf, match="not a PDF or a picture"):
        open_rasters(tmp_path / "c.png")
    with pytest.raises(InputError, match="cannot be read"):
        open_rasters(tmp_path / "nowhere.png")


def test_a_part_of_a_picture(tmp_path: Path) -> None:
    path = tmp_path / "a.png"
    marked(size=(1654, 2339)).save(path, dpi=(200, 200))
    with open_pdf(path) as reader, open_rasters(path) as rasters:
        raster = rasters.region(reader.page(1), Box(10.1, 5, 30, 20)).raster
    assert raster.dpi == pytest.approx(200, abs=0.1)
    assert raster.box.x0 <= 10.1
    assert raster.box.bottom >= 20
    black = (raster.pixels == BLACK).sum() / raster.dpi**2 * 72**2
    assert black == pytest.approx((21.6 - raster.box.x0) * (14.4 - raster.box.top), rel=0.02)


def test_cut_off_files_are_told_though_others_pad_them(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("PIL.ImageFile.LOAD_TRUNCATED_IMAGES", True)
    Image.new("L", (300, 400), 200).save(tmp_path / "a.jpg")
    whole = (tmp_path / "a.jpg").read_bytes()
    (tmp_path / "a.jpg").write_bytes(whole[: len(whole) // 2])
    with open_pdf(tmp_path / "a.jpg") as reader:
        page = reader.page(1)
    with open_rasters(tmp_path / "a.jpg") as rasters, pytest.raises(DamagedImage):
        rasters.page(page)
    assert ImageFile.LOAD_TRUNCATED_IMAGES
