"""Crops through an engine: each once, doubtful ones from more pictures; and what speaks against a reading."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest

from biaoge.model import Alternative, Box
from biaoge.ocr import doubts, readlines
from biaoge.ocr.contract import Line, Polygon, Reading
from biaoge.ocr.crops import Crop
from biaoge.ocr.readlines import Read
from biaoge.ocr.sheet import Sheet
from biaoge.raster import Pixels
from biaoge.warp import Warp

SHEET = Sheet(np.full((60, 400), 255, np.uint8), Warp.unmoved(Box(0, 0, 400, 60)))


class Engine:
    """Gives the readings in turn."""

    name, version = "turns", "1"

    def __init__(self, *readings: Reading) -> None:
        self.readings = list(readings)

    def detect(self, image: Pixels) -> tuple[Polygon, ...]:
        return ()

    def lines(self, image: Pixels) -> tuple[Line, ...]:
        return ()

    def crops(self, images: Sequence[Pixels]) -> tuple[Reading, ...]:
        return tuple(self.readings.pop(0) for _ in images)


def crop(*ink: tuple[int, int], low: tuple[int, int] = (0, 0)) -> Crop:
    """A line 20 pixels high from (10, 20) with ink in these columns; those of `low` at its foot alone."""
    width = max(b for _, b in ink)
    inked, foot = np.zeros(width, bool), np.zeros(width, bool)
    for a, b in ink:
        inked[a:b] = True
    foot[low[0] : low[1]] = True
    image = np.where(inked, 0, 255).astype(np.uint8)[None, :].repeat(20, axis=0)
    return Crop(image, (10, 20, 10 + width, 40), ((0, 10, width),), inked, foot, 20.0, 1.0)


def read(line: Crop, reading: Reading) -> Read:
    (found,) = readlines.read([line], lambda _: (), Engine(reading))
    return found


def test_equal_pictures_are_read_once_and_doubtful_ones_again() -> None:
    line, other = crop((0, 20)), np.zeros((20, 30), np.uint8)
    engine = Engine(Reading("8", 0.6, (Alternative("3", 0.4),)), Reading("3", 0.9))
    found = readlines.read([line, line], lambda _: [other], engine)
    assert [f.reading.text for f in found] == ["3", "3"]
    assert found[0].reading.confidence == pytest.approx(0.65)
    assert found[0].evidence.pictures == 2
    assert not engine.readings


def test_the_widths_of_a_sign_count_as_one_reading() -> None:
    found = read(crop((0, 20)), Reading("(", 0.5, (Alternative("（", 0.45), Alternative("C", 0.05))))
    assert found.reading.confidence == pytest.approx(0.95)


def test_words_tell_that_a_space_stands_before_them() -> None:
    line = crop((0, 8), (12, 15), (23, 41), (43, 61), low=(12, 15))
    reading = Reading("1. 甲乙", 0.99, (), (0.0, 10.0, 18.0, 21.0, 42.0, 61.0))
    words = readlines.words(SHEET, read(line, reading))
    assert [(w.text, w.spaced) for w in words] == [("1.", False), ("甲乙", True)]


def test_a_reading_with_fewer_letters_than_ink_gives_way_or_is_doubted() -> None:
    line = crop((0, 20), (32, 38))
    found = doubts.weighed(read(line, Reading("三", 0.6, (Alternative("三、", 0.3),), (0.0, 38.0))))
    assert found.reading.text == "三、"
    assert found.reading.edges is None
    assert [a.text for a in found.reading.alternatives] == ["三"]
    alone = doubts.weighed(read(line, Reading("三", 0.99)))
    assert alone.reading.confidence == readlines.CAP
    assert alone.evidence.against == ("ink",)


def test_a_point_that_no_sign_stands_for_is_a_doubt() -> None:
    line = crop((0, 8), (13, 16), (28, 47), low=(13, 16))
    edges = (0.0, 9.0, 47.0)
    assert doubts.weighed(read(line, Reading("1属", 0.99, (), edges))).evidence.against == ("ink",)
    dotted = (0.0, 10.0, 20.0, 47.0)
    assert doubts.weighed(read(line, Reading("1.属", 0.99, (), dotted))).evidence.against == ()


def test_dust_where_a_point_may_stand_is_a_doubt() -> None:
    line = read(crop((0, 12)), Reading("0", 0.99))
    assert doubts.weighed(line, [(25, 36, 28, 39)]).evidence.against == ("dust",)
    assert doubts.weighed(line, [(25, 21, 28, 24)]).evidence.against == ()  # too high
    assert doubts.weighed(line, [(95, 36, 98, 39)]).evidence.against == ()  # too far


def test_room_for_a_point_after_a_figure_is_a_doubt() -> None:
    line = crop((0, 8), (33, 52), (55, 73))
    found = doubts.weighed(read(line, Reading("1属于", 0.99, (), (0.0, 20.0, 53.0, 73.0))))
    assert found.evidence.against == ("gap",)


def test_figures_with_a_hole_between_them_are_doubtful() -> None:
    even = [(n * 14, n * 14 + 10) for n in range(6)]
    holed = [(a + 8 * (n > 0), b + 8 * (n > 0)) for n, (a, b) in enumerate(even)]
    for ink, against in ((even, ()), (holed, ("gap",))):
        line = read(crop(*ink), Reading("221005", 0.99))
        found = doubts.weighed(line)
        assert found.evidence.against == against
        assert (found.reading.confidence < 0.9) == bool(against)


def test_a_narrow_space_that_was_read_beside_a_bracket_or_a_letter_parts_words() -> None:
    line = crop((0, 8), (10, 18), (24, 29), (31, 39), (41, 46))
    edges = (0.0, 9.0, 18.5, 23.5, 30.0, 40.0, 46.0)
    words = readlines.words(SHEET, read(line, Reading("12 (3)", 0.99, (), edges)))
    assert [w.text for w in words] == ["12", "(3)"]
    unread = (0.0, 9.0, 21.0, 30.0, 40.0, 46.0)
    assert [w.text for w in readlines.words(SHEET, read(line, Reading("12(3)", 0.99, (), unread)))] == ["12(3)"]
    figures = readlines.words(SHEET, read(line, Reading("12 345", 0.99, (), edges)))
    assert [w.text for w in figures] == ["12345"]
