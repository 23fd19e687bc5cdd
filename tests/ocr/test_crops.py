"""The ink of cells, lines, and pictures of lines."""

from __future__ import annotations

import numpy as np

from biaoge.model import Box
from biaoge.ocr import blobs, crops
from biaoge.ocr.plain import plain
from biaoge.ocr.sheet import Sheet
from biaoge.warp import Warp

POINT = 200 / 72


def sheet(grey: np.ndarray) -> Sheet:
    height, width = grey.shape
    return Sheet(grey, Warp.unmoved(Box(0, 0, width / POINT, height / POINT)))


def box(left: float, top: float, right: float, bottom: float) -> Box:
    return Box(left / POINT, top / POINT, right / POINT, bottom / POINT)


def paper() -> np.ndarray:
    return np.full((400, 600), 255, np.uint8)


def letters(grey: np.ndarray, top: int, left: int, count: int, pitch: int = 28) -> None:
    for n in range(count):
        grey[top : top + 24, left + n * pitch : left + n * pitch + 24] = 0


def test_ink_that_hangs_over_an_edge_goes_where_most_of_it_is() -> None:
    grey = paper()
    letters(grey, 60, 180, 1)  # 180 to 204, the edge at 200
    page = sheet(grey)
    left, right = crops.owned(page, blobs.find(page), [box(100, 40, 200, 100), box(200, 40, 300, 100)])
    assert right is None
    assert left is not None
    assert left.mask.shape == (24, 24)


def test_ink_far_in_both_cells_is_parted() -> None:
    grey = paper()
    grey[60:84, 160:240] = 0
    page = sheet(grey)
    left, right = crops.owned(page, blobs.find(page), [box(100, 40, 200, 100), box(200, 40, 300, 100)])
    assert left is not None
    assert right is not None
    assert left.mask.shape == right.mask.shape == (24, 40)


def test_remains_of_rulings_are_no_ink_and_a_dash_in_the_middle_is() -> None:
    grey = paper()
    grey[41:43, 120:180] = 0
    grey[50:90, 101:103] = 0
    grey[69:72, 240:260] = 0
    page = sheet(grey)
    left, right = crops.owned(page, blobs.find(page), [box(100, 40, 200, 100), box(200, 40, 300, 100)])
    assert left is None
    assert right is not None


def test_lines_are_parted_also_where_they_touch_and_strokes_are_not() -> None:
    mask = np.zeros((60, 100), bool)
    mask[0:3, 10:30] = mask[9:12, 10:30] = mask[18:21, 8:32] = True  # 三
    mask[34:58, 10:90] = True
    assert crops.lines(mask, 24) == [(0, 21), (34, 58)]
    touching = np.zeros((52, 200), bool)
    touching[0:24, :] = touching[28:52, :] = True
    touching[24:28, 60:63] = True
    (a, b), (c, d) = crops.lines(touching, 24)
    assert a == 0
    assert b == c
    assert 24 <= b <= 28
    assert d == 52


def test_a_crop_keeps_the_scale_of_letters_for_a_dash_and_closes_wide_gaps() -> None:
    grey = paper()
    letters(grey, 20, 20, 10)
    grey[110:113, 140:160] = 0
    letters(grey, 160, 110, 2, pitch=200)
    page = sheet(grey)
    ink = blobs.find(page)
    dash, wide = crops.owned(page, ink, [box(100, 90, 200, 140), box(100, 150, 400, 200)])
    assert dash is not None
    assert wide is not None
    assert crops.cut(grey, dash, (0, 3), ink).image.shape[0] >= 20
    crop = crops.cut(grey, wide, (0, 24), ink)
    assert crop.image.shape[1] < 24 * 4
    assert crop.column(crop.spans[1][0] + 14) > 290
    assert crop.column(8) < 140


def test_other_lines_ink_is_painted_over() -> None:
    grey = paper()
    letters(grey, 60, 120, 3)
    grey[84:86, 120:140] = 0
    page = sheet(grey)
    ink = blobs.find(page)
    (cell,) = crops.owned(page, ink, [box(100, 40, 300, 120)])
    assert cell is not None
    crop = crops.cut(grey, cell, (0, 20), ink)
    assert crop.image[-3:].min() == 255


