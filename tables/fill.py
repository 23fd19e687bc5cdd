"""Words into cells, and a cell's words into its text."""

from __future__ import annotations

import itertools
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import replace

from biaoge.model import Alternative, Box, Word
from biaoge.text import is_cjk, join_lines

from .lattice import Lattice

INK = 0.22
"""A character that a ruling cuts deeper than this share of its width is overrun, not parted."""

MOST_ALTERNATIVES = 5
"""So many other readings of a cell are kept."""

Assigned = tuple[list[list[Word]], list[Word]]
"""For every rect its words; the words that overran a ruling."""


def assign(words: Sequence[Word], lattice: Lattice) -> Assigned:
    """For every rect of the lattice its words in the order given, and the words whose text overran a ruling.

    A word that crosses a drawn edge between two characters is parted there (two cells set close together); one
    whose character stands on the edge is text that overflows its cell and stays whole, where most of it stands.
    """
    owner, xs, ys = _owners(lattice), lattice.xs, lattice.ys
    inside: list[list[Word]] = [[] for _ in lattice.rects]
    overran = []
    for word in words:
        row = _place(ys, word.box.cy)
        if row is None:
            continue
        at = bisect_right(xs, word.box.x0)
        if 0 < at < len(xs) and word.box.x1 < xs[at]:
            inside[owner[row][at - 1]].append(word)
            continue
        for piece, over in _pieces(word, xs, owner[row]):
            col = _place(xs, piece.box.cx)
            if col is None:
                continue
            inside[owner[row][col]].append(piece)
            if over:
                overran.append(piece)
    return inside, overran


def _owners(lattice: Lattice) -> list[list[int]]:
    """(rows, columns): index of the rect at every place."""
    owner = [[0] * (len(lattice.xs) - 1) for _ in range(len(lattice.ys) - 1)]
    for index, rect in enumerate(lattice.rects):
        for r in range(rect.top, rect.bottom):
            for c in range(rect.left, rect.right):
                owner[r][c] = index
    return owner


def _place(positions: Sequence[float], at: float) -> int | None:
    if not positions[0] - 1 <= at <= positions[-1] + 1:
        return None
    return min(max(bisect_right(positions, at) - 1, 0), len(positions) - 2)


def _pieces(word: Word, xs: Sequence[float], owner: Sequence[int]) -> list[tuple[Word, bool]]:
    """The word, parted at the edges between different cells; with whether it overran one."""
    first, last = bisect_right(xs, word.box.x0), bisect_right(xs, word.box.x1)
    crossed = [xs[i] for i in range(max(first, 1), min(last, len(xs) - 1)) if owner[i - 1] != owner[i]]
    if not crossed or not word.upright:
        return [(word, False)]
    if word.edges is None or len(word.text) == 1:
        return [(word, False)]
    cuts, over = [], False
    for at in crossed:
        cut = _cut(word, word.edges, at)
        if cut is None:
            over = True
        elif 0 < cut < len(word.text):
            cuts.append(cut)
    if over or not cuts:
        return [(word, over)]
    bounds = [0, *sorted(set(cuts)), len(word.text)]
    return [(part(word, a, b), False) for a, b in itertools.pairwise(bounds)]


def _cut(word: Word, edges: Sequence[float], at: float) -> int | None:
    """How many characters stand left of `at`; `None` where a character stands right on it."""
    i = min(max(bisect_right(edges, at) - 1, 0), len(edges) - 2)
    width = edges[i + 1] - edges[i]
    if word.size:
        # Up to the next character there may be white: count the letter's own width, not the way to its neighbour.
        width = min(width, word.size * (1.0 if is_cjk(word.text[i]) else 0.6))
    share = (at - edges[i]) / width if width > 0 else 0.0
    if share <= INK:
        return i
    if share >= 1 - INK:
        return i + 1
    return None


def part(word: Word, start: int, end: int) -> Word:
    """Characters `start` to `end` of a word whose edges are known."""
    assert word.edges is not None
    edges = word.edges[start : end + 1]
    box = Box(min(edges), word.box.top, max(edges), word.box.bottom)
    return replace(word, text=word.text[start:end], box=box, edges=edges)


def text_of(words: Sequence[Word]) -> str:
    """The words of one cell as text: lines from top to bottom, wrapped lines joined as the script wants it.

    Turned writing (all words turned) is read along its own lines. A space is set where the print leaves a gap, never
    between two CJK characters.
    """
    if not words:
        return ""
    if len(words) == 1:
        return join_lines([words[0].text])
    upright = sum(w.upright for w in words)
    turned = 2 * upright < len(words) or (2 * upright == len(words) and not words[0].upright)
    return join_lines(_line_text(line, turned) for line in lines_of(words, turned))


def alternatives_of(words: Sequence[Word]) -> tuple[Alternative, ...]:
    """What the cell may say instead where one of its words is another of its readings, likeliest first."""
    out: dict[str, float] = {}
    own = text_of(words)
    for place, word in enumerate(words):
        for other in word.alternatives:
            changed = [replace(word, text=other.text, edges=None)] if other.text else []
            text = text_of([*words[:place], *changed, *words[place + 1 :]])
            if text != own:
                out[text] = max(out.get(text, 0.0), other.probability)
    ranked = sorted(out.items(), key=lambda item: (-item[1], item[0]))[:MOST_ALTERNATIVES]
    return tuple(Alternative(text, probability) for text, probability in ranked)


def lines_of(words: Sequence[Word], turned: bool = False) -> list[list[Word]]:
    """Words in lines, top to bottom and left to right (turned writing: left to right and bottom to top)."""
    spread = sorted(words, key=(lambda w: w.box.cx) if turned else (lambda w: w.box.cy))
    lines: list[list[Word]] = []
    low = high = 0.0
    for word in spread:
        a, b = (word.box.x0, word.box.x1) if turned else (word.box.top, word.box.bottom)
        middle = (a + b) / 2
        if lines and low < middle < high and min(b, high) - max(a, low) > 0.5 * min(b - a, high - low):
            lines[-1].append(word)
            # The line keeps the band of its tallest word: small raised figures do not shrink it.
            if b - a > high - low:
                low, high = a, b
        else:
            lines.append([word])
            low, high = a, b
    for line in lines:
        line.sort(key=(lambda w: -w.box.bottom) if turned else (lambda w: w.box.x0))
    return lines


def _line_text(line: Sequence[Word], turned: bool) -> str:
    out = line[0].text
    for before, word in itertools.pairwise(line):
        gap = before.box.top - word.box.bottom if turned else word.box.x0 - before.box.x1
        size = word.size or (word.box.width if turned else word.box.height)
        mixed = is_cjk(before.text[-1]) != is_cjk(word.text[0])
        # Typesetters put a quarter of an em between Chinese and figures; that is no space, unless the file says so.
        if gap > size * (0.1 if not mixed or word.spaced else 0.4):
            out += " "
        out += word.text
    return out
