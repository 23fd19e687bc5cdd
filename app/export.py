"""The files that a document becomes."""

from __future__ import annotations

import html
from collections.abc import Iterator, Sequence

from biaoge.app.flatout import to_csv, to_grid_csv, to_markdown
from biaoge.app.jsonout import to_json
from biaoge.model import Document
from biaoge.text import writable

FORMATS = ("json", "html", "csv", "md")

STYLE = """
body { font: 16px/1.5 system-ui, "Noto Sans CJK SC", "Microsoft YaHei", sans-serif; margin: 2rem auto; max-width: 75rem;
  padding: 0 1rem; color: #1c1c1c; background: #fff; }
h1 { font-size: 1.4rem; } h2 { font-size: 1.1rem; margin-top: 2.5rem; color: #555; font-weight: 600; }
.wide { overflow-x: auto; }
table { border-collapse: collapse; font-size: .875rem; }
caption { text-align: left; font-weight: 600; padding: .4rem 0; }
td, th { border: 1px solid #999; padding: .3rem .5rem; text-align: left; vertical-align: middle; }
th { background: #f0f3f7; font-weight: 600; }
""".strip()


def files_of(document: Document, stem: str, formats: Sequence[str]) -> Iterator[tuple[str, str]]:
    """(name, content) of every file that `document` becomes in `formats` (words of `FORMATS`)."""
    if "json" in formats:
        yield f"{stem}.json", to_json(document)
    if "html" in formats:
        yield f"{stem}.html", writable(to_html(document))
    if "md" in formats:
        yield f"{stem}.md", writable(to_markdown(document))
    if "csv" in formats:
        for number, table in enumerate(document.tables, 1):
            yield f"{stem}.t{number}.csv", writable(to_csv(table))
            yield f"{stem}.t{number}.grid.csv", writable(to_grid_csv(table))


def to_html(document: Document) -> str:
    """One page with all tables, merged cells as printed."""
    name = html.escape(document.source.name)
    pieces = []
    for number, table in enumerate(document.tables, 1):
        pages = ", ".join(str(page) for page in sorted({part.page for part in table.parts}))
        where = f", page {pages}" if pages else ""
        pieces.append(f'<h2>Table {number}{where}</h2>\n<div class="wide">\n{table.to_html()}\n</div>')
    body = "\n".join(pieces) or "<p>No tables.</p>"
    return (
        f'<!doctype html>\n<html>\n<head>\n<meta charset="utf-8">\n'
        f'<meta name="viewport" content="width=device-width, initial-scale=1">\n<title>{name}</title>\n'
        f"<style>\n{STYLE}\n</style>\n</head>\n<body>\n<h1>{name}</h1>\n{body}\n</body>\n</html>\n"
    )
