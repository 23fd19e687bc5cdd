from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from biaoge.forms.sheets import is_total
from biaoge.forms.values import Value, value

FULL_WIDTH = str.maketrans("0123456789.,-%()", "０１２３４５６７８９．，－％（）")


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("0", "0"),
        ("1,234,567.80", "1234567.80"),
        ("1 234 567", "1234567"),
        ("94,995,\n790", "94995790"),
        ("−5", "-5"),
        ("— 5", "-5"),
        ("+5", "5"),
        ("(1,000)", "-1000"),
        ("$ (12.5)", "-12.5"),
        ("￥3.00", "3.00"),
        (".5", "0.5"),
        ("12.50 %", "0.1250"),
        ("(3%)", "-0.03"),
        ("１２", "12"),
        ("9" * 40, "9" * 40),
    ],
)
def test_numbers_are_exact(text: str, number: str) -> None:
    assert value(text) == Value("number", Decimal(number))
    assert str(value(text).number) == number


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        *((t, "blank") for t in ("", " \n", "　")),
        *((t, "dash") for t in ("-", "—", "——", "－", "– –")),
        *((t, "slash") for t in ("/", "／")),
        *((t, "text") for t in ("3 5", "0 1", "1,2", "12,34", "12 件", "O", "1.2.3", "1-2", "一", "(1", "5)", "//")),
        (None, "unread"),
    ],
)
def test_what_is_no_number_is_told_apart(text: str | None, kind: str) -> None:
    said = value(text)
    assert (said.kind, said.number) == (kind, None)
    assert said.counts == (None if kind in ("text", "unread") else 0)


@given(st.decimals(allow_nan=False, allow_infinity=False, places=2, min_value=-(10**12), max_value=10**12))
def test_any_writing_of_a_number_is_the_number(number: Decimal) -> None:
    plain = f"{number:f}"
    grouped = f"{number:,f}"
    bracketed = f"({-number:,f})" if number < 0 else grouped
    for text in (plain, grouped, bracketed):
        assert value(text).number == value(text.translate(FULL_WIDTH)).number == number


@given(st.text())
def test_any_text_is_a_value(text: str) -> None:
    said = value(text)
    assert (said.kind == "number") == (said.number is not None)


@pytest.mark.parametrize("name", ["Total", "Grand total", "Subtotal", "Total assets", "合　计", "支出总计（元）"])
def test_names_of_totals(name: str) -> None:
    assert is_total(name)


@pytest.mark.parametrize("name", ["Totally", "总计划", "Sum of squares", "累计折旧"])
def test_other_names(name: str) -> None:
    assert not is_total(name)
