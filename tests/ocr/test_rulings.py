"""Rulings from pixels: drawn grids come back, worn or not; letters and noise are none."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING

import numpy as np
import pytest
from drawing import Pen, drawn, positions, tables
from hypothesis import given, settings
from hypothesis import strategies as st

from biaoge.model import Box, Cell, Page, Ruling, Table
from biaoge.ocr.rulings import erase, find
from biaoge.ocr.sheet import Sheet
from biaoge.tables import ruled
from biaoge.warp import Warp

if TYPE_CHECKING:
    from numpy.typing import NDArray

WIDE, HIGH = 480.0, 300.0
"""Points; large enough for the tables that `drawing.tables` draws."""


def sheet_of(grey: NDArray[np.uint8], dpi: float) -> Sheet:
    return Sheet(grey, Warp.unmoved(Box(0, 0, grey.shape[1] * 72 / dpi, grey.shape[0] * 72 / dpi)))


def painted(table: Table, dpi: float, thickness: float = 0.7, ink: int = 0) -> NDArray[np.uint8]:
    """The table's rulings, and its texts in plain letters, anti-aliased, dark on white."""
    import cv2

    k, fine = dpi / 72, 3
    big = np.full((round(HIGH * k) * fine, round(WIDE * k) * fine), 255, np.uint8)
    rulings, words = drawn(table, Pen())
    half = thickness / 2
    for r in rulings:
        x0, y0, x1, y1 = (v * k * fine for v in (r.start, r.start, r.end, r.end))
        if r.axis == "h":
            y0, y1 = ((r.at + d) * k * fine for d in (-half, half))
        else:
            x0, x1 = ((r.at + d) * k * fine for d in (-half, half))
        cv2.rectangle(big, (round(x0), round(y0)), (round(x1), round(y1)), ink, -1)
    for word in words:
        place = (round((word.box.cx - 4) * k * fine), round((word.box.bottom - 1) * k * fine))
        cv2.putText(big, "08", place, cv2.FONT_HERSHEY_SIMPLEX, 0.3 * k * fine, 0, max(1, round(0.7 * k * fine)))
    small = cv2.resize(big, None, fx=1 / fine, fy=1 / fine, interpolation=cv2.INTER_AREA)
    return np.asarray(small, np.uint8)


def cells_of(table: Table, rulings: tuple[Ruling, ...]) -> set[tuple[int, int, int, int]]:
    """Origins and spans of the cells that the rulings make of the table's words."""
    _, words = drawn(table, Pen())
    page = Page(1, WIDE, HIGH, words=tuple(words), rulings=rulings)
    found = ruled.find(page)
    return {(c.row, c.col, c.rowspan, c.colspan) for c in found[0].table.cells} if len(found) == 1 else set()


def shape(table: Table) -> set[tuple[int, int, int, int]]:
    return {(c.row, c.col, c.rowspan, c.colspan) for c in table.cells}


def _ruled(table: Table) -> bool:
    """Whether the rulings themselves, as drawn, give the table back."""
    return cells_of(table, tuple(drawn(table, Pen())[0])) == shape(table)


@settings(max_examples=8, deadline=None)
@given(
    table=tables(max_rows=6, max_cols=5),
    dpi=st.sampled_from([150.0, 200.0, 240.0]),
    thickness=st.sampled_from([0.4, 0.7, 1.5, 2.25]),
    ink=st.sampled_from([0, 0, 150]),
)
def test_a_drawn_grid_comes_back(table: Table, dpi: float, thickness: float, ink: int) -> None:
    if not _ruled(table):
        return
    found = find(sheet_of(painted(table, dpi, thickness, ink), dpi))
    assert cells_of(table, found[0]) == shape(table)


@settings(max_examples=6, deadline=None)
@given(table=tables(max_rows=6, max_cols=5), tilt=st.sampled_from([-0.15, 0.1, 0.2]), seed=st.integers(0, 99))
def test_a_grid_tilted_blurred_and_noisy_comes_back(table: Table, tilt: float, seed: int) -> None:
    import cv2

    if not _ruled(table):
        return
    grey = painted(table, 200.0)
    height, width = grey.shape
    turn = cv2.getRotationMatrix2D((width / 2, height / 2), tilt, 1)
    turned = cv2.warpAffine(grey, turn, (width, height), flags=cv2.INTER_LINEAR, borderValue=255)
    noise = np.random.default_rng(seed).normal(0, 8, grey.shape)
    grey = np.clip(cv2.GaussianBlur(turned, (0, 0), 0.9) + noise - 10, 0, 255).astype(np.uint8)
    assert cells_of(table, find(sheet_of(grey, 200.0))[0]) == shape(table)


