from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tilings import plain, tables

from biaoge.app.evaltools import sums_of
from biaoge.eval import reports
from biaoge.eval.labelcheck import Breach
from biaoge.facts import Identity, Place
from biaoge.forms.checks import check as held
from biaoge.forms.totals import find, merged
from biaoge.forms.values import value
from biaoge.model import Cell, Table

OWN = [label for name in reports.names() for label in reports.load(name).labels]
RESULTS = next(label.table for label in OWN if label.ordinal == 2)
REVIEWS = next(label.table for label in OWN if label.ordinal == 3)


def without_roles(table: Table) -> Table:
    """As sets give tables whose labels say nothing of headers."""
    return replace(table, cells=tuple(replace(c, role="data") for c in table.cells), header_rows=0, stub_cols=0)


def with_values(table: Table, values: dict[tuple[int, int], str]) -> Table:
    return replace(table, cells=tuple(replace(c, text=values.get((c.row, c.col), c.text)) for c in table.cells))


def numbers(table: Table) -> list[tuple[int, int]]:
    return [(c.row, c.col) for c in table.cells if value(c.text).number is not None]


def check(table: Table) -> tuple[Breach, ...]:
    return tuple(sorted(sums_of(table).breaches, key=lambda b: (b.cell, b.rule)))


@st.composite
def results(draw: st.DrawFn) -> Table:
    """Table 三 with any numbers that add up."""
    rows = sorted({row for row, _ in numbers(RESULTS)})
    received, carried, *settled, total, still_open = rows
    values: dict[tuple[int, int], int] = {}
    for col in range(3, 9):
        done = [draw(st.integers(0, 30)) for _ in settled]
        left, before = draw(st.integers(0, 30)), draw(st.integers(0, 30))
        values |= {(row, col): n for row, n in zip(settled, done, strict=True)}
        values |= {(total, col): sum(done), (still_open, col): left, (carried, col): before}
        values[received, col] = sum(done) + left - before
    for row in rows:
        values[row, 9] = sum(values[row, col] for col in range(3, 9))
    return with_values(RESULTS, {place: str(n) for place, n in values.items()})


@settings(max_examples=15, deadline=None)
@given(results(), st.data())
def test_every_wrong_number_of_table_three_breaks_a_sum(table: Table, data: st.DataObject) -> None:
    assert check(table) == check(without_roles(table)) == ()
    assert sums_of(table).count == 25 + 2 * 7
    place = data.draw(st.sampled_from(numbers(table)))
    right = value(next(c.text for c in table.cells if (c.row, c.col) == place)).number
    assert right is not None
    wrong = with_values(table, {place: str(right + data.draw(st.sampled_from((-1, 1, 10, 1000))))})
    found = check(wrong)
    assert found == check(without_roles(wrong))
    assert found
    assert all(place in (breach.cell, *breach.parts) for breach in found)


@settings(max_examples=15, deadline=None)
@given(st.lists(st.lists(st.integers(0, 99), min_size=4, max_size=4), min_size=3, max_size=3), st.integers(0, 14))
def test_every_wrong_number_of_table_four_breaks_a_sum(groups: list[list[int]], wrong: int) -> None:
    values = [n for group in groups for n in (*group, sum(group))]
    row = REVIEWS.n_rows - 1
    table = with_values(REVIEWS, {(row, c): str(n) for c, n in enumerate(values)})
    assert check(table) == check(without_roles(table)) == ()
    values[wrong] += 1
    (breach,) = check(with_values(table, {(row, wrong): str(values[wrong])}))
    total = wrong // 5 * 5 + 4
    assert breach.cell == (row, total)
    assert breach.parts == tuple((row, c) for c in range(total - 4, total))
    assert breach.expected - (breach.found or 0) == (-1 if wrong == total else 1)


def test_wording_may_vary() -> None:
    said = {
        "一、本年新收政府信息公开申请数量": "一 、 本年新收到的政府信息公开申请数",
        "二、上年结转政府信息公开申请数量": "二、上年度结转申请",
        "三、本年度办理结果": "三、办理结果",
        "(七) 总计": "（七）合 计",
        "四、结转下年度继续办理": "四、结转下年",
    }
    other = replace(RESULTS, cells=tuple(replace(c, text=said.get(c.text or "", c.text)) for c in RESULTS.cells))
    assert sum(a.text != b.text for a, b in zip(other.cells, RESULTS.cells, strict=True)) == len(said)
    assert sums_of(other).count == sums_of(RESULTS).count > 30


