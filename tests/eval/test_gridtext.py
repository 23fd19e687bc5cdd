from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from biaoge.errors import LabelError
from biaoge.eval.escapes import escape, unescape
from biaoge.eval.gridtext import Label, dumps, loads, read
from biaoge.model import Cell, Role, Table

ROLES: tuple[Role, ...] = ("corner", "column_header", "row_header", "section", "data")
texts = st.none() | st.text(max_size=6) | st.text("<^+|\\ \t\n\r-esu{}?0\u3000\u2028表", max_size=5)
words = st.from_regex(r"[a-z0-9_表-]+", fullmatch=True)


@st.composite
def tables(draw: st.DrawFn) -> Table:
    """Any tiling of a small grid with any roles."""
    n_rows, n_cols = draw(st.integers(1, 5)), draw(st.integers(1, 5))
    taken: set[tuple[int, int]] = set()
    cells = []
    for r in range(n_rows):
        for c in range(n_cols):
            if (r, c) not in taken:
                free = next((k for k in range(c, n_cols) if (r, k) in taken), n_cols) - c
                rows, cols = draw(st.integers(1, n_rows - r)), draw(st.integers(1, free))
                taken.update((y, x) for y in range(r, r + rows) for x in range(c, c + cols))
                role = draw(st.sampled_from(ROLES))
                cells.append(Cell(r, c, draw(texts), rows, cols, role, source="hand"))
    header_rows, stub_cols = draw(st.integers(0, n_rows)), draw(st.integers(0, n_cols))
    return Table(n_rows, n_cols, tuple(cells), header_rows, stub_cols, draw(texts))


labels = st.builds(
    Label,
    table=tables(),
    source=words,
    ordinal=st.integers(1, 99),
    labeller=st.text(max_size=4),
    status=st.sampled_from(["single", "double", "adjudicated"]),
    page=st.none() | st.integers(1, 99),
    tags=st.lists(words, max_size=3).map(tuple),
    note=st.none() | st.text(max_size=4),
)


@settings(max_examples=60, deadline=None)
@given(labels)
def test_any_label_comes_back(label: Label) -> None:
    text = dumps(label)
    assert loads(text) == label
    assert dumps(loads(text)) == text


@settings(max_examples=60, deadline=None)
@given(labels)
def test_files_are_plain_lines_without_blanks_at_the_end(label: Label) -> None:
    lines = dumps(label).encode("utf-8").decode("utf-8").split("\n")
    assert lines.pop() == ""
    assert all(line and line == line.strip(" ") and line.splitlines() == [line] for line in lines)
    assert len(lines) == lines.index("---", 1) + 1 + label.table.n_rows


@settings(max_examples=200, deadline=None)
@given(texts)
def test_any_text_is_escaped_into_one_cell(text: str | None) -> None:
    assert unescape(escape(text)) == text
    assert escape(text) not in ("<", "^", "+")


FRONT = """\
---
source: report
table: 1
header_rows: 2
stub_cols: 1
labeller: a
status: single
---
"""


def rows(*lines: str) -> Label:
    return loads(FRONT + "\n".join(lines) + "\n", "x.grid")


def test_roles_follow_from_the_front_matter() -> None:
    label = rows("k | n | <", "^ | a | b", "x | 1 | 2")
    assert [c.role for c in label.table.cells] == [
        *("corner", "column_header", "column_header", "column_header", "row_header", "data", "data"),
    ]
    assert {c.source for c in label.table.cells} == {"hand"}


def test_cells_may_be_lined_up_and_files_may_come_from_windows() -> None:
    loose = FRONT.replace("\n", "\r\n") + "k\t|  n |<\r\n^ | a   | b\r\n|1||2\r\n".replace("||", "|") + "\r\n \r\n"
    assert loads(loose) == rows("k | n | <", "^ | a | b", " | 1 | 2")


