"""Workbooks: a sheet a table, merged as printed, with an index, the fields and the findings.

The sheet's row and column are the table's: cell (0, 0) stands at A1. Written with XlsxWriter (BSD, no dependencies,
kept up): it has merges, comments and typed text, and is faster than openpyxl.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from biaoge.app.exports.names import Stems
from biaoge.app.exports.rows import Exported, Source, clean
from biaoge.app.exports.sheetnames import SheetNames, place
from biaoge.app.exports.xlsxstyles import Styles
from biaoge.app.exports.xlsxtable import MOST_COLS, MOST_ROWS, write_table
from biaoge.errors import MissingExtra, UsageError

INDEX, FIELDS, FINDINGS = "Index", "Fields", "Findings"
MOST_SHEETS = 2000
"""Of one workbook; with more, spreadsheet programs hardly open it."""
_MADE = datetime.datetime(2000, 1, 1, tzinfo=datetime.UTC)
"""The same in every workbook, so that equal documents give equal files."""
_OPTIONS = {
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
    "nan_inf_to_errors": True,
    "default_date_format": "yyyy-mm-dd",
}


@dataclass(frozen=True, slots=True)
class _Sheet:
    """A table's sheet; `name` is `None` where it is too large for one."""

    document: int
    table: int
    name: str | None


def write(source: Source, target: Path) -> None:
    """Write a workbook for each document into the folder `target`."""
    stems = Stems()
    for one in source:
        write_book([one], target / f"{stems.stem(one.name, one.sha256)}.xlsx")


def write_book(source: Source, target: Path) -> None:
    """Write one workbook for all documents to the file `target`; UsageError where there are too many tables."""
    try:
        import xlsxwriter
    except ImportError:
        raise MissingExtra('this needs XlsxWriter: pip install "biaoge[xlsx]"') from None
    documents = list(_few(source))
    book = xlsxwriter.Workbook(str(target), _OPTIONS)
    book.set_properties({"created": _MADE, "comments": "biaoge"})
    styles = Styles(book)
    names = SheetNames(INDEX, FIELDS, FINDINGS)
    index = book.add_worksheet(INDEX)
    fields = book.add_worksheet(FIELDS) if any(one.document.facts for one in documents) else None
    findings = book.add_worksheet(FINDINGS) if any(one.document.findings for one in documents) else None
    sheets: list[_Sheet] = []
    for number, one in enumerate(documents):
        for table_no, table in enumerate(one.document.tables):
            head = f"{number + 1}.{table_no + 1}" if len(documents) > 1 else f"{table_no + 1}"
            if table.n_rows > MOST_ROWS or table.n_cols > MOST_COLS:
                sheets.append(_Sheet(number, table_no, None))
                continue
            name = names.name(f"{head} {clean(table.caption or '')}")
            sheets.append(_Sheet(number, table_no, name))
            mine = [finding for finding in one.document.findings if finding.table == table_no]
            write_table(book.add_worksheet(name), table, mine, styles)
    _write_index(index, documents, sheets, styles)
    places = {(sheet.document, sheet.table): sheet.name for sheet in sheets}
    if fields:
        _write_fields(fields, documents, places, styles)
    if findings:
        _write_findings(findings, documents, places, styles)
    book.close()


def _few(source: Source) -> Iterable[Exported]:
    count = 0
    for one in source:
        count += len(one.document.tables)
        if count > MOST_SHEETS:
            raise UsageError(
                f"more than {MOST_SHEETS} tables for one workbook; leave .xlsx off --out to get a workbook a document"
            )
        yield one


def _head(sheet: Any, columns: dict[str, int], styles: Styles) -> None:
    for col, (name, width) in enumerate(columns.items()):
        sheet.write_string(0, col, name, styles.title)
        sheet.set_column(col, col, width)
    sheet.freeze_panes(1, 0)
    sheet.set_landscape()
    sheet.fit_to_pages(1, 0)