# --- other tables ----------------------------------------------------------------------------------------------------


def cells_of(table: Table) -> list[tuple[tuple[int, int], Decimal, Decimal | None]]:
    return [(b.cell, b.expected, b.found) for b in check(table)]


def test_a_total_column_is_the_sum_of_the_columns_beside_it() -> None:
    table = plain("科目|合计|基本支出|项目支出", "甲|3|1|2", "乙|1,000.5|0.5|1,000", "丙|7|3|5", headers=1, stub=1)
    assert cells_of(table) == [((3, 1), Decimal(8), Decimal(7))]
    assert cells_of(without_roles(table)) == cells_of(table)


def test_a_header_that_is_cut_short_parts_no_columns() -> None:
    # As printed in a real report: 诉讼 does not reach over all of its columns, blank cells stand there instead.
    header = (Cell(0, 0, "", colspan=2), Cell(0, 2, "诉讼", colspan=2), Cell(1, 0, "直接起诉", colspan=4))
    names = tuple(Cell(2, c, name) for c, name in enumerate(("维持", "纠正", "其他", "总计")))
    body = tuple(Cell(r, c, str(n)) for r, row in ((3, (1, 2, 3, 6)), (4, (1, 1, 1, 4))) for c, n in enumerate(row))
    assert cells_of(Table(5, 4, header + names + body)) == [((4, 3), Decimal(3), Decimal(4))]


def test_a_group_is_added_by_its_own_total_and_codes_not_at_all() -> None:
    header = (
        Cell(0, 0, "科目编码", rowspan=2),
        Cell(0, 1, "合计", rowspan=2),
        Cell(0, 2, "出国", rowspan=2),
        Cell(0, 3, "用车", colspan=3),
        Cell(1, 3, "小计"),
        Cell(1, 4, "购置"),
        Cell(1, 5, "运行"),
    )
    rows = ((201, 10, 1, 9, 4, 5), (202, 6, 3, 3, 1, 2), (203, 6, 3, 3, 2, 2))
    body = tuple(Cell(r, c, str(n)) for r, row in enumerate(rows, start=2) for c, n in enumerate(row))
    assert cells_of(Table(5, 6, header + body)) == [((4, 3), Decimal(4), Decimal(3))]


@pytest.mark.parametrize(
    "rows",
    [
        ("甲|1|2|9", "乙|3|4|9", "合计|4|6|17"),
        ("合计|4|6|17", "甲|1|2|9", "乙|3|4|9"),
        ("甲|1|2|9", "其中：丁|1|1|1", "乙|3|4|9", "合计|4|6|17"),
        ("一、甲|1|2|9", "（一）丁|1|1|9", "二、乙|3|4|9", "总计|4|6|17"),
        ("甲|1|2|9", "小计|1|2|9", "乙|3|4|9", "小计|3|4|9", "总计|4|6|17"),
        ("甲|1|2|9", "本年合计|1|2|9", "乙|3|4|9", "总计|4|6|17"),
    ],
)
def test_a_total_row_is_the_sum_of_the_rows_in_one_reading(rows: tuple[str, ...]) -> None:
    header = "项目|今年|去年|前年"
    total = next(r for r, row in enumerate(rows, start=1) if "4|6|17" in row)
    assert (((total, 3), Decimal(18), Decimal(17))) in cells_of(plain(header, *rows, headers=1, stub=1))
    right = (row.replace("4|6|17", "4|6|18") for row in rows)
    assert (total, 3) not in [place for place, _, _ in cells_of(plain(header, *right, headers=1, stub=1))]


def test_levels_of_codes_are_told_apart() -> None:
    rows = ("201|||甲|5|7", "201|06||甲一|5|7", "201|06|01|甲二|5|7", "202|||乙|1|1", "合计||||6|9")
    table = plain("类|款|项|科目|合计数|基本", *rows, headers=1)
    found = [b for b in check(table) if b.rule.startswith("sum of the rows")]
    assert [(b.cell, b.expected, b.found) for b in found] == [((5, 5), Decimal(8), Decimal(9))]


