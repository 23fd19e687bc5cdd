"""Blank, dirty and written cells."""

from __future__ import annotations

import numpy as np
import pytest

from biaoge.ocr.blank import kind
from biaoge.ocr.blobs import Ink
from biaoge.ocr.crops import CellInk

INK = Ink(np.zeros((1, 1), np.int32), np.zeros((0, 4), np.int32), np.zeros(0, np.int32), 25.0, 160, 0)


@pytest.mark.parametrize(
    ("longest", "said"),
    [(1, "blank"), (3, "dirt"), (6, "ink"), (25, "ink")],  # grain, a speck, a hyphen, a letter
)
def test_the_longest_piece_of_ink_tells(longest: int, said: str) -> None:
    cell = CellInk(0, 0, np.ones((1, longest), bool), longest, (0, 0, 50, 50))
    assert kind(cell, INK) == said


def test_no_ink_is_blank() -> None:
    assert kind(None, INK) == "blank"
