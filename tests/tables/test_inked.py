"""What the type of recognised words measures."""

from __future__ import annotations

import pytest

from biaoge.model import Box, Source, Word
from biaoge.tables.inked import extents, type_heights


def word(text: str, top: float, bottom: float, source: Source = "ocr") -> Word:
    return Word(text, Box(0, top, 10, bottom), source)


def test_the_boxes_of_a_files_own_words_are_their_types() -> None:
    words = [word("合计", 1.0, 11.4, "text"), word("x", 2.0, 7.0, "text")]
    assert type_heights(words) == [word.box.height for word in words]
    assert extents(words) == [(1.0, 11.4), (2.0, 7.0)]


@pytest.mark.parametrize(
    ("text", "ink"), [("度办", 9.4), ("gross", 9.2), ("(25,918)", 9.0), ("Net", 7.7), ("108", 7.6)]
)
def test_letters_are_higher_than_their_ink(text: str, ink: float) -> None:
    """Measured on type whose box is 10.4 points high."""
    (height,) = type_heights([word(text, 0, ink)])
    assert height == pytest.approx(10.4, rel=0.05)


def test_words_of_one_line_are_one_type() -> None:
    alone, together = word("and", 0, 9.6), word("profit", 0, 9.6)
    assert type_heights([alone, together])[0] == type_heights([alone, together])[1] < type_heights([alone])[0]


def test_the_ink_stands_in_the_middle_of_its_type() -> None:
    ((top, bottom),) = extents([word("年", 100.0, 109.0)])
    assert 100.0 - top == pytest.approx(bottom - 109.0)
    assert bottom - top == pytest.approx(type_heights([word("年", 100.0, 109.0)])[0])
