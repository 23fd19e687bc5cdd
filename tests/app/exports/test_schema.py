from __future__ import annotations

from pathlib import Path

from biaoge.app.exports.schema import DATASETS, SCHEMA, create_table, package


def test_keys_and_references_name_columns_that_are_there() -> None:
    known = {dataset.name: dataset for dataset in DATASETS}
    for number, dataset in enumerate(DATASETS):
        assert len(set(dataset.names)) == len(dataset.names)
        assert set(dataset.key) <= {column.name for column in dataset.columns if not column.null}
        for columns, other in dataset.refs:
            assert set(columns) <= set(dataset.names)
            assert columns == known[other].key, f"{dataset.name} points to what is no key of {other}"
            assert [one.name for one in DATASETS].index(other) < number, "rows must be written after what they name"


def test_create_table() -> None:
    parts = next(dataset for dataset in DATASETS if dataset.name == "parts")
    assert create_table(parts, "postgres").splitlines()[1:3] == [
        "  sha256 text NOT NULL,",
        "  table_no integer NOT NULL,",
    ]
    assert create_table(parts, "duckdb").splitlines()[-2].strip() == "FOREIGN KEY (sha256, table_no) REFERENCES tables"


def test_every_column_is_documented(root: Path) -> None:
    text = (root / "docs" / "export.md").read_text(encoding="utf-8")
    assert SCHEMA in text
    for dataset in DATASETS:
        section = text.split(f"### {dataset.name}\n")[1].split("\n#")[0]
        for column in dataset.columns:
            row = f"| {column.name} | {column.kind}{' or nothing' if column.null else ''} | {column.means} |"
            assert row in section, f"{dataset.name}: {row}"


def test_the_package_holds_all() -> None:
    held = package()
    assert held["schema"] == SCHEMA
    assert [one["name"] for one in held["datasets"]] == [dataset.name for dataset in DATASETS]  # type: ignore[attr-defined]
