"""Letters to words: doubled letters dropped, text cleaned, runs split at white space and clear gaps.

A letter lies in its *writing frame*: `a0..a1` along the writing, `top..bottom` across it (down positive), in points.
The frame of direction 0 is the page itself; 90, 180 and 270 are turned clockwise.
"""

from __future__ import annotations

import unicodedata
from bisect import bisect_left
from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import NamedTuple

import numpy as np

from biaoge.model import Box, Word
from biaoge.text import is_cjk

ASCENT = 0.86
"""Height of a letter's box over its baseline, in em: the same for every font, so that a line's boxes are level."""
DESCENT = 0.18
GAP = 0.2
"""A gap wider than this (em) parts two words; TeX shrinks its spaces to 0.22 em."""
GAP_MIXED = 0.3
"""The same between a CJK and another character: word processors set 0.25 em there where nothing was typed."""
BACK = 0.6
"""How far (em) a letter may step back over the one before and still go on with its word."""

_LIGATURES = {0xFB00: "ff", 0xFB01: "fi", 0xFB02: "fl", 0xFB03: "ffi", 0xFB04: "ffl", 0xFB05: "st", 0xFB06: "st"}


class Letter(NamedTuple):
    """One glyph. `text` may hold several characters (a ligature); white space is a letter too."""

    text: str
    a0: float
    a1: float
    top: float
    bottom: float
    size: float
    direction: int = 0
    bold: bool = False


def place(text: str, along: tuple[float, float], baseline: float, size: float, style: tuple[int, bool]) -> Letter:
    """A letter on its baseline; `style` is (direction, bold), all in the writing frame."""
    a0, a1 = along
    return Letter(text, a0, max(a0, a1), baseline - ASCENT * size, baseline + DESCENT * size, size, *style)


class _Run:
    """A growing word."""

    __slots__ = ("a0", "a1", "bottom", "closed", "letters", "opened", "spaced", "top")

    def __init__(self, first: Letter, opened: bool, spaced: bool | None = None) -> None:
        self.letters = [first]
        self.a0, self.a1, self.top, self.bottom = first.a0, first.a1, first.top, first.bottom
        self.opened = opened  # white space stands before it
        self.spaced = spaced  # the same, where the word before stands on its line; None where it does not
        self.closed = False  # white space stands behind it

    def add(self, letter: Letter) -> None:
        self.letters.append(letter)
        _, a0, a1, top, bottom, _, _, _ = letter
        if a0 < self.a0:
            self.a0 = a0
        if a1 > self.a1:
            self.a1 = a1
        if top < self.top:
            self.top = top
        if bottom > self.bottom:
            self.bottom = bottom


@lru_cache(maxsize=65536)
def clean(text: str) -> tuple[str, int]:
    """`text` as it is kept, and how many Kangxi radicals or radical look-alikes were put right.

    White space of any kind is " ", ligatures and the positional shapes of Arabic are written as plain letters, control
    characters vanish; what has no meaning (not a character) is U+FFFD. NFC, never NFKC: full-width stays full-width.

    >>> clean("⼀"), clean("ﬁ"), clean("\\u3000"), clean("（")
    (('一', 1), ('fi', 0), (' ', 0), ('（', 0))
    """
    if len(text) == 1 and ("!" <= text <= "~" or "\u4e00" <= text <= "\u9fff"):
        return text, 0
    out, radicals = [], 0
    for char in text:
        code = ord(char)
        if char.isspace() or code in (0x200B, 0x2060, 0xFEFF):
            out.append(" " if char.isspace() else "")
        elif 0x2E80 <= code <= 0x2FDF:
            plain = unicodedata.normalize("NFKC", char)
            plain = _RADICALS.get(char, plain)
            radicals += plain != char
            out.append(plain)
        elif code in _LIGATURES:
            out.append(_LIGATURES[code])
        elif code == 0xAD:
            out.append("-")  # a glyph was drawn for it
        elif 0xFB1D <= code <= 0xFDCF or 0xFDF0 <= code <= 0xFDFF or 0xFE70 <= code <= 0xFEFC:
            out.append(unicodedata.normalize("NFKC", char))  # positional shapes of Hebrew and Arabic letters
        elif code in (0x200E, 0x200F) or 0x202A <= code <= 0x202E or code < 0x20 or 0x7F <= code < 0xA0:
            continue
        elif 0xD800 <= code <= 0xDFFF or code & 0xFFFE == 0xFFFE or 0xFDD0 <= code <= 0xFDEF:
            out.append("\ufffd")
        else:
            out.append(char)
    return unicodedata.normalize("NFC", "".join(out)), radicals


