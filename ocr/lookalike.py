"""Letters and signs that look like figures, and when a reading made of them is a number."""

from __future__ import annotations

import re
from unicodedata import normalize

from biaoge.model import Alternative

from . import signs
from .contract import Reading

FIGURE_OF = {
    **dict.fromkeys("OoQDUСОоΟο〇○◯口ロ□。Ōōº°θΘΦØø", "0"),
    **dict.fromkeys("Il|｜!丨ⅠіІ〡ı亅", "1"),
    **dict.fromkeys("Zz乙", "2"),
    **dict.fromkeys("Ss§", "5"),
    **dict.fromkeys("Bß日", "8"),
    **dict.fromkeys("gq", "9"),
    **dict.fromkeys("b", "6"),
    **dict.fromkeys("T", "7"),
    **dict.fromkeys("—–一ー－−_", "-"),
    **dict.fromkeys("，、", ","),
    **dict.fromkeys("．·", "."),
    "％": "%",
}
"""What each sign is mistaken for; full-width figures are figures already and stay as they were read."""
OPEN_RINGS = frozenset("CcGeUuVvJnaD()（）")
"""What a 0 is mistaken for that is worn on one side."""
DASH = "—"
"""What a cell without a number says among numbers; its stroke alone is read as 一 or another stroke."""
STROKES = frozenset("一ー_")
GROUPED = re.compile(r"[-+−－]?\d{1,3}(?:[.,]\d{3})+[.,](?:\d{1,2}|\d{4,})[%％]?")
"""Figures in groups of three, with decimals."""
DOUBLED = re.compile(r"[.,，．][.,，．]")
DIGITS = frozenset("0123456789")
NUMBER = frozenset("0123456789０１２３４５６７８９.,，．-－−+%％()（）")
SHORT = 4
"""A reading of more signs is no lone figure; then only its neighbours can say that it is a number."""
LIKELY = 0.02
"""The decoding over figures alone must be at least so likely."""
SURE = 0.9
"""A lone stroke read as surely as this is what it was read as."""
BESIDE = 0.3
"""Among numbers a number that the engine offers with this share of the first reading's probability is taken."""


def is_number(text: str) -> bool:
    """Whether a text is a number, with sign, separators, percent or brackets.

    >>> [is_number(text) for text in ("1,234.5", "-3%", "—", "第3", "１２")]
    [True, True, False, False, True]
    """
    return bool(text) and all(c in NUMBER for c in text) and any(c.isdigit() for c in text)


def is_dash(text: str) -> bool:
    """Whether a text is one stroke alone, whatever sign it was taken for.

    >>> [is_dash(text) for text in ("—", "一", "-3", "")]
    [True, True, False, False]
    """
    return len(text) == 1 and FIGURE_OF.get(text, text) == "-"


def is_letter(text: str) -> bool:
    """Whether a text is one letter or bracket, no Chinese character: among numbers mostly a worn figure.

    >>> [is_letter(text) for text in ("C", "し", ")", "无", "5", "ab")]
    [True, True, True, False, False, False]
    """
    return len(text) == 1 and (text.isalpha() or text in "()（）") and not signs.is_han(text)


def is_open_ring(text: str) -> bool:
    """Whether a text is one letter or bracket with the shape of a 0 that lacks a piece, whatever its accent.

    >>> [is_open_ring(text) for text in ("C", "ü", ")", "K", "0")]
    [True, True, True, False, False]
    """
    return len(text) == 1 and normalize("NFD", text)[0] in OPEN_RINGS


def pointless(text: str) -> str | None:
    """The number without the point or comma it begins or ends with, None where it has none; dust gives such points.

    >>> pointless("0."), pointless("1,234"), pointless(".5")
    ('0', None, '5')
    """
    bare = text.strip(".,．，·")
    return bare if bare != text and bare and all(c in NUMBER for c in bare) and bare[0].isdigit() else None


def grouped(text: str) -> str | None:
    """The number with its thousands parted by commas, for one with a point in the place of a comma; else None.

    No number has two points, nor a point before a comma: 1.204.50 is 1,204.50 with a comma that lost its tail.

    >>> grouped("1.204.50"), grouped("2.018,39"), grouped("1.234.567"), grouped("2024.10.12"), grouped("1,204.50")
    ('1,204.50', '2,018.39', None, None, None)
    """
    if not GROUPED.fullmatch(text):
        return None
    at = max(text.rfind("."), text.rfind(","))
    better = text[:at].replace(".", ",") + "." + text[at + 1 :]
    return better if better != text else None


def malformed(text: str) -> bool:
    """Whether a number has its points and commas where no number has them.

    >>> [malformed(text) for text in ("1.223..0", "7.022.17", "1,2", "1,234.5", "2024.10.12", "1.2.3")]
    [True, True, False, False, False, False]
    """
    return is_number(text) and (grouped(text) is not None or DOUBLED.search(text) is not None)


def as_number(text: str) -> str | None:
    """The number that a text of look-alikes stands for, None where a sign resembles no figure.

    >>> as_number("lO,5"), as_number("第O")
    ('10,5', None)
    """
    folded = "".join(FIGURE_OF.get(c, c) for c in text if c != " ")
    return folded if is_number(folded) else None


def counts(text: str) -> bool:
    """Whether a text is one Chinese numeral other than 一, beside which 一 is a numeral too.

    >>> [counts(text) for text in ("二", "一", "2", "二月")]
    [True, False, False, False]
    """
    return len(text) == 1 and text in "二三四五六七八九十"


def dash(reading: Reading) -> Alternative | None:
    """The dash that stands alone in a cell and was read as another stroke, unless that is a sure reading."""
    if reading.text in STROKES and reading.confidence < SURE:
        return Alternative(DASH, reading.confidence)
    return None


def number(reading: Reading, among_numbers: bool) -> Alternative | None:
    """The number that should stand instead of a reading, None where the reading stands.

    A short reading of look-alikes alone ("O", "l", "〇") is a number in any cell where letters make no sense (no word
    has but such a sign); a longer one, or one that means something in writing ("一", "日"), only among numbers.
    """
    text = reading.text.replace(" ", "")
    if not text or is_number(text):
        return None
    if text in STROKES and among_numbers:
        return Alternative(DASH, reading.confidence)
    folded, digits = as_number(text), reading.digits
    offered = digits if digits is not None and is_number(digits.text) else None
    if folded is None:
        said = next((a for a in reading.alternatives if offered and a.text == offered.text), None)
        return said if said and among_numbers and said.probability >= BESIDE * reading.confidence else None
    plain = all(c in "OoОοΟо〇○◯Ōōº°Il|｜丨ⅠіІ〡ı" or c.isdigit() or c in ".,，．-%％" for c in text)
    if len(text) > SHORT and not among_numbers:
        return None
    if not plain and not among_numbers:
        return None
    if offered and offered.text != folded and offered.probability >= LIKELY:
        return offered
    return Alternative(folded, max(reading.confidence, offered.probability if offered else 0.0))
