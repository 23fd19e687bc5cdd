"""What becomes of the answers of layout, OCR and structure models: tables with boxes in points."""

from __future__ import annotations

from collections.abc import Mapping
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from biaoge.eval.engines import rapid
from biaoge.eval.engines.pages import Picture
from biaoge.model import Box, Finding

HTML = "<html><body><table><tr><td rowspan=2>甲</td><td>1</td></tr><tr><td>2</td></tr></table></body></html>"
BOXES = {(0, 0): (5.0, 5.0, 50.0, 105.0), (0, 1): (100.0, 5.0, 50.0, 55.0)}


def reading(monkeypatch: pytest.MonkeyPatch, found: Any, words: Any, html: str = HTML) -> Any:
    """The reading of a page of 400 × 600 pixels at 200 dots per inch, on which the models say what is given."""

    def structure(pixels: Any, words: list[Any]) -> tuple[str, Mapping[tuple[int, int], tuple[float, ...]]]:
        assert [w[1] for w in words] == ["甲", "1", "2"]
        return html, BOXES

    monkeypatch.setattr(rapid, "_layout", lambda: lambda pixels: found)
    monkeypatch.setattr(rapid, "_ocr", lambda: lambda pixels: words)
    picture = Picture(2, np.full((600, 400, 3), 255, np.uint8), 72 / 200)
    return rapid._page(picture, structure)


FOUND = SimpleNamespace(boxes=np.array([[0, 0, 400, 90], [110.0, 110, 300, 310]]), class_names=["text", "table"])
WORDS = SimpleNamespace(boxes=np.zeros((3, 4, 2)), txts=("甲", "1", "2"), scores=(0.9, 0.9, 0.9))
NOTHING = SimpleNamespace(boxes=None, txts=None, scores=None, class_names=None)


def test_a_table_stands_where_it_was_cut_out(monkeypatch: pytest.MonkeyPatch) -> None:
    (table,) = reading(monkeypatch, FOUND, WORDS).tables
    assert table.texts() == [["甲", "1"], ["甲", "2"]]
    assert {cell.source for cell in table.cells} == {"ocr"}
    assert table.parts[0].page == 2
    around = Box(100 * 0.36, 100 * 0.36, 310 * 0.36, 320 * 0.36)
    assert table.parts[0].box.overlap(around) == pytest.approx(around.area)
    first, second, third = table.cells
    assert first.regions[0].box.x0 == pytest.approx(105 * 0.36)
    assert first.regions[0].box.bottom == pytest.approx(205 * 0.36)
    assert second.regions[0].box.width == pytest.approx(50 * 0.36)
    assert third.regions == ()


def test_nothing_found_is_no_table(monkeypatch: pytest.MonkeyPatch) -> None:
    assert reading(monkeypatch, NOTHING, WORDS).tables == ()


@pytest.mark.parametrize(("words", "html"), [(NOTHING, HTML), (WORDS, "")])
def test_a_table_without_cells_is_said(monkeypatch: pytest.MonkeyPatch, words: Any, html: str) -> None:
    got = reading(monkeypatch, FOUND, words, html)
    assert got.tables == ()
    (finding,) = got.findings
    assert isinstance(finding, Finding)
    assert (finding.kind, finding.page) == ("table-without-cells", 2)
