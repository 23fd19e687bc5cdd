"""Header-path facts: what a table says, each value with the headers it answers to.

A fact is (row path, column path, value) of one data cell: `Table.row_path` and `Table.column_path`, outermost first,
without blank headers, and the cell's text, all at one text level. A data cell that spans several rows or columns is one
fact. Facts are a multiset: where a table says the same twice it has to be found twice. Where they stand in the grid
does not matter, so that a lost blank row costs nothing here and a header in the wrong place costs all it governs.

A value that could not be read (`None`) is a fact that equals no other; an unread header is missing from its paths.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import replace

from biaoge.errors import BiaogeError
from biaoge.html import table_from_html
from biaoge.model import Role, Table
from biaoge.paths import Paths

from ..roles import RowKinds, kinds_of, role_at
from .counts import Counts
from .levels import Level, at_level

Fact = tuple[tuple[str, ...], tuple[str, ...], str | None]
Facts = Mapping[Fact, int]


def facts(predicted: Table | None, true: Table | None, level: Level = "folded", blanks: bool = True) -> Counts | None:
    """Facts of `predicted` held against those of `true`; `None` where the label tells no header from data.

    A table that was not found has no facts; those of a table without label are all wrong. With `blanks=False` (labels
    leave blank cells out) only data cells that bear text are facts. A prediction without any roles is given the
    label's: a cell that begins where one of the label does has its role, another one the role of its row and column in
    the label. Where an engine does tell headers, it is taken at its word.
    """
    if true is not None and not has_roles(true):
        return None
    found: Facts = {}
    if predicted is not None:
        if true is not None and not has_roles(predicted):
            predicted = _with_roles_of(true, predicted)
        found = _facts(predicted, level, blanks)
    return _count(found, {} if true is None else _facts(true, level, blanks))


def has_roles(table: Table) -> bool:
    """Whether any cell is something else than data."""
    return any(cell.role != "data" for cell in table.cells)


def html_facts(predicted: str, true: str, level: Level = "folded") -> Counts:
    """Facts of the first table of either HTML text; one that holds no table has no facts.

    Where the true table marks no header (neither `thead` nor `th`), both get theirs by position: the rows that the
    cells of the true table's first row reach into are headers, the columns that its corner cell reaches into the stub,
    except that a span over the whole table counts as 1, and the only row or column there is as none.
    """
    found, wanted = _read(predicted), _read(true)
    if wanted is not None and not has_roles(wanted):
        kinds, stub = _by_spans(wanted)
        wanted = _with_roles(wanted, kinds, stub)
        found = found and _with_roles(found, kinds, stub)
        return _count(_facts(found, level) if found else {}, _facts(wanted, level))
    return facts(found, wanted, level) or Counts()


def _read(html: str) -> Table | None:
    try:
        return table_from_html(html)
    except BiaogeError:  # no table, one without a cell, or one too large
        return None


def _facts(table: Table, level: Level, blanks: bool = True) -> Facts:
    paths = Paths(table)
    return Counter(
        (
            _path(paths.row(cell), level),
            _path(paths.column(cell), level),
            None if cell.text is None else at_level(cell.text, level),
        )
        for cell in table.cells
        if cell.role == "data" and (blanks or cell.text is None or cell.text.strip())
    )


def _path(texts: tuple[str, ...], level: Level) -> tuple[str, ...]:
    return tuple(text for text in (at_level(t, level) for t in texts) if text.strip())


def _count(found: Facts, wanted: Facts) -> Counts:
    matched = sum(min(n, wanted.get(fact, 0)) for fact, n in found.items() if fact[2] is not None)
    return Counts(matched, sum(found.values()), sum(wanted.values()))


# --- roles for tables that bear none ---------------------------------------------------------------------------------


def _with_roles_of(label: Table, table: Table) -> Table:
    own: dict[tuple[int, int], Role] = {(c.row, c.col): c.role for c in label.cells}
    return _with_roles(table, kinds_of(label), label.stub_cols, own)


def _with_roles(
    table: Table, kinds: RowKinds, stub_cols: int, own: Mapping[tuple[int, int], Role] | None = None
) -> Table:
    """The table with roles by position; `own`: roles of cells by origin that do not follow from row and column."""
    cells = tuple(
        replace(c, role=(own or {}).get((c.row, c.col)) or role_at(c.row, c.col, kinds, stub_cols)) for c in table.cells
    )
    return replace(table, cells=cells)


def _by_spans(table: Table) -> tuple[RowKinds, int]:
    """Header rows and stub columns as the spans of the first row and of the corner cell tell them."""
    rows = max(c.rowspan for c in table.cells if c.row == 0)
    stub = table.cells[0].colspan
    rows = min(1, table.n_rows - 1) if rows >= table.n_rows else rows
    stub = min(1, table.n_cols - 1) if stub >= table.n_cols else stub
    return RowKinds(frozenset(range(rows)), frozenset()), stub
