"""Cells with an engine that says what it is told to."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import pytest

from biaoge.model import Alternative, Box
from biaoge.ocr import blobs, cells
from biaoge.ocr.contract import Line, Polygon, Reading
from biaoge.ocr.lookalike import number
from biaoge.ocr.sheet import Sheet
from biaoge.raster import Pixels
from biaoge.warp import Warp

POINT = 200 / 72


class Told:
    """An engine that answers from a function of the picture, and counts what it is asked."""

    name, version = "told", "1"

    def __init__(self, answer: Callable[[Pixels], Reading]) -> None:
        self.answer, self.asked = answer, [0]

    def detect(self, image: Pixels) -> tuple[Polygon, ...]:
        return ()

    def lines(self, image: Pixels) -> tuple[Line, ...]:
        return ()

    def crops(self, images: Sequence[Pixels]) -> tuple[Reading, ...]:
        self.asked.append(len(images))
        return tuple(self.answer(image) for image in images)


def always(said: Reading) -> Told:
    return Told(lambda _: said)


def in_turn(said: Iterator[Reading]) -> Told:
    return Told(lambda _: next(said))


def page(*squares: tuple[int, int, int, int]) -> Sheet:
    """A sheet of 600 × 400 pixels at 200 dpi with black rectangles (left, top, right, bottom)."""
    grey = np.full((400, 600), 255, np.uint8)
    for left, top, right, bottom in squares:
        grey[top:bottom, left:right] = 0
    return Sheet(grey, Warp.unmoved(Box(0, 0, 600 / POINT, 400 / POINT)))


def box(left: float, top: float, right: float, bottom: float) -> Box:
    return Box(left / POINT, top / POINT, right / POINT, bottom / POINT)


COLUMN = [box(100, 60 * n, 200, 60 * n + 60) for n in range(5)]
FIGURES = tuple((140, 60 * n + 20, 152, 60 * n + 40) for n in range(5))


def test_blank_dirt_and_ink() -> None:
    sheet = page(*FIGURES[:3], (150, 210, 153, 213))
    engine = Told(lambda _: Reading("7", 0.99))
    found = cells.read(sheet, COLUMN, engine)
    assert [c.state for c in found] == ["read", "read", "read", "dirt", "blank"]
    assert [w.text for c in found for w in c.words] == ["7"] * 3
    assert abs(found[0].words[0].box.top - 20 / POINT) < 1e-6
    assert engine.asked == [0, 1]  # the three look the same, and are read once


def test_a_figure_that_no_picture_is_read_from_is_unread() -> None:
    engine = Told(lambda _: Reading("", 1.0))
    (cell,) = cells.read(page(FIGURES[0]), COLUMN[:1], engine)
    assert cell.state == "unread"
    assert not cell.words
    assert sum(engine.asked) == 3  # other pictures were tried


def test_a_look_alike_becomes_the_number_and_stays_among_the_alternatives() -> None:
    engine = Told(lambda _: Reading("O", 0.8, digits=Alternative("0", 0.99)))
    (cell,) = cells.read(page(FIGURES[0]), COLUMN[:1], engine)
    assert [w.text for w in cell.words] == ["0"]
    assert [a.text for a in cell.words[0].alternatives] == ["O"]


@pytest.mark.parametrize(("others", "said"), [("无", "—"), ("二", "一")])
def test_a_lone_stroke_is_a_dash_but_among_numerals(others: str, said: str) -> None:
    dashes = [(130, 38, 160, 41)]
    first = page(*dashes, *FIGURES[1:3])
    engine = Told(lambda image: Reading("一", 0.8) if image.shape[1] > 30 else Reading(others, 0.98))
    found = cells.read(first, COLUMN[:3], engine)
    assert [w.text for cell in found for w in cell.words] == [said, others, others]


def test_pictures_that_disagree_lower_the_confidence() -> None:
    answers = iter([Reading("3", 0.7, (Alternative("8", 0.2),)), Reading("8", 0.6), Reading("3", 0.8)])
    (cell,) = cells.read(page(FIGURES[0]), COLUMN[:1], Told(lambda _: next(answers)))
    (word,) = cell.words
    assert word.text == "3"
    assert abs(word.confidence - 0.5) < 1e-9
    assert [a.text for a in word.alternatives] == ["8"]
    assert cell.evidence[0].pictures == 3
    assert abs(cell.evidence[0].agreement - 2 / 3) < 1e-9


def test_latin_words_are_parted_at_gaps_and_chinese_is_not() -> None:
    sheet = page(*((110 + x, 20, 126 + x, 40) for x in (0, 18, 46, 64)))
    (cell,) = cells.read(sheet, [box(100, 0, 300, 60)], Told(lambda _: Reading("abcd", 0.99)))
    assert [w.text for w in cell.words] == ["ab", "cd"]
    assert cell.words[1].box.x0 > cell.words[0].box.x1 + 2
    (cell,) = cells.read(sheet, [box(100, 0, 300, 60)], Told(lambda _: Reading("商业企业", 0.99)))
    assert [w.text for w in cell.words] == ["商业企业"]


def test_bad_boxes_and_black_and_empty_sheets() -> None:
    engine = Told(lambda _: Reading("7", 0.99))
    assert cells.read(page(), [], engine) == ()
    odd = [Box(9000, 9000, 9100, 9100), Box(10, 10, 10, 10)]
    assert [c.state for c in cells.read(page(FIGURES[0]), odd, engine)] == ["blank", "blank"]
    black = Sheet(np.zeros((300, 300), np.uint8), Warp.unmoved(Box(0, 0, 108, 108)))
    assert len(cells.read(black, [Box(10, 10, 90, 90)], engine)) == 1


def test_noise_asks_for_a_bounded_number_of_crops() -> None:
    grey = np.random.default_rng(1).integers(0, 256, (400, 400)).astype(np.uint8)
    sheet = Sheet(grey, Warp.unmoved(Box(0, 0, 144, 144)))
    engine = Told(lambda _: Reading("x", 0.2))
    cells.read(sheet, [Box(x, y, x + 4, y + 4) for x in range(0, 144, 4) for y in range(0, 144, 4)], engine)
    assert max(engine.asked) <= 2 * cells.MOST_LINES


def test_writing_that_means_something_is_no_number() -> None:
    assert number(Reading("一", 0.6, digits=Alternative("-", 0.9)), among_numbers=False) is None
    assert number(Reading("3.其他", 0.9, digits=Alternative("3.", 0.99)), among_numbers=True) is None
    assert number(Reading("日", 0.4, digits=Alternative("8", 0.9)), among_numbers=False) is None
    found = number(Reading("lO,5", 0.4, digits=Alternative("10,5", 0.9)), among_numbers=False)
    assert found is not None
    assert found.text == "10,5"


def test_a_point_beside_one_number_is_dust_and_beside_many_is_meant() -> None:
    said = iter([*(Reading(str(n), 0.99) for n in range(4)), Reading("0.", 0.99)])
    squares = tuple((140, 60 * n + 20, 152 + n, 60 * n + 40) for n in range(5))
    found = cells.read(page(*squares), COLUMN, Told(lambda _: next(said)))
    assert [w.text for c in found for w in c.words] == ["0", "1", "2", "3", "0"]
    assert found[4].words[0].confidence < 0.9
    assert "0." in [a.text for a in found[4].words[0].alternatives]
    rows = iter(Reading(f"{n}.", 0.99) for n in range(5))
    found = cells.read(page(*squares), COLUMN, Told(lambda _: next(rows)))
    assert [w.text for c in found for w in c.words] == ["0.", "1.", "2.", "3.", "4."]


@dataclass(frozen=True)
class Seen:
    """What an engine saw: texts with their chances."""

    known: Mapping[str, float]

    def chances(self, texts: Sequence[str]) -> tuple[float, ...]:
        return tuple(self.known.get(text, 0.0) for text in texts)

    def rivals(self, text: str) -> tuple[Mapping[str, float], ...]:
        return ()

    def weighed(self, _: Callable[[str], float]) -> Reading:
        raise NotImplementedError


def test_a_comma_that_lost_its_tail_comes_back_if_the_engine_deems_it_possible() -> None:
    for chance, text in ((1e-3, "7,022.17"), (1e-9, "7.022.17")):
        said = Reading("7.022.17", 0.99, seen=Seen({"7.022.17": 0.99, "7,022.17": chance}))
        (cell,) = cells.read(page(FIGURES[0]), COLUMN[:1], always(said))
        (word,) = cell.words
        assert word.text == text
        assert word.confidence < 0.9  # doubtful either way
        assert text == "7.022.17" or "7.022.17" in [a.text for a in word.alternatives]


def test_a_doubtful_letter_among_figures_is_the_figure_it_resembles() -> None:
    squares = tuple((140, 60 * n + 20, 152 + n, 60 * n + 40) for n in range(5))
    for sure, figure in ((0.8, "0"), (0.96, "C")):
        said = iter(
            [*(Reading(str(n), 0.99) for n in range(1, 5)), *[Reading("C", sure, digits=Alternative("0", 0.9))] * 3]
        )
        found = cells.read(page(*squares), COLUMN, in_turn(said))
        (word,) = found[4].words
        assert word.text == figure
        assert word.confidence < 0.9
    for letter, digits, figure in ((")", "1", "0"), ("K", "4", "4"), ("K", "", "K")):
        said = iter(
            [
                *(Reading(str(n), 0.99) for n in range(1, 5)),
                *[Reading(letter, 0.4, digits=Alternative(digits, 0.6))] * 3,
            ]
        )
        found = cells.read(page(*squares), COLUMN, in_turn(said))
        (word,) = found[4].words
        assert (word.text, word.confidence < 0.9) == (figure, True)
    said = iter([Reading("C", 0.8, digits=Alternative("0", 0.9))] * 3)
    (cell,) = cells.read(page(squares[0]), COLUMN[:1], Told(lambda _: next(said)))
    assert [w.text for w in cell.words] == ["C"]  # not among figures


def test_dust_above_a_line_is_no_line_and_a_stroke_above_one_is() -> None:
    letters = tuple((120 + 30 * n, 100, 144 + 30 * n, 124) for n in range(4))
    for height, asked in ((4, 1), (12, 2)):
        engine = Told(lambda _: Reading("项", 0.99))
        cells.read(page(*letters, (160, 70, 160 + height, 70 + height)), [box(100, 20, 300, 200)], engine)
        assert sum(engine.asked) == asked


def test_a_point_among_letters_one_under_the_other_has_a_line_of_its_own() -> None:
    engine = Told(lambda _: Reading("项", 0.99))
    letters = tuple((120, 30 + 42 * n, 150, 60 + 42 * n) for n in range(4) if n != 1)
    cells.read(page(*letters, (124, 97, 131, 104)), [box(100, 20, 200, 220)], engine)
    with_point = sum(engine.asked)
    engine = Told(lambda _: Reading("项", 0.99))
    cells.read(page(*letters), [box(100, 20, 200, 200)], engine)
    assert with_point == sum(engine.asked) + 1


def test_a_speck_that_faint_strokes_go_on_from_is_a_worn_figure_and_no_dirt() -> None:
    sheet = page(*FIGURES[:3])
    for grey, state in ((250, "dirt"), (100, "read")):
        sheet.grey[202:222, 140:152] = grey
        sheet.grey[206:218, 144:148] = 255
        sheet.grey[202:205, 140:143] = 0
        ink = replace(blobs.find(sheet), labels=blobs.find(page(*FIGURES[:3], (140, 202, 143, 205))).labels)
        found = cells.read(sheet, COLUMN, Told(lambda _: Reading("7", 0.99)), ink)
        assert found[3].state == state
