"""What a page writes elsewhere, as a witness for lines that are read with doubt.

A page in simplified characters that says 内容 twenty times does not say 內容 once; a recogniser of a single line cannot
know that. So a line is decoded again with the characters of the other script made unlikely; a doubtful one also takes
the characters, the labels and the numbers of items that stand elsewhere, as far as the engine deems them possible. What
was read first stays among the alternatives, and what was changed is never sure.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace

from . import language, ordinals, readlines, script, signs
from .readlines import Read

SURE = 0.95
"""Lines so sure are the page's vocabulary, and are never changed."""
SEEN = 2
"""A character counts as the page's own where sure lines have it so often."""
WEIGHT = 6.0
"""How much more likely a character that the page has is than one it has not."""
IN_BOTH = 0.97
"""A line in simplified and traditional characters at once is doubtful where it is less sure than this."""
WORD = 2
"""Chinese characters that a line must have to be a label."""
TOLD = 0.8
"""A label that is read elsewhere on the page as surely as this, in one line or in several, may stand here too."""
AGAIN = 20.0
"""How much likelier a label is that stands elsewhere on the page."""
RIVAL = 0.02
"""A rival of this share of a reading's probability, in the page's own characters, makes the reading doubtful."""


def weighed(lines: Sequence[Read]) -> list[Read]:
    """The lines of a page, doubtful ones in the likeliest of the engine's readings given what the sure ones say."""
    seen = Counter(c for line in lines if line.reading.confidence >= SURE for c in line.reading.text)
    written = script.of_page(readlines.told(line) for line in lines)
    if written is not None:
        lines = [_in_script(line, written) if script.strange(line.reading.text, written) else line for line in lines]
    lines = [
        readlines.capped(line) if line.reading.confidence < IN_BOTH and _is_mixed(line) else line for line in lines
    ]
    own = {c for c, n in seen.items() if n >= SEEN and (written is None or not script.strange(c, written))}
    lines = [line if line.reading.confidence >= SURE else _weighed(line, own) for line in lines]
    lines = ordinals.weighed(_repeated(lines), SURE, readlines.CAP)
    return language.weighed(lines, SURE, readlines.CAP) if written == "simplified" else lines


def _is_mixed(line: Read) -> bool:
    """Whether a line has characters of both scripts, which few have."""
    return script.strange(line.reading.text, "simplified") and script.strange(line.reading.text, "traditional")


def _repeated(lines: Sequence[Read]) -> list[Read]:
    """The lines, doubtful ones as another line of the page reads that looks alike to the engine: labels come again."""
    told: dict[str, float] = defaultdict(float)
    for line in lines:
        if sum(map(signs.is_han, line.reading.text)) >= WORD:
            told[line.reading.text] += line.reading.confidence
    out = []
    for line in lines:
        text = line.reading.text
        others = [t for t, p in told.items() if p >= TOLD and _alike(text, t)] if line.reading.confidence < SURE else []
        out.append(_as_others(line, others, told) if others else line)
    return out


def _alike(text: str, other: str) -> bool:
    """Whether two texts differ in Chinese characters that are no numerals alone, and in half of them at most."""
    if len(text) != len(other) or text == other:
        return False
    pairs = [(a, b) for a, b in zip(text, other, strict=True) if a != b]
    return 2 * len(pairs) <= len(text) and all(
        signs.is_han(b) and b not in ordinals.NUMERALS and a not in ordinals.NUMERALS for a, b in pairs
    )


def _as_others(line: Read, others: Sequence[str], told: Mapping[str, float]) -> Read:
    """The line as the likeliest of `others`, given how surely they stand elsewhere, where that is likelier."""
    reading = line.reading
    now, *chances = readlines.chances(line, [reading.text, *others])
    scores = [p * (1 + AGAIN * told[text]) for p, text in zip(chances, others, strict=True)]
    score, text = max(zip(scores, others, strict=True))
    here = now * (1 + AGAIN * max(0.0, told[reading.text] - reading.confidence))
    if not now or score <= here:
        return line
    sure = min(readlines.CAP, score / (score + here))
    return readlines.taken(line, text, sure)


def _in_script(line: Read, written: script.Script) -> Read:
    """A line with characters of the other script than the page's, in the likeliest reading on such a page."""
    found = readlines.weighed(line, script.weight(written))
    sure = min(line.reading.confidence, found.reading.confidence)
    sure = found.reading.confidence if found.reading.text != line.reading.text else sure
    if found.reading.text != line.reading.text or sure < SURE:
        sure = min(sure, readlines.CAP)
    return replace(found, reading=replace(found.reading, confidence=sure))


def _weighed(line: Read, own: set[str]) -> Read:
    reading = line.reading
    best, chance, rival = reading.text, reading.confidence, False
    for other in reading.alternatives:
        gain = _gain(reading.text, other.text, own)
        if gain <= 1:
            continue
        rival |= other.probability >= RIVAL * reading.confidence
        if other.probability * gain > chance:
            best, chance = other.text, other.probability * gain
    if best == reading.text:
        return readlines.capped(line) if rival else line
    said = next(a.probability for a in reading.alternatives if a.text == best)
    return readlines.taken(line, best, said)


def _gain(text: str, other: str, own: set[str]) -> float:
    """How much likelier the vocabulary makes `other` than `text`; 1 where they differ in more than characters."""
    if len(text) != len(other):
        return 1.0
    gain = 1.0
    for a, b in zip(text, other, strict=True):
        if a == b:
            continue
        if not (signs.is_han(a) and signs.is_han(b)):
            return 1.0
        gain *= WEIGHT if b in own and a not in own else 1 / WEIGHT if a in own and b not in own else 1.0
    return gain
