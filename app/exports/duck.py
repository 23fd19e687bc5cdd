"""DuckDB: all datasets as tables of one file, with keys."""

from __future__ import annotations

from pathlib import Path

from biaoge.app.exports.arrow import arrow, schema_of, table_of
from biaoge.app.exports.batches import batches
from biaoge.app.exports.rows import Source
from biaoge.app.exports.schema import DATASETS, SCHEMA, create_table
from biaoge.errors import MissingExtra

STORAGE = "v1.0.0"
"""Of the file: what every DuckDB from 1.0 on can open."""
MEMORY = "1GB"
"""That DuckDB may use; it writes what does not fit to disk."""


def write(source: Source, target: Path) -> None:
    """Write the database `target`, which is not there yet."""
    arrow()
    try:
        import duckdb
    except ImportError:
        raise MissingExtra('this needs duckdb: pip install "biaoge[duckdb]"') from None
    database = duckdb.connect(config={"memory_limit": MEMORY, "temp_directory": str(target.parent / "spill")})
    try:
        place = str(target).replace("'", "''")
        database.execute(f"ATTACH '{place}' AS made (STORAGE_VERSION '{STORAGE}')")
        database.execute("USE made")
        database.execute("CREATE TABLE biaoge (key VARCHAR PRIMARY KEY, value VARCHAR NOT NULL)")
        database.execute("INSERT INTO biaoge VALUES ('schema', ?)", [SCHEMA])
        for dataset in DATASETS:
            database.execute(create_table(dataset, "duckdb"))
            for column in dataset.columns:
                means = column.means.replace("'", "''")
                database.execute(f"COMMENT ON COLUMN {dataset.name}.{column.name} IS '{means}'")
        schemas = {dataset.name: schema_of(dataset) for dataset in DATASETS}
        for batch in batches(source):
            for dataset in DATASETS:
                if batch[dataset.name]:
                    database.register("batch", table_of(dataset, batch[dataset.name], schemas[dataset.name]))
                    database.execute(f"INSERT INTO {dataset.name} SELECT * FROM batch")
                    database.unregister("batch")
        database.execute("USE memory")
        database.execute("DETACH made")
    finally:
        database.close()
