"""Worn letters and their faint strokes."""

from __future__ import annotations

import numpy as np
import pytest

from biaoge.model import Box
from biaoge.ocr import blobs, crops, faint
from biaoge.ocr.crops import CellInk
from biaoge.ocr.sheet import Sheet
from biaoge.warp import Warp

POINT = 200 / 72
PALE = 205


def zero(pale: int, right: int = 118) -> tuple[np.ndarray, CellInk, blobs.Ink]:
    """A cell with a frame of 18 × 24 pixels, its left half grey, beside a page of black letters."""
    grey = np.full((400, 600), 255, np.uint8)
    for n in range(6):
        grey[300:324, 100 + 30 * n : 124 + 30 * n] = 0
    grey[60:84, 100:right] = pale
    grey[60:84, 109:118] = 0
    grey[64:80, 104:114] = 255
    sheet = Sheet(grey, Warp.unmoved(Box(0, 0, 600 / POINT, 400 / POINT)))
    ink = blobs.find(sheet)
    (cell,) = crops.owned(sheet, ink, [Box(80 / POINT, 40 / POINT, 400 / POINT, 100 / POINT)])
    assert cell is not None
    return grey, cell, ink


@pytest.mark.parametrize(("pale", "wide"), [(170, 18), (PALE, 9), (245, 9)])
def test_a_stroke_goes_on_where_it_is_grey_enough(pale: int, wide: int) -> None:
    grey, cell, ink = zero(pale)
    assert faint.fuller(grey, cell, ink).mask.shape == (24, wide)


def test_a_smear_larger_than_a_letter_joins_nothing() -> None:
    grey, cell, ink = zero(170, right=300)
    assert faint.fuller(grey, cell, ink).mask.shape == cell.mask.shape


def test_a_cell_of_sharp_ink_stays_itself() -> None:
    grey, cell, ink = zero(0)
    assert faint.is_alone(cell, ink)
    assert faint.fuller(grey, cell, ink) is cell
