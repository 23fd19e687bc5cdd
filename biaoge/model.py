"""The vocabulary: frozen values that every stage takes and gives.

Coordinates are points (1/72 inch), origin at the top left of the page as displayed (after `/Rotate` and the crop box),
x to the right, y down. Rows and columns count from 0, pages from 1. Confidence runs from 0 to 1. A value is checked
when it is made: one that exists is right. To change one, use `dataclasses.replace`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import pairwise
from typing import TYPE_CHECKING, Literal

from biaoge.errors import TableError
from biaoge.facts import Check, Fact
from biaoge.geometry import Box as Box

if TYPE_CHECKING:
    import pandas as pd

    from biaoge.paths import Paths

Axis = Literal["h", "v"]
Source = Literal["text", "ocr", "hand", "repaired"]
Route = Literal["text", "ocr", "mixed", "empty", "flattened"]
Role = Literal["corner", "column_header", "row_header", "section", "data"]
Severity = Literal["info", "warning", "error"]
RulingOrigin = Literal["line", "rect", "fill", "curve", "pixel"]
BlockKind = Literal["heading", "paragraph", "caption", "list_item", "running_head", "running_foot", "page_number"]
TableKind = Literal["ruled", "spaced"]

HEADER_ROLES: frozenset[Role] = frozenset({"corner", "column_header"})


@dataclass(frozen=True, slots=True)
class Alternative:
    """Another reading of a cell or a word with its probability."""

    text: str
    probability: float


@dataclass(frozen=True, slots=True)
class Repair:
    """How a misread cell was mended: what was read first, why the new text, and the odds against the next best."""

    raw: str | None
    proposed: str
    reason: str
    odds: float


@dataclass(frozen=True, slots=True)
class Word:
    """Characters set next to one another, without white space inside.

    `edges`: x (points) of every character's left edge and of the last one's right edge, `len(text) + 1` ascending
    numbers; `None` where unknown or where the writing does not run left to right. `size`: of the font, in points.
    `upright` is false for turned writing. `spaced`: whether the file has white space between the word before and this
    one; `None` where only the gap can tell. `alternatives`: what a recognised word may say instead, likeliest first.
    """

    text: str
    box: Box
    source: Source = "text"
    confidence: float = 1.0
    size: float | None = None
    edges: tuple[float, ...] | None = field(default=None, repr=False, compare=False)
    upright: bool = True
    bold: bool = False
    spaced: bool | None = field(default=None, repr=False, compare=False)
    alternatives: tuple[Alternative, ...] = field(default=(), repr=False, compare=False)

    def __post_init__(self) -> None:
        if not self.text:
            raise ValueError("word without a character")
        if not 0 <= self.confidence <= 1:
            raise ValueError(f"confidence {self.confidence} is not between 0 and 1")
        if self.edges is not None and len(self.edges) != len(self.text) + 1:
            raise ValueError(f"{len(self.edges)} edges for {len(self.text)} characters")


@dataclass(frozen=True, slots=True)
class Ruling:
    """A straight line along an axis: `at` is y for "h" and x for "v", `start < end` run along it (points)."""

    axis: Axis
    at: float
    start: float
    end: float
    thickness: float = 0.5
    origin: RulingOrigin = "line"

    def __post_init__(self) -> None:
        if not self.start < self.end:
            raise ValueError(f"ruling without length: {self}")

    @property
    def length(self) -> float:
        """Points along its axis."""
        return self.end - self.start

    @property
    def box(self) -> Box:
        """The ruling as a box with its thickness."""
        half = self.thickness / 2
        if self.axis == "h":
            return Box(self.start, self.at - half, self.end, self.at + half)
        return Box(self.at - half, self.start, self.at + half, self.end)


@dataclass(frozen=True, slots=True)
class Block:
    """A piece of the page outside tables. `level`: depth of a heading, 1 the highest; `None` for others."""

    kind: BlockKind
    text: str
    box: Box
    level: int | None = None
    lines: tuple[Box, ...] = field(default=(), repr=False)


@dataclass(frozen=True, slots=True)
class Trust:
    """Whether a page's own text can be used. `reason` is one of the words of `biaoge.ingest.trust`."""

    usable: bool
    reason: str
    message: str = ""


