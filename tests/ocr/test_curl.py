from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from biaoge.ocr.curl import FLAT, bend
from biaoge.ocr.straight import Straightening
from biaoge.ocr.traces import Trace


def lines(depth: float, noise: float, seed: int = 1) -> Straightening:
    """A page of level lines bent like a page near the spine, most at the left and more towards the bottom."""
    rng = np.random.default_rng(seed)
    traces = []
    for y in range(100, 760, 40):
        x = np.linspace(60, 540, 45)
        down = depth * np.exp(-(x - 60) / 120) * (1 + 0.3 * y / 800)
        traces.append(Trace("h", np.column_stack([x, y + down + rng.normal(0, noise, 45)]), 0.1))
    return Straightening(np.eye(3), 0.0, False, tuple(traces), True)


@settings(max_examples=15, deadline=None)
@given(st.floats(2.5, 9), st.booleans(), st.integers(0, 5))
def test_bent_lines_become_level(depth: float, up: bool, seed: int) -> None:
    page = lines(-depth if up else depth, 0.08, seed)
    found = bend(page)
    assert not found.flat
    for trace in page.traces:
        level = np.column_stack([trace.points[:, 0], np.full(45, trace.points[:, 1].mean())])
        left = trace.points[:, 1] - found.shifted(level)[:, 1]
        assert np.abs(left - np.median(left)).max() < 0.7


@pytest.mark.parametrize("noise", [0.05, 0.3, 1.0])
def test_straight_lines_stay(noise: float) -> None:
    assert bend(lines(0, noise)).flat


def test_one_bent_line_among_straight_ones_bends_nothing() -> None:
    straight, bent = lines(0, 0.05), lines(6, 0.05)
    assert bend(Straightening(np.eye(3), 0.0, False, (*straight.traces, bent.traces[3]), True)).flat


def test_flat_moves_nothing() -> None:
    points = np.array([[1.0, 2.0], [300.0, 800.0]])
    assert FLAT.shifted(points) is points
