"""One self-contained HTML page that shows what was found: each page's picture, drawn over, its tables beside it."""

from __future__ import annotations

import base64
import html
import io
from collections.abc import Iterable
from importlib.resources import files
from pathlib import Path

from PIL import Image

from biaoge.app.pipeline import Traced
from biaoge.app.recognition import sheets_of
from biaoge.app.settings import Settings
from biaoge.errors import InputError
from biaoge.model import Block, Box, Cell, Document, Finding, Page, Table
from biaoge.paths import Paths

DPI = 100.0
MOST_PIXELS = 2000  # along the longer side; larger pages are drawn coarser
LAYERS = (
    ("image", "page", True),
    ("cells", "cells", True),
    ("outlines", "tables", True),
    ("rulings", "rulings", False),
    ("blocks", "blocks", True),
    ("words", "words", False),
)
ROLES = ("corner", "column_header", "row_header", "section", "data")

SCRIPT = """
for (const box of document.querySelectorAll("header input")) {
  const show = () => document.body.classList.toggle("no-" + box.name, !box.checked);
  box.addEventListener("change", show);
  show();
}
"""


def debug_page(traced: Traced, path: Path, password: str | None = None, settings: Settings | None = None) -> str:
    """The page as HTML; `path` is the file that was read, for its pictures."""
    document = traced.document
    name = html.escape(document.source.name)
    style = files("biaoge.app").joinpath("debug.css").read_text(encoding="utf-8")
    boxes = "".join(
        f'<label><input type="checkbox" name="{layer}"{" checked" if on else ""}> {label}</label>'
        for layer, label, on in LAYERS
    )
    keys = "".join(
        f'<span class="key" style="color: var(--{role}); background: color-mix(in srgb, var(--{role}) 15%, white)">'
        f"</span>{role.replace('_', ' ')}"
        for role in ROLES
    )
    general = [finding for finding in document.findings if finding.page is None]
    steps = ", ".join(f"{step.stage} {step.seconds:.2f} s ({step.engine} {step.version})" for step in document.steps)
    return (
        f'<!doctype html>\n<html>\n<head>\n<meta charset="utf-8">\n<title>{name}: what was found</title>\n'
        f"<style>\n{style}</style>\n</head>\n<body>\n"
        f"<header><h1>{name}</h1>{boxes}{keys}<div>{html.escape(steps)}</div>{_sums(document)}{_findings(general)}</header>\n"
        + "\n".join(
            _page(document, page, path, password) + _straight(traced, number, path, password, settings or Settings())
            for number, page in enumerate(document.pages)
        )
        + f"\n<script>{SCRIPT}</script>\n</body>\n</html>\n"
    )


def _page(document: Document, page: Page, path: Path, password: str | None) -> str:
    here = [(n, t) for n, t in enumerate(document.tables) if any(part.page == page.number for part in t.parts)]
    beside = []
    for number, table in here:
        starts = min(part.page for part in table.parts)
        if starts < page.number:
            beside.append(f"<div><h3>Table {number + 1} goes on here; see page {starts}</h3></div>")
        else:
            size = f"{table.n_rows} × {table.n_cols}, {table.header_rows} header rows, {table.stub_cols} stub columns"
            head = f"Table {number + 1}: {size}, {table.kind}, confidence {table.confidence:.3f}"
            beside.append(f"<div><h3>{head}</h3>{table.to_html()}</div>")
    found = _findings(finding for finding in document.findings if finding.page == page.number)
    title = f"Page {page.number} · {page.width:g} × {page.height:g} pt · {page.route}"
    if not page.trust.usable:
        title += f" · text not usable: {html.escape(page.trust.message or page.trust.reason)}"
    return (
        f'<section class="page" id="page-{page.number}"><h2>{title}</h2>\n'
        f'<div class="sheet">{_picture(page, path, password)}{_overlay(page, here)}</div>\n'
        f'<div class="side">{found}{"".join(beside)}</div></section>'
    )


def _straight(traced: Traced, number: int, path: Path, password: str | None, settings: Settings) -> str:
    """The cleaned picture of a recognised page, with what was found on it as it was found; nothing for other pages."""
    given, page = traced.document.pages[number], traced.straight.pages[number]
    if not any(word.source == "ocr" for word in page.words) and not any(r.origin == "pixel" for r in page.rulings):
        return ""
    try:
        sheets = sheets_of(path, given, settings, password)
    except InputError as error:
        return f'<div class="unseen">No cleaned picture: {html.escape(str(error))}</div>'
    pictures = ""
    for sheet in sheets:
        box = sheet.warp.sheet
        pictures += (
            f'<image x="{box.x0:.1f}" y="{box.top:.1f}" width="{box.width:.1f}" height="{box.height:.1f}" '
            f'preserveAspectRatio="none" href="{_jpeg(Image.fromarray(sheet.grey))}"/>'
        )
    here = [(n, t) for n, t in enumerate(traced.straight.tables) if any(part.page == page.number for part in t.parts)]
    turned = ", ".join(f"skew {sheet.skew:.2f}°, turned {sheet.turned}°" for sheet in sheets)
    return (
        f'<section class="page cleaned"><h2>Page {page.number}, cleaned and straight · {turned}</h2>\n'
        f'<div class="sheet"><svg class="picture" viewBox="0 0 {page.width:.2f} {page.height:.2f}">{pictures}</svg>'
        f"{_overlay(page, here)}</div></section>"
    )