@dataclass(frozen=True, slots=True)
class Page:
    """One page, in its own coordinates; no pixels kept. `images`: boxes of pictures, `blocks` in reading order."""

    number: int
    width: float
    height: float
    rotation: int = 0
    route: Route = "text"
    words: tuple[Word, ...] = field(default=(), repr=False)
    rulings: tuple[Ruling, ...] = field(default=(), repr=False)
    images: tuple[Box, ...] = field(default=(), repr=False)
    blocks: tuple[Block, ...] = field(default=(), repr=False)
    trust: Trust = Trust(True, "text")
    skew: float = 0.0

    def __post_init__(self) -> None:
        if self.number < 1:
            raise ValueError("pages count from 1")
        if not (self.width > 0 and self.height > 0):
            raise ValueError(f"page {self.number} of {self.width} × {self.height} points")


@dataclass(frozen=True, slots=True)
class Region:
    """A box on a page."""

    page: int
    box: Box


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell by its place of origin and its spans. `text` is "" when empty and None when it could not be read.

    `verified`: ids of the identities that confirm its number. `repair`: how it was mended, with source "repaired".
    """

    row: int
    col: int
    text: str | None = ""
    rowspan: int = 1
    colspan: int = 1
    role: Role = "data"
    regions: tuple[Region, ...] = ()
    words: tuple[Word, ...] = field(default=(), repr=False, compare=False)
    confidence: float = 1.0
    source: Source = "text"
    alternatives: tuple[Alternative, ...] = field(default=(), compare=False)
    verified: tuple[str, ...] = field(default=(), compare=False)
    repair: Repair | None = field(default=None, compare=False)

    def __post_init__(self) -> None:
        if self.row < 0 or self.col < 0 or self.rowspan < 1 or self.colspan < 1:
            raise TableError(f"impossible place or span: {self}")

    @property
    def rows(self) -> range:
        """The rows it covers."""
        return range(self.row, self.row + self.rowspan)

    @property
    def cols(self) -> range:
        """The columns it covers."""
        return range(self.col, self.col + self.colspan)


@dataclass(frozen=True, slots=True)
class Part:
    """The piece of a table on one page. `rows`: first and last row it shows, both included."""

    page: int
    box: Box
    rows: tuple[int, int]


@dataclass(frozen=True, slots=True)
class Table:
    """A table whose cells cover its grid exactly once (else TableError), in row-major order of their origins.

    `header_rows`: leading rows that hold column headers (or sections above them), `stub_cols`: leading columns that
    name the rows. Headers that come back further down are told by the cells' roles.
    """

    n_rows: int
    n_cols: int
    cells: tuple[Cell, ...] = field(repr=False)
    header_rows: int = 0
    stub_cols: int = 0
    caption: str | None = None
    parts: tuple[Part, ...] = ()
    kind: TableKind = "ruled"
    confidence: float = 1.0

    def __post_init__(self) -> None:
        if self.n_rows < 1 or self.n_cols < 1:
            raise TableError(f"table of {self.n_rows} rows and {self.n_cols} columns")
        if not (0 <= self.header_rows <= self.n_rows and 0 <= self.stub_cols <= self.n_cols):
            raise TableError(f"{self.header_rows} header rows, {self.stub_cols} stub columns in {self!r}")
        if any((a.row, a.col) >= (b.row, b.col) for a, b in pairwise(self.cells)):
            object.__setattr__(self, "cells", tuple(sorted(self.cells, key=lambda c: (c.row, c.col))))
        self.grid()

    def grid(self) -> list[list[Cell]]:
        """`n_rows` lists of `n_cols` cells; a merged cell stands at every place it covers.

        >>> Table(1, 3, (Cell(0, 0, "x"),))
        Traceback (most recent call last):
        biaoge.errors.TableError: 2 of 1 × 3 places without a cell, the first at row 0, column 1
        """
        places: list[list[Cell | None]] = [[None] * self.n_cols for _ in range(self.n_rows)]
        for cell in self.cells:
            if cell.row + cell.rowspan > self.n_rows or cell.col + cell.colspan > self.n_cols:
                raise TableError(f"cell at row {cell.row}, column {cell.col} reaches out of the table")
            if cell.rowspan == cell.colspan == 1 and places[cell.row][cell.col] is None:
                places[cell.row][cell.col] = cell  # most cells, told at once
                continue
            for r in cell.rows:
                for c in cell.cols:
                    if places[r][c] is not None:
                        raise TableError(f"two cells at row {r}, column {c}")
                    places[r][c] = cell
        if holes := [(r, c) for r, row in enumerate(places) for c, cell in enumerate(row) if cell is None]:
            of, (r, c) = f"{len(holes)} of {self.n_rows} × {self.n_cols}", holes[0]
            raise TableError(f"{of} places without a cell, the first at row {r}, column {c}")
        return [[cell for cell in row if cell is not None] for row in places]

    @property
    def is_grid(self) -> bool:
        """Whether it has columns and more than one cell that is not empty; else it is a frame, or blank."""
        return self.n_cols > 1 and sum(cell.text != "" for cell in self.cells) > 1

    def texts(self) -> list[list[str | None]]:
        """The texts of `grid()`."""
        return [[cell.text for cell in row] for row in self.grid()]

    def _paths(self) -> Paths:
        from biaoge.paths import Paths

        return Paths(self)

    def column_path(self, cell: Cell) -> tuple[str, ...]:
        """Texts of the column headers above `cell`, outermost first, from the nearest run of header rows.

        A header counts when it covers all of the cell's columns, or, where none does, the first of them.
        """
        return self._paths().column(cell)

    def row_path(self, cell: Cell) -> tuple[str, ...]:
        """The section the cell stands in, then the texts of the stub cells left of it, outermost first."""
        return self._paths().row(cell)

    def column_paths(self) -> list[tuple[str, ...]]:
        """For every column the path of the leading header rows."""
        return self._paths().columns()

    def row_paths(self) -> list[tuple[str, ...]]:
        """For every row its path; header and section rows have their own text."""
        return self._paths().all_rows()

    def to_html(self) -> str:
        """An HTML `<table>` with spans, `th` with scope, and the caption."""
        from biaoge.html import table_to_html

        return table_to_html(self)

    def to_dataframe(self) -> pd.DataFrame:
        """A pandas frame: columns a MultiIndex of column paths, index one of row paths; MissingExtra without pandas."""
        from biaoge.frames import table_to_dataframe

        return table_to_dataframe(self)


@dataclass(frozen=True, slots=True)
class Finding:
    """Whatever was repaired, dropped, doubtful or contradictory. `table` counts from 0; `cells` are (row, col)."""

    kind: str
    severity: Severity
    message: str
    page: int | None = None
    table: int | None = None
    cells: tuple[tuple[int, int], ...] = ()
    suggestion: str | None = None


@dataclass(frozen=True, slots=True)
class Step:
    """A stage that ran: its engine and version, a digest of its settings, and the seconds it took."""

    stage: str
    engine: str
    version: str
    settings: str = ""
    seconds: float = field(default=0.0, compare=False)


@dataclass(frozen=True, slots=True)
class SourceFile:
    """The file that was read: its name without folders, its SHA-256 in hexadecimal, its number of pages."""

    name: str
    sha256: str
    pages: int


@dataclass(frozen=True, slots=True)
class Document:
    """All that was read out of a file; iterating gives its tables.

    `form`: the name of the form it was recognised as, `facts`: that form's named fields, `checks`: the sums of its
    tables, with or without a form.
    """

    source: SourceFile
    pages: tuple[Page, ...] = field(repr=False)
    tables: tuple[Table, ...] = ()
    findings: tuple[Finding, ...] = ()
    steps: tuple[Step, ...] = ()
    form: str | None = None
    facts: tuple[Fact, ...] = field(default=(), repr=False)
    checks: tuple[Check, ...] = field(default=(), repr=False)

    def __iter__(self) -> Iterator[Table]:
        return iter(self.tables)
