"""A drafted form loads, and matches the document it was drafted from."""

from __future__ import annotations

from pathlib import Path

import pytest
from formtables import drawn, truth
from hypothesis import given, settings
from hypothesis import strategies as st

from biaoge.forms.draft import draft
from biaoge.forms.load import as_name, parse
from biaoge.forms.match import match
from biaoge.model import Cell, Role, Table


@pytest.mark.parametrize("document", ["000", "002"])
def test_a_report(root: Path, document: str) -> None:
    tables = truth(root, document)
    form = parse(draft(tables, "mine"), "draft")
    found = match(tables, form)
    assert (form.name, found.score, found.findings) == ("mine", 1.0, ())
    assert len(found.bound) == (198 if document == "002" else 200)
    assert len({(one.place.table, one.place.row, one.place.col) for one in found}) == len(found.bound)


def test_names_with_quotes_and_types() -> None:
    table = drawn("""#a | ^b"c | ^d\\e\n@x | 1 | 2.5""", 'A "caption"')
    form = parse(draft((table,), "mine"), "draft")
    assert form.tables[0].type == "decimal"
    assert form.tables[0].captions == ('A "caption"',)
    assert [node.names[0] for node in form.tables[0].columns] == ['b"c', "d\\e"]
    assert len(match((table,), form).bound) == 2


def test_nothing_to_draft_says_so() -> None:
    assert "No table with named columns was found" in draft((), "mine")


@settings(max_examples=60, deadline=None)
@given(st.lists(st.lists(st.text(max_size=6), min_size=3, max_size=3), min_size=2, max_size=5))
def test_any_text_in_print_is_valid_toml(texts: list[list[str]]) -> None:
    def role(row: int, col: int) -> Role:
        return "column_header" if row == 0 else "row_header" if col == 0 else "data"

    cells = tuple(Cell(r, c, text, role=role(r, c)) for r, row in enumerate(texts) for c, text in enumerate(row))
    drafted = draft((Table(len(texts), 3, cells, 1, 1),), "mine")
    if "[[table]]\nkey" in drafted:
        assert parse(drafted, "draft").tables


def test_a_name_is_made_of_a_files() -> None:
    assert (as_name("Report 2024 (final)"), as_name("部门")) == ("report-2024-final", "form")
