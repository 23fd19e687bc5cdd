"""Which paragraphs are headings, and how deep.

Evidence is the number before the words (`numbering`), size and weight against the body's, and standing in the middle.
Levels are dense over the document: the highest scheme of numbers that occurs among its headings has level 1, as has
the title; an unnumbered heading takes the level of the numbered ones of its size.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from statistics import median

from biaoge.model import BlockKind

from .blocks import LEADER, Paragraph
from .formlines import is_form_line
from .numbering import Numbering, numbering

MAX_LEVEL = 6
LARGER = 1.12  # times the body's size: evidence of a heading
_SENTENCE = re.compile(r"[。；;，,]$|。.|[^.]\.$|[.!?]\s+[A-Z].*[.!?]")
_LETTERS = re.compile(r"[^\W\d_]")
_DATE = re.compile(r"^[（(]?[\d〇零一二三四五六七八九十]{2,4}\s?年[\d\s月日至—–-]*[）)]?$")
_CONTENTS = re.compile(r"^(?:目\s*[录次]|(?:Table of )?Contents|CONTENTS|TABLE OF CONTENTS)$")
_PROSE_SCHEMES = ("part", "chapter", "section", "cn", "cn_paren")  # headings even when set like the body


def body_size(paragraphs: Iterable[Paragraph]) -> float:
    """The size (points) in which most characters of the paragraphs are set; 0 for none."""
    counts: Counter[float] = Counter()
    for paragraph in paragraphs:
        for line in paragraph.lines:
            counts[round(line.size * 2) / 2] += len(line.text)
    return max(counts.items(), key=lambda item: (item[1], -item[0]))[0] if counts else 0.0


def classify(pages: Sequence[Sequence[Paragraph]], body: float) -> list[list[tuple[BlockKind, int | None]]]:
    """For every paragraph of every page, in reading order, its kind and the level of a heading.

    `body`: size of the document's running text (points).
    """
    body_bold = _body_is_bold(pages, body)
    flat = [p for page in pages for p in page]
    numbers = [numbering(p.text) for p in flat]
    listed = _listed(pages, numbers)
    kinds: list[BlockKind] = []
    for i, paragraph in enumerate(flat):
        number = numbers[i]
        if listed[i]:
            kinds.append("list_item")
        elif number is not None and number.scheme != "bullet" and _numbered_heading(flat, numbers, i, body, body_bold):
            kinds.append("heading")
        elif number is not None and number.scheme not in (*_PROSE_SCHEMES, "bare"):
            kinds.append("list_item")
        elif (number is None or number.scheme == "bare") and _plain_heading(paragraph, body, body_bold):
            kinds.append("heading")
        else:
            kinds.append("paragraph")
    levels = _levels(flat, numbers, kinds, body)
    result: list[list[tuple[BlockKind, int | None]]] = []
    start = 0
    for page in pages:
        result.append(list(zip(kinds[start : start + len(page)], levels[start : start + len(page)], strict=True)))
        start += len(page)
    return result


def _body_is_bold(pages: Sequence[Sequence[Paragraph]], body: float) -> bool:
    chars = [0, 0]
    for page in pages:
        for paragraph in page:
            if abs(paragraph.size - body) <= 0.5:
                chars[paragraph.bold] += len(paragraph.text)
    return chars[1] > chars[0]


def _emphasis(paragraph: Paragraph, body: float, body_bold: bool) -> bool:
    return paragraph.size >= LARGER * body or (paragraph.bold and not body_bold and paragraph.size > 0.9 * body)


def _short(paragraph: Paragraph) -> bool:
    """At most three lines (two unless centred) that do not end or run like a sentence."""
    text = paragraph.text
    if len(paragraph.lines) > (4 if paragraph.centred else 2) or _SENTENCE.search(text) or LEADER.search(text):
        return False
    return len(text.encode("utf-16-le")) <= 300 and sum(2 if ord(c) > 0x2E80 else 1 for c in text) <= 120


def _numbered_heading(
    flat: Sequence[Paragraph], numbers: Sequence[Numbering | None], i: int, body: float, body_bold: bool
) -> bool:
    paragraph, number = flat[i], numbers[i]
    if number is None or not _short(paragraph) or not paragraph.upright:
        return False
    rest = paragraph.text[number.length :].strip()
    if not rest and number.scheme not in ("part", "chapter", "section"):
        return False
    if rest and not _LETTERS.search(rest):
        return False
    if number.scheme in _PROSE_SCHEMES:
        return True
    if _emphasis(paragraph, body, body_bold):
        return True
    if number.scheme in ("bare", "letter", "circled", "arabic_paren") or len(paragraph.lines) > 1:
        return False
    if paragraph.size < 0.95 * body or paragraph.text[-1] in ":：":
        return False
    around = [numbers[j] for j in (i - 1, i + 1) if 0 <= j < len(flat)]
    if any(other is not None and other.scheme == number.scheme for other in around):
        return False
    following = flat[i + 1] if i + 1 < len(flat) else None
    return number.scheme.startswith("decimal") or (
        following is not None and numbers[i + 1] is None and len(following.lines) > 1 and len(rest) <= 30
    )


def _plain_heading(paragraph: Paragraph, body: float, body_bold: bool) -> bool:
    """Whether a paragraph without a number is a heading by its looks."""
    text = paragraph.text
    if not paragraph.upright or not _short(paragraph) or len(_LETTERS.findall(text)) < 2:
        return False
    if _DATE.match(text) or is_form_line(text) or text[-1] in ":：?？":
        return False
    if _emphasis(paragraph, body, body_bold):
        return True
    if not paragraph.centred or paragraph.size < 0.99 * body or len(paragraph.lines) > 2:
        return False
    return len(text) <= 40 and (text.upper() == text or _CONTENTS.match(text) is not None)


def _listed(pages: Sequence[Sequence[Paragraph]], numbers: Sequence[Numbering | None]) -> list[bool]:
    """Whether each paragraph is an entry of a list or table of contents: numbered lines with nothing between them."""
    result: list[bool] = []
    for page in pages:
        start = len(result)
        result += [len(p.lines) <= 3 and LEADER.search(p.text) is not None for p in page]
        run: list[int] = []
        for i, paragraph in enumerate(page):
            contents = i > 0 and _CONTENTS.match(page[i - 1].text) is not None
            if run and (
                not _is_entry(paragraph, numbers[start + i])
                or paragraph.box.top - page[run[-1]].box.bottom > 1.5 * paragraph.size
                or paragraph.box.bottom <= page[run[-1]].box.top
                or contents
            ):
                _mark(run, start, numbers, result)
                run = []
            if _is_entry(paragraph, numbers[start + i]):
                run.append(i)
        _mark(run, start, numbers, result)
    return result


def _is_entry(paragraph: Paragraph, number: Numbering | None) -> bool:
    return number is not None and number.scheme != "bare" and len(paragraph.lines) <= 2 and "。" not in paragraph.text


def _mark(run: Sequence[int], start: int, numbers: Sequence[Numbering | None], result: list[bool]) -> None:
    schemes = [number.scheme for i in run if (number := numbers[start + i]) is not None]
    triple = any(len(set(schemes[k : k + 3])) == 1 for k in range(len(schemes) - 2))
    if triple or (len(schemes) >= 4 and len(set(schemes)) <= len(schemes) / 2):
        for i in run:
            result[start + i] = True


def _levels(
    flat: Sequence[Paragraph], numbers: Sequence[Numbering | None], kinds: Sequence[BlockKind], body: float
) -> list[int | None]:
    numbered: dict[float, list[float]] = {}
    for paragraph, number, kind in zip(flat, numbers, kinds, strict=True):
        if kind == "heading" and number is not None:
            numbered.setdefault(number.rank, []).append(paragraph.size)
    ranks = sorted(numbered)
    sizes = [median(numbered[rank]) for rank in ranks]
    plain = [p for p, n, k in zip(flat, numbers, kinds, strict=True) if k == "heading" and n is None]
    looks = sorted({_look(p) for p in plain}, reverse=True)
    levels: list[int | None] = []
    for paragraph, number, kind in zip(flat, numbers, kinds, strict=True):
        if kind != "heading":
            levels.append(None)
        elif number is not None:
            levels.append(min(MAX_LEVEL, ranks.index(number.rank) + 1))
        elif ranks:
            level = next((n for n, size in enumerate(sizes, 1) if paragraph.size >= 0.97 * size), len(ranks) + 1)
            levels.append(min(MAX_LEVEL, level))
        else:
            levels.append(min(MAX_LEVEL, looks.index(_look(paragraph)) + 1))
    return levels


def _look(paragraph: Paragraph) -> tuple[int, bool]:
    """What tells the depths of unnumbered headings apart: rounded size, then weight."""
    return (round(paragraph.size), paragraph.bold)
