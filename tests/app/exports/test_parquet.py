from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest

from biaoge.app.exports import batches, parquet
from biaoge.app.exports.rows import Exported, rows_of
from biaoge.app.exports.schema import DATASETS

pytest.importorskip("pyarrow")


def many(one: Exported, count: int) -> list[Exported]:
    """Copies with a SHA-256 each, of two forms and of none in turn."""
    forms = ("small-form", None, "年 报/x=%")
    return [Exported(one.name, f"{n:064x}", replace(one.document, form=forms[n % len(forms)])) for n in range(count)]


def test_pandas_reads_every_dataset(one: Exported, tmp_path: Path) -> None:
    pd = pytest.importorskip("pandas")
    parquet.write(many(one, 6), tmp_path)
    for dataset in DATASETS:
        frame = pd.read_parquet(tmp_path / dataset.name)
        assert tuple(frame.columns) == (*dataset.names, "by_form")
        assert len(frame) == 6 * len(dict(rows_of(one))[dataset.name])
    cells = pd.read_parquet(tmp_path / "cells", filters=[("by_form", "==", "small-form")])
    assert len(cells) == 2 * 12
    assert set(cells["number"].dropna()) == {Decimal("-1234.0000000000")}
    assert set(pd.read_parquet(tmp_path / "documents")["by_form"]) == {"small-form", "none", "年 报/x=%"}


def test_polars_reads_it(one: Exported, tmp_path: Path) -> None:
    pl = pytest.importorskip("polars")
    parquet.write(many(one, 3), tmp_path)
    frame = pl.read_parquet(tmp_path / "cells" / "**" / "*.parquet", hive_partitioning=True)
    assert frame.height == 3 * 12
    assert frame["number"].sum() == Decimal(-1234 * 3)


def test_duckdb_reads_it(one: Exported, tmp_path: Path) -> None:
    duckdb = pytest.importorskip("duckdb")
    parquet.write(many(one, 3), tmp_path)
    files = f"{tmp_path}/cells/*/*.parquet"
    sql = f"SELECT count(*), sum(number), max(len(row_path)) FROM read_parquet('{files}', hive_partitioning = true)"
    with duckdb.connect() as database:
        assert database.execute(sql).fetchone() == (36, Decimal(-1234 * 3), 3)


def test_small_batches_and_few_open_files_give_the_same_rows(
    one: Exported, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import pyarrow.parquet as pq

    parquet.write(many(one, 9), tmp_path)
    monkeypatch.setattr(batches, "ROWS", 1)
    monkeypatch.setattr(parquet, "OPEN_FILES", 2)
    monkeypatch.setattr(parquet, "ROWS_PER_FILE", 30)
    (tmp_path / "other").mkdir()
    parquet.write(many(one, 9), tmp_path / "other")
    assert len(list((tmp_path / "other" / "cells").rglob("*.parquet"))) == 9
    for dataset in DATASETS:
        whole, pieces = (pq.read_table(where / dataset.name) for where in (tmp_path, tmp_path / "other"))
        order = [(name, "ascending") for name in dataset.key]
        assert whole.sort_by(order).to_pylist() == pieces.sort_by(order).to_pylist()


def test_no_documents_still_have_a_schema(tmp_path: Path) -> None:
    import pyarrow.parquet as pq

    parquet.write([], tmp_path)
    for dataset in DATASETS:
        table = pq.read_table(tmp_path / dataset.name)
        assert (table.num_rows, tuple(table.column_names)) == (0, (*dataset.names, "by_form"))


def test_forms_lead_nowhere(hostile: Exported, tmp_path: Path) -> None:
    inside = tmp_path / "inside"
    inside.mkdir()
    parquet.write([hostile], inside)
    assert [path.name for path in tmp_path.iterdir()] == ["inside"]
    assert [path.name for path in (inside / "cells").iterdir()] == ["by_form=..%2Fform%3Dx"]
