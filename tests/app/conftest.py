"""Small documents made on the spot, and the real command."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Sequence
from decimal import Decimal
from pathlib import Path

import pytest

from biaoge.facts import Check, Fact, Identity, Place
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
    SourceFile,
    Step,
    Table,
    Trust,
)

Command = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture
def command(tmp_path: Path) -> Command:
    """Run `biaoge` with the given words, in a folder of its own."""

    def run(*words: str | Path, timeout: float = 60) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "biaoge", *map(str, words)],
            cwd=tmp_path,
            capture_output=True,
            text=True,
            timeout=timeout,
            check=False,
        )

    return run


def pdf_bytes(rows: Sequence[Sequence[str]], pages: int = 1) -> bytes:
    """A PDF whose every page shows `rows` as a ruled grid of 100 × 20 point cells, 72 points from left and top."""
    height, width = 20 * len(rows), 100 * len(rows[0])
    top = 792 - 72
    ops = [f"{72} {top - 20 * r} m {72 + width} {top - 20 * r} l S" for r in range(len(rows) + 1)]
    ops += [f"{72 + 100 * c} {top} m {72 + 100 * c} {top - height} l S" for c in range(len(rows[0]) + 1)]
    for r, row in enumerate(rows):
        for c, text in enumerate(row):
            ops.append(f"BT /F1 10 Tf {76 + 100 * c} {top - 20 * r - 14} Td ({text}) Tj ET")
    stream = "\n".join(ops).encode("latin-1")
    kids = " ".join(f"{5 + n} 0 R" for n in range(pages))
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        f"<< /Type /Pages /Kids [{kids}] /Count {pages} >>".encode(),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(stream), stream),
    ]
    resources = b"<< /Font << /F1 3 0 R >> >>"
    page = b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents 4 0 R /Resources %s >>" % resources
    objects += [page] * pages
    out, offsets = b"%PDF-1.4\n", []
    for number, body in enumerate(objects, 1):
        offsets.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    table = b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    start = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n%s" % (len(objects) + 1, table)
    return out + b"trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, start)


@pytest.fixture
def grid_pdf() -> Callable[..., bytes]:
    """Bytes of a PDF with one ruled table a page."""
    return pdf_bytes


@pytest.fixture
def pdf(tmp_path: Path) -> Path:
    """A PDF of one page with a ruled table of 3 × 3 cells."""
    path = tmp_path / "small.pdf"
    path.write_bytes(pdf_bytes([["Name", "2023", "2024"], ["apples", "1", "2"], ["pears", "30", "-4"]]))
    return path


@pytest.fixture
def table() -> Table:
    """Two header rows with a merged corner and head, a section, a merged stub, an empty and an unread cell."""

    def box(row: int, col: int, rows: int = 1, cols: int = 1) -> tuple[Region, ...]:
        return (Region(1, Box(50 + 40 * col, 100 + 20 * row, 50 + 40 * (col + cols), 100 + 20 * (row + rows))),)

    cells = (
        Cell(0, 0, "项目", 2, 2, "corner", box(0, 0, 2, 2)),
        Cell(0, 2, "自然人|法人", 1, 2, "column_header", box(0, 2, 1, 2)),
        Cell(1, 2, "上年", 1, 1, "column_header", box(1, 2)),
        Cell(1, 3, "本年", 1, 1, "column_header", box(1, 3)),
        Cell(2, 0, "第一节", 1, 4, "section", box(2, 0, 1, 4)),
        Cell(3, 0, "公开", 2, 1, "row_header", box(3, 0, 2)),
        Cell(3, 1, "全部", role="row_header", regions=box(3, 1)),
        Cell(3, 2, "-1,234", regions=box(3, 2), confidence=0.98765, source="repaired"),
        Cell(3, 3, "", regions=box(3, 3)),
        Cell(4, 1, "部分", role="row_header", regions=box(4, 1)),
        Cell(
            4, 2, None, regions=box(4, 2), confidence=0.0, alternatives=(Alternative("7", 0.6), Alternative("1", 0.4))
        ),
        Cell(4, 3, 'a "b"\nc', regions=box(4, 3)),
    )
    part = Part(1, Box(50, 100, 210, 200), (0, 4))
    return Table(5, 4, cells, header_rows=2, stub_cols=2, caption="二、主动公开 <情况>", parts=(part,), confidence=0.75)


@pytest.fixture
def document(table: Table) -> Document:
    """One page, one table, one finding of each reach."""
    page = Page(
        1,
        595.276,
        841.89,
        blocks=(
            Block("heading", "一、总体", Box(50, 40, 200, 55), 1),
            Block("paragraph", "正文", Box(50, 60, 300, 75)),
        ),
        trust=Trust(True, "text"),
        skew=0.12345,
    )
    findings = (
        Finding("unread", "error", "one cell could not be read", 1, 0, ((4, 2),), "look at the page"),
        Finding("page-missing", "warning", "page 9 asked for"),
    )
    return Document(
        SourceFile("a & b.pdf", "0" * 64, 1),
        (page,),
        (table,),
        findings,
        (Step("ingest", "pdfium", "1", "ab", 0.12345),),
        "small-form",
        (
            Fact("a.b.count", "公开 / 全部", 3, "件", "3", Place(0, 3, 2), 1, 0.98765, ("a.sum:b",)),
            Fact("a.b.fee", "公开 / 收费", Decimal("248.9611"), None, "248.9611", Place(0, 3, 3), None, 1.0),
            Fact("a.c.count", "公开 / 其他", None, None, None, Place(0, 4, 2), 1, 0.0),
        ),
        (
            Check(
                Identity("a.sum:b", "全部 = 其一 − 其二", (Place(0, 3, 2),), (Place(0, 3, 3),), (Place(0, 4, 3),)),
                True,
                Decimal(3),
                Decimal(3),
                "ok",
            ),
            Check(
                Identity("sum:2", "合计", (Place(0, 4, 2),), (Place(0, 4, 3),), (), False),
                None,
                Decimal("0.5"),
                None,
                "unknown",
            ),
        ),
    )
