"""Pages with known ink under light, fills, noise and the other side: the ink stays, the paper is white."""

from __future__ import annotations

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from biaoge.ocr.light import ink
from biaoge.raster import Pixels

DPI = 150.0
SIZE = (1000, 800)


def table(colour: tuple[int, int, int] = (0, 0, 0)) -> Pixels:
    """A ruled table with a number in every cell of its left two columns, and empty cells in the right one."""
    page = np.full((*SIZE, 3), 255, np.uint8)
    for n in range(9):
        cv2.line(page, (100, 200 + 60 * n), (700, 200 + 60 * n), colour, 1)
    for x in (100, 300, 500, 700):
        cv2.line(page, (x, 200), (x, 680), colour, 1)
    for n in range(8):
        cv2.putText(page, f"{n * 13}.5", (140, 240 + 60 * n), cv2.FONT_HERSHEY_SIMPLEX, 0.7, colour, 2, cv2.LINE_AA)
        cv2.putText(page, f"{n}", (390, 240 + 60 * n), cv2.FONT_HERSHEY_SIMPLEX, 0.7, colour, 2, cv2.LINE_AA)
    return page


def grain(page: Pixels, deviation: float) -> Pixels:
    rng = np.random.default_rng(3)
    noise = rng.normal(0, deviation, page.shape[:2])
    return np.clip(page + (noise if page.ndim == 2 else noise[..., None]), 0, 255).astype(np.uint8)


def blank_cells(grey: Pixels) -> list[Pixels]:
    return [grey[206 + 60 * n : 254 + 60 * n, 506:694] for n in range(8)]


def written(grey: Pixels) -> float:
    """Share of the table's ink that is dark in `grey`."""
    true = table()[..., 0] < 60
    return float((grey[true] < 140).mean())


def test_clean_page_stays_crisp() -> None:
    page = table()
    out = ink(page, DPI)
    assert np.abs(out.grey.astype(int) - page[..., 0]).mean() < 0.5
    assert not out.removed.any()
    assert out.findings == ()


@pytest.mark.parametrize("colour", [(200, 0, 0), (20, 40, 170), (0, 110, 40)])
def test_coloured_writing_and_rulings_stay(colour: tuple[int, int, int]) -> None:
    out = ink(table(colour), DPI)
    assert written(out.grey) > 0.97
    assert not any(finding.kind == "seal-removed" for finding in out.findings)


def test_uneven_light_is_divided_out() -> None:
    y, x = np.mgrid[0 : SIZE[0], 0 : SIZE[1]] / max(SIZE)
    light = (0.45 + 0.55 * (x + y) / 2)[..., None]
    out = ink((table() * light).astype(np.uint8), DPI)
    assert all((cell == 255).all() for cell in blank_cells(out.grey))
    assert written(out.grey) > 0.97


def test_grain_and_salt_leave_blank_cells_white_and_points_black() -> None:
    page = grain(table(), 15)
    rng = np.random.default_rng(4)
    page[rng.random(SIZE) < 0.001] = 0
    out = ink(page, DPI)
    assert np.mean([(cell > 200).all() for cell in blank_cells(out.grey)]) >= 0.75
    assert written(out.grey) > 0.93


def test_writing_of_the_other_side_goes_but_pale_rulings_stay() -> None:
    page = table().astype(float)
    back = cv2.GaussianBlur(np.roll(table()[::-1, ::-1], (27, 90), axis=(0, 1)), (0, 0), 1.2)
    for n in range(12):
        cv2.putText(back, "BEHIND THE PAPER 88", (60, 60 + 80 * n), cv2.FONT_HERSHEY_SIMPLEX, 1.2, (0, 0, 0), 3)
    page *= 1 - 0.2 * (1 - cv2.GaussianBlur(back, (0, 0), 1.2) / 255)
    page[850:852, 100:700] *= 0.7
    out = ink(page.astype(np.uint8), DPI)
    assert [finding.kind for finding in out.findings] == ["bleed-through"]
    assert np.mean([(cell > 220).mean() for cell in blank_cells(out.grey)]) > 0.98
    assert written(out.grey) > 0.97
    assert (out.grey[850:852, 110:690].min(axis=0) < 230).mean() > 0.9


