"""The numbers that Chinese official documents and English reports set before headings and list items.

Ranked as in GB/T 9704 (official documents: 一、 （一） 1. （1）), with the parts and chapters of long documents above.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

_CN = "[一二三四五六七八九十百零〇]"
_SCHEMES: tuple[tuple[str, float, re.Pattern[str]], ...] = tuple(
    (name, rank, re.compile(pattern))
    for name, rank, pattern in (
        ("part", 0, rf"第\s?(?:{_CN}{{1,3}}|\d{{1,2}})\s?(?:部\s?分|编|篇|卷)|Part\s+(?:[IVX]+|\d+)\b"),
        ("chapter", 1, rf"第\s?(?:{_CN}{{1,3}}|\d{{1,2}})\s?章|(?:Chapter|CHAPTER)\s+(?:[IVX]+|\d+)\b"),
        ("section", 2, rf"第\s?(?:{_CN}{{1,3}}|\d{{1,2}})\s?节|(?:Section|SECTION)\s+\d+\b"),
        ("cn", 3, rf"{_CN}{{1,4}}\s?[、．.]"),
        ("cn_paren", 4, rf"[（(]\s?{_CN}{{1,4}}\s?[)）]"),
        ("decimal4", 5.3, r"\d{1,2}(?:[.．]\d{1,2}){3,}[.．、]?(?=\s*[^\d\s%.,，．])"),
        ("decimal3", 5.2, r"\d{1,2}[.．]\d{1,2}[.．]\d{1,2}[.．、]?(?=\s*[^\d\s%.,，．])"),
        ("decimal2", 5.1, r"\d{1,2}[.．]\d{1,2}(?:[.．、]\s*|\s+)(?=[^\d\s%.,，．])"),
        ("arabic", 5, r"[0-9０-９]{1,3}\s?[.．、](?!\s*[0-9０-９](?!\d{3}\s?年))"),
        ("bare", 5, r"\d{1,2}\s+(?=[A-Z][a-z])"),
        ("arabic_paren", 6, r"[（(]\s?[0-9０-９]{1,2}\s?[)）]|\d{1,2}[)）]"),
        ("circled", 7, r"[①-⑳⑴-⒇]"),
        ("letter", 8, r"[（(]?[a-zA-Z][)）](?=\s)"),
        ("bullet", 9, r"[•·●○■□◆◇▪‣➢★※\uf020-\uf0ff]\s?|[-–—]\s+(?=\D)"),
    )
)


@dataclass(frozen=True, slots=True)
class Numbering:
    """What stands before the words of a heading: its scheme, the scheme's rank (0 the highest), the label's length."""

    scheme: str
    rank: float
    length: int


def numbering(text: str) -> Numbering | None:
    """The number at the start of `text`, or None.

    >>> [n and n.scheme for n in map(numbering, ["一、总体情况", "（二）依申请公开", "1.3 Scope", "1.5万元", "2023年"])]
    ['cn', 'cn_paren', 'decimal2', None, None]
    """
    for scheme, rank, pattern in _SCHEMES:
        found = pattern.match(text)
        if found:
            return Numbering(scheme, rank, found.end())
    return None
