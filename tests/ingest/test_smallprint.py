"""The resolution of small pictures, by their letters."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from biaoge.ingest.picture import PictureReader
from biaoge.ingest.smallprint import dpi_of


def letters(high: int, count: int = 60) -> np.ndarray:
    grey = np.full((200, 500), 255, np.uint8)
    for n in range(count):
        x, y = 10 + 22 * (n % 20), 10 + 60 * (n // 20)
        grey[y : y + high, x : x + max(2, high - 1)] = 30
    return grey


@pytest.mark.parametrize(("high", "dpi"), [(4, 72), (6, 72), (8, 84.7), (9, 95.3), (16, 96)])
def test_small_letters_make_a_large_page(tmp_path: Path, high: int, dpi: float) -> None:
    assert dpi_of(letters(high)) == pytest.approx(dpi, abs=0.1)
    path = tmp_path / "a.png"
    Image.fromarray(letters(high)).save(path)
    assert PictureReader(path).page(1).width == pytest.approx(500 * 72 / dpi, rel=2e-3)


def test_few_letters_and_none_tell_nothing() -> None:
    assert dpi_of(letters(5, 10)) == 96
    assert dpi_of(np.full((50, 50, 3), 255, np.uint8)) == 96
    assert dpi_of(np.zeros((1, 1), np.uint8)) == 96


def test_a_stated_resolution_stands(tmp_path: Path) -> None:
    path = tmp_path / "a.png"
    Image.fromarray(letters(5)).save(path, dpi=(150, 150))
    assert PictureReader(path).page(1).width == pytest.approx(240, abs=0.1)


def test_a_small_picture_that_breaks_off_is_measured_by_its_header(tmp_path: Path) -> None:
    path = tmp_path / "a.png"
    noise = np.random.default_rng(1).integers(0, 256, (200, 500), np.uint8)
    Image.fromarray(noise).save(path)
    path.write_bytes(path.read_bytes()[:5000])
    assert PictureReader(path).page(1).width == pytest.approx(375, abs=0.1)
