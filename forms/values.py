"""What a cell says as a value: an exact number, or which kind of none."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from typing import Literal

Kind = Literal["number", "blank", "dash", "slash", "text", "unread"]

NOTHING: frozenset[Kind] = frozenset({"blank", "dash", "slash"})
"""What adds nothing to a sum. A zero is a number."""

_DASHES = str.maketrans(dict.fromkeys("‐‑‒–—―−─", "-"))
_CURRENCY = "¥$€£"
_GROUPED = r"[0-9]{1,3}(?:,[0-9]{3})+(?:\.[0-9]+)?"
_PLAIN = r"[0-9]+(?:\.[0-9]+)?|\.[0-9]+"
_NUMBER = re.compile(rf"(?P<sign>[-+]?)[{_CURRENCY}]?(?P<digits>{_GROUPED}|{_PLAIN})(?P<percent>%?)")
_BRACKETED = re.compile(rf"[{_CURRENCY}]?\([{_CURRENCY}]?(?P<digits>{_GROUPED}|{_PLAIN})(?P<percent>%?)\)")
_APART = re.compile(r"(?<=[0-9.])[^\S\n\r]+(?=[0-9])")
_THOUSANDS = re.compile(r"[-+(]?\s*[0-9]{1,3}(?:\s[0-9]{3})+(?:\.[0-9]+)?\)?")


@dataclass(frozen=True, slots=True)
class Value:
    """What a cell says. `number` is set where `kind` is "number", exact as printed; of 12.5 % it is 0.125."""

    kind: Kind
    number: Decimal | None = None

    @property
    def counts(self) -> Decimal | None:
        """What it adds to a sum: its number, 0 where nothing is printed, `None` where it is not known."""
        return Decimal(0) if self.kind in NOTHING else self.number


@lru_cache(maxsize=16384)
def plain(text: str) -> str:
    """`text` without white space, its compatibility forms folded (NFKC), its dashes made one.

    >>> plain("（七） 总　计")
    '(七)总计'
    """
    return "".join(unicodedata.normalize("NFKC", text).translate(_DASHES).split())


@lru_cache(maxsize=4096)
def value(text: str | None) -> Value:
    """What a cell's text says; `None` is a cell that could not be read.

    Digits of any width, thousands parted by commas or spaces, brackets as a minus, a currency sign, percent. Digits
    with other white space between them are two numbers, and so a text; a line break inside a number is none.

    >>> [str(value(text).number) for text in ("1,234.50", "（3）", "３", "−12", "12.5%", "94,995,\\n790")]
    ['1234.50', '-3', '3', '-12', '0.125', '94995790']
    >>> [value(text).kind for text in ("0", " ", "—", "／", "12 件", "3 5", "1,2", None)]
    ['number', 'blank', 'dash', 'slash', 'text', 'text', 'text', 'unread']
    """
    if text is None:
        return Value("unread")
    said = plain(text)
    if not said:
        return Value("blank")
    if not said.strip("-"):
        return Value("dash")
    if said == "/":
        return Value("slash")
    normal = unicodedata.normalize("NFKC", text).translate(_DASHES).strip()
    if _APART.search(normal) and not _THOUSANDS.fullmatch(normal):
        return Value("text")
    if found := _NUMBER.fullmatch(said):
        return Value("number", _exact(found["sign"] + found["digits"], bool(found["percent"])))
    if found := _BRACKETED.fullmatch(said):
        return Value("number", _exact("-" + found["digits"], bool(found["percent"])))
    return Value("text")


def _exact(digits: str, percent: bool) -> Decimal:
    number = Decimal(digits.replace(",", ""))
    # scaleb keeps every digit as long as it fits the context; a tuple always does.
    sign, figures, exponent = number.as_tuple()
    assert isinstance(exponent, int)
    return Decimal((sign, figures, exponent - 2)) if percent else number
