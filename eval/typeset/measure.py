"""What a producer made of a story: is every text there, and what did the page breaks do to the tables?

Looks at the characters in the order in which they stand in the file, which all three producers keep cell by cell.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from biaoge.eval.reports import Heading, Paragraph

from .story import Story

_BLANKS = re.compile(r"\s+")
_RADICALS = re.compile("[⺀-⿕]")


@dataclass(frozen=True, slots=True)
class Outcome:
    """`lost`: characters of the story that the PDF holds too few of. `radicals`: some are written as CJK radicals.

    `cut`: tables that stand on more than one page, `mid_cell`: texts of cells that a page break parts,
    `repeated`: tables whose header came again, `header_cut`: tables whose header rows stand on two pages.
    """

    pages: int
    lost: str
    radicals: bool
    cut: int
    mid_cell: tuple[str, ...]
    repeated: int
    header_cut: int

    def tags(self) -> tuple[str, ...]:
        """The words for it in the index."""
        said = {
            "page-cut": self.cut,
            "header-cut": self.header_cut,
            "mid-cell": self.mid_cell,
            "repeated-header": self.repeated,
            "kangxi": self.radicals,
        }
        return tuple(tag for tag, so in said.items() if so)


def outcome(pdf: Path, story: Story) -> Outcome:
    """Look at the PDF of the story."""
    raw = _pages(pdf)
    pages = [_radicals_undone(page) for page in raw]
    whole = "".join(pages)
    prose = [_bare(item.text) for item in story.items if isinstance(item, Heading | Paragraph)]
    tables = [[(_bare(cell.text or ""), cell.row < t.header_rows) for cell in t.cells] for t in story.tables()]
    wanted = Counter(_bare(story.title) + "".join(prose) + "".join(text for t in tables for text, _ in t))
    said = _bare(story.title) + "\n" + "\n".join(prose) + "\n" + "\n".join(text for t in tables for text, _ in t)
    cut = repeated = header_cut = 0
    mid_cell = []
    for table in tables:
        places = [
            (_places(text, pages, said.count(text) == 1), text, is_header) for text, is_header in table if len(text) > 4
        ]
        mid_cell += [text for on, text, _ in places if on and not any(text in pages[number] for number in on)]
        again = any(is_header and whole.count(text) > said.count(text) for _, text, is_header in places)
        cut += len(set().union(*(on for on, _, _ in places))) > 1
        header_cut += not again and len(set().union(*(on for on, _, is_header in places if is_header))) > 1
        repeated += again
    lost = "".join((wanted - Counter(whole)).elements())
    return Outcome(len(raw), lost, raw != pages, cut, tuple(mid_cell), repeated, header_cut)


def _pages(pdf: Path) -> list[str]:
    """The characters of every page without blanks."""
    import pdfplumber

    # pdfium would fold radicals into words while reading; pdfminer gives what the file says.
    with pdfplumber.open(pdf) as document:
        return [_bare("".join(char["text"] for char in page.chars)) for page in document.pages]


def _places(text: str, pages: Sequence[str], unique: bool) -> set[int]:
    """The pages (from 0) on which the text stands, also when a break parts it; none where that cannot be told."""
    whole = {number for number, page in enumerate(pages) if text in page}
    if whole:
        return whole if unique else set()
    for number in range(len(pages) - 1):
        for at in range(1, len(text)):
            if text[:at] in pages[number][-400:] and text[at:] in pages[number + 1][:400]:
                return {number, number + 1}
    return set()


def _bare(text: str) -> str:
    return _BLANKS.sub("", text)


def _radicals_undone(text: str) -> str:
    return _RADICALS.sub(lambda m: _RADICAL_WORDS.get(m[0], unicodedata.normalize("NFKC", m[0])), text)


# Those of the supplement, which Unicode's own folding leaves alone.
_FROM, _TO = "⺠⻔⻚⻅⻆⻉⻋⻓⻘⻛⻜⻝⻢⻥⻦⻨⻬⻮⻰", "民门页见角贝车长青风飞食马鱼鸟麦齐齿龙"
_RADICAL_WORDS = dict(zip(_FROM, _TO, strict=True))
