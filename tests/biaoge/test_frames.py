from __future__ import annotations

import sys

import pandas as pd
import pytest

from biaoge.errors import MissingExtra
from biaoge.eval.gridtext import loads
from biaoge.model import Table


def table(rows: str, header_rows: int, stub_cols: int, more: str = "") -> Table:
    front = (
        f"source: t\ntable: 1\nheader_rows: {header_rows}\nstub_cols: {stub_cols}\nlabeller: a\nstatus: single\n{more}"
    )
    return loads(f"---\n{front.rstrip()}\n---\n{rows}").table


def labels(index: pd.Index) -> list[object]:
    return list(index)


def test_columns_and_index_are_padded_paths() -> None:
    frame = table("k | < | n | < | sum\n^ | + | a | b | ^\nx | < | 1 | 2 | 3\ny | z | 4 | | \\?\n", 2, 2).to_dataframe()
    assert labels(frame.columns) == [("n", "a"), ("n", "b"), ("sum", "")]
    assert labels(frame.index) == [("x", ""), ("y", "z")]
    assert frame.to_numpy().tolist() == [["1", "2", "3"], ["4", "", None]]
    assert frame.loc[("y", "z"), ("n", "a")] == "4"


def test_a_merged_cell_stands_at_every_place() -> None:
    frame = table("k | a | b\nx | 1 | <\ny | ^ | +\n", 1, 1).to_dataframe()
    assert frame.to_numpy().tolist() == [["1", "1"], ["1", "1"]]


def test_numbers_where_there_are_no_paths() -> None:
    frame = table("1 | 2\n3 | 4\n", 0, 0).to_dataframe()
    assert frame.equals(pd.DataFrame([["1", "2"], ["3", "4"]], dtype=object))


def test_no_value_stands_under_another_sections_header() -> None:
    frame = table(
        "i | < | <\nk | a | b\nx | 1 | 2\nj | < | <\nk | c | <\ny | 66 | <\nl | < | <\nk | b | c\nz | 7 | 8\n",
        *(2, 1, "sections: 0, 3, 6\nheaders: 1, 4, 7"),
    ).to_dataframe()
    assert labels(frame.columns) == [("a",), ("b",), ("c",), ("c",)]
    assert labels(frame.index) == [("i", "x"), ("j", "y"), ("l", "z")]
    assert frame.fillna("-").to_numpy().tolist() == [
        ["1", "2", "-", "-"],
        ["-", "-", "66", "66"],
        ["-", "7", "8", "-"],
    ]


def test_a_table_of_headers_alone_has_columns_and_no_rows() -> None:
    frame = table("k | a | b\n", 1, 1).to_dataframe()
    assert (frame.shape, labels(frame.columns)) == ((0, 2), [("a",), ("b",)])


def test_missing_pandas_is_said_with_the_pip_line(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pandas", None)
    with pytest.raises(MissingExtra, match=r"pip install 'biaoge\[pandas\]'"):
        table("1\n", 0, 0).to_dataframe()
