"""Leaning and bent edges of fills are made straight together, and the way back is known."""

from __future__ import annotations

import numpy as np
import pytest

from biaoge.ocr.shadedcourse import straightened
from biaoge.ocr.shadededges import Way

SCALE = 2.0
"""Pixels a point."""
SHAPE = (600, 800)
XS, YS = (100, 300, 500, 700), (80, 180, 300, 420, 520)
"""Pixels: where gaps of 3 pixels part the fills if they do not lean."""


def leaning(slope: float, bow: float, grain: float = 0.01) -> tuple[np.ndarray, np.ndarray]:
    """Logarithms of brightness of fills parted by gaps; uprights lean by `slope` and level ones are bent by `bow`."""
    y, x = np.mgrid[: SHAPE[0], : SHAPE[1]].astype(np.float64)
    u = x - slope * (y - SHAPE[0] / 2)
    v = y - bow * (2 * x / SHAPE[1] - 1) ** 2
    light = np.where((u > XS[0]) & (u < XS[-1]) & (v > YS[0]) & (v < YS[-1]), -0.15, 0.0)
    for at in XS[1:-1]:
        light[np.abs(u - at) < 1.5] = 0.0
    for at in YS[1:-1]:
        light[np.abs(v - at) < 1.5] = 0.0
    return light + np.random.default_rng(5).normal(0, grain, SHAPE), np.ones(SHAPE)


def ways(level: np.ndarray, seen: np.ndarray) -> tuple[Way, Way]:
    across, down = Way(level, seen, SCALE), Way(np.ascontiguousarray(level.T), np.ascontiguousarray(seen.T), SCALE)
    return across, down


@pytest.mark.parametrize(("slope", "bow"), [(0.012, 0.0), (0.0, 5.0), (-0.01, -4.0)])
def test_leaning_and_bent_lines_become_straight(slope: float, bow: float) -> None:
    level, seen = (part.astype(np.float32) for part in leaning(slope, bow))
    straight, _ = straightened(level, seen, ways(level, seen))
    for at in XS[1:-1]:
        columns = [int(np.argmax(straight.level[a : a + 80, at - 12 : at + 13].mean(axis=0))) for a in (90, 200, 430)]
        assert max(columns) - min(columns) <= 2
    for at in YS[1:-1]:
        rows = [int(np.argmax(straight.level[at - 12 : at + 13, a : a + 80].mean(axis=1))) for a in (110, 310, 610)]
        assert max(rows) - min(rows) <= 2


def test_offsets_lead_back_to_the_picture() -> None:
    level, seen = (part.astype(np.float32) for part in leaning(0.012, 0.0, 0.002))
    straight, _ = straightened(level, seen, ways(level, seen))
    for y in (150, 450):
        row = straight.level[y]
        x = 280 + int(np.argmax(row[280:320]))
        was = x + float(straight.dx[y, x])
        assert was == pytest.approx(300 + 0.012 * (y - SHAPE[0] / 2), abs=2.0)


def test_what_lies_straight_stays_as_it_is() -> None:
    level, seen = (part.astype(np.float32) for part in leaning(0.0, 0.0))
    both = ways(level, seen)
    straight, after = straightened(level, seen, both)
    inside = np.s_[YS[0] : YS[-1], XS[0] : XS[-1]]
    assert np.abs(straight.dx[inside]).max() < 1.0
    assert np.abs(straight.dy[inside]).max() < 1.0
    assert after[0].shape == SHAPE
    plain = np.random.default_rng(1).normal(0, 0.01, SHAPE).astype(np.float32)
    kept, _ = straightened(plain, seen, ways(plain, seen))
    assert kept.level is plain
