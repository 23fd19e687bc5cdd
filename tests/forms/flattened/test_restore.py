from __future__ import annotations

from pathlib import Path
from random import Random

import pytest
from flattext import CHANGES, filled, flatten
from hypothesis import given, settings
from hypothesis import strategies as st
from reportforms import form_2019, form_2021

from biaoge.errors import TooLarge
from biaoge.eval.gridtext import read
from biaoge.forms.flattened import Restored, restore
from biaoge.forms.flattened.lines import LONGEST_LINE, MOST_LINES, MOST_TABS, fold
from biaoge.model import Table

ROOT = Path(__file__).resolve().parents[3]
FORMS = (form_2021(), form_2019())
LABELS = sorted((ROOT / "eval" / "truth").glob("*.1.grid"))


def labels_of(first: Path) -> list[Table]:
    return [read(first.with_name(first.name.replace(".1.grid", f".{n}.grid"))).table for n in (1, 2, 3)]


def as_text(tables: list[Table], lines: list[list[str]] | None = None) -> str:
    parts = lines or [flatten(table) for table in tables]
    return "\n".join(f"{table.caption}\n\n{chr(10).join(part)}\n" for table, part in zip(tables, parts, strict=True))


def shape(table: Table) -> object:
    spans = tuple((c.row, c.col, c.rowspan, c.colspan, c.role) for c in table.cells)
    return table.n_rows, table.n_cols, table.header_rows, table.stub_cols, table.caption, spans


def whole(table: Table) -> object:
    return shape(table), tuple(cell.text for cell in table.cells), table.column_paths(), table.row_paths()


def warned(restored: Restored, n: int) -> set[tuple[int, int]]:
    return {place for f in restored.findings if f.table == n and f.severity == "warning" for place in f.cells}


@pytest.mark.parametrize("first", LABELS, ids=lambda path: path.name[:3])
def test_flattened_labels_come_back_whole(first: Path) -> None:
    tables = labels_of(first)
    restored = restore(as_text(tables), FORMS)
    assert [whole(table) for table in restored.tables] == [whole(table) for table in tables]
    assert restored.form == ("report-2019" if first.name.startswith("002") else "report-2021")


@pytest.mark.parametrize("first", LABELS, ids=lambda path: path.name[:3])
def test_the_texts_people_have_come_back_whole(first: Path, data: Path) -> None:
    file = data.parent / "seeds" / first.name.replace(".1.grid", ".txt")
    if not file.is_file():
        pytest.skip(f"no {file.name}")
    restored = restore(file.read_text(encoding="utf-8"), FORMS)
    assert [whole(table) for table in restored.tables] == [whole(table) for table in labels_of(first)]


@settings(max_examples=12, deadline=None)
@given(
    first=st.sampled_from(LABELS),
    seed=st.integers(0, 2**32),
    changes=st.sets(st.sampled_from(range(len(CHANGES))), min_size=1, max_size=4),
)
def test_what_comes_out_is_right_or_warned_of(first: Path, seed: int, changes: set[int]) -> None:
    random = Random(seed)
    tables = [filled(table, random) for table in labels_of(first)]
    texts = [flatten(table) for table in tables]
    for change in sorted(changes):
        texts = [CHANGES[change](lines, random) for lines in texts]
    restored = restore(as_text(tables, texts), FORMS)
    by_caption = {table.caption: (n, table) for n, table in enumerate(restored.tables)}
    for table in tables:
        if table.caption not in by_caption:
            assert any(f.severity == "warning" and f.table is None for f in restored.findings)
            continue
        n, found = by_caption[table.caption]
        doubtful = warned(restored, n)
        if shape(found) != shape(table):
            assert any(f.severity == "warning" and f.table == n for f in restored.findings)
            continue
        for truth, cell in zip(table.cells, found.cells, strict=True):
            right = cell.text is None or fold(cell.text) == fold(truth.text or "")
            assert right or (cell.row, cell.col) in doubtful, (truth, cell)


def request_lines(row: str) -> str:
    """The third table with one row in other words."""
    tables = labels_of(LABELS[0])
    lines = flatten(tables[1])
    at = next(n for n, line in enumerate(lines) if "重复申请" in line)
    lines[at] = row
    return as_text(tables[1:2], [lines])


def values_of(restored: Restored, label: str) -> list[str | None]:
    table = restored.tables[0]
    row = next(cell.row for cell in table.cells if cell.role == "row_header" and label in (cell.text or ""))
    return [cell.text for cell in table.cells if cell.row == row and cell.role == "data"]


