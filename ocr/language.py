"""Doubtful lines of simplified Chinese read in the light of how often words are written.

Blur makes 维持 look like 推持, which is no word. The probability of a text given its picture (the engine's) is
multiplied by that of its words (`words`), raised to a power: shallow fusion, C. Gulcehre et al., "On Using Monolingual
Corpora in Neural Machine Translation", 2015. A text has the probability of its likeliest division into words, each as
likely as its share of the corpus, and single characters one as likely as the other. Chinese characters and letters give
way, and only to Chinese characters, and points to other points; figures, numerals and other signs stay, as does every
reading that is so much likelier to the engine (`RATIO`).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from math import exp, inf, log

from . import ordinals, readlines, script, signs, words
from .readlines import Read

POWER = 0.7
"""The power of the words' probability; 0.5 to 1 mends about as many lines, from 1 on more are made worse."""
EVERY = 6.0
"""What a character of a common text costs, so that long texts are as likely as short ones."""
ALONE = 10.5
"""What a character costs that is in no word, whichever it is: between those of names and of half words at the end of a
line, which the corpus cannot know, the engine alone decides."""
LETTER = 11.0
"""What a letter of another script costs in a line of Chinese."""
RATIO = 5e-3
"""A text that the engine deems less likely than this share of its own reading is not taken, whatever its words."""
HAN = 2
"""Chinese characters that a line must have."""
POINTS = frozenset("、，。；：,.:;·•・")
"""Points, which blur makes one of another."""
STRANGE = frozenset("·•・.")
"""Points that seldom stand in a text of Chinese; they cost what letters do, unless a figure is beside them."""
LENGTHS = 3
"""Lengths of text that are tried, of the engine's likeliest ones."""


def weighed(lines: Sequence[Read], sure: float, most: float) -> list[Read]:
    """The lines of a page in simplified Chinese, those less sure than `sure` as the likeliest text, where they are
    changed no surer than `most`."""
    return [_likeliest(line, most) if line.reading.confidence < sure else line for line in lines]


def _likeliest(line: Read, most: float) -> Read:
    first = line.reading.text
    texts = [first, *dict.fromkeys(text for text in _candidates(line) if text != first)]
    if not first or len(texts) == 1:
        return line
    chances = readlines.chances(line, texts)
    possible = [(p, t) for p, t in zip(chances, texts, strict=True) if p > 0 and p >= RATIO * chances[0]]
    if not possible:
        return line
    scores = {text: log(p) - POWER * cost(text) for p, text in possible}
    best = max(scores, key=lambda text: scores[text])
    if best == first or first not in scores:
        return line
    rest = max(0.0, 1.0 - sum(p for p, _ in possible))  # texts that nobody named, made of common words
    scale = max(scores[best], 0.0)  # keeps every exponent from overflowing
    total = sum(exp(score - scale) for score in scores.values()) + rest * exp(-scale)
    share = exp(scores[best] - scale) / total if total else 0.0
    return readlines.taken(line, best, min(most, share), placed=len(best) == len(first))


def _candidates(line: Read) -> Iterator[str]:
    """Texts that differ from the reading in what may give way alone: the engine's others, and those made of words."""
    reading = line.reading
    told = [reading.text, *(other.text for other in reading.alternatives)]
    kept = _kept(reading.text)
    likeliest = {len(text): text for text in reversed(told)}
    tried = [text for text in told if likeliest[len(text)] == text][:LENGTHS]
    for text in (*(_of_words(text, readlines.rivals(line, text)) for text in tried), *told[1:]):
        chinese = sum(map(signs.is_han, text)) >= HAN
        if text and chinese and _kept(text) == kept and not script.strange(text, "simplified"):
            yield text


def _kept(text: str) -> list[str]:
    """What of a text does not give way; points are one sign."""
    points = set(_points(text))
    return ["、" if i in points else char for i, char in enumerate(text) if not _gives_way(char)]


def _points(text: str) -> Iterator[int]:
    """Where points stand that are no figure's."""
    for i, char in enumerate(text):
        if char in POINTS and not any(beside.isdigit() for beside in text[max(i - 1, 0) : i + 2]):
            yield i


def _gives_way(char: str) -> bool:
    return _is_letter(char) or (signs.is_han(char) and char not in ordinals.NUMERALS)


def _may_stand(char: str) -> bool:
    """Whether a character may take the place of another."""
    return signs.is_han(char) and _gives_way(char) and not script.strange(char, "simplified")


def _is_letter(char: str) -> bool:
    return char.isascii() and char.isalpha()


def cost(text: str) -> float:
    """The negative natural logarithm of a text's probability, less `EVERY` for each Chinese character; signs and
    figures cost nothing."""
    strange = sum(text[i] in STRANGE for i in _points(text))
    return _shortest([{char: 1.0} for char in text], 1.0)[0] + strange * LETTER


def _of_words(text: str, rivals: Sequence[Mapping[str, float]]) -> str:
    """The likeliest text of words, with one of the `rivals` in the place of each character of `text`."""
    places, points = [], set(_points(text))
    for i, (char, told) in enumerate(zip(text, rivals, strict=False)):
        here = {char: 1.0}
        if i in points:
            here = {c: p for c, p in told.items() if c in POINTS and c not in STRANGE} or here
        elif _gives_way(char) and told:
            here = {c: p for c, p in told.items() if c == char or _may_stand(c)}
        places.append(here)
    return _shortest(places, POWER)[1]


def _shortest(places: Sequence[Mapping[str, float]], power: float) -> tuple[float, str]:
    """The text of one character from each place that costs least, with its cost: characters by their probabilities,
    words by theirs to the `power`. The shortest way through the lattice of words."""
    best = [(0.0, ""), *((inf, "") for _ in places)]
    known = words.costs()
    for start in range(len(places)):
        so_far, text = best[start]
        ways = [("", 0.0)]
        for end in range(start, min(start + words.LONGEST, len(places))):
            longer = []
            for word, paid in ways:
                for char, p in places[end].items():
                    if word and (not signs.is_han(char) or word + char not in known):
                        continue
                    now = paid - log(p)
                    price = _price(word + char)
                    if price is not None:
                        best[end + 1] = min(best[end + 1], (so_far + now + power * price, text + word + char))
                    if signs.is_han(char):
                        longer.append((word + char, now))
            ways = longer
    return best[-1]


def _price(word: str) -> float | None:
    """What a word costs, or one character of any kind; None for what only begins a word."""
    if len(word) == 1 and not signs.is_han(word):
        return LETTER if _is_letter(word) else 0.0
    if len(word) == 1:
        return ALONE - EVERY
    known = words.costs().get(word)
    return None if known is None else known - EVERY * len(word)
