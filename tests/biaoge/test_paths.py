"""Header paths on tables written by hand, as they are printed in reports and budgets."""

from __future__ import annotations

from biaoge.eval.gridtext import loads
from biaoge.model import Cell, Role, Table
from biaoge.paths import Paths


def table(rows: str, header_rows: int, stub_cols: int, more: str = "") -> Table:
    front = (
        f"source: t\ntable: 1\nheader_rows: {header_rows}\nstub_cols: {stub_cols}\nlabeller: a\nstatus: single\n{more}"
    )
    return loads(f"---\n{front.rstrip()}\n---\n{rows}").table


APPLICATIONS = table(
    """\
relation | < | < | applicants | < | < | total
^ | + | + | persons | bodies | < | ^
^ | + | + | ^ | firms | others | ^
one | < | < | 1 | 2 | 3 | 6
three | (1) | < | 4 | 5 | 6 | 15
^ | (3) | 1. secret | 7 | 8 | 9 | 24
^ | ^ | 2. other | 1 | 1 | 1 | 3
""",
    3,
    3,
)

DISCLOSED = table(
    """\
item 1 | < | < | <
content | made | void | valid
rules | 0 | 1 | 2
item 5 | < | < | <
content | decided | < | <
permits | 66 | < | <
""",
    2,
    1,
    "sections: 0, 3\nheaders: 1, 4",
)


def cell(of: Table, text: str) -> Cell:
    return next(c for c in of.cells if c.text == text)


def both(of: Table, text: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    return of.column_path(cell(of, text)), of.row_path(cell(of, text))


def test_three_levels_of_headers_and_stubs() -> None:
    assert both(APPLICATIONS, "8") == (("applicants", "bodies", "firms"), ("three", "(3)", "1. secret"))
    assert both(APPLICATIONS, "7") == (("applicants", "persons"), ("three", "(3)", "1. secret"))
    assert both(APPLICATIONS, "24") == (("total",), ("three", "(3)", "1. secret"))
    assert both(APPLICATIONS, "15") == (("total",), ("three", "(1)"))
    assert both(APPLICATIONS, "2") == (("applicants", "bodies", "firms"), ("one",))


def test_paths_of_headers_and_stubs_themselves() -> None:
    assert both(APPLICATIONS, "firms") == (("applicants", "bodies"), ())
    assert both(APPLICATIONS, "applicants") == ((), ())
    assert both(APPLICATIONS, "relation") == ((), ())
    assert both(APPLICATIONS, "2. other") == (("relation",), ("three", "(3)"))
    assert both(APPLICATIONS, "three") == (("relation",), ())


def test_column_and_row_paths_of_a_whole_table() -> None:
    assert APPLICATIONS.column_paths() == [
        *[("relation",)] * 3,
        ("applicants", "persons"),
        ("applicants", "bodies", "firms"),
        ("applicants", "bodies", "others"),
        ("total",),
    ]
    assert APPLICATIONS.row_paths() == [
        *[("relation",)] * 3,
        ("one",),
        ("three", "(1)"),
        ("three", "(3)", "1. secret"),
        ("three", "(3)", "2. other"),
    ]


def test_a_section_leads_the_row_path_and_its_headers_hold_until_the_next() -> None:
    assert both(DISCLOSED, "1") == (("void",), ("item 1", "rules"))
    assert both(DISCLOSED, "66") == (("decided",), ("item 5", "permits"))
    assert both(DISCLOSED, "decided") == ((), ())
    assert both(DISCLOSED, "item 5") == ((), ())
    assert both(DISCLOSED, "permits") == (("content",), ("item 5",))


def test_leading_headers_and_every_row_of_a_table_with_sections() -> None:
    assert DISCLOSED.column_paths() == [("content",), ("made",), ("void",), ("valid",)]
    assert DISCLOSED.row_paths() == [
        ("item 1",),
        ("content",),
        ("item 1", "rules"),
        ("item 5",),
        ("content",),
        ("item 5", "permits"),
    ]


def test_a_merged_data_cell_takes_headers_that_cover_it_or_those_of_its_first_column() -> None:
    wide = table("all | < | <\na | b | c\nsum | < | 1\n", 2, 0)
    assert wide.column_path(cell(wide, "sum")) == ("all",)
    split = table("a | b\nsum | <\n", 1, 0)
    assert split.column_path(cell(split, "sum")) == ("a",)


def test_empty_and_unread_headers_leave_no_gap() -> None:
    gaps = table(" | all | <\n | \\? | b\nr | 1 | 2\n", 2, 1)
    assert gaps.column_path(cell(gaps, "1")) == ("all",)
    assert gaps.column_path(cell(gaps, "2")) == ("all", "b")
    assert gaps.column_paths() == [(), ("all",), ("all", "b")]


def test_equal_texts_on_two_levels_both_count() -> None:
    same = table("x | <\nx | y\n1 | 2\n", 2, 0)
    assert same.column_path(cell(same, "1")) == ("x", "x")


def test_without_headers_there_are_no_paths() -> None:
    bare = table("1 | 2\n3 | 4\n", 0, 0)
    assert [both(bare, t) for t in "1234"] == [((), ())] * 4
    assert (bare.column_paths(), bare.row_paths()) == ([(), ()], [(), ()])


def test_a_place_has_the_headers_above_it() -> None:
    paths = Paths(DISCLOSED)
    assert [paths.column_at(5, c) for c in range(4)] == [("content",), *[("decided",)] * 3]
    assert (paths.run_above(5), paths.run_above(4), paths.run_above(4, own=True)) == (
        range(4, 5),
        range(1, 2),
        range(4, 4),
    )


def test_a_table_in_two_halves_names_each_half() -> None:
    texts = [["收入", "预算数", "支出", "预算数"], ["税收", "10", "教育", "7"], ["其他", "2", "卫生", "5"]]
    roles: list[list[Role]] = [
        ["corner", "column_header", "column_header", "column_header"],
        ["row_header", "data", "row_header", "data"],
        ["row_header", "data", "row_header", "data"],
    ]
    cells = tuple(Cell(r, c, texts[r][c], role=roles[r][c]) for r in range(3) for c in range(4))
    table = Table(3, 4, cells, header_rows=1, stub_cols=1)
    grid = table.grid()
    assert table.row_path(grid[1][1]) == ("税收",)
    assert table.row_path(grid[1][3]) == ("教育",)
    assert table.row_path(grid[2][2]) == ()
