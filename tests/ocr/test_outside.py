"""Text outside of tables, from one detection."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from biaoge.model import Box
from biaoge.ocr import outside
from biaoge.ocr.contract import Line, Polygon, Reading
from biaoge.ocr.sheet import Sheet
from biaoge.raster import Pixels
from biaoge.warp import Warp


class Fixed:
    """An engine that finds the polygons it was given and reads ten letters everywhere."""

    name, version = "fixed", "1"

    def __init__(self, *boxes: tuple[float, float, float, float]) -> None:
        self.polygons = tuple(((a, b), (c, b), (c, d), (a, d)) for a, b, c, d in boxes)

    def detect(self, image: Pixels) -> tuple[Polygon, ...]:
        return self.polygons

    def lines(self, image: Pixels) -> tuple[Line, ...]:
        return ()

    def crops(self, images: Sequence[Pixels]) -> tuple[Reading, ...]:
        return tuple(Reading("文字文字", 0.95) for _ in images)


def page(*tops: int) -> Sheet:
    """400 × 600 pixels at 72 dpi with lines of four black squares, 12 pixels high, from x = 50 on."""
    grey = np.full((600, 400), 255, np.uint8)
    for top in tops:
        for left in range(50, 106, 14):
            grey[top : top + 12, left : left + 12] = 0
    return Sheet(grey, Warp.unmoved(Box(0, 0, 400, 600)))


def test_lines_in_tables_are_left_out_and_others_read_once() -> None:
    sheet = page(50, 100, 300)
    engine = Fixed((48, 48, 80, 64), (78, 48, 110, 64), (48, 98, 110, 114), (48, 298, 110, 314))
    seen = outside.detected(sheet, engine)
    found = outside.read(sheet, [Box(30, 280, 300, 400)], seen, engine).words
    assert [(w.text, w.box.top) for w in found] == [("文字文字", 50), ("文字文字", 100)]


def test_a_polygon_around_two_lines_gives_two() -> None:
    sheet = page(50, 68)
    engine = Fixed((48, 48, 110, 82))
    assert [w.box.top for w in outside.read(sheet, [], outside.detected(sheet, engine), engine).words] == [50, 68]


def test_text_seen_in_a_blank_cell_is_told() -> None:
    cells = [Box(0, 0, 100, 50), Box(100, 0, 200, 50), Box(200, 0, 300, 50)]
    seen = [Box(20, 10, 60, 30), Box(210, 10, 250, 30), Box(90, 10, 110, 30)]
    assert outside.missed(cells, ["blank", "blank", "read"], seen) == (0,)


def test_a_blank_sheet_is_not_looked_at() -> None:
    assert outside.detected(page(), Fixed((0, 0, 50, 50))) == ()


def test_what_cannot_be_read_is_told_and_specks_are_not() -> None:
    sheet = page(50, 100)
    sheet.grey[160:162, 60:62] = 0
    engine = Fixed((48, 48, 110, 64), (48, 98, 110, 114), (55, 155, 70, 166))
    answers = {12: Reading("", 1.0), 2: Reading(":", 0.4)}
    engine.crops = lambda images: tuple(  # type: ignore[method-assign]
        answers[2] if image.shape[1] < 20 else answers[12] for image in images
    )
    found = outside.read(sheet, [], outside.detected(sheet, engine), engine)
    assert found.words == ()
    assert [round(box.top) for box in found.unread] == [50, 100]
    assert found.skipped == 0


class Columns(Fixed):
    """Reads narrow pictures as a Chinese one, others as a figure."""

    def crops(self, images: Sequence[Pixels]) -> tuple[Reading, ...]:
        return tuple(Reading("一" if int((i < 128).sum()) < 40 else "1,234", 0.95) for i in images)


def columns(*dashes: tuple[int, int]) -> Sheet:
    """Three rows of two figures, 12 pixels high, at x = 50 and 200; `dashes`: corners of strokes of 7 by 2."""
    sheet = page(50, 70, 90)
    for left, top in ((left, top) for left in range(200, 256, 14) for top in (50, 90)):
        sheet.grey[top : top + 12, left : left + 12] = 0
    for left, top in dashes:
        sheet.grey[top : top + 2, left : left + 7] = 0
    return sheet


FIGURES = Columns(*((a, b, a + 62, b + 16) for a, b in ((48, 48), (48, 68), (48, 88), (198, 48), (198, 88))))


def test_a_dash_in_a_column_that_no_detector_sees_is_read_as_one() -> None:
    sheet = columns((225, 75))
    found = outside.read(sheet, [], outside.detected(sheet, FIGURES), FIGURES).words
    assert [(w.text, w.box.x0, w.box.top) for w in found if w.box.height < 8] == [("–", 225, 75)]
    assert len(found) == 6


def test_marks_beside_the_columns_or_between_the_lines_are_not_read() -> None:
    sheet = columns((330, 75), (225, 66))
    assert len(outside.read(sheet, [], outside.detected(sheet, FIGURES), FIGURES).words) == 5
    sheet = columns((225, 75))
    table = Box(190, 40, 280, 110)
    assert len(outside.read(sheet, [table], outside.detected(sheet, FIGURES), FIGURES).words) == 3


class Picky(Fixed):
    """Reads what is wider than 80 pixels surely, all else hardly."""

    def crops(self, images: Sequence[Pixels]) -> tuple[Reading, ...]:
        return tuple(Reading("whole", 0.97) if image.shape[1] > 80 else Reading("p", 0.3) for image in images)


def test_a_line_that_is_ink_in_pieces_is_read_whole_where_that_is_likelier() -> None:
    sheet = page(50)
    sheet.grey[100:112, 50:56] = 110
    for left in range(60, 150, 4):
        sheet.grey[100:112, left : left + 2] = 170  # paler than ink on this page
    engine = Picky((48, 98, 152, 114))
    assert [w.text for w in outside.read(sheet, [], outside.detected(sheet, engine), engine).words] == ["whole"]


def test_a_line_of_which_nothing_is_read_whole_stays_as_its_ink_was_read() -> None:
    sheet = page(50)
    engine = Fixed((48, 48, 110, 64))
    said = iter([Reading("ink", 0.3), Reading("", 1.0)])
    sheet.grey[56:62, 108:110] = 150  # no ink on this page; the second picture is another
    engine.crops = lambda images: tuple(next(said) for _ in images)  # type: ignore[method-assign]
    assert [w.text for w in outside.read(sheet, [], outside.detected(sheet, engine), engine).words] == ["ink"]


def test_a_surely_read_line_is_not_read_again() -> None:
    sheet = page(50)
    engine = Fixed((48, 48, 110, 64))
    asked: list[int] = []
    first = engine.crops
    engine.crops = lambda images: (asked.append(len(images)), first(images))[1]  # type: ignore[method-assign,func-returns-value]
    outside.read(sheet, [], outside.detected(sheet, engine), engine)
    assert sum(asked) == 1


def test_a_lone_letter_in_a_column_of_figures_is_the_figure_it_looks_like() -> None:
    sheet = page(50, 70, 90, 110, 300)
    engine = Fixed(*((48, top - 2, 110, top + 14) for top in (50, 70, 90, 110, 300)))
    said = iter(["12", "I", "34", "56", "I"])
    engine.crops = lambda images: tuple(Reading(next(said), 0.95) for _ in images)  # type: ignore[method-assign]
    sheet.grey[48:64, 50:54] -= 1  # no two pictures alike
    sheet.grey[70:82, 64:68] = 1
    sheet.grey[90:102, 64:68] = 2
    sheet.grey[110:122, 64:68] = 3
    sheet.grey[300:312, 64:68] = 4
    found = outside.read(sheet, [], outside.detected(sheet, engine), engine).words
    assert [w.text for w in found] == ["12", "1", "34", "56", "I"]