def _grid(n_rows: int = 6, n_cols: int = 5) -> Table:
    return Table(n_rows, n_cols, tuple(Cell(r, c, "12") for r in range(n_rows) for c in range(n_cols)))


@pytest.mark.parametrize("seed", range(4))
def test_gaps_that_do_not_keep_to_the_crossings_are_closed(seed: int) -> None:
    table, rng = _grid(), np.random.default_rng(seed)
    grey = painted(table, 200.0)
    k = 200 / 72
    xs, ys = positions(table)
    for axis, ats, (low, high) in (("h", ys, (xs[0], xs[-1])), ("v", xs, (ys[0], ys[-1]))):
        for at in ats:
            for start in np.arange(low + 6, high - 12, 40):
                off = rng.uniform(0, 25)
                a, b = round((start + off) * k), round((start + off + rng.uniform(3, 9)) * k)
                c, d = round((at - 2) * k), round((at + 2) * k)
                where = (slice(c, d), slice(a, b)) if axis == "h" else (slice(a, b), slice(c, d))
                grey[where] = 255
    assert cells_of(table, find(sheet_of(grey, 200.0))[0]) == shape(table)


def test_dotted_rulings_are_found() -> None:
    table = _grid()
    grey = painted(table, 200.0)
    dots, k = grey.copy(), 200 / 72
    xs, ys = positions(table)
    for y in ys:
        for n in (0, 1):
            dots[round((y - 1) * k) : round((y + 1) * k), n::4] = 255
    for x in xs:
        for n in (0, 1):
            dots[n::4, round((x - 1) * k) : round((x + 1) * k)] = 255
    assert cells_of(table, find(sheet_of(dots, 200.0))[0]) == shape(table)


def test_letters_alone_make_no_grid() -> None:
    import cv2

    grey = np.full((1400, 1100), 255, np.uint8)
    for n in range(40):
        cv2.putText(grey, "EHTLI 10=1110 -- 7171 FEE III", (60, 60 + 32 * n), cv2.FONT_HERSHEY_DUPLEX, 0.9, 0, 2)
    found = find(sheet_of(grey, 200.0))
    page = Page(1, 396, 504, rulings=found[0])
    assert not any(len(piece.table.cells) > 2 for piece in ruled.find(page))


@pytest.mark.parametrize(
    "grey",
    [
        np.full((900, 700), 255, np.uint8),
        np.zeros((900, 700), np.uint8),
        np.zeros((1, 1), np.uint8),
        np.full((1, 900), 255, np.uint8),
        np.full((7, 5), 128, np.uint8),
    ],
)
def test_sheets_without_lines_give_none(grey: NDArray[np.uint8]) -> None:
    sheet = sheet_of(grey, 200.0)
    found = find(sheet)
    assert found == ((),)
    assert np.array_equal(erase(sheet, found[0]).grey, grey)


@pytest.mark.parametrize("dpi", [20.0, 200.0, 1200.0])
def test_noise_is_no_flood_of_rulings(dpi: float) -> None:
    grey = np.random.default_rng(0).integers(0, 256, (900, 700)).astype(np.uint8)
    for found in find(sheet_of(grey, dpi)):
        assert len(found) < 400


def test_the_same_sheet_gives_the_same_rulings() -> None:
    sheet = sheet_of(painted(_grid(), 150.0), 150.0)
    assert find(sheet) == find(sheet)


def test_erasing_leaves_blank_cells_blank_and_letters_whole() -> None:
    table = _grid()
    with_lines = painted(table, 200.0)
    sheet = sheet_of(with_lines, 200.0)
    found = find(sheet)[0]
    clean = erase(sheet, found).grey
    xs, ys = positions(table)
    k = 200 / 72
    ink = with_lines < 128
    lines = np.zeros_like(ink)
    for r in found:
        left, top, right, bottom = sheet.pixels_of(r.box.grown(1.5))
        lines[top:bottom, left:right] = True
    assert (clean[lines] > 230).all()
    assert np.array_equal(clean[~lines & ink], with_lines[~lines & ink])
    assert all((clean[round(y * k), :] > 230).all() for y in ys)
    assert all((clean[:, round(x * k)] > 230).all() for x, _ in itertools.pairwise(xs))


