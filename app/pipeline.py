"""All stages in order: a path goes in, a `Document` comes out."""

from __future__ import annotations

import os
import time
from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path

from biaoge import __version__
from biaoge.app.settings import PageChoice, Settings
from biaoge.errors import DamagedPdf, InputError, TooLarge
from biaoge.files import sha256_of
from biaoge.layout.analyse import analyse
from biaoge.layout.between import only_furniture_between
from biaoge.layout.captions import TableSite, captions
from biaoge.model import Document, Finding, Page, SourceFile, Step, Table
from biaoge.tables import ruled
from biaoge.tables.joined import Joined, join
from biaoge.tables.piece import Piece


def read(
    path: str | Path,
    settings: Settings | None = None,
    *,
    password: str | None = None,
    pages: PageChoice | str | Iterable[int] | None = None,
) -> Document:
    """Read the PDF at `path`: its pages, its tables, and what was doubtful.

    `pages`: `"1-3,5"` or page numbers from 1; all where not given. Errors: NotAPdf, DamagedPdf, PasswordNeeded,
    TooLarge, UsageError (see `biaoge.errors`). It runs in this process: a hostile file can take it down, so for
    files of unknown origin use the `biaoge` command, which reads each in a process of its own.
    """
    path, settings, choice = Path(path), settings or Settings(), PageChoice.make(pages)
    _check_there(path)
    steps: list[Step] = []
    findings: list[Finding] = []

    started = time.perf_counter()
    read_pages, n_pages, engine = _ingest(path, settings, password, choice, findings)
    steps.append(Step("ingest", *engine, settings.digest, time.perf_counter() - started))

    started = time.perf_counter()
    pieces = {page.number: ruled.find(page) for page in read_pages}
    steps.append(Step("tables", "biaoge", __version__, settings.digest, time.perf_counter() - started))

    started = time.perf_counter()
    occupied = {number: [piece.box for piece in found] for number, found in pieces.items()}
    read_pages = analyse(read_pages, occupied)
    steps.append(Step("layout", "biaoge", __version__, settings.digest, time.perf_counter() - started))

    started = time.perf_counter()
    wholes = _joined(read_pages, [piece for found in pieces.values() for piece in found], settings.join_pages)
    if not all(whole.is_table for whole in wholes):
        # Frames that turned out to be no piece of a table: their words are prose again.
        wholes = tuple(whole for whole in wholes if whole.is_table)
        parts = [part for whole in wholes for part in whole.table.parts]
        read_pages = analyse(
            read_pages, {page.number: [part.box for part in parts if part.page == page.number] for page in read_pages}
        )
    tables, about = _captioned(read_pages, wholes)
    findings += about
    steps.append(Step("join", "biaoge", __version__, settings.digest, time.perf_counter() - started))

    name = os.fsencode(path.name).decode("utf-8", "replace")
    return Document(
        SourceFile(name, sha256_of(path), n_pages), tuple(read_pages), tables, tuple(findings), tuple(steps)
    )


def _check_there(path: Path) -> None:
    if path.is_dir():
        raise InputError("this is a folder; give the PDF files in it")
    if not path.exists():
        raise InputError("no such file; check the path")
    if not os.access(path, os.R_OK):
        raise InputError("not allowed to read it; check the file's permissions")


def _ingest(
    path: Path, settings: Settings, password: str | None, choice: PageChoice, findings: list[Finding]
) -> tuple[Sequence[Page], int, tuple[str, str]]:
    """The chosen pages, the number of pages of the file, and (name, version) of the reader."""
    from biaoge.ingest.pdf import open_pdf

    pages: list[Page] = []
    unread: list[InputError] = []
    with open_pdf(path, password=password, reader=settings.reader) as reader:
        n_pages = reader.n_pages
        for first, last in choice.beyond(n_pages):
            asked = f"page {first}" if first == last else f"pages {first} to {last}"
            findings.append(Finding("page-missing", "warning", f"{asked} asked for, but the last page is {n_pages}"))
        for number in choice.of(n_pages):
            try:
                pages.append(reader.page(number))
            except (DamagedPdf, TooLarge) as error:
                findings.append(Finding("page-unreadable", "error", str(error), page=number))
                unread.append(error)
        if unread and not pages:
            raise unread[0]
        return pages, n_pages, (reader.name, reader.version)


def _joined(pages: Sequence[Page], pieces: Sequence[Piece], wanted: bool) -> tuple[Joined, ...]:
    """The pieces as whole tables; each one a table of its own where joining is not wanted."""
    by_number = {page.number: page for page in pages}

    def between(upper: Piece, lower: Piece) -> bool:
        here, there = by_number[upper.page], by_number[lower.page]
        return wanted and only_furniture_between(here, upper.box.bottom, there, lower.box.top)

    return join(pieces, between, _text_bottoms(pages, pieces))


def _text_bottoms(pages: Sequence[Page], pieces: Sequence[Piece]) -> dict[int, float]:
    """How far down (points) the text area reaches: the lowest body text or table of all pages of the same height."""
    lowest: dict[float, float] = {}
    for page in pages:
        reach = [block.box.bottom for block in page.blocks if not block.kind.startswith(("running", "page"))]
        reach += [piece.box.bottom for piece in pieces if piece.page == page.number]
        lowest[page.height] = max([lowest.get(page.height, 0.0), *reach])
    return {page.number: lowest[page.height] for page in pages}


def _captioned(pages: Sequence[Page], wholes: Sequence[Joined]) -> tuple[tuple[Table, ...], list[Finding]]:
    """The tables with their captions, and the findings about them, numbered."""
    sites = [TableSite(part.page, part.box) for whole in wholes for part in whole.table.parts[:1]]
    tables, findings = [], []
    for number, (whole, caption) in enumerate(zip(wholes, captions(pages, sites), strict=True)):
        tables.append(replace(whole.table, caption=caption))
        findings += [replace(finding, table=number) for finding in whole.findings]
    return tuple(tables), findings
