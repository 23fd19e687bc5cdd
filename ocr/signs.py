"""What the white around signs says: full or half width, and whether a space stands beside them.

A full-width sign takes a whole em of which its ink fills a part, so among Chinese characters the white beside it tells
its width where its shape does not: 第（一）项 leaves three quarters of an em, 第(一) 项 a third, 第(一)项 none.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import pairwise
from statistics import median

FULL_OF = {half: chr(ord(half) + 0xFEE0) for half in "(),:;!?"}
"""Half-width signs and their full-width twins."""
HALF_OF = {full: half for half, full in FULL_OF.items()}
OPENING, CLOSING = frozenset("(（"), frozenset(")）")
POINTS = frozenset(".,．，、。")
"""Signs whose ink stands low and alone."""
WITH_POINT = POINTS | frozenset(":：;；!！?？…ij”\"'“’")
"""Signs of whose ink a part stands low and alone, or that a low one is taken for."""
USUAL = 0.12
"""Heights of the line: the white between two Chinese characters where a line does not show it."""
FULL = 0.37
"""Heights of the line: white beyond what letters leave, at the open side of a bracket, that makes it a full-width one;
measured 0.41 and more of full-width ones, 0.16 to 0.31 of half-width ones with a space, 0.1 and less without."""
FULL_BOTH = 0.5
"""The same for commas, colons and semicolons, on both sides together: some typefaces set them in the middle."""
Gaps = Mapping[int, tuple[float, float]]
"""For a place in a text (before the character of that number) start and end of the white there, in pixels."""


def is_han(char: str) -> bool:
    """Whether `char` is a Chinese character, not a sign.

    >>> [is_han(c) for c in "表（、a"]
    [True, False, False, False]
    """
    return "㐀" <= char <= "鿿" or "豈" <= char <= "\ufaff" or "\U00020000" <= char <= "\U0003134f"


def letter_gap(text: str, gaps: Gaps, height: float) -> float:
    """Heights of the line: the usual white between two Chinese characters of a text."""
    seen = [
        (gaps[at][1] - gaps[at][0]) / height if at in gaps else 0.0
        for at, (a, b) in enumerate(pairwise(text), 1)
        if is_han(a) and is_han(b)
    ]
    return median(seen) if len(seen) > 1 else max(USUAL, *seen, 0.0)


def beyond(text: str, gaps: Gaps, height: float) -> dict[int, float]:
    """For every gap its width beyond what letters leave, in heights of the line."""
    usual = letter_gap(text, gaps, height)
    return {at: (end - start) / height - usual for at, (start, end) in gaps.items()}


def widths(text: str, gaps: Gaps, height: float, spaces: Sequence[int] = ()) -> tuple[str, frozenset[int]]:
    """The text with every sign in the width that the white beside it tells, and the numbers of the signs decided.

    A half-width reading with a space is kept: in typefaces of equal widths it looks the same. `spaces`: the places
    before which one was read. Nothing but the width of signs is changed.

    >>> widths("第(一)项", {1: (20.0, 35.0), 4: (80.0, 95.0)}, 20.0)
    ('第（一）项', frozenset({1, 3}))
    """
    extra = beyond(text, gaps, height)
    full: dict[int, bool] = {}
    for i, char in enumerate(text):
        half = HALF_OF.get(char, char)
        if half not in FULL_OF:
            continue
        before, after = i > 0 and is_han(text[i - 1]), i + 1 < len(text) and is_han(text[i + 1])
        spaced = char in FULL_OF and (i in spaces or i + 1 in spaces)
        if half == "(" and before:
            full[i] = extra.get(i, 0.0) >= FULL and not spaced
        elif half == ")" and after:
            full[i] = extra.get(i + 1, 0.0) >= FULL and not spaced
        elif half not in "()" and before and after:
            full[i] = extra.get(i, 0.0) + extra.get(i + 1, 0.0) >= FULL_BOTH and not spaced
    for opening, closing in _pairs(text):
        known = [full[i] for i in (opening, closing) if i in full]
        if len(known) == 1:
            full[opening] = full[closing] = known[0]
    return "".join(_in_width(c, full.get(i)) for i, c in enumerate(text)), frozenset(full)


def _in_width(char: str, full: bool | None) -> str:
    if full is None:
        return char
    return FULL_OF.get(char, char) if full else HALF_OF.get(char, char)


def _pairs(text: str) -> list[tuple[int, int]]:
    """The places of brackets that belong together."""
    found, opened = [], []
    for i, char in enumerate(text):
        if char in OPENING:
            opened.append(i)
        elif char in CLOSING and opened:
            found.append((opened.pop(), i))
    return found


def paired(texts: Sequence[str], decided: Sequence[frozenset[int]]) -> list[str]:
    """The lines of a cell, brackets that close in a later line in the width of those that open them.

    >>> paired(["甲（乙", "丙)"], [frozenset({1}), frozenset()])
    ['甲（乙', '丙）']
    """
    whole = "".join(texts)
    known = set()
    for text, own, start in zip(texts, decided, _starts(texts), strict=True):
        known |= {start + i for i in own if i < len(text)}
    signs = list(whole)
    for opening, closing in _pairs(whole):
        if (opening in known) != (closing in known):
            full = signs[opening if opening in known else closing] in HALF_OF
            for at in (opening, closing):
                signs[at] = _in_width(signs[at], full)
        elif opening not in known and (signs[opening] in HALF_OF) != (signs[closing] in HALF_OF):
            signs[closing] = _in_width(signs[closing], signs[opening] in HALF_OF)
    return ["".join(signs[start : start + len(text)]) for text, start in zip(texts, _starts(texts), strict=True)]


def _starts(texts: Sequence[str]) -> list[int]:
    starts, at = [], 0
    for text in texts:
        starts.append(at)
        at += len(text)
    return starts
