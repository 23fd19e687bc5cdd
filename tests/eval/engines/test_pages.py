"""Pictures of pages: their order of colours, their size, and points a pixel."""

from __future__ import annotations

from pathlib import Path

import pypdfium2
import pytest
from PIL import Image

from biaoge.eval.engines.pages import image_scale, pictures


def test_pages_of_a_pdf(samples: Path) -> None:
    path = samples / "extra-wide.pdf"
    (picture,) = pictures(path)
    document = pypdfium2.PdfDocument(path)
    width, height = document.get_page_size(0)
    document.close()
    assert picture.pixels.shape[1] * picture.scale == pytest.approx(width, abs=0.5)
    assert picture.pixels.shape[0] * picture.scale == pytest.approx(height, abs=0.5)
    assert picture.pixels.shape[2] == 3
    assert picture.pixels.min() < 100 < picture.pixels.max()


def test_an_image_as_it_is(tmp_path: Path) -> None:
    path = tmp_path / "a.png"
    Image.new("RGB", (4, 2), (255, 0, 10)).save(path, dpi=(144, 144))
    (picture,) = pictures(path)
    assert picture.pixels.shape == (2, 4, 3)
    assert picture.pixels[0, 0].tolist() == [10, 0, 255]  # blue, green, red
    assert picture.scale == pytest.approx(0.5, abs=1e-3)
    Image.new("L", (4, 2)).save(tmp_path / "b.png")
    assert image_scale(tmp_path / "b.png") == 1.0
    assert next(iter(pictures(tmp_path / "b.png"))).pixels.shape == (2, 4, 3)
