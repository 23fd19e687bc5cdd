"""How much noise there is, and a page with less of it."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from biaoge.ocr.noise import calm, deviation, specks, without_dirt
from biaoge.raster import Pixels


def page() -> Pixels:
    grey = np.full((500, 600), 220, np.uint8)
    for n in range(8):
        cv2.putText(grey, "12,345.6 - 7", (40, 60 + 50 * n), cv2.FONT_HERSHEY_SIMPLEX, 1, 20, 2, cv2.LINE_AA)
    grey[450, 20:580] = 30
    return grey


@pytest.mark.parametrize("sigma", [5.0, 10.0, 20.0])
def test_deviation_is_that_of_the_grain(sigma: float) -> None:
    noisy = page() + np.random.default_rng(1).normal(0, sigma, (500, 600))
    assert deviation(np.clip(noisy, 0, 255).astype(np.uint8)) == pytest.approx(sigma, rel=0.25)


def test_a_quiet_page_is_given_back_as_it_is() -> None:
    assert deviation(page()) == 0
    assert calm(page(), 150, 0.0) is not None
    assert (calm(page(), 150, 0.0) == page()).all()


def test_grain_is_less_and_a_hairline_stays() -> None:
    clean = page()
    noisy = np.clip(clean + np.random.default_rng(1).normal(0, 15, clean.shape), 0, 255).astype(np.uint8)
    out = calm(noisy, 150, deviation(noisy)).astype(int)
    flat = clean == 220
    assert np.abs(out[flat] - 220).mean() < 0.6 * np.abs(noisy[flat].astype(int) - 220).mean()
    assert (out[450, 20:580] < 110).mean() > 0.97


def test_specks_are_single_pixels_and_dotted_lines_stay() -> None:
    grey = page()
    rng = np.random.default_rng(2)
    at = rng.integers(5, 440, (300, 2))
    grey[at[:, 0], at[:, 1]] = 0
    assert specks(grey).sum() > 100
    grey[480, 20:580:4] = 0
    out = calm(grey, 150, 0.0)
    assert (out[480, 20:580:4] < 50).mean() > 0.9
    assert (out[:440] == 0).sum() < 0.5 * (grey[:440] == 0).sum()


def test_dirt_alone_goes_and_a_decimal_point_stays() -> None:
    grey = np.full((200, 300), 255, np.uint8)
    grey[50:80, 100:112] = 0
    grey[77:80, 116:119] = 0  # a point, 4 pixels from its digit
    grey[150:153, 200:203] = 0
    out = without_dirt(grey, 200, 0.5)
    assert (out[150:153, 200:203] == 255).all()
    assert (out[:100] == grey[:100]).all()
