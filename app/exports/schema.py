"""The schema of the tidy rows, `biaoge-rows/1`: which datasets there are, their columns, keys and what they mean.

It only grows; a column that goes or changes its meaning is `biaoge-rows/2`. Parquet, CSV, DuckDB and the SQL for
PostgreSQL are all made from it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

SCHEMA = "biaoge-rows/1"
DIGITS, PLACES = 38, 10
"""Of `number` columns: as many digits as 16 bytes hold, so many of them after the point."""
JOINT = " / "
"""Between the steps of a header path, where a format has no lists."""

Kind = Literal["text", "int", "float", "bool", "number", "path"]
"""`number`: an exact decimal of `DIGITS` and `PLACES`; `path`: a list of texts."""


@dataclass(frozen=True, slots=True)
class Column:
    """A column; `null`: whether it may hold nothing."""

    name: str
    kind: Kind
    means: str
    null: bool = False


@dataclass(frozen=True, slots=True)
class Dataset:
    """Rows of one shape. `key`: the columns that tell a row; `refs`: (columns, dataset) that they point to."""

    name: str
    means: str
    columns: tuple[Column, ...]
    key: tuple[str, ...]
    refs: tuple[tuple[tuple[str, ...], str], ...] = ()

    @property
    def names(self) -> tuple[str, ...]:
        """The columns' names in order."""
        return tuple(column.name for column in self.columns)


def _columns(text: str) -> tuple[Column, ...]:
    """Columns from lines of `name kind[?] what it means`; `?`: it may hold nothing."""
    out = []
    for line in text.strip().splitlines():
        name, kind, means = line.split(maxsplit=2)
        out.append(Column(name, kind.removesuffix("?"), means, kind.endswith("?")))  # type: ignore[arg-type]
    return tuple(out)


_SHA = "sha256 text SHA-256 of the file that was read"
_BOX = """
page_no int? page of the first region, from 1
x0 float? left edge there, points from the left of the page
top float? upper edge, points from the top
x1 float? right edge
bottom float? lower edge
"""
_TABLE, _CELL = ("sha256", "table_no"), ("sha256", "table_no", "row_no", "col_no")
_OF_DOCUMENT, _OF_TABLE, _OF_CELL = (("sha256",), "documents"), (_TABLE, "tables"), (_CELL, "cells")

