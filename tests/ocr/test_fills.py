from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from biaoge.ocr.fills import broad_colour, turned_round

DPI = 150
MM = DPI / 25.4


def page() -> NDArray[np.uint8]:
    return np.full((round(150 * MM), round(120 * MM)), 250, np.uint8)


def bar(image: NDArray[np.uint8], written: bool) -> tuple[slice, slice]:
    """A dark bar of 80 × 9 mm, with white writing or none."""
    part = (slice(round(40 * MM), round(49 * MM)), slice(round(20 * MM), round(100 * MM)))
    image[part] = 50
    if written:
        cv2.putText(image, "TOTAL 1234567", (round(24 * MM), round(47 * MM)), cv2.FONT_HERSHEY_SIMPLEX, 1.1, 250, 3)
    return part


def test_white_writing_on_a_dark_bar_becomes_dark_on_white() -> None:
    image = page()
    part = bar(image, written=True)
    out, count = turned_round(image, DPI)
    assert count == 1
    assert float(np.median(out[part])) > 220
    assert int((out[part] < 100).sum()) > 1000
    outside = np.ones(image.shape, np.bool_)
    outside[part] = False
    outside = cv2.erode(outside.astype(np.uint8), np.ones((13, 13), np.uint8)) > 0
    assert np.array_equal(out[outside], image[outside])


def test_a_bar_without_writing_and_a_page_without_bars_stay() -> None:
    image = page()
    bar(image, written=False)
    for given in (image, page()):
        out, count = turned_round(given, DPI)
        assert count == 0
        assert out is given


def test_broad_pale_colour_is_told_from_thin_and_from_strong() -> None:
    level = np.full((300, 400, 3), 255, np.uint8)
    level[50:100, 50:350] = (255, 245, 120)  # highlighter over a line
    level[150:153, 50:350] = (230, 120, 120)  # a coloured ruling
    level[200:250, 50:350] = (180, 20, 20)  # a red bar
    broad = broad_colour(level, DPI)
    assert broad[60:90, 60:340].all()
    assert not broad[130:].any()
