"""Full and half width out of the white beside signs."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from biaoge.ocr.readlines import WIDTHS
from biaoge.ocr.signs import beyond, paired, widths

EM = 20.0


def white(text: str, **of: float) -> dict[int, tuple[float, float]]:
    """Gaps of a tenth of an em everywhere, save those given (`g3=0.8`: before the character of number 3)."""
    return {at: (at * EM, at * EM + EM * of.get(f"g{at}", 0.1)) for at in range(1, len(text))}


@pytest.mark.parametrize(
    ("read", "before", "after", "printed"),
    [
        ("第(一)项", 0.8, 0.8, "第（一）项"),
        ("第（一）项", 0.1, 0.1, "第(一)项"),
        ("第（一)项", 0.8, 0.8, "第（一）项"),
        ("第（一）项", 0.1, 0.4, "第(一)项"),  # a space follows: still half-width
    ],
)
def test_brackets_among_chinese_take_the_width_of_their_white(
    read: str, before: float, after: float, printed: str
) -> None:
    assert widths(read, white(read, g1=before, g4=after), EM)[0] == printed


def test_white_between_letters_set_apart_is_not_counted() -> None:
    text = "本年金额(单位)"
    apart = {at: (at * EM, at * EM + 0.6 * EM) for at in range(1, len(text))}
    assert widths(text, apart, EM)[0] == text  # as wide as everywhere else
    assert max(beyond(text, apart, EM).values()) == 0


def test_a_comma_set_in_the_middle_of_its_em_is_full_width() -> None:
    assert widths("甲,乙", white("甲,乙", g1=0.5, g2=0.5), EM)[0] == "甲，乙"
    assert widths("甲，乙", white("甲，乙", g1=0.1, g2=0.3), EM)[0] == "甲,乙"


def test_a_half_width_bracket_with_a_space_that_was_read_stays() -> None:
    assert widths("(一)予以", white("(一)予以", g3=0.8), EM, spaces=(3,))[0] == "(一)予以"


def test_a_bracket_takes_the_width_of_its_partner_in_another_line() -> None:
    assert paired(["公开（区分", "情形)"], [frozenset({2}), frozenset()]) == ["公开（区分", "情形）"]
    assert paired(["公开(区分", "情形）"], [frozenset(), frozenset()]) == ["公开(区分", "情形)"]


@given(
    st.text("第一项甲a1()（）:：,，.、 ".replace(" ", ""), max_size=12),
    st.lists(st.floats(0, 2), min_size=12, max_size=12),
)
def test_only_the_width_of_signs_changes(text: str, gaps: list[float]) -> None:
    places = {at: (0.0, gaps[at] * EM) for at in range(1, len(text))}
    out, decided = widths(text, places, EM)
    assert out.translate(WIDTHS) == text.translate(WIDTHS)
    (again,) = paired([out], [decided])
    assert again.translate(WIDTHS) == text.translate(WIDTHS)
