"""Lines between fills: faint gaps are found by all their length, and decided together with the lines across."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from biaoge.ocr import shadedlines
from biaoge.ocr.shadededges import Way
from biaoge.ocr.shadedlines import Line, decided, measured, parts, within

SCALE = 2.0
"""Pixels a point."""
SHAPE = (500, 700)
ROWS = (100, 142, 184, 226, 268)
"""Pixels: middles of gaps."""


def way_of(bright: float, grain: float, from_column: int = 0) -> Way:
    """Even fill with gaps that are so much brighter (in logarithms) from a column on, under grain."""
    level = np.random.default_rng(2).normal(0, grain, SHAPE)
    for row in ROWS:
        level[row - 1 : row + 2, from_column:] += bright
    return Way(level.astype(np.float32), np.ones(SHAPE, np.float32), SCALE)


def test_gaps_weaker_than_the_grain_are_found_by_all_their_length() -> None:
    found = within(way_of(0.03, 0.06), parts(0, SHAPE[1], SCALE), (60, 320))
    assert [line.gap for line in found] == [True] * len(ROWS)
    assert np.allclose([line.at for line in found], np.array(ROWS) + 0.5, atol=1.5)


def test_grain_alone_makes_no_lines() -> None:
    assert len(within(way_of(0.0, 0.06), parts(0, SHAPE[1], SCALE), (60, 320))) <= 1
    assert within(way_of(0.0, 0.0), parts(0, SHAPE[1], SCALE), (60, 320)) == []
    assert within(way_of(0.1, 0.01), [10.0], (60, 320)) == []


def test_a_step_of_shades_is_no_gap() -> None:
    level = np.random.default_rng(2).normal(0, 0.02, SHAPE)
    level[200:] -= 0.1
    way = Way(level.astype(np.float32), np.ones(SHAPE, np.float32), SCALE)
    (line,) = within(way, parts(0, SHAPE[1], SCALE), (60, 320))
    assert not line.gap
    assert abs(line.at - 200) <= 1.5


def test_a_stretch_without_a_gap_has_no_deviation() -> None:
    way = way_of(0.08, 0.03, from_column=350)
    stops = [0.0, 175.0, 350.0, 525.0, 700.0]
    places = measured(way, within(way, stops, (60, 320)), stops, (60, 320))
    assert len(places) == len(ROWS)
    for line in places:
        assert (line.deviations[2:] > 4).all()
        assert (line.deviations[:2] < 3.5).all()


def lines_of(deviations: np.ndarray) -> list[Line]:
    return [
        Line(10.0 + 40 * n, True, row.astype(np.float32), np.zeros(len(row), np.float32))
        for n, row in enumerate(deviations)
    ]


def test_a_lost_stretch_amid_a_grid_is_put_back_and_a_stray_one_taken_off() -> None:
    level, upright = np.full((4, 4), 6.0), np.full((5, 3), 6.0)
    level[1, 2] = 0.9
    upright[2, 1] = np.nan
    assert all(there.all() for there in decided(lines_of(level), lines_of(upright), 1.0))
    stray = np.full((5, 3), 6.0)
    stray[2] = (-0.5, 2.0, -0.5)
    _, there = decided(
        lines_of(np.where(np.arange(4)[:, None] % 3 == 0, 6.0, -0.5) + np.zeros((4, 4))), lines_of(stray), 1.0
    )
    assert not there[2].any()


def test_merged_cells_stay_merged_and_who_asks_for_more_gets_less() -> None:
    level, upright = np.full((4, 4), 6.0), np.full((5, 3), 6.0)
    upright[1:4, 0] = -0.3
    there = decided(lines_of(level), lines_of(upright), 1.0)
    assert there[0].all()
    assert np.array_equal(there[1], upright > 0)
    upright[1:4, 0] = 2.6
    counts = [int(decided(lines_of(level), lines_of(upright), asked)[1].sum()) for asked in (0.75, 1.0, 2.0)]
    assert counts == sorted(counts, reverse=True)
    assert counts[0] > counts[-1]


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 2**32 - 1), st.integers(2, 6), st.integers(2, 6))
def test_what_is_clear_everywhere_is_decided_so(seed: int, rows: int, columns: int) -> None:
    """And whatever else is seen, the same comes out each time, of the right shape."""
    rng = np.random.default_rng(seed)
    level, upright = rng.normal(2, 3, (rows, columns - 1)), rng.normal(2, 3, (columns, rows - 1))
    there = decided(lines_of(level), lines_of(upright), 1.0)
    assert there[0].shape == level.shape
    assert there[1].shape == upright.shape
    again = decided(lines_of(level), lines_of(upright), 1.0)
    assert all(np.array_equal(a, b) for a, b in zip(there, again, strict=True))
    bare = decided(lines_of(np.full_like(level, -3.0)), lines_of(np.full_like(upright, -3.0)), 1.0)
    assert not bare[0].any()
    assert not bare[1].any()
    full = decided(lines_of(np.full_like(level, 8.0)), lines_of(np.full_like(upright, 8.0)), 1.0)
    assert full[0].all()
    assert full[1].all()


def test_parts_are_about_so_long() -> None:
    stops = parts(0.0, 500.0, SCALE)
    assert stops[0] == 0.0
    assert stops[-1] == 500.0
    assert np.allclose(np.diff(stops), shadedlines.PART * SCALE, rtol=0.2)
