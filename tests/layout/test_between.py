from __future__ import annotations

from dataclasses import replace

import pytest

from biaoge.layout.between import may_go_on, says_it_goes_on
from biaoge.model import Block, BlockKind, Box, Page, Word


def page(number: int, *texts: tuple[str, float], kind: BlockKind = "paragraph") -> Page:
    blocks = tuple(Block(kind, text, Box(100, top, 300, top + 12)) for text, top in texts)
    return Page(number, 595, 842, blocks=blocks)


@pytest.mark.parametrize(
    "text", ["续表", "续表2", "续上表", "（接上页）", "表3（续）", "收支总表（续）", "Table 4 (continued)", "Continued"]
)
def test_lines_that_say_it_goes_on(text: str) -> None:
    assert says_it_goes_on(text)


@pytest.mark.parametrize("text", ["继续办理", "四、结转下年度继续办理", "表3 收支总表", "to be agreed", "单位：万元"])
def test_lines_that_say_something_else(text: str) -> None:
    assert not says_it_goes_on(text)


def test_a_title_that_comes_again_word_for_word_parts_nothing() -> None:
    first = page(1, ("收支总表", 100), ("单位：万元", 120))
    again = page(2, ("收支总表（续）", 60), ("单位：万元", 80))
    assert may_go_on(first, (140, 780), again, 100)
    assert may_go_on(first, (140, 780), page(2, ("收支总表", 60), ("单位：万元", 80)), 100)


def test_another_title_or_text_below_parts_them() -> None:
    first = page(1, ("收支总表", 100))
    assert not may_go_on(first, (140, 780), page(2, ("支出总表", 60)), 100)
    assert not may_go_on(page(1, ("收支总表", 100), ("以上属实", 790)), (140, 780), page(2), 100)
    assert may_go_on(page(1, ("收支总表", 100), ("（转下页）", 790)), (140, 780), page(2), 100)


def test_running_heads_part_nothing() -> None:
    assert may_go_on(page(1), (140, 780), page(2, ("年度报告", 40), kind="running_head"), 100)


def test_recognised_dust_parts_nothing() -> None:
    first, dust = page(1, ("收支总表", 100)), page(2, ("-•", 60))
    assert not may_go_on(first, (140, 780), dust, 100)
    assert may_go_on(first, (140, 780), replace(dust, route="ocr"), 100)
    assert not may_go_on(first, (140, 780), replace(page(2, ("支出总表", 60)), route="ocr"), 100)


def test_a_few_characters_that_are_hardly_read_part_nothing() -> None:
    first = page(1, ("收支总表", 100), ("13*", 790))

    def read_with(confidence: float) -> Page:
        word = Word("13*", Box(100, 790, 300, 802), confidence=confidence, source="ocr")
        return replace(first, route="ocr", words=(word,))

    assert may_go_on(read_with(0.01), (140, 780), page(2), 100)
    assert not may_go_on(read_with(0.5), (140, 780), page(2), 100)
    assert not may_go_on(replace(read_with(0.01), route="text"), (140, 780), page(2), 100)
