"""From the lines and columns of a run to rows and cells."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise
from statistics import median

from biaoge.model import Box, Ruling
from biaoge.text import is_cjk

from .spaced_cells import Draft, Grid, Placed, drafts_of, numeric_columns, place
from .spaced_columns import WRAP_PITCH, Run, Span, extents_of, wide_rules
from .spaced_headers import as_ruled, leading, levels, spread
from .spaced_lines import Line, Segment, is_number


def build(run: Run, above: Sequence[Line], em: float, rulings: Sequence[Ruling]) -> Grid:
    """Rows and header levels of a run. `above`: the header lines found over it."""
    extents = extents_of(run)
    lines = (*above, *run.lines)
    box = Box.around(line.box for line in lines)
    placed = [place(line, extents, run.splits) for line in lines]
    body = placed[len(above) :]
    numeric = numeric_columns([p for k, p in enumerate(body) if k not in run.crossing], run.n_cols)
    rules = wide_rules(rulings, box, 1.2 * em)
    heads = len(above) + leading(run, body, numeric, rules, bool(above))
    heads = as_ruled(lines, heads, wide_rules(rulings, box, 0, from_left=2 * em))
    head_rows = levels(spread(lines[:heads], placed[:heads], extents, run.splits, rulings), run.n_cols)
    groups = _body_rows(lines[heads:], placed[heads:], numeric, em, rules, extents)
    rows = [*head_rows, *([drafts_of([placed[heads + k] for k in g]) for g in groups])]
    tops = [box.top, *(_edge(rows, k) for k in range(1, len(rows))), box.bottom]
    for k in range(1, len(tops)):
        tops[k] = max(tops[k], tops[k - 1])
    return Grid(rows, len(head_rows), tops, run.splits, numeric, rules, box, lines, len(run.crossing))


def _edge(rows: Sequence[Sequence[Draft]], k: int) -> float:
    """y between row `k - 1` and row `k`."""

    def boxes(row: int) -> list[Box]:
        one = [s.box for d in rows[row] if d.depth == 1 for line in d.lines for s in line]
        return one or [s.box for d in rows[row] for line in d.lines for s in line]

    above, below = boxes(k - 1), boxes(k)
    return (max(b.bottom for b in above) + min(b.top for b in below)) / 2


def _body_rows(
    lines: Sequence[Line],
    placed: Sequence[Placed],
    numeric: frozenset[int],
    em: float,
    rules: Sequence[float],
    extents: Sequence[Span],
) -> list[list[int]]:
    """Places of the body's lines, grouped into rows."""
    if not lines:
        return []
    bands = _bands(lines, placed, rules)
    if bands is not None:
        return bands
    pitches = [b.box.cy - a.box.cy for a, b in pairwise(lines)]
    loose, usual = _loose_from(pitches, em), median(pitches) if pitches else 0.0
    groups = [[0]]
    for k in range(1, len(lines)):
        if _overlap(lines[k - 1], lines[k], em) or _continues(
            groups[-1], k, lines, placed, numeric, em, (loose, usual), extents
        ):
            groups[-1].append(k)
        else:
            groups.append([k])
    return groups


def _overlap(a: Line, b: Line, em: float) -> bool:
    """Whether two lines stand at half a pitch: parts of one row whose cells are centred."""
    return b.box.cy - a.box.cy < 0.75 * em


def _bands(lines: Sequence[Line], placed: Sequence[Placed], rules: Sequence[float]) -> list[list[int]] | None:
    """Rows as rulings part them, where there are enough of them and no band holds two figures of a column."""
    inner = [y for y in rules if lines[0].box.cy < y < lines[-1].box.cy]
    if len(inner) < 2:
        return None
    groups: list[list[int]] = [[0]]
    for k in range(1, len(lines)):
        if any(lines[k - 1].box.cy < y < lines[k].box.cy for y in inner):
            groups.append([k])
        else:
            groups[-1].append(k)
    for g in groups:
        firsts = [a for k in g for s, a, b in placed[k] if a == b and is_number(s.text)]
        if len(firsts) != len(set(firsts)) or len(g) > 8:
            return None
    return groups


def _loose_from(pitches: Sequence[float], em: float) -> float | None:
    """The pitch from which lines belong to different rows, where pitches fall into a tight and a loose kind."""
    order = sorted(pitches)
    best, at = 1.22, None
    for a, b in pairwise(order):
        if 0 < a <= WRAP_PITCH * em and b / a > best:
            best, at = b / a, (a + b) / 2
    return at


def _continues(
    group: Sequence[int],
    k: int,
    lines: Sequence[Line],
    placed: Sequence[Placed],
    numeric: frozenset[int],
    em: float,
    pitches: tuple[float | None, float],
    extents: Sequence[Span],
) -> bool:
    """Whether line `k` goes on with the row whose lines are `group`. `pitches`: the loose and the usual one."""
    loose, usual = pitches
    pitch = lines[k].box.cy - lines[k - 1].box.cy
    if pitch > WRAP_PITCH * em or (loose is not None and pitch >= loose):
        return False
    have = {c for g in group for _, a, b in placed[g] for c in range(a, b + 1)}
    here = {c for _, a, b in placed[k] for c in range(a, b + 1)}
    text_before = {a: s for g in group for s, a, b in placed[g] if a == b}
    if any(
        s
        for s, a, b in placed[k]
        if a in numeric
        and is_number(s.text)
        and any(is_number(t.text) for g in group for t, c, d in placed[g] if c == a)
    ):
        return False
    if any(b > a for _, a, b in placed[k]) or any(b > a for g in group for _, a, b in placed[g]):
        return False
    if 0 not in here and here <= have and not (here & numeric):
        return True
    if 0 in here and 0 in text_before:
        before, after = text_before[0], next(s for s, a, b in placed[k] if a == 0)
        if is_number(after.text) or (before.words[-1].bold and not after.words[0].bold):
            return False
        low = bool(re.match(r"[a-z(（,&]", after.text))
        inset = after.box.x0 > before.box.x0 + 0.15 * em or is_cjk(after.text[0])
        tight = pitch < 0.92 * usual
        wrapped = low or (inset and (tight or _needed(before, after, extents[0], em)))
        if here == {0}:
            return wrapped and (have != {0} or loose is not None or low)
        if have == {0}:
            following = [s for spots in placed[k + 1 : k + 2] for s, a, _ in spots if a == 0]
            if not low and following and abs(following[0].box.x0 - after.box.x0) < 0.3 * em:
                return False
            return wrapped and not re.match(r".*[:：]$", before.text)
        if loose is not None and not (here & numeric):
            return here <= have and wrapped
    return False


def _needed(before: Segment, after: Segment, extent: Span, em: float) -> bool:
    """Whether `before` had no room left for the first word of `after`."""
    room = extent[1] - before.box.x1
    return room < after.words[0].box.width + 0.2 * em
