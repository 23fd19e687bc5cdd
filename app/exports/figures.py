"""Which printed figures a spreadsheet can hold as numbers without losing a thing."""

from __future__ import annotations

import re
from decimal import Decimal

_PRINTED = re.compile(
    r"(?P<sign>[-−]?)(?P<whole>0|[1-9][0-9]{0,2}(?:,[0-9]{3})+|[1-9][0-9]*)(?:\.(?P<places>[0-9]+))?(?P<percent>%?)"
)
_DIGITS = 15
"""That spreadsheets keep of a number."""


def number_of(text: str) -> tuple[float, str] | None:
    """The number and the number format that prints it as it stood; `None` where no format gives `text` back.

    >>> number_of("1,234.50"), number_of("-12.5%")
    ((1234.5, '#,##0.00'), (-0.125, '0.0%'))
    >>> [number_of(text) for text in ("007", "3 月", "+5", "1234567890123456", "-0", "１", "")]
    [None, None, None, None, None, None, None]
    """
    found = _PRINTED.fullmatch(text)
    if not found:
        return None
    places, percent = found["places"] or "", found["percent"]
    digits = found["whole"].replace(",", "")
    if len((digits + places).lstrip("0")) > _DIGITS:
        return None
    number = Decimal(f"{digits}.{places or 0}{'E-2' if percent else ''}")
    if found["sign"] and not number:
        return None
    form = ("#,##0" if "," in found["whole"] else "0") + (f".{'0' * len(places)}" if places else "") + percent
    if found["sign"] == "−":
        form = f'{form};"−"{form}'
    return float(-number if found["sign"] else number), form
