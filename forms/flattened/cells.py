"""The cells of a table in the making, with the spans that the form's trees give them."""

from __future__ import annotations

from biaoge.model import Cell

from .draft import Draft, Row

UNSURE = 0.5
"""Confidence of a cell of a row in which it was not plain which value belongs where."""


def _stub(draft: Draft) -> int:
    """Columns of the stub: as many as the labels are deep; none where rows have no names."""
    deep = 0
    for kind, n, key in draft.rows:
        if kind == "row":
            tree = draft.table.rows[n]
            if any(tree.nodes[key].names) or tree.over[key]:
                deep = max(deep, 1 + len(tree.over[key]))
    return deep


def width_of(draft: Draft) -> int:
    """Columns of values: as many as the widest of its sections has."""
    return max(len(columns) for columns in draft.columns)


def cells_of(draft: Draft) -> tuple[list[Cell], int, int]:
    """The cells, and how many header rows and stub columns there are."""
    stub, cells = _stub(draft), list[Cell]()
    whole = stub + width_of(draft)
    header_rows = next((r for r, row in enumerate(draft.rows) if row[0] == "row"), 0)
    for r, row in enumerate(draft.rows):
        kind, n, _ = row
        if kind == "section":
            cells.append(Cell(r, 0, draft.names.get((n, "section", "0")), 1, whole, "section"))
        elif kind == "header":
            cells += _header_cells(draft, r, stub)
        else:
            cells += _stub_cells(draft, r, stub)
            cells += _data_cells(draft, r, stub)
    return cells, header_rows, stub


def _spans(draft: Draft, n: int, stub: int) -> dict[str, range]:
    """The columns of the table that each leaf column takes; the last takes what other sections have more."""
    leaves, whole = draft.columns[n], stub + width_of(draft)
    return {key: range(stub + i, whole if i == len(leaves) - 1 else stub + i + 1) for i, key in enumerate(leaves)}


def _header_cells(draft: Draft, r: int, stub: int) -> list[Cell]:
    _, n, at = draft.rows[r]
    tree, level, cells = draft.table.columns[n], int(at), list[Cell]()
    below = [row for row in draft.rows if row[0] == "header" and row[1] == n and int(row[2]) >= level]
    spans = _spans(draft, n, stub)
    if level == 0 and stub:
        corner = draft.names.get((n, "column", "corner"), None if any(draft.table.parts[n].corner) else "")
        cells.append(Cell(r, 0, corner, len(below), stub, "corner"))
    for key in tree.at_level(level):
        if under := [spans[leaf] for leaf in tree.under(key) if leaf in spans]:
            rows = 1 if key in tree.inner else len(below)
            text = draft.names.get((n, "column", key), None if any(tree.nodes[key].names) else "")
            cells.append(Cell(r, under[0].start, text, rows, under[-1].stop - under[0].start, "column_header"))
    return cells


def _stub_cells(draft: Draft, r: int, stub: int) -> list[Cell]:
    _, n, key = draft.rows[r]
    if not stub:
        return []
    tree, cells = draft.table.rows[n], list[Cell]()
    for col, over in enumerate(tree.over[key]):
        if r and draft.rows[r - 1][:2] == ("row", n) and over in tree.over[draft.rows[r - 1][2]]:
            continue
        high = 1
        while r + high < len(draft.rows) and _is_under(draft, draft.rows[r + high], n, over):
            high += 1
        cells.append(Cell(r, col, draft.names.get((n, "row", over)), high, 1, "row_header"))
    deep = len(tree.over[key])
    cells.append(Cell(r, deep, draft.names.get((n, "row", key)), 1, stub - deep, "row_header"))
    return cells


def _is_under(draft: Draft, row: Row, n: int, over: str) -> bool:
    return row[:2] == ("row", n) and over in draft.table.rows[n].over[row[2]]


def _data_cells(draft: Draft, r: int, stub: int) -> list[Cell]:
    row = draft.rows[r]
    spans, row_placed = _spans(draft, row[1], stub), draft.values[row]
    sure = 1.0 if row_placed.how == "full" else UNSURE
    return [
        Cell(r, cols.start, text, 1, len(cols), "data", confidence=sure if text is not None else 0.0)
        for cols, text in zip(spans.values(), row_placed.texts, strict=True)
    ]
