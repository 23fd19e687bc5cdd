"""GriTS, the grid table similarity: topology (Top), content (Con) and location (Loc) of cells.

For two grids A, B and a similarity f of places, GriTS_f = 2 · Σ f(Ã_ij, B̃_ij) / (|A| + |B|), where Ã, B̃ are the most
similar substructures (see `alignment`) and |·| counts grid places, merged cells once for every place. It is the
F-score of the sum over the predicted places (precision) and over the true ones (recall). Source: Smock, Pesala,
Abraham, "GriTS: Grid table similarity metric for table structure recognition" (ICDAR 2023, arXiv 2203.12555).

f is, for Top, the IoU of relative spans: the box of the cell a place belongs to, in grid units, seen from the place;
for Con the likeness of texts (see `likeness`); for Loc the IoU of the cells' boxes on the page.

Two dialects for HTML, since the published implementations differ:

| | `kensho` (grits-metric 0.7.0) | `microsoft` (table-transformer) |
|---|---|---|
| HTML | any, `htmlgrid.read_lenient` | well-formed only, `htmlgrid.read_strict` |
| open places of ragged rows | blank text, span of one place | fails; here as in `kensho` |
| likeness of texts | longest common subsequence | matching blocks |
| Top | intersection / union | intersection / box around both |
| place by place | where it cannot be beaten | never tried |

Where a side has no table (or the implementation fails to read it) the scores are 0; two tables without a cell score 1.
Two grids that only spans without rows behind them made too large to compare are compared without those spans' excess.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

import numpy as np

from biaoge.model import Table

from .alignment import Codes, Floats, Lines, align, line_scores, total
from .htmlgrid import HtmlGrid, read_lenient, read_strict
from .levels import Level, at_level
from .likeness import by_blocks, by_subsequence, pairs_by_blocks, pairs_by_subsequence
from .overlap import iou, iou_of_cells, iou_of_frame, pairs_iou_of_cells

Span = tuple[int, int, int, int]  # x0, top, x1, bottom in grid units, from the place
V = TypeVar("V")

_ONE: Span = (0, 0, 1, 1)
_MOST_PAIRS = 10**10  # of places; more are not compared where cut spans will do
_MOST_LINES = 2 * 10**7  # pairs of rows, or of columns, likewise: each takes memory


@dataclass(frozen=True, slots=True)
class Grits:
    """The three F-scores, 0 to 1; `loc` is `None` where boxes are not known. `predicted`, `true`: grid places."""

    top: float
    con: float
    loc: float | None = None
    predicted: int = 0
    true: int = 0

    def precision(self, score: float) -> float:
        """Precision behind one of the scores: the sum of similarities over the predicted places; 1 without any."""
        return self._sum(score) / self.predicted if self.predicted else 1.0

    def recall(self, score: float) -> float:
        """Recall behind one of the scores: the sum of similarities over the true places; 1 without any."""
        return self._sum(score) / self.true if self.true else 1.0

    def _sum(self, score: float) -> float:
        return score * (self.predicted + self.true) / 2


@dataclass(frozen=True, slots=True)
class _Grid(Generic[V]):
    """What stands at every place: `values[codes[row, column]]`."""

    codes: Codes
    values: Sequence[V]


@dataclass(frozen=True, slots=True)
class _Likeness(Generic[V]):
    """A similarity of values: of every true one with every predicted one, and of the first with the first and so on."""

    cross: Callable[[Sequence[V], Sequence[V]], Floats]
    pairs: Callable[[Sequence[V], Sequence[V]], Floats]


# --- from HTML -------------------------------------------------------------------------------------------------------


def kensho(predicted: str, true: str) -> Grits:
    """Top and Con of two HTML texts, equal to those of grits-metric 0.7.0.

    >>> kensho("<table><tr><td>ab</td></tr></table>", "<table><tr><td>ac</td></tr></table>").con
    0.5
    """
    p, t = read_lenient(predicted), read_lenient(true)
    if p is None or t is None:
        return _scored(0, 0, p, t)
    p, t = _bounded(p, t)
    top = _best_sum(_spans(t), _spans(p), _UNION)
    return _scored(top, _best_sum(_texts(t), _texts(p), _SUBSEQUENCE), p, t)


def microsoft(predicted: str, true: str) -> Grits:
    """Top and Con of two HTML texts, equal to those of table-transformer where it can score them."""
    p, t = read_strict(predicted), read_strict(true)
    if p is None or t is None:
        return _scored(0, 0, p, t)
    p, t = _bounded(p, t)
    top = _factored_sum(_spans(t), _spans(p), _FRAME)
    return _scored(top, _factored_sum(_texts(t), _texts(p), _BLOCKS), p, t)


def _bounded(p: HtmlGrid, t: HtmlGrid) -> tuple[HtmlGrid, HtmlGrid]:
    """Both, with spans ended at the last row where the grids are too large to compare."""
    lines = max(p.n_rows * t.n_rows, p.n_cols * t.n_cols)
    return (p.cut(), t.cut()) if p.places * t.places > _MOST_PAIRS or lines > _MOST_LINES else (p, t)


def _scored(top: float, con: float, p: HtmlGrid | None, t: HtmlGrid | None) -> Grits:
    n = (p.places if p else 0, t.places if t else 0)
    return Grits(f_score(top, *n), f_score(con, *n), None, *n) if p and t else Grits(0.0, 0.0, None, *n)


def _spans(grid: HtmlGrid | Table) -> _Grid[Span]:
    codes = [0] * (grid.n_rows * grid.n_cols)
    seen: dict[Span, int] = {_ONE: 0}
    for cell in grid.cells:
        wide, high = cell.colspan, cell.rowspan
        if wide == high == 1:  # most cells, told at once
            codes[cell.row % grid.n_rows * grid.n_cols + cell.col] = 0
            continue
        for y in range(high):
            # Row -1 counts from the end, as in Python.
            start = (cell.row + y) % grid.n_rows * grid.n_cols + cell.col
            spans = [(-x, -y, wide - x, high - y) for x in range(wide)]
            codes[start : start + wide] = [seen.setdefault(span, len(seen)) for span in spans]
    return _Grid(np.array(codes, dtype=np.int64).reshape(grid.n_rows, grid.n_cols), list(seen))


def _texts(grid: HtmlGrid) -> _Grid[str]:
    seen: dict[str, int] = {"": 0}
    by_cell = [seen.setdefault(cell.text, len(seen)) for cell in grid.cells]
    # Places without a cell, -1, take the last: the blank one.
    return _Grid(np.array([*by_cell, 0], dtype=np.int64)[grid.owners()], list(seen))


# --- from tables -----------------------------------------------------------------------------------------------------


def table_score(predicted: Table | None, true: Table | None, level: Level) -> Grits:
    """The three scores of two tables, as in `kensho`; texts at `level`. A side that is `None` scores 0.

    The text of a cell that could not be read is like no other, nor like another unread one. Loc is known where the
    true table is `boxed` and some predicted cell has a region, and is 0 where it is `boxed` and nothing was predicted;
    IoU counts the regions of a cell together, page by page.
    """
    if predicted is None or true is None:
        known = true is not None and boxed(true)
        return Grits(0.0, 0.0, 0.0 if known else None, _places(predicted), _places(true))
    t, p = _TableGrids(true, level), _TableGrids(predicted, level)
    n = (p.cells.codes.size, t.cells.codes.size)
    loc = None
    if boxed(true) and any(cell.regions for cell in predicted.cells):
        loc = f_score(_best_sum(t.cells, p.cells, _REGIONS), *n)
    top = f_score(_best_sum(t.spans, p.spans, _UNION), *n)
    return Grits(top, f_score(_best_sum(t.texts, p.texts, _READ), *n), loc, *n)


def boxed(table: Table) -> bool:
    """Whether every cell has a region."""
    return all(cell.regions for cell in table.cells)


class _TableGrids:
    """The three grids of a table."""

    def __init__(self, table: Table, level: Level) -> None:
        order = {(cell.row, cell.col): i for i, cell in enumerate(table.cells)}
        by_place = np.array([[order[cell.row, cell.col] for cell in row] for row in table.grid()], dtype=np.int64)
        self.cells = _Grid(by_place, table.cells)
        seen: dict[str | None, int] = {}
        leveled = (None if cell.text is None else at_level(cell.text, level) for cell in table.cells)
        by_cell = np.array([seen.setdefault(text, len(seen)) for text in leveled], dtype=np.int64)
        self.texts = _Grid(by_cell[by_place], list(seen))
        self.spans = _spans(table)


def _places(table: Table | None) -> int:
    return table.n_rows * table.n_cols if table else 0


# --- sums ------------------------------------------------------------------------------------------------------------


def f_score(similar: float, predicted: int, true: int) -> float:
    """2 · similar / (predicted + true), by way of precision and recall; 1 without any place, 0 with a sum of 0."""
    precision = similar / predicted if predicted else 1.0
    recall = similar / true if true else 1.0
    return 2 * precision * recall / (precision + recall) if precision + recall > 0 else 0.0


def _factored_sum(true: _Grid[V], predicted: _Grid[V], likeness: _Likeness[V]) -> float:
    """The sum of similarities that the factored heuristic finds."""
    if not (true.codes.size and predicted.codes.size):
        return 0.0
    rows, columns = _lines(true, predicted, likeness)
    return _placewise(true, predicted, likeness, (rows, columns))


def _best_sum(true: _Grid[V], predicted: _Grid[V], likeness: _Likeness[V]) -> float:
    """As `_factored_sum`, but grids of one shape are first held place by place, and grids of one width row by row.

    That stands where it reaches a bound (grits-metric 0.7.0): in the first case all places without one line, in the
    second all places of the paired rows but one.
    """
    t, p = true.codes, predicted.codes
    if not (t.size and p.size):
        return 0.0
    every_row, every_column = ((np.arange(n), np.arange(n)) for n in t.shape)
    if t.shape == p.shape:
        similar = _placewise(true, predicted, likeness, (every_row, every_column))
        if similar >= (max(t.shape) - 1) * min(t.shape):
            return similar
    rows, columns = _lines(true, predicted, likeness)
    if t.shape[1] == p.shape[1]:
        similar = _placewise(true, predicted, likeness, (rows, every_column))
        if similar >= len(rows[0]) * t.shape[1] - 1:
            return similar
    return _placewise(true, predicted, likeness, (rows, columns))


def _lines(true: _Grid[V], predicted: _Grid[V], likeness: _Likeness[V]) -> tuple[Lines, Lines]:
    """The rows and the columns that are paired."""

    def similar(codes: Codes) -> Floats:
        return likeness.cross([true.values[i] for i in codes], predicted.values)

    rows, columns = line_scores(true.codes, predicted.codes, similar)
    return align(rows), align(columns)


def _placewise(true: _Grid[V], predicted: _Grid[V], likeness: _Likeness[V], lines: tuple[Lines, Lines]) -> float:
    """Sum of the similarities of the places in paired rows and columns."""
    rows, columns = lines
    width = len(predicted.values)
    t, p = true.codes[np.ix_(rows[0], columns[0])], predicted.codes[np.ix_(rows[1], columns[1])]
    which, at = np.unique(t * width + p, return_inverse=True)
    values = likeness.pairs([true.values[i] for i in which // width], [predicted.values[i] for i in which % width])
    return total(values[at.ravel()])


# --- similarities ----------------------------------------------------------------------------------------------------


def _of_spans(measure: Callable[[Floats, Floats], Floats]) -> _Likeness[Span]:
    def boxes(spans: Sequence[Span]) -> Floats:
        return np.array(spans, dtype=np.float64).reshape(-1, 4)

    return _Likeness(
        lambda true, predicted: measure(boxes(true)[:, None], boxes(predicted)),
        lambda true, predicted: measure(boxes(true), boxes(predicted)),
    )


def _cross_read(true: Sequence[str | None], predicted: Sequence[str | None]) -> Floats:
    out = by_subsequence([text or "" for text in true], [text or "" for text in predicted])
    out[[text is None for text in true]] = 0.0
    out[:, [text is None for text in predicted]] = 0.0
    return out


def _pairs_read(true: Sequence[str | None], predicted: Sequence[str | None]) -> Floats:
    out = pairs_by_subsequence([text or "" for text in true], [text or "" for text in predicted])
    out[[t is None or p is None for t, p in zip(true, predicted, strict=True)]] = 0.0
    return out


_UNION, _FRAME = _of_spans(iou), _of_spans(iou_of_frame)
_SUBSEQUENCE, _BLOCKS = _Likeness(by_subsequence, pairs_by_subsequence), _Likeness(by_blocks, pairs_by_blocks)
_READ = _Likeness(_cross_read, _pairs_read)
_REGIONS = _Likeness(iou_of_cells, pairs_iou_of_cells)
