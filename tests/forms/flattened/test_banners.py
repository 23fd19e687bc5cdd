from __future__ import annotations

from dataclasses import replace

import pytest

from biaoge.forms.flattened import restore
from biaoge.forms.template import Form, Node, TableForm

FORM = Form(
    "fruit",
    {"en": "Fruit"},
    (
        TableForm(
            "sold",
            ("销售情况",),
            rows=tuple(Node(f"r{n}", (name,)) for n, name in enumerate(("苹果数量", "香蕉数量", "葡萄数量"))),
            columns=(Node("north", ("北方地区",)), Node("south", ("南方地区",)), Node("total", ("总计",))),
            corner=("水果种类",),
        ),
    ),
)
ROWS = "苹果数量\t1\t2\t3\n香蕉数量\t4\t5\t9\n葡萄数量\t0\t1\t1\n"


@pytest.mark.parametrize("tabs", [True, False])
def test_a_header_that_the_form_lacks_spans_what_is_between(tabs: bool) -> None:
    text = f"销售情况\n\n水果种类\t各地销量\t\t总计\n\t北方地区\t南方地区\t\n{ROWS}"
    (table,) = restore(text if tabs else text.replace("\t", "  "), (FORM,)).tables
    assert table.column_paths() == [("水果种类",), ("各地销量", "北方地区"), ("各地销量", "南方地区"), ("总计",)]
    assert (table.header_rows, table.stub_cols, table.caption) == (2, 1, "销售情况")


def test_a_header_of_the_form_is_none() -> None:
    text = f"销售情况\n\n水果种类\t北方地区\t南方地区\t总计\n{ROWS}"
    (table,) = restore(text, (FORM,)).tables
    assert table.header_rows == 1
    assert table.texts()[0] == ["水果种类", "北方地区", "南方地区", "总计"]


def test_optional_columns_that_are_not_printed_are_left_out() -> None:
    (sold,) = FORM.tables
    more = replace(sold, columns=(*sold.columns[:2], Node("west", ("西部地区",), optional=True), sold.columns[2]))
    text = f"销售情况\n\n水果种类\t北方地区\t南方地区\t总计\n{ROWS}"
    (table,) = restore(text, (replace(FORM, tables=(more,)),)).tables
    assert table.texts()[1] == ["苹果数量", "1", "2", "3"]
