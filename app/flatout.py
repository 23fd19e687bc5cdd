"""Tables as flat text: CSV with one header line, CSV as the printed grid, Markdown."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence

from biaoge.model import HEADER_ROLES, Cell, Document, Table
from biaoge.paths import Paths

BOM = "\N{ZERO WIDTH NO-BREAK SPACE}"  # by it spreadsheets know UTF-8
SECTION = "section"  # head of the column that tells the section, where a table has sections
JOINT = " / "


def to_csv(table: Table) -> str:
    """One header line of joined paths, then a line a row; sections become a column in front.

    A merged cell's text stands at every place it covers, so that each line can be read by itself. A header that
    comes back unchanged further down is left out; one that differs stays as a line of its own.
    """
    head, rows = flat(table)
    return _csv([head, *rows])


def to_grid_csv(table: Table) -> str:
    """The printed grid: each text at the top left place of its cell, every other place empty."""
    return _csv(_origins(table))


def _csv(rows: Iterable[Sequence[str | None]]) -> str:
    out = io.StringIO()
    csv.writer(out, lineterminator="\r\n").writerows(rows)
    return BOM + out.getvalue()


def _origins(table: Table) -> list[list[str | None]]:
    rows: list[list[str | None]] = [[None] * table.n_cols for _ in range(table.n_rows)]
    for cell in table.cells:
        rows[cell.row][cell.col] = cell.text
    return rows


def flat(table: Table) -> tuple[list[str], list[list[str | None]]]:
    """The header line and the rows of `to_csv`."""
    paths = Paths(table)
    head = heads(table)
    leading = _texts(paths.grid[: table.header_rows])
    has_sections = any(paths.section_row)
    rows: list[list[str | None]] = []
    section, section_used = "", True
    for r, row in enumerate(paths.grid):
        if paths.section_row[r]:
            if not section_used:
                rows.append([section, *[""] * table.n_cols])
            # Rows of sections printed one below the other read as one section.
            section, section_used = row[0].text or "", False
            continue
        if r < table.header_rows or (paths.header_row[r] and _comes_back(row, leading)):
            continue
        section_used = True
        rows.append([section, *(cell.text for cell in row)] if has_sections else [cell.text for cell in row])
    if not section_used:
        rows.append([section, *[""] * table.n_cols])
    return [SECTION, *head] if has_sections else head, rows


def heads(table: Table) -> list[str]:
    """A name for every column: its header path joined, or its number from 1 where nothing heads it."""
    return [JOINT.join(path) or f"column {number}" for number, path in enumerate(table.column_paths(), 1)]


def _texts(rows: Iterable[Sequence[Cell]]) -> set[tuple[str | None, ...]]:
    return {tuple(cell.text for cell in row) for row in rows}


def _comes_back(row: Sequence[Cell], leading: set[tuple[str | None, ...]]) -> bool:
    return all(cell.role in HEADER_ROLES for cell in row) and tuple(cell.text for cell in row) in leading


def to_markdown(document: Document) -> str:
    """All tables of the document as GitHub pipe tables, each under its caption."""
    pieces = [f"# {_plain(document.source.name)}"]
    for number, table in enumerate(document.tables, 1):
        pages = sorted({part.page for part in table.parts})
        where = f" (page {', '.join(map(str, pages))})" if pages else ""
        pieces.append(f"## {_plain(table.caption) if table.caption else f'Table {number}'}{where}")
        pieces.append(_pipe_table(table))
    if not document.tables:
        pieces.append("No tables.")
    return "\n\n".join(pieces) + "\n"


def _pipe_table(table: Table) -> str:
    paths = Paths(table)
    lines = [_pipe_row(heads(table)), _pipe_row(["---"] * table.n_cols)]
    for r in range(table.n_rows):
        if r < table.header_rows and not paths.section_row[r]:
            continue
        texts: list[str] = []
        for c, cell in enumerate(paths.grid[r]):
            # Stub cells are repeated downwards, so that each line says what it is about; all else stands once.
            shown = cell.col == c and (cell.row == r or cell.role == "row_header")
            texts.append(cell.text or "" if shown else "")
        lines.append(_pipe_row(texts))
    return "\n".join(lines)


def _pipe_row(texts: Iterable[str]) -> str:
    return "| " + " | ".join(_plain(text) for text in texts) + " |"


def _plain(text: str) -> str:
    return " ".join(text.split()).replace("|", "\\|").replace("<", "\\<")
