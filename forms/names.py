"""Printed names of rows and columns, made comparable: without numbering, punctuation, years and white space."""

from __future__ import annotations

import re
from functools import lru_cache

from rapidfuzz.distance import Levenshtein

from .values import plain

_ORDINAL = "[一二三四五六七八九十百]"
_NUMBERING = re.compile(rf"[(\[]?(?:{_ORDINAL}+|\d{{1,2}})[)\]、.．,:]+(?!\d)")
_CIRCLED = re.compile("^[\\s①-⑳⑴-⒇⒈-⒛㈠-㈩]+(?=.)")
_AMONG = re.compile(r"其中[:：]")
_YEAR = re.compile(r"(?:19|20)\d\d年度?")
_BRACKETS = re.compile(r"\([^()]*\)")
_POINTS = re.compile(r"[\W_]+")


@lru_cache(maxsize=16384)
def folded(text: str) -> str:
    """`text` without what differs from one printing to the next; a name that is nothing else stays whole.

    >>> folded("（七） 总　计"), folded("1．属于国家秘密"), folded("2023年“三公”经费"), folded("2023年")
    ('总计', '属于国家秘密', '三公经费', '2023年')
    """
    whole = _plain(text)
    short = _AMONG.sub("", whole)
    while found := _NUMBERING.match(short):
        short = short[found.end() :]
    for pattern in (_YEAR, _POINTS):
        short = pattern.sub("", short) or short
    return short or whole


@lru_cache(maxsize=16384)
def bare(text: str) -> str:
    """`folded` without what stands in brackets, where something is left.

    >>> bare("(二) 部分公开（区分处理的，只计这一情形）"), bare("（单位：万元）")
    ('部分公开', '单位万元')
    """
    short = _plain(text)
    while found := _NUMBERING.match(short):
        short = short[found.end() :]
    return folded(_BRACKETS.sub("", short) or text)


@lru_cache(maxsize=65536)
def alike(printed: str, name: str) -> float:
    """How alike two names are, 0 to 1: the share of the longer that stays as it is (Levenshtein 1966), taken from the
    better of `folded` and `bare`.

    >>> alike("2.其他法律行政止公开", "其他法律行政法规禁止公开"), alike("其他", "其他结果"), alike("", "")
    (0.75, 0.5, 1.0)
    """
    ours, theirs = folded(printed), folded(name)
    if ours == theirs:
        return 1.0
    if not ours or not theirs:
        return 0.0
    return max(
        Levenshtein.normalized_similarity(ours, theirs),
        Levenshtein.normalized_similarity(bare(printed), bare(name)),
    )


@lru_cache(maxsize=65536)
def likest(printed: str, names: tuple[str, ...]) -> float:
    """How alike `printed` is to the one of `names` that is most so."""
    return max((alike(printed, name) for name in names), default=0.0)


def _plain(text: str) -> str:
    """`text` in plain characters without white space; circled and bracketed numbers before it are dropped."""
    return plain(_CIRCLED.sub("", text))