# CJK radicals supplement: shapes that stand for a character of their own, which Unicode does not decompose.
_SUPPLEMENT = (
    "⺁⺂⺃⺄⺅⺆⺇⺈⺉⺊⺋⺌⺍⺎⺏⺐⺒⺓⺔⺕⺖⺗⺘⺙⺛⺜⺝⺞⺟⺠⺡⺢⺣⺤⺥⺦⺧⺨⺩⺪⺫⺬⺭⺮⺯⺰⺱⺲⺳⺴⺵⺶⺷⺸⺹⺺"
    "⺻⺼⺽⺾⺿⻀⻁⻂⻃⻄⻅⻆⻇⻈⻉⻊⻋⻌⻍⻎⻏⻐⻑⻒⻓⻔⻖⻗⻘⻙⻚⻛⻜⻝⻟⻠⻢⻣⻤⻥⻦⻧⻨⻩⻪⻫⻬⻭⻮⻯⻰⻱⻲⻳"
)
_IDEOGRAPHS = (
    "厂乛乚乙亻冂几刀刂卜㔾小小兀尣尢巳幺彑彐忄心扌攵旡日月歺母民氵氺灬爫爫丬牛犭王疋目示礻竹糹纟罓罒罓罓羋羊羊羊耂肀"
    "聿肉臼艹艹艹虎衤覀西见角角讠贝足车辶辶辶阝钅長镸长门阝雨青韦页风飞食飠饣马骨鬼鱼鸟卤麦黄黾斉齐歯齿竜龙龜亀龟"
)
_RADICALS = dict(zip(_SUPPLEMENT, _IDEOGRAPHS, strict=True))


def drop_doubles(letters: Sequence[Letter]) -> list[Letter]:
    """`letters` without those that repeat an earlier one in the same place (bold faked by printing twice or more)."""
    seen: dict[tuple[str, int], list[Letter]] = {}  # by text and by the four points they begin in
    kept = []
    for letter, is_near in zip(letters, _near_alike(letters), strict=True):
        if not is_near:
            kept.append(letter)
            continue
        text, a0, a1, _, bottom, size, direction, _ = letter
        near = 0.12 * size if size < 8 else 1.0
        if near > 0.45 * (a1 - a0):
            near = 0.45 * (a1 - a0)
        key = (text, int(a0) >> 2)
        first, last = int(a0 - near) >> 2, int(a0 + near) >> 2
        others = seen.get(key, ())
        if last != first:
            others = [*seen.get((text, first), ()), *seen.get((text, last), ())]
        for other in others:
            if -near <= other[4] - bottom <= near and -near <= other[1] - a0 <= near and other[6] == direction:
                break
        else:
            kept.append(letter)
            if key in seen:
                seen[key].append(letter)
            else:
                seen[key] = [letter]
    return kept


def _near_alike(letters: Sequence[Letter]) -> list[bool]:
    """For every letter whether there may be another of the same text at most one point away, both ways."""
    if not letters:
        return []
    texts, a0s, _, _, bottoms, _, _, _ = zip(*letters, strict=True)
    names = np.array([hash(text) for text in texts], dtype=np.int64)
    left, low = np.floor(np.array(a0s)).astype(np.int64), np.floor(np.array(bottoms)).astype(np.int64)
    near = np.zeros(len(letters), dtype=bool)
    # Two points so near one another share a square of two points in one of four grids.
    for right, down in ((0, 0), (0, 1), (1, 0), (1, 1)):
        squares = names + (left + right >> 1) * 0x1F123BB5 + (low + down >> 1) * 0x5851F42D4C957
        _, first, count = np.unique(squares, return_inverse=True, return_counts=True)
        near |= count[first] > 1
    return near.tolist()


