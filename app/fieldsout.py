"""Named fields as records: one a document, as lines a field (long) or as lines a document (wide)."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any, Literal

from biaoge.app.jsonfacts import check_to_dict, fields_to_dict, number_out
from biaoge.app.jsonout import finding_to_dict
from biaoge.errors import MissingExtra, UsageError
from biaoge.model import Document
from biaoge.text import writable

FieldFormat = Literal["jsonl", "csv", "parquet"]
LONG = (
    *("file", "form", "field", "label", "value", "unit", "text", "table", "row", "col", "page", "confidence"),
    *("source", "verified"),
)
"""The columns of the long form."""
WIDE = ("file", "form", "fields", "broken", "warnings")
"""The columns before the fields in the wide form: how many fields, sums that do not hold, warnings."""
_DIGITS, _PLACES = 38, 10
"""Of decimals in Parquet: as many digits as 16 bytes hold, so many of them after the point."""

Row = dict[str, Any]
"""Column to value."""


def record(document: Document, file: str) -> Row:
    """What one document says, as `biaoge fields` prints it on one line."""
    return {
        "file": file,
        "form": document.form,
        "fields": fields_to_dict(document.facts),
        "checks": [check_to_dict(check) for check in document.checks],
        "findings": [finding_to_dict(finding) for finding in document.findings],
    }


def json_line(document: Document, file: str) -> str:
    """`record` as one line of JSON, halves of surrogate pairs replaced."""
    return writable(json.dumps(record(document, file), ensure_ascii=False)) + "\n"


def long_rows(document: Document, file: str) -> list[Row]:
    """A row for each field; none for a document whose form is not known."""
    sources = {
        (number, cell.row, cell.col): cell.source
        for number, table in enumerate(document.tables)
        for cell in table.cells
    }
    return [
        {
            "file": file,
            "form": document.form,
            "field": fact.name,
            "label": fact.label,
            "value": fact.value,
            "unit": fact.unit,
            "text": fact.text,
            "table": fact.place.table,
            "row": fact.place.row,
            "col": fact.place.col,
            "page": fact.page,
            "confidence": round(fact.confidence, 4),
            "source": sources.get((fact.place.table, fact.place.row, fact.place.col)),
            "verified": bool(fact.verified),
        }
        for fact in document.facts
    ]


def wide_row(document: Document, file: str) -> Row:
    """One row: counts, then the value of each field by its name; a text where a field holds no number."""
    out: Row = {
        "file": file,
        "form": document.form,
        "fields": len(document.facts),
        "broken": sum(check.holds is False for check in document.checks),
        "warnings": sum(finding.severity != "info" for finding in document.findings),
    }
    for fact in document.facts:
        out[fact.name] = fact.value
    return out


def columns_of(rows: Iterable[Row], first: Sequence[str]) -> list[str]:
    """`first`, then every other key in the order in which it is first met."""
    seen = dict.fromkeys(first)
    for row in rows:
        seen.update(dict.fromkeys(row))
    return list(seen)


def to_csv(rows: Sequence[Row], columns: Sequence[str], head: bool = True) -> str:
    """The rows as CSV (UTF-8 with a byte-order mark before the head); nothing stands for what is not known."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    if head:
        writer.writerow(columns)
    writer.writerows([_plain(row.get(column)) for column in columns] for row in rows)
    return ("\N{ZERO WIDTH NO-BREAK SPACE}" if head else "") + out.getvalue()


def _plain(value: object) -> object:
    if isinstance(value, bool):
        return str(value).lower()
    return number_out(value) if isinstance(value, Decimal) else value


def write_parquet(rows: Sequence[Row], columns: Sequence[str], path: Path) -> None:
    """The rows as a Parquet file; MissingExtra without pyarrow.

    Numbers of fields are decimals, whole ones too, so that they stay exact and files of many runs fit together.
    """
    try:
        import pyarrow as pa
        import pyarrow.parquet as pq
    except ImportError:
        raise MissingExtra('Parquet needs pyarrow: pip install "biaoge[parquet]"') from None
    kinds = {
        **dict.fromkeys(("table", "row", "col", "page", "fields", "broken", "warnings"), pa.int32()),
        **dict.fromkeys(("file", "form", "field", "label", "unit", "text", "source"), pa.string()),
        "confidence": pa.float64(),
        "verified": pa.bool_(),
    }
    number = pa.decimal128(_DIGITS, _PLACES)
    schema = pa.schema([(column, kinds.get(column, number)) for column in columns])
    held = {
        column: [_exact(row.get(column)) if schema.field(column).type == number else row.get(column) for row in rows]
        for column in columns
    }
    pq.write_table(pa.table(held, schema=schema), path, compression="zstd")


def _exact(value: int | Decimal | None) -> Decimal | None:
    """The number as a decimal; UsageError where it has more digits than a column can hold."""
    if value is None:
        return None
    exact = Decimal(value)
    if abs(exact) >= Decimal(10) ** (_DIGITS - _PLACES) or exact != round(exact, _PLACES):
        raise UsageError(f"{exact} has more digits than a Parquet decimal of {_PLACES} places holds; write --to csv")
    return exact
