"""The caption of a table, and the heading it belongs to."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from biaoge.layout.analyse import analyse
from biaoge.layout.between import between
from biaoge.layout.captions import TableSite, captions
from biaoge.model import Box, Page, Word


def word(text: str, x: float, top: float, size: float = 12) -> Word:
    width = sum(size / 2 if ord(c) < 0x2000 else size for c in text)
    return Word(text, Box(x, top, x + width, top + size), size=size)


def found(words: list[Word], *boxes: Box) -> list[str | None]:
    pages = analyse([Page(1, 595, 842, words=tuple(words))], {1: boxes})
    return captions(pages, [TableSite(1, box) for box in boxes])


TABLE = Box(60, 200, 540, 400)
PROSE = (
    word("本年度收支情况与上年度相比有所增加主要原因是项目调整和人员变动以及新增项目支出", 84, 140),
    word("有关情况按功能分类科目和经济分类科目分别列示并在下面各表中反映出来的各项本年度具体", 60, 158),
    word("支出增加", 60, 176),
)


def test_units_and_departments_are_passed_over() -> None:
    head = [word("收支预算总表", 260, 140, 16), word("公开01表", 480, 160), word("编制部门：某某局", 60, 180)]
    assert found([*head, word("单位：万元", 470, 180)], TABLE) == ["收支预算总表"]


def test_running_prose_is_no_caption() -> None:
    assert found([word("三、收支情况", 84, 110, 16), *PROSE], TABLE) == ["三、收支情况"]
    assert found([*PROSE], TABLE) == [None]


@pytest.mark.parametrize("text", ["表 2 收入决算表", "Table 3: Costs by year"])
def test_a_numbered_caption_above_or_below(text: str) -> None:
    assert found([*PROSE, word(text, 200, 405)], TABLE) == [text]
    assert found([word("一、标题", 84, 120, 16), word(text, 200, 185)], TABLE) == [text]


def test_a_sentence_about_a_table_is_no_caption() -> None:
    assert found([word("Table 3 shows the costs of the years before.", 60, 185)], TABLE) == [None]


def test_a_caption_belongs_to_one_table() -> None:
    lower = Box(60, 440, 540, 600)
    texts = [word("表 1 甲", 250, 185), word("表 2 乙", 250, 422)]
    assert found(texts, TABLE, lower) == ["表 1 甲", "表 2 乙"]


def test_a_label_and_its_title_on_two_lines() -> None:
    assert found([word("Table 4", 60, 160), word("Costs by year", 60, 185)], TABLE) == ["Table 4 Costs by year"]


def test_notes_of_the_table_above_and_questions_are_no_captions() -> None:
    lower = Box(60, 460, 540, 600)
    heading = word("二、决算情况", 84, 180, 12)
    assert found([heading, word("注：本表反映收支", 60, 410)], TABLE, lower) == ["二、决算情况"] * 2
    asked = [word("是否追溯调整以前年度数据", 60, 162), word("□ 是 √ 否", 60, 184)]
    assert found([word("二、决算情况", 84, 130, 12), *asked], TABLE) == ["二、决算情况"]


def test_the_heading_of_the_page_before_and_a_part_that_continues() -> None:
    first = Page(1, 595, 842, words=(*PROSE, word("二、主动公开情况", 84, 780, 12)))
    pages = analyse([first, Page(2, 595, 842), Page(3, 595, 842)], {2: [TABLE], 3: [TABLE]})
    sites = [TableSite(2, TABLE), TableSite(3, TABLE, continues=True)]
    assert captions(pages, sites) == ["二、主动公开情况", "二、主动公开情况"]


def read(path: Path) -> list[Page]:
    from biaoge.ingest.pdf import open_pdf

    with open_pdf(path) as source:
        return [source.page(n) for n in range(1, source.n_pages + 1)]


def sites(folder: Path, stem: str) -> list[TableSite]:
    """Where the labels say that tables stand, in reading order."""
    every = []
    for label in sorted((folder / "gt").glob(f"{stem}*.json")):
        held = json.loads(label.read_text("utf-8"))
        parts = held.get("parts") or [held]
        every += [TableSite(p["page"], Box(*p["bbox"]), n > 0) for n, p in enumerate(parts)]
    return sorted(every, key=lambda site: (site.page, site.box.top))


def test_an_annual_report(data: Path) -> None:
    folder = data / "govcn_xxgk"
    tables = sites(folder, "hzq2024_working")
    boxes = {n: [t.box for t in tables if t.page == n] for n in range(1, 6)}
    pages = analyse(read(folder / "pdfs" / "hzq2024_working.pdf"), boxes)
    two, three, four = (
        "二、主动公开政府信息情况",
        "三、收到和处理政府信息公开申请情况",
        "四、政府信息公开行政复议、行政诉讼情况",
    )
    assert captions(pages, tables) == [two, two, three, three, four]
    assert [[b.text for b in p.blocks if b.kind == "page_number"] for p in pages] == [[f"- {n} -"] for n in range(1, 6)]
    for above, below in ((0, 1), (2, 3)):
        a, b = tables[above], tables[below]
        assert not between(pages[a.page - 1], a.box.bottom, pages[b.page - 1], b.box.top)
    assert between(pages[2], tables[1].box.bottom, pages[2], tables[2].box.top)
    headings = [b.text for p in pages for b in p.blocks if b.kind == "heading"]
    assert headings[0].endswith("年政府信息公开工作年度报告")
    assert [h[:2] for h in headings[1:]] == ["一、", "二、", "三、", "四、", "五、", "六、"]


def test_a_budget(data: Path) -> None:
    folder = data / "govcn_budget"
    tables = sites(folder, "putuo_commerce_2025_dept_budget")
    boxes: dict[int, list[Box]] = {}
    for table in tables:
        boxes.setdefault(table.page, []).append(table.box)
    pages = analyse(read(folder / "pdfs" / "putuo_commerce_2025_dept_budget.pdf"), boxes)
    texts = captions(pages, tables)
    assert all(text is not None and "单位" not in text and "编制部门" not in text for text in texts)
    assert sum(text is not None and text.endswith(("预算总表", "预算表")) for text in texts) >= len(texts) - 1
