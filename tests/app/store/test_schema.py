"""The tables as docs/store.md tells them."""

from __future__ import annotations

import re
from pathlib import Path

from biaoge.app.store.open import Store
from biaoge.app.store.query import tables
from biaoge.app.store.schema import PARTS, STATES, VERSION


def test_every_column_is_told(store: Store, root: Path) -> None:
    text = (root / "docs" / "store.md").read_text(encoding="utf-8")
    sections = {part.split("\n", 1)[0]: part for part in text.split("\n### ")[1:]}
    there: dict[str, set[str]] = {}
    for table, column, _ in tables(store).rows:
        there.setdefault(str(table), set()).add(str(column))
    assert set(there) == {"runs", "files", "documents", *PARTS, "file_states"}
    for table, columns in there.items():
        (section,) = [part for head, part in sections.items() if table in head.split(", ")]
        told = next((line for line in section.splitlines() if line.startswith(f"| `{table}` |")), section)
        told = told.split("## Questions")[0]
        names = set(re.findall(r"`([a-z0-9_]+)`", told)) - {table}
        assert columns <= names | {"tables"}, table
    assert f"`PRAGMA user_version` is {VERSION}." in text
    assert [state for state in STATES if f"| `{state}` |" not in text] == []


def test_the_schema_is_that_of_its_version(store: Store) -> None:
    """Whoever changes a table counts the version up, or adds at the end."""
    found = {table: columns for table, columns in _columns(store).items() if table in ("documents", "cells")}
    assert found["documents"][:6] == ["document", "sha256", "settings", "version", "key", "state"]
    assert found["cells"][:4] == ["document", "table_no", "row_no", "col_no"]
    assert (VERSION, len(found["documents"]), len(found["cells"])) == (1, 22, 18)


def _columns(store: Store) -> dict[str, list[str]]:
    out: dict[str, list[str]] = {}
    for table, column, _ in tables(store).rows:
        out.setdefault(str(table), []).append(str(column))
    return out
