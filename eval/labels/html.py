"""HTML: every `<table>` of a file that does not stand inside another one.

Spans, `thead`, `th` and `scope` are read as `biaoge.html.table_from_html` says. The attribute `id` names a table (else
its place in the file does), `data-page="2 3"` says on which pages of the document it stands.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

from biaoge.errors import LabelError
from biaoge.html import table_from_html

from .found import Labelled

if TYPE_CHECKING:
    from lxml.etree import _Element

_PAGE = re.compile("0*[1-9][0-9]{0,8}")


def read(path: Path) -> tuple[Labelled, ...]:
    """The tables of the UTF-8 file in their order; LabelError where there is none or one without a cell."""
    from lxml import etree

    text = path.read_text(encoding="utf-8-sig")
    try:
        root = etree.fromstring(text.encode("utf-8"), etree.HTMLParser(encoding="utf-8"))
    except etree.XMLSyntaxError:  # nothing at all to read
        root = None
    elements = [] if root is None else [e for e in root.iter("table") if next(e.iterancestors("table"), None) is None]
    if not elements:
        raise LabelError(f"{path}: no <table>")
    out = []
    for n, element in enumerate(elements, start=1):
        try:
            table = table_from_html(etree.tostring(element, method="html", encoding="unicode", with_tail=False))
            pages = _pages(element)
        except LabelError as problem:
            raise LabelError(f"{path}: table {n}: {problem}") from problem
        out.append(Labelled(element.get("id") or f"{path.stem}.{n}", table, pages))
    return tuple(out)


def _pages(element: _Element) -> tuple[int, ...]:
    words = (element.get("data-page") or "").replace(",", " ").split()
    if not all(map(_PAGE.fullmatch, words)):
        raise LabelError(f"data-page={element.get('data-page')!r}: pages are numbers from 1")
    return tuple(map(int, words))