def _picture(page: Page, path: Path, password: str | None) -> str:
    if page.route == "flattened":
        return '<div class="unseen">No picture: a plain text has no pages.</div>'
    from biaoge.ingest.render import render

    dpi = min(DPI, MOST_PIXELS * 72 / max(page.width, page.height))
    try:
        image = render(path, page.number, dpi, password)
    except InputError as error:
        return f'<div class="unseen">No picture: {html.escape(str(error))}</div>'
    return f'<img alt="page {page.number}" src="{_jpeg(image)}">'


def _jpeg(image: Image.Image) -> str:
    """The picture as a data URL, not larger than is looked at."""
    image = image.convert("RGB")
    image.thumbnail((MOST_PIXELS, MOST_PIXELS))
    out = io.BytesIO()
    image.save(out, "JPEG", quality=70, optimize=True)
    return "data:image/jpeg;base64," + base64.b64encode(out.getvalue()).decode()


def _overlay(page: Page, tables: Iterable[tuple[int, Table]]) -> str:
    tables = list(tables)
    layers = {
        "words": [_rect(word.box, title=word.text) for word in page.words],
        "blocks": [_block(block) for block in page.blocks],
        "cells": [
            _cell(cell, region.box, paths)
            for paths in (Paths(table) for _, table in tables)
            for cell in paths.table.cells
            for region in cell.regions
            if region.page == page.number
        ],
        "rulings": [
            f'<line x1="{r.start:.1f}" y1="{r.at:.1f}" x2="{r.end:.1f}" y2="{r.at:.1f}"/>'
            if r.axis == "h"
            else f'<line x1="{r.at:.1f}" y1="{r.start:.1f}" x2="{r.at:.1f}" y2="{r.end:.1f}"/>'
            for r in page.rulings
        ],
        "outlines": [
            _rect(part.box) + _label(part.box.x0, part.box.top - 2, f"table {number + 1}")
            for number, table in tables
            for part in table.parts
            if part.page == page.number
        ],
    }
    inside = "".join(f'<g class="{name}">{"".join(shapes)}</g>' for name, shapes in layers.items())
    return f'<svg viewBox="0 0 {page.width:.2f} {page.height:.2f}" preserveAspectRatio="none">{inside}</svg>'


def _cell(cell: Cell, box: Box, paths: Paths) -> str:
    spans = f" {cell.rowspan}×{cell.colspan}" if cell.rowspan > 1 or cell.colspan > 1 else ""
    where = " / ".join((*paths.column(cell), *paths.row(cell)))
    text = "could not be read" if cell.text is None else cell.text
    title = f"row {cell.row}, column {cell.col}{spans}, {cell.role}, {cell.confidence:.3f}\n{where}\n{text}"
    kind = "unread" if cell.text is None else cell.role
    marks = ""
    if cell.verified:
        title += f"\nconfirmed by {', '.join(cell.verified)}"
        marks += _label(box.x1 - 5, box.top + 5, "\N{CHECK MARK}", "verified")
    if cell.repair:
        title += f"\nread as {cell.repair.raw!r}, mended: {cell.repair.reason}"
        marks += _label(box.x1 - 11, box.top + 5, "\N{ANTICLOCKWISE OPEN CIRCLE ARROW}", "repaired")
    label = _label(box.x0 + 1, box.top + 5, f"{cell.row},{cell.col}{spans}", "merged" if spans else "")
    return _rect(box, kind, title) + label + marks


def _block(block: Block) -> str:
    level = f" {block.level}" if block.level is not None else ""
    label = _label(block.box.x0, block.box.top - 0.5, f"{block.kind}{level}")
    return f'<g class="{block.kind}">{_rect(block.box, title=block.text)}{label}</g>'


def _rect(box: Box, kind: str = "", title: str = "") -> str:
    inside = f"<title>{html.escape(title)}</title>" if title else ""
    return (
        f'<rect class="{kind}" x="{box.x0:.1f}" y="{box.top:.1f}" width="{box.width:.1f}" height="{box.height:.1f}">'
        f"{inside}</rect>"
    )


def _label(x: float, y: float, text: str, kind: str = "") -> str:
    return f'<text class="{kind}" x="{x:.1f}" y="{y:.1f}">{html.escape(text)}</text>'


def _sums(document: Document) -> str:
    """The form, how many fields it has, and how many sums hold."""
    if not document.checks and document.form is None:
        return ""
    form = f"form {document.form}, {len(document.facts)} fields, " if document.form else ""
    holding = sum(check.holds is True for check in document.checks)
    data = [c for t in document.tables for c in t.cells if c.role == "data" and c.text]
    sure = sum(bool(cell.verified) for cell in data)
    told = f"{form}{holding} of {len(document.checks)} sums hold, {sure} of {len(data)} data cells confirmed by a sum"
    return f"<div>{html.escape(told)}</div>"


def _findings(findings: Iterable[Finding]) -> str:
    rows = []
    for finding in findings:
        where = f"table {finding.table + 1}: " if finding.table is not None else ""
        hint = f" ({finding.suggestion})" if finding.suggestion else ""
        text = html.escape(f"{finding.kind}: {where}{finding.message}{hint}")
        rows.append(f'<li class="{finding.severity}">{text}</li>')
    return f'<ul class="findings">{"".join(rows)}</ul>' if rows else ""
