"""Lines to paragraphs, headings and their levels, on pages set by hand."""

from __future__ import annotations

import random

from biaoge.layout.analyse import analyse
from biaoge.layout.blocks import join
from biaoge.layout.numbering import numbering
from biaoge.model import Block, Box, Page, Word

EM = 16.0


def cjk(text: str, x: float, top: float, size: float = EM, bold: bool = False) -> Word:
    return Word(text, Box(x, top, x + size * len(text), top + size), size=size, bold=bold)


def official(top: float, *paragraphs: str, per_line: int = 28) -> tuple[list[Word], float]:
    """Paragraphs as official documents set them: 16 pt on a leading of 28, first line set in by two ems."""
    words = []
    for text in paragraphs:
        first, rest = text[: per_line - 2], text[per_line - 2 :]
        words.append(cjk(first, 72 + 2 * EM, top))
        top += 28
        while rest:
            words.append(cjk(rest[:per_line], 72, top))
            rest = rest[per_line:]
            top += 28
    return words, top


def page(words: list[Word], number: int = 1) -> Page:
    return Page(number, 595, 842, words=tuple(words))


PROSE = "为深入贯彻落实党中央国务院关于深化政务公开各项决策部署和省市工作要求坚持以人民为中心的发展思想。"


def test_official_document() -> None:
    title = [cjk("某某市人民政府办公室", 200, 80, 22), cjk("信息公开工作年度报告", 200, 112, 22)]
    text, _ = official(
        180, PROSE, "一、总体情况", PROSE, "（一）主动公开情况", PROSE, "（二）依申请公开。" + PROSE, "二、存在的问题"
    )
    words = title + text
    expected = [
        ("heading", 1, "某某市人民政府办公室信息公开工作年度报告"),
        ("paragraph", None, PROSE),
        ("heading", 1, "一、总体情况"),
        ("paragraph", None, PROSE),
        ("heading", 2, "（一）主动公开情况"),
        ("paragraph", None, PROSE),
        ("paragraph", None, "（二）依申请公开。" + PROSE),
        ("heading", 1, "二、存在的问题"),
    ]
    for seed in range(3):
        random.Random(seed).shuffle(words)
        (found,) = analyse([page(words)])
        assert [(b.kind, b.level, b.text) for b in found.blocks] == expected


def test_levels_are_told_over_all_pages() -> None:
    first, _ = official(100, "第一部分 概况", PROSE)
    second, _ = official(100, "一、职能", PROSE, "（一）机构", PROSE, "1．人员情况", PROSE)
    found = analyse([page(first), page(second, 2)])
    assert [b.level for p in found for b in p.blocks if b.kind == "heading"] == [1, 2, 3, 4]


def test_a_table_of_contents_is_a_list() -> None:
    text, _ = official(140, "一、部门职能", "二、机构设置", "三、名词解释", "四、预算情况")
    (found,) = analyse([page([cjk("目录", 270, 80, 22), *text])])
    assert [b.kind for b in found.blocks] == ["heading", *["list_item"] * 4]


def test_headings_between_tables_are_no_list() -> None:
    words, boxes = [], []
    for n, text in enumerate(("二、主动公开情况", "三、收到申请情况", "四、行政复议情况")):
        words.append(cjk(text, 104, 80 + 200 * n))
        boxes.append(Box(72, 110 + 200 * n, 520, 270 + 200 * n))
    (found,) = analyse([page(words)], {1: boxes})
    assert [b.kind for b in found.blocks] == ["heading"] * 3


def test_an_indented_line_at_the_foot_of_a_page_is_no_centred_heading() -> None:
    text, _ = official(100, PROSE, PROSE[:26])
    (found,) = analyse([page(text)])
    assert [b.kind for b in found.blocks] == ["paragraph"] * 2


def test_a_title_wider_than_its_column_keeps_its_second_line() -> None:
    text, _ = official(180, PROSE)
    title = [cjk("某某市某某区人民政府办公室政府信息公开工作", 66, 80, 22), cjk("年度报告", 253, 112, 22)]
    (found,) = analyse([page([*title, *text])])
    assert [(b.kind, len(b.lines)) for b in found.blocks] == [("heading", 2), ("paragraph", 2)]


def latin(text: str, x: float, top: float, size: float = 10, bold: bool = False) -> list[Word]:
    words = []
    for part in text.split():
        words.append(Word(part, Box(x, top, x + size / 2 * len(part), top + size), size=size, bold=bold))
        x = words[-1].box.x1 + size / 3
    return words


def test_english_paragraphs_lists_and_headings() -> None:
    line = "words of a running text that goes on up to the right margin of the page here"
    words = latin("1.2 Scope of the study", 72, 80, 13, bold=True)
    words += [w for n in range(3) for w in latin(line, 72, 110 + 12 * n)] + latin("and ends.", 72, 146)
    words += [w for n in range(2) for w in latin(line, 72, 172 + 12 * n)]
    words += latin("• first point", 72, 210) + latin("• second point", 72, 222)
    (found,) = analyse([page(words)])
    assert [(b.kind, len(b.lines)) for b in found.blocks] == [
        ("heading", 1),
        ("paragraph", 4),
        ("paragraph", 2),
        ("list_item", 1),
        ("list_item", 1),
    ]


def test_words_in_tables_are_in_no_block() -> None:
    inside, outside = cjk("单元格", 100, 200), cjk("表外文字", 100, 100)
    (found,) = analyse([page([inside, outside])], {1: [Box(72, 180, 520, 400)]})
    assert [b.text for b in found.blocks] == ["表外文字"]


def test_every_word_outside_tables_is_in_a_block() -> None:
    rng = random.Random(7)
    words = [
        cjk("字" * rng.randint(1, 9), rng.uniform(0, 450), rng.uniform(0, 820), rng.uniform(8, 20)) for _ in range(80)
    ]
    (found,) = analyse([page(words)])
    assert sum(b.text.count("字") for b in found.blocks) == sum(len(w.text) for w in words)
    assert len({id(b) for b in found.blocks}) == len(found.blocks)


def test_an_empty_page_and_no_pages() -> None:
    assert analyse([]) == ()
    assert analyse([page([])])[0].blocks == ()


def test_numbering_tells_numbers_from_years_and_amounts() -> None:
    schemes = {
        "第二部分 概况": "part",
        "第三章 总则": "chapter",
        "十二、其他": "cn",
        "（三）公开": "cn_paren",
        "1．2023年预算": "arabic",
        "3、教育支出": "arabic",
        "(2) 说明": "arabic_paren",
        "2.1.3 Method": "decimal3",
        "3 Results": "bare",
        "2023年": None,
        "1.5万元": None,
        "12.34 percent": "decimal2",
        "正文": None,
    }
    assert {t: (n.scheme if (n := numbering(t)) else None) for t in schemes} == schemes


def test_divided_words_are_closed_up() -> None:
    assert join(["well-", "known"]) == "well-known"
    assert join(["A -", "b"]) == "A - b"


def test_blocks_hold_their_lines() -> None:
    text, _ = official(100, PROSE)
    block: Block = analyse([page(text)])[0].blocks[0]
    assert Box.around(block.lines) == block.box
