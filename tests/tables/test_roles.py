from __future__ import annotations

import pytest

from biaoge.eval.gridtext import loads
from biaoge.eval.reports import load, names
from biaoge.model import Table
from biaoge.tables.roles import with_roles


def bare(rows: str) -> Table:
    front = "source: t\ntable: 1\nheader_rows: 0\nstub_cols: 0\nlabeller: a\nstatus: single"
    return loads(f"---\n{front}\n---\n{rows}", "t.1").table


@pytest.mark.parametrize("name", names())
def test_the_labelled_reports_have_the_roles_a_person_gave(name: str) -> None:
    for label in load(name).labels:
        told = with_roles(label.table)
        assert (told.header_rows, told.stub_cols) == (label.table.header_rows, label.table.stub_cols)
        assert [c.role for c in told.cells] == [c.role for c in label.table.cells]


@pytest.mark.parametrize(
    ("rows", "header", "stub"),
    [
        ("类 | 款 | 科目名称 | 合计\n201 | 03 | 行政运行 | 1,200\n201 | 99 | 其他 | 30\n合计 | < | < | 1,230\n", 1, 3),
        ("项目 | 预算数 | 项目 | 预算数\n税收 | 10 | 教育 | 7\n其他 | 2 | 卫生 | 5\n", 1, 1),
        ("项目 | 2022年 | 2023年\n收入 | 1 | 2\n支出 | 3 | 4\n", 1, 1),
        ("项目 | 甲 | 乙 | 丙\n栏次 | 1 | 2 | 3\n收入 | 1 | 33.5 | 4\n支出 | 2 | 40 | 1\n", 2, 1),
        ("项目 | 甲 | 乙 | 丙\n1.收入 | 1 | 2 | 3\n2.支出 | 2 | 40 | 1\n", 1, 1),
        ("a | b | c | d\n | 1 | 2 | 3\nx | 7 | 8 | 9.5\ny | 4 | 4 | 4\n", 2, 1),
        ("1 | 2\n3 | 4\n", 0, 0),
        ("name | street\nAda | Main\nBob | Side\n", 1, 1),
        ("项目 | 金额\n规章 | \n许可 | \n", 1, 1),
    ],
)
def test_header_rows_and_stub_columns(rows: str, header: int, stub: int) -> None:
    told = with_roles(bare(rows))
    assert (told.header_rows, told.stub_cols) == (header, stub)


def test_the_second_half_of_a_table_in_halves_is_named_too() -> None:
    told = with_roles(bare("项目 | 预算数 | 项目 | 预算数\n税收 | 10 | 教育 | 7\n其他 | 2 | 卫生 | 5\n"))
    assert told.row_path(told.grid()[1][3]) == ("教育",)


def test_a_note_at_the_end_is_no_section() -> None:
    told = with_roles(bare("项目 | 数\n甲 | 1\n注：单位为万元 | <\n"))
    assert [c.role for c in told.cells if c.row == 2] == ["row_header"]
