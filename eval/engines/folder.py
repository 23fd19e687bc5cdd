"""Predictions made elsewhere, one file a document: `DIR/<stem>.json` (the JSON of biaoge) or `DIR/<stem>.html`.

So any tool's output can be measured. Of the JSON only `tables` and `findings` are read, and of those only what is
measured; of the HTML every table that is not inside another. A document without a file is a failed reading; one without
tables has a file that says so (`{"tables": []}`, or HTML without a table). For documents of one name in several folders
`DIR/<folder>/<stem>.json`, with the name of the folder that holds the document, goes before `DIR/<stem>.json`.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from biaoge.errors import InputError, TableError, UsageError
from biaoge.model import Cell, Finding, Part, Region, Role, Severity, Source, Table

from ..prediction import Reading
from ..typed import Count, Edges, PageNumber, Share, Size, box_of, check_size, decoded
from .assemble import from_html
from .contract import Engine

SUFFIXES = (".json", ".html")


@dataclass(frozen=True, slots=True)
class _Region:
    page: PageNumber
    box: Edges


@dataclass(frozen=True, slots=True)
class _Part:
    page: PageNumber
    box: Edges
    rows: tuple[Count, Count]


@dataclass(frozen=True, slots=True)
class _Cell:
    row: Count
    col: Count
    text: str | None
    rowspan: Size = 1
    colspan: Size = 1
    role: Role = "data"
    regions: tuple[_Region, ...] | None = None
    confidence: Share = 1.0
    source: Source = "text"


@dataclass(frozen=True, slots=True)
class _Table:
    n_rows: Size
    n_cols: Size
    cells: tuple[_Cell, ...]
    header_rows: Count = 0
    stub_cols: Count = 0
    caption: str | None = None
    parts: tuple[_Part, ...] | None = None
    confidence: Share = 1.0


@dataclass(frozen=True, slots=True)
class _Finding:
    kind: str
    severity: Severity
    message: str = ""
    page: PageNumber | None = None
    table: Count | None = None
    cells: tuple[tuple[Count, Count], ...] | None = None


@dataclass(frozen=True, slots=True)
class _Document:
    tables: tuple[_Table, ...]
    findings: tuple[_Finding, ...] | None = None


def engine(folder: str) -> Engine:
    """The engine `folder:DIR`; UsageError where `folder` is none."""
    if not folder or not Path(folder).is_dir():
        raise UsageError(f"folder:{folder}: no such folder; write folder:DIR with the folder of the predictions")
    where = str(Path(folder).resolve())
    return Engine(
        name=f"folder:{folder}",
        target=f"{__name__}:read:{where}",
        packages=(),
        licence="that of whatever made the files",
        note="Predictions made elsewhere; the time is that of reading the files.",
        scans=True,
        stamp=f"{__name__}:digest:{where}",
    )


def digest(folder: str) -> str:
    """Twelve hexadecimal digits that change with the name or the content of any prediction in `folder`."""
    whole = hashlib.sha256()
    root = Path(folder)
    found = {p.relative_to(root).as_posix(): p for form in ("*", "*/*") for p in root.glob(form) if p.is_file()}
    for name, path in sorted(found.items()):
        if path.suffix in SUFFIXES:
            raw = path.read_bytes()
            whole.update(f"{name}\0{len(raw)}\0".encode("utf-8", "surrogateescape"))
            whole.update(raw)
    return f"files {whole.hexdigest()[:12]}"


def read(path: Path, joined: bool, folder: str) -> Reading:
    """The prediction in `folder` for the document `path`; InputError where there is none or it cannot be read."""
    for found in _places(path, Path(folder)):
        if found.is_file():
            try:
                text = found.read_text(encoding="utf-8-sig")
                return Reading(from_html(text)) if found.suffix == ".html" else from_json(text)
            # lxml's errors of syntax are SyntaxErrors.
            except (ValueError, SyntaxError, RecursionError, OSError, TableError) as problem:
                raise InputError(f"{found}: no prediction: {problem}") from problem
    raise InputError(f"{folder} holds neither {path.stem}.json nor {path.stem}.html")


def from_json(text: str) -> Reading:
    """The tables and findings of the JSON of biaoge; ValueError with the place of what is not as it should be.

    Needed are `n_rows`, `n_cols` and `cells` with `row`, `col` and `text` (`null`: not read); the rest has defaults.
    """
    raw = decoded(text, _Document)
    tables = tuple(_table(table, f"$.tables[{n}]") for n, table in enumerate(raw.tables))
    findings = tuple(Finding(f.kind, f.severity, f.message, f.page, f.table, f.cells or ()) for f in raw.findings or ())
    for n, finding in enumerate(findings):
        if finding.table is not None and finding.table >= len(tables):
            raise ValueError(f"$.findings[{n}].table: {finding.table}, but there are {len(tables)} tables")
    return Reading(tables, findings)


def _places(path: Path, folder: Path) -> Iterator[Path]:
    """Where the prediction for a document may lie, the likeliest first."""
    parent = path.parent.resolve().name
    for place in (folder / parent, folder) if parent else (folder,):
        for suffix in SUFFIXES:
            yield place / f"{path.stem}{suffix}"


def _table(raw: _Table, where: str) -> Table:
    try:
        check_size(raw.n_rows, raw.n_cols)
        cells = tuple(_cell(cell, f"cells[{n}]") for n, cell in enumerate(raw.cells))
        parts = tuple(_part(part, f"parts[{n}]", raw.n_rows) for n, part in enumerate(raw.parts or ()))
        return Table(
            raw.n_rows,
            raw.n_cols,
            cells,
            raw.header_rows,
            raw.stub_cols,
            raw.caption,
            parts,
            confidence=raw.confidence,
        )
    except (ValueError, TableError) as problem:
        raise ValueError(f"{where}: {problem}") from problem


def _cell(raw: _Cell, where: str) -> Cell:
    regions = (Region(r.page, box_of(r.box, f"{where}.regions[{n}].box")) for n, r in enumerate(raw.regions or ()))
    return Cell(
        raw.row,
        raw.col,
        raw.text,
        raw.rowspan,
        raw.colspan,
        raw.role,
        tuple(regions),
        confidence=raw.confidence,
        source=raw.source,
    )


def _part(raw: _Part, where: str, n_rows: int) -> Part:
    first, last = raw.rows
    if not first <= last < n_rows:
        raise ValueError(f"{where}.rows: {first} to {last} does not lie in rows 0 to {n_rows - 1}")
    return Part(raw.page, box_of(raw.box, f"{where}.box"), raw.rows)
