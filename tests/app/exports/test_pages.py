from __future__ import annotations

from pathlib import Path
from typing import Any
from urllib.parse import unquote

import lxml.html

from biaoge.app.exports import pages
from biaoge.app.exports.rows import Exported


def parsed(path: Path) -> Any:
    return lxml.html.fromstring(path.read_text(encoding="utf-8"))


def test_index_and_pages(one: Exported, tmp_path: Path) -> None:
    pages.write([one], tmp_path)
    index = parsed(tmp_path / "index.html")
    links = [unquote(link) for link in index.xpath("//a/@href")]
    assert [link for link in links if not (tmp_path / link).is_file()] == []
    page = parsed(tmp_path / links[0])
    assert page.xpath("//h1/text()") == ["a & b.pdf"]
    assert page.xpath("count(//table//th | //table//td)") == 12
    assert page.xpath("//th[@colspan='2' and @rowspan='2']/text() | //td[@colspan='2' and @rowspan='2']/text()") == [
        "项目"
    ]
    assert page.xpath("//li/@class") == ["error", "warning"]


def test_nothing_in_them_runs(hostile: Exported, tmp_path: Path) -> None:
    inside = tmp_path / "inside"
    inside.mkdir()
    pages.write([hostile], inside)
    assert [path.name for path in tmp_path.iterdir()] == ["inside"]
    for path in inside.iterdir():
        text = path.read_text(encoding="utf-8")
        assert "Content-Security-Policy" in text
        found = parsed(path)
        assert found.xpath("//script | //img | //b[contains(., '[x]')]") == []
        assert [name for name in found.xpath("//@*") if str(name).startswith("javascript")] == []
    page = next(path for path in inside.iterdir() if path.name != pages.INDEX)
    assert "<script>alert(1)</script>" in parsed(page).xpath("//td/text()")
