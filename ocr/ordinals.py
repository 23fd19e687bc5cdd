"""The numbers of a page's items, as (三) or 三、, where one is read with doubt: a page numbers its items alike.

A line that begins with (E) on a page of (一), (二), (四) begins with (三), if the engine deems it possible at all.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from . import readlines
from .readlines import Read

NUMERALS = "一二三四五六七八九十"
ENOUGH = 2
"""Lines that begin with a number of a style, or may, before the page counts as numbered so."""
WELL = 0.03
"""How likely that must be."""
WEIGHT = 30.0
"""How much likelier a line begins with a number of the page's style than with something like it."""
BRACKETED = re.compile(rf"[(（][{NUMERALS}]{{1,2}}[)）]")
PARTED = re.compile(rf"[{NUMERALS}]{{1,2}}、")
IN_BRACKETS = re.compile(r"([(（])([^()（）]{1,2})([)）])")
"""Something short in brackets at the beginning, which may be a number."""
LIKE_PARTED = re.compile(rf"([{NUMERALS}]{{1,2}})[·・.,，．:：]?(?=[㐀-鿿])")
"""A number that a wrong sign, or none, follows."""
HEADLESS = re.compile(r"[、·・](?=[㐀-鿿])")
"""A point with nothing before it."""


def weighed(lines: Sequence[Read], sure: float, most: float) -> list[Read]:
    """The lines, those less sure than `sure` with the number they most likely begin with; `most`: how sure then."""
    bracketed, parted = (sum(_may_begin(line, style) for line in lines) >= ENOUGH for style in (BRACKETED, PARTED))
    out = []
    for line in lines:
        if line.reading.confidence < sure:
            others = [*(_in_brackets(line.reading.text) if bracketed else ()), *(_parted(line) if parted else ())]
            line = _likelier(line, others, most) if others else line
        out.append(line)
    return out


def _in_brackets(text: str) -> Iterable[str]:
    """The text with every number in the brackets it begins with; none where a number stands there."""
    found = IN_BRACKETS.match(text)
    if found is None or all(char in NUMERALS for char in found[2]):
        return ()
    return [found[1] + numeral + found[3] + text[found.end() :] for numeral in NUMERALS]


def _may_begin(line: Read, style: re.Pattern[str]) -> bool:
    """Whether a line begins with a number of a style, or well may."""
    return any(chance >= WELL and style.match(text) is not None for text, chance in readlines.told(line).items())


def _parted(line: Read) -> Iterable[str]:
    """The text with the point behind its number, or with every number before the point it begins with."""
    text = line.reading.text
    if PARTED.match(text):
        return ()
    likely = [other.text for other in line.reading.alternatives if PARTED.match(other.text)]
    if (found := LIKE_PARTED.match(text)) is not None:
        likely.append(found[1] + "、" + text[found.end() :])
    if (point := HEADLESS.match(text)) is not None:
        likely += [numeral + "、" + text[point.end() :] for numeral in NUMERALS]
    return list(dict.fromkeys(likely))


def _likelier(line: Read, others: Sequence[str], most: float) -> Read:
    """The line in the likeliest of `others`, where one is likely enough."""
    reading = line.reading
    now, *chances = readlines.chances(line, [reading.text, *others])
    if not now:
        return line
    chance, text = max(zip(chances, others, strict=True))
    if chance * WEIGHT <= now:
        return line
    said = min(1.0, sum(chances))
    sure = min(most, chance * WEIGHT / (said * WEIGHT + 1 - said))
    return readlines.taken(line, text, sure, placed=False)
