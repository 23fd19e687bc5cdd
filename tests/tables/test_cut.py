"""What a break cut is told from small tables made by hand: 100 points a column, 10-point type, 20 points a line."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pytest

from biaoge.model import Box, Cell, Region, Role, Table, Word
from biaoge.tables.cut import opens_with_headers, row_goes_on, span_goes_on

WIDE, SIZE, LINE = 100.0, 10.0, 20.0


def cell(row: int, col: int, text: str, rowspan: int = 1, centred: bool = False) -> Cell:
    """A cell whose `text` holds its lines, parted by `|`; a Latin letter is half as wide as a Chinese one."""
    left, top, words = WIDE * col, 300 + LINE * row, []
    for number, line in enumerate(text.split("|") if text else ()):
        width = sum(SIZE if ord(char) > 0x2E7F else SIZE / 2 for char in line)
        x = left + (WIDE - width) / 2 if centred else left + 3
        for word in line.split(" "):
            long = sum(SIZE if ord(char) > 0x2E7F else SIZE / 2 for char in word)
            y = top + 3 + 12 * number
            words.append(Word(word, Box(x, y, x + long, y + SIZE), size=SIZE))
            x += long + SIZE / 2
    lines = text.replace("|", "" if text and ord(text[-1]) > 0x2E7F else " ")
    box = Box(left, top, left + WIDE, top + max(LINE * rowspan, 6 + 12 * (text.count("|") + 1)))
    return Cell(row, col, lines, rowspan, regions=(Region(1, box),), words=tuple(words))


def table(rows: Sequence[Sequence[str]], header: int = 1, stub: int = 1, centred: int = 0) -> Table:
    """`^` goes on from above; the first `centred` rows have their texts in the middle of the cells."""
    cells = []
    for r, row in enumerate(rows):
        for c, text in enumerate(row):
            below = next((n for n in range(r + 1, len(rows)) if rows[n][c] != "^"), len(rows))
            if text != "^":
                made = cell(r, c, text, below - r, r < centred)
                role: Role = "column_header" if r < header else "row_header" if c < stub else "data"
                cells.append(replace(made, role=role))
    return Table(len(rows), len(rows[0]), tuple(cells), header, stub)


def goes_on(first: Table, second: Table, values: set[int]) -> bool:
    return row_goes_on(first, second, [False] * first.n_cols, values)


REGISTER = [["序号", "姓名", "情况"], ["1", "王伟", "已办结"], ["2", "李芳", "已办结"], ["3", "赵静", "已办结"]]
FULL_LINE = "已送达当事人并告知权"
"""Ten letters: one more finds no room in a column."""


def test_a_row_without_its_number_is_the_rest_of_the_row_above() -> None:
    first = table([*REGISTER, ["4", "吴伟", FULL_LINE]])
    second = table([["", "", "利。"], ["5", "周敏", "已办结"]], header=0)
    assert goes_on(first, second, set())


def test_a_row_with_a_number_of_its_own_begins_anew() -> None:
    first = table([*REGISTER, ["4", "吴伟", FULL_LINE]])
    second = table([["5", "周敏", "利。"], ["6", "周敏", "已办结"]], header=0)
    assert not goes_on(first, second, set())


def test_a_column_often_blank_says_nothing() -> None:
    rows = [["项目", "备注", "情况"], ["", "王伟", "已办结"], ["乙", "李芳", "已办结"], ["", "赵静", "已办结"]]
    first = table([*rows, ["丁", "", "已办结"]])
    second = table([["", "吴伟", "未办结"], ["戊", "周敏", "已办结"]], header=0)
    assert not goes_on(first, second, set())


@pytest.mark.parametrize(("rest", "one"), [("equipment", True), ("net", False)])
def test_a_line_is_full_when_the_next_word_finds_no_room(rest: str, one: bool) -> None:
    lines = [["Revenue", "1,204"], ["Cost of sales", "816"], ["Gross profit", "388"]]
    first = table([["", "2023"], *lines, ["Property and", "77"]])
    second = table([[rest, ""], ["Income tax", "12"]], header=0)
    assert goes_on(first, second, {1}) == one


def test_a_figure_is_torn_only_between_its_brackets() -> None:
    lines = [["Revenue", "1,204"], ["Cost of sales", "816"], ["Gross profit", "388"]]
    first = table([["", "2023"], *lines, ["Property and", "(3,408,107"]])
    second = table([["equipment", ")"], ["Income tax", "12"]], header=0)
    assert not goes_on(first, table([["equipment", "55"], ["Income tax", "12"]], header=0), {1})
    assert goes_on(first, second, {1})


@pytest.mark.parametrize(("above", "one"), [("结果维持与结果纠正的", True), ("结果维持", False)])
def test_a_header_row_is_cut_where_its_lines_are_full(above: str, one: bool) -> None:
    first = table([["项目", "数", "数"], [above, above, above]], header=2, stub=0)
    second = table([["件数", "件数", "件数"], ["1", "2", "3"], ["4", "5", "6"]], header=1, stub=0)
    assert goes_on(first, second, {0, 1, 2}) == one


def groups(name: str, rest: str, sizes: Sequence[int] = (2, 3)) -> tuple[Table, Table]:
    """Two tables of groups; the last group of the first has one row and is called `name`, the second opens `rest`."""
    rows = [["组", "事项", "数"]]
    for number, size in enumerate(sizes):
        rows += [[f"（{'一二三'[number]}）公开", "规章", "1"], *[["^", "规章", "1"]] * (size - 1)]
    below = [[rest, "规章", "1"], ["^", "规章", "1"], ["（五）总计", "规章", "1"], ["^", "规章", "1"]]
    return table([*rows, [name, "规章", "1"]], stub=2), table(below, header=0, stub=2)


def named(first: Table, second: Table) -> bool:
    upper = next(c for c in first.cells if c.rows.stop == first.n_rows and c.col == 0)
    return span_goes_on(upper, second.cells[0], first, second, [False] * 3)


def test_a_name_without_the_number_all_others_have_goes_on() -> None:
    assert named(*groups("（三）不予公开的以及无", "法提供的"))
    assert not named(*groups("（三）不予公开的以及无", "（四）无法提供"))


def test_a_name_that_ends_early_does_not_go_on() -> None:
    assert not named(*groups("（三）公开", "其他处理"))


TITLES = ["名称", "地址", "情况"]
BODY = [["登记管理机关", "公开路三百号", "办理材料完成"] for _ in range(6)]


def test_words_shorter_than_all_of_the_body_are_headers() -> None:
    second = table([["科目", "执行", "备注"], *BODY])
    assert opens_with_headers(table([TITLES, *BODY]), second)
    assert not opens_with_headers(table([TITLES, *BODY]), table([["科目", "执行情况说明书", "备注"], *BODY]))
    assert not opens_with_headers(table([TITLES, *BODY]), table([["科目", "", "备注"], *BODY]))


def test_the_short_last_lines_of_a_cut_row_are_no_headers() -> None:
    first = table([TITLES, *BODY, [FULL_LINE, FULL_LINE, FULL_LINE]])
    assert not opens_with_headers(first, table([["利", "利。", "利益"], *BODY], header=0))


def test_words_centred_as_only_headers_are_headers() -> None:
    first = table([TITLES, *BODY, [FULL_LINE, FULL_LINE, FULL_LINE]], centred=1)
    assert opens_with_headers(first, table([["利用", "利用情况", "利益"], *BODY], centred=1))
    assert not opens_with_headers(first, table([["利用", "利用情况", "利益"], *BODY]))
