"""Letters to words, without a file."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from biaoge.ingest.letters import Letter, clean, frame_point, page_box, page_point, place, words


def line(text: str, x: float = 50, baseline: float = 100, size: float = 10, direction: int = 0) -> list[Letter]:
    """`text` set without gaps; half an em a letter, one em a CJK character."""
    out = []
    for char in text:
        width = size if char >= "\u2e80" else size / 2
        out.append(place(char, (x, x + width), baseline, size, (direction, False)))
        x += width
    return out


def texts(letters: list[Letter]) -> list[str]:
    return [w.text for w in words(letters)]


@pytest.mark.parametrize(
    ("given", "kept", "radicals"),
    [
        ("⼀", "一", 1),
        ("⻓", "长", 1),
        ("⻅", "见", 1),
        ("ﬁ", "fi", 0),
        ("\u00a0", " ", 0),
        ("\u3000", " ", 0),
        ("\u00ad", "-", 0),
        ("\x07", "", 0),
        ("\u200b", "", 0),
        ("\ufffe", "\ufffd", 0),
        ("\ud800", "\ufffd", 0),
        ("\uf0b7", "\uf0b7", 0),
        ("e\u0301", "é", 0),
        ("Ａ", "Ａ", 0),
        ("①", "①", 0),
        ("𠮷", "𠮷", 0),
        ("ﻣ", "م", 0),
    ],
)
def test_clean(given: str, kept: str, radicals: int) -> None:
    assert clean(given) == (kept, radicals)


def test_words_end_at_white_space_and_gaps() -> None:
    assert texts(line("ab cd 商业")) == ["ab", "cd", "商业"]
    assert texts(line("ab") + line("cd", x=62.5)) == ["ab", "cd"]
    assert texts(line("ab") + line("cd", x=61)) == ["abcd"]


def test_the_quarter_em_between_scripts_parts_no_word() -> None:
    assert texts(line("共") + line("12", x=62.5)) == ["共12"]
    assert texts(line("共") + line("计", x=62.5)) == ["共", "计"]


def test_words_know_whether_white_space_was_written() -> None:
    def spaced(letters: list[Letter]) -> list[tuple[str, bool | None]]:
        return [(w.text, w.spaced) for w in words(letters)]

    assert spaced(line("ab cd")) == [("ab", None), ("cd", True)]
    assert spaced(line("ab") + line("cd", x=64)) == [("ab", None), ("cd", False)]
    assert spaced(line("ab ") + line("cd", baseline=120)) == [("ab", None), ("cd", None)]
    assert spaced(line("cd", x=80) + line(" ab")) == [("ab", None), ("cd", None)]


def test_order_of_drawing_does_not_matter() -> None:
    assert texts(line("cd", x=60) + line("ab")) == ["abcd"]
    assert texts(line(" cd", x=60) + line("ab")) == ["ab", "cd"]


def test_overlapping_runs_do_not_interleave() -> None:
    assert sorted(texts(line("abcdef") + line("uvwxyz", x=52.6))) == ["abcdef", "uvwxyz"]


def test_raised_letters_join_and_other_lines_do_not() -> None:
    assert texts([*line("m"), place("2", (55, 58), 96, 6, (0, False))]) == ["m2"]
    assert texts(line("ab") + line("cd", x=60, baseline=112)) == ["ab", "cd"]


def test_doubles_are_dropped_and_repeated_letters_kept() -> None:
    assert texts(line("oooo") + line("oooo", x=50.3) + line("oooo", x=50.6, baseline=100.2)) == ["oooo"]


def test_combining_marks_join_their_letter() -> None:
    (word,) = words([*line("e"), place("\u0301", (51, 54), 100, 10, (0, False)), *line("t", x=55)])
    assert word.text == "ét"
    assert word.edges == (50, 55, 60)


def test_ligatures_share_their_width() -> None:
    (word,) = words([place("fi", (50, 56), 100, 10, (0, False)), *line("n", x=56)])
    assert (word.text, word.edges) == ("fin", (50, 53, 56, 61))


def test_writing_from_the_right_reads_in_order() -> None:
    shown = [place(c, (50 + 5 * i, 55 + 5 * i), 100, 10, (0, False)) for i, c in enumerate("םולש")]
    for order in (shown, shown[::-1]):
        (word,) = words(order)
        assert (word.text, word.edges) == ("שלום", None)


@given(
    text=st.text("abc表格12。（", min_size=1, max_size=12),
    x=st.floats(0, 500),
    y=st.floats(0, 500),
    size=st.floats(4, 40),
    direction=st.sampled_from([0, 90, 180, 270]),
)
def test_one_word_in_every_direction(text: str, x: float, y: float, size: float, direction: int) -> None:
    (word,) = words(line(text, x, y, size, direction))
    assert word.text == text
    assert word.upright == (direction == 0)
    if word.edges is not None:
        assert list(word.edges) == sorted(word.edges)
        assert (word.edges[0], word.edges[-1]) == (word.box.x0, word.box.x1)
    long, short = max(word.box.width, word.box.height), min(word.box.width, word.box.height)
    em = sum(1.0 if c >= "\u2e80" else 0.5 for c in text) * size
    assert [short, long] == pytest.approx(sorted((em, 1.04 * size)), abs=0.06)


@given(x=st.floats(-500, 500), y=st.floats(-500, 500), direction=st.sampled_from([0, 90, 180, 270]))
def test_frames_lead_back(x: float, y: float, direction: int) -> None:
    along, across = frame_point(x, y, direction)
    assert page_point(along, across, direction) == (x, y)
    assert page_box(along, across, along + 2, across + 1, direction).holds(x, y)
