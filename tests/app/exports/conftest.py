"""A document with everything that has rows, beside one that means ill."""

from __future__ import annotations

from dataclasses import replace

import pytest

from biaoge.app.exports.rows import Exported
from biaoge.model import Box, Cell, Document, Finding, Page, Part, SourceFile, Table

SHA = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"


@pytest.fixture
def one(document: Document) -> Exported:
    """The small document, with a SHA-256 of its own."""
    return Exported("a & b.pdf", SHA, replace(document, source=SourceFile("a & b.pdf", SHA, 1)))


@pytest.fixture
def hostile() -> Exported:
    """A document whose every text wants to be more than a text."""
    texts = (
        *('=HYPERLINK("http://x")', "+1+cmd|' /C calc'!A0", "-2+3", "@SUM(A1)", "\t=1", "＝1"),
        *("<script>alert(1)</script>", "</td><img src=x onerror=alert(1)>", "\x00\x1b[31m\ud800", "_x0041_", "'"),
        "007",
    )
    cells = tuple(Cell(0, col, text) for col, text in enumerate(texts))
    table = Table(1, len(cells), cells, caption="<b>[x]:*?/\\'</b>", parts=(Part(1, Box(0, 0, 9, 9), (0, 0)),))
    finding = Finding("<i>kind", "warning", "<script>=1", 1, 0, ((0, 0),), "=2")
    name = '../../<img src=x>/=1"\x00.pdf'
    document = Document(SourceFile(name, "a" * 64, 1), (Page(1, 10, 10),), (table,), (finding,), (), "../form=x")
    return Exported(name, "a" * 64, document)
