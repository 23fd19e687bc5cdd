"""Running heads, feet and page numbers."""

from __future__ import annotations

from dataclasses import replace

import pytest

from biaoge.layout.analyse import analyse
from biaoge.layout.between import between
from biaoge.layout.furniture import page_number
from biaoge.model import Box, Page, Word

TABLE = Box(60, 110, 540, 760)


def word(text: str, x: float, top: float, size: float = 10) -> Word:
    width = sum(size / 2 if ord(c) < 0x2000 else size for c in text)
    return Word(text, Box(x, top, x + width, top + size), size=size)


def page(number: int, *words: Word) -> Page:
    return Page(number, 595, 842, words=words)


def prose(n: int) -> tuple[Word, ...]:
    return tuple(word("正文" * 20 + "甲乙丙丁戊己"[n % 6], 60, y) for y in range(200, 600, 16))


def kinds(pages: tuple[Page, ...]) -> list[list[tuple[str, str]]]:
    return [[(b.kind, b.text) for b in p.blocks if b.kind != "paragraph"] for p in pages]


def test_heads_and_feet_come_back_modulo_digits() -> None:
    pages = [
        page(n, word("某某年度报告", 60, 40), word(f"版本 2.{n}", 60, 790), word(f"{n + 6}", 300, 810), *prose(n))
        for n in range(1, 4)
    ]
    for n, found in enumerate(kinds(analyse(pages)), 1):
        assert found == [
            ("running_head", "某某年度报告"),
            ("running_foot", f"版本 2.{n}"),
            ("page_number", f"{n + 6}"),
        ]


def test_heads_of_left_and_right_pages_and_one_chapter() -> None:
    heads = ["书名", "第一章甲", "书名", "第二章乙", "书名"]
    pages = [page(n, word(head, 60 if n % 2 else 400, 40), *prose(n)) for n, head in enumerate(heads, 1)]
    assert kinds(analyse(pages)) == [[("running_head", head)] for head in heads]


@pytest.mark.parametrize("text", ["- 3 -", "—3—", "3", "第3页 共5页", "第 3 页", "3/10", "Page 3 of 10", "iv"])
def test_a_lone_page_has_a_page_number_by_place_and_shape(text: str) -> None:
    assert page_number(text) is not None
    (found,) = analyse([page(1, *prose(1), word(text, 290, 800))])
    assert [b.kind for b in found.blocks] == ["paragraph", "page_number"]


@pytest.mark.parametrize("text", ["3.1", "2024年", "合计 3", "共3项", "3 页表", ""])
def test_other_texts_are_no_page_numbers(text: str) -> None:
    assert page_number(text) is None


def test_a_figure_in_the_text_is_no_page_number() -> None:
    pages = [page(n, *prose(n), word(str(value), 290, 400)) for n, value in enumerate((17, 250, 3), 1)]
    assert all(b.kind != "page_number" for p in analyse(pages) for b in p.blocks)


def test_figures_at_the_foot_that_do_not_count_pages_are_text() -> None:
    pages = [page(n, *prose(n), word(str(value), 290, 800)) for n, value in enumerate((917, 250, 38), 1)]
    assert all(b.kind != "page_number" for p in analyse(pages) for b in p.blocks)


def test_a_repeated_title_of_a_table_is_no_running_head() -> None:
    pages = [
        *(page(n, *prose(n)) for n in (1, 2, 3)),
        *(page(n, word("收支预算总表", 250, 80, 14), word("单位：万元", 480, 96)) for n in (4, 5)),
    ]
    found = analyse(pages, {4: [TABLE], 5: [TABLE]})
    assert [b.text for b in found[4].blocks] == ["收支预算总表", "单位：万元"]
    assert all(b.kind not in ("running_head", "running_foot") for p in found for b in p.blocks)


def test_only_furniture_between_two_parts_of_a_table() -> None:
    def sheet(n: int, *more: Word) -> Page:
        return page(n, word("某某年度报告", 60, 40), word(f"- {n} -", 290, 800), *more)

    tables = {n: [TABLE] for n in range(1, 4)}
    plain = analyse([sheet(1), sheet(2), sheet(3)], tables)
    assert not between(plain[0], TABLE.bottom, plain[1], TABLE.top)
    titled = analyse([sheet(1), sheet(2, word("支出总表", 260, 85, 14)), sheet(3)], tables)
    assert between(titled[0], TABLE.bottom, titled[1], TABLE.top)
    assert [b.text for b in between(titled[0], TABLE.bottom, titled[1], TABLE.top)] == ["支出总表"]
    noted = analyse([sheet(1, word("注：本表为空表。", 60, 770)), sheet(2), sheet(3)], tables)
    assert between(noted[0], TABLE.bottom, noted[1], TABLE.top)
    assert not between(noted[1], TABLE.bottom, noted[2], TABLE.top)


def test_between_on_one_page() -> None:
    upper, lower = Box(60, 100, 540, 300), Box(60, 400, 540, 700)
    (found,) = analyse([page(1, word("三、情况", 80, 350))], {1: [upper, lower]})
    assert between(found, upper.bottom, found, lower.top)
    assert not between(found, lower.bottom, found, 842)


def test_notes_under_tables_that_come_back_are_text() -> None:
    pages = analyse([page(n, word("注：本表为空表。", 60, 780)) for n in (1, 2)], {1: [TABLE], 2: [TABLE]})
    assert [b.kind for p in pages for b in p.blocks] == ["paragraph"] * 2


def scanned(number: int, *words: Word) -> Page:
    return Page(number, 595, 842, route="ocr", words=tuple(replace(w, source="ocr") for w in words))


def test_a_number_that_was_misread_is_known_by_those_of_other_pages() -> None:
    texts = ("- 1 -", "一善一", "- 3 -", "13*")
    pages = [scanned(n, word(text, 290 + 4 * n, 780 + n), *prose(n)) for n, text in enumerate(texts, 1)]
    assert kinds(analyse(pages)) == [[("page_number", text)] for text in texts]


def test_short_lines_elsewhere_or_without_two_numbers_are_text() -> None:
    low = [scanned(1, word("- 1 -", 290, 780)), scanned(2, word("- 2 -", 290, 780)), scanned(3, word("未完", 90, 780))]
    alone = [low[0], scanned(2, word("善", 290, 780))]
    wrong = [low[0], scanned(2, *prose(2)), scanned(3, word("8", 292, 784), *prose(3)), scanned(4, *prose(4))]
    assert dict(kinds(analyse(wrong))[2]) == {"page_number": "8"}
    printed = [*low[:2], page(3, word("未完", 290, 780))]
    for pages in (low, alone, printed):
        assert "page_number" not in dict(kinds(analyse(pages))[-1])
