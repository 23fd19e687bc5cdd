from __future__ import annotations

import csv
import io

from biaoge.app.export import files_of, to_html
from biaoge.app.flatout import flat, to_csv, to_grid_csv, to_markdown
from biaoge.model import Cell, Document, SourceFile, Table


def rows(text: str) -> list[list[str]]:
    assert text.startswith("\ufeff")
    return list(csv.reader(io.StringIO(text.removeprefix("\ufeff"))))


def test_csv(table: Table) -> None:
    assert rows(to_csv(table)) == [
        ["section", "项目", "项目", "自然人|法人 / 上年", "自然人|法人 / 本年"],
        ["第一节", "公开", "全部", "-1,234", ""],
        ["第一节", "公开", "部分", "", 'a "b"\nc'],
    ]


def test_grid_csv(table: Table) -> None:
    assert rows(to_grid_csv(table)) == [
        ["项目", "", "自然人|法人", ""],
        ["", "", "上年", "本年"],
        ["第一节", "", "", ""],
        ["公开", "全部", "-1,234", ""],
        ["", "部分", "", 'a "b"\nc'],
    ]


def test_headers_that_come_back() -> None:
    def head(row: int, *texts: str) -> tuple[Cell, ...]:
        return tuple(Cell(row, col, text, role="column_header") for col, text in enumerate(texts))

    cells = (
        *head(0, "信息内容", "数量"),
        *(Cell(1, 0, "许可", role="row_header"), Cell(1, 1, "7")),
        Cell(2, 0, "第二节", 1, 2, "section"),
        *head(3, "信息内容", "数量"),
        *(Cell(4, 0, "处罚", role="row_header"), Cell(4, 1, "8")),
        Cell(5, 0, "第三节", 1, 2, "section"),
        *head(6, "信息内容", "金额"),
        *(Cell(7, 0, "收费", role="row_header"), Cell(7, 1, "9")),
        Cell(8, 0, "第四节", 1, 2, "section"),
    )
    head_line, body = flat(Table(9, 2, cells, header_rows=1, stub_cols=1))
    assert head_line == ["section", "信息内容", "数量"]
    assert body == [
        ["", "许可", "7"],
        ["第二节", "处罚", "8"],
        ["第三节", "信息内容", "金额"],
        ["第三节", "收费", "9"],
        ["第四节", "", ""],
    ]


def test_columns_without_a_header_are_numbered() -> None:
    table = Table(1, 2, (Cell(0, 0, "a"), Cell(0, 1, "b")))
    assert rows(to_csv(table)) == [["column 1", "column 2"], ["a", "b"]]


def test_markdown(document: Document) -> None:
    assert to_markdown(document).splitlines() == [
        "# a & b.pdf",
        "",
        "## 二、主动公开 \\<情况> (page 1)",
        "",
        "| 项目 | 项目 | 自然人\\|法人 / 上年 | 自然人\\|法人 / 本年 |",
        "| --- | --- | --- | --- |",
        "| 第一节 |  |  |  |",
        "| 公开 | 全部 | -1,234 |  |",
        '| 公开 | 部分 |  | a "b" c |',
    ]


def test_a_section_above_the_header_is_kept() -> None:
    cells = (
        Cell(0, 0, "第一节", 1, 2, "section"),
        *(Cell(1, 0, "信息内容", role="corner"), Cell(1, 1, "数量", role="column_header")),
        *(Cell(2, 0, "许可", role="row_header"), Cell(2, 1, "7")),
    )
    table = Table(3, 2, cells, header_rows=2, stub_cols=1)
    assert flat(table) == (["section", "信息内容", "数量"], [["第一节", "许可", "7"]])
    document = Document(SourceFile("a.pdf", "0" * 64, 1), (), (table,))
    assert to_markdown(document).splitlines()[4:] == [
        "| 信息内容 | 数量 |",
        "| --- | --- |",
        "| 第一节 |  |",
        "| 许可 | 7 |",
    ]


def test_html(document: Document) -> None:
    page = to_html(document)
    assert "<title>a &amp; b.pdf</title>" in page
    assert '<meta charset="utf-8">' in page
    assert page.count("<table") == 1
    assert 'rowspan="2" colspan="2"' in page
    assert "二、主动公开 &lt;情况&gt;" in page


def test_names(document: Document) -> None:
    names = [name for name, _ in files_of(document, "x", ["csv", "json", "md", "html"])]
    assert names == ["x.json", "x.html", "x.md", "x.t1.csv", "x.t1.grid.csv"]
    assert [name for name, _ in files_of(document, "x", ["json"])] == ["x.json"]
