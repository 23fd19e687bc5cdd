"""How pieces of printed text become one string: what stands between words and between wrapped lines."""

from __future__ import annotations

import re
from collections.abc import Iterable

# Scripts written without spaces between words, with their punctuation and full-width forms.
_CJK = "　-〿぀-ヿ㐀-䶿一-鿿豈-﫿︰-﹏！-｠￠-￦“”‘’…—·\U00020000-\U0003134f"
_CJK_CHAR = re.compile(f"[{_CJK}]")
_GAP = re.compile(f"(?<=[{_CJK}])[ \\t\\u00a0\\u3000]+(?=[{_CJK}])")
_FIGURE = re.compile(r"[-+−(（]?\d{1,3}(,\d{3})+(\.\d+)?%?[)）]?")
_BLANKS = re.compile(r"\s+")
_HALVES = re.compile("[\ud800-\udfff]")


def writable(text: str) -> str:
    """`text` with U+FFFD for halves of surrogate pairs, which broken fonts produce and UTF-8 does not know.

    >>> writable("a\\ud800b")
    'a�b'
    """
    return _HALVES.sub("\N{REPLACEMENT CHARACTER}", text)


def is_cjk(char: str) -> bool:
    """Whether `char` belongs to writing that sets no space between words.

    >>> [is_cjk(c) for c in "表（3a）"]
    [True, True, False, False, True]
    """
    return bool(_CJK_CHAR.match(char))


def join_lines(lines: Iterable[str]) -> str:
    """Wrapped lines as one: nothing between two CJK characters, one space otherwise; justified CJK is closed up.

    >>> join_lines(["商 业 企", "业"]), join_lines(["net", "cost"]), join_lines(["共计", "2023 年"])
    ('商业企业', 'net cost', '共计 2023 年')

    A figure wrapped in a narrow cell is one figure again:

    >>> join_lines(["1,234,", "567.00"]), join_lines(["12", "13"])
    ('1,234,567.00', '12 13')
    """
    out = ""
    for line in lines:
        line = _BLANKS.sub(" ", line).strip()
        if not line:
            continue
        if out and not (is_cjk(out[-1]) and is_cjk(line[0])) and not _one_figure(out, line):
            out += " "
        out += line
    return _GAP.sub("", out)


def _one_figure(before: str, after: str) -> bool:
    """Whether a figure was wrapped: thousands set in threes only once the two ends are put together."""
    tail = before.rsplit(" ", 1)[-1]
    return "," in tail and bool(_FIGURE.fullmatch(tail + after)) and not _FIGURE.fullmatch(tail)