@pytest.mark.parametrize("fill", [(68, 114, 196), (192, 0, 0), (64, 64, 64), (112, 173, 71)])
def test_white_writing_on_a_dark_fill_is_turned_round(fill: tuple[int, int, int]) -> None:
    page = table()
    page[80:140, 100:700] = fill
    cv2.putText(page, "Total 2024", (140, 122), cv2.FONT_HERSHEY_SIMPLEX, 1, (255, 255, 255), 2, cv2.LINE_AA)
    out = ink(page, DPI)
    assert [finding.kind for finding in out.findings] == ["fill-inverted"]
    words = (page[84:136, 110:690] == 255).all(axis=2)
    inside = out.grey[84:136, 110:690]
    assert inside[words].mean() < 60
    assert inside[~words].mean() > 235


@pytest.mark.parametrize("fill", [(255, 245, 60), (255, 150, 200), (217, 225, 242), (191, 191, 191)])
def test_black_writing_on_a_pale_fill_stays_and_the_fill_goes(fill: tuple[int, int, int]) -> None:
    page = table()
    page[80:140, 100:700] = fill
    cv2.putText(page, "Total 2024", (140, 122), cv2.FONT_HERSHEY_SIMPLEX, 1, (0, 0, 0), 2, cv2.LINE_AA)
    inside = ink(page, DPI).grey[86:134, 106:694]
    words = (page[86:134, 106:694] == 0).all(axis=2)
    assert inside[words].mean() < 40
    assert np.median(inside) == 255


def test_negative_of_a_page_is_read_as_the_page() -> None:
    out = ink(255 - table(), DPI)
    assert [finding.kind for finding in out.findings] == ["page-inverted"]
    assert written(out.grey) > 0.97


def test_a_copy_loses_its_specks_and_keeps_its_points() -> None:
    page = np.where(table()[..., 0] < 128, 0, 255).astype(np.uint8)
    for n in range(8):
        page[230 + 60 * n, 600] = 0
    out = ink(page, DPI)
    assert all((cell == 255).all() for cell in blank_cells(out.grey))
    assert written(out.grey) > 0.97


@pytest.mark.parametrize("shape", [(1, 1), (1, 1, 3), (3, 5000, 3), (5000, 3), (2, 2), (40, 40, 3), (700, 4, 3)])
@pytest.mark.parametrize("dpi", [20.0, 200.0, 1200.0])
def test_odd_shapes(shape: tuple[int, ...], dpi: float) -> None:
    page = np.random.default_rng(0).integers(0, 256, shape).astype(np.uint8)
    out = ink(page, dpi)
    assert out.grey.shape == out.removed.shape == shape[:2]
    assert out.grey.dtype == np.uint8


@pytest.mark.parametrize("level", [0, 1, 127, 254, 255])
def test_a_page_without_contrast_is_blank(level: int) -> None:
    found = ink(np.full((300, 200, 3), level, np.uint8), DPI)
    assert (found.grey == 255).all()
    assert [(f.kind, f.severity) for f in found.findings] == [("no-contrast", "warning" if level < 170 else "info")]


@settings(max_examples=15, deadline=None)
@given(
    st.tuples(st.integers(1, 60), st.integers(1, 60)), st.integers(0, 10), st.floats(1, 3000), st.sampled_from([1, 3])
)
def test_any_picture_gives_the_same_ink_twice(shape: tuple[int, int], seed: int, dpi: float, channels: int) -> None:
    rng = np.random.default_rng(seed)
    page = rng.integers(0, 256, (*shape, channels)).astype(np.uint8)
    page = page[..., 0] if channels == 1 else page
    before = page.copy()
    first, second = ink(page, dpi), ink(page, dpi)
    assert (first.grey == second.grey).all()
    assert first.grey.shape == shape
    assert (page == before).all()
