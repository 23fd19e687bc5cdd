"""Adjacency relations: pairs of cells that stand next to one another, as a measure of table structure.

After Göbel, Hassan, Oro, Orsi, "A methodology for evaluating algorithms for table understanding in PDF documents"
(DocEng 2012), the measure of the ICDAR-2013 competition. A relation is (text, text of the neighbour, direction, blanks
between): for every cell that is not blank, in every row it covers, the next cell to the right that is not blank, and
in every column the next one below. Blanks are counted in places of the grid, a merged blank cell for each place. A
neighbour is counted once, however many rows or columns it is met in, with the blanks of the first (right before below);
so a merged header has one relation to each of the cells below it. Relations are compared as multisets.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from biaoge.model import Table

from .counts import Counts
from .htmlgrid import read_lenient
from .levels import Level, at_level

Owners = npt.NDArray[np.int64]  # (rows, columns): the cell that has each place, -1 for blank places
Relation = tuple[str | None, str | None, bool, int]  # text, neighbour's text, below (or right), blanks between

_BLANKS = str.maketrans("", "", " \t\r\n")


class Rates(NamedTuple):
    """Precision, recall and F1 as SciTSR states them: 0 where there is nothing to divide by."""

    precision: float
    recall: float
    f1: float


def table_score(predicted: Table | None, true: Table | None, level: Level) -> Counts:
    """Relations of two tables, texts at `level`; a side that is `None` has none.

    A cell without text, or with white space alone, is blank. One that could not be read is not blank, but like no
    other: its relations count as predicted (or true) and never as matched.
    """
    return _count(_of_table(predicted, level), _of_table(true, level))


def html_score(predicted: str, true: str) -> Counts:
    """Relations of two HTML tables as SciTSR counts them; texts without blanks, tabs and line ends, in upper case.

    The cells are those of `htmlgrid.read_lenient`; of two that overlap the later has the place. Without a table there
    are no relations. For the rates that SciTSR makes of the counts see `rates`.
    Source: Chi et al., "Complicated table structure recognition" (arXiv 1908.04729), its published evaluation.

    >>> html_score("<table><tr><td>a<td>b</table>", "<table><tr><td>A<td>b<td>c</table>")
    Counts(matched=1, predicted=1, true=2)
    """
    return _count(_of_html(predicted), _of_html(true))


def rates(counts: Counts) -> Rates:
    """The rates of `counts` by the convention of SciTSR.

    >>> rates(Counts(0, 0, 3))
    Rates(precision=0.0, recall=0.0, f1=0.0)
    """
    p = counts.matched / counts.predicted if counts.predicted else 0.0
    r = counts.matched / counts.true if counts.true else 0.0
    return Rates(p, r, 2 * p * r / (p + r) if p + r > 0 else 0.0)


def _of_table(table: Table | None, level: Level) -> Counter[Relation]:
    if table is None:
        return Counter()
    texts = [None if cell.text is None else at_level(cell.text, level) for cell in table.cells]
    owners = np.full((table.n_rows, table.n_cols), -1, dtype=np.int64)
    for i, cell in enumerate(table.cells):
        if texts[i] is None or (cell.text or "").strip():
            owners[cell.row : cell.rows.stop, cell.col : cell.cols.stop] = i
    return _relations(owners, texts)


def _of_html(html: str) -> Counter[Relation]:
    grid = read_lenient(html)
    if grid is None:
        return Counter()
    # A blank cell takes no place from an earlier one that it overlaps.
    grid = replace(grid, cells=tuple(cell for cell in grid.cells if cell.text.strip()))
    return _relations(grid.owners(), [cell.text.strip().translate(_BLANKS).upper() for cell in grid.cells])


def _relations(owners: Owners, texts: Sequence[str | None]) -> Counter[Relation]:
    out: Counter[Relation] = Counter()
    met: set[tuple[int, int]] = set()
    for below, lines in ((False, owners), (True, owners.T)):
        for line in lines.tolist():
            for first, second, blanks in _neighbours(line):
                if (first, second) not in met:
                    met.add((first, second))
                    out[texts[first], texts[second], below, blanks] += 1
    return out


def _neighbours(line: Sequence[int]) -> Iterator[tuple[int, int, int]]:
    """A cell, the next other one in the line, and the blank places between."""
    last, where = -1, 0
    for place, cell in enumerate(line):
        if cell >= 0:
            if cell != last and last >= 0:
                yield last, cell, place - where - 1
            last, where = cell, place


def _count(predicted: Counter[Relation], true: Counter[Relation]) -> Counts:
    both = predicted & true
    matched = sum(n for relation, n in both.items() if None not in relation)
    return Counts(matched, predicted.total(), true.total())
