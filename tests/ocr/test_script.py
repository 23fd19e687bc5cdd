"""Simplified or traditional."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from biaoge.ocr import script

SIMPLIFIED = [{"项目单位": 0.99}, {"统计数据": 0.99}]
TRADITIONAL = [{"項目單位": 0.99}, {"統計數據": 0.99}]
PAIRS = "结結维維内內预預财財项項华華时時织織纠糾数數废廢"


@given(st.characters())
def test_every_character_has_a_form_or_none(char: str) -> None:
    assert script.form(char) in ("simplified", "traditional", None)
    for written in ("simplified", "traditional"):
        assert script.weight(written)(char) in (1.0, script.STRANGE)


def test_pairs_are_told_apart_and_what_both_have_is_in_neither() -> None:
    assert {script.form(c) for c in PAIRS[::2]} == {"simplified"}
    assert {script.form(c) for c in PAIRS[1::2]} == {"traditional"}
    assert {script.form(c) for c in "果后里干著乾表一〇（1a镕"} == {None}


def test_a_page_is_in_the_script_of_its_lines() -> None:
    assert script.of_page(SIMPLIFIED) == "simplified"
    assert script.of_page(TRADITIONAL) == "traditional"
    assert script.of_page([*SIMPLIFIED, *TRADITIONAL]) is None
    assert script.of_page([{"表": 0.99}, {"3.14": 0.99}, {}]) is None


def test_one_line_says_too_little() -> None:
    assert script.of_page(SIMPLIFIED[:1]) is None


def test_a_japanese_or_korean_page_is_in_neither() -> None:
    assert script.of_page([*SIMPLIFIED, {"について": 0.99}]) is None
    assert script.of_page([*TRADITIONAL, {"통계자료": 0.99}]) is None


def test_blurred_lines_speak_as_a_whole() -> None:
    blurred = [{"现行有效件數": 0.6, "现行有效件数": 0.3}, {"結果": 0.6, "结果": 0.4}, {"处罚决定": 0.9}]
    assert script.of_page(blurred) == "simplified"
