"""Printed tables taken apart into blocks: rows of values under one header, in one section."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import pairwise
from typing import TypeVar

from biaoge.model import HEADER_ROLES, Cell, Table

from .names import folded, likest
from .template import Kind

HALF = 0.7
"""A header is that of a half of a table if it is so like the half's name: one of four characters may be misread."""
OFFERED = 0.02
"""Other readings of a name that are less likely than this are not looked at."""
Grid = list[list[Cell]]
T = TypeVar("T")


@dataclass(frozen=True, slots=True, eq=False)
class Block:
    """Rows of values of a table; two are equal only where they are one.

    `header`: the (table, row) of the header rows over them, which are those of an earlier table where this one goes on
    with it. `cols`: the columns, fewer than the table's in a half.
    """

    table: int
    rows: tuple[int, ...]
    cols: range
    header: tuple[tuple[int, int], ...]
    section: str = ""
    caption: str = ""
    stub: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Line:
    """A printed row or column: its place in the grid, its names, outermost first, and the cells that bear them.

    `sure`: the confidence of its innermost name where that was recognised, `None` where the file says it; `others`:
    what else recognition offered for it.
    """

    index: int
    names: tuple[str, ...]
    cells: tuple[tuple[int, int], ...] = ()
    codes: tuple[str, ...] = ()
    sure: float | None = None
    others: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """The innermost name, "" where there is none."""
        return self.names[-1] if self.names else ""


