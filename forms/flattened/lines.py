"""The lines of a text: which part of one is label, which values, and what only marks a page."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from biaoge.errors import TooLarge
from biaoge.text import join_lines

Spot = tuple[int, int]
"""A character of the text: number of its line and offset in it, both from 0."""

_SAME = str.maketrans(
    {"、": ".", "．": ".", "。": ".", "“": '"', "”": '"', "‘": '"', "’": '"', "—": "-", "–": "-", "−": "-"}
)
_VALUE = re.compile(
    r"[-+−－–]?[\d０-９]+([,，][\d０-９]{3})*([.．][\d０-９]+)?[%％‰件条个项次宗起元]?(万元|亿元)?|[-—–－―]{1,3}|[/／\\×]|无"
)
_GROUPED = re.compile(r"[-+−－]?\d{1,3}( \d{3})+(\.\d+)?")
_PAGE_MARK = re.compile(
    r"[-—–－―~·•\s]*第?\s*\d{1,4}\s*页?[\s,，/]*(共\s*\d{1,4}\s*页)?[-—–－―~·•\s]*"
    r"|\d{1,4}\s*/\s*\d{1,4}|page\s*\d{1,4}( of \d{1,4})?",
    re.IGNORECASE,
)
_LONGEST_MARK = 40
"""Characters of a page number with what stands around it."""

MOST_LINES = 10_000
"""Lines of a text that are not blank; the longest flattened report seen has 700."""
MOST_TABS = 200_000
LONGEST_LINE = 10_000
"""Characters beyond which a line is no row of a form: prose, or no text at all."""

_PLAIN_NUMBER = re.compile(r"\s*\d{1,4}\s*")
_ORDINAL = re.compile(r"\([一二三四五六七八九十\d]{1,3}\)|[一二三四五六七八九十]{1,3}\.|\d{1,2}\.(?!\d)")
_PIECE = re.compile(r"\S+")


@dataclass(frozen=True, slots=True)
class Token:
    """A value as printed. `field`: how many tabs stand before it in its line."""

    text: str
    line: int
    field: int


@dataclass(frozen=True, slots=True)
class Line:
    """A line that is not blank. `number`: from 0 in the whole text; `fields`: pieces between tabs, 1 without a tab.

    `stop`: offset at which the run of values at its end begins; `label_field`: the field in which the label ends,
    -1 without a label. `apart`: a blank line stands above it. `mark`: "page" where it is surely a page number, "maybe"
    for a lone number, which may be one. `repeated`: the text has the same line elsewhere, as running heads are.
    """

    number: int
    raw: str
    fields: int
    stop: int
    values: tuple[Token, ...]
    label_field: int
    apart: bool
    mark: str
    repeated: bool = False

    @property
    def label(self) -> str:
        """What stands before the values."""
        return self.raw[: self.stop]


def lines_of(text: str) -> tuple[Line, ...]:
    """The lines that are not blank, in order; form feeds part lines as line breaks do. TooLarge beyond the limits."""
    if text.count("\t") > MOST_TABS:
        raise TooLarge(f"a text with more than {MOST_TABS:,} tabs is not read as tables; cut it into documents")
    found: list[Line] = []
    apart = True
    for number, raw in enumerate(re.split(r"\r\n|[\n\r\f\v]", text)):
        if not raw or raw.isspace():
            apart = True
            continue
        if len(found) >= MOST_LINES:
            raise TooLarge(f"a text of more than {MOST_LINES:,} lines is not read as tables; cut it into documents")
        found.append(_line(number, raw, apart))
        apart = False
    often = Counter(fold(line.raw) for line in found)
    return tuple(replace(line, repeated=True) if often[fold(line.raw)] > 1 else line for line in found)


def is_value(text: str) -> bool:
    """Whether `text` can only be the value of a cell.

    >>> [is_value(t) for t in ("0", "248.9611", "1,234", "-", "1.", "(一)", "2023年")]
    [True, True, True, True, False, False, False]
    """
    return bool(_VALUE.fullmatch(text))


def _line(number: int, raw: str, apart: bool) -> Line:
    if len(raw) > LONGEST_LINE:
        return Line(number, raw, raw.count("\t") + 1, len(raw), (), 0, apart, "")
    pieces: list[tuple[int, str, int]] = []  # offset, text, field
    at = 0
    for field, part in enumerate(raw.split("\t")):
        inside = part.strip()
        if "\t" in raw and _GROUPED.fullmatch(inside):
            pieces.append((at + part.index(inside), inside, field))
        else:
            pieces += [(at + m.start(), m.group(), field) for m in _PIECE.finditer(part)]
        at += len(part) + 1
    first = len(pieces)
    while first and (is_value(of := pieces[first - 1][1]) or _GROUPED.fullmatch(of)):
        first -= 1
    values = tuple(Token(piece, number, field) for _, piece, field in pieces[first:])
    stop = pieces[first][0] if values else len(raw)
    mark = _mark(raw.strip())
    return Line(number, raw, raw.count("\t") + 1, stop, values, pieces[first - 1][2] if first else -1, apart, mark)


def _mark(text: str) -> str:
    if len(text) > _LONGEST_MARK:
        return ""
    return "maybe" if _PLAIN_NUMBER.fullmatch(text) else "page" if _PAGE_MARK.fullmatch(text) else ""


# --- comparing -------------------------------------------------------------------------------------------------------


@lru_cache(maxsize=50_000)
def fold(text: str) -> str:
    """`text` as labels are compared: full width as half width, 1. 1． 1、 the same, without white space.

    >>> fold("1． 属于 国家秘密") == fold("1、属于国家秘密"), fold("（一）")
    (True, '(一)')
    """
    return "".join(folded for char in text for folded in _folded(char))


@lru_cache(maxsize=20_000)
def _folded(char: str) -> str:
    return "".join(unicodedata.normalize("NFKC", char.translate(_SAME)).translate(_SAME).lower().split())


@lru_cache(maxsize=50_000)
def bare(text: str) -> str:
    """`text` folded and without ordinals, which forms and documents write or leave out as they like.

    >>> bare("三、本年度办理结果 （一）予以公开"), bare("危及“三安全一稳定”")
    ('本年度办理结果予以公开', '危及"三安全一稳定"')
    """
    return _ORDINAL.sub("", fold(text))


@dataclass(frozen=True, slots=True)
class Stream:
    """Folded characters and where each stands in the text: those it is made of, ordinals left out before it too.

    `breaks`: positions at which a printed piece begins.
    """

    text: str
    spots: tuple[tuple[Spot, ...], ...]
    breaks: tuple[int, ...]

    def bare(self) -> Stream:
        """The stream without ordinals, which then belong to the character after them."""
        dropped = {at for found in _ORDINAL.finditer(self.text) for at in range(*found.span())}
        if not dropped or len(dropped) == len(self.text):
            return self
        kept: list[int] = []
        spots: list[tuple[Spot, ...]] = []
        waiting: tuple[Spot, ...] = ()
        for at, of in enumerate(self.spots):
            if at in dropped:
                waiting += of
            else:
                kept.append(at)
                spots.append(waiting + of)
                waiting = ()
        spots[-1] += waiting
        breaks = {sum(at < found for at in kept) for found in self.breaks}
        return Stream("".join(self.text[at] for at in kept), tuple(spots), tuple(sorted(breaks - {len(kept)})))


def stream_of(pieces: Iterable[tuple[int, str]]) -> Stream:
    """The folded characters of pieces of lines (number of the line, its text from the beginning on)."""
    chars: list[str] = []
    spots: list[tuple[Spot, ...]] = []
    breaks: list[int] = []
    for number, text in pieces:
        fresh = True
        for offset, char in enumerate(text):
            if not (folded := _folded(char)):
                fresh = True
                continue
            if fresh:
                breaks.append(len(chars))
                fresh = False
            chars += folded
            spots += [((number, offset),)] * len(folded)
    return Stream("".join(chars), tuple(spots), tuple(breaks))


def printed(stream: Stream, start: int, stop: int, raws: dict[int, str]) -> str:
    """What stands in the text from `start` to `stop` of the stream, wrapped lines joined; `raws`: lines by number."""
    pieces: dict[int, list[int]] = {}
    for number, offset in (spot for spots in stream.spots[start:stop] for spot in spots):
        pieces.setdefault(number, []).append(offset)
    return join_lines(raws[number][offsets[0] : offsets[-1] + 1] for number, offsets in pieces.items())


def by_number(lines: Sequence[Line]) -> dict[int, str]:
    """The raw lines by their number."""
    return {line.number: line.raw for line in lines}
