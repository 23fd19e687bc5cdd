"""Which rows, columns and cells of a predicted table answer to which of the true one, whatever was lost or added.

Rows are aligned in order by their texts, then columns by the texts in aligned rows: the alignment with the greatest sum
of likenesses, by dynamic programming (S. B. Needleman, C. D. Wunsch, 1970). The aligned rows and columns make a frame,
in which both tables tile the same grid, so that cells can be compared by what they cover there. All weights are whole
numbers and ties go to the earlier pair, so that the same tables always correspond in the same way.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from rapidfuzz.distance import Indel
from rapidfuzz.process import cdist

from biaoge.model import Cell, Table

from .levels import at_level, parsed

Weights = npt.NDArray[np.int64]  # (predicted lines, true lines)
Texts = Sequence[Sequence[str]]  # folded, by row and column; "" where no cell begins
Place = tuple[int, int, int, int]  # first row, row after the last, first column, column after the last

# More pairs of lines than this (after those that are alike at both ends) are paired by position.
_MOST_PAIRS = 1_000_000
_MOST_ALIKE = 100_000  # beyond, only texts in common count
_FEW = 16  # pairs that are counted faster one by one than as arrays
# Weight of lines of equal texts at equal places; of texts in common, and of like ones, at most; of two blank lines.
_SAME, _SHARED, _LIKE, _BLANK = 1000, 700, 250, 300


@dataclass(frozen=True, slots=True)
class Axis:
    """Rows, or columns, of both tables in one order: (predicted, true); `None` where there is none on that side."""

    steps: tuple[tuple[int | None, int | None], ...]

    def frame(self) -> tuple[dict[int, int], dict[int, int]]:
        """Predicted line -> line of the frame, and the same for the true ones; lines without partner have none."""
        pairs = [(p, t) for p, t in self.steps if p is not None and t is not None]
        return {p: i for i, (p, _) in enumerate(pairs)}, {t: i for i, (_, t) in enumerate(pairs)}

    @property
    def extra(self) -> frozenset[int]:
        """Predicted lines that the truth does not have."""
        return frozenset(p for p, t in self.steps if p is not None and t is None)

    @property
    def missing(self) -> frozenset[int]:
        """True lines that the prediction does not have."""
        return frozenset(t for p, t in self.steps if t is not None and p is None)

    def positions(self, dropped: AbstractSet[int], inserted: AbstractSet[int]) -> tuple[dict[int, int], dict[int, int]]:
        """Where the predicted and the true lines stand once some extra ones are dropped and missing ones inserted."""
        predicted: dict[int, int] = {}
        true: dict[int, int] = {}
        at = 0
        for p, t in self.steps:
            if (p is None and t not in inserted) or (t is None and p in dropped):
                continue
            if p is not None:
                predicted[p] = at
            if t is not None:
                true[t] = at
            at += 1
        return predicted, true


@dataclass(frozen=True, slots=True)
class Correspondence:
    """Both axes, and what each cell covers in the frame (by index in `cells`); `None` where nothing of it is left."""

    rows: Axis
    cols: Axis
    predicted: tuple[Place | None, ...]
    true: tuple[Place | None, ...]


def correspondence(predicted: Table, true: Table) -> Correspondence:
    """How `predicted` answers to `true`.

    >>> a, b = (Table(2, 2, tuple(Cell(i // 2, i % 2, t) for i, t in enumerate(texts))) for texts in ("abcd", "xyab"))
    >>> correspondence(a, b).rows.steps
    ((None, 0), (0, 1), (1, None))
    """
    p, t = _texts(predicted), _texts(true)
    rows = _align_rows(p, t)
    cols = _align_columns(p, t, rows)
    (p_rows, t_rows), (p_cols, t_cols) = rows.frame(), cols.frame()
    return Correspondence(
        rows,
        cols,
        tuple(_place(cell, p_rows, p_cols) for cell in predicted.cells),
        tuple(_place(cell, t_rows, t_cols) for cell in true.cells),
    )


def _place(cell: Cell, rows: dict[int, int], cols: dict[int, int]) -> Place | None:
    down, across = [rows[r] for r in cell.rows if r in rows], [cols[c] for c in cell.cols if c in cols]
    return (down[0], down[-1] + 1, across[0], across[-1] + 1) if down and across else None


def _texts(table: Table) -> list[list[str]]:
    out = [[""] * table.n_cols for _ in range(table.n_rows)]
    for cell in table.cells:
        out[cell.row][cell.col] = at_level(cell.text or "", "folded")
    return out


def _align_rows(predicted: Texts, true: Texts) -> Axis:
    p, t = list(map(tuple, predicted)), list(map(tuple, true))
    return _align(p, t, lambda ps, ts: _likeness([p[i] for i in ps], [t[j] for j in ts]))


def _align_columns(predicted: Texts, true: Texts, rows: Axis) -> Axis:
    pairs = [(i, j) for i, j in rows.steps if i is not None and j is not None]
    p = [tuple(predicted[i][c] for i, _ in pairs) for c in range(len(predicted[0]))]
    t = [tuple(true[j][c] for _, j in pairs) for c in range(len(true[0]))]

    def weigh(ps: range, ts: range) -> Weights:
        codes: dict[str, int] = {"": 0}
        a, b = (
            np.array([[codes.setdefault(text, len(codes)) for text in line] for line in lines], dtype=np.int64)
            for lines in ([p[i] for i in ps], [t[j] for j in ts])
        )
        # Equal texts at the same place say more than like ones; blanks say little. (predicted, true)
        equal = np.array([[(10 * (x == y) - 9 * ((x == y) & (x == 0))).sum() for y in b] for x in a], dtype=np.int64)
        return 10 * equal + _likeness([p[i] for i in ps], [t[j] for j in ts]) // 100

    return _align(p, t, weigh)


def _likeness(predicted: Sequence[Sequence[str]], true: Sequence[Sequence[str]]) -> Weights:
    """Likeness of two lines: most of it the share of texts in common (Dice), the rest the likeness of all texts.

    Words count three times what numbers count: it is by its name that a row is told. The likeness of all texts (Indel
    similarity) is squared, so that a few lines much alike go before many half alike.
    """
    words = [[[text for text in line if text] for line in lines] for lines in (predicted, true)]
    common = _common(*words)
    lengths = [np.array([sum(map(_weight, line)) for line in lines]) for lines in words]
    both = lengths[0][:, None] + lengths[1][None, :]
    alike = np.zeros(common.shape)
    if common.size <= _MOST_ALIKE:
        joined = [["\x1f".join(line) for line in lines] for lines in words]
        alike = cdist(*joined, scorer=Indel.normalized_similarity, dtype=np.float64)
    out: Weights = np.floor(_SHARED * 2 * common / np.maximum(both, 1) + _LIKE * alike * alike).astype(np.int64)
    codes: dict[tuple[str, ...], int] = {}
    p, t = (np.array([codes.setdefault(tuple(line), len(codes)) for line in lines]) for lines in (predicted, true))
    out[p[:, None] == t[None, :]] = _SAME
    out[both == 0] = _BLANK
    return out


def _common(predicted: Sequence[Sequence[str]], true: Sequence[Sequence[str]]) -> Weights:
    """The weight of the texts that every two lines have in common, as multisets; (predicted, true)."""
    where: list[dict[str, dict[int, int]]] = [{}, {}]
    for side, lines in zip(where, (predicted, true), strict=True):
        for i, line in enumerate(lines):
            for text in line:
                counts = side.setdefault(text, {})
                counts[i] = counts.get(i, 0) + 1
    out = np.zeros((len(predicted), len(true)), dtype=np.int64)
    for text, here in where[0].items():
        there = where[1].get(text, {})
        if len(here) * len(there) < _FEW:
            for i, n in here.items():
                for j, m in there.items():
                    out[i, j] += _weight(text) * min(n, m)
        else:
            common = np.minimum.outer(list(here.values()), list(there.values()))
            out[np.ix_(list(here), list(there))] += _weight(text) * common
    return out


def _weight(text: str) -> int:
    return 3 if parsed(text) is None else 1


def _align(
    predicted: Sequence[tuple[str, ...]], true: Sequence[tuple[str, ...]], weigh: Callable[[range, range], Weights]
) -> Axis:
    """The best alignment of two sequences of lines; those that are alike at both ends are pairs without weighing."""
    n, m = len(predicted), len(true)
    start = end = 0
    while start < min(n, m) and predicted[start] == true[start]:
        start += 1
    while end < min(n, m) - start and predicted[n - 1 - end] == true[m - 1 - end]:
        end += 1
    ps, ts = range(start, n - end), range(start, m - end)
    middle: list[tuple[int | None, int | None]]
    if len(ps) * len(ts) > _MOST_PAIRS:
        middle = list(zip(ps, ts, strict=False))
        middle += [(p, None) for p in ps[len(ts) :]] + [(None, t) for t in ts[len(ps) :]]
    elif ps and ts:
        middle = [(None if i is None else ps[i], None if j is None else ts[j]) for i, j in _best(weigh(ps, ts))]
    else:
        middle = [(p, None) for p in ps] + [(None, t) for t in ts]
    return Axis(
        (*((i, i) for i in range(start)), *middle, *((n - end + i, m - end + i) for i in range(end))),
    )


def _best(weights: Weights) -> list[tuple[int | None, int | None]]:
    """The steps of the alignment with the greatest sum; every pair is worth a little, so that none is left unmade."""
    n, m = weights.shape
    worth = weights * (min(n, m) + 1) + 1
    best = np.zeros((n + 1, m + 1), dtype=np.int64)  # of the lines from here on
    for i in range(n - 1, -1, -1):
        best[i] = best[i + 1]
        np.maximum(best[i, :m], best[i + 1, 1:] + worth[i], out=best[i, :m])
        best[i] = np.maximum.accumulate(best[i, ::-1])[::-1]
    steps: list[tuple[int | None, int | None]] = []
    i = j = 0
    while i < n and j < m:
        if best[i, j] == best[i + 1, j + 1] + worth[i, j]:
            steps.append((i, j))
            i, j = i + 1, j + 1
        elif best[i, j] == best[i, j + 1]:
            steps.append((None, j))
            j += 1
        else:
            steps.append((i, None))
            i += 1
    return steps + [(p, None) for p in range(i, n)] + [(None, t) for t in range(j, m)]
