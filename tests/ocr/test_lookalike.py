"""Letters that look like figures."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from biaoge.model import Alternative
from biaoge.ocr.contract import Reading
from biaoge.ocr.lookalike import as_number, dash, grouped, is_number, malformed, number, pointless


@given(st.integers(0, 10**9))
def test_a_number_stays_as_it_is(value: int) -> None:
    text = f"{value:,}"
    assert is_number(text)
    assert as_number(text) == text
    assert number(Reading(text, 0.5), among_numbers=True) is None
    assert pointless(text) is None


@given(st.integers(0, 999), st.sampled_from(".,·"))
def test_points_at_the_ends_are_taken_off(value: int, point: str) -> None:
    assert pointless(f"{value}{point}") == str(value)
    assert pointless(f"{point}{value}") == str(value)


@pytest.mark.parametrize("text", ["", ".", "3.其他", "a."])
def test_what_is_no_number_has_no_point_to_lose(text: str) -> None:
    assert pointless(text) is None


def test_a_sign_with_a_meaning_is_a_number_only_among_numbers() -> None:
    reading = Reading("日", 0.4, digits=Alternative("8", 0.9))
    assert number(reading, among_numbers=False) is None
    found = number(reading, among_numbers=True)
    assert found is not None
    assert found.text == "8"


@given(st.integers(1000, 10**12), st.integers(0, 99), st.sampled_from(["", "-"]))
def test_thousands_are_parted_by_commas_again(whole: int, cents: int, sign: str) -> None:
    right = f"{sign}{whole:,}.{cents:02}"
    wrong = right.replace(",", ".")
    assert grouped(right) is None
    assert not malformed(right)
    assert grouped(wrong) == right
    assert malformed(wrong)


@pytest.mark.parametrize("text", ["1.5", "1,234", "2024.10.12", "1.2.3", "1.234.567", "12.345", "第1.234.5"])
def test_dates_and_numbers_of_sections_are_left_alone(text: str) -> None:
    assert grouped(text) is None
    assert not malformed(text)


@pytest.mark.parametrize(("text", "sure", "said"), [("一", 0.8, "—"), ("一", 0.95, None), ("二", 0.5, None)])
def test_a_lone_stroke_is_a_dash_unless_it_is_surely_a_numeral(text: str, sure: float, said: str | None) -> None:
    found = dash(Reading(text, sure))
    assert (found.text if found else None) == said
