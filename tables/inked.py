"""What the type of recognised words measures: their boxes end at the ink, those of a file's own words at the font's."""

from __future__ import annotations

from collections.abc import Sequence

from biaoge.model import Word
from biaoge.text import is_cjk

HAN, DEEP, HIGH = 1.11, 1.15, 1.35
"""Heights of type in heights of its ink: of Chinese characters; of letters of which some go below the line or some
sign does; of letters and figures that all stand on it."""
_DEEP = frozenset("gjpqy,;()[]{}|/$Q@_")


def type_heights(words: Sequence[Word]) -> list[float]:
    """For every word the height (points) of the box that its font has, as a PDF's own words tell it.

    Recognised words of one line share their ink's top and bottom, so its letters tell together which share of the type
    is inked.
    """
    texts: dict[tuple[float, float], str] = {}
    for word in words:
        if word.source == "ocr":
            place = word.box.top, word.box.bottom
            texts[place] = texts.get(place, "") + word.text
    shares = {place: _share(text) for place, text in texts.items()}
    return [w.box.height * (shares[w.box.top, w.box.bottom] if w.source == "ocr" else 1.0) for w in words]


def _share(text: str) -> float:
    if any(is_cjk(char) for char in text):
        return HAN
    return DEEP if any(char in _DEEP for char in text) else HIGH


def extents(words: Sequence[Word]) -> list[tuple[float, float]]:
    """For every word top and bottom (points) of the box that its font has; the ink is taken to stand in its middle."""
    slack = [(height - word.box.height) / 2 for height, word in zip(type_heights(words), words, strict=True)]
    return [(word.box.top - more, word.box.bottom + more) for more, word in zip(slack, words, strict=True)]
