from __future__ import annotations

from pathlib import Path

from lxml import html

from biaoge.app.debugpage import LAYERS, debug_page
from biaoge.app.pipeline import Traced, read
from biaoge.model import Document


def test_everything_is_drawn(document: Document, pdf: Path) -> None:
    page = html.document_fromstring(debug_page(Traced(document, document), pdf))
    assert [box.get("name") for box in page.iter("input")] == [name for name, _, _ in LAYERS]
    (picture,) = page.iter("img")
    assert str(picture.get("src")).startswith("data:image/jpeg;base64,")
    groups = {str(group.get("class")): group for group in page.iter("g")}
    cells = groups["cells"].findall("rect")
    assert [rect.get("class") for rect in cells] == [
        "unread" if cell.text is None else cell.role for cell in document.tables[0].cells
    ]
    assert "0,0 2×2" in [text.text for text in groups["cells"].findall("text")]
    assert len(groups["heading"].findall("rect")) == 1
    assert len(list(page.iter("table"))) == 1
    text = "".join(str(piece) for piece in page.itertext())
    for finding in document.findings:
        assert finding.message in text


def test_of_a_real_reading(pdf: Path) -> None:
    document = read(pdf)
    text = debug_page(Traced(document, document), pdf)
    assert text.count("<line ") >= 8
    assert "http://" not in text.replace("http://www.w3.org", "")
    assert 'src="data:' in text


def test_a_page_that_cannot_be_drawn(document: Document, tmp_path: Path) -> None:
    (tmp_path / "gone.pdf").write_bytes(b"%PDF-1.4 broken")
    text = debug_page(Traced(document, document), tmp_path / "gone.pdf")
    assert "No picture: " in text
    assert "<svg" in text
