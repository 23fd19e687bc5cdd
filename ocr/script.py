"""Whether a page is written in simplified or in traditional Chinese, as its sure characters say.

Which form a character has is known without any list: the standard of mainland China (GB 2312) has the simplified
forms, that of Taiwan (Big5) the traditional ones, and what both have is the same in both.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from functools import cache
from typing import Literal

Script = Literal["simplified", "traditional"]

FEWEST = 3
"""Characters of one script alone that a page must have before it counts as written in it."""
STRAY = 0.2
"""Share of them that may be of the other one: names, quotations, misread ones; with more the page is in both."""
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


def of_texts(texts: Iterable[str]) -> Script | None:
    """The script of sure texts; None where they are in both, in another language, or too few to say.

    >>> of_texts(["信息内容", "结果维持"]), of_texts(["結果維持", "总计数据统计"]), of_texts(["12.5"])
    ('simplified', None, None)
    """
    seen = Counter(char for text in texts for char in text)
    forms: Counter[Script | None] = Counter()
    other = 0
    for char, count in seen.items():
        forms[form(char)] += count
        other += count * ("ぁ" <= char <= "ヿ" and char != "ー" or "가" <= char <= "힣")
    if other > OTHER * sum(n for char, n in seen.items() if "㐀" <= char <= "鿿"):
        return None
    simplified, traditional = forms["simplified"], forms["traditional"]
    if max(simplified, traditional) < FEWEST or min(simplified, traditional) > STRAY * max(simplified, traditional):
        return None
    return "simplified" if simplified > traditional else "traditional"


def strange(text: str, script: Script) -> bool:
    """Whether a text has a character of the other script."""
    return any(form(char) not in (None, script) for char in text)


def weight(script: Script) -> Callable[[str], float]:
    """How likely a character is on a page in `script`, as against any other."""
    return lambda char: STRANGE if form(char) not in (None, script) else 1.0
