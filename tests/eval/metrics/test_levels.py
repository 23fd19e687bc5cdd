from __future__ import annotations

from decimal import Decimal
from itertools import pairwise

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from biaoge.eval.metrics.levels import LEVELS, Level, at_level, parsed

figures = st.text("0123456789,.-+−()（）%￥$ ９", max_size=9)


@given(st.one_of(st.text(), figures), st.sampled_from(LEVELS))
@example("C\u00b8", "folded")
@example("C \u0327", "space")
def test_levels_are_stable(text: str, level: Level) -> None:
    once = at_level(text, level)
    assert at_level(once, level) == once


@given(st.one_of(st.text(), figures), st.one_of(st.text(), figures))
@example("1,000", "1000")
def test_each_level_forgives_what_the_one_before_forgives(a: str, b: str) -> None:
    for strict, mild in pairwise(LEVELS):
        if at_level(a, strict) == at_level(b, strict):
            assert at_level(a, mild) == at_level(b, mild)
        assert at_level(at_level(a, strict), mild) == at_level(a, mild)


@given(st.decimals(allow_nan=False, allow_infinity=False, places=4, min_value=-(10**30), max_value=10**30))
def test_a_number_written_out_is_read_exactly(value: Decimal) -> None:
    for text in (f"{value:f}", f"{value:,f}", f"{value:,f}".replace(",", "，"), f"{value:f}0".replace("-", "−")):
        assert parsed(text) == value
        assert at_level(text, "numbers") == at_level(f"{value:f}", "numbers")


@given(figures, figures)
def test_numbers_are_equal_exactly_when_their_values_and_units_are(a: str, b: str) -> None:
    values = parsed(a), parsed(b)
    if None not in values:
        units = ["".join(c for c in at_level(text, "folded") if c in "¥$%") for text in (a, b)]
        assert (at_level(a, "numbers") == at_level(b, "numbers")) == (values[0] == values[1] and units[0] == units[1])
    elif values != (None, None):
        assert at_level(a, "numbers") != at_level(b, "numbers")


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1，234，567．50", "1234567.5"), ("1 234.5", "1234.5"), ("(5)", "-5"), ("（1,000）", "-1000"), ("—5", "-5"),
        ("−5", "-5"), ("+5", "5"), ("-0.00", "0"), (".5", "0.5"), ("0.50", "0.5"), ("￥-3", "-3"), ("-￥3", "-3"),
        ("(12%)", "-12"), ("12.30％", "12.3"),
        ("123456789012345678901234567890.10", "123456789012345678901234567890.1"),
    ],
)  # fmt: skip
def test_what_is_a_number(text: str, value: str) -> None:
    assert parsed(text) == Decimal(value)


@pytest.mark.parametrize(
    "text",
    [
        *("", "-", "—", "007", "2080505x", "1,23,456", "12,34", "1.234,56", "1.2.3", "5.", "12元", "△5", "▲5", "(-5)"),
        *("((5))", "5-", "2020-2023", "一", "(一)", "¥", "%", "1e5", "NaN", "Infinity", "0,123", "--5", "٣"),
    ],
)
def test_what_is_none(text: str) -> None:
    assert parsed(text) is None
    assert at_level(text, "numbers") == at_level(text, "folded")


def test_units_are_not_forgotten() -> None:
    assert len({at_level(text, "numbers") for text in ("5", "5%", "5‰", "¥5", "$5", "-5")}) == 6
    assert at_level("￥-1,000.0", "numbers") == at_level("(¥1000)", "numbers") == "-¥1000"
