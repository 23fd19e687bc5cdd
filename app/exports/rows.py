"""A document as tidy rows: for each dataset of `schema`, tuples in the order of its columns."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal

from biaoge.app.exports.schema import DIGITS, PLACES
from biaoge.errors import InputError
from biaoge.forms.values import value
from biaoge.model import Box, Cell, Document, Table
from biaoge.paths import Paths

Row = tuple[object, ...]
"""Values in the order of a dataset's columns; `None` where there is nothing."""

_SHA256 = re.compile(r"[0-9a-f]{64}")
_UNWRITABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_MOST = Decimal(10) ** (DIGITS - PLACES)
_FORM_NAME = 60
"""Characters: folders are named by it."""
_MOST_INT = 2**31
"""Of `int` columns; a page number beyond it was not counted but made up."""


@dataclass(frozen=True, slots=True)
class Exported:
    """A document to export: the name to show, without folders, and the SHA-256 of the file; InputError for no such."""

    name: str
    sha256: str
    document: Document

    def __post_init__(self) -> None:
        if not _SHA256.fullmatch(self.sha256):
            raise InputError(f"{self.sha256[:80]!r} is no SHA-256; extract the file again")
        _hold_together(self.document)


def _hold_together(document: Document) -> None:
    """InputError where rows could not refer to one another: pages that come twice, sums and fields of no cell."""
    if document.form and len(document.form) > _FORM_NAME:
        raise InputError(f"the name of its form has more than {_FORM_NAME} characters; extract the file again")
    pages = [page.number for page in document.pages]
    if len(set(pages)) < len(pages) or not all(number < _MOST_INT for number in pages):
        raise InputError("its pages are not numbered one by one; extract the file again")
    cells = {(number, cell.row, cell.col) for number, table in enumerate(document.tables) for cell in table.cells}
    places = [fact.place for fact in document.facts]
    places += [place for check in document.checks for place in check.identity.places]
    if lost := [place for place in places if (place.table, place.row, place.col) not in cells]:
        raise InputError(f"{lost[0]} is not the origin of a cell; extract the file again")


Source = Iterable[Exported]


def clean(text: str) -> str:
    """`text` without what neither XML nor a database can hold: control characters, halves of surrogate pairs.

    >>> clean("a\\x00b\\nc")
    'a�b\\nc'
    """
    return _UNWRITABLE.sub("\N{REPLACEMENT CHARACTER}", text)


def exact(number: int | Decimal | None) -> Decimal | None:
    """The number as a `number` column holds it; `None` also where it has too many digits to stay exact."""
    if number is None:
        return None
    held = Decimal(number)
    if not held.is_finite() or held.copy_abs() >= _MOST:
        return None
    sign, digits, exponent = held.as_tuple()
    assert isinstance(exponent, int)
    too_many = -PLACES - exponent
    if too_many <= 0:
        return held
    return None if any(digits[-too_many:]) else Decimal((sign, digits[:-too_many] or (0,), -PLACES))


def _maybe(text: str | None) -> str | None:
    return None if text is None else clean(text)


def rows_of(one: Exported) -> Iterator[tuple[str, list[Row]]]:
    """(dataset, rows) of the document, in the order of `schema.DATASETS`; equal documents give equal rows."""
    for name, make in _MAKERS.items():
        yield name, make(one)


def _documents(one: Exported) -> list[Row]:
    document = one.document
    cells = [cell for table in document.tables for cell in table.cells]
    return [
        (
            one.sha256,
            clean(one.name),
            _maybe(document.form),
            document.source.pages,
            len(document.pages),
            len(document.tables),
            len(cells),
            sum(cell.text is None for cell in cells),
            len(document.facts),
            len(document.checks),
            sum(check.holds is False for check in document.checks),
            len(document.findings),
            sum(finding.severity != "info" for finding in document.findings),
        )
    ]


def _pages(one: Exported) -> list[Row]:
    return [
        (
            *(one.sha256, page.number, page.width, page.height, page.rotation, page.route, page.skew),
            *(page.trust.usable, clean(page.trust.reason), len(page.blocks)),
        )
        for page in one.document.pages
    ]