def _follows(end: float, before: Letter, after: Letter) -> bool:
    """Whether `after` goes on with the word whose last letter is `before` and that ends at `end`."""
    text, a0, _, top, bottom, size, direction, _ = before
    if direction != after[6]:
        return False
    if top != after[3] or bottom != after[4]:
        shared = min(bottom, after[4]) - max(top, after[3])
        if shared < 0.5 * min(bottom - top, after[4] - after[3]):
            return False
    em = size if size > after[5] else after[5]
    gap = after[1] - end
    if -0.3 * em <= gap <= GAP * em:
        return True
    if gap < -BACK * em and (is_rtl(after[0]) or is_rtl(text)):
        return abs(a0 - after[2]) <= GAP * em
    if gap < -BACK * em or after[1] < a0 - 0.3 * em:
        return False
    if gap <= GAP * em:
        return True
    return gap <= GAP_MIXED * em and is_cjk(text[-1]) != is_cjk(after[0][0])


def _goes_on(before: Letter, after: Letter) -> bool:
    """Whether `after` stands further along on the line of `before`."""
    if before.direction != after.direction or after.a0 < before.a0:
        return False
    shared = min(before.bottom, after.bottom) - max(before.top, after.top)
    return shared >= 0.5 * min(before.bottom - before.top, after.bottom - after.top)


def is_rtl(text: str) -> bool:
    """Whether the first character belongs to writing from right to left."""
    return text >= "\u0590" and not "\u2e80" <= text < "\ua000" and unicodedata.bidirectional(text[0]) in ("R", "AL")


def _runs(letters: Iterable[Letter]) -> list[_Run]:
    """Letters chained in the order of the file."""
    runs: list[_Run] = []
    run: _Run | None = None
    blank = False
    for letter in letters:
        text, a0, a1, top, bottom, size, direction, _ = letter
        if text == " ":
            if run is not None:
                run.closed = True
            run, blank = None, True
        elif (
            run is not None and text >= "\u0300" and not "\u4e00" <= text < "\ua000" and unicodedata.combining(text[0])
        ):
            last = run.letters[-1]
            run.letters[-1] = last._replace(text=unicodedata.normalize("NFC", last.text + text))
        elif (  # the plain case of `_follows`
            run is not None
            and (top, bottom, size, direction) == run.letters[-1][3:7]
            and -0.3 * size <= a0 - run.a1 <= GAP * size
        ):
            run.letters.append(letter)
            if a0 < run.a0:
                run.a0 = a0
            if a1 > run.a1:
                run.a1 = a1
        elif run is not None and _follows(run.a1, run.letters[-1], letter):
            run.add(letter)
        else:
            run = _Run(letter, blank, blank if runs and _goes_on(runs[-1].letters[-1], letter) else None)
            runs.append(run)
            blank = False
    return runs


