from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from biaoge.app.moved import Way, moved_back
from biaoge.model import (
    Block,
    Box,
    Cell,
    Document,
    Page,
    Part,
    Region,
    Ruling,
    SourceFile,
    Table,
    Word,
)
from biaoge.warp import Warp

GIVEN = Page(1, 600, 800, route="ocr", images=(Box(0, 0, 600, 800),))


def shifted(x: float, y: float) -> tuple[float, float]:
    return x + 7, y + 3


def near(box: Box) -> Box:
    return Box(*(round(value, 6) for value in (box.x0, box.top, box.x1, box.bottom)))


def document(page: Page, table: Table) -> Document:
    return Document(SourceFile("a.pdf", "0" * 64, 1), (page,), (table,))


def test_everything_is_moved() -> None:
    word = Word("12", Box(20, 20, 30, 30), "ocr", edges=(20, 25, 30))
    cells = (
        Cell(0, 0, "12", regions=(Region(1, Box(10, 10, 40, 40)),), words=(word,), source="ocr"),
        Cell(0, 1, "", regions=(Region(1, Box(40, 10, 90, 40)),)),
    )
    table = Table(1, 2, cells, parts=(Part(1, Box(10, 10, 90, 40), (0, 0)),))
    rulings = (Ruling("h", 10, 10, 90, origin="pixel"), Ruling("v", 40, 10, 40, origin="pixel"))
    block = Block("heading", "x", Box(10, 100, 60, 110), lines=(Box(10, 100, 60, 110),))
    straight = Page(1, 590, 790, words=(word,), rulings=rulings, blocks=(block,), route="ocr")
    way = Way(GIVEN, (Warp.of(Box(0, 0, 590, 790), shifted),))
    back = moved_back(document(straight, table), {1: way})
    (page,) = back.pages
    assert (page.width, page.height, page.images) == (600, 800, GIVEN.images)
    assert near(page.words[0].box) == Box(27, 23, 37, 33)
    assert page.words[0].edges == pytest.approx((27, 32, 37))
    assert [(r.axis, round(r.at, 6), round(r.start, 6), round(r.end, 6)) for r in page.rulings] == [
        ("h", 13, 17, 97),
        ("v", 47, 13, 43),
    ]
    assert near(page.blocks[0].box) == Box(17, 103, 67, 113) == near(page.blocks[0].lines[0])
    assert near(back.tables[0].parts[0].box) == Box(17, 13, 97, 43)
    assert near(back.tables[0].cells[0].regions[0].box) == Box(17, 13, 47, 43)
    assert near(back.tables[0].cells[0].words[0].box) == Box(27, 23, 37, 33)


def test_pages_that_were_not_recognised_stay() -> None:
    table = Table(1, 1, (Cell(0, 0, "x", regions=(Region(1, Box(1, 1, 9, 9)),)),))
    same = document(GIVEN, table)
    assert moved_back(same, {}) is same
    assert moved_back(same, {2: Way(GIVEN, (Warp.of(Box(0, 0, 9, 9), shifted),))}) == same


def test_what_stands_on_no_sheet_stays() -> None:
    way = Way(GIVEN, (Warp.of(Box(100, 100, 200, 200), shifted),))
    assert near(way.box(Box(110, 110, 120, 120))) == Box(117, 113, 127, 123)
    assert way.box(Box(10, 10, 20, 20)) == Box(10, 10, 20, 20)
    printed = Word("x", Box(110, 110, 120, 120))
    assert way.word(printed) is printed


@given(st.sampled_from([90, 180, 270]))
def test_a_turned_page_turns_its_lines(turned: int) -> None:
    angle = math.radians(turned)
    cos, sin = round(math.cos(angle)), round(math.sin(angle))
    way = Way(GIVEN, (Warp.of(Box(0, 0, 100, 100), lambda x, y: (300 + cos * x - sin * y, 300 + sin * x + cos * y)),))
    moved = way.ruling(Ruling("h", 20, 10, 90, origin="pixel"))
    assert moved.axis == ("h" if turned == 180 else "v")
    assert moved.length == pytest.approx(80)
    word = way.word(Word("ab", Box(10, 20, 30, 28), "ocr", edges=(10, 20, 30)))
    assert word.edges is None
    assert word.box.area == pytest.approx(160)
