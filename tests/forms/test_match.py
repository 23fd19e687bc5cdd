"""A form's tables found among a document's: complete where it is whole, and told where it drifts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from formtables import drawn, misread, some_rows, truth, with_text, without_row
from hypothesis import given, settings
from hypothesis import strategies as st

from biaoge.facts import Identity
from biaoge.forms.bound import Match
from biaoge.forms.library import find, shipped
from biaoge.forms.match import asked, best, facts, identities, match
from biaoge.forms.values import value
from biaoge.model import Cell, Role, Table

FIELDS = {"000": 200, "001": 200, "002": 198, "003": 200, "004": 200}


def holds(identity: Identity, tables: Sequence[Table]) -> bool:
    def text(table: int, row: int, col: int) -> str | None:
        return next(cell.text for cell in tables[table].cells if (cell.row, cell.col) == (row, col))

    total, parts, less = (
        sum(value(text(p.table, p.row, p.col)).counts or 0 for p in places)
        for places in (identity.total, identity.parts, identity.less)
    )
    return total == parts - less


def kinds(found: Match) -> list[str]:
    return [finding.kind for finding in found.findings if finding.severity != "info"]


def report(root: Path, document: str = "000") -> tuple[Table, ...]:
    return truth(root, document)


@pytest.mark.parametrize("document", sorted(FIELDS))
def test_reports_are_complete_and_their_sums_hold(root: Path, document: str) -> None:
    tables = truth(root, document)
    found = best(tables, shipped())
    assert found is not None
    assert found.form.name == ("xxgk-2019" if document == "002" else "xxgk-2021")
    assert (found.score, len(found.bound), found.findings) == (1.0, FIELDS[document], ())
    every = identities(found)
    assert len(every) == (40 if document == "002" else 42)
    assert len({one.id for one in every}) == len(every)
    assert all(one.certain and holds(one, tables) for one in every)


def test_fields_say_what_stands_in_print(root: Path) -> None:
    tables = report(root)
    found = match(tables, find("xxgk-2021"))
    told = {fact.name: fact for fact in facts(found, tables)}
    fee = told["fees.administrative.amount"]
    assert (str(fee.value), fee.unit, fee.text) == ("248.9611", "万元", "248.9611")
    assert fee.label == "第二十条第（八）项 / 行政事业性收费 / 本年收费金额（单位：万元）"
    assert told["rules.normative.in_force"].value == 15
    assert told["disputes.litigation.after_review.total"].place.col == 14
    secret = told["requests.results.withheld.state_secret.org.other"]
    assert secret.label == "三、本年度办理结果 / (三) 不予公开 / 1. 属于国家秘密 / 申请人情况 / 法人或其他组织 / 其他"


def test_a_cell_without_a_number_has_no_value(root: Path) -> None:
    a, b, c = report(root)
    tables = (a, with_text(with_text(b, 3, 3, None), 3, 4, ""), c)
    told = {fact.name: fact for fact in facts(match(tables, find("xxgk-2021")), tables)}
    unread, blank = told["requests.received.person"], told["requests.received.org.business"]
    assert (unread.value, unread.text, blank.value, blank.text) == (None, None, None, "")


def test_tables_in_any_order_are_the_same_fields(root: Path) -> None:
    tables = report(root)
    names = [one.name for one in match(tables, find("xxgk-2021"))]
    assert [one.name for one in match(tables[::-1], find("xxgk-2021"))] == names


@pytest.mark.parametrize(("table", "row", "header"), [(1, 12, 0), (1, 12, 3), (1, 25, 0), (0, 9, 0), (0, 10, 0)])
def test_a_table_that_a_page_break_cut_is_whole(root: Path, table: int, row: int, header: int) -> None:
    tables = list(report(root))
    whole = tables[table]
    rest = some_rows(whole, [*range(header), *range(row, whole.n_rows)])
    tables[table : table + 1] = [some_rows(whole, range(row)), rest]
    found = best(tables, shipped())
    assert found is not None
    assert (found.score, len(found.bound), found.findings) == (1.0, 200, ())
    assert all(holds(one, tables) for one in identities(found))


def test_a_row_that_is_not_there_is_told_and_its_sums_are_not_stated(root: Path) -> None:
    a, b, c = report(root)
    found = match((a, without_row(b, 8), c), find("xxgk-2021"))
    assert kinds(found) == ["form-missing-row"]
    assert "其他法律行政法规禁止公开" in found.findings[0].message
    assert len(found.bound) == 193
    assert not any(one.id.startswith("requests.results:") for one in identities(found))
    assert any(one.id.startswith("requests.balance:") for one in identities(found))


def test_another_row_in_a_rows_place_is_not_bound_to_it(root: Path) -> None:
    a, b, c = report(root)
    found = match((a, with_text(b, 8, 2, "2.属于商业秘密"), c), find("xxgk-2021"))
    assert kinds(found) == ["form-unknown-row", "form-missing-row"]
    assert found.findings[0].table == 1
    assert found.findings[0].cells[-1] == (8, 2)
    assert len(found.bound) == 193


def test_a_row_more_makes_the_sums_over_rows_uncertain(root: Path) -> None:
    a, b, c = report(root)
    n = b.n_rows
    more = (Cell(n, 0, "五、另有", colspan=3, role="row_header"), *(Cell(n, k, "1") for k in range(3, 10)))
    found = match((a, replace(b, n_rows=n + 1, cells=b.cells + more), c), find("xxgk-2021"))
    assert kinds(found) == ["form-unknown-row"]
    told = {one.id: one.certain for one in identities(found)}
    assert told["requests.applicants:received"]
    assert not told["requests.balance:person"]


def test_a_header_that_could_not_be_read_is_told_by_its_place(root: Path) -> None:
    a, b, c = report(root)
    found = match((a, with_text(b, 2, 5, None), c), find("xxgk-2021"))
    assert len(found.bound) == 200
    assert [finding.kind for finding in found.findings] == ["form-other-wording"]


def test_two_headers_that_could_not_be_read_stay_unbound(root: Path) -> None:
    a, b, c = report(root)
    found = match((a, with_text(with_text(b, 2, 5, None), 2, 6, None), without_row(c, 0)), find("xxgk-2021"))
    assert "form-missing-column" in kinds(found)
    assert {one.place.col for one in found if one.table == "requests"} == {3, 4, 7, 8, 9}


def test_the_same_tables_again_are_told(root: Path) -> None:
    tables = report(root)
    found = match((*tables, *tables), find("xxgk-2021"))
    assert len(found.bound) == 200
    assert {one.place.table for one in found} == {0, 1, 2}
    assert kinds(found) == ["form-repeated-table"] * 6


@pytest.mark.parametrize("share", [0.05, 0.1])
def test_misread_names_are_bound_right_or_not_at_all(root: Path, share: float) -> None:
    tables = report(root)
    right = {one.name: one.place for one in match(tables, find("xxgk-2021"))}
    bound = 0
    for seed in range(6):
        found = best(misread(tables, share, seed), shipped())
        assert found is not None
        assert found.form.name == "xxgk-2021"
        assert {one.name: one.place for one in found}.items() <= right.items()
        bound += len(found.bound)
    assert bound > 0.9 * 6 * len(right)


def test_documents_of_no_known_form_have_none(root: Path, samples: Path) -> None:
    from biaoge.eval import gridtext

    for path in sorted(samples.glob("extra-*.grid")):
        assert best((gridtext.read(path).table,), shipped()) is None, path.name
    assert best((), shipped()) is None


CODES = """
#项目             | <   | <   | <          | ^支出预算 | <        | <
#功能分类科目编码 | <   | <   | #科目名称  | ^合计     | ^基本支出 | ^项目支出
#类               | #款 | #项 | #          | ^         | ^        | ^
@205              | @   | @   | @教育支出  | 30        | 10       | 20
@205              | @2  | @   | @普通教育  | 30        | 10       | 20
@205              | @02 | @05 | @高等教育  | 25        | 5        | 20
@205              | @02 | @99 | @其他      | 5         | 5        |
@                 | @   | @   | @          |           |          |
@合计             | <   | <   | <          | 30        | 10       | 20
"""


def test_rows_by_their_codes() -> None:
    table = drawn(CODES, "2025年部门支出预算总表")
    found = match((table,), find("dept-budget"))
    assert {one.table for one in found} == {"spending_detail"}
    names = {one.row for one in found}
    assert names == {"code.205", "code.205.02", "code.205.02.05", "code.205.02.99", "total"}
    told = {one.id: one for one in identities(found)}
    assert {
        "spending_detail.total:budget.total",
        "spending_detail.classes:205:budget.basic",
        "spending_detail.items:205.02:budget.project",
        "spending_detail.kinds:code.205.02.99",
    } <= told.keys()
    assert [place.row for place in told["spending_detail.items:205.02:budget.total"].parts] == [5, 6]
    assert all(holds(one, (table,)) for one in told.values())


def test_a_code_out_of_its_place_has_no_field_and_its_sums_are_not_certain() -> None:
    for old, new in (
        ("@02 | @05 | @高等教育", "@03 | @05 | @高等教育"),
        ("@205              | @02 | @05", "@20 | @02 | @05"),
    ):
        assert old in CODES
        table = drawn(CODES.replace(old, new), "2025年部门支出预算总表")
        found = match((table,), find("dept-budget"))
        assert {one.row for one in found} == {"code.205", "code.205.02", "code.205.02.99", "total"}
        (told,) = (finding for finding in found.findings if finding.kind.endswith("-row"))
        assert "高等教育" in told.message
        sums = {one.id: one.certain for one in identities(found)}
        assert not sums["spending_detail.items:205.02:budget.total"]
        assert sums["spending_detail.kinds:code.205.02.99"]


def test_codes_are_not_read_without_one_of_their_columns() -> None:
    table = drawn(CODES.replace("#款", "#二级代码"), "2025年部门支出预算总表")
    assert not match((table,), find("dept-budget")).bound


HALVES = """
^本年收入         | <       | ^本年支出            | <
#项目             | ^预算数 | ^项目                | ^预算数
@一、财政拨款收入 | 9       | 一、教育支出         | 5
@1、一般公共预算  | 9       | 二、新设支出         | 4
@二、事业收入     |         |                      |
@三、经营收入     |         |                      |
@四、其他收入     | 1       | 三、其他支出         | 1
@收入总计         | 10      | 支出总计             | 10
"""


def test_statements_side_by_side() -> None:
    table = drawn(HALVES, "部门财务收支预算总表")
    found = match((table,), find("dept-budget"))
    places = {one.name: (one.place.row, one.place.col) for one in found}
    assert places["income.fiscal.amount"] == (2, 1)
    assert places["spending.function.education.amount"] == (2, 3)
    assert places["spending.function.新设支出.amount"] == (3, 3)
    told = {one.id for one in identities(found)}
    assert told == {"income.fiscal:amount", "income.total:amount", "spending.total:amount", "income_spending"}
    assert all(holds(one, (table,)) for one in identities(found))


def test_what_nothing_tells_apart_is_left_unbound() -> None:
    bare = drawn("\n".join(CODES.replace("^支出预算", "^金额").strip().splitlines()), None)
    assert not match((bare,), find("dept-budget")).bound


WORDS = st.sampled_from(
    ("", "合计", "总计", "一、自然人", "类", "款", "科目名称", "项目", "基本支出", "规章", "205", "3", "其他")
)
ROLES: tuple[Role, ...] = ("corner", "column_header", "row_header", "section", "data")


@settings(max_examples=50, deadline=None)
@given(st.integers(1, 6), st.integers(1, 6), st.data())
def test_no_table_breaks_it(rows: int, cols: int, drawn_from: st.DataObject) -> None:
    texts = drawn_from.draw(st.lists(st.none() | WORDS, min_size=rows * cols, max_size=rows * cols))
    roles = drawn_from.draw(st.lists(st.sampled_from(ROLES), min_size=rows * cols, max_size=rows * cols))
    cells = tuple(Cell(n // cols, n % cols, texts[n], role=roles[n]) for n in range(rows * cols))
    tables = (Table(rows, cols, cells), Table(rows, cols, cells))
    for form in shipped():
        found = match(tables, form)
        assert len({one.name for one in found}) == len(found.bound)
        assert len({one.place for one in found}) == len(found.bound)
        assert len(facts(found, tables)) == len(found.bound)
        places = {one.place for one in found}
        assert all(places.issuperset(one.places) for one in identities(found))


@pytest.mark.slow
def test_real_budgets_and_a_real_report(data: Path) -> None:
    from biaoge.app.pipeline import read

    for path in sorted((data / "govcn_budget" / "pdfs").glob("*.pdf")):
        tables = read(path).tables
        found = best(tables, shipped())
        assert found is not None, path.name
        assert found.score == 1.0, path.name
        every = identities(found)
        assert sum(holds(one, tables) for one in every) >= len(every) - 10, path.name
    (path,) = (data / "govcn_xxgk" / "pdfs").glob("*.pdf")
    tables = read(path).tables
    found = best(tables, shipped())
    assert found is not None
    assert (found.form.name, found.score, len(found.bound), kinds(found)) == ("xxgk-2021", 1.0, 186, [])
    assert all(holds(one, tables) for one in identities(found))


def recognised(tables: Sequence[Table], names: dict[str, str]) -> tuple[Table, ...]:
    """The tables as if they had been recognised, some names misread."""
    return tuple(
        replace(
            table,
            cells=tuple(
                replace(cell, source="ocr", confidence=0.6, text=names[cell.text])
                if cell.text in names
                else replace(cell, source="ocr", confidence=0.99)
                for cell in table.cells
            ),
        )
        for table in tables
    )


def test_a_misread_header_of_a_scan_is_bound_by_its_place_and_told(root: Path) -> None:
    tables = recognised(report(root), {"总计": "eit"})
    found = match(tables, find("xxgk-2021"))
    assert len(found.bound) == 200
    assert found.findings
    assert {finding.kind for finding in found.findings} == {"form-placed-by-order"}
    placed = [
        fact for fact in facts(found, tables) if fact.name in ("requests.received.total", "disputes.review.total")
    ]
    assert len(placed) == 2
    assert all(fact.confidence <= 0.5 for fact in placed)
    # Sums over it are meant by its place alone, not stated.
    every = {one.id: one.certain for one in identities(found)}
    assert len(every) == 42
    assert set(every.values()) == {False, True}


def test_a_misread_header_of_a_born_digital_report_is_drift(root: Path) -> None:
    tables = report(root)
    cells = tuple(replace(c, text="eit") if c.text == "总计" else c for c in tables[1].cells)
    found = match((tables[0], replace(tables[1], cells=cells), tables[2]), find("xxgk-2021"))
    assert "form-missing-column" in kinds(found)
    assert len(found.bound) < 200


def test_a_form_that_was_asked_for_and_is_not_there_is_told_once(root: Path) -> None:
    found = asked(report(root), find("dept-accounts"))
    assert [(finding.kind, finding.severity) for finding in found.findings] == [("form-not-found", "warning")]
    assert found.bound == ()
    assert asked(report(root), find("xxgk-2021")) == match(report(root), find("xxgk-2021"))
