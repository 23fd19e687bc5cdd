from __future__ import annotations

from pathlib import Path

import pytest

from biaoge.app.exports import duck
from biaoge.app.exports.rows import Exported, rows_of
from biaoge.app.exports.schema import DATASETS, SCHEMA

duckdb = pytest.importorskip("duckdb")
pytest.importorskip("pyarrow")


def test_all_rows_with_keys(one: Exported, hostile: Exported, tmp_path: Path) -> None:
    path = tmp_path / "it's.duckdb"
    duck.write([one, hostile], path)
    with duckdb.connect(str(path), read_only=True) as database:
        for dataset in DATASETS:
            held = database.execute(f"SELECT {', '.join(dataset.names)} FROM {dataset.name} ORDER BY ALL").fetchall()
            rows = [tuple(row) for source in (one, hostile) for row in dict(rows_of(source))[dataset.name]]
            assert sorted(held, key=repr) == sorted((_typed(row) for row in rows), key=repr), dataset.name
        assert database.execute("SELECT value FROM biaoge").fetchall() == [(SCHEMA,)]
        kinds = database.execute("SELECT constraint_type, count(*) FROM duckdb_constraints() GROUP BY 1").fetchall()
        assert dict(kinds)["FOREIGN KEY"] >= sum(len(dataset.refs) for dataset in DATASETS)
    assert [path.name for path in tmp_path.iterdir()] == ["it's.duckdb"]


def _typed(row: tuple[object, ...]) -> tuple[object, ...]:
    """As the database gives it back: floats, decimals of all ten places."""
    from decimal import Decimal

    return tuple(value.quantize(Decimal("1E-10")) if isinstance(value, Decimal) else value for value in row)