def test_a_total_that_holds_nowhere_is_not_understood() -> None:
    assert check(plain("项目|今年|去年", "甲|1|2", "乙|3|4", "合计|9|9", headers=1, stub=1)) == ()


def test_the_rest_of_a_table_from_another_page_is_left_alone() -> None:
    assert check(plain("甲|1|2", "乙|3|4", "合计|4|60")) == ()


def test_a_sum_with_an_unread_cell_or_a_text_in_it_is_not_checked() -> None:
    table = plain("科目|合计|甲|乙", "a|3|1|2", "b|9|x|2", "c|9|1|2", "d|3|1|2", headers=1, stub=1)
    unread = replace(table, cells=tuple(replace(c, text=None if c.text == "x" else c.text) for c in table.cells))
    for one in (table, unread):
        assert [b.cell for b in check(one)] == [(3, 1)]
        assert sums_of(one).count == 3


@settings(max_examples=150, deadline=None)
@given(
    tables(
        texts=st.sampled_from(["合计", "总计", "1", "2", "", "-", "甲", None, "申请人情况", "一、新收申请"]), roles=True
    )
)
def test_any_table_can_be_checked(table: Table) -> None:
    for breach in check(table):
        assert breach.expected != (breach.found or 0) or breach.found is None


def test_codes_and_numberings_state_sums() -> None:
    rows = (
        "201|||甲|5|7",
        "201|06||甲一|5|7",
        "201|06|01|甲二|2|3",
        "201|06|02|甲三|3|4",
        "202|||乙|1|1",
        "合计||||6|8",
    )
    sums = {i.id: i for i in find([plain("类|款|项|科目|预算|决算", *rows, headers=1)])}
    assert sums["codes.t0:r2.c4"].parts == (Place(0, 3, 4), Place(0, 4, 4))
    assert sums["codes.t0:r1.c5"].parts == (Place(0, 2, 5),)
    assert "codes.t0:r5.c4" not in sums
    single = [row.replace("|", "", 2) for row in rows]
    again = {i.id: i for i in find([plain("科目编码|科目|预算|决算", *single[:-1], "合计||6|8", headers=1)])}
    assert again["codes.t0:r2.c2"].parts == (Place(0, 3, 2), Place(0, 4, 2))
    named = plain("项目|今年", "一、甲|5", "（一）丁|2", "（二）戊|3", "二、乙|1", "总计|6", headers=1, stub=1)
    assert {i.id: len(i.parts) for i in find([named])} == {"rows.t0.r5:r5.c1": 2, "levels.t0:r1.c1": 2}


def test_english_totals_are_told() -> None:
    table = plain(
        "Item|2022|2023", "Rent|5|6", "of which: parking|1|1", "Food|2|2", "Total costs|7|8", headers=1, stub=1
    )
    assert [[p.row for p in i.parts] for i in find([table])] == [[1, 3], [1, 3]]


def test_what_a_form_states_comes_first_and_once() -> None:
    table = plain("科目|合计|甲|乙", "a|3|1|2", "b|5|2|3", headers=1, stub=1)
    told = find([table])
    stated = Identity("form:a", "stated", (Place(0, 1, 1),), (Place(0, 1, 3), Place(0, 1, 2)))
    # The same, put the other way round: a part is the total less the others.
    turned = Identity("form:b", "stated", (Place(0, 2, 2),), (Place(0, 2, 1),), (Place(0, 2, 3),))
    assert merged((stated, turned), told) == (stated, turned)
    assert len({i.id for i in told}) == len(told) == 2


@settings(max_examples=60, deadline=None)
@given(tables(texts=st.sampled_from(["合计", "Total", "1", "2", "", "-", "一、甲", "201", None]), roles=True))
def test_ids_are_unique_and_stay(table: Table) -> None:
    found = find([table, table])
    assert found == find([table, table])
    assert len({i.id for i in found}) == len(found)
    assert all(not one.identity.certain and one.verdict != "source" for one in held(found, [table, table]))
