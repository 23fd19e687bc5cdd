"""The JSON contract, `biaoge/1`: a `Document` as plain values and back. The schema beside this file describes it."""

from __future__ import annotations

import json
from typing import Any, NotRequired, TypedDict, cast

from biaoge.app.jsonfacts import (
    CheckDict,
    FieldDict,
    check_to_dict,
    fields_to_dict,
)
from biaoge.model import (
    BlockKind,
    Box,
    Cell,
    Document,
    Finding,
    Page,
    Role,
    Route,
    Severity,
    Source,
    Table,
    TableKind,
)
from biaoge.paths import Paths
from biaoge.text import writable

SCHEMA = "biaoge/1"


class SourceDict(TypedDict):
    """The file that was read."""

    name: str
    sha256: str
    pages: int


class TrustDict(TypedDict):
    """Whether the page's own text could be used."""

    usable: bool
    reason: str
    message: str


class BlockDict(TypedDict):
    """A piece of a page outside tables."""

    kind: BlockKind
    level: int | None
    text: str
    box: list[float]


class PageDict(TypedDict):
    """A page without its words."""

    number: int
    width: float
    height: float
    rotation: int
    route: Route
    skew: float
    trust: TrustDict
    blocks: list[BlockDict]


class PartDict(TypedDict):
    """The piece of a table on one page."""

    page: int
    box: list[float]
    rows: list[int]


class RegionDict(TypedDict):
    """A box on a page."""

    page: int
    box: list[float]


class AlternativeDict(TypedDict):
    """Another reading of a cell."""

    text: str
    probability: float


class RepairDict(TypedDict):
    """How a cell was mended."""

    raw: str | None
    proposed: str
    reason: str
    odds: float


class CellDict(TypedDict):
    """A cell with its header paths."""

    row: int
    col: int
    rowspan: int
    colspan: int
    text: str | None
    role: Role
    column_path: list[str]
    row_path: list[str]
    regions: list[RegionDict]
    confidence: float
    source: Source
    alternatives: NotRequired[list[AlternativeDict]]
    verified: NotRequired[list[str]]
    repair: NotRequired[RepairDict]


class TableDict(TypedDict):
    """A table."""

    n_rows: int
    n_cols: int
    header_rows: int
    stub_cols: int
    caption: str | None
    kind: TableKind
    confidence: float
    parts: list[PartDict]
    cells: list[CellDict]


class FindingDict(TypedDict):
    """What was doubtful."""

    kind: str
    severity: Severity
    message: str
    page: int | None
    table: int | None
    cells: list[list[int]]
    suggestion: str | None


class StepDict(TypedDict):
    """A stage that ran."""

    stage: str
    engine: str
    version: str
    settings: str
    seconds: float


class DocumentDict(TypedDict):
    """The whole file."""

    schema: str
    source: SourceDict
    pages: list[PageDict]
    tables: list[TableDict]
    form: NotRequired[str | None]
    fields: NotRequired[dict[str, FieldDict]]
    checks: NotRequired[list[CheckDict]]
    findings: list[FindingDict]
    steps: list[StepDict]


def document_to_dict(document: Document) -> DocumentDict:
    """The document as the contract has it; words and rulings of the pages are left out."""
    return {
        "schema": SCHEMA,
        "source": {
            "name": document.source.name,
            "sha256": document.source.sha256,
            "pages": document.source.pages,
        },
        "pages": [_page(page) for page in document.pages],
        "tables": [_table(table) for table in document.tables],
        "form": document.form,
        "fields": fields_to_dict(document.facts),
        "checks": [check_to_dict(check) for check in document.checks],
        "findings": [finding_to_dict(finding) for finding in document.findings],
        "steps": [
            {
                "stage": step.stage,
                "engine": step.engine,
                "version": step.version,
                "settings": step.settings,
                "seconds": round(step.seconds, 3),
            }
            for step in document.steps
        ],
    }


def finding_to_dict(finding: Finding) -> FindingDict:
    """What was doubtful, as the contract has it."""
    return {
        "kind": finding.kind,
        "severity": finding.severity,
        "message": finding.message,
        "page": finding.page,
        "table": finding.table,
        "cells": [list(place) for place in finding.cells],
        "suggestion": finding.suggestion,
    }


