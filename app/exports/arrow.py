"""Rows as Arrow tables: the way into Parquet and DuckDB."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from biaoge.app.exports.rows import Row
from biaoge.app.exports.schema import DIGITS, PLACES, SCHEMA, Dataset
from biaoge.errors import InputError, MissingExtra

if TYPE_CHECKING:
    import pyarrow


def arrow() -> Any:
    """The module pyarrow; MissingExtra where it is not installed."""
    try:
        import pyarrow
    except ImportError:
        raise MissingExtra('this needs pyarrow: pip install "biaoge[parquet]"') from None
    return pyarrow


def schema_of(dataset: Dataset) -> pyarrow.Schema:
    """The dataset's columns as an Arrow schema, which bears the name of ours."""
    pa = arrow()
    kinds = {
        "text": pa.string(),
        "int": pa.int32(),
        "float": pa.float64(),
        "bool": pa.bool_(),
        "number": pa.decimal128(DIGITS, PLACES),
        "path": pa.list_(pa.string()),
    }
    fields = [pa.field(one.name, kinds[one.kind], one.null) for one in dataset.columns]
    return pa.schema(fields, {"biaoge.schema": SCHEMA, "biaoge.dataset": dataset.name})


def table_of(dataset: Dataset, rows: Sequence[Row], schema: pyarrow.Schema) -> pyarrow.Table:
    """The rows as a table of `schema`; InputError where a value is not of its column's type."""
    pa = arrow()
    columns = list(zip(*rows, strict=True)) if rows else [()] * len(dataset.columns)
    arrays = []
    for name, values in zip(dataset.names, columns, strict=True):
        try:
            arrays.append(pa.array(values, schema.field(name).type))
        except (pa.ArrowInvalid, pa.ArrowTypeError, OverflowError) as error:
            raise InputError(f"{dataset.name}.{name}: {error}; extract the file again") from error
    return pa.Table.from_arrays(arrays, schema=schema)
