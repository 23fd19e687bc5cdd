from __future__ import annotations

from dataclasses import replace

from drawing import word

from biaoge.model import Alternative
from biaoge.tables.fill import MOST_ALTERNATIVES, alternatives_of, text_of


def test_a_cell_may_say_what_one_of_its_words_may_say() -> None:
    first = replace(word("12", 10, 10), alternatives=(Alternative("1Z", 0.2), Alternative("17", 0.3)))
    second = replace(word("kg", 30, 10), alternatives=(Alternative("k9", 0.1),))
    assert text_of([first, second]) == "12 kg"
    assert alternatives_of([first, second]) == (
        Alternative("17 kg", 0.3),
        Alternative("1Z kg", 0.2),
        Alternative("12 k9", 0.1),
    )


def test_the_text_itself_is_no_alternative() -> None:
    assert alternatives_of([replace(word("一", 10, 10), alternatives=(Alternative("一", 0.4),))]) == ()


def test_only_the_likeliest_are_kept() -> None:
    many = tuple(Alternative(str(n), n / 100) for n in range(1, 12))
    found = alternatives_of([replace(word("x", 10, 10), alternatives=many)])
    assert [a.text for a in found] == [str(n) for n in range(11, 11 - MOST_ALTERNATIVES, -1)]