@pytest.mark.parametrize(
    ("lines", "message"),
    [
        (["a | <", "b | ^"], "x.grid:10: cell 2: '^' but the cell above ends at row 0 (it begins in cell 1)"),
        (["a | b", "^ | <"], "x.grid:10: cell 2: '<' but the cell on the left ends at cell 1 (it begins in row 0)"),
        (["^ | b", "c | d"], "x.grid:9: cell 1: '^' in the first row"),
        (["a | b", "< | d"], "x.grid:10: cell 1: '<' in the first cell of a row"),
        (["a | +", "c | d"], "x.grid:9: cell 2: '+' but no merge of both directions covers this cell"),
        (["a | <", "^ | d"], "x.grid:10: cell 2: '+' expected: the merge that begins in line 9, cell 1 covers it"),
        (["a | <", "^ | <"], "x.grid:10: cell 2: '+' expected: the merge that begins in line 9, cell 1 covers it"),
        (["a | b", "c | d | e"], "x.grid:10: 3 cells, but the first row has 2"),
        (["a | b", "", "c | d"], "x.grid:10: blank line among the rows; a row of one empty cell is written '\\e'"),
        (["a | b\\q", "c | d"], "x.grid:9: cell 2: unknown escape '\\q'; a backslash is written '\\\\'"),
        (["a | \\u{110000}", "c | d"], "x.grid:9: cell 2: unknown escape '\\u'; a backslash is written '\\\\'"),
        (["a | b"], "x.grid:4: header_rows: 2, but the table has only 1"),
    ],
)
def test_errors_in_rows_name_line_and_cell(lines: list[str], message: str) -> None:
    with pytest.raises(LabelError) as caught:
        rows(*lines)
    assert str(caught.value) == message


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("status: single", "status: done", "x.grid: status 'done' is none of single, double, adjudicated"),
        ("status: single", "colour: red", "x.grid:7: unknown key 'colour'; known are source, "),
        ("status: single", "labeller: b", "x.grid:7: key 'labeller' stands there twice"),
        ("status: single", "status", "x.grid:7: 'key: value' expected, not 'status'"),
        ("status: single\n", "", "x.grid:7: front matter without status"),
        ("table: 1", "table: one", "x.grid:3: table: 'one' is not a number"),
        ("table: 1", "table: 0", "x.grid: tables and pages count from 1"),
        ("source: report", "source: a b", "x.grid: source 'a b' must be one word"),
        ("labeller: a", "labeller: a\nsections: 1-7", "x.grid:7: sections: '1-7' does not lie in rows 0-2"),
        ("labeller: a", "labeller: a\nsections: x", "x.grid:7: sections: 'x' is no row or range of rows"),
        ("labeller: a", "labeller: a\nsections: 0\nheaders: 0-1", "x.grid:8: row 0 is both a header and a section"),
        ("labeller: a", "labeller: a\nroles: 0,2 data", "x.grid:7: roles: no cell begins at row 0, column 2"),
        ("labeller: a", "labeller: a\nroles: 0,0 king", "x.grid:7: roles: '0,0 king' is not 'row,column role'"),
        ("---\n", "", "x.grid:1: must begin with a line '---'"),
        ("status: single\n---\n", "status: single\n", "x.grid:8: 'key: value' expected, not 'k | n | <'"),
    ],
)
def test_errors_in_the_front_matter_name_the_line(old: str, new: str, message: str) -> None:
    text = (FRONT + "k | n | <\n^ | a | b\nx | 1 | 2\n").replace(old, new, 1)
    with pytest.raises(LabelError) as caught:
        loads(text, "x.grid")
    assert str(caught.value).startswith(message)


def test_front_matter_alone() -> None:
    with pytest.raises(LabelError, match=r"x\.grid:8: no rows after the front matter"):
        loads(FRONT, "x.grid")
    with pytest.raises(LabelError, match=r"x\.grid:7: front matter without its closing '---'"):
        loads(FRONT.removesuffix("---\n"), "x.grid")


def test_read_names_the_file(tmp_path: Path) -> None:
    good, bad = tmp_path / "good.grid", tmp_path / "bad.grid"
    good.write_text("\ufeff" + FRONT + "表\n<br>\n", encoding="utf-8")
    assert read(good).table.texts() == [["表"], ["<br>"]]
    bad.write_bytes(FRONT.encode() + "表".encode("gbk"))
    with pytest.raises(LabelError, match=r"bad\.grid: not UTF-8 at byte"):
        read(bad)
    with pytest.raises(LabelError, match=r"none\.grid: No such file"):
        read(tmp_path / "none.grid")


def documented() -> list[str]:
    """The fenced examples of docs/gridtext.md."""
    text = (Path(__file__).parents[2] / "docs" / "gridtext.md").read_text(encoding="utf-8")
    return [block.split("\n", 1)[1] for block in text.split("```")[1::2]]


def test_the_documented_example_reads_as_documented() -> None:
    grid, html = documented()
    label = loads(grid, "docs/gridtext.md")
    assert label.table.to_html() == html
    assert dumps(label).replace(" ", "") == grid.replace(" ", "")
