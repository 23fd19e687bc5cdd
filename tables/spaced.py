"""Tables without (enough) rulings, read from the white between their words."""

from __future__ import annotations

from bisect import bisect
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from biaoge.model import Box, Cell, Page, Part, Region, Role, Table, Word
from biaoge.text import join_lines

from .prose import verdict
from .spaced_cells import Draft, Grid
from .spaced_columns import UNITS, Run, crosses, extents_of, runs
from .spaced_grid import build
from .spaced_headers import header_above
from .spaced_lines import Line, em_of, lines_of

ACCEPT = 0.5  # a grid less sure than this is no table
CLEARLY = 0.02  # by how much a first reading must fit better to be preferred
LEAST_WORDS = 6
CUT_OUT = 4.0
"""Ems: a page's margins are wider, those of a picture cut out of one are not."""
MOST = 0.8
"""Share of the words in a table that is all of such a picture."""


@dataclass(frozen=True, slots=True)
class FirstGrid:
    """A first reading of a region: x of the edges of its columns and y of those of its rows (points, ascending)."""

    cols: tuple[float, ...]
    rows: tuple[float, ...]


class FirstReading(Protocol):
    """Reads regions of a page; `None` when it could not."""

    def __call__(self, page: Page, regions: Sequence[Box], /) -> Sequence[FirstGrid | None] | None:
        """One grid, or `None`, a region."""
        ...


@dataclass(frozen=True, slots=True)
class Found:
    """What `find` gives: the tables from top to bottom, and whether a first reading was asked for and given."""

    tables: tuple[Table, ...]
    asked: bool = False
    answered: bool = True


def find(page: Page, occupied: Sequence[Box] = (), first: FirstReading | None = None) -> tuple[Table, ...]:
    """The page's tables outside `occupied` (boxes of ruled tables), from top to bottom."""
    return look(page, occupied, first).tables


def look(page: Page, occupied: Sequence[Box] = (), first: FirstReading | None = None) -> Found:
    """As `find`, with what became of the first reading.

    `first` is called once, and only where a region reads as a table; without it, or where it has nothing to say, the
    columns are our own.
    """
    words = [
        w for w in page.words if w.upright and not (occupied and any(box.holds(w.box.cx, w.box.cy) for box in occupied))
    ]
    if len(words) < LEAST_WORDS:
        return Found(())
    em = em_of(words)
    lines = lines_of(words, em)
    if sum(1 for line in lines if len(line.segments) > 1) < 2:
        return Found(())
    own: list[tuple[Run, Grid, float]] = []
    cut_out = _is_cut_out(page, words, em)
    for run in runs(lines, em, occupied):
        if _beside(run.box, occupied, em):
            continue
        grid = reading(run, lines, em, page)
        score = verdict(grid, em, cut_out and _holds_most(grid.box, words))
        if score >= ACCEPT:
            own.append((run, grid, score))
    own.sort(key=lambda found: (found[1].box.top, found[1].box.x0))
    if not own or first is None:
        return Found(tuple(to_table(grid, page, score) for _, grid, score in own))
    given = first(page, [grid.box.grown(1) for _, grid, _ in own])
    readings = given if given is not None else [None] * len(own)
    tables = []
    for (run, grid, score), other in zip(own, readings, strict=True):
        best, sure = _better(run, grid, score, other, lines, em, page)
        tables.append(to_table(best, page, sure))
    return Found(tuple(tables), True, given is not None)


def _is_cut_out(page: Page, words: Sequence[Word], em: float) -> bool:
    """Whether the words leave no margins, as on a picture that was cut out of a page."""
    box = Box.around(w.box for w in words)
    return max(box.x0, box.top, page.width - box.x1, page.height - box.bottom) <= CUT_OUT * em


def _holds_most(box: Box, words: Sequence[Word]) -> bool:
    return sum(box.holds(w.box.cx, w.box.cy) for w in words) >= MOST * len(words)


