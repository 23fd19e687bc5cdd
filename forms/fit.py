"""One block of a printed table held against one table of a form: which rows and columns are which, and how well."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from rapidfuzz import fuzz

from .align import Aligned, Pair, align, named, pick
from .blocks import Block, Line, Sheets
from .names import folded, likest
from .sides import Side, side_of
from .template import Kind, Node, TableForm

WEIGHTS = {"columns": 2.0, "rows": 2.0, "section": 1.0, "caption": 1.0}
"""What the parts of a fit weigh; captions are least to be relied on, and count no more than the section."""
UNTOLD = 0.5
"""The worth of a section or caption that is not printed: neither for nor against."""
FIXED = 0.8
"""The worth of rows of which any may stand there."""
COLUMNS = 0.5
ROWS = 0.4
"""Less than this share of columns or rows is another table."""
CODE_DIGITS = (3, 2, 2)
"""Digits of class, item and sub-item (类, 款, 项) in the national budget classification."""


@dataclass(frozen=True, slots=True)
class Row:
    """A printed row and the key it is bound to."""

    line: Line
    key: str
    node: Node
    likeness: float
    placed: bool = False


@dataclass(frozen=True, slots=True)
class Fit:
    """How a block fits a form's table, `score` from 0 to 1."""

    block: Block
    table: TableForm
    columns: tuple[Pair, ...]
    rows: tuple[Row, ...]
    other_columns: tuple[Line, ...]
    other_rows: tuple[Line, ...]
    doubtful: tuple[Line, ...]
    score: float


def told(table: TableForm) -> bool:
    """Whether columns of the form tell the rows, rather than the roles of the cells."""
    return any(column.kind in ("name", "code") for column in table.columns)


def fit(sheets: Sheets, block: Block, table: TableForm, least: float = 0.0) -> Fit | None:
    """The block as that table, or `None` where it is another one, or fits it less well than `least`."""
    by_columns = told(table)
    unnamed = len(table.rows) == 1 and table.rows[0].key == ""
    all_of_them = by_columns or unnamed
    side = side_of(table.columns)
    lines = sheets.columns(block, all_of_them)
    known = (block, all_of_them, side)
    if sheets.kept(("most", *known), lambda: _at_most(lines, side)) < COLUMNS:
        return None
    around = WEIGHTS["section"] * _worth(block.section, table.section)
    around += WEIGHTS["caption"] * _caption(block.caption, table.captions)
    columns = sheets.kept(("columns", *known), lambda: align(lines, side.leaves))
    column_share = _share(columns, lines, side.wanted)
    if column_share < COLUMNS or not any(pair.leaf.node.kind == "value" for pair in columns.pairs):
        return None
    if WEIGHTS["columns"] * column_share + WEIGHTS["rows"] + around < least * sum(WEIGHTS.values()):
        return None
    kinds: dict[int, Kind] | None = None
    if by_columns:
        kinds = {pair.line.index: pair.leaf.node.kind for pair in columns.pairs}
        naming = [index for index, kind in kinds.items() if kind in ("name", "code")]
        if not naming or any(line.index < max(naming) for line in (*columns.lines, *columns.doubtful)):
            return None  # of codes that stand in three columns, two are other codes
    naming_them = None if kinds is None else tuple(kinds.items())
    rows, other, doubtful, row_share = sheets.kept(
        ("rows", block, naming_them, side_of(table.rows)),
        lambda: _rows(sheets, block, table, sheets.rows(block, kinds)),
    )
    if not rows or row_share < ROWS:
        return None
    score = (WEIGHTS["columns"] * column_share + WEIGHTS["rows"] * row_share + around) / sum(WEIGHTS.values())
    if score < least:
        return None
    return Fit(
        block,
        table,
        columns.pairs,
        rows,
        (*columns.lines, *columns.doubtful),
        other,
        (*doubtful, *columns.doubtful),
        score,
    )


def _at_most(lines: Sequence[Line], side: Side) -> float:
    """About the most that `_share` can be, told without aligning: most blocks are none of most tables."""
    worth = sum(named(line, side.names) if line.name else 1.0 for line in lines)
    return (worth / max(1, len(lines)) + min(1.0, worth / max(1, side.wanted))) / 2


def _share(found: Aligned, lines: Sequence[Line], wanted: int) -> float:
    """The mean of: how much of what is printed is known, and how much of what is wanted is printed."""
    worth = sum(pair.whole for pair in found.pairs)
    needed = sum(pair.whole for pair in found.pairs if not pair.leaf.node.optional)
    return (worth / max(1, len(lines)) + min(1.0, needed / max(1, wanted))) / 2