DATASETS: tuple[Dataset, ...] = (
    Dataset(
        "documents",
        "a row for each file",
        _columns(f"""
{_SHA}
name text name of the file, without folders
form text? the form it was recognised as
pages int how many pages the file has
pages_read int how many of them were read
tables int how many tables were found
cells int how many cells they have
unread int cells that could not be read
fields int named fields
checks int sums that were looked at
broken int sums that do not hold
findings int findings of any severity
warnings int findings that are warnings or errors
"""),
        ("sha256",),
    ),
    Dataset(
        "pages",
        "a row for each page",
        _columns(f"""
{_SHA}
page_no int from 1
width float points
height float points
rotation int degrees, as the file says
route text text, ocr, mixed, empty or flattened
skew float degrees
usable bool whether the page's own text could be used
reason text why, in a word
blocks int pieces of text outside tables
"""),
        ("sha256", "page_no"),
        (_OF_DOCUMENT,),
    ),
    Dataset(
        "blocks",
        "a row for each piece of text outside tables, in reading order",
        _columns(f"""
{_SHA}
page_no int from 1
block_no int from 0 on each page
kind text heading, paragraph, caption, list_item, running_head, running_foot or page_number
level int? depth of a heading, 1 the highest
text text as printed, lines joined
x0 float left edge, points from the left of the page
top float upper edge, points from the top
x1 float right edge
bottom float lower edge
"""),
        ("sha256", "page_no", "block_no"),
        ((("sha256", "page_no"), "pages"),),
    ),
    Dataset(
        "tables",
        "a row for each table",
        _columns(f"""
{_SHA}
table_no int from 0 in the document
n_rows int rows
n_cols int columns
header_rows int leading rows that hold column headers
stub_cols int leading columns that name the rows
caption text? as printed
kind text ruled or spaced
confidence float from 0 to 1
first_page int? page it begins on
last_page int? page it ends on
"""),
        _TABLE,
        (_OF_DOCUMENT,),
    ),
    Dataset(
        "parts",
        "a row for each piece of a table on a page",
        _columns(f"""
{_SHA}
table_no int from 0
part_no int from 0
page_no int page of the piece
first_row int first row it shows, from 0
last_row int last row it shows, included
x0 float left edge, points from the left of the page
top float upper edge, points from the top
x1 float right edge
bottom float lower edge
"""),
        (*_TABLE, "part_no"),
        (_OF_TABLE,),
    ),
    Dataset(
        "cells",
        "a row for each cell; a merged cell is one row, at its top left place",
        _columns(f"""
{_SHA}
table_no int from 0
row_no int from 0
col_no int from 0
rowspan int rows it covers
colspan int columns it covers
role text corner, column_header, row_header, section or data
text text? as printed; empty for an empty cell, nothing for one that could not be read
number number? what the text says as a number, exact; of 12.5% it is 0.125
column_path path headers above it, outermost first
row_path path section and stub left of it, outermost first
{_BOX.strip()}
regions int pieces it has; more than one where a page break cut it
confidence float from 0 to 1
source text text, ocr, hand or repaired
verified bool whether a sum confirms its number
raw text? what was read before it was mended, where source is repaired
"""),
        _CELL,
        (_OF_TABLE,),
    ),
    Dataset(
        "fields",
        "a row for each named field of the document's form",
        _columns(f"""
{_SHA}
field text dotted name, the same in every document of the form
label text path in the document's own words
value number? the number, exact; nothing where the cell holds none
unit text? of the number
text text? as printed; nothing for a cell that could not be read
table_no int cell it stands in
row_no int its row
col_no int its column
page_no int? its page
confidence float from 0 to 1
source text? of the cell: text, ocr, hand or repaired
verified bool whether a sum confirms it
"""),
        ("sha256", "field"),
        (_OF_CELL,),
    ),
    Dataset(
        "checks",
        "a row for each sum that must hold",
        _columns(f"""
{_SHA}
check_no int from 0
rule text name of the sum
label text the sum in words
holds bool? nothing where a number is missing
certain bool whether a form states it; otherwise told from names
expected number? what the parts make
found number? what the total says
verdict text ok, source, misread or unknown
"""),
        ("sha256", "check_no"),
        (_OF_DOCUMENT,),
    ),
    Dataset(
        "check_cells",
        "a row for each cell of each sum",
        _columns(f"""
{_SHA}
check_no int the sum
place_no int from 0
side text total, part or less
table_no int the cell
row_no int its row
col_no int its column
"""),
        ("sha256", "check_no", "place_no"),
        ((("sha256", "check_no"), "checks"), _OF_CELL),
    ),
    Dataset(
        "findings",
        "a row for whatever was repaired, dropped, doubtful or contradictory",
        _columns(f"""
{_SHA}
finding_no int from 0
kind text a word; see docs/output.md
severity text info, warning or error
message text for people
page_no int? where
table_no int? which table
cells int how many cells it names
suggestion text? what may be right instead
"""),
        ("sha256", "finding_no"),
        (_OF_DOCUMENT,),
    ),
    Dataset(
        "finding_cells",
        "a row for each place in a table that a finding names",
        _columns(f"""
{_SHA}
finding_no int the finding
place_no int from 0
table_no int? the table
row_no int row of the place
col_no int column of the place
"""),
        ("sha256", "finding_no", "place_no"),
        ((("sha256", "finding_no"), "findings"),),
    ),
)

_SQL = {
    "duckdb": {"text": "VARCHAR", "int": "INTEGER", "float": "DOUBLE", "bool": "BOOLEAN", "path": "VARCHAR[]"},
    "postgres": {"text": "text", "int": "integer", "float": "double precision", "bool": "boolean", "path": "text"},
}


def sql_type(kind: Kind, dialect: Literal["duckdb", "postgres"]) -> str:
    """The SQL type of a column."""
    return f"DECIMAL({DIGITS}, {PLACES})" if kind == "number" else _SQL[dialect][kind]


def create_table(dataset: Dataset, dialect: Literal["duckdb", "postgres"], refs: bool = True) -> str:
    """`CREATE TABLE` with its primary key and, with `refs`, its foreign keys."""
    lines = [
        f"  {column.name} {sql_type(column.kind, dialect)}{'' if column.null else ' NOT NULL'}"
        for column in dataset.columns
    ]
    lines.append(f"  PRIMARY KEY ({', '.join(dataset.key)})")
    if refs:
        lines += [f"  FOREIGN KEY ({_listed(columns)}) REFERENCES {other}" for columns, other in dataset.refs]
    return f"CREATE TABLE {dataset.name} (\n" + ",\n".join(lines) + "\n);"


def _listed(names: Sequence[str]) -> str:
    return ", ".join(names)


def package() -> dict[str, object]:
    """The schema as plain values: for each dataset its columns, key and references."""
    return {
        "schema": SCHEMA,
        "datasets": [
            {
                "name": dataset.name,
                "means": dataset.means,
                "columns": [
                    {"name": one.name, "kind": one.kind, "null": one.null, "means": one.means}
                    for one in dataset.columns
                ],
                "key": list(dataset.key),
                "references": [{"columns": list(columns), "dataset": other} for columns, other in dataset.refs],
            }
            for dataset in DATASETS
        ],
    }
