"""Pictures of text for tests of recognition."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Sequence
from functools import cache
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFont

from biaoge.raster import Pixels

LATIN, CHINESE = "latin", "chinese"


@cache
def _font_file(script: str) -> tuple[Path, int] | None:
    """A font file with its face, found by fontconfig; the fonts of matplotlib are the last resort for Latin."""
    pattern = "Noto Serif CJK SC:lang=zh-cn" if script == CHINESE else "DejaVu Serif:lang=en"
    if shutil.which("fc-match"):
        form = ["fc-match", "--format=%{file}\t%{index}\t%{lang}", pattern]
        file, index, languages = subprocess.run(form, capture_output=True, text=True, check=True).stdout.split("\t")
        if ("zh-cn" if script == CHINESE else "en") in languages.split("|"):
            return Path(file), int(index) & 0xFFFF
    return None


def font(text: str, size: int) -> ImageFont.FreeTypeFont:
    """A font that has the letters of `text`; skips the test where the system has none."""
    script = LATIN if text.isascii() else CHINESE
    found = _font_file(script)
    if found is None:
        pytest.skip(f"no {script} font that fontconfig knows")
    return ImageFont.truetype(found[0], size, index=found[1])


def line(text: str, size: int = 32, margin: float = 0.18, grey: int = 20) -> Pixels:
    """A line of text (grey, black on white), cut to the ink with a margin of `margin` times the letters' height.

    Flat signs keep the height of a letter, as a crop of a cell would.
    """
    face = font(text, size)
    left, top, right, bottom = (round(side) for side in face.getbbox(text))
    _, high, _, low = (round(side) for side in face.getbbox("0" if text.isascii() else "国"))
    top, bottom = min(top, high), max(bottom, low)
    pad = max(1, round((bottom - top) * margin))
    picture = Image.new("L", (right - left + 2 * pad, bottom - top + 2 * pad), 255)
    ImageDraw.Draw(picture).text((pad - left, pad - top), text, font=face, fill=grey)
    return np.array(picture)


def page(texts: Sequence[str], size: int = 28, shape: tuple[int, int] = (1100, 800)) -> Pixels:
    """A page with one line of text below the other, at two and a half times the letters' size."""
    picture = np.full(shape, 255, np.uint8)
    for number, text in enumerate(texts):
        drawn = line(text, size, margin=0.0)
        top, left = round(size * (2.5 * number + 2)), 3 * size
        picture[top : top + drawn.shape[0], left : left + drawn.shape[1]] = drawn
    return picture


def colour(picture: Pixels) -> Pixels:
    """The same grey picture as RGB."""
    return np.repeat(picture[:, :, None], 3, axis=2)