def _better(
    run: Run, grid: Grid, score: float, other: FirstGrid | None, lines: Sequence[Line], em: float, page: Page
) -> tuple[Grid, float]:
    """Our reading or one on the columns of the first, whichever the words fit better, and how sure it is."""
    if other is None or len(other.cols) < 3:
        return grid, score
    splits = other.cols[1:-1]
    agreed = len(splits) == len(grid.splits)
    if agreed:
        return grid, min(1.0, score + 0.1)
    crossing = frozenset(k for k, line in enumerate(run.lines) if crosses(line, splits))
    theirs = reading(Run(run.lines, splits, crossing), lines, em, page)
    sure = verdict(theirs, em)
    if sure >= ACCEPT and fit(run.lines, splits) > fit(run.lines, run.splits) + CLEARLY:
        return theirs, sure
    return grid, max(ACCEPT, score - 0.1)


def fit(lines: Sequence[Line], splits: Sequence[float]) -> float:
    """How well columns hold the segments: 1 less the share of those cut by a split or sharing a column in a line."""
    bad = total = 0
    for line in lines:
        segments = [s for s in line.segments if s.text not in UNITS]
        total += len(segments)
        bad += sum(1 for s in segments if any(s.box.x0 < x < s.box.x1 for x in splits))
        cols = [bisect(splits, s.box.cx) for s in segments]
        bad += len(cols) - len(set(cols))
    return 1 - bad / total if total else 0.0


def _beside(box: Box, occupied: Sequence[Box], em: float) -> bool:
    """Whether a box touches a ruled table, and so is a part of it that its rulings do not reach."""
    for other in occupied:
        above = max(other.top - box.bottom, box.top - other.bottom)
        apart = max(other.x0 - box.x1, box.x0 - other.x1)
        if (above < 0 and -above > 0.5 * box.height and apart < 3 * em) or (abs(above) < em and apart < 0):
            return True
    return False


def reading(run: Run, lines: Sequence[Line], em: float, page: Page) -> Grid:
    """A run with its headers as a grid."""
    extents = extents_of(run)
    return build(run, header_above(lines, run, extents, em, page.rulings), em, page.rulings)


def to_table(grid: Grid, page: Page, score: float) -> Table:
    """A grid as a table of the vocabulary; places without text become empty cells."""
    edges = (grid.box.x0, *grid.splits, grid.box.x1)
    cells: list[Cell] = []
    covered: set[tuple[int, int]] = set()
    for r, row in enumerate(grid.rows):
        for draft in row:
            covered.update((q, c) for q in range(r, r + draft.depth) for c in range(draft.first, draft.last + 1))
            cells.append(_cell(r, draft, grid, edges, page))
    for r in range(len(grid.rows)):
        for c in range(grid.n_cols):
            if (r, c) not in covered:
                cells.append(_cell(r, Draft(c, c), grid, edges, page))
    part = Part(page.number, grid.box, (0, len(grid.rows) - 1))
    stub = 0 if 0 in grid.numeric else 1
    return Table(
        len(grid.rows),
        grid.n_cols,
        tuple(cells),
        header_rows=grid.heads,
        stub_cols=stub,
        parts=(part,),
        kind="spaced",
        confidence=score,
    )


def _cell(row: int, draft: Draft, grid: Grid, edges: Sequence[float], page: Page) -> Cell:
    words: tuple[Word, ...] = tuple(w for line in draft.lines for s in line for w in s.words)
    box = Box(edges[draft.first], grid.tops[row], edges[draft.last + 1], grid.tops[row + draft.depth])
    stub = 0 if 0 in grid.numeric else 1
    role: Role = "data"
    if row < grid.heads:
        role = "corner" if draft.last < stub else "column_header"
    elif draft.last < stub:
        role = "row_header"
    return Cell(
        row,
        draft.first,
        join_lines(" ".join(s.text for s in line) for line in draft.lines),
        rowspan=draft.depth,
        colspan=draft.last - draft.first + 1,
        role=role,
        regions=(Region(page.number, box),),
        words=words,
        confidence=min((w.confidence for w in words), default=1.0),
        source=words[0].source if words else "text",
    )
