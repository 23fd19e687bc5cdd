"""Where a document and its form part: rows and columns that one of them does not have. Told, and left as they are."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from biaoge.model import Finding

from .blocks import Line, Sheets
from .fit import Fit, Row
from .sides import needed
from .template import Form, Node, TableForm

SAME = 0.9
"""A name less like the form's than this is told: it was misread or printed otherwise, and bound all the same."""


@dataclass(frozen=True, slots=True)
class Spare:
    """What was found once more: rows of a table, and whole tables. They are not bound."""

    rows: tuple[tuple[Fit, Row], ...] = ()
    tables: tuple[Fit, ...] = ()


def findings(sheets: Sheets, form: Form, fits: Sequence[Fit], spare: Spare) -> tuple[Finding, ...]:
    """The drift of all tables of the form, in its order, then what came twice."""
    out: list[Finding] = []
    for table in form.tables:
        pieces = [one for one in fits if one.table is table]
        if not pieces:
            if not table.optional:
                name = (*table.section, *table.captions, table.key)[0]
                out.append(
                    Finding("form-missing-table", "warning", f"{form.name} has a table {name}; it was not found")
                )
            continue
        for one in pieces:
            out += _unknown(sheets, one)
        out += _missing(table, pieces)
        for one in pieces:
            out += _named_otherwise(one)
    for one in spare.tables:
        message = f"the table {one.table.key} of the form comes once more; only the one that fits better is bound"
        cells = tuple((row, one.block.cols.start) for row in one.block.rows[:1])
        out.append(Finding("form-repeated-table", "warning", message, table=one.block.table, cells=cells))
    for one, row in spare.rows:
        message = f"the row {_name(row.line)} comes twice; only the first is bound"
        out.append(_finding(sheets, one, "form-repeated-row", "warning", message, row.line))
    return tuple(out)


def _unknown(sheets: Sheets, one: Fit) -> Iterable[Finding]:
    for axis, lines in (("row", one.other_rows), ("column", one.other_columns)):
        for line in lines:
            if line in one.doubtful:
                message = f"the {axis} {_name(line)} fits more than one of the form; it is left unbound"
                yield _finding(sheets, one, f"form-doubtful-{axis}", "warning", message, line)
            else:
                message = f"the form {one.table.key} knows no {axis} {_name(line)}; its values have no field"
                yield _finding(sheets, one, f"form-unknown-{axis}", "warning", message, line)


def _missing(table: TableForm, pieces: Sequence[Fit]) -> Iterable[Finding]:
    rows = {row.key for one in pieces for row in one.rows}
    columns = {pair.leaf.node.key for one in pieces for pair in one.columns}
    for axis, nodes, found in (("row", table.rows, rows), ("column", table.columns, columns)):
        for key in sorted(set(needed(nodes, found)) - found, key=[node.key for node in nodes].index):
            message = f"the form {table.key} has a {axis} {_path(nodes, key)}; it was not found"
            yield Finding(f"form-missing-{axis}", "warning", message, table=pieces[0].block.table)


def _named_otherwise(one: Fit) -> Iterable[Finding]:
    lines = [(row.line, row.node, row.likeness, row.placed) for row in one.rows]
    lines += [(pair.line, pair.leaf.node, pair.likeness, pair.placed) for pair in one.columns]
    for line, node, likeness, placed in lines:
        if placed:
            message = (
                f"{_name(line)} was recognised and is taken for {node.names[0]} by its place between its neighbours"
            )
            yield Finding("form-placed-by-order", "info", message, table=one.block.table, cells=line.cells)
        elif likeness < SAME and node.names != ("",):
            message = f"{_name(line)} is taken for {node.names[0]}"
            yield Finding("form-other-wording", "info", message, table=one.block.table, cells=line.cells)


def _finding(sheets: Sheets, one: Fit, kind: str, severity: str, message: str, line: Line) -> Finding:
    parts = sheets.tables[one.block.table].parts
    page = next((part.page for part in parts if part.rows[0] <= line.index <= part.rows[1]), None)
    if "row" not in kind:
        page = parts[0].page if parts else None
    cells = line.cells or (((line.index, one.block.cols.start),) if "row" in kind else ())
    return Finding(kind, "warning" if severity == "warning" else "info", message, page, one.block.table, cells)


def _name(line: Line) -> str:
    return f"「{'/'.join(name for name in line.names) or '/'.join(line.codes) or '(without a name)'}」"


def _path(nodes: Sequence[Node], key: str) -> str:
    by_key = {node.key: node for node in nodes}
    steps = key.split(".")
    heads = (".".join(steps[: n + 1]) for n in range(len(steps)))
    return "「" + "/".join(by_key[head].names[0] for head in heads if head in by_key) + "」"
