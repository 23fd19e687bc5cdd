"""What the database takes from a document's JSON; members that it does not need are passed over unread."""

from __future__ import annotations

from typing import TypeAlias

from msgspec import Raw, Struct
from msgspec.json import Decoder

Number: TypeAlias = int | float | str | None
Box: TypeAlias = tuple[float, float, float, float]


class Named(Struct, gc=False):
    """The file that was read."""

    sha256: str


class Trust(Struct, gc=False):
    """Whether the page's own text could be used."""

    usable: bool
    reason: str


class Page(Struct, gc=False):
    """A page."""

    number: int
    width: float
    height: float
    rotation: int
    route: str
    skew: float
    trust: Trust


class Part(Struct, gc=False):
    """The page that a piece of a table stands on."""

    page: int


class Region(Struct, gc=False):
    """A box on a page."""

    page: int
    box: Box


class Cell(Struct, gc=False):
    """A cell with its header paths."""

    row: int
    col: int
    rowspan: int
    colspan: int
    text: str | None
    role: str
    column_path: list[str]
    row_path: list[str]
    regions: list[Region]
    confidence: float
    source: str
    verified: list[str] = []


class Table(Struct, gc=False):
    """A table."""

    n_rows: int
    n_cols: int
    header_rows: int
    stub_cols: int
    caption: str | None
    kind: str
    confidence: float
    parts: list[Part]
    cells: list[Cell]


class Finding(Struct, gc=False):
    """What was doubtful; `cells` as they stand in the JSON."""

    kind: str
    severity: str
    message: str
    page: int | None
    table: int | None
    cells: Raw
    suggestion: str | None


class Field(Struct, gc=False):
    """A named field."""

    label: str
    value: Number
    unit: str | None
    text: str | None
    table: int
    cell: tuple[int, int]
    page: int | None
    confidence: float
    verified: list[str] = []


class Check(Struct, gc=False):
    """A sum; `cells` as they stand in the JSON."""

    id: str
    label: str
    holds: bool | None
    cells: Raw
    certain: bool
    expected: Number
    found: Number
    verdict: str


class Reading(Struct, gc=False):
    """A document, as far as the database has it. Nothing in it refers back to what holds it: the collector may rest."""

    source: Named
    pages: list[Page]
    tables: list[Table]
    findings: list[Finding]
    form: str | None = None
    fields: dict[str, Field] = {}
    checks: list[Check] = []


_DECODER = Decoder(Reading)


def decode(content: bytes) -> Reading:
    """The document in the JSON that a child wrote; `msgspec.DecodeError` where it is none."""
    return _DECODER.decode(content)
