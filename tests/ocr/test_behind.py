from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from biaoge.ocr.behind import Pale, judged, without_pale

DPI = 200


def written(level: int, seed: int) -> NDArray[np.uint8]:
    """Lines of figures in ink of that level on white."""
    page = np.full((900, 700), 255, np.uint8)
    rng = np.random.default_rng(seed)
    for y in range(60 + 13 * seed, 880, 50):
        text = " ".join(str(n) for n in rng.integers(100, 9999, 6))
        cv2.putText(page, text, (40, y), cv2.FONT_HERSHEY_SIMPLEX, 0.8, level, 2)
    return page


def test_writing_of_the_other_side_is_told_and_goes() -> None:
    front, back = written(10, 1), written(205, 2)
    both = np.minimum(front, back[:, ::-1])
    lit = np.ones(both.shape, np.bool_)
    assert judged(front, DPI, 0.5, lit) is None
    pale = judged(both, DPI, 0.5, lit)
    assert pale is not None
    assert pale.through
    out = without_pale(both, DPI, pale)
    own = cv2.dilate((front < 128).astype(np.uint8), np.ones((9, 9), np.uint8)) > 0
    assert int((both[~own] < 225).sum()) > 2000
    assert int((out[~own] < 225).sum()) < 0.1 * int((both[~own] < 225).sum())
    assert int((out < 80).sum()) > 0.9 * int((front < 80).sum())


def test_a_pale_ruling_is_kept_where_a_pale_dot_goes() -> None:
    page = np.full((400, 600), 255, np.uint8)
    page[200, 50:550] = 170
    page[100:103, 100:103] = 200
    out = without_pale(page, DPI, Pale(True, 60, 100, 0.0))
    assert int(out[200, 60:540].max()) < 190
    assert int(out[95:110, 95:110].min()) > 240
