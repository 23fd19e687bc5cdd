"""HTML: a page for each document and an index; nothing in them runs, whatever the documents say."""

from __future__ import annotations

import html
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

from biaoge.app.export import STYLE
from biaoge.app.exports.names import Stems
from biaoge.app.exports.rows import Exported, Source, clean
from biaoge.model import Document, Finding

INDEX = "index.html"
_POLICY = "default-src 'none'; style-src 'unsafe-inline'"
"""Should something slip through the escaping all the same: no scripts, no pictures, no addresses are followed."""
_MORE = """
nav { font-size: .875rem; } .files td:nth-child(n+2):not(:last-child) { text-align: right; }
.files td:first-child { overflow-wrap: anywhere; } code { font-size: .75rem; overflow-wrap: anywhere; }
ul.findings { font-size: .875rem; padding-left: 1.2rem; } .warning { color: #8a5a00; } .error { color: #a11; }
td[data-unread] { background: #f8d0cb; }
""".strip()


def write(source: Source, target: Path) -> None:
    """Write `index.html` and a page for each document into the folder `target`."""
    stems = Stems()
    with (target / INDEX).open("w", encoding="utf-8", newline="\n") as index:
        index.write(_opening("Documents"))
        index.write(
            '<h1>Documents</h1>\n<div class="wide"><table class="files">\n<thead><tr><th>Document</th><th>Pages</th>'
            "<th>Tables</th><th>Warnings</th><th>Sums that do not hold</th><th>Form</th></tr></thead>\n<tbody>\n"
        )
        for one in source:
            name = f"{stems.stem(one.name, one.sha256)}.html"
            (target / name).write_text("".join(page(one)), encoding="utf-8", newline="\n")
            index.write(_line(one, name))
        index.write("</tbody>\n</table></div>\n</body>\n</html>\n")


def _line(one: Exported, name: str) -> str:
    document = one.document
    warnings = sum(finding.severity != "info" for finding in document.findings)
    broken = sum(check.holds is False for check in document.checks)
    counts = "".join(f"<td>{n}</td>" for n in (document.source.pages, len(document.tables), warnings, broken))
    link = f'<a href="{quote(name)}">{_text(one.name)}</a>'
    return f"<tr><td>{link}</td>{counts}<td>{_text(document.form or '')}</td></tr>\n"


def page(one: Exported) -> Iterator[str]:
    """The pieces of a document's page: its findings, then its tables as printed."""
    document = one.document
    yield _opening(one.name)
    yield f'<nav><a href="{INDEX}">All documents</a></nav>\n<h1>{_text(one.name)}</h1>\n'
    yield f"<p>{document.source.pages} pages, {len(document.tables)} tables. <code>{one.sha256}</code></p>\n"
    yield from _findings(document)
    for number, table in enumerate(document.tables, 1):
        where = ", ".join(str(page) for page in sorted({part.page for part in table.parts}))
        yield f'<h2 id="t{number}">Table {number}{f", page {where}" if where else ""}</h2>\n<div class="wide">\n'
        yield f"{clean(table.to_html())}\n</div>\n"
    yield "</body>\n</html>\n"


def _findings(document: Document) -> Iterator[str]:
    if not document.findings:
        return
    yield f'<details><summary>{len(document.findings)} findings</summary>\n<ul class="findings">\n'
    for finding in document.findings:
        where = "".join(f", {text}" for text in _where(finding, len(document.tables)))
        said = f"<b>{_text(finding.kind)}</b>{where}: {_text(finding.message)}"
        yield f'<li class="{_text(finding.severity)}">{said}</li>\n'
    yield "</ul></details>\n"


def _where(finding: Finding, tables: int) -> Iterator[str]:
    if finding.page is not None:
        yield f"page {int(finding.page)}"
    if finding.table is not None and 0 <= finding.table < tables:
        yield f'<a href="#t{finding.table + 1}">table {finding.table + 1}</a>'
    if finding.cells:
        row, col = finding.cells[0]
        more = f" and {len(finding.cells) - 1} more" if len(finding.cells) > 1 else ""
        yield f"row {int(row) + 1}, column {int(col) + 1}{more}"


def _opening(title: str) -> str:
    return (
        '<!doctype html>\n<html>\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">\n'
        f'<meta name="viewport" content="width=device-width, initial-scale=1">\n<title>{_text(title)}</title>\n'
        f"<style>\n{STYLE}\n{_MORE}\n</style>\n</head>\n<body>\n"
    )


def _text(text: str) -> str:
    return html.escape(clean(text))
