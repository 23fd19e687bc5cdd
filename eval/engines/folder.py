"""Predictions made elsewhere, one file a document: `DIR/<stem>.json` (the JSON of biaoge) or `DIR/<stem>.html`.

So any tool's output can be measured. Of the JSON only `tables` and `findings` are read, and of those only what is
measured; of the HTML every table that is not inside another. A document without a file is a failed reading; one without
tables has a file that says so (`{"tables": []}`, or HTML without a table).
"""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any, get_args

from biaoge.errors import InputError, TableError, UsageError
from biaoge.model import Box, Cell, Finding, Part, Region, Role, Severity, Source, Table

from ..prediction import Reading
from .assemble import from_html
from .contract import Engine

SUFFIXES = (".json", ".html")


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
    for path in sorted(p for p in Path(folder).iterdir() if p.suffix in SUFFIXES):
        raw = path.read_bytes()
        whole.update(f"{path.name}\0{len(raw)}\0".encode())
        whole.update(raw)
    return f"files {whole.hexdigest()[:12]}"


def read(path: Path, joined: bool, folder: str) -> Reading:
    """The prediction in `folder` for the document `path`; InputError where there is none or it cannot be read."""
    for suffix in SUFFIXES:
        found = Path(folder) / f"{path.stem}{suffix}"
        if found.is_file():
            try:
                text = found.read_text(encoding="utf-8-sig")
                return Reading(from_html(text)) if suffix == ".html" else from_json(json.loads(text))
            except (KeyError, TypeError, ValueError, TableError) as problem:
                raise InputError(f"{found}: no prediction: {type(problem).__name__} {problem}") from problem
    raise InputError(f"{folder} holds neither {path.stem}.json nor {path.stem}.html")


def from_json(raw: dict[str, Any]) -> Reading:
    """The tables and findings of the JSON of biaoge; KeyError, TypeError, ValueError, TableError where it breaks it.

    Needed are `n_rows`, `n_cols` and `cells` with `row`, `col` and `text` (`null`: not read); the rest has defaults.
    """
    return Reading(
        tuple(_table(table) for table in raw["tables"]),
        tuple(_finding(finding) for finding in raw.get("findings") or ()),
    )


def _table(raw: dict[str, Any]) -> Table:
    return Table(
        int(raw["n_rows"]),
        int(raw["n_cols"]),
        tuple(_cell(cell) for cell in raw["cells"]),
        int(raw.get("header_rows", 0)),
        int(raw.get("stub_cols", 0)),
        raw.get("caption"),
        tuple(
            Part(int(p["page"]), _box(p["box"]), (int(p["rows"][0]), int(p["rows"][1]))) for p in raw.get("parts") or ()
        ),
        confidence=float(raw.get("confidence", 1.0)),
    )


def _cell(raw: dict[str, Any]) -> Cell:
    text = raw["text"]
    role: Role = raw.get("role", "data")
    source: Source = raw.get("source", "text")
    confidence = float(raw.get("confidence", 1.0))
    if not (text is None or isinstance(text, str)):
        raise TypeError(f"the text {text!r} is neither a string nor null")
    if role not in get_args(Role) or source not in get_args(Source) or not 0 <= confidence <= 1:
        raise ValueError(f"role {role!r}, source {source!r}, confidence {confidence}")
    return Cell(
        int(raw["row"]),
        int(raw["col"]),
        text,
        int(raw.get("rowspan", 1)),
        int(raw.get("colspan", 1)),
        role,
        tuple(Region(int(region["page"]), _box(region["box"])) for region in raw.get("regions") or ()),
        confidence=confidence,
        source=source,
    )


def _finding(raw: dict[str, Any]) -> Finding:
    severity: Severity = raw["severity"]
    if severity not in get_args(Severity):
        raise ValueError(f"severity {severity!r}")
    cells = tuple((int(row), int(col)) for row, col in raw.get("cells") or ())
    return Finding(raw["kind"], severity, raw.get("message", ""), raw.get("page"), raw.get("table"), cells)


def _box(raw: list[float]) -> Box:
    x0, top, x1, bottom = map(float, raw)
    return Box(x0, top, x1, bottom)
