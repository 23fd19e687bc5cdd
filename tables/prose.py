"""What looks like columns and is none: prose, lists, tables of contents, pairs of label and value, furniture."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

from biaoge.text import is_cjk

from .spaced_cells import Grid
from .spaced_lines import Line, is_number

SPARSE = 0.38  # share of places with text below which words are strewn, as on a chart
ALONE = 0.3
"""What speaks for a table where columns are all that a picture shows."""
LEADER = re.compile(r"(?:[.．·…_]\s*){4,}|…{2,}")
BULLET = re.compile(
    r"^(?:[•●○◦▪■□◆◇►▶➢✓✔*·–—\-]|[(（]?(?:\d{1,3}|[a-zA-Z]|[ivxIVX]{1,5}|[一二三四五六七八九十]{1,3})[)）.．、:]"
    r"|\d{1,2}(?:\.\d{1,2}){1,3}\.?|第[一二三四五六七八九十\d]+[章节条部分]+|[①-⑳])$"
)


def verdict(grid: Grid, em: float, alone: bool = False) -> float:
    """How sure a grid is a table, 0 to 1; below 0.5 it is none. `alone`: it is a picture of nothing else."""
    body = grid.rows[grid.heads :]
    if grid.n_cols < 2 or not body:
        return 0.0
    if contents(grid.lines) or listing(grid) or axes(grid):
        return 0.0
    if flowing(grid, em) and not (alone and grid.n_cols > 2):
        return 0.0
    cells = [d for row in body for d in row]
    places = len(body) * grid.n_cols
    fill = len(cells) / places
    figures = [c for c in grid.numeric if c > 0]
    words = sum(len(d.text.split()) for d in cells) / len(cells)
    if fill < SPARSE:
        return 0.0
    full_rows = sum(1 for row in body if len(row) >= max(2, 0.6 * grid.n_cols))
    score = 0.0
    score += min(0.45, 0.2 * len(figures))
    score += 0.1 * min(3, grid.n_cols - 2)
    score += 0.3 if len(grid.rules) >= 2 else 0.1 * len(grid.rules)
    score += 0.15 if grid.heads else 0.0
    score += 0.04 * min(5, full_rows - 3)
    score += 0.15 * (fill - 0.6)
    score -= 0.06 * max(0.0, words - 4)
    score -= 0.5 * grid.crossed / len(grid.lines)
    score -= 0.25 if labels(grid) else 0.0
    if alone:
        return max(0.0, min(1.0, score + ALONE))
    if full_rows < (2 if len(grid.rules) >= 2 else 3):
        score -= 0.5
    if not figures and len(grid.rules) < 2:
        score -= 0.3
    return max(0.0, min(1.0, score))


def contents(lines: Sequence[Line]) -> bool:
    """Whether lines are a table of contents: leaders, or page numbers that never fall behind wide text."""
    led = sum(1 for line in lines if LEADER.search(" ".join(s.text for s in line.segments)))
    if led >= max(2, 0.3 * len(lines)):
        return True
    entries = [line.segments for line in lines if len(line.segments) > 1]
    ends = [segments[-1].text for segments in entries]
    if sum(1 for segments in entries if is_number(segments[-2].text)) > 0.3 * len(entries):
        return False
    pages = [int(t) for t in ends if re.fullmatch(r"\d{1,4}", t)]
    return (
        len(pages) >= 3
        and len(pages) >= 0.7 * len(ends)
        and all(len(line.segments) <= 3 for line in lines)
        and all(a <= b for a, b in pairwise(pages))
        and pages[0] != pages[-1]
        and pages[-1] < 2000
    )


def listing(grid: Grid) -> bool:
    """Whether the first of two columns (or of three with one text column) only numbers or bullets the lines."""
    firsts = [d.text for row in grid.rows for d in row if d.first == 0]
    marks = sum(1 for t in firsts if BULLET.match(t))
    return grid.n_cols == 2 and marks >= 0.6 * len(firsts)


def axes(grid: Grid) -> bool:
    """Whether all figures are the scales of a chart: every column of them steps evenly, and nothing names the rows."""
    body = grid.rows[grid.heads :]
    for col in set(range(grid.n_cols)) - grid.numeric:
        if sum(1 for row in body for d in row if d.first == d.last == col) >= 0.7 * len(body):
            return False
    stepped = 0
    for col in grid.numeric:
        texts = [
            d.text.replace(",", "").replace("–", "-").replace("−", "-")
            for row in grid.rows[grid.heads :]
            for d in row
            if d.first == d.last == col
        ]
        values = [float(t) for t in texts if re.fullmatch(r"-?\d+(?:\.\d+)?", t)]
        steps = [round(b - a, 6) for a, b in pairwise(values)]
        usual = max(set(steps), key=steps.count, default=0.0)
        if len(values) < 4 or usual == 0 or steps.count(usual) < 0.8 * len(steps):
            return False
        stepped += 1
    return stepped > 0


def labels(grid: Grid) -> bool:
    """Whether these are pairs such as "Telephone: 555"."""
    firsts = [d.text for row in grid.rows for d in row if d.first == 0]
    return grid.n_cols <= 4 and sum(1 for t in firsts if t.endswith((":", "："))) >= 0.5 * len(firsts)


def flowing(grid: Grid, em: float) -> bool:
    """Whether a column is set as running text: line upon line that fills it, but for long names of rows of figures."""
    return any(
        flows(grid.lines, low, high, em) and not names(grid, col) for col, (low, high) in enumerate(column_bounds(grid))
    )


def names(grid: Grid, col: int) -> bool:
    """Whether a column of long entries names rows of figures: no entry goes on where the one above it ends."""
    figures = [c for c in grid.numeric if c != col]
    body = grid.rows[grid.heads :]
    texts = [d.text for row in body for d in row if d.first == d.last == col]
    filled = sum(1 for row in body if sum(d.first in figures for d in row) >= 2)
    onward = sum(1 for text in texts if text[0].islower() or is_cjk(text[0]))
    return len(figures) >= 2 and filled >= 0.8 * len(body) and onward <= 0.1 * len(texts)


def column_bounds(grid: Grid) -> list[tuple[float, float]]:
    """Left and right (points) of every column."""
    edges = (grid.box.x0 - 1, *grid.splits, grid.box.x1 + 1)
    return list(pairwise(edges))


def flows(lines: Sequence[Line], low: float, high: float, em: float) -> bool:
    """Whether what stands between `low` and `high` reads as running text."""
    here = [s for line in lines for s in line.segments if low <= s.box.cx <= high]
    if len(here) < 4:
        return False
    right = max(s.box.x1 for s in here)
    left = min(s.box.x0 for s in here)
    if right - left < 9 * em:
        return False
    full = sum(1 for s in here if s.box.x1 > right - 2.5 * em and s.box.width > 0.8 * (right - left))
    worded = sum(1 for s in here if not is_number(s.text) and (len(s.words) >= 4 or len(s.text) > 20))
    onward = sum(1 for s in here if s.text[0].islower() or is_cjk(s.text[0]))
    return full >= 0.55 * len(here) and worded >= 0.6 * len(here) and onward >= 0.3 * len(here)
