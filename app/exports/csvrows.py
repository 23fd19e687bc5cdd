"""CSV: a file for each dataset, for spreadsheets (guarded against formulas) or as it is, for databases.

Nothing stands for what is not known, `""` for an empty text: PostgreSQL and DuckDB tell them apart.
"""

from __future__ import annotations

import json
import re
from contextlib import ExitStack
from decimal import Decimal
from pathlib import Path

from biaoge.app.exports.batches import batches
from biaoge.app.exports.rows import Row, Source
from biaoge.app.exports.schema import DATASETS, JOINT, create_table, package

BOM = "\N{ZERO WIDTH NO-BREAK SPACE}"
LOAD = "load.sql"
_FORMULA = frozenset("=+-@＝＋－＠'\t\r\n|")
"""Beginnings that spreadsheets may take for a formula or a command; the apostrophe, so that it can be undone."""
_FIGURE = re.compile(r"[-+－＋]?[0-9][0-9,]*(\.[0-9]+)?%?")
_QUOTED = re.compile('[",\r\n]')


def write(source: Source, target: Path, guard: bool = True) -> None:
    """Write `DATASET.csv` into the folder `target`, the schema, and with `guard` off the SQL that loads them."""
    with ExitStack() as stack:
        files = {
            one.name: stack.enter_context((target / f"{one.name}.csv").open("w", encoding="utf-8", newline=""))
            for one in DATASETS
        }
        for dataset in DATASETS:
            files[dataset.name].write((BOM if guard else "") + ",".join(dataset.names) + "\r\n")
        for batch in batches(source):
            for name, rows in batch.items():
                files[name].writelines(line(row, guard) for row in rows)
    (target / "schema.json").write_text(json.dumps(package(), ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
    if not guard:
        (target / LOAD).write_text(load_sql(), encoding="utf-8")


def line(row: Row, guard: bool) -> str:
    """A row as a line of CSV.

    >>> print(line(("=1+1", "", None, True, Decimal("1E+1"), ["a", "b"], "-3"), guard=True).rstrip())
    '=1+1,"",,true,10,a / b,-3
    """
    return ",".join(_field(value, guard) for value in row) + "\r\n"


def _field(value: object, guard: bool) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Decimal):
        return f"{value:f}"
    if isinstance(value, list):
        value = JOINT.join(value)
    if not isinstance(value, str):
        return str(value)
    text = guarded(value) if guard else value
    return f'"{text.replace(chr(34), chr(34) * 2)}"' if not text or _QUOTED.search(text) else text


def guarded(text: str) -> str:
    """`text` with an apostrophe before it where a spreadsheet might run it; plain figures stay as they are.

    To undo it, take one apostrophe off every text that begins with one.

    >>> guarded("=HYPERLINK(1)"), guarded("-1,234.5"), guarded("-1+cmd"), guarded("'a"), guarded("a=b")
    ("'=HYPERLINK(1)", '-1,234.5', "'-1+cmd", "''a", 'a=b')
    """
    first = text.lstrip(" \u00a0\u3000")[:1]
    return f"'{text}" if first in _FORMULA and first and not _FIGURE.fullmatch(text) else text


def load_sql() -> str:
    """Statements for psql that make the tables and fill them from the files beside, all or nothing."""
    lines = ["-- psql -v ON_ERROR_STOP=1 -f load.sql DATABASE, from inside this folder.", "BEGIN;"]
    lines += [create_table(dataset, "postgres") for dataset in DATASETS]
    lines += [
        f"\\copy {dataset.name} FROM '{dataset.name}.csv' WITH (FORMAT csv, HEADER true, ENCODING 'UTF8')"
        for dataset in DATASETS
    ]
    return "\n".join([*lines, "COMMIT;"]) + "\n"
