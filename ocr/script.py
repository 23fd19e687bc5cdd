"""Whether a page is written in simplified or in traditional Chinese, as its sure characters say.

Which form a character has is known without any list: the standard of mainland China (GB 2312) has the simplified
forms, that of Taiwan (Big5) the traditional ones, and what both have is the same in both.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from functools import cache
from math import log
from typing import Literal

Script = Literal["simplified", "traditional"]

UNTOLD = 1e-4
"""How likely what an engine does not tell is at most; so one line speaks for a script with 9 at most."""
ENOUGH = 12.0
"""How much the lines of a page must speak for a script (logarithms of how many times likelier it is)."""
STRAY = 0.35
"""Share of it that may speak for the other one: names, quotations, blurred lines; with more the page is in both."""
OTHER = 0.02
"""Share of kana or hangul, for every Chinese character, with which a page is in neither."""
STRANGE = 0.01
"""How likely a character of the other script is on such a page, as against one that may stand there."""


@cache
def form(char: str) -> Script | None:
    """The script that alone has a character; None for what both have, or neither.

    >>> form("结"), form("結"), form("果"), form("1"), form("镕")
    ('simplified', 'traditional', None, None, None)
    """
    mainland, taiwan = _is_in(char, "gb2312"), _is_in(char, "big5")
    if not "㐀" <= char <= "鿿" or mainland == taiwan:
        return None
    return "simplified" if mainland else "traditional"


def _is_in(char: str, codec: str) -> bool:
    try:
        char.encode(codec)
    except UnicodeEncodeError:
        return False
    return True


def of_page(lines: Iterable[Mapping[str, float]]) -> Script | None:
    """The script of a page, given what each of its lines may say, with how likely that is.

    None where lines speak for both, for another language, or too few to say. A line speaks for a script as far as it
    is likelier all in it than all in the other: 现行有效件數 is no traditional line, for all its last character.

    >>> of_page([{"信息内容": 0.9}, {"统计": 0.9}, {"结果": 0.5, "結果": 0.5}, {"维持": 0.6, "維持": 0.3}])
    'simplified'
    >>> of_page([{"結果": 0.9}, {"统计": 0.9}]), of_page([{"12.5": 1.0}])
    (None, None)
    """
    speak = {"simplified": 0.0, "traditional": 0.0}
    chinese = other = 0
    for line in lines:
        for char in max(line, key=lambda text: line[text], default=""):
            chinese += "㐀" <= char <= "鿿"
            other += ("ぁ" <= char <= "ヿ" and char != "ー") or "가" <= char <= "힣"
        simplified = sum(p for text, p in line.items() if not strange(text, "simplified"))
        traditional = sum(p for text, p in line.items() if not strange(text, "traditional"))
        said = log((simplified + UNTOLD) / (traditional + UNTOLD))
        speak["simplified" if said > 0 else "traditional"] += abs(said)
    weaker, stronger = sorted(speak.values())
    if other > OTHER * chinese or stronger < ENOUGH or weaker > STRAY * stronger:
        return None
    return "simplified" if speak["simplified"] == stronger else "traditional"


def strange(text: str, script: Script) -> bool:
    """Whether a text has a character of the other script."""
    return any(form(char) not in (None, script) for char in text)


def weight(script: Script) -> Callable[[str], float]:
    """How likely a character is on a page in `script`, as against any other."""
    return lambda char: STRANGE if form(char) not in (None, script) else 1.0
