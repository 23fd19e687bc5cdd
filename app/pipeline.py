"""All stages in order: a path goes in, a `Document` comes out."""

from __future__ import annotations

import gc
import os
import threading
import time
from collections.abc import Container, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from biaoge import __version__
from biaoge.app.guards import check_pages, check_size
from biaoge.app.moved import moved_back
from biaoge.app.recognition import Recognition, recognise_pages, to_recognise
from biaoge.app.settings import PageChoice, Settings
from biaoge.app.stems import shown_name
from biaoge.app.understand import understood
from biaoge.errors import DamagedImage, DamagedPdf, InputError, TooLarge
from biaoge.files import sha256_of
from biaoge.layout.analyse import analyse
from biaoge.layout.between import may_go_on
from biaoge.layout.captions import TableSite, captions
from biaoge.model import Box, Document, Finding, Page, SourceFile, Step, Table
from biaoge.tables import ruled
from biaoge.tables.camelot_first import camelot_first
from biaoge.tables.joined import Joined, join
from biaoge.tables.piece import Piece
from biaoge.tables.spaced import look

_TURNS = threading.Lock()

UNTRUSTED = 0.5
"""Confidence of text that a page hides under a scan."""


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
    files of unknown origin use the `biaoge` command, which reads each in a process of its own. Threads take turns:
    pdfium serves one at a time.
    """
    return read_traced(Path(path), settings or Settings(), password, PageChoice.make(pages)).document


@dataclass(frozen=True, slots=True)
class Traced:
    """A document and the same with its recognised pages still straight, as its tables were sought and joined."""

    document: Document
    straight: Document


def read_traced(path: Path, settings: Settings, password: str | None, choice: PageChoice) -> Traced:
    """As `read`, with what a picture of the work needs."""
    _check_there(path)
    check_size(path, settings.max_file_size)
    with _TURNS, _no_collection():
        from biaoge.app.flattext import is_flattened, read_flattened

        if is_flattened(path):
            document = read_flattened(path, settings)
            return Traced(document, document)
        return _read(path, settings, password, choice)


@contextmanager
def _no_collection() -> Iterator[None]:
    """Without Python's search for cyclic garbage, which the many values of a page set off again and again."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def _read(path: Path, settings: Settings, password: str | None, choice: PageChoice) -> Traced:
    steps: list[Step] = []
    findings: list[Finding] = []

    started = time.perf_counter()
    read_pages, n_pages, engine = _ingest(path, settings, password, choice, findings)
    steps.append(Step("ingest", *engine, settings.digest, time.perf_counter() - started))

    recognised = Recognition()
    if wanted := to_recognise(read_pages, settings):
        started = time.perf_counter()
        recognised = recognise_pages(path, wanted, settings, password)
        if recognised.failed and len(recognised.failed) == len(read_pages):
            raise recognised.failed[0]
        findings += recognised.findings
        read_pages = [recognised.pages.get(page.number, page) for page in read_pages]
        steps.append(Step("ocr", *recognised.engine, settings.digest, time.perf_counter() - started))

    started = time.perf_counter()
    pieces = [piece for page in read_pages for piece in ruled.find(page)]
    spaced = _spaced(read_pages, pieces, findings) if settings.spaced else ()
    steps.append(Step("tables", "biaoge", __version__, settings.digest, time.perf_counter() - started))

    started = time.perf_counter()
    read_pages = analyse(read_pages, _occupied([*(piece.table for piece in pieces), *(s.table for s in spaced)]))
    steps.append(Step("layout", "biaoge", __version__, settings.digest, time.perf_counter() - started))

    started = time.perf_counter()
    joined = _joined(read_pages, pieces, settings.join_pages)
    wholes = [whole for whole in joined if whole.is_table] + list(spaced)
    wholes.sort(
        key=lambda whole: (whole.table.parts[0].page, whole.table.parts[0].box.top, whole.table.parts[0].box.x0)
    )
    if not all(whole.is_table for whole in joined):
        # Frames that turned out to be no piece of a table: their words are prose again.
        read_pages = analyse(read_pages, _occupied([whole.table for whole in wholes]))
    wholes = [recognised.judged(_honest(whole, read_pages, recognised.pages)) for whole in wholes]
    tables, about = _captioned(read_pages, wholes)
    findings += about
    steps.append(Step("join", "biaoge", __version__, settings.digest, time.perf_counter() - started))

    started = time.perf_counter()
    source = SourceFile(shown_name(path), sha256_of(path), n_pages)
    straight = understood(Document(source, tuple(read_pages), tables, tuple(findings)), settings)
    steps.append(Step("forms", "biaoge", __version__, settings.digest, time.perf_counter() - started))
    straight = replace(straight, steps=tuple(steps))
    return Traced(moved_back(straight, recognised.ways), straight)


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
    with open_pdf(path, password, settings.reader, settings.max_objects) as reader:
        n_pages = reader.n_pages
        wanted = choice.of(n_pages)
        check_pages(len(wanted), settings.max_pages)
        for first, last in choice.beyond(n_pages):
            asked = f"page {first}" if first == last else f"pages {first} to {last}"
            findings.append(Finding("page-missing", "warning", f"{asked} asked for, but the last page is {n_pages}"))
        for number in wanted:
            try:
                pages.append(reader.page(number))
            except (DamagedPdf, DamagedImage, TooLarge) as error:
                findings.append(Finding("page-unreadable", "error", str(error), page=number))
                unread.append(error)
        if unread and not pages:
            raise unread[0]
        return pages, n_pages, (reader.name, reader.version)