def test_boxes_outside_and_without_area_have_no_ink() -> None:
    grey = paper()
    letters(grey, 60, 120, 3)
    page = sheet(grey)
    ink = blobs.find(page)
    assert crops.owned(page, ink, []) == []
    assert (
        crops.owned(page, ink, [Box(5000, 5000, 6000, 6000), Box(50, 30, 50, 30), Box(-90, -90, -10, -10)])
        == [None] * 3
    )


def test_a_colon_in_a_widely_set_line_is_kept_and_dust_beside_a_figure_is_not() -> None:
    grey = paper()
    letters(grey, 60, 40, 3, pitch=70)
    letters(grey, 60, 300, 3, pitch=70)
    grey[66:70, 242:246] = grey[80:84, 242:246] = 0
    letters(grey, 160, 100, 1)
    grey[180:184, 160:164] = 0
    page = sheet(grey)
    wide, figure = crops.owned(page, blobs.find(page), [box(20, 40, 580, 120), box(20, 130, 300, 220)])
    assert wide is not None
    assert figure is not None
    assert wide.mask[:, 242 - wide.left].any()
    assert not wide.dropped
    assert figure.mask.shape == (24, 24)
    assert figure.dropped == ((160, 180, 164, 184),)


def test_a_thin_stroke_alone_at_an_edge_is_a_rest_of_a_ruling_and_counted() -> None:
    grey = paper()
    letters(grey, 80, 180, 1)
    grey[78:106, 294:297] = 0  # two pixels from the edge is a rim already, three points are none
    page = sheet(grey)
    (cell,) = crops.owned(page, blobs.find(page), [box(100, 40, 302, 140)])
    assert cell is not None
    assert cell.rests == 1
    assert (cell.left, cell.mask.shape) == (180, (24, 24))


def test_a_stroke_beside_a_letter_or_in_the_middle_or_alone_is_a_sign() -> None:
    for count, at in ((5, 294), (1, 240), (0, 294)):
        grey = paper()
        letters(grey, 80, 160, count)
        grey[78:106, at : at + 3] = 0
        page = sheet(grey)
        (cell,) = crops.owned(page, blobs.find(page), [box(100, 40, 302, 140)])
        assert cell is not None
        assert cell.rests == 0
        assert cell.left + cell.mask.shape[1] == at + 3


def test_a_scrap_of_a_ruling_far_from_writing_is_left_out_and_told_where_a_sign_could_stand() -> None:
    for left, top, rests in ((291, 41, 0), (291, 132, 0), (293, 88, 1)):
        grey = paper()
        letters(grey, 80, 160, 3)
        grey[top : top + 7, left : left + 7] = 0
        page = sheet(grey)
        (cell,) = crops.owned(page, blobs.find(page), [box(100, 40, 302, 140)])
        assert cell is not None
        assert cell.mask.shape == (24, 80)
        assert cell.rests == rests


def test_a_scrap_is_ink_where_it_is_all_there_is_or_stands_by_a_letter() -> None:
    for count, left in ((0, 293), (5, 295)):
        grey = paper()
        letters(grey, 80, 160, count)
        letters(grey, 300, 160, 6)
        grey[90:98, left : left + 6] = 0
        page = sheet(grey)
        (cell,) = crops.owned(page, blobs.find(page), [box(100, 40, 302, 140)])
        assert cell is not None
        assert cell.left + cell.mask.shape[1] == left + 6
        assert cell.rests == 0


def test_a_plain_picture_shows_thin_grey_strokes_that_are_no_ink() -> None:
    grey = paper()
    letters(grey, 60, 100, 4)  # black: what ink is on this page
    grey[160:184:2, 100:200:3] = 175
    page = sheet(grey)
    found = plain(grey, (90, 150, 220, 195), blobs.find(page).letter)
    assert found is not None
    assert found.box == (100, 160, 200, 183)
    assert int(found.image.min()) == 175
    assert found.inked[0]
    assert found.inked[-1]


def test_a_plain_picture_of_paper_is_none() -> None:
    grey = paper()
    grey[160:184, 100:200] = 230
    assert plain(grey, (90, 150, 220, 195), 24) is None
    assert plain(grey, (90, 150, 91, 195), 24) is None


def test_a_plain_picture_leaves_out_what_other_lines_reach_into_it_with() -> None:
    grey = paper()
    letters(grey, 100, 100, 4)
    letters(grey, 130, 100, 4)
    grey[92:95, 110:114] = 0  # the dot of a letter
    found = plain(grey, (90, 88, 220, 136), 24)
    assert found is not None
    assert found.box == (100, 92, 208, 124)