def _blocks(one: Exported) -> list[Row]:
    return [
        (one.sha256, page.number, number, block.kind, block.level, clean(block.text), *_box(block.box))
        for page in one.document.pages
        for number, block in enumerate(page.blocks)
    ]


def _tables(one: Exported) -> list[Row]:
    return [
        (
            *(one.sha256, number, table.n_rows, table.n_cols, table.header_rows, table.stub_cols),
            *(_maybe(table.caption), table.kind, table.confidence),
            min((part.page for part in table.parts), default=None),
            max((part.page for part in table.parts), default=None),
        )
        for number, table in enumerate(one.document.tables)
    ]


def _parts(one: Exported) -> list[Row]:
    return [
        (one.sha256, number, index, part.page, *part.rows, *_box(part.box))
        for number, table in enumerate(one.document.tables)
        for index, part in enumerate(table.parts)
    ]


def _cells(one: Exported) -> list[Row]:
    return [row for number, table in enumerate(one.document.tables) for row in _cells_of(one.sha256, number, table)]


def _cells_of(sha256: str, number: int, table: Table) -> Iterator[Row]:
    paths = Paths(table)
    for cell in table.cells:
        where = cell.regions[0] if cell.regions else None
        yield (
            *(sha256, number, cell.row, cell.col, cell.rowspan, cell.colspan, cell.role),
            *(_maybe(cell.text), exact(value(cell.text).number)),
            [clean(text) for text in paths.column(cell)],
            [clean(text) for text in paths.row(cell)],
            *((where.page, *_box(where.box)) if where else (None,) * 5),
            *(len(cell.regions), cell.confidence, cell.source, bool(cell.verified)),
            _maybe(cell.repair.raw) if cell.repair else None,
        )


def _fields(one: Exported) -> list[Row]:
    places: dict[tuple[int, int, int], Cell] = {
        (number, cell.row, cell.col): cell for number, table in enumerate(one.document.tables) for cell in table.cells
    }
    out: list[Row] = []
    for fact in one.document.facts:
        place = fact.place
        cell = places.get((place.table, place.row, place.col))
        out.append(
            (
                *(one.sha256, clean(fact.name), clean(fact.label), exact(fact.value), _maybe(fact.unit)),
                *(_maybe(fact.text), place.table, place.row, place.col, fact.page, fact.confidence),
                *(cell.source if cell else None, bool(fact.verified)),
            )
        )
    return out


def _checks(one: Exported) -> list[Row]:
    return [
        (
            *(one.sha256, number, clean(check.identity.id), clean(check.identity.label), check.holds),
            *(check.identity.certain, exact(check.expected), exact(check.found), check.verdict),
        )
        for number, check in enumerate(one.document.checks)
    ]


def _check_cells(one: Exported) -> list[Row]:
    out: list[Row] = []
    for number, check in enumerate(one.document.checks):
        identity = check.identity
        sides = ["total"] * len(identity.total) + ["part"] * len(identity.parts) + ["less"] * len(identity.less)
        out += [
            (one.sha256, number, index, side, place.table, place.row, place.col)
            for index, (side, place) in enumerate(zip(sides, identity.places, strict=True))
        ]
    return out


def _findings(one: Exported) -> list[Row]:
    return [
        (
            *(one.sha256, number, clean(finding.kind), finding.severity, clean(finding.message)),
            *(finding.page, finding.table, len(finding.cells), _maybe(finding.suggestion)),
        )
        for number, finding in enumerate(one.document.findings)
    ]


def _finding_cells(one: Exported) -> list[Row]:
    return [
        (one.sha256, number, index, finding.table, row, col)
        for number, finding in enumerate(one.document.findings)
        for index, (row, col) in enumerate(finding.cells)
    ]


def _box(box: Box) -> tuple[float, float, float, float]:
    return box.x0, box.top, box.x1, box.bottom


_MAKERS: dict[str, Callable[[Exported], list[Row]]] = {
    "documents": _documents,
    "pages": _pages,
    "blocks": _blocks,
    "tables": _tables,
    "parts": _parts,
    "cells": _cells,
    "fields": _fields,
    "checks": _checks,
    "check_cells": _check_cells,
    "findings": _findings,
    "finding_cells": _finding_cells,
}
