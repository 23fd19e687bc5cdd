from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from biaoge.model import Box
from biaoge.warp import Warp

SHEET = Box(0, 0, 595, 842)


@given(st.floats(0, 595), st.floats(0, 842), st.floats(-5, 5))
def test_it_follows_what_it_was_made_of(x: float, y: float, degrees: float) -> None:
    cos, sin = math.cos(math.radians(degrees)), math.sin(math.radians(degrees))

    def photographed(x: float, y: float) -> tuple[float, float]:
        w = 1 + 1e-4 * x + 5e-5 * y
        return (cos * x - sin * y) / w, (sin * x + cos * y) / w

    assert Warp.of(SHEET, photographed).point(x, y) == pytest.approx(photographed(x, y), abs=0.05)


@given(st.floats(-50, 700), st.floats(-50, 900))
def test_unmoved(x: float, y: float) -> None:
    assert Warp.unmoved(SHEET).point(x, y) == pytest.approx((x, y))


@given(st.floats(0, 500), st.floats(0, 800), st.floats(0, 90), st.floats(0, 40))
def test_a_box_holds_its_own_points(x: float, y: float, width: float, height: float) -> None:
    warp = Warp.of(SHEET, lambda x, y: (x + 0.1 * y, y - 0.05 * x))
    box = warp.box(Box(x, y, x + width, y + height)).grown(1e-6)
    assert all(box.holds(*warp.point(x + a * width, y + b * height)) for a in (0, 0.3, 1) for b in (0, 0.7, 1))


@pytest.mark.parametrize(("columns", "nodes"), [(1, 1), (2, 3)])
def test_a_broken_mesh_is_refused(columns: int, nodes: int) -> None:
    with pytest.raises(ValueError, match="nodes"):
        Warp(SHEET, columns, 2, ((0.0, 0.0),) * nodes)
