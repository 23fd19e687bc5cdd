"""Words to lines: whatever is set in columns comes back line by line."""

from __future__ import annotations

import random

from hypothesis import given, settings
from hypothesis import strategies as st

from biaoge.layout.lines import lines
from biaoge.model import Box, Word

WORDS = st.lists(st.text("abcdefgh", min_size=1, max_size=8), min_size=1, max_size=6)


def word(text: str, x: float, top: float, size: float = 10, bold: bool = False) -> Word:
    """A word whose Latin letters are half, other letters one em wide."""
    width = sum(size / 2 if ord(c) < 0x2000 else size for c in text)
    return Word(text, Box(x, top, x + width, top + size), size=size, bold=bold)


def row(texts: list[str], x: float, top: float, size: float = 10) -> list[Word]:
    """Words with spaces of a third of an em."""
    result = []
    for text in texts:
        result.append(word(text, x, top, size))
        x = result[-1].box.x1 + size / 3
    return result


@settings(max_examples=60, deadline=None)
@given(
    columns=st.lists(st.lists(WORDS, min_size=2, max_size=8), min_size=1, max_size=3),
    leading=st.floats(1.1, 2.0),
    shift=st.floats(0, 6),
    seed=st.integers(0, 1000),
)
def test_columns_come_back_line_by_line(
    columns: list[list[list[str]]], leading: float, shift: float, seed: int
) -> None:
    words: list[Word] = []
    wanted = []
    for n, column in enumerate(columns):
        for r, texts in enumerate(column):
            words += row(texts, 50 + 400 * n, 100 + n * shift + r * 10 * leading)
            wanted.append(" ".join(texts))
    random.Random(seed).shuffle(words)
    assert sorted(line.text for line in lines(words)) == sorted(wanted)


@settings(max_examples=40, deadline=None)
@given(
    st.lists(
        st.tuples(st.floats(0, 500), st.floats(0, 700), st.floats(4, 60), st.floats(6, 20), st.booleans()), max_size=40
    ),
    st.randoms(use_true_random=False),
)
def test_order_of_words_does_not_matter(
    boxes: list[tuple[float, float, float, float, bool]], rng: random.Random
) -> None:
    words = [
        Word(f"w{n}", Box(x, top, x + width, top + height), size=height, upright=upright)
        for n, (x, top, width, height, upright) in enumerate(boxes)
    ]
    found = lines(words)
    assert sorted(w.text for line in found for w in line.words) == sorted(w.text for w in words)
    rng.shuffle(words)
    assert lines(words) == found


def test_spaces_stand_where_the_print_has_them_and_not_between_cjk() -> None:
    printed = [word("2023", 0, 0), word("年", 25, 0), word("主动", 40, 0), word("公开", 60, 0), word("（", 83, 0)]
    assert [line.text for line in lines(printed)] == ["2023 年主动公开（"]


def test_a_gutter_parts_but_a_wide_space_does_not() -> None:
    heading = [word("第一部分", 50, 0), word("概况", 110, 0)]
    columns = [word("左" * 10, 50, y) for y in (30, 45, 60)] + [word("右" * 10, 165, y) for y in (30, 45, 60)]
    texts = [line.text for line in lines(heading + columns)]
    assert texts == ["第一部分概况", *["左" * 10, "右" * 10] * 3]


def test_a_spread_title_is_one_line() -> None:
    assert [line.text for line in lines([word("目", 200, 0, 16), word("录", 300, 0, 16)])] == ["目录"]


def test_leaders_and_labels_stay_with_their_text() -> None:
    entries = [
        w for y in (0, 20, 40) for w in (word("1.", 50, y), word("概况", 80, y), word("………", 115, y), word("3", 165, y))
    ]
    assert [line.text for line in lines(entries)] == ["1. 概况……… 3"] * 3


def test_size_and_weight_are_those_of_most_characters() -> None:
    line = lines([word("重要", 0, 0, 16, bold=True), word("x", 34, 0, 10)])[0]
    assert (line.size, line.bold) == (16, True)


def test_turned_words_make_lines_of_their_own() -> None:
    turned = [Word(t, Box(20, y, 30, y + 40), size=10, upright=False) for t, y in (("up", 144), ("writing", 100))]
    found = lines([*turned, word("text", 31, 120)])
    assert [(line.text, line.upright) for line in found] == [("up writing", False), ("text", True)]


def test_no_words_no_lines() -> None:
    assert lines([]) == ()
