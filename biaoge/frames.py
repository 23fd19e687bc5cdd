"""A table as a pandas frame."""

from __future__ import annotations

from typing import TYPE_CHECKING

from biaoge.errors import MissingExtra
from biaoge.model import Table
from biaoge.paths import Paths

if TYPE_CHECKING:
    import pandas as pd

Key = tuple[tuple[str, ...], int]  # a column path, and which of the columns with this path


def table_to_dataframe(table: Table) -> pd.DataFrame:
    """The data of `table` as texts: columns a MultiIndex of column paths, index one of row paths; "" pads short paths.

    Header and section rows are no data rows, stub columns no data columns; a section's text leads the row path. A
    merged data cell's text stands at every place it covers, a cell that could not be read is None. Where headers come
    back midway with other words, their columns follow after the first ones, and places a row does not have are
    `pandas.NA`: no value ever stands under a header that is not its own. Without headers (or without stub and
    sections) the columns (or the index) are numbers from 0. MissingExtra without pandas.
    """
    try:
        import pandas as pd
    except ImportError as e:
        raise MissingExtra("pandas is not installed; install it with: pip install 'biaoge[pandas]'") from e

    paths = Paths(table)
    data_rows = [r for r in range(table.n_rows) if not (paths.header_row[r] or paths.section_row[r])]
    columns: dict[Key, None] = {}
    for header in _header_runs(paths, data_rows):
        columns.update(dict.fromkeys(_keys(paths, header)))
    rows = []
    for r in data_rows:
        here = dict(zip(_keys(paths, r), (c.text for c in paths.grid[r][table.stub_cols :]), strict=True))
        rows.append([here.get(key, pd.NA) for key in columns])
    every_row = paths.all_rows()
    return pd.DataFrame(
        rows,
        index=_index([every_row[r] for r in data_rows]),
        columns=_index([path for path, _ in columns]),
        dtype=object,
    )


def _header_runs(paths: Paths, data_rows: list[int]) -> list[int]:
    """For every run of header rows, in order, one row below it."""
    first = {paths.run_above(paths.table.n_rows): paths.table.n_rows} if not data_rows else {}
    for r in data_rows:
        first.setdefault(paths.run_above(r), r)
    return list(first.values())


def _keys(paths: Paths, row: int) -> list[Key]:
    """The keys of a row's data columns, from left to right."""
    seen: dict[tuple[str, ...], int] = {}
    keys = []
    for col in range(paths.table.stub_cols, paths.table.n_cols):
        path = paths.column_at(row, col)
        keys.append((path, seen.get(path, 0)))
        seen[path] = seen.get(path, 0) + 1
    return keys


def _index(paths: list[tuple[str, ...]]) -> pd.Index:
    """A MultiIndex of the paths padded to one depth; numbers from 0 where all are empty."""
    import pandas as pd

    depth = max(map(len, paths), default=0)
    if not depth:
        return pd.RangeIndex(len(paths))
    return pd.MultiIndex.from_tuples([path + ("",) * (depth - len(path)) for path in paths])