def _rows(
    sheets: Sheets, block: Block, table: TableForm, printed: tuple[Line, ...]
) -> tuple[tuple[Row, ...], tuple[Line, ...], tuple[Line, ...], float]:
    """The rows that are bound, those that are not, the doubtful among them, and how well they fit as a whole."""
    nodes, free = side_of(table.rows).leaves, side_of(table.rows).free
    if len(nodes) == 1 and nodes[0].node.key == "" and not free:
        filled = [line for line in printed if not sheets.blank(block, line.index, block.cols)] or list(printed[:1])
        first = tuple(Row(line, "", nodes[0].node, 1.0) for line in filled[:1])
        return first, tuple(filled[1:]), (), 1.0 / len(filled)
    if not free:
        printed = tuple(line for line in printed if not sheets.blank(block, line.index, block.cols))
        found = align(printed, nodes)
        rows = tuple(
            Row(pair.line, pair.leaf.node.key, pair.leaf.node, pair.likeness, pair.placed) for pair in found.pairs
        )
        known = sum(row.likeness for row in rows if not row.placed)
        share = 0.8 * known / max(1, len(printed)) + 0.2 * known / max(1, len(nodes))
        return rows, (*found.lines, *found.doubtful), found.doubtful, share
    found = pick(printed, nodes)
    out = [Row(pair.line, pair.leaf.node.key, pair.leaf.node, pair.likeness) for pair in found.pairs]
    codes = free[0].open == "codes"
    other = [] if codes else list(found.doubtful)
    for line in (*found.lines, *(found.doubtful if codes else ())):
        key = open_key(free[0], line)
        if key:
            out.append(Row(line, key, free[0], 1.0))
        elif line.names or any(line.codes) or not sheets.blank(block, line.index, block.cols):
            other.append(line)
    out = [row for row in out if not sheets.blank(block, row.line.index, block.cols)]
    misread = tuple(row.line for row in misplaced(out))
    doubtful = (*misread, *(() if codes else found.doubtful))
    out = [row for row in out if row.line not in misread]
    other += misread
    needed = [leaf for leaf in nodes if not leaf.node.optional]
    there = sum(pair.likeness for pair in found.pairs if not pair.leaf.node.optional)
    listed = sum(row.node.open is None for row in out) / max(1, len(out))
    share = FIXED if not needed else 0.5 * there / len(needed) + 0.5 * max(FIXED, listed)
    rows = tuple(sorted(out, key=lambda row: row.line.index))
    return rows, tuple(other), doubtful, share * len(out) / max(1, len(out) + len(other))


def open_key(node: Node, line: Line) -> str | None:
    """The key of a row that the form leaves open, from its code or its name; `None` where it has none.

    >>> open_key(Node("code", ("",), open="codes"), Line(0, ("行政运行",), codes=("201", "3", "01")))
    'code.201.03.01'
    """
    if node.open == "names":
        return f"{node.key}.{folded(line.name)}" if line.name and any(char.isalpha() for char in line.name) else None
    codes = [code for code in line.codes if code]
    if len(line.codes) == 1 and codes:
        ends = [sum(CODE_DIGITS[:n]) for n in range(len(CODE_DIGITS) + 1)]
        codes = [part for a, b in pairwise(ends) if (part := codes[0][a:b])] + [codes[0][ends[-1] :]] * (
            len(codes[0]) > ends[-1]
        )
    elif not all(line.codes[: len(codes)]):
        return None
    # A zero before a single digit is left out in some prints: 3 is 03. Of a class no digit may be missing.
    codes = codes[:1] + [code if code == "0" else code.zfill(2) for code in codes[1:]] if len(line.codes) > 1 else codes
    sizes = tuple(len(code) for code in codes)
    right = bool(codes) and sizes == CODE_DIGITS[: len(sizes)] and all(c.isascii() and c.isdigit() for c in codes)
    return ".".join((node.key, *codes)) if right else None


def misplaced(rows: Sequence[Row]) -> list[Row]:
    """The rows whose codes cannot be right where they stand: out of order, or under a class that is not theirs.

    Codes ascend; the most rows that do (longest increasing subsequence) are taken as right. A row stands under the
    row of its class where the rows of classes are printed, or beside another of its class (whose row was misread).
    """
    coded = sorted((row for row in rows if row.node.open == "codes"), key=lambda row: row.line.index)
    keys = [row.key.split(".") for row in coded]
    rising = _rising(keys)
    out = []
    seen: set[tuple[str, ...]] = set()
    for n, (row, key) in enumerate(zip(coded, keys, strict=True)):
        over = tuple(key[:-1])
        alone = over not in seen and sum(tuple(other[: len(over)]) == over for other in keys) == 1
        if n not in rising or (alone and any(len(other) == len(over) for other in seen)):
            out.append(row)
        else:
            seen.add(tuple(key))
    return out


def _rising(keys: Sequence[list[str]]) -> set[int]:
    """The places of a longest strictly ascending part of `keys` (Schensted 1961)."""
    ends: list[list[str]] = []
    places: list[int] = []
    before: list[int] = []
    for n, key in enumerate(keys):
        length = bisect_left(ends, key)
        before.append(places[length - 1] if length else -1)
        ends[length : length + 1], places[length : length + 1] = [key], [n]
    out: set[int] = set()
    last = places[-1] if places else -1
    while last >= 0:
        out.add(last)
        last = before[last]
    return out


def _worth(printed: str, names: tuple[str, ...]) -> float:
    return likest(printed, names) if printed and names else UNTOLD


def _caption(printed: str, names: Sequence[str]) -> float:
    if not printed or not names:
        return UNTOLD
    return max(fuzz.partial_ratio(folded(name), folded(printed)) for name in names) / 100
