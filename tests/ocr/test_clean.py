from __future__ import annotations

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from biaoge.model import Box
from biaoge.ocr.clean import clean
from biaoge.ocr.light import ink
from biaoge.raster import Raster

DPI = 120
WIDTH, HEIGHT = 992, 1403  # A4
MARKS = [(x, y) for y in range(200, 1300, 120) for x in range(150, 900, 140)]


def table() -> NDArray[np.uint8]:
    grey = np.full((HEIGHT, WIDTH), 255, np.uint8)
    for y in range(140, 1300, 120):
        cv2.line(grey, (80, y), (910, y), 0, 2)
    for x in range(80, 920, 138):
        cv2.line(grey, (x, 140), (x, 1220), 0, 2)
    return grey


def raster(pixels: NDArray[np.uint8], x0: float = 0, top: float = 0) -> Raster:
    height, width = pixels.shape[:2]
    return Raster(pixels, Box(x0, top, x0 + width * 72 / DPI, top + height * 72 / DPI))


def moved(grey: NDArray[np.uint8], degrees: float, inward: float = 0.0) -> NDArray[np.uint8]:
    turn = np.vstack([cv2.getRotationMatrix2D((WIDTH / 2, HEIGHT / 2), -degrees, 0.92), [0, 0, 1]])
    source = np.array([[0, 0], [WIDTH, 0], [WIDTH, HEIGHT], [0, HEIGHT]], np.float32)
    target = source + np.array([[inward, inward / 2], [0, 0], [-inward / 3, 0], [0, -inward]], np.float32) * WIDTH
    matrix = np.asarray(cv2.getPerspectiveTransform(source, target)) @ turn
    return np.asarray(
        cv2.warpPerspective(grey, matrix, (WIDTH, HEIGHT), flags=cv2.INTER_AREA, borderValue=255), np.uint8
    )


@pytest.mark.parametrize(("degrees", "inward"), [(2.0, 0.0), (-7.0, 0.0), (1.0, 0.03)])
def test_what_stands_on_the_sheet_stands_there_on_the_page(degrees: float, inward: float) -> None:
    """Blobs found on the sheet lead back to blobs of the page, to a third of a point."""
    grey = table()
    for x, y in MARKS:
        cv2.circle(grey, (x, y), 9, 0, -1)
    pixels = moved(grey, degrees, inward)
    sheet = clean(raster(pixels, 10, 20))
    scale = 72 / DPI
    on_page = np.array([(10 + x * scale, 20 + y * scale) for x, y in blobs(pixels)])
    found = blobs(sheet.grey)
    assert len(found) == len(MARKS)
    for u, v in found:
        box = sheet.box_of(u, v, u, v)
        away = np.hypot(*(on_page - sheet.warp.point(box.x0, box.top)).T).min()
        assert away < 0.3


def blobs(grey: NDArray[np.uint8]) -> list[tuple[float, float]]:
    """Centres (pixel edges) of dark things of the size of a mark, with rulings taken off."""
    dark = cv2.morphologyEx((grey < 128).astype(np.uint8), cv2.MORPH_OPEN, np.ones((7, 7), np.uint8))
    n, _, _, centres = cv2.connectedComponentsWithStats(dark)
    found = []
    for cx, cy in np.rint(centres[1:n]).astype(int).tolist():
        ink = 255.0 - grey[cy - 16 : cy + 17, cx - 16 : cx + 17]
        down, across = np.mgrid[cy - 16 : cy + 17, cx - 16 : cx + 17] + 0.5
        found.append((float((ink * across).sum() / ink.sum()), float((ink * down).sum() / ink.sum())))
    return found


def test_a_turned_table_comes_out_level_and_at_its_size() -> None:
    sheet = clean(raster(moved(table(), 2.0)))
    assert sheet.skew == pytest.approx(2.0, abs=0.05)
    rows = np.flatnonzero((sheet.grey < 140).mean(axis=1) > 0.5)
    assert len(np.flatnonzero(np.diff(rows) > 1)) + 1 == 10
    assert sheet.warp.sheet.width == pytest.approx(WIDTH * 72 / DPI, rel=0.02)
    across = np.flatnonzero((sheet.grey < 140)[rows[0]])
    assert across[-1] - across[0] == pytest.approx(830 * 0.92, rel=0.01)


def test_a_straight_page_keeps_its_pixels() -> None:
    given = raster(table(), 5, 7)
    sheet = clean(given)
    assert np.array_equal(sheet.grey, ink(given.pixels, given.dpi).grey)
    assert (sheet.skew, sheet.turned) == (0, 0)
    assert sheet.warp.point(50, 60) == pytest.approx((50, 60), abs=1e-6)


def test_tall_pixels_become_square() -> None:
    fax = cv2.resize(table(), (WIDTH, HEIGHT // 2), interpolation=cv2.INTER_AREA)
    box = Box(0, 0, WIDTH * 72 / DPI, HEIGHT * 72 / DPI)
    sheet = clean(Raster(np.asarray(fax, np.uint8), box))
    assert sheet.grey.shape[0] / sheet.grey.shape[1] == pytest.approx(HEIGHT / WIDTH, rel=0.01)
    assert sheet.warp.point(100, 200) == pytest.approx((100, 200), abs=0.5)


def test_a_desk_around_the_paper_is_cut_off() -> None:
    pixels = np.full((HEIGHT, WIDTH, 3), (120, 90, 70), np.uint8)
    paper = cv2.cvtColor(table(), cv2.COLOR_GRAY2RGB)[60:-60]
    pixels[60:-60, 50:-50] = (paper[:, 50:-50] * 0.9).astype(np.uint8)
    sheet = clean(raster(pixels))
    assert "beside-the-paper" in {f.kind for f in sheet.findings}
    assert sheet.grey[:50].min() == 255
    assert (sheet.grey < 140)[:, 100:-100].sum() > 10_000


@pytest.mark.parametrize("shape", [(1, 1), (5, 3000), (3000, 5), (400, 300)])
@pytest.mark.parametrize("level", [0, 255, None])
def test_pages_with_nothing_to_go_by_are_left_as_they_lie(shape: tuple[int, int], level: int | None) -> None:
    noise = np.random.default_rng(1).integers(0, 256, shape, np.uint8)
    sheet = clean(raster(noise if level is None else np.full(shape, level, np.uint8)))
    assert sheet.grey.shape == shape
    assert (sheet.skew, sheet.turned) == (0, 0)
    assert sheet.warp.point(1, 1) == pytest.approx((1, 1), abs=1e-6)


@pytest.mark.slow
def test_a_huge_page() -> None:
    pixels = cv2.resize(moved(table(), 1.0), (8000, 11_000), interpolation=cv2.INTER_LINEAR)
    sheet = clean(Raster(np.asarray(pixels, np.uint8), Box(0, 0, 595, 842)))
    assert sheet.skew == pytest.approx(1.0, abs=0.1)
