from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tilings import tables

from biaoge.app.exports import xlsx
from biaoge.app.exports.figures import number_of
from biaoge.app.exports.rows import Exported
from biaoge.app.exports.xlsxstyles import CUT, MOST_TEXT, fitting
from biaoge.errors import UsageError
from biaoge.model import Cell, Document, Page, SourceFile, Table

openpyxl = pytest.importorskip("openpyxl")
pytest.importorskip("xlsxwriter")

TEXTS = st.one_of(
    st.none(), st.sampled_from(["", "=1+1", "-3", "1,234.50", "007", "12%", "a\nb", " x ", "@x", "_x0041_"])
)


def book(path: Path, *documents: Exported) -> Any:
    xlsx.write_book(documents, path)
    return openpyxl.load_workbook(path)


def with_table(table: Table) -> Exported:
    return Exported("a.pdf", "0" * 64, Document(SourceFile("a.pdf", "0" * 64, 1), (Page(1, 9, 9),), (table,)))


def merges(sheet: Any) -> set[tuple[int, int, int, int]]:
    return {(m.min_row - 1, m.min_col - 1, m.max_row - 1, m.max_col - 1) for m in sheet.merged_cells.ranges}


@settings(deadline=None, max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(tables(texts=TEXTS, roles=True))
def test_any_table_comes_back(tmp_path: Path, table: Table) -> None:
    sheet = book(tmp_path / "a.xlsx", with_table(table)).worksheets[-1]
    spans = {
        (cell.row, cell.col, cell.rows.stop - 1, cell.cols.stop - 1)
        for cell in table.cells
        if cell.rowspan * cell.colspan > 1
    }
    assert merges(sheet) == spans
    for cell in table.cells:
        there = sheet.cell(cell.row + 1, cell.col + 1)
        assert there.data_type != "f"
        if not cell.text:
            assert there.value is None
        elif cell.role == "data" and (figure := number_of(cell.text)):
            assert (there.value, there.number_format) == figure
        else:
            assert there.value == cell.text.replace("_x0041_", "A") or there.value == cell.text


def test_the_look(one: Exported, tmp_path: Path) -> None:
    made = book(tmp_path / "a.xlsx", one)
    assert made.sheetnames == ["Index", "Fields", "Findings", "1 二、主动公开 <情况>"]
    sheet = made["1 二、主动公开 <情况>"]
    assert sheet.freeze_panes == "C3"
    assert merges(sheet) == {(0, 0, 1, 1), (0, 2, 0, 3), (2, 0, 2, 3), (3, 0, 4, 0)}
    assert sheet["C4"].value == -1234
    assert sheet["C4"].number_format == "#,##0"
    assert sheet["A1"].font.b
    assert not sheet["D5"].font.b
    fills = {sheet[place].fill.fgColor.rgb for place in ("A1", "A3", "A4", "C4", "C5", "D4")}
    assert len(fills) == 6, "headers, sections, stubs, mended, unread and plain cells look different"
    assert "could not be read" in sheet["C5"].comment.text
    assert "7" in sheet["C5"].comment.text
    index = made["Index"]
    assert index["B2"].hyperlink.location == "'1 二、主动公开 <情况>'!A1"
    assert [cell.value for cell in index[2]][:7] == ["a & b.pdf", "1", "二、主动公开 <情况>", "1", 5, 4, 1]
    assert [row[1].value for row in made["Findings"].iter_rows(min_row=2)] == ["error", "warning"]
    assert [row[3].value for row in made["Fields"].iter_rows(min_row=2)] == [3, 248.9611, None]


def test_no_text_becomes_more_than_a_text(hostile: Exported, tmp_path: Path) -> None:
    made = book(tmp_path / "a.xlsx", hostile)
    for sheet in made:
        for row in sheet.iter_rows():
            assert [cell.value for cell in row if cell.data_type == "f"] == []
    sheet = made.worksheets[-1]
    assert sheet["A1"].value == '=HYPERLINK("http://x")'
    assert sheet["A1"].quotePrefix, "editing the cell must not make a formula of it either"
    assert sheet["L1"].value == "007"


def test_names_lead_nowhere(hostile: Exported, tmp_path: Path) -> None:
    inside = tmp_path / "inside"
    inside.mkdir()
    xlsx.write([hostile], inside)
    assert [path.name for path in tmp_path.iterdir()] == ["inside"]
    assert [path.name for path in inside.iterdir()] == [f"=1__-{'a' * 8}.xlsx"]


def test_many_documents_in_one_book(one: Exported, tmp_path: Path) -> None:
    other = Exported("b.pdf", "b" * 64, one.document)
    empty = Exported("c.pdf", "c" * 64, replace(one.document, tables=(), facts=(), checks=(), findings=()))
    made = book(tmp_path / "a.xlsx", one, other, empty)
    assert made.sheetnames[3:] == ["1.1 二、主动公开 <情况>", "2.1 二、主动公开 <情况>"]
    assert [row[2].value for row in made["Index"].iter_rows(min_row=2)] == ["二、主动公开 <情况>"] * 2 + ["no tables"]


def test_too_many_tables_for_one_book(one: Exported, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(xlsx, "MOST_SHEETS", 1)
    with pytest.raises(UsageError, match="a workbook a document"):
        xlsx.write_book([one, one], tmp_path / "a.xlsx")


def test_the_same_documents_give_the_same_bytes(one: Exported, tmp_path: Path) -> None:
    for name in ("a.xlsx", "b.xlsx"):
        xlsx.write_book([one], tmp_path / name)
    assert (tmp_path / "a.xlsx").read_bytes() == (tmp_path / "b.xlsx").read_bytes()


def test_a_text_too_long_is_cut_and_says_so(tmp_path: Path) -> None:
    sheet = book(tmp_path / "a.xlsx", with_table(Table(1, 1, (Cell(0, 0, "年" * 40_000),)))).worksheets[-1]
    assert sheet["A1"].value.endswith(CUT)
    assert len(fitting("\U0001f600" * 20_000).encode("utf-16-le")) // 2 <= MOST_TEXT
    assert fitting("年" * MOST_TEXT) == "年" * MOST_TEXT


@given(st.decimals(-(10**15), 10**15, places=3), st.sampled_from(["{:,}", "{}", "{:,}%"]))
def test_a_number_is_what_was_printed(number: Decimal, form: str) -> None:
    figure = number_of(form.format(number))
    if figure:
        shown = Decimal(repr(figure[0])) * (100 if "%" in form else 1)
        assert shown == number
    else:
        assert len(str(abs(number)).replace(".", "").lstrip("0")) > 15 or (number == 0 and number.is_signed())
