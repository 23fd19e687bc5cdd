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


FILES = 40
"""So many of the real files are sampled; how fast the machine is must not choose them."""


def sampled(folder: Path) -> list[Path]:
    """Every file of every set, the sets in turn."""
    queues = [sorted((folder / name).rglob("*.pdf")) for name in SETS]
    longest = max((len(q) for q in queues), default=0)
    return [q[i] for i in range(longest) for q in queues if i < len(q)]


def writes_backwards(path: Path) -> bool:
    """Whether the file holds writing from right to left, whose order and marks pdfminer does not put right."""
    with open_pdf(path) as opened:
        return any("\u0590" <= c <= "\u08ff" for w in opened.page(1).words for c in w.text)


def check(path: Path, pages: int | None) -> Count:
    count, _ = compare_file(path, pages)
    least = 0.9 if writes_backwards(path) else 0.97
    assert count.letter_share >= least, path.name
    assert count.split_share >= least, path.name
    assert count.ruling_share >= 0.99, path.name
    return count


def together(counts: list[Count]) -> Count:
    total = Count()
    for count in counts:
        total.add(count)
    return total


def test_readers_agree_on_the_samples(samples: Path) -> None:
    total = together([check(path, 2) for path in sorted(samples.glob("*.pdf"))])
    assert total.letters > 0
    assert min(total.letter_share, total.split_share, total.ruling_share) >= 0.999


def test_readers_agree_on_real_pages(data: Path) -> None:
    """The first page of some files of every set."""
    total = together([check(path, 1) for path in sampled(data)[:FILES]])
    assert total.letters > 0
    assert min(total.letter_share, total.split_share, total.ruling_share) >= 0.99


@pytest.mark.slow
@pytest.mark.parametrize("name", SETS)
def test_readers_agree_on_every_page(data: Path, name: str) -> None:
    total = together([check(path, None) for path in sorted((data / name).rglob("*.pdf"))])
    assert total.letters > 0
    assert min(total.letter_share, total.split_share, total.ruling_share) >= 0.99


def test_the_comparison_sees_what_is_wrong() -> None:
    from biaoge.model import Box

    word = Word("ab", Box(10, 10, 20, 20), edges=(10, 15, 20))
    line = Ruling("h", 50, 10, 110)
    page = Page(1, 200, 200, words=(word,), rulings=(line,))
    assert compare(page, page) == Count(4, 4, 2, 2, 200, 200)
    moved = Page(
        1,
        200,
        200,
        words=(Word("a", Box(10, 10, 15, 20), edges=(10, 15)), Word("b", Box(30, 10, 35, 20), edges=(30, 35))),
        rulings=(Ruling("h", 50, 10, 60), Ruling("v", 50, 10, 60)),
    )
    found = compare(page, moved)
    assert (found.letters_matched, found.splits_matched, found.length_matched) == (2, 0, 100)