def _joined(runs: list[_Run]) -> list[_Run]:
    """Runs that were drawn apart but stand next to one another put together, left to right."""
    starts: dict[tuple[int, int], list[tuple[float, int]]] = {}
    for i, run in enumerate(runs):
        if not run.opened:
            starts.setdefault((run.letters[0].direction, int(run.bottom // 4)), []).append((run.a0, i))
    for row in starts.values():
        row.sort()
    after: dict[int, int] = {}
    taken: set[int] = set()
    for i in sorted(range(len(runs)), key=lambda i: runs[i].a0):
        run, last = runs[i], runs[i].letters[-1]
        if run.closed:
            continue
        best: tuple[float, int] | None = None
        for level in range(int(run.bottom // 4) - 1, int(run.bottom // 4) + 2):
            row = starts.get((last.direction, level), [])
            for at, j in row[bisect_left(row, (run.a1 - 0.1 * last.size, -1)) :]:
                if at > run.a1 + GAP_MIXED * 3 * last.size:
                    break
                first = runs[j].letters[0]
                fits = j != i and j not in taken and runs[j].a0 >= run.a0 and _follows(run.a1, last, first)
                if fits and (best is None or at < best[0]):
                    best = (at, j)
        if best is not None and not _leads_to(after, best[1], i):
            after[i] = best[1]
            taken.add(best[1])
    out = []
    for i, run in enumerate(runs):
        if i in taken:
            continue
        j = i
        while j in after:
            j = after[j]
            for letter in runs[j].letters:
                run.add(letter)
        out.append(run)
    return out


def _leads_to(after: dict[int, int], start: int, end: int) -> bool:
    while start in after:
        start = after[start]
    return start == end


def frame_point(x: float, y: float, direction: int) -> tuple[float, float]:
    """(along, across) of a point of the page in the writing frame of `direction`."""
    if direction == 0:
        return x, y
    if direction == 90:
        return y, -x
    if direction == 180:
        return -x, -y
    return -y, x


def page_point(along: float, across: float, direction: int) -> tuple[float, float]:
    """The point of the page at (along, across) of the writing frame of `direction`."""
    if direction == 0:
        return along, across
    if direction == 90:
        return -across, along
    if direction == 180:
        return -along, -across
    return across, -along


def page_box(a0: float, top: float, a1: float, bottom: float, direction: int) -> Box:
    """The box on the page of a box in the writing frame of `direction`."""
    if direction == 0:
        return Box(a0, top, a1, bottom)
    if direction == 90:
        return Box(-bottom, a0, -top, a1)
    if direction == 180:
        return Box(-a1, -bottom, -a0, -top)
    return Box(top, -a1, bottom, -a0)


def _edges(run: _Run) -> list[float]:
    """The left edge of every character and the right edge of the last one, ascending."""
    edges = []
    at = run.a0
    for letter in run.letters:
        a0 = letter[1]
        if a0 > at:
            at = a0
        edges.append(at)
        n = len(letter[0])
        if n > 1:
            for k in range(1, n):
                at = max(at, a0 + (letter[2] - a0) * k / n)
                edges.append(at)
    edges.append(max(at, run.a1))
    return edges


def rounded(values: Sequence[float]) -> list[float]:
    """Every number as `round(number, 3)` has it, which takes ten times as long.

    >>> rounded([0.0005, 1.0015, -2.00049])
    [0.001, 1.002, -2.0]
    """
    exact = np.array(values, dtype=np.float64)
    scaled = exact * 1000
    whole = np.rint(scaled)
    out: list[float] = (whole / 1000).tolist()
    # Next to a half, or where there are no thousandths, the product cannot tell which way to go.
    for i in np.nonzero((np.abs(np.abs(scaled - whole) - 0.5) < 1e-3) | (np.abs(scaled) > 1e9))[0].tolist():
        out[i] = round(values[i], 3)
    return out


def _words(runs: Sequence[_Run]) -> list[Word]:
    backward = [is_rtl(run.letters[0][0]) or is_rtl(run.letters[-1][0]) for run in runs]
    numbers: list[float] = []
    for run, is_backward in zip(runs, backward, strict=True):
        if is_backward:
            run.letters.sort(key=lambda letter: -letter.a1)
        numbers += (run.a0, run.top, run.a1, run.bottom)
        if run.letters[0][6] == 0 and not is_backward:
            numbers += _edges(run)
    numbers = rounded(numbers)
    found = []
    at = 0
    for run, is_backward in zip(runs, backward, strict=True):
        texts, _, _, _, _, sizes, directions, bolds = zip(*run.letters, strict=True)
        text = "".join(texts)
        direction = directions[0]
        a0, top, a1, bottom = numbers[at : at + 4]
        box = page_box(a0, top, a1, bottom, direction)
        at += 4
        edges: tuple[float, ...] | None = None
        if direction == 0 and not is_backward:
            edges = tuple(numbers[at : at + len(text) + 1])
            at += len(edges)
        found.append(
            Word(
                text,
                box,
                size=round(max(sizes), 2),
                edges=edges,
                upright=direction == 0,
                bold=2 * sum(bolds) > len(bolds),
                spaced=None if is_backward else run.spaced,
            )
        )
    return found


def words(letters: Sequence[Letter]) -> tuple[Word, ...]:
    """Words of cleaned letters given in the order of the file, from the top of the page down, left to right."""
    found = _words(_joined(_runs(drop_doubles(letters))))
    found.sort(key=lambda w: (round(w.box.bottom, 1), w.box.x0, w.text))
    return tuple(found)
