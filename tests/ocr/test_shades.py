"""Edges of filled areas: grids of fills come back, soft shadows and single boxes are none."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from biaoge.model import Box
from biaoge.ocr import shades
from biaoge.ocr.shadededges import Edge
from biaoge.ocr.sheet import Sheet
from biaoge.warp import Warp

if TYPE_CHECKING:
    from numpy.typing import NDArray

WIDE, HIGH = 400.0, 300.0
"""Points."""
XS, YS = (60.0, 140.0, 220.0, 340.0), (60.0, 84.0, 108.0, 132.0, 156.0)


def sheet_of(light: NDArray[np.float64], grain: float = 0.0) -> Sheet:
    """A sheet whose paper and fills are so bright (0 to 1), with grain (levels) on it, and no ink."""
    rng = np.random.default_rng(3)
    tint = np.clip(235 * light + rng.normal(0, grain, light.shape), 1, 255).astype(np.uint8)
    grey = np.full((round(HIGH * 2), round(WIDE * 2)), 255, np.uint8)
    return Sheet(grey, Warp.unmoved(Box(0, 0, WIDE, HIGH)), tint=tint)


def paper() -> NDArray[np.float64]:
    return np.ones((round(HIGH * shades.SCALE), round(WIDE * shades.SCALE)))


def filled(light: NDArray[np.float64], box: tuple[float, float, float, float], share: float) -> None:
    x0, top, x1, bottom = (round(v * shades.SCALE) for v in box)
    light[top:bottom, x0:x1] *= share


def cells(share: float, gap: float = 1.5) -> NDArray[np.float64]:
    light = paper()
    for x0, x1 in itertools.pairwise(XS):
        for n, (top, bottom) in enumerate(itertools.pairwise(YS)):
            half = gap / 2
            filled(light, (x0 + half, top + half, x1 - half, bottom - half), share - (0.15 if n == 0 else 0.0))
    return light


@pytest.mark.parametrize(("share", "grain"), [(0.92, 3.0), (0.85, 8.0)])
def test_cells_parted_by_gaps_give_every_line(share: float, grain: float) -> None:
    (grid,) = shades.find(sheet_of(cells(share), grain))
    for axis, expected in (("h", YS), ("v", XS)):
        ats = sorted({round(r.at, 2) for r in grid if r.axis == axis})
        assert len(ats) == len(expected)
        assert np.allclose(ats, expected, atol=2.0)
    assert {r.origin for r in grid} == {"fill"}
    inner = [r for r in grid if r.axis == "h" and YS[0] + 5 < r.at < YS[-1] - 5]
    assert all(r.length > 0.95 * (XS[-1] - XS[0]) for r in inner)


def test_uneven_light_does_not_hide_a_grid_and_makes_none() -> None:
    rows, columns = paper().shape
    light = np.linspace(1.0, 0.55, columns)[None] * np.linspace(1.0, 0.8, rows)[:, None]
    assert len(shades.find(sheet_of(cells(0.9) * light, 3.0))) == 1
    shadow = 1 - 0.4 / (1 + np.exp(-(np.arange(columns) - columns / 2) / (4 * shades.SCALE)))
    assert shades.find(sheet_of(light * shadow[None], 3.0)) == ()


def test_boxes_and_strokes_of_colour_are_no_grids() -> None:
    light = paper()
    filled(light, (60, 60, 300, 110), 0.85)
    filled(light, (80, 150, 170, 164), 0.8)
    filled(light, (200, 200, 260, 214), 0.8)
    assert shades.find(sheet_of(light, 3.0)) == ()


def test_bright_lines_on_plain_paper_close_no_grid() -> None:
    light = paper() * 0.9
    for y in YS:
        filled(light, (XS[0], y, XS[-1], y + 1.5), 1.08)
    for x in XS:
        filled(light, (x, YS[0], x + 1.5, YS[-1]), 1.08)
    assert shades.find(sheet_of(light, 3.0)) == ()


def test_a_page_of_black_and_white_has_no_tint() -> None:
    bilevel = np.where(np.arange(200 * 100).reshape(200, 100) % 7 == 0, 0, 255).astype(np.uint8)
    assert shades.tint(bilevel, (100.0, 200.0)) is None
    colour = np.full((200, 100, 3), (255, 250, 180), np.uint8)
    made = shades.tint(colour, (100.0, 200.0))
    assert made is not None
    assert made.shape == (400, 200)
    assert np.all(made == 180)


def test_grids_of_tables_found_already_are_left_out() -> None:
    grids = shades.find(sheet_of(cells(0.85), 3.0))
    table = Box(XS[0], YS[0], XS[-1], YS[-1])
    assert shades.beside(grids, [(table, 12)]) == ()
    assert shades.beside(grids, [(table, 1)]) == shades.beside(grids, []) == (grids[0],)


@given(st.floats(0, 5000), st.floats(0, 5000), st.floats(1, 400), st.floats(0.5, 6))
def test_a_lone_edge_makes_no_box(at: float, start: float, long: float, scale: float) -> None:
    assert shades._boxes([], [Edge(at, start, start + long, 0.1)], scale) == []
    assert shades._boxes([Edge(at, start, start + long, 0.1)], [], scale) == []
