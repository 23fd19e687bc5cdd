r"""Grid text: one hand-labelled table as a text file that people write and git compares. See docs/gridtext.md.

    ---
    source: report
    table: 1
    header_rows: 2
    stub_cols: 1
    labeller: a
    status: single
    ---
    Item | Count | <
    ^    | 2022  | 2023
    a\|b |       | \?

Marks: `<` goes on from the left, `^` from above, `+` inside a merge of both directions. Blanks around a cell do not
count. Escapes: `\|` `\\` `\<` `\^` `\+`, `\n` `\t` `\r`, `\s` a blank at an end, `\u{3b1}` any character by its
number, and as the whole cell `\e` empty (only needed in a row of one cell) and `\?` a cell that could not be read.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, get_args

from biaoge.errors import LabelError, TableError
from biaoge.model import Cell, Role, Table

from .escapes import ABOVE, BLANKS, EMPTY, INSIDE, LEFT, MARKS, escape, split, unescape
from .roles import RowKinds, kinds_of, role_at

Status = Literal["single", "double", "adjudicated"]

_REQUIRED = ("source", "table", "header_rows", "stub_cols", "labeller", "status")
_KEYS = (
    *("source", "table", "page", "caption", "header_rows", "stub_cols", "sections", "headers", "roles"),
    *("tags", "labeller", "status", "note"),
)
_WORD = re.compile(r"[^\s,|\\]+")
_ROLE = re.compile(r"\s*(\d+)\s*,\s*(\d+)\s+(\w+)\s*")


@dataclass(frozen=True, slots=True)
class Label:
    """A table as a person read it, and what is known about the reading.

    `source`: name of the document; `ordinal`: the table's place in it, from 1; `page`: where it begins, from 1.
    """

    table: Table
    source: str
    ordinal: int
    labeller: str
    status: Status = "single"
    page: int | None = None
    tags: tuple[str, ...] = ()
    note: str | None = None

    def __post_init__(self) -> None:
        if not _WORD.fullmatch(self.source):
            raise LabelError(f"source {self.source!r} must be one word without comma, bar or backslash")
        if self.ordinal < 1 or (self.page is not None and self.page < 1):
            raise LabelError("tables and pages count from 1")
        if not all(map(_WORD.fullmatch, self.tags)):
            raise LabelError(f"tags must be single words without comma, bar or backslash: {self.tags}")
        if self.status not in get_args(Status):
            raise LabelError(f"status {self.status!r} is none of {', '.join(get_args(Status))}")

    @property
    def name(self) -> str:
        """`source.ordinal`, the name of its file without the ending.

        >>> Label(Table(1, 1, (Cell(0, 0, "x"),)), "report", 2, "a").name
        'report.2'
        """
        return f"{self.source}.{self.ordinal}"


class _At:
    """Where in which file; makes the errors."""

    def __init__(self, name: str) -> None:
        self.name = name

    def error(self, message: str, line: int | None = None, cell: int | None = None) -> LabelError:
        where = (
            self.name + (f":{line}" if line is not None else "") + (f": cell {cell + 1}" if cell is not None else "")
        )
        return LabelError(f"{where}: {message}")


# --- reading ---------------------------------------------------------------------------------------------------------


def read(path: Path) -> Label:
    """The label in the file; LabelError names file, line and cell (both from 1)."""
    try:
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as e:
        raise LabelError(f"{path.name}: not UTF-8 at byte {e.start}") from e
    except OSError as e:
        raise LabelError(f"{path.name}: {e.strerror}") from e
    return loads(text, path.name)


def loads(text: str, name: str = "label") -> Label:
    """The label written in `text`; `name` stands in the LabelErrors before line and cell."""
    at = _At(name)
    lines = [line.removesuffix("\r") for line in text.split("\n")]
    while lines and not lines[-1].strip(BLANKS):
        lines.pop()
    if not lines or lines[0].strip(BLANKS) != "---":
        raise at.error("must begin with a line '---' and the front matter", 1)
    front, first = _front_matter(lines, at)
    shapes = _shapes(lines[first:], first + 1, at)
    n_rows, n_cols = len(lines) - first, len(split(lines[first]))

    def number(key: str, default: int | None = None) -> int | None:
        line, value = front.get(key, (0, "null"))
        if value in ("null", "") and key not in _REQUIRED:
            return default
        if not value.isascii() or not value.isdigit():
            raise at.error(f"{key}: {value!r} is not a number", line)
        return int(value)

    header_rows, stub_cols = number("header_rows") or 0, number("stub_cols") or 0
    ordinal, page = number("table") or 0, number("page")
    for key, count, most in (("header_rows", header_rows, n_rows), ("stub_cols", stub_cols, n_cols)):
        if count > most:
            raise at.error(f"{key}: {count}, but the table has only {most}", front[key][0])
    sections = _rows(front, "sections", n_rows, at) or frozenset()
    headers = _rows(front, "headers", n_rows, at)
    if headers is None:
        headers = frozenset(range(header_rows)) - sections
    if headers & sections:
        raise at.error(f"row {min(headers & sections)} is both a header and a section", front["headers"][0])
    kinds = RowKinds(headers, sections)
    own = _own_roles(front, shapes, at)
    cells = tuple(
        Cell(r, c, words, rows, cols, own.get((r, c)) or role_at(r, c, kinds, stub_cols), source="hand")
        for (r, c), (words, rows, cols) in shapes.items()
    )
    try:
        table = Table(n_rows, n_cols, cells, header_rows, stub_cols, _text(front, "caption", at))
        return Label(
            table=table,
            source=front["source"][1],
            ordinal=ordinal,
            labeller=_text(front, "labeller", at) or "",
            status=front["status"][1],  # type: ignore[arg-type]  # checked by Label
            page=page,
            tags=tuple(t.strip() for t in front.get("tags", (0, ""))[1].split(",") if t.strip()),
            note=_text(front, "note", at),
        )
    except (LabelError, TableError) as e:
        raise at.error(str(e)) from e


Front = Mapping[str, tuple[int, str]]
Shape = tuple[str | None, int, int]  # text, rowspan, colspan


def _front_matter(lines: list[str], at: _At) -> tuple[dict[str, tuple[int, str]], int]:
    """Key -> (line from 1, value), and the index of the first line after."""
    front: dict[str, tuple[int, str]] = {}
    for i, line in enumerate(lines[1:], start=1):
        if line.strip(BLANKS) == "---":
            if i + 1 == len(lines):
                raise at.error("no rows after the front matter", i + 1)
            missing = [key for key in _REQUIRED if key not in front]
            if missing:
                raise at.error(f"front matter without {', '.join(missing)}", i + 1)
            return front, i + 1
        key, colon, value = line.partition(":")
        key = key.strip(BLANKS)
        if not colon:
            raise at.error(f"'key: value' expected, not {line!r}", i + 1)
        if key not in _KEYS:
            raise at.error(f"unknown key {key!r}; known are {', '.join(_KEYS)}", i + 1)
        if key in front:
            raise at.error(f"key {key!r} stands there twice", i + 1)
        front[key] = (i + 1, value.strip(BLANKS))
    raise at.error("front matter without its closing '---'", len(lines))


def _text(front: Front, key: str, at: _At) -> str | None:
    if key not in front:
        return None
    line, value = front[key]
    try:
        return unescape(value)
    except ValueError as e:
        raise at.error(f"{key}: {e}", line) from e


def _rows(front: Front, key: str, n_rows: int, at: _At) -> frozenset[int] | None:
    """Rows written as `0, 4-6`; None when the key is not there."""
    if key not in front:
        return None
    line, value = front[key]
    found: set[int] = set()
    for piece in filter(None, (p.strip() for p in value.split(","))):
        match = re.fullmatch(r"(\d+)(?:\s*-\s*(\d+))?", piece, re.ASCII)
        if not match:
            raise at.error(f"{key}: {piece!r} is no row or range of rows", line)
        start, end = int(match[1]), int(match[2] or match[1])
        if not start <= end < n_rows:
            raise at.error(f"{key}: {piece!r} does not lie in rows 0-{n_rows - 1}", line)
        found.update(range(start, end + 1))
    return frozenset(found)


def _own_roles(front: Front, shapes: Mapping[tuple[int, int], Shape], at: _At) -> dict[tuple[int, int], Role]:
    """The cells whose role does not follow from their row and column: `row,col role; …`."""
    own: dict[tuple[int, int], Role] = {}
    line, value = front.get("roles", (0, ""))
    for piece in filter(None, (p.strip() for p in value.split(";"))):
        match = _ROLE.fullmatch(piece)
        role = next((r for r in get_args(Role) if match and r == match[3]), None)
        if not match or role is None:
            raise at.error(f"roles: {piece!r} is not 'row,column role' with one of {', '.join(get_args(Role))}", line)
        place = (int(match[1]), int(match[2]))
        if place not in shapes:
            raise at.error(f"roles: no cell begins at row {place[0]}, column {place[1]}", line)
        own[place] = role
    return own


def _shapes(lines: list[str], first: int, at: _At) -> dict[tuple[int, int], Shape]:
    """Origin -> text and spans of every cell. `first`: number of the first line in the file."""
    grid = [split(line) for line in lines]
    width = len(grid[0])
    for r, row in enumerate(grid):
        if not lines[r].strip(BLANKS):
            raise at.error("blank line among the rows; a row of one empty cell is written '\\e'", first + r)
        if len(row) != width:
            raise at.error(f"{len(row)} cells, but the first row has {width}", first + r)
    shapes: dict[tuple[int, int], Shape] = {}
    covered: set[tuple[int, int]] = set()
    for r, row in enumerate(grid):
        for c, written in enumerate(row):
            if written in MARKS:
                if (r, c) not in covered:
                    raise at.error(_stray(grid, shapes, r, c), first + r, c)
                continue
            cols = 1
            while c + cols < width and row[c + cols] == LEFT:
                cols += 1
            rows = 1
            while r + rows < len(grid) and grid[r + rows][c] == ABOVE:
                rows += 1
            for y in range(r, r + rows):
                for x in range(c, c + cols):
                    wanted = INSIDE if y > r and x > c else LEFT if x > c else ABOVE
                    if (y, x) != (r, c) and grid[y][x] != wanted:
                        raise at.error(
                            f"'{wanted}' expected: the merge that begins in line {first + r}, cell {c + 1} covers it",
                            *(first + y, x),
                        )
                    covered.add((y, x))
            try:
                shapes[r, c] = (unescape(written), rows, cols)
            except ValueError as e:
                raise at.error(str(e), first + r, c) from e
    return shapes


def _stray(grid: list[list[str]], shapes: Mapping[tuple[int, int], Shape], r: int, c: int) -> str:
    """What is wrong with the mark at (r, c), which no merge covers."""
    mark = grid[r][c]
    up, left = (r - 1, c), (r, c - 1)
    if mark == ABOVE and r == 0:
        return "'^' in the first row"
    if mark == LEFT and c == 0:
        return "'<' in the first cell of a row"
    if mark == INSIDE:
        return "'+' but no merge of both directions covers this cell"
    beside = up if mark == ABOVE else left
    for (y, x), (_, rows, cols) in shapes.items():
        if y <= beside[0] < y + rows and x <= beside[1] < x + cols:
            if mark == ABOVE:
                return f"'^' but the cell above ends at row {y + rows - 1} (it begins in cell {x + 1})"
            return f"'<' but the cell on the left ends at cell {x + cols} (it begins in row {y})"
    return f"'{mark}' goes on from a cell that is wrong itself"


# --- writing ---------------------------------------------------------------------------------------------------------


def dumps(label: Label) -> str:
    """The label as grid text. Of the table: texts, spans, roles and caption; boxes and confidence are not written."""
    table = label.table
    kinds = kinds_of(table)
    front = [f"source: {label.source}", f"table: {label.ordinal}"]
    if label.page is not None:
        front.append(f"page: {label.page}")
    if table.caption is not None:
        front.append(f"caption: {_value(table.caption)}")
    front += [f"header_rows: {table.header_rows}", f"stub_cols: {table.stub_cols}"]
    if kinds.sections:
        front.append(f"sections: {_ranges(kinds.sections)}")
    if kinds.headers != frozenset(range(table.header_rows)) - kinds.sections:
        front.append(f"headers: {_ranges(kinds.headers)}".rstrip())
    own = [c for c in table.cells if c.role != role_at(c.row, c.col, kinds, table.stub_cols)]
    if own:
        front.append("roles: " + "; ".join(f"{c.row},{c.col} {c.role}" for c in own))
    if label.tags:
        front.append("tags: " + ", ".join(label.tags))
    front += [f"labeller: {_value(label.labeller)}", f"status: {label.status}"]
    if label.note is not None:
        front.append(f"note: {_value(label.note)}")
    rows = []
    for r, row in enumerate(table.grid()):
        written = [_mark(cell, r, c) for c, cell in enumerate(row)]
        rows.append(" | ".join(written).strip(" ") or EMPTY)
    return "\n".join(["---", *front, "---", *rows]) + "\n"


def _value(text: str) -> str:
    return escape(text) or EMPTY


def _mark(cell: Cell, r: int, c: int) -> str:
    if (r, c) == (cell.row, cell.col):
        return escape(cell.text)
    return LEFT if r == cell.row else ABOVE if c == cell.col else INSIDE


def _ranges(rows: Iterable[int]) -> str:
    """Row numbers, runs drawn together: `0-2, 5`."""
    runs: list[list[int]] = []
    for row in sorted(rows):
        if runs and runs[-1][1] == row - 1:
            runs[-1][1] = row
        else:
            runs.append([row, row])
    return ", ".join(f"{a}" if a == b else f"{a}-{b}" for a, b in runs)
