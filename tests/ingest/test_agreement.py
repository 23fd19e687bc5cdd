"""The two readers are held against each other: what both say about the same page must be the same.

Letters are compared, not words, so that one wrong gap is one fault and not two. Tolerances: a letter counts as
matched when the other reader has the same letter with its centre within 2 points; a piece of ruling when the other
has a ruling of the same axis within 1 point there.
"""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from biaoge.errors import InputError
from biaoge.ingest import open_pdf
from biaoge.model import Page, Ruling, Word

SETS = ("govcn_xxgk", "govcn_budget", "cn_pdfs", "icdar2013", "camelot", "tabula_java", "unstructured_eval")
NEAR, APART = 2.0, 1.0


@dataclass
class Count:
    """Letters and points of ruling, matched and in all, both ways round."""

    letters: int = 0
    letters_matched: int = 0
    splits: int = 0
    splits_matched: int = 0
    length: float = 0.0
    length_matched: float = 0.0

    def add(self, other: Count) -> None:
        for name in self.__dataclass_fields__:
            setattr(self, name, getattr(self, name) + getattr(other, name))

    @property
    def letter_share(self) -> float:
        return self.letters_matched / self.letters if self.letters else 1.0

    @property
    def split_share(self) -> float:
        return self.splits_matched / self.splits if self.splits else 1.0

    @property
    def ruling_share(self) -> float:
        return self.length_matched / self.length if self.length else 1.0


def letters(words: tuple[Word, ...]) -> Iterator[tuple[str, float, float]]:
    for w in words:
        n = len(w.text)
        for i, char in enumerate(w.text):
            if w.edges is not None:
                yield char, (w.edges[i] + w.edges[i + 1]) / 2, w.box.cy
            elif w.box.height > w.box.width:
                yield char, w.box.cx, w.box.top + w.box.height * (i + 0.5) / n
            else:
                yield char, w.box.x0 + w.box.width * (i + 0.5) / n, w.box.cy


def matched(one: list[tuple[str, float, float]], two: list[tuple[str, float, float]]) -> int:
    """How many of `one` find a partner of their own in `two`."""
    places: dict[tuple[str, int, int], list[tuple[float, float]]] = defaultdict(list)
    for char, x, y in two:
        places[char, int(x // NEAR), int(y // NEAR)].append((x, y))
    found = 0
    for char, x, y in one:
        around = [
            (abs(px - x) + abs(py - y), key, (px, py))
            for dx in (-1, 0, 1)
            for dy in (-1, 0, 1)
            for key in [(char, int(x // NEAR) + dx, int(y // NEAR) + dy)]
            for px, py in places.get(key, ())
            if abs(px - x) <= NEAR and abs(py - y) <= NEAR
        ]
        if around:
            _, key, point = min(around)
            places[key].remove(point)
            found += 1
    return found


def covered(one: tuple[Ruling, ...], two: tuple[Ruling, ...]) -> float:
    """Points of `one` that rulings of `two` cover."""
    total = 0.0
    for r in one:
        near = sorted(
            (max(r.start, o.start), min(r.end, o.end)) for o in two if o.axis == r.axis and abs(o.at - r.at) <= APART
        )
        at = r.start
        for start, end in near:
            if end > at:
                total += end - max(start, at) if end > max(start, at) else 0.0
                at = max(at, end)
        total += min(r.length, 1.0) if near and at < r.end and r.end - at < 1.0 else 0.0
    return total


def compare(a: Page, b: Page) -> Count:
    first, second = list(letters(a.words)), list(letters(b.words))
    both = matched(first, second)
    ends_a = [(w.text[-1], *p[1:]) for w in a.words for p in [list(letters((w,)))[-1]]]
    ends_b = [(w.text[-1], *p[1:]) for w in b.words for p in [list(letters((w,)))[-1]]]
    lines = sum(r.length for r in (*a.rulings, *b.rulings))
    same = covered(a.rulings, b.rulings) + covered(b.rulings, a.rulings)
    return Count(
        len(first) + len(second),
        2 * both,
        len(ends_a) + len(ends_b),
        2 * matched(ends_a, ends_b),
        lines,
        min(same, lines),
    )


def compare_file(path: Path, pages: int | None = None) -> tuple[Count, dict[str, float]]:
    """Counts over the first `pages` of a file, and the seconds each reader took."""
    total, spent = Count(), {"pdfium": 0.0, "pdfplumber": 0.0, "pages": 0.0}
    with open_pdf(path) as fast, open_pdf(path, reader="pdfplumber") as slow:
        assert fast.n_pages == slow.n_pages
        for number in range(1, min(fast.n_pages, pages or fast.n_pages) + 1):
            start = time.process_time()
            a = fast.page(number)
            middle = time.process_time()
            b = slow.page(number)
            spent["pdfium"] += middle - start
            spent["pdfplumber"] += time.process_time() - middle
            spent["pages"] += 1
            assert (round(a.width), round(a.height), a.rotation) == (round(b.width), round(b.height), b.rotation)
            total.add(compare(a, b))
    return total, spent