def _write_index(sheet: Any, documents: list[Exported], sheets: list[_Sheet], styles: Styles) -> None:
    _head(
        sheet,
        {
            "Document": 36,
            "Table": 7,
            "Caption": 60,
            "Pages": 10,
            "Rows": 7,
            "Columns": 9,
            "Findings": 10,
            "SHA-256": 68,
        },
        styles,
    )
    row = 0
    for number, one in enumerate(documents):
        mine = [entry for entry in sheets if entry.document == number]
        if not mine:
            row += 1
            _name(sheet, row, one, styles)
            sheet.write_string(row, 2, "no tables", styles.quiet)
        for entry in mine:
            row += 1
            _name(sheet, row, one, styles)
            table = one.document.tables[entry.table]
            pages = sorted({part.page for part in table.parts})
            found = sum(finding.table == entry.table for finding in one.document.findings)
            _link(sheet, (row, 1), entry.name and place(entry.name), str(entry.table + 1), styles)
            caption = clean(table.caption or "")
            sheet.write_string(row, 2, caption if entry.name else f"{caption} (too large for a sheet)", styles.text)
            sheet.write_string(row, 3, ", ".join(map(str, pages)), styles.text)
            for col, count in ((4, table.n_rows), (5, table.n_cols), (6, found)):
                sheet.write_number(row, col, count, styles.text)


def _name(sheet: Any, row: int, one: Exported, styles: Styles) -> None:
    sheet.write_string(row, 0, clean(one.name), styles.text)
    sheet.write_string(row, 7, one.sha256, styles.text)


def _write_fields(
    sheet: Any, documents: list[Exported], places: dict[tuple[int, int], str | None], styles: Styles
) -> None:
    _head(sheet, {"Document": 36, "Field": 34, "Label": 60, "As printed": 16, "Unit": 8, "Cell": 8}, styles)
    row = 0
    for number, one in enumerate(documents):
        for fact in one.document.facts:
            row += 1
            sheet.write_string(row, 0, clean(one.name), styles.text)
            sheet.write_string(row, 1, clean(fact.name), styles.text)
            sheet.write_string(row, 2, clean(fact.label), styles.text)
            styles.write(sheet, (row, 3), fact.text)
            sheet.write_string(row, 4, clean(fact.unit or ""), styles.text)
            name = places.get((number, fact.place.table))
            where = place(name, fact.place.row, fact.place.col) if name else None
            _link(sheet, (row, 5), where, where.rpartition("!")[2] if where else "", styles)


def _write_findings(
    sheet: Any, documents: list[Exported], places: dict[tuple[int, int], str | None], styles: Styles
) -> None:
    _head(
        sheet,
        {"Document": 36, "Severity": 9, "Kind": 20, "Message": 80, "Page": 6, "Table": 7, "Cell": 8, "Cells": 7}
        | {"Suggestion": 40},
        styles,
    )
    row = 0
    for number, one in enumerate(documents):
        for finding in one.document.findings:
            row += 1
            for col, text in ((0, one.name), (1, finding.severity), (2, finding.kind), (3, finding.message)):
                sheet.write_string(row, col, clean(text), styles.text)
            if finding.page is not None:
                sheet.write_number(row, 4, finding.page, styles.text)
            sheet.write_string(row, 8, clean(finding.suggestion or ""), styles.text)
            if finding.table is None:
                continue
            name = places.get((number, finding.table))
            _link(sheet, (row, 5), name and place(name), str(finding.table + 1), styles)
            if finding.cells:
                where = place(name, *finding.cells[0]) if name else None
                _link(sheet, (row, 6), where, where.rpartition("!")[2] if where else "", styles)
                sheet.write_number(row, 7, len(finding.cells), styles.text)


def _link(sheet: Any, at: tuple[int, int], where: str | None, text: str, styles: Styles) -> None:
    if where:
        sheet.write_url(*at, f"internal:{where}", styles.link, text)
    else:
        sheet.write_string(*at, text, styles.text)
