"""How alike two texts must be to count as the same; a figure always names its level.

From strict to lenient, each forgiving what the one before forgives:

- `raw`: the text as it stands;
- `space`: composed (NFC), all white space removed;
- `folded`: compatibility forms folded (NFKC: full and half width, radicals, circled digits), dashes and quotation
  marks made one of each, all white space removed;
- `numbers`: folded, and where the whole text is a number, its value: 1,234.50 is 1234.5 and （5） is −5.

What is a number, at level `numbers`: digits, or digits in groups of three parted by commas, with or without decimals
after a point; before them a sign (`+`, any dash) and a currency sign, in either order; after them `%` or `‰`; or all
this without a sign between parentheses, which then mean a negative number, as in accounts. Currency and per cent signs
are units and must be the same on both sides. Not numbers, and so compared as folded: whole numbers that begin with 0
(they are codes), commas in groups of other sizes, decimal commas, △ and ▲ (negative in some accounts, growth in
others), and numbers with words (12元).
"""

from __future__ import annotations

import re
import unicodedata
from decimal import Decimal
from functools import lru_cache
from typing import Literal

Level = Literal["raw", "space", "folded", "numbers"]
LEVELS: tuple[Level, ...] = ("raw", "space", "folded", "numbers")

_DASHES = "‐‑‒–—―−─━⸺⸻﹘"
_DOUBLE_QUOTES = "“”„‟«»「」『』〝〞〟″"
_SINGLE_QUOTES = "‘’‚‛‹›′`´"
_FOLD = str.maketrans(
    dict.fromkeys(_DASHES, "-") | dict.fromkeys(_DOUBLE_QUOTES, '"') | dict.fromkeys(_SINGLE_QUOTES, "'")
)
_NUMBER = re.compile(
    r"(?:(?P<sign>[+-])?(?P<currency>[¥$€£₩₽₹¢])?|(?P<currency_first>[¥$€£₩₽₹¢])(?P<sign_second>[+-]))"
    r"(?P<whole>0|[1-9][0-9]{0,2}(?:,[0-9]{3})+|[1-9][0-9]*|(?=\.[0-9]))(?:\.(?P<decimals>[0-9]+))?(?P<unit>[%‰])?"
)
_BRACKETED = re.compile(r"\(([^-+()]+)\)([%‰]?)")


@lru_cache(maxsize=1 << 16)  # the same texts are compared over and over
def at_level(text: str, level: Level) -> str:
    """`text` as it is compared at `level`.

    >>> at_level("２０２３ 年—“a”", "raw"), at_level("２０２３ 年—“a”", "space"), at_level("２０２３ 年—“a”", "folded")
    ('２０２３ 年—“a”', '２０２３年—“a”', '2023年-"a"')
    >>> [at_level(text, "numbers") for text in ("１，２３４.50", "−￥1 000", "（5）%", "12.30%", "007", "12元")]
    ['1234.5', '-¥1000', '-5%', '12.3%', '007', '12元']
    """
    if level == "raw":
        return text
    if level == "space":
        # Composed again: without the space between them a letter and its accent come together.
        return unicodedata.normalize("NFC", "".join(unicodedata.normalize("NFC", text).split()))
    folded = _folded(text)
    if level == "folded":
        return folded
    number = _number(folded)
    return folded if number is None else number[0] + number[1] + number[2] + number[3]


@lru_cache(maxsize=1 << 16)
def parsed(text: str) -> Decimal | None:
    """The value of a text that is a number as level `numbers` understands it, exactly; `None` for any other text.

    Currency and per cent signs do not change the value; compare the texts at level `numbers` where they matter.

    >>> parsed("（1,234.50）"), parsed("45.0%"), parsed("第5"), parsed("")
    (Decimal('-1234.5'), Decimal('45'), None, None)
    """
    number = _number(_folded(text))
    return None if number is None else Decimal(number[0] + number[2])


def _folded(text: str) -> str:
    while True:
        # Marks before and after: NFKC takes some of them apart (″ becomes two primes), and makes others.
        text = "".join(unicodedata.normalize("NFKC", text.translate(_FOLD)).translate(_FOLD).split())
        if unicodedata.is_normalized("NFKC", text):
            return text


def _number(folded: str) -> tuple[str, str, str, str] | None:
    """Sign (`-` or nothing), currency, digits without idle zeros, and unit of a text that is a number."""
    bracketed = _BRACKETED.fullmatch(folded)
    m = _NUMBER.fullmatch(bracketed[1] + bracketed[2] if bracketed else folded)
    if m is None:
        return None
    decimals = (m["decimals"] or "").rstrip("0")
    digits = (m["whole"].replace(",", "") or "0") + (f".{decimals}" if decimals else "")
    negative = digits != "0" and (bracketed is not None or "-" in (m["sign"], m["sign_second"]))
    return "-" if negative else "", m["currency"] or m["currency_first"] or "", digits, m["unit"] or ""
