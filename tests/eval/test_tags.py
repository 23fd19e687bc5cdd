from __future__ import annotations

import pytest
from tilings import plain

from biaoge.eval.tags import tags_of
from biaoge.model import Box, Cell, Part, Role, Table


@pytest.mark.parametrize(
    ("rows", "tag"), [(1, "size-s"), (24, "size-s"), (25, "size-m"), (99, "size-m"), (100, "size-l"), (400, "size-l")]
)
def test_size_is_counted_in_cells(rows: int, tag: str) -> None:
    assert tags_of(plain(*["a|b"] * rows)) == (tag,)


def test_spans_and_blanks() -> None:
    assert tags_of(Table(1, 3, (Cell(0, 0, "a", colspan=2), Cell(0, 2, "")))) == ("spans", "blank-cells", "size-s")
    assert tags_of(Table(1, 1, (Cell(0, 0, None),))) == ("size-s",)


def test_a_table_is_cut_that_stands_on_several_pages() -> None:
    one = Table(1, 1, (Cell(0, 0, "a"),))
    parts = tuple(Part(page, Box(0, 0, 1, 1), (0, 0)) for page in (3, 4))
    assert tags_of(one, (1,)) == tags_of(one) == ("size-s",)
    assert tags_of(one, (1, 2)) == ("cut", "size-s")
    assert tags_of(Table(1, 1, one.cells, parts=parts)) == ("cut", "size-s")
    assert tags_of(Table(1, 1, one.cells, parts=(parts[0], parts[0]))) == ("size-s",)


def test_depth_counts_headers_above_one_another() -> None:
    role: Role = "column_header"
    # a b b
    # a c d
    # 1 2 3
    header = (
        Cell(0, 0, "a", rowspan=2, role=role),
        Cell(0, 1, "b", colspan=2, role=role),
        Cell(1, 1, "c", role=role),
        Cell(1, 2, "d", role=role),
    )
    table = Table(3, 3, (*header, Cell(2, 0, "1"), Cell(2, 1, "2"), Cell(2, 2, "3")), header_rows=2)
    assert "header-depth-2" in tags_of(table)
    assert "header-depth-1" in tags_of(plain("a|b", "c|1", headers=1, stub=1))
    assert tags_of(plain("a|b", "c|1")) == ("size-s",)
