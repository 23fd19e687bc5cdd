from __future__ import annotations

from dataclasses import replace

from hypothesis import given, settings
from tilings import plain, read_out, tables

from biaoge.eval.metrics.counts import Counts
from biaoge.eval.metrics.headers import headers
from biaoge.model import Cell, Table

TRUE = Table(
    3,
    3,
    (
        *(Cell(0, 0, "item", 2, 1, "corner"), Cell(0, 1, "year", 1, 2, "column_header")),
        *(Cell(1, 1, "22", role="column_header"), Cell(1, 2, "23", role="column_header")),
        *(Cell(2, 0, "north", role="row_header"), Cell(2, 1, "1"), Cell(2, 2, "2")),
    ),
    header_rows=2,
    stub_cols=1,
)


@settings(max_examples=60, deadline=None)
@given(tables(roles=True).map(read_out), tables(roles=True))
def test_only_cells_that_begin_among_the_headers_count(table: Table, other: Table) -> None:
    n = sum(c.role != "data" for c in table.cells)
    assert headers(table, table) == (Counts(n, n, n) if n else None)
    roles = {(r, c): cell.role for r, row in enumerate(table.grid()) for c, cell in enumerate(row)}
    got, begin = headers(other, table), [c for c in other.cells if roles.get((c.row, c.col), "data") != "data"]
    keys = {(c.row, c.col, c.rowspan, c.colspan, c.text) for c in table.cells if c.role != "data"}
    right = sum((c.row, c.col, c.rowspan, c.colspan, c.text) in keys for c in begin)
    assert headers(other, table, "raw") == (Counts(right, len(begin), n) if n else None)
    assert got is None or got.matched >= right


def test_every_piece_of_a_lost_header_counts() -> None:
    flat = plain("item|year|", "|22|23", "north|9|9")
    # item, its lower half, year, its right half, 22, 23, north; of these 22, 23 and north are right
    assert headers(flat, TRUE) == Counts(3, 7, 5)
    assert headers(flat, TRUE, blanks=False) == Counts(3, 5, 5)


def test_data_does_not_count() -> None:
    wrong = replace(
        TRUE, cells=tuple(replace(c, text="9", role="row_header") if c.text == "1" else c for c in TRUE.cells)
    )
    assert headers(wrong, TRUE) == Counts(5, 5, 5)


def test_no_table() -> None:
    assert headers(None, TRUE) == Counts(0, 0, 5)
    assert headers(TRUE, None) is None
