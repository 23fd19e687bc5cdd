from __future__ import annotations

import pytest

from biaoge.forms.flattened.lines import bare, fold, lines_of, printed, stream_of
from biaoge.forms.flattened.split import split


def test_label_and_values_of_a_line() -> None:
    (line,) = lines_of("\t(三) 不予公开\t1. 属于国家秘密\t0\t1 204\t-\t")
    assert line.label.strip() == "(三) 不予公开\t1. 属于国家秘密"
    assert [(value.text, value.field) for value in line.values] == [("0", 3), ("1 204", 4), ("-", 5)]
    assert (line.fields, line.label_field) == (7, 2)


@pytest.mark.parametrize(
    ("text", "mark"),
    [("- 3 -", "page"), ("第 3 页 共 9 页", "page"), ("3/9", "page"), ("3", "maybe"), ("规章 3", ""), ("1234.5", "")],
)
def test_page_marks(text: str, mark: str) -> None:
    assert lines_of(text)[0].mark == mark


def test_blank_lines_and_form_feeds_part() -> None:
    lines = lines_of("甲\n\n乙\r\n丙\f丁")
    assert [(line.raw, line.number, line.apart) for line in lines] == [
        ("甲", 0, True),
        ("乙", 2, True),
        ("丙", 3, False),
        ("丁", 4, False),
    ]


@pytest.mark.parametrize("label", ["1.属于国家秘密", "1． 属于国家秘密", "1、属于国家秘密", "１．属于国家秘密"])
def test_ordinals_compare_alike(label: str) -> None:
    assert fold(label) == "1.属于国家秘密"
    assert bare(label) == "属于国家秘密"


def test_split_gives_back_what_is_printed_with_its_ordinals() -> None:
    raws = {0: "三、本年度办 \t(三) 不予公开", 1: "1. 属于国家", 2: "秘密"}
    stream = stream_of(raws.items()).bare()
    places = split(stream, [("本年度办理结果", "本年度办"), ("不予公开",), ("属于国家秘密",)])
    texts = [printed(stream, *place, raws) for place in places if place]
    assert texts == ["三、本年度办", "(三) 不予公开", "1. 属于国家秘密"]


def test_split_with_absent_and_misprinted_labels() -> None:
    raws = {0: "自然人 社会公益組织 总计 其它"}
    stream = stream_of(raws.items())
    places = split(stream, [("自然人",), ("商业企业",), ("社会公益组织",), ("总计",)])
    assert [place and printed(stream, *place, raws) for place in places] == ["自然人", None, "社会公益組织", "总计"]
