"""PDFs written by hand, so that a test says exactly what is on the page."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from biaoge.ingest import READERS, open_pdf
from biaoge.model import Page


def raw_pdf(content: str, page: str = "", objects: Mapping[int, str] | None = None, resources: str = "") -> bytes:
    """A PDF of one page, 200 × 300 points unless `page` says otherwise; `objects` from number 10 on.

    F1 is Helvetica, F2 Helvetica-Bold.
    """
    box = "" if "/MediaBox" in page else "/MediaBox [0 0 200 300]"
    bodies: dict[int, str] = {
        1: "<< /Type /Catalog /Pages 2 0 R >>",
        2: "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        3: f"<< /Type /Page /Parent 2 0 R {box} {page} /Contents 4 0 R /Resources << /Font << /F1 5 0 R /F2 6 0 R >> "
        f"{resources} >> >>",
        4: f"<< /Length {len(content)} >>\nstream\n{content}\nendstream",
        5: "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
        6: "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica-Bold /Encoding /WinAnsiEncoding >>",
        **(objects or {}),
    }
    out = b"%PDF-1.7\n"
    places = {}
    for number, body in bodies.items():
        places[number] = len(out)
        out += f"{number} 0 obj\n{body}\nendobj\n".encode("latin-1")
    start, size = len(out), max(bodies) + 1
    out += f"xref\n0 {size}\n0000000000 65535 f \n".encode()
    for number in range(1, size):
        at = places.get(number)
        out += (f"{at:010d} 00000 n \n" if at is not None else "0000000000 00000 f \n").encode()
    return out + f"trailer\n<< /Size {size} /Root 1 0 R >>\nstartxref\n{start}\n%%EOF\n".encode()


def stream(dictionary: str, content: str) -> str:
    return f"<< {dictionary} /Length {len(content)} >>\nstream\n{content}\nendstream"


@pytest.fixture(params=sorted(READERS))
def reader(request: pytest.FixtureRequest) -> str:
    """The name of each reader in turn."""
    name = request.param
    assert isinstance(name, str)
    return name


@pytest.fixture
def pdf_file(tmp_path: Path) -> Callable[..., Path]:
    """Writes a PDF of one page and gives its path; arguments as of `raw_pdf`. A form is object 10 onwards."""

    def write(
        content: str, page: str = "", forms: Mapping[int, tuple[str, str]] | None = None, resources: str = ""
    ) -> Path:
        path = tmp_path / "page.pdf"
        objects = {number: stream(*parts) for number, parts in (forms or {}).items()}
        path.write_bytes(raw_pdf(content, page, objects, resources))
        return path

    return write


@pytest.fixture
def read_page(pdf_file: Callable[..., Path], reader: str) -> Callable[..., Page]:
    """Writes a PDF of one page and reads it with `reader`."""

    def read(content: str, page: str = "", **more: object) -> Page:
        with open_pdf(pdf_file(content, page, **more), reader=reader) as opened:
            return opened.page(1)

    return read
