"""Seals drawn on a table: the seal goes, the digits under it stay; what only has a seal's colour is none."""

from __future__ import annotations

import math

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from biaoge.ocr.light import ink
from biaoge.ocr.seals import find
from biaoge.raster import Pixels

DPI = 150.0
MM = DPI / 25.4
RED, BLUE, PURPLE = (214, 25, 35), (40, 60, 190), (120, 40, 150)


def table() -> Pixels:
    page = np.full((900, 900, 3), 255, np.uint8)
    for n in range(15):
        cv2.line(page, (50, 50 + 56 * n), (850, 50 + 56 * n), (0, 0, 0), 1)
        cv2.line(page, (50 + 56 * n, 50), (50 + 56 * n, 850), (0, 0, 0), 1)
    for n in range(196):
        at = (68 + 56 * (n % 14), 88 + 56 * (n // 14))
        cv2.putText(page, str(n % 10), at, cv2.FONT_HERSHEY_SIMPLEX, 0.7, (0, 0, 0), 2, cv2.LINE_AA)
    return page


def seal(shape: str, width: float, height: float) -> Pixels:
    """Coverage (0 to 255) of a seal of `width` by `height` mm."""
    w, h = round(width * MM), round(height * MM)
    mask = np.zeros((h, w), np.uint8)
    line = round(1.1 * MM)
    if shape == "box":
        cv2.rectangle(mask, (line // 2, line // 2), (w - line, h - line), 255, line)
        for n, (x, y) in enumerate([(0.2, 0.45), (0.55, 0.45), (0.2, 0.85), (0.55, 0.85)]):
            cv2.putText(mask, "HXKB"[n], (round(x * w), round(y * h)), cv2.FONT_HERSHEY_SIMPLEX, w / 90, 255, 5)
    else:
        cv2.ellipse(mask, (w // 2, h // 2), (w // 2 - line, h // 2 - line), 0, 0, 360, 255, line)
        tips = [
            (w / 2 + r * w * math.sin(n * math.pi / 5), h / 2 - r * h * math.cos(n * math.pi / 5))
            for n, r in enumerate([0.15, 0.06] * 5)
        ]
        cv2.fillPoly(mask, [np.array(tips, np.int32)], 255)
        for n in range(9):
            angle = math.radians(-120 + 30 * n)
            x, y = w / 2 + 0.36 * w * math.sin(angle), h / 2 - 0.36 * h * math.cos(angle)
            cv2.putText(mask, "X", (round(x - 8), round(y + 8)), cv2.FONT_HERSHEY_SIMPLEX, 0.7, 255, 3)
    return mask


def stamped(page: Pixels, mask: Pixels, at: tuple[int, int], colour: tuple[int, int, int]) -> Pixels:
    out = page.copy()
    x, y = at
    part = out[y : y + mask.shape[0], x : x + mask.shape[1]]
    share = 0.85 * mask[: part.shape[0], : part.shape[1], None] / 255
    part[:] = np.rint(part * (1 - share * (1 - np.array(colour) / 255)))
    return out


def packed(page: Pixels, quality: int) -> Pixels:
    done, data = cv2.imencode(".jpg", page[..., ::-1], [cv2.IMWRITE_JPEG_QUALITY, quality])
    assert done
    return np.asarray(cv2.imdecode(data, cv2.IMREAD_COLOR), np.uint8)[..., ::-1].copy()


def assert_only_ink_is_left(page: Pixels, grey: Pixels, paper: float) -> None:
    black, white = page[..., 0] < 60, cv2.erode(page[..., 0], np.ones((5, 5), np.uint8)) == 255
    assert (grey[black] < 140).mean() > 0.97
    assert (grey[white] > 215).mean() > paper


@pytest.mark.parametrize("colour", [RED, BLUE, PURPLE])
@pytest.mark.parametrize("shape", [("ring", 42, 42), ("ring", 40, 30), ("box", 26, 26), ("ring", 58, 58)])
@pytest.mark.parametrize("quality", [100, 50])
def test_a_seal_goes_and_the_digits_stay(
    shape: tuple[str, float, float], colour: tuple[int, int, int], quality: int
) -> None:
    page = table()
    out = ink(packed(stamped(page, seal(*shape), (260, 210), colour), quality), DPI)
    kinds = [finding.kind for finding in out.findings]
    assert kinds == ["seal-removed"]
    assert_only_ink_is_left(page, out.grey, 0.995)
    assert 0.005 < out.removed.mean() < 0.2


@settings(max_examples=8, deadline=None)
@given(st.integers(30, 560), st.integers(30, 560), st.floats(30, 48))
def test_a_ring_is_found_where_it_is(x: int, y: int, size: float) -> None:
    page = stamped(table(), seal("ring", size, size), (x, y), RED)
    (found,) = find(page, DPI)
    left, top, right, bottom = found.box
    assert left <= x + 0.2 * MM + 8
    assert top <= y + 0.2 * MM + 8
    assert abs((left + right) / 2 - (x + size * MM / 2)) < 2 * MM
    assert abs((top + bottom) / 2 - (y + size * MM / 2)) < 2 * MM


def test_two_seals_that_overlap_both_go() -> None:
    page = table()
    both = stamped(stamped(page, seal("ring", 42, 42), (200, 200), RED), seal("ring", 42, 42), (380, 250), RED)
    assert_only_ink_is_left(page, ink(both, DPI).grey, 0.99)


def test_a_seal_cut_by_the_edge_of_the_page_goes() -> None:
    page = table()
    out = ink(stamped(page, seal("ring", 42, 42), (740, 300), RED), DPI)
    assert [finding.kind for finding in out.findings] == ["seal-removed"]
    assert_only_ink_is_left(page, out.grey, 0.99)


@pytest.mark.parametrize("colour", [RED, BLUE])
def test_what_is_only_coloured_stays(colour: tuple[int, int, int]) -> None:
    page = np.full((1100, 900, 3), 255, np.uint8)
    for n in range(10):
        at = (60, 80 + 42 * n)
        cv2.putText(page, f"-{n * 1234.5:.2f} red line {n}", at, cv2.FONT_HERSHEY_SIMPLEX, 0.9, colour, 2, cv2.LINE_AA)
    for n in range(4):
        cv2.line(page, (100, 560 + 59 * n), (277, 560 + 59 * n), colour, 2)
        cv2.line(page, (100 + 59 * n, 560), (100 + 59 * n, 737), colour, 2)
        cv2.putText(page, str(n), (120, 600 + 59 * min(n, 2)), cv2.FONT_HERSHEY_SIMPLEX, 0.8, colour, 2)
    cv2.putText(page, "TITLE", (60, 900), cv2.FONT_HERSHEY_SIMPLEX, 5, colour, 16, cv2.LINE_AA)
    cv2.ellipse(page, (600, 650), (40, 25), 0, 0, 360, colour, 3)
    cv2.putText(page, "37", (583, 660), cv2.FONT_HERSHEY_SIMPLEX, 0.8, (0, 0, 0), 2)
    out = ink(page, DPI)
    assert out.findings == ()
    own = (page == colour).all(axis=2)
    assert (out.grey[own] < 150).mean() > 0.99


def test_rulings_of_a_red_table_stay_under_a_red_seal() -> None:
    dpi, mm = 150, 150 / 25.4
    level = np.full((round(120 * mm), round(160 * mm), 3), 255, np.uint8)
    for y in range(10, 115, 9):
        cv2.line(level, (round(10 * mm), round(y * mm)), (round(150 * mm), round(y * mm)), (200, 40, 40), 2)
    bare = find(level, dpi)
    middle = (round(80 * mm), round(60 * mm))
    cv2.circle(level, middle, round(20 * mm), (220, 60, 60), round(1.2 * mm))
    for turn in np.linspace(0.4, 2.7, 6):
        at = (round(middle[0] - 14 * mm * np.cos(turn)), round(middle[1] - 14 * mm * np.sin(turn)))
        cv2.putText(level, "X", at, cv2.FONT_HERSHEY_SIMPLEX, 0.9, (220, 60, 60), 2)
    cv2.circle(level, middle, round(4 * mm), (220, 60, 60), -1)
    found = find(level, dpi)
    assert bare == ()
    assert len(found) == 1
    top = found[0].box[1]
    inside = found[0].inside
    for y in range(10, 115, 9):
        row = round(y * mm) - top
        if 10 * mm < row < inside.shape[0] - 10 * mm:
            assert inside[row].mean() < 0.25
    assert inside.mean() > 0.5
