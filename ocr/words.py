"""How often Chinese words are written, in simplified characters.

`words.txt.xz` is made by `benchmarks/words.py` from the dictionary of jieba 0.42.1, whose words were counted in a
corpus of 60 million (https://github.com/fxsjy/jieba; MIT licence, Copyright (c) 2013 Sun Junyi, in `words.LICENSE`).
"""

from __future__ import annotations

import lzma
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from math import log

FILE = "words.txt.xz"
"""First line: how many words the corpus has; then one line a word: the word, a space, how often it stands there."""
LONGEST = 5
"""Characters of the longest words listed."""


@cache
def costs() -> Mapping[str, float | None]:
    """Every word with the negative natural logarithm of its share of the corpus; None for what only begins words."""
    total, *lines = lzma.decompress(files("biaoge.ocr").joinpath(FILE).read_bytes()).decode().split("\n")
    found: dict[str, float | None] = {}
    of_all = log(int(total))
    for line in lines:
        word, _, count = line.partition(" ")
        found[word] = of_all - log(int(count))
    for word in tuple(found):
        for end in range(len(word) - 1, 0, -1):
            if word[:end] in found:
                break
            found[word[:end]] = None
    return found
