"""Stretches of worn lines that are gone from crossing to crossing; lines at the sheet's edge."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from biaoge.model import Box, Ruling
from biaoge.ocr import rulings, worn
from biaoge.ocr.gridsupport import Course
from biaoge.ocr.sheet import Sheet
from biaoge.ocr.strokes import Trace
from biaoge.warp import Warp

PX = 200 / 72
XS, YS = (60, 140, 220, 300, 380), tuple(range(60, 60 + 9 * 22, 22))


def table() -> NDArray[np.uint8]:
    """Eight rows of four columns, a figure in every cell, with small gaps in every line."""
    grey = np.full((900, 1250), 255, np.uint8)
    for y in YS:
        row = round(y * PX)
        grey[row : row + 2, round(60 * PX) : round(380 * PX)] = 0
    for x in XS:
        column = round(x * PX)
        grey[round(60 * PX) : round(YS[-1] * PX), column : column + 2] = 0
    for n, x in enumerate(XS[:-1]):
        for row, y in enumerate(YS[:-1]):
            wipe(grey, (x + 25 + 5 * n, y - 2), (x + 31 + 5 * n, y + 2))
            if row % 3 == n % 3:
                wipe(grey, (x - 2, y + 8), (x + 2, y + 13))
            figure(grey, x + 40, y + 11)
    return grey


def wipe(grey: NDArray[np.uint8], start: tuple[float, float], end: tuple[float, float]) -> None:
    grey[round(start[1] * PX) : round(end[1] * PX), round(start[0] * PX) : round(end[0] * PX)] = 255


def figure(grey: NDArray[np.uint8], x: float, y: float) -> None:
    """A figure nought of nine points around a place."""
    rows, columns = np.ogrid[: grey.shape[0], : grey.shape[1]]
    far = np.hypot((columns / PX - x) / 3, (rows / PX - y) / 4.5)
    grey[(far <= 1) & (far >= 0.7)] = 0


def found(grey: NDArray[np.uint8]) -> tuple[Ruling, ...]:
    height, width = grey.shape
    return rulings.find(Sheet(grey, Warp.unmoved(Box(0, 0, width / PX, height / PX))))[0]


def drawn(out: tuple[Ruling, ...], x: float, y: float) -> bool:
    return any(r.axis == "v" and abs(r.at - x) < 2 and r.start < y < r.end for r in out)


def test_a_stretch_gone_between_two_figures_is_closed() -> None:
    grey = table()
    wipe(grey, (218, YS[4] - 4), (222, YS[5] - 0.5))
    assert drawn(found(grey), 220, YS[4] + 11)


def test_a_stretch_with_a_word_across_stays_open() -> None:
    grey = table()
    wipe(grey, (141, YS[4] + 1), (299, YS[5] - 1))
    for x in (208, 216, 224, 232):
        figure(grey, x, YS[4] + 11)
    out = found(grey)
    assert not drawn(out, 220, YS[4] + 11)
    assert drawn(out, 220, YS[3] + 11)
    assert drawn(out, 220, YS[5] + 11)


def test_a_sliver_at_the_edge_is_no_ruling() -> None:
    grey = table()
    grey[-12:-9, :600] = 0
    assert all(r.at < YS[-1] + 5 for r in found(grey) if r.axis == "h")


def test_a_lone_rest_between_two_tables_does_not_join_them() -> None:
    grey = table()
    for y in (YS[4], YS[5]):
        wipe(grey, (59, y - 2), (62, y + 2))
    for x in XS:
        wipe(grey, (x - 3, YS[4] + 1), (x + 3, YS[5] - 1))
    for x in XS[:-1]:
        wipe(grey, (x + 30, YS[4] + 4), (x + 50, YS[5] - 4))
    column = round(220 * PX)
    grey[round((YS[5] - 5) * PX) : round(YS[5] * PX), column : column + 2] = 0
    out = found(grey)
    assert not any(drawn(out, x, YS[4] + 11) for x in XS)
    assert all(drawn(out, x, YS[6] + 11) for x in XS)


def test_a_gap_in_a_line_that_nothing_crosses_is_closed() -> None:
    grey = table()
    for x in XS:
        wipe(grey, (x - 3, 50), (x + 3, YS[-1] + 5))
    for y in YS:
        wipe(grey, (236, y - 2), (258, y + 2))
    out = found(grey)
    assert [r for r in out if r.axis == "v"] == []
    assert all(any(abs(r.at - y) < 2 and r.start < 230 and r.end > 270 for r in out) for y in YS)


def test_a_rest_that_hangs_at_a_crossing_is_the_line_s() -> None:
    grey, gone = table(), table()
    for picture, left in ((grey, 4.5), (gone, 0.5)):
        wipe(picture, (218, YS[4] + left), (222, YS[5] - 0.5))
        for x in (180, 260):
            wipe(picture, (x - 10, YS[4] + 2), (x + 10, YS[5] - 2))
        figure(picture, 219, YS[4] + 14)
    assert not drawn(found(gone), 220, YS[4] + 11)


def test_strokes_of_letters_on_a_line_s_course_do_not_make_it_go_on() -> None:
    """A level line that stops at a merged cell, and letters there whose foot stands at its height."""
    grey = table()
    y = YS[4]
    wipe(grey, (302, y - 2), (378, y + 2))
    for x in (310, 321, 332, 343):
        top, bottom, left, right = (round(v * PX) for v in (y - 8, y + 0.7, x, x + 9.5))
        grey[top:bottom, left:right] = 0
        grey[top + 3 : bottom - 3, left + 4 : right - 4] = 255
    out = found(grey)
    assert any(r.axis == "h" and abs(r.at - y) < 2 and r.start < 250 < r.end for r in out)
    assert not any(r.axis == "h" and abs(r.at - y) < 2 and r.start < 340 < r.end for r in out)


def test_what_is_left_of_a_thick_line_is_no_letter() -> None:
    """The lowest row, which a page break cuts: the most of its line is left, at no crossing."""
    grey = table()
    for x in XS:
        wipe(grey, (x - 3, YS[-2] + 1), (x + 3, YS[-1] - 1))
        top = YS[-2] + (6.5 if x == XS[2] else 0)
        grey[round(top * PX) : round((YS[-1] - 1) * PX), round((x - 1.1) * PX) : round((x + 1.4) * PX)] = 0
    wipe(grey, (55, YS[-1] - 1), (390, YS[-1] + 3))
    assert drawn(found(grey), XS[2], YS[-1] - 6)


def test_a_gap_that_would_leave_a_cell_with_a_corner_too_many_is_closed() -> None:
    """A cell over two rows, and the line beside it gone along one of them, from crossing to crossing."""
    grey = table()
    wipe(grey, (61, YS[4] - 2), (139, YS[4] + 2))
    for n in (3, 4):
        wipe(grey, (64, YS[n] + 2), (136, YS[n + 1] - 2))
        wipe(grey, (144, YS[n] + 2), (216, YS[n + 1] - 2))
    figure(grey, 100, YS[4])
    wipe(grey, (138.5, YS[4] + 1), (141.5, YS[5] - 0.5))
    out = found(grey)
    assert not any(r.axis == "h" and abs(r.at - YS[4]) < 2 and r.start < 100 < r.end for r in out)
    assert drawn(out, 140, YS[4] + 11)


def labelled(words: bool) -> tuple[Ruling, ...]:
    """A narrow table whose top row lacks two of its four lines, with words over the columns or letters apart."""
    grey = np.full((500, 700), 255, np.uint8)
    places, rows = (40, 70, 100, 130, 160), (40, 74, 96, 118, 140)
    for y in rows:
        grey[round(y * PX) : round(y * PX) + 2, round(40 * PX) : round(160 * PX)] = 0
    for x in places:
        grey[round(40 * PX) : round(140 * PX), round(x * PX) : round(x * PX) + 2] = 0
    for x in (70, 100):
        wipe(grey, (x - 2, 40.8), (x + 2, 73.2))
    for n, x in enumerate(places[:-1]):
        for y in (85, 107, 129):
            figure(grey, x + 15, y)
        wipe(grey, (x + 5 + n, 94), (x + 9 + n, 98))
        wipe(grey, (x + 20 - n, 116), (x + 24 - n, 120))
        for y in (50, 64) if words else (57,):
            for off in (-4, 4) if words else (0,):
                figure(grey, x + 15.4 + off, y)
    return found(grey)


def test_lines_gone_between_words_that_stand_over_the_columns_are_closed() -> None:
    out = labelled(words=True)
    assert drawn(out, 70, 57)
    assert drawn(out, 100, 57)


def test_letters_spaced_out_over_the_columns_close_none() -> None:
    out = labelled(words=False)
    assert not drawn(out, 70, 57)
    assert not drawn(out, 100, 57)
    assert drawn(out, 130, 57)


def test_stretches_in_a_row_of_which_nothing_is_left_make_no_line() -> None:
    inked = np.zeros(100, np.bool_)
    inked[40:60] = True
    sums = np.concatenate([[0], np.cumsum(inked)])
    trace = Trace(np.array([0.0, 99.0]), np.array([5.0, 5.0]), 0.0, 100.0, ((40.0, 60.0),))
    course = Course(trace, inked, sums, sums, sums, [], [])
    assert worn._inked(course, [(0, 20), (20, 40), (40, 60), (60, 80)]) == [(0, 20), (20, 40), (40, 60), (60, 80)]
    assert worn._inked(course, [(0, 20), (40, 60), (80, 99)]) == [(40, 60)]


def test_an_upright_that_reaches_a_gap_of_the_line_below_is_kept() -> None:
    grey = np.full((500, 900), 255, np.uint8)
    for y in (60, 82):
        grey[round(y * PX) : round(y * PX) + 2, round(40 * PX) : round(280 * PX)] = 0
    grey[round(60 * PX) : round(81 * PX), round(120 * PX) : round(120 * PX) + 2] = 60
    for x in (70, 200):
        figure(grey, x, 71)
    wipe(grey, (116, 80), (124, 84))
    assert drawn(found(grey), 120, 71)


def test_what_is_left_of_a_line_is_no_letter_between_two_cells() -> None:
    course = Course(
        Trace(np.array([0.0, 40.0]), np.array([60.0, 60.0]), 0.0, 90.0),
        *(np.zeros(41, np.bool_), *(np.zeros(42, np.int64),) * 3),
        known=[],
        spans=[],
    )
    beside = [_solid(at) for at in (20.0, 100.0)]
    letters = [[10.0, 20.0, 36.0, 44.0], [10.0, 20.0, 76.0, 84.0]]
    told = [
        worn._content(
            worn._Line(
                course,
                [beside[0], course, beside[1]],
                np.array([0.0, 40.0]),
                np.zeros((2, 2), np.bool_),
                worn.Writing(np.array(boxes), 8.0),
                1.0,
                np.zeros((3, 42), np.int64),
                0.0,
            ),
            0.0,
            40.0,
        )
        for boxes in (letters, [*letters, [2.0, 8.0, 59.0, 61.0]])
    ]
    assert told[0] == told[1] > 0


def _solid(at: float) -> Course:
    counts = np.arange(42)
    trace = Trace(np.array([0.0, 40.0]), np.array([at, at]), 0.0, 90.0)
    return Course(trace, np.ones(41, np.bool_), counts, counts, counts, [(0.0, 40.0)], [(0.0, 40.0)])


def test_a_gap_at_an_open_end_speaks_less_against_a_line() -> None:
    """Between two crossings a gap may be a merged cell's; where a page break cut the row, it keeps to no crossing."""
    solid = _solid(60.0)
    drawn = np.arange(41) >= 16
    counts = np.concatenate([[0], np.cumsum(drawn)])
    course = Course(solid.trace, drawn, counts, counts, counts, known=[], spans=[])
    writing = worn.Writing(np.zeros((0, 4)), 8.0)
    odds = []
    for open_end in (False, True):
        sides = np.array([[not open_end] * 2, [True, True]])
        line = worn._Line(
            course, [course], np.array([0.0, 16.0]), sides, writing, 1.0, np.zeros((1, 42), np.int64), 0.0
        )
        odds.append(worn._seen(line, 0.0, 16.0))
    assert odds[0] < odds[1] < 0