def _spaced(pages: Sequence[Page], pieces: Sequence[Piece], findings: list[Finding]) -> tuple[Joined, ...]:
    """Tables set out by white space, each whole as it is; camelot gives the first reading where one is found."""
    found = []
    for page in pages:
        ruled_boxes = [piece.box for piece in pieces if piece.page == page.number and piece.table.is_grid]
        seen = look(page, ruled_boxes, camelot_first)
        if seen.asked and not seen.answered:
            message = "camelot could not be imported; the columns are this page's own reading alone"
            findings.append(Finding("no-second-reading", "info", message, page.number))
        for table in seen.tables:
            box = table.parts[0].box
            message = "no rulings part the columns here; they were told from the white between the words"
            note = Finding("spaced-table", "info", message, page.number)
            no_lines = (False,) * table.n_cols
            piece = Piece(table, page.number, box, (box.x0, box.x1), (box.top, box.bottom), no_lines, no_lines)
            found.append(Joined(table, piece.xs, piece, (note,)))
    return tuple(found)


def _occupied(tables: Sequence[Table]) -> dict[int, list[Box]]:
    boxes: dict[int, list[Box]] = {}
    for part in (part for table in tables for part in table.parts):
        boxes.setdefault(part.page, []).append(part.box)
    return boxes


def _honest(whole: Joined, pages: Sequence[Page], recognised: Container[int]) -> Joined:
    """The table as far as its pages' own text can be believed, where they were not `recognised`.

    Letters without a meaning are no reading: such cells are unread. Text hidden under a scan is kept, with little
    confidence. Both are findings.
    """
    doubted = {p.number: p.trust for p in pages if not p.trust.usable and p.number not in recognised}
    if not any(part.page in doubted for part in whole.table.parts):
        return whole
    cells = []
    for cell in whole.table.cells:
        reasons = {doubted[r.page].reason for r in cell.regions if r.page in doubted}
        if "garbled" in reasons and cell.text:
            cell = replace(cell, text=None, confidence=0.0)
        elif reasons and cell.text:
            cell = replace(cell, confidence=min(cell.confidence, UNTRUSTED))
        cells.append(cell)
    notes = tuple(
        Finding("untrusted-text", "warning", f"the page's own text is not to be trusted: {trust.message}", number)
        for number, trust in doubted.items()
        if any(part.page == number for part in whole.table.parts)
    )
    return replace(whole, table=replace(whole.table, cells=tuple(cells)), findings=(*whole.findings, *notes))


def _joined(pages: Sequence[Page], pieces: Sequence[Piece], wanted: bool) -> tuple[Joined, ...]:
    """The pieces as whole tables; each one a table of its own where joining is not wanted."""
    by_number = {page.number: page for page in pages}

    def between(upper: Piece, lower: Piece) -> bool:
        here, there = by_number[upper.page], by_number[lower.page]
        return wanted and may_go_on(here, (upper.box.top, upper.box.bottom), there, lower.box.top)

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
