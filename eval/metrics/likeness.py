"""How alike two texts are, from 0 to 1, for many texts at once: by common subsequence, and by matching blocks.

Both are 2 · (characters in common) / (characters of both), 1 for two empty texts; characters are code points.

- subsequence: in common is the longest common subsequence (grits-metric 0.7.0);
- blocks: in common are the matching blocks of Ratcliff and Obershelp as `difflib.SequenceMatcher` finds them: the
  longest common run, the first in the true text, then the first in the predicted one, and so on left and right of it;
  where the predicted text has 200 characters or more, those that make up more than a hundredth of it start no run
  (table-transformer). Not symmetric, and never more than the subsequence.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher
from typing import Any

import numpy as np
import numpy.typing as npt
from rapidfuzz.distance import LCSseq
from rapidfuzz.process import cdist

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Shorts = npt.NDArray[np.int32]

_LONG = 64  # characters; longer texts are left to difflib
_STEPS = (1, 2, 3, 4, 5, 6, 8, 10, 12, 16, 20, 24, 32, 48, 64)  # sizes taken as alike, up to each of these
_CROWDED = 200  # characters from which on difflib sets frequent ones aside
_FEW = 1000  # pairs of texts; fewer are left to difflib, too
_CHUNK = 1 << 17  # places of work at a time
_PAIRS = 1 << 20  # pairs of texts at a time


def by_subsequence(true: Sequence[str], predicted: Sequence[str]) -> Floats:
    """Of every true text with every predicted one; (true, predicted)."""
    if not (len(true) and len(predicted)):
        return np.zeros((len(true), len(predicted)))
    common = cdist(true, predicted, scorer=LCSseq.similarity, dtype=np.float64, workers=1)
    return _shares(common, _sizes(true)[:, None], _sizes(predicted))


def pairs_by_subsequence(true: Sequence[str], predicted: Sequence[str]) -> Floats:
    """Of the first with the first, the second with the second…"""
    common = [len(t) if t == p else LCSseq.similarity(t, p) for t, p in zip(true, predicted, strict=True)]
    return _shares(np.array(common, dtype=np.float64), _sizes(true), _sizes(predicted))


def by_blocks(true: Sequence[str], predicted: Sequence[str]) -> Floats:
    """Of every true text with every predicted one; (true, predicted)."""
    if not (len(true) and len(predicted)):
        return np.zeros((len(true), len(predicted)))
    t_sizes, p_sizes = _sizes(true), _sizes(predicted)
    common = cdist(true, predicted, scorer=LCSseq.similarity, dtype=np.int32, workers=1)
    # With at most one character in common, blocks and subsequence are the same, and of equal texts all is.
    unknown = (common > 1) & ((common < t_sizes[:, None]) | (common < p_sizes))
    unknown[:, p_sizes >= _CROWDED] = True
    rows, columns = np.nonzero(unknown)
    common[rows, columns] = _block_sizes((true, predicted), rows, columns, common[rows, columns])
    return _shares(common.astype(np.float64), t_sizes[:, None], p_sizes)


def pairs_by_blocks(true: Sequence[str], predicted: Sequence[str]) -> Floats:
    """Of the first with the first, the second with the second…"""
    each = np.arange(len(true))
    sizes = _sizes(true), _sizes(predicted)
    return _shares(_block_sizes((true, predicted), each, each, np.minimum(*sizes)).astype(np.float64), *sizes)


Texts = tuple[Sequence[str], Sequence[str]]  # true, predicted


def _block_sizes(texts: Texts, rows: Ints, columns: Ints, most: npt.NDArray[Any]) -> Ints:
    """Characters in matching blocks for the pairs (true[row], predicted[column]), of which there are `most` at most."""
    true, predicted = texts
    out = np.zeros(len(rows), dtype=np.int64)
    long = (_sizes(true)[rows] > _LONG) | (_sizes(predicted)[columns] > _LONG)
    if len(rows) < _FEW:
        long[:] = True
    short = np.nonzero(~long)[0]
    numbers: dict[str, int] = {}
    a, b = _characters(true, numbers, -1), _characters(predicted, numbers, -2)
    for low in range(0, len(short), _PAIRS):
        some = short[low : low + _PAIRS]
        lengths = _sizes(true)[rows[some]], _sizes(predicted)[columns[some]]
        out[some] = _short_blocks((a[rows[some]].T, b[columns[some]].T), lengths, most[some])
    matcher = SequenceMatcher[str]()
    last = -1
    by_column = np.nonzero(long)[0][np.argsort(columns[long], kind="stable")]
    for at, row, column in zip(by_column.tolist(), rows[by_column].tolist(), columns[by_column].tolist(), strict=True):
        if column != last:
            matcher.set_seq2(predicted[column])  # the costly side
            last = column
        matcher.set_seq1(true[row])
        out[at] = sum(block.size for block in matcher.get_matching_blocks())
    return out


def _short_blocks(texts: tuple[Shorts, Shorts], lengths: tuple[Ints, Ints], most: npt.NDArray[Any]) -> Ints:
    """Characters in matching blocks, pair by pair. `texts`: characters of true and predicted, (character, pair)."""
    a, b = texts
    n = a.shape[1]
    out = np.zeros(n, dtype=np.int64)
    # A task is a stretch of both texts of a pair that may still hold a block: [a_low, a_high) and [b_low, b_high).
    zero = np.zeros(n, dtype=np.int64)
    tasks = np.stack([np.arange(n), zero, lengths[0], zero, lengths[1]])
    tasks = tasks[:, (lengths[0] > 0) & (lengths[1] > 0)]
    while tasks.shape[1]:
        parts: list[Ints] = []
        for some in _alike(tasks):
            found = _longest_run(a, b, some)
            np.add.at(out, some[0], found[2])
            parts += _rest(some, found)
        tasks = np.concatenate(parts, axis=1)
        tasks = tasks[:, out[tasks[0]] < most[tasks[0]]]
    return out


def _alike(tasks: Ints) -> Iterator[Ints]:
    """The tasks in chunks of like height and width."""
    _, a_low, a_high, b_low, b_high = tasks
    kind = np.searchsorted(_STEPS, a_high - a_low) * len(_STEPS) + np.searchsorted(_STEPS, b_high - b_low)
    order = np.argsort(kind.astype(np.int16), kind="stable")  # a radix sort
    sizes = np.bincount(kind, minlength=1)
    for group in np.split(order, np.cumsum(sizes[sizes > 0])[:-1]):
        count = max(1, _CHUNK // int((b_high - b_low)[group].max()))
        for low in range(0, len(group), count):
            yield tasks[:, group[low : low + count]]


def _rest(tasks: Ints, found: tuple[Ints, Ints, Ints]) -> tuple[Ints, Ints]:
    """What is left to search on the left and on the right of the runs that were found."""
    pair, a_low, a_high, b_low, b_high = tasks
    i, j, size = found
    left = (size > 0) & (a_low < i) & (b_low < j)
    right = (size > 0) & (i + size < a_high) & (j + size < b_high)
    return (
        np.stack([pair, a_low, i, b_low, j])[:, left],
        np.stack([pair, i + size, a_high, j + size, b_high])[:, right],
    )


def _longest_run(a: Shorts, b: Shorts, tasks: Ints) -> tuple[Ints, Ints, Ints]:
    """Where the longest common run begins in both texts, and its size; the first in `a`, then the first in `b`."""
    pair, a_low, a_high, b_low, b_high = tasks
    high, wide = int((a_high - a_low).max()), int((b_high - b_low).max())
    at = b_low + np.arange(wide)[:, None]
    stretch = b[np.minimum(at, len(b) - 1), pair]
    stretch[at >= b_high] = -2
    # A run of n characters that ends at (y, x) weighs n * unit - y * wide - x: the heaviest is the one that is sought.
    unit = high * wide + 1
    kind: type[np.signedinteger[Any]] = np.int16 if unit * (min(high, wide) + 1) < 2**15 else np.int32
    run = np.zeros((wide + 1, len(pair)), dtype=kind)  # by end in `b`, from the second row on
    heaviest = np.zeros((wide, len(pair)), dtype=kind)
    place = np.arange(wide, dtype=kind)[:, None]
    for y in range(high):
        here = a_low + y
        character = a[np.minimum(here, len(a) - 1), pair]
        character[here >= a_high] = -1
        longer = run[:-1] + unit
        longer *= stretch == character
        run[1:] = longer
        longer -= place + y * wide
        np.maximum(heaviest, longer, out=heaviest)
    weight = heaviest.max(axis=0).astype(np.int64)
    size = (weight + unit - 1) // unit
    y, x = np.divmod(size * unit - weight, wide)
    return a_low + y - size + 1, b_low + x - size + 1, size


def _characters(texts: Sequence[str], numbers: dict[str, int], filler: int) -> Shorts:
    """Characters by their numbers in order of appearance, short texts only; (texts, longest of them)."""
    short = [text if len(text) <= _LONG else "" for text in texts]
    out = np.full((len(texts), max(1, *map(len, short), 1)), filler, dtype=np.int32)
    for row, text in zip(out, short, strict=True):
        row[: len(text)] = [numbers.setdefault(c, len(numbers)) for c in text]
    return out


def _sizes(texts: Sequence[str]) -> Ints:
    return np.fromiter(map(len, texts), np.int64, len(texts))


def _shares(common: Floats, true: Ints, predicted: Ints) -> Floats:
    """2 · common / (true + predicted), 1 where both are nothing; sizes broadcast, `common` is used up."""
    both = true.astype(np.float64) + predicted
    common *= 2
    with np.errstate(invalid="ignore"):
        common /= both
    if not (true.all() or predicted.all()):
        common[both == 0] = 1.0
    return common
