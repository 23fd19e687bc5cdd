"""What is no table: prose, columns, lists, contents, addresses, scales."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from white import PITCH, PROSE, justified, page, put, width

from biaoge.model import Word
from biaoge.tables.spaced import find


def test_prose_yields_nothing() -> None:
    assert find(page(justified(PROSE, 60, 80, 460))) == ()


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    parts=st.lists(st.text("abcdefghiklmnoprstuvwy", min_size=1, max_size=11), min_size=60, max_size=160),
    columns=st.integers(1, 3),
    top=st.floats(50, 90),
)
def test_any_running_text_yields_nothing(parts: list[str], columns: int, top: float) -> None:
    measure = {1: 470.0, 2: 225.0, 3: 150.0}[columns]
    words = [
        w
        for k in range(columns)
        for w in justified(" ".join(parts[k * 7 :] + parts), 50 + k * (measure + 18), top, measure)
    ]
    assert find(page(words)) == ()


@pytest.mark.parametrize("shift", [0.0, 6.0])
def test_two_columns_of_prose_yield_nothing(shift: float) -> None:
    words = justified(PROSE, 50, 80, 230) + justified(PROSE[200:], 305, 80 + shift, 230)
    assert find(page(words)) == ()


def test_three_columns_of_prose_yield_nothing() -> None:
    words = [w for k in range(3) for w in justified(PROSE[k * 90 :], 40 + 180 * k, 80, 160)]
    assert find(page(words)) == ()


def test_chinese_prose_in_columns_yields_nothing() -> None:
    words = []
    for k in range(12):
        for x in (60, 310):
            words += put(x, 80 + k * PITCH, "全区各部门认真贯彻落实上级关于政府信息公开的要求"[k % 3 :][:21])
    assert find(page(words)) == ()


@pytest.mark.parametrize(
    "mark",
    ["•", "–", "({n})", "{n}.", "1.{n}", "（{n}）", "{n}、"],
    ids=["bullet", "dash", "paren", "dot", "deep", "cjk", "comma"],
)
def test_lists_yield_nothing(mark: str) -> None:
    words: list[Word] = []
    for n in range(1, 9):
        words += put(60, 80 + n * PITCH, mark.format(n=n)) + put(
            90, 80 + n * PITCH, PROSE[n * 11 : n * 11 + 20 + n * 5]
        )
    assert find(page(words)) == ()


@pytest.mark.parametrize("leader", ["", " . . . . . . . . . . . .", " ............", "………………"])
def test_tables_of_contents_yield_nothing(leader: str) -> None:
    words: list[Word] = []
    for n, at in enumerate([1, 3, 9, 12, 12, 20, 31, 44]):
        y = 90 + n * PITCH
        words += put(60, y, f"{n + 1}.") + put(85, y, f"Chapter of {'long ' * (n % 3)}deeds{leader}")
        words += put(500 - width(str(at)), y, str(at))
    assert find(page(words)) == ()


def test_an_address_block_yields_nothing() -> None:
    pairs = [
        ("Telephone:", "020 555 123"),
        ("Telefax:", "020 555 124"),
        ("E-mail:", "post@example.org"),
        ("Room:", "A 12"),
    ]
    words = [w for k, (a, b) in enumerate(pairs) for w in put(60, 80 + k * PITCH, a) + put(150, 80 + k * PITCH, b)]
    assert find(page(words)) == ()


def test_running_head_and_foot_yield_nothing() -> None:
    words = put(60, 30, "Annual report") + put(480, 30, "2023") + justified(PROSE, 60, 80, 460)
    words += put(60, 800, "City of Example") + put(500, 800, "17")
    assert find(page(words)) == ()


def test_scales_of_a_chart_yield_nothing() -> None:
    words = [w for k in range(8) for x in (80, 250, 420) for w in put(x, 100 + k * 22, str(450 - 50 * k))]
    assert find(page(words)) == ()
