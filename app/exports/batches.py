"""Rows of many documents in batches of bounded size."""

from __future__ import annotations

from collections.abc import Iterator

from biaoge.app.exports.rows import Row, Source, rows_of
from biaoge.app.exports.schema import DATASETS

ROWS = 50_000
"""Kept at most, of all datasets together, before they are written: some 50 MB of Python values."""

Batch = dict[str, list[Row]]
"""Dataset to rows; whole documents, so that what a row refers to is in the same batch or an earlier one."""


def batches(source: Source) -> Iterator[Batch]:
    """Batches of whole documents that reach `ROWS` rows; the last is shorter. Nothing for no documents."""
    held: Batch = {dataset.name: [] for dataset in DATASETS}
    count = 0
    for one in source:
        for name, rows in rows_of(one):
            held[name] += rows
            count += len(rows)
        if count >= ROWS:
            yield held
            held, count = {dataset.name: [] for dataset in DATASETS}, 0
    if count:
        yield held
