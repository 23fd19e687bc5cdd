"""A labelled set as scans: the same documents and labels, the pages degraded and without their text."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

from biaoge.errors import InputError
from biaoge.files import sha256_of
from biaoge.model import Box, Cell, Part, Region, Table

from .degrade import Strength
from .scans import Flat, Made, make_set, moved
from .sets import TruthDocument, TruthSet, TruthTable

SEED = 1


def as_scans(
    truth: TruthSet, strength: Strength, folder: Path, on_file: Callable[[str], None] | None = None
) -> TruthSet:
    """The set `name@strength`, its documents made in `folder` where they are not there yet, boxes moved with the pages.

    Every document and table gets the tags `scan` and the strength's name. `on_file` hears the names of documents as
    they are made. InputError for a document that cannot be drawn.
    """
    where = folder / truth.name

    def heard(made: Made) -> None:
        if on_file is not None and made.fresh:
            on_file(f"{made.name}@{made.strength}")

    made = make_set(((d.name, d.pdf) for d in truth.documents), where, (strength,), SEED, heard)
    documents = []
    for document, copy in zip(truth.documents, made, strict=True):
        if copy.error is not None:
            raise InputError(f"{document.pdf}: cannot be made a scan: {copy.error}")
        documents.append(_scanned(document, copy, strength.name))
    return replace(truth, name=f"{truth.name}@{strength.name}", documents=tuple(documents))


def _scanned(document: TruthDocument, copy: Made, strength: str) -> TruthDocument:
    def tables(given: Sequence[TruthTable]) -> tuple[TruthTable, ...]:
        return tuple(replace(t, table=_moved(t.table, copy.homographies)) for t in given)

    return replace(
        document,
        pdf=copy.pdf,
        sha256=sha256_of(copy.pdf),
        tags=(*document.tags, "scan", strength),
        tables=tables(document.tables),
        alternatives=tuple(tables(other) for other in document.alternatives),
    )


def _moved(table: Table, pages: Sequence[Flat]) -> Table:
    def box(page: int, given: Box) -> Box:
        return moved(given, pages[page - 1]) if 1 <= page <= len(pages) else given

    def cell(given: Cell) -> Cell:
        return replace(given, regions=tuple(Region(r.page, box(r.page, r.box)) for r in given.regions))

    parts = tuple(Part(p.page, box(p.page, p.box), p.rows) for p in table.parts)
    return replace(table, cells=tuple(map(cell, table.cells)), parts=parts)