class Sheets:
    """The tables of a document with their grids and blocks, made once for all forms."""

    def __init__(self, tables: Sequence[Table]) -> None:
        self.tables = tuple(tables)
        self._kept: dict[tuple[object, ...], object] = {}

    def kept(self, key: tuple[object, ...], make: Callable[[], T]) -> T:
        """What `make` gives, made once for every `key`: forms and tables of one form ask for the same things."""
        if key not in self._kept:
            self._kept[key] = make()
        return self._kept[key]  # type: ignore[return-value]

    @cached_property
    def grids(self) -> list[Grid]:
        """The cells by table, row and column."""
        return [table.grid() for table in self.tables]

    @cached_property
    def blocks(self) -> tuple[Block, ...]:
        """The blocks in the order of print; tables of one column have none."""
        out: list[Block] = []
        for number, table in enumerate(self.tables):
            if table.n_cols > 1:
                out += self._of_table(number, table, out[-1] if out else None)
        return tuple(out)

    def _of_table(self, number: int, table: Table, before: Block | None) -> list[Block]:
        grid, out = self.grids[number], list[Block]()
        whole, caption, section = range(table.n_cols), table.caption or "", ""
        header: tuple[tuple[int, int], ...] = ()
        stub: tuple[int, ...] | None = None
        if before is not None and before.cols == whole and not _is_header(grid[0]):
            header, section, stub = before.header, before.section, before.stub
            caption = caption or before.caption
        rows: list[int] = []

        def end() -> None:
            if rows:
                naming = stub if stub is not None else _stub(grid, rows)
                out.append(Block(number, tuple(rows), whole, header, section, caption, naming))
                rows.clear()

        fresh = False
        for r, row in enumerate(grid):
            if _is_header(row):
                end()
                header, stub = (*header, (number, r)) if fresh else ((number, r),), None
                fresh = True
                continue
            fresh = False
            if row[0].colspan == table.n_cols and row[0].text:
                end()
                section = row[0].text
            else:
                rows.append(r)
        end()
        return out

    def columns(self, block: Block, all_of_them: bool) -> tuple[Line, ...]:
        """The lowest headers over the block's columns from left to right, without those over stubs unless asked for."""
        return self.kept(("lines", block, all_of_them), lambda: self._find_columns(block, all_of_them))

    def _find_columns(self, block: Block, all_of_them: bool) -> tuple[Line, ...]:
        out: list[Line] = []
        last: list[Cell] = []
        for c in block.cols:
            if not all_of_them and c in block.stub:
                continue
            stack = _each_once(self.grids[t][r][c] for t, r in block.header)
            if stack and len(stack) == len(last) and all(a is b for a, b in zip(stack, last, strict=True)):
                continue  # one header over several columns
            last = stack
            named = [cell for cell in stack if cell.text]
            shared = bool(named) and named[-1] is not stack[-1] and named[-1].colspan > stack[-1].colspan
            places = _places(stack[-1:] if shared else named[-1:])
            out.append(Line(c, _texts(named, shared), places, (), *_recognised(named, shared, stack)))
        return tuple(out)

    def rows(self, block: Block, kinds: dict[int, Kind] | None = None) -> tuple[Line, ...]:
        """The block's rows with their names: from its stub, or from the columns that `kinds` says hold them."""
        grid, out = self.grids[block.table], []
        for r in block.rows:
            if kinds is None:
                stub = _each_once(grid[r][c] for c in block.stub)
                named = [cell for cell in stub if cell.text]
                shared = bool(named) and named[-1] is not stub[-1] and named[-1].rowspan > stub[-1].rowspan
                out.append(Line(r, _texts(named, shared), _places(named), (), *_recognised(named, shared, stub)))
                continue
            names = _each_once(grid[r][c] for c, kind in kinds.items() if kind == "name")
            codes = _each_once(grid[r][c] for c, kind in kinds.items() if kind == "code" and grid[r][c] not in names)
            named = [cell for cell in names if cell.text]
            said = tuple("".join((cell.text or "").split()) for cell in codes)
            out.append(Line(r, _texts(named), _places(named or codes), said, *_recognised(named, False, names)))
        return tuple(out)

    def blank(self, block: Block, row: int, cols: Iterable[int]) -> bool:
        """Whether nothing is printed in these columns of a row; a cell that could not be read is not blank."""
        return all(self.grids[block.table][row][c].text == "" for c in cols)

    def halves(self, block: Block, names: tuple[str, ...]) -> list[Block]:
        """The parts of the block under a header called like one of `names`."""
        return self.kept(("halves", block, names), lambda: self._find_halves(block, names))

    def _find_halves(self, block: Block, names: tuple[str, ...]) -> list[Block]:
        out = []
        for t, r in block.header:
            for cell in _each_once(self.grids[t][r][c] for c in block.cols):
                if 1 < cell.colspan < len(block.cols) and likest(cell.text or "", names) >= HALF:
                    below = tuple((u, q) for u, q in block.header if u != t or q >= cell.row)
                    out.append(replace(block, cols=cell.cols, header=below))
        return out

    def repeated(self, block: Block) -> list[Block]:
        """The parts of a block whose columns come again side by side, such as code, name, sum, code, name, sum."""
        return self.kept(("repeated", block), lambda: self._find_repeated(block))

    def _find_repeated(self, block: Block) -> list[Block]:
        lines = self.columns(block, True)
        names = [folded(line.name) for line in lines]
        for n in range(2, len(names) // 2 + 1):
            if len(names) % n == 0 and names == names[:n] * (len(names) // n):
                starts = [line.index for line in lines[::n]] + [block.cols.stop]
                return [replace(block, cols=range(a, b)) for a, b in pairwise(starts)]
        return []


def _is_header(row: list[Cell]) -> bool:
    return any(cell.role in HEADER_ROLES for cell in row)


def _stub(grid: Grid, rows: Sequence[int]) -> tuple[int, ...]:
    """The columns that name these rows, by the roles of most of their cells."""
    most = len(rows) / 2
    return tuple(c for c in range(len(grid[0])) if sum(grid[r][c].role == "row_header" for r in rows) > most)


def _texts(cells: Iterable[Cell], shared: bool = False) -> tuple[str, ...]:
    """The texts, and "" after them where the last is shared with other lines and this one's own name is not there."""
    return (*(cell.text or "" for cell in cells), *([""] if shared else []))


def _recognised(
    named: Sequence[Cell], shared: bool, all_of_them: Sequence[Cell]
) -> tuple[float | None, tuple[str, ...]]:
    """The confidence of a line's innermost name (`None`: not recognised) and what else it may say."""
    own = all_of_them[-1:] if shared or not named else named[-1:]
    if not own or own[0].source != "ocr":
        return None, ()
    return own[0].confidence, tuple(other.text for other in own[0].alternatives if other.probability >= OFFERED)


def _places(cells: Iterable[Cell]) -> tuple[tuple[int, int], ...]:
    return tuple((cell.row, cell.col) for cell in cells)


def _each_once(cells: Iterable[Cell]) -> list[Cell]:
    out: list[Cell] = []
    for cell in cells:
        if not out or out[-1] is not cell:
            out.append(cell)
    return out