def test_tabs_tell_which_value_is_blank() -> None:
    restored = restore(request_lines("\t\t2.重复申请\t4\t\t0\t0\t0\t0\t4"), FORMS)
    assert values_of(restored, "重复申请") == ["4", "", "0", "0", "0", "0", "4"]
    assert [f.kind for f in restored.findings if f.severity == "warning" and f.table == 0] == ["value-blank"]


def test_without_tabs_a_blank_stays_open() -> None:
    restored = restore(request_lines("\t\t2.重复申请\t0\t\t0\t0\t0\t0\t0").replace("\t", " "), FORMS)
    assert values_of(restored, "重复申请") == [None] * 7
    (open_,) = [f for f in restored.findings if f.kind == "value-unplaced"]
    assert len(open_.cells) == 7


def test_sums_choose_between_placements() -> None:
    text = request_lines("\t\t2.重复申请\t4\t\t3\t0\t0\t0\t7").replace("\t", " ")
    total = next(line for line in text.splitlines() if "(七)" in line)
    assert total.split()[-7:] == ["0"] * 7
    restored = restore(text.replace(total, "(七) 总计 4 0 3 0 0 0 7"), FORMS)
    assert values_of(restored, "重复申请") == ["4", "", "3", "0", "0", "0", "7"]
    (doubt,) = [f for f in restored.findings if f.kind == "value-blank"]
    assert "sums" in doubt.message
    assert len(doubt.cells) == 7


def test_a_broken_sum_alters_no_value() -> None:
    restored = restore(request_lines("\t\t2.重复申请\t4\t0\t0\t0\t0\t0\t9"), FORMS)
    assert values_of(restored, "重复申请") == ["4", "0", "0", "0", "0", "0", "9"]


def test_too_many_values_are_not_placed() -> None:
    restored = restore(request_lines("\t\t2.重复申请\t1\t2\t3\t4\t5\t6\t7\t8"), FORMS)
    assert values_of(restored, "重复申请") == [None] * 7
    assert any(f.kind == "value-unplaced" for f in restored.findings)


def test_a_row_the_form_lacks_is_named_not_dropped_in_silence() -> None:
    restored = restore(
        request_lines("\t\t2.重复申请\t0\t0\t0\t0\t0\t0\t0\n\t\t新的一种情形\t1\t0\t0\t0\t0\t0\t1"), FORMS
    )
    (left,) = [f for f in restored.findings if f.kind == "line-left-out"]
    assert left.severity == "warning"
    assert "新的一种情形" in left.message


def test_text_of_no_form_gives_plain_grids() -> None:
    restored = restore("名单\n\n姓名\t电话\n甲\t1234\n乙\t\n\n只有一行\t没有表\n", FORMS)
    (table,) = restored.tables
    assert table.texts() == [["姓名", "电话"], ["甲", "1234"], ["乙", ""]]
    assert [f.kind for f in restored.findings] == ["form-unknown", "spans-unknown"]
    assert restored.form is None


@pytest.mark.parametrize("text", ["", "\n\n", "无表格的一段话。", "\t\t\n\t"])
def test_text_without_tables(text: str) -> None:
    restored = restore(text, FORMS)
    assert restored.tables == ()
    assert [f.kind for f in restored.findings] == ["form-unknown"]


def test_a_table_that_stands_in_the_text_twice_is_told() -> None:
    tables = labels_of(LABELS[0])
    restored = restore(as_text(tables) + "\n" + as_text(tables[1:2]).replace("\t", "  "), FORMS)
    assert [whole(table) for table in restored.tables[:3]] == [whole(table) for table in tables]
    assert [f.kind for f in restored.findings if f.kind.startswith("table")] == ["table-repeated"]


def test_a_caption_with_nothing_of_its_table_below_is_told() -> None:
    tables = labels_of(LABELS[0])
    text = as_text(tables[:2]) + f"\n{tables[2].caption}\n\n见附件。\n"
    told = [f for f in restore(text, FORMS).findings if f.kind.startswith("table")]
    assert [f.kind for f in told] == ["table-unread"]
    assert tables[2].caption is not None
    assert tables[2].caption in told[0].message
    (lacking,) = (f for f in restore(as_text(tables[:2]), FORMS).findings if f.kind.startswith("table"))
    assert lacking.kind == "table-missing"


def test_texts_beyond_the_limits_are_refused_and_long_lines_are_no_rows() -> None:
    for text in ("-\n" * (MOST_LINES + 1), "\t" * (MOST_TABS + 1)):
        with pytest.raises(TooLarge, match="cut it into documents"):
            restore(text, FORMS)
    assert restore("- " * LONGEST_LINE, FORMS).tables == ()
