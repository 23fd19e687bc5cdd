from __future__ import annotations

import numpy as np
import pytest

from biaoge.app import grids
from biaoge.model import Box, Ruling
from biaoge.ocr import rulings as ocr_rulings
from biaoge.ocr.sheet import Sheet
from biaoge.warp import Warp

XS, YS = (20.0, 80.0, 140.0, 200.0), (20.0, 40.0, 60.0, 80.0)


def sheet() -> Sheet:
    """A ruled grid of 3 × 3 at 144 dpi with a blot of ink in every cell."""
    grey = np.full((240, 480), 255, np.uint8)
    for x in XS:
        grey[40:160, int(2 * x) : int(2 * x) + 2] = 0
    for y in YS:
        grey[int(2 * y) : int(2 * y) + 2, 40:402] = 0
    for x in XS[:-1]:
        for y in YS[:-1]:
            grey[int(2 * y) + 12 : int(2 * y) + 28, int(2 * x) + 30 : int(2 * x) + 42] = 0
    return Sheet(grey, Warp.unmoved(Box(0, 0, 240, 120)))


LINES = (
    *(Ruling("h", y, 20, 200, origin="pixel") for y in YS),
    *(Ruling("v", x, 20, 80, origin="pixel") for x in XS),
)
CROOKED = (
    *(r for r in LINES if (r.axis, r.at) not in (("h", 40.0), ("v", 80.0))),
    *(Ruling("h", 40, 20, 80), Ruling("h", 40, 140, 200), Ruling("v", 80, 40, 80)),
)
"""Two cells of the first row and one below hang together: no cells of a table."""


def test_what_is_drawn_is_found() -> None:
    found = grids.choose(1, sheet())
    assert [(p.table.n_rows, p.table.n_cols) for p in found.pieces] == [(3, 3)]
    assert not found.findings
    assert found.bare.grey[80:82, 44:56].min() > 200


def test_the_candidate_with_fewer_doubts_is_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    for candidates in ((CROOKED, LINES), (LINES, CROOKED)):
        monkeypatch.setattr(ocr_rulings, "find", lambda _, given=candidates: given)
        found = grids.choose(1, sheet())
        assert found.rulings == LINES
        assert len(found.pieces[0].table.cells) == 9


def test_a_page_without_rulings() -> None:
    blank = Sheet(np.full((240, 480), 255, np.uint8), Warp.unmoved(Box(0, 0, 240, 120)))
    found = grids.choose(1, blank)
    assert not found.pieces
    assert not found.findings


def test_cells_that_another_candidate_has_otherwise_are_told(monkeypatch: pytest.MonkeyPatch) -> None:
    """The upright line between the last two cells of the last row is there, or not."""
    fewer = (*(r for r in LINES if (r.axis, r.at) != ("v", 140.0)), Ruling("v", 140, 20, 60, origin="pixel"))
    monkeypatch.setattr(ocr_rulings, "find", lambda _: (LINES, fewer))
    found = grids.choose(1, sheet())
    assert found.rulings == LINES
    assert sorted((round(b.x0), round(b.top)) for b in found.doubtful) == [(80, 60), (140, 60)]
    monkeypatch.setattr(ocr_rulings, "find", lambda _: (LINES,))
    assert not grids.choose(1, sheet()).doubtful


def test_cells_of_fills_that_hang_on_how_strong_an_edge_must_be_are_told() -> None:
    """Of a table of fills with white between one gap is hardly brighter than the fills it parts."""
    xs, ys = (60.0, 140.0, 220.0, 340.0), (60.0, 84.0, 108.0, 132.0, 156.0)
    doubted = {}
    for name, bright in (("clear", 1.0), ("weak", 0.92)):
        light = np.ones((600, 800))
        light[120:312, 120:680] = 0.9
        for x in xs[1:-1]:
            light[120:312, round(2 * x) - 1 : round(2 * x) + 2] = 1.0
        for y in ys[1:-1]:
            light[round(2 * y) - 1 : round(2 * y) + 2, 120:680] = 1.0
        light[round(2 * ys[2]) - 1 : round(2 * ys[2]) + 2, 124:276] = bright
        grain = np.random.default_rng(3).normal(0, 3, light.shape)
        grey = np.full((600, 800), 255, np.uint8)
        for x0 in xs[:-1]:
            for y0 in ys[:-1]:
                grey[round(2 * y0) + 16 : round(2 * y0) + 34, round(2 * x0) + 60 : round(2 * x0) + 72] = 0
        tint = np.clip(235 * light + grain, 1, 255).astype(np.uint8)
        found = grids.choose(1, Sheet(grey, Warp.unmoved(Box(0, 0, 400, 300)), tint=tint))
        assert [(p.table.n_rows, p.table.n_cols) for p in found.pieces] == [(4, 3)]
        doubted[name] = len(found.doubtful)
    assert doubted["clear"] == 0
    assert doubted["weak"] in (1, 2, 3)


def test_boxes_of_letters_strokes_are_no_table(monkeypatch: pytest.MonkeyPatch) -> None:
    small = (
        *(Ruling("h", y, 80, 110, origin="pixel") for y in (40.0, 60.0)),
        *(Ruling("v", x, 40, 60, origin="pixel") for x in (80.0, 95.0, 110.0)),
    )
    monkeypatch.setattr(ocr_rulings, "find", lambda _: (small,))
    found = grids.choose(1, sheet())
    assert found.pieces == ()
    assert found.rulings == ()  # the page is read again with these


@pytest.mark.parametrize(("low", "there"), [(51.0, False), (60.0, True)])
def test_rows_lower_than_writing_are_strokes_of_it(monkeypatch: pytest.MonkeyPatch, low: float, there: bool) -> None:
    line = (
        Ruling("h", low, 20, 200, origin="pixel"),
        *(Ruling("v", x, 40, low, origin="pixel") for x in (30.0, 90.0, 110.0)),
    )
    monkeypatch.setattr(ocr_rulings, "find", lambda _: (line,))
    assert bool(grids.choose(1, sheet()).rulings) == there