def test_a_stroke_across_a_ruling_is_kept() -> None:
    import cv2

    grey = np.full((400, 600), 255, np.uint8)
    cv2.rectangle(grey, (50, 199), (550, 201), 0, -1)
    cv2.rectangle(grey, (300, 180), (303, 220), 0, -1)
    sheet = sheet_of(grey, 200.0)
    clean = erase(sheet, (Ruling("h", 200.5 * 72 / 200, 18, 198.4, 1.0, "pixel"),)).grey
    assert (clean[182:219, 301:303] < 60).all()
    assert (clean[195:206, 60:280] > 240).all()
    assert (clean[195:206, 330:540] > 240).all()


def test_the_only_upright_of_a_cut_row_stands_where_long_ones_end_level() -> None:
    """A page break cuts uprights at one height; the sides of one cell begin there at the row's upper edge."""
    from biaoge.ocr import rulings
    from biaoge.ocr.strokes import Piece

    scale = 200 / 72
    short = Piece(500 * scale, 517 * scale, 133 * scale, 133 * scale, 200.0)
    long = [Piece(100 * scale, 517.5 * scale, x * scale, x * scale, 200.0) for x in (75, 304, 360, 426, 520)]
    assert rulings._cut_off([short], [], long, scale) == [short]
    assert rulings._cut_off([short], [], long[:1], scale) == []
    assert rulings._cut_off([Piece(500 * scale, 509 * scale, 370.0, 370.0, 200.0)], [], long, scale) == []


@pytest.mark.parametrize(("start", "there"), [(104.5, True), (112.0, False)])
def test_a_short_upright_that_goes_nearly_all_the_way_is_drawn(start: float, there: bool) -> None:
    """The only row of a column; what wear left of its line hangs at the row's lower line."""
    k = 200 / 72
    grey = np.full((600, 1300), 255, np.uint8)
    for y in (70, 100, 122):
        grey[round(y * k) : round(y * k) + 2, round(60 * k) : round(400 * k)] = 0
    for x in (60, 140, 260, 400):
        grey[round(70 * k) : round(122 * k), round(x * k) : round(x * k) + 2] = 0
    grey[round(start * k) : round(122 * k), round(200 * k) : round(200 * k) + 2] = 0
    for x in (90, 230, 330):
        grey[round(98 * k) : round(102 * k), round(x * k) : round((x + 8) * k)] = 255
    found = find(sheet_of(grey, 200))[0]
    assert any(r.axis == "v" and abs(r.at - 200) < 1 and r.start < 106 and r.end > 116 for r in found) == there


def test_a_ruling_near_the_edge_of_a_small_picture_is_no_shadow() -> None:
    k = 150 / 72
    grey = np.full((round(180 * k), round(480 * k)), 255, np.uint8)
    y = round(12.5 * k)
    grey[y : y + 3, 10:-10] = 40
    found = find(sheet_of(grey, 150.0))
    assert [(r.axis, round(r.at)) for r in found[0]] == [("h", 13)]
    tall = np.full((round(842 * k), round(480 * k)), 255, np.uint8)
    tall[y : y + 3, 10:-10] = 40
    assert find(sheet_of(tall, 150.0))[0] == ()


def whole_grid(rows: list[int], columns: tuple[int, ...]) -> np.ndarray:
    """Level lines at `rows` and upright ones at `columns` (pixels), two pixels thick."""
    grey = np.full((900, 1000), 255, np.uint8)
    for y in rows:
        grey[y : y + 2, 50:950] = 60
    for x in columns:
        grey[rows[0] : rows[-1] + 2, x : x + 2] = 60
    return grey


def test_strokes_of_letters_one_under_the_other_are_no_column_of_a_whole_grid() -> None:
    """Rows hardly higher than their letters, each with an upright stroke (十, 1) at the same place."""
    k = 150 / 72
    rows = [60 + 33 * n for n in range(21)]
    grey = whole_grid(rows, (50, 500, 948))
    for y in rows[:-1]:
        grey[y + 5 : y + 30, 560:562] = 60
        grey[y + 14 : y + 16, 550:572] = 60
    for found in find(sheet_of(grey, 150.0)):
        assert sorted({round(r.at * k) for r in found if r.axis == "v"}) == pytest.approx([51, 501, 949], abs=1)


def test_pieces_of_an_upright_are_a_column_where_the_lines_are_worn() -> None:
    k = 150 / 72
    rows = [60 + 66 * n for n in range(11)]
    grey = whole_grid(rows, (50, 948))
    for y in rows:
        for x in range(90, 940, 130):
            grey[y : y + 2, x : x + 12] = 255
    for n, y in enumerate(rows[:-1]):
        grey[y + 4 + 6 * (n % 3) : y + 62 - 7 * (n % 2), 560:562] = 60
    found = find(sheet_of(grey, 150.0))[0]
    assert 561 in {round(r.at * k) for r in found if r.axis == "v"}
