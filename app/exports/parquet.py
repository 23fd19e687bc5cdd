"""Parquet: a folder for each dataset, in it one for each form, in it files of bounded size.

Named Hive's way (`cells/by_form=xxgk-2021/part-00000.parquet`), which pandas, polars, DuckDB and Spark read as a column
`by_form` and skip what is not asked for.
"""

from __future__ import annotations

import json
from collections import OrderedDict
from collections.abc import Sequence
from pathlib import Path
from typing import Any
from urllib.parse import quote

from biaoge.app.exports.arrow import arrow, schema_of, table_of
from biaoge.app.exports.batches import batches
from biaoge.app.exports.rows import Row, Source
from biaoge.app.exports.schema import DATASETS, Dataset, package

NO_FORM = "none"
"""Hive has a word for null, but pandas fails on it. A form called so is told from it by `documents.form`."""
_ASIDE = frozenset("%\"#'*/:=?\\{}[]^<>|")
ROWS_PER_FILE = 2_000_000
OPEN_FILES = 64
"""At once; documents of many forms come in any order, and systems allow some hundreds."""


def write(source: Source, target: Path) -> None:
    """Write the datasets of the documents into the folder `target`, which is there and empty."""
    arrow()
    with _Files(target) as files:
        for batch in batches(source):
            form_of = {row[0]: row[2] for row in batch["documents"]}
            for dataset in DATASETS:
                parted: dict[object, list[Row]] = {}
                for row in batch[dataset.name]:
                    parted.setdefault(form_of[row[0]], []).append(row)
                for form, rows in parted.items():
                    files.add(dataset, form, rows)
        for dataset in DATASETS:
            if not (target / dataset.name).exists():
                files.add(dataset, None, ())
    (target / "_schema.json").write_text(json.dumps(package(), ensure_ascii=False, indent=2) + "\n", encoding="utf-8")


class _Files:
    """Parquet files being written, the longest untouched closed when there are too many; a context."""

    def __init__(self, target: Path) -> None:
        self._target = target
        self._open: OrderedDict[Path, tuple[Any, int]] = OrderedDict()
        self._parts: dict[Path, int] = {}

    def __enter__(self) -> _Files:
        return self

    def __exit__(self, *_: object) -> None:
        for writer, _rows in self._open.values():
            writer.close()
        self._open.clear()

    def add(self, dataset: Dataset, form: object, rows: Sequence[Row]) -> None:
        """Write `rows` as a row group of the dataset's part for `form`."""
        import pyarrow.parquet as pq

        folder = self._target / dataset.name / f"by_form={_word(form)}"
        schema = schema_of(dataset)
        writer, written = self._open.pop(folder, (None, 0))
        if writer is None:
            if len(self._open) >= OPEN_FILES:
                self._open.popitem(last=False)[1][0].close()
            folder.mkdir(parents=True, exist_ok=True)
            number = self._parts.get(folder, 0)
            self._parts[folder] = number + 1
            writer = pq.ParquetWriter(folder / f"part-{number:05}.parquet", schema, compression="zstd")
        writer.write_table(table_of(dataset, rows, schema))
        written += len(rows)
        if written >= ROWS_PER_FILE:
            writer.close()
        else:
            self._open[folder] = (writer, written)


def _word(form: object) -> str:
    """The form's name as Hive writes it: `%` and two figures for what a path cannot hold."""
    if not form:
        return NO_FORM
    return "".join(quote(c, safe="") if c in _ASIDE or not c.isprintable() else c for c in str(form))
