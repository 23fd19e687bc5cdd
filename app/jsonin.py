"""A document out of the JSON that biaoge wrote (`biaoge/1`)."""

from __future__ import annotations

import json
from pathlib import Path

from biaoge.app.jsoncheck import check
from biaoge.app.jsonfacts import check_from_dict, fields_from_dict
from biaoge.app.jsonout import SCHEMA, CellDict, DocumentDict, PageDict, TableDict
from biaoge.errors import InputError, TableError
from biaoge.model import (
    Alternative,
    Block,
    Box,
    Cell,
    Document,
    Finding,
    Page,
    Part,
    Region,
    Repair,
    SourceFile,
    Step,
    Table,
    Trust,
)


def load_json(path: str | Path) -> Document:
    """The document in a JSON file of biaoge; InputError where the file is none."""
    try:
        raw = json.loads(Path(path).read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError) as error:
        raise InputError(f"{path}: not readable as JSON ({error})") from error
    return document_from_dict(raw)


def document_from_dict(raw: DocumentDict) -> Document:
    """The document that `document_to_dict` made `raw` of, without words and rulings; InputError where it is none."""
    schema = raw.get("schema") if isinstance(raw, dict) else None
    if schema != SCHEMA:
        raise InputError(f"the schema is {schema!r}; this version of biaoge reads {SCHEMA!r}")
    check(raw)
    try:
        source = SourceFile(raw["source"]["name"], raw["source"]["sha256"], raw["source"]["pages"])
        return Document(
            source,
            tuple(_read_page(page) for page in raw["pages"]),
            tuple(_read_table(table) for table in raw["tables"]),
            tuple(
                Finding(
                    finding["kind"],
                    finding["severity"],
                    finding["message"],
                    finding["page"],
                    finding["table"],
                    tuple((row, col) for row, col in finding["cells"]),
                    finding["suggestion"],
                )
                for finding in raw["findings"]
            ),
            tuple(
                Step(step["stage"], step["engine"], step["version"], step["settings"], step["seconds"])
                for step in raw["steps"]
            ),
            raw.get("form"),
            fields_from_dict(raw.get("fields", {})),
            tuple(check_from_dict(one) for one in raw.get("checks", ())),
        )
    except (LookupError, TypeError, ValueError, ArithmeticError, TableError) as error:
        raise InputError(f"not a {SCHEMA} document: {type(error).__name__} {error}") from error


def _read_page(page: PageDict) -> Page:
    return Page(
        page["number"],
        page["width"],
        page["height"],
        page["rotation"],
        page["route"],
        blocks=tuple(Block(b["kind"], b["text"], Box(*b["box"]), b["level"]) for b in page["blocks"]),
        trust=Trust(page["trust"]["usable"], page["trust"]["reason"], page["trust"]["message"]),
        skew=page["skew"],
    )


def _read_table(table: TableDict) -> Table:
    return Table(
        table["n_rows"],
        table["n_cols"],
        tuple(_read_cell(cell) for cell in table["cells"]),
        table["header_rows"],
        table["stub_cols"],
        table["caption"],
        tuple(Part(part["page"], Box(*part["box"]), (part["rows"][0], part["rows"][1])) for part in table["parts"]),
        table["kind"],
        table["confidence"],
    )


def _read_cell(cell: CellDict) -> Cell:
    return Cell(
        cell["row"],
        cell["col"],
        cell["text"],
        cell["rowspan"],
        cell["colspan"],
        cell["role"],
        tuple(Region(region["page"], Box(*region["box"])) for region in cell["regions"]),
        confidence=cell["confidence"],
        source=cell["source"],
        alternatives=tuple(Alternative(a["text"], a["probability"]) for a in cell.get("alternatives", ())),
        verified=tuple(cell.get("verified", ())),
        repair=Repair(**cell["repair"]) if "repair" in cell else None,
    )
