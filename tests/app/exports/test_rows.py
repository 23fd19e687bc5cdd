from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from tilings import tables

from biaoge.app.exports.rows import Exported, Row, clean, exact, rows_of
from biaoge.app.exports.schema import DATASETS
from biaoge.errors import InputError
from biaoge.facts import Fact, Place
from biaoge.model import Document, Page, SourceFile, Table

TYPES: dict[str, type | tuple[type, ...]] = {
    **{"text": str, "int": int, "float": (int, float), "bool": bool, "number": Decimal, "path": list}
}


def as_dicts(one: Exported) -> dict[str, list[dict[str, Any]]]:
    columns = {dataset.name: dataset.names for dataset in DATASETS}
    return {name: [dict(zip(columns[name], row, strict=True)) for row in rows] for name, rows in rows_of(one)}


def check_types(rows: dict[str, list[Row]]) -> None:
    for dataset in DATASETS:
        for row in rows[dataset.name]:
            for column, value in zip(dataset.columns, row, strict=True):
                assert column.null if value is None else isinstance(value, TYPES[column.kind]), (dataset.name, column)
        keys = [tuple(row[dataset.names.index(name)] for name in dataset.key) for row in rows[dataset.name]]
        assert len(set(keys)) == len(keys)
        for columns, other in dataset.refs:
            whole = next(one for one in DATASETS if one.name == other)
            there = {tuple(row[whole.names.index(name)] for name in columns) for row in rows[other]}
            for row in rows[dataset.name]:
                assert tuple(row[dataset.names.index(name)] for name in columns) in there


def test_rows_are_what_the_schema_says(one: Exported, hostile: Exported) -> None:
    assert [name for name, _ in rows_of(one)] == [dataset.name for dataset in DATASETS]
    check_types(dict(rows_of(one)))
    check_types(dict(rows_of(hostile)))
    assert all(rows for _, rows in rows_of(one))


@given(tables(roles=True))
def test_any_table(table: Table) -> None:
    source = SourceFile("a", "0" * 64, 1)
    one = Exported("a", "0" * 64, Document(source, (Page(1, 9, 9),), (table,)))
    check_types(dict(rows_of(one)))
    assert [row["text"] for row in as_dicts(one)["cells"]] == [cell.text for cell in table.cells]


def test_cells(one: Exported) -> None:
    cells = {(row["row_no"], row["col_no"]): row for row in as_dicts(one)["cells"]}
    assert len(cells) == 12
    head = cells[3, 2]
    assert (head["text"], head["number"], head["source"]) == ("-1,234", Decimal(-1234), "repaired")
    assert (head["column_path"], head["row_path"]) == (["自然人|法人", "上年"], ["第一节", "公开", "全部"])
    assert (head["page_no"], head["x0"], head["regions"]) == (1, 130, 1)
    assert (cells[3, 3]["text"], cells[4, 2]["text"], cells[4, 2]["number"]) == ("", None, None)
    assert (cells[0, 0]["rowspan"], cells[0, 0]["colspan"]) == (2, 2)


def test_the_rest(one: Exported) -> None:
    rows = as_dicts(one)
    document = rows["documents"][0]
    assert {key: document[key] for key in ("unread", "fields", "checks", "broken", "findings", "warnings")} == {
        **{"unread": 1, "fields": 3, "checks": 2, "broken": 0, "findings": 2, "warnings": 2}
    }
    assert [row["value"] for row in rows["fields"]] == [3, Decimal("248.9611"), None]
    assert [row["source"] for row in rows["fields"]] == ["repaired", "text", "text"]
    assert [row["side"] for row in rows["check_cells"]] == ["total", "part", "less", "total", "part"]
    assert [row["expected"] for row in rows["checks"]] == [3, Decimal("0.5")]
    assert rows["finding_cells"][0]["row_no"] == 4
    assert [row["kind"] for row in rows["blocks"]] == ["heading", "paragraph"]


@pytest.mark.parametrize(
    ("number", "held"),
    [
        ("1.5", "1.5"),
        ("0.0000000001", "0.0000000001"),
        ("0.00000000001", None),
        ("0.100000000000", "0.1"),
        ("9" * 28 + "." + "9" * 10, "9" * 28 + "." + "9" * 10),
        ("1" + "0" * 28, None),
        ("-" + "9" * 40, None),
        ("0E-30", "0"),
        ("NaN", None),
    ],
)
def test_numbers_are_exact_or_nothing(number: str, held: str | None) -> None:
    assert exact(Decimal(number)) == (None if held is None else Decimal(held))


def test_nothing_unwritable_comes_through(hostile: Exported) -> None:
    for _, rows in rows_of(hostile):
        for row in rows:
            for value in row:
                assert not isinstance(value, str) or value == clean(value)
    assert as_dicts(hostile)["cells"][8]["text"] == "��[31m�"


def _no_cell(document: Document) -> Document:
    return replace(document, facts=(Fact("a", "a", 1, None, "1", Place(0, 0, 1), 1, 1.0),))


@pytest.mark.parametrize(
    "broken",
    [
        _no_cell,
        lambda document: replace(document, pages=document.pages * 2),
        lambda document: replace(document, pages=(Page(2**40, 1, 1),)),
        lambda document: replace(document, form="x" * 61),
    ],
)
def test_what_does_not_hold_together_is_refused(one: Exported, broken: Callable[[Document], Document]) -> None:
    with pytest.raises(InputError):
        Exported(one.name, one.sha256, broken(one.document))


@pytest.mark.parametrize("sha256", ["", "../" + "a" * 61, "A" * 64, "a" * 64 + "\n"])
def test_a_sha256_is_one(one: Exported, sha256: str) -> None:
    with pytest.raises(InputError, match="SHA-256"):
        Exported(one.name, sha256, one.document)