def _coordinate(value: float) -> float:
    return round(float(value), 2) + 0.0  # never -0.0


def _share(value: float) -> float:
    return round(float(value), 4) + 0.0


def _box(box: Box) -> list[float]:
    return [_coordinate(value) for value in (box.x0, box.top, box.x1, box.bottom)]


def _page(page: Page) -> PageDict:
    return {
        "number": page.number,
        "width": _coordinate(page.width),
        "height": _coordinate(page.height),
        "rotation": page.rotation,
        "route": page.route,
        "skew": _share(page.skew),
        "trust": {"usable": page.trust.usable, "reason": page.trust.reason, "message": page.trust.message},
        "blocks": [
            {"kind": block.kind, "level": block.level, "text": block.text, "box": _box(block.box)}
            for block in page.blocks
        ],
    }


def _table(table: Table) -> TableDict:
    paths = Paths(table)
    return {
        "n_rows": table.n_rows,
        "n_cols": table.n_cols,
        "header_rows": table.header_rows,
        "stub_cols": table.stub_cols,
        "caption": table.caption,
        "kind": table.kind,
        "confidence": _share(table.confidence),
        "parts": [{"page": part.page, "box": _box(part.box), "rows": list(part.rows)} for part in table.parts],
        "cells": [_cell(cell, paths) for cell in table.cells],
    }


def _cell(cell: Cell, paths: Paths) -> CellDict:
    out: CellDict = {
        "row": cell.row,
        "col": cell.col,
        "rowspan": cell.rowspan,
        "colspan": cell.colspan,
        "text": cell.text,
        "role": cell.role,
        "column_path": list(paths.column(cell)),
        "row_path": list(paths.row(cell)),
        "regions": [{"page": region.page, "box": _box(region.box)} for region in cell.regions],
        "confidence": _share(cell.confidence),
        "source": cell.source,
    }
    if cell.alternatives:
        out["alternatives"] = [
            {"text": other.text, "probability": _share(other.probability)} for other in cell.alternatives
        ]
    if cell.verified:
        out["verified"] = list(cell.verified)
    if cell.repair:
        repair = cell.repair
        out["repair"] = {
            "raw": repair.raw,
            "proposed": repair.proposed,
            "reason": repair.reason,
            "odds": round(repair.odds, 1),
        }
    return out


def to_json(document: Document) -> str:
    """The document as JSON text, one line for every page, cell, finding and step, so that it can be diffed."""
    return _lay_out(cast("dict[str, Any]", document_to_dict(document)))


def _lay_out(whole: dict[str, Any]) -> str:
    """One line for every page, cell, finding and step: half the bytes of an indented file, and still readable."""

    def flat(value: object) -> str:
        return json.dumps(value, ensure_ascii=False)

    def rows(values: list[Any], indent: str) -> str:
        return "[" + ",".join(f"\n{indent}  {flat(value)}" for value in values) + (f"\n{indent}]" if values else "]")

    def table(value: dict[str, Any]) -> str:
        head = flat({key: item for key, item in value.items() if key != "cells"})
        return f'{head[:-1]}, "cells": {rows(value["cells"], "    ")}}}'

    tables = ",".join(f"\n    {table(value)}" for value in whole["tables"])
    parts = [f'  "schema": {flat(whole["schema"])}', f'  "source": {flat(whole["source"])}']
    parts.append(f'  "pages": {rows(whole["pages"], "  ")}')
    parts.append(f'  "tables": [{tables}' + ("\n  ]" if tables else "]"))
    parts.append(f'  "form": {flat(whole["form"])}')
    fields = ",".join(f"\n    {flat(name)}: {flat(value)}" for name, value in whole["fields"].items())
    parts.append(f'  "fields": {{{fields}' + ("\n  }" if fields else "}"))
    parts += [f'  "{key}": {rows(whole[key], "  ")}' for key in ("checks", "findings", "steps")]
    return writable("{\n" + ",\n".join(parts) + "\n}\n")
