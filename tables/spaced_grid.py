"""From lines and column splits to rows, header levels and cells."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from statistics import median

from biaoge.model import Box, Ruling
from biaoge.text import is_cjk

from .spaced_columns import Run, Span, columns_of, extents_of, wide_rules
from .spaced_lines import Line, Segment, is_number, is_year

WRAP_PITCH = 1.45  # ems: lines of one cell stand no further apart
HEADER_PITCH = 2.3  # ems between header lines, and from the last of them to the body
MAX_HEADER_LINES = 9


@dataclass(slots=True)
class Draft:
    """A cell on its way: columns first..last, segments by line, rows it goes through."""

    first: int
    last: int
    lines: list[list[Segment]] = field(default_factory=list)
    depth: int = 1

    @property
    def text(self) -> str:
        """All of it with spaces between."""
        return " ".join(s.text for line in self.lines for s in line)


@dataclass(frozen=True, slots=True)
class Grid:
    """Rows of drafts; `heads` leading rows are header levels. `tops`: upper edge of every row, then the last's lower.

    `numeric`: the columns that hold figures. `rules`: y of the horizontal rulings as wide as the table.
    """

    rows: list[list[Draft]]
    heads: int
    tops: list[float]
    splits: tuple[float, ...]
    numeric: frozenset[int]
    rules: list[float]
    box: Box
    lines: tuple[Line, ...]
    crossed: int

    @property
    def n_cols(self) -> int:
        """Columns."""
        return len(self.splits) + 1


Placed = list[tuple[Segment, int, int]]


def place(line: Line, extents: Sequence[Span], splits: Sequence[float]) -> Placed:
    """The line's segments with their first and last column; a segment two cells share is cut at its word gap."""
    return [(s, *columns_of(s, extents, splits)) for whole in line.segments for s in cut(whole, splits)]


def cut(segment: Segment, splits: Sequence[float]) -> list[Segment]:
    """The segment, in two or more where a split falls into a gap wider than its other gaps."""
    words = segment.words
    gaps = [b.box.x0 - a.box.x1 for a, b in pairwise(words)]
    if not any(segment.box.x0 < x < segment.box.x1 for x in splits):
        return [segment]
    at = []
    for k, (a, b) in enumerate(pairwise(words)):
        others = [g for j, g in enumerate(gaps) if j != k and j not in at]
        usual = max(median(others), 0.2 * a.box.height) if others else 0.28 * a.box.height
        if (gaps[k] >= 1.4 * usual or gaps[k] >= 0.4 * a.box.height) and any(a.box.x1 <= x <= b.box.x0 for x in splits):
            at.append(k)
    edges = [0, *(k + 1 for k in at), len(words)]
    return [Segment(words[i:j], Box.around(w.box for w in words[i:j])) for i, j in pairwise(edges)]


def numeric_columns(placed: Sequence[Placed], n_cols: int) -> frozenset[int]:
    """Columns most of whose entries are figures."""
    figures, entries = [0] * n_cols, [0] * n_cols
    for line in placed:
        texts: dict[int, str] = {}
        for segment, first, last in line:
            if first == last:
                texts[first] = f"{texts.get(first, '')} {segment.text}".strip()
        for col, text in texts.items():
            entries[col] += 1
            figures[col] += is_number(text)
    return frozenset(c for c in range(n_cols) if entries[c] >= 2 and figures[c] >= 0.55 * entries[c])


def header_above(
    lines: Sequence[Line], run: Run, extents: Sequence[Span], em: float, rulings: Sequence[Ruling]
) -> list[Line]:
    """The lines over a run that read as its column headers, from top to bottom. `lines`: all of the page above it."""
    box = run.box
    inside = wide_rules(rulings, box, 0.0)
    crossings = 0 if not any(y < box.top + 4 * em for y in inside) else 1
    ruled_rows = len(inside) >= 0.5 * len(run.lines)
    out: list[Line] = []
    low = run.lines[0].box
    for line in reversed(lines):
        if line.box.cy >= low.cy or len(out) >= MAX_HEADER_LINES:
            continue
        within = tuple(s for s in line.segments if s.box.x1 > box.x0 - em and s.box.x0 < box.x1 + em)
        if not within:
            if low.cy - line.box.cy > HEADER_PITCH * em:
                break
            continue
        between = Box(box.x0, line.box.top, box.x1, low.bottom)
        ruled = any(line.box.cy < y < low.cy for y in wide_rules(rulings, between, 0, from_left=2 * em))
        if low.cy - line.box.cy > HEADER_PITCH * em * (1.3 if ruled else 1.0):
            break
        if ruled and len(within) == 1 and (out or inside):
            break
        if ruled and not ruled_rows:
            crossings += 1
            if crossings > 1:
                break
        if len(within) < len(line.segments) or any(
            s.box.x0 < box.x0 - 2 * em or s.box.x1 > box.x1 + 2 * em for s in within
        ):
            break
        spots = [columns_of(s, extents, run.splits) for s in within]
        if any(a == 0 and b > 0 for a, b in spots):
            break
        taken = [c for a, b in spots for c in range(a, b + 1)]
        if len(taken) != len(set(taken)):
            break
        if len(within) == 1 and spots[0] == (0, 0) and not ruled and not out:
            break
        low = line.box
        out.append(line)
    while out and len(out[-1].segments) == 1 and columns_of(out[-1].segments[0], extents, run.splits) == (0, 0):
        out.pop()
    return out[::-1]


def build(run: Run, above: Sequence[Line], em: float, rulings: Sequence[Ruling]) -> Grid:
    """Rows and header levels of a run. `above`: the header lines found over it."""
    extents = extents_of(run)
    lines = (*above, *run.lines)
    box = Box.around(line.box for line in lines)
    placed = [place(line, extents, run.splits) for line in lines]
    body = placed[len(above) :]
    numeric = numeric_columns([p for k, p in enumerate(body) if k not in run.crossing], run.n_cols)
    rules = wide_rules(rulings, box, 1.2 * em)
    heads = len(above) + _leading_heads(run, body, numeric, rules, bool(above))
    heads = _as_ruled(lines, heads, wide_rules(rulings, box, 0, from_left=2 * em))
    head_rows = _levels(spread(lines[:heads], placed[:heads], extents, run.splits, rulings), run.n_cols)
    groups = _body_rows(lines[heads:], placed[heads:], numeric, em, rules, extents)
    rows = [*head_rows, *([_drafts([placed[heads + k] for k in g]) for g in groups])]
    tops = [box.top, *(_edge(rows, k) for k in range(1, len(rows))), box.bottom]
    for k in range(1, len(tops)):
        tops[k] = max(tops[k], tops[k - 1])
    return Grid(rows, len(head_rows), tops, run.splits, numeric, rules, box, lines, len(run.crossing))


def _as_ruled(lines: Sequence[Line], heads: int, rules: Sequence[float]) -> int:
    """`heads`, or one line more where the only ruling near the top says so."""
    inner = [y for y in rules if lines[0].box.cy < y < lines[-1].box.cy]
    if not heads or not inner or len(inner) > max(2, 0.2 * len(lines)) or heads + 1 > 0.4 * len(lines):
        return heads
    return heads + 1 if lines[heads].box.cy < inner[0] < lines[heads + 1].box.cy else heads


def _edge(rows: Sequence[Sequence[Draft]], k: int) -> float:
    """y between row `k - 1` and row `k`."""

    def boxes(row: int) -> list[Box]:
        one = [s.box for d in rows[row] if d.depth == 1 for line in d.lines for s in line]
        return one or [s.box for d in rows[row] for line in d.lines for s in line]

    above, below = boxes(k - 1), boxes(k)
    return (max(b.bottom for b in above) + min(b.top for b in below)) / 2


def _leading_heads(
    run: Run, body: Sequence[Placed], numeric: frozenset[int], rules: Sequence[float], have: bool
) -> int:
    """How many lines at the start of a run are headers."""
    count = 0
    for line in body[: max(1, len(body) // 2)]:
        figures = [s.text for s, a, b in line if a == b and a in numeric and is_number(s.text)]
        in_numeric = [s for s, a, b in line if b in numeric]
        years = (
            figures
            and all(is_year(t) for t in figures)
            and not any(a == 0 and b == 0 and is_number(s.text) for s, a, b in line)
        )
        spans = count and len(line) == 1 and len(body[count - 1]) >= 0.7 * run.n_cols
        if spans or (figures and not years) or not in_numeric or all(b == 0 for _, _, b in line):
            break
        count += 1
    if numeric:
        return count
    tops = [line.box for line in run.lines]
    for k in range(1, min(len(tops), MAX_HEADER_LINES)):
        if any(tops[k - 1].cy < y < tops[k].cy for y in rules):
            return k if len(rules) < 0.6 * len(tops) or k == 1 else 1
    if have:
        return 0
    bold = [all(w.bold for s in line.segments for w in s.words) for line in run.lines]
    return 1 if bold[0] and not all(bold[1:]) else 0


def spread(
    lines: Sequence[Line],
    placed: Sequence[Placed],
    extents: Sequence[Span],
    splits: Sequence[float],
    rulings: Sequence[Ruling],
) -> list[Placed]:
    """Header lines with the columns they stand over: as far as the ruling beneath them, or as they are centred."""
    out = [list(line) for line in placed]
    for k in range(len(out) - 1):
        low, high = lines[k].box.cy, lines[k + 1].box.cy
        beneath = _joined([r for r in rulings if r.axis == "h" and low < r.at < high])
        out[k] = [_over_ruling(p, beneath, extents) for p in out[k]]
        taken = [c for _, a, b in out[k] for c in range(a, b + 1)]
        if len(taken) != len(set(taken)):
            out[k] = list(placed[k])
        if all(a == b for _, a, b in out[k]):
            out[k] = _centred(out[k], out[k + 1], extents)
    return out


def _joined(rulings: Sequence[Ruling]) -> list[Span]:
    """The stretches of rulings on one height, pieces that touch taken together."""
    out: list[Span] = []
    for r in sorted(rulings, key=lambda r: (round(r.at), r.start)):
        if out and out[-1][0] <= r.start <= out[-1][1] + 1:
            out[-1] = (out[-1][0], max(out[-1][1], r.end))
        else:
            out.append((r.start, r.end))
    return out


def _over_ruling(
    spot: tuple[Segment, int, int], stretches: Sequence[Span], extents: Sequence[Span]
) -> tuple[Segment, int, int]:
    segment, first, last = spot
    for start, end in stretches:
        if start - 2 <= segment.box.x0 and segment.box.x1 <= end + 2:
            cols = [c for c, (a, b) in enumerate(extents) if start - 2 <= (a + b) / 2 <= end + 2]
            if cols and cols[0] <= first and last <= cols[-1] and len(cols) < len(extents):
                return segment, cols[0], cols[-1]
    return spot


def _centred(line: Placed, below: Placed, extents: Sequence[Span]) -> Placed:
    """A line of fewer headers than the line below has, each centred over neighbouring columns of it."""
    upper = [p for p in line if p[1] > 0]
    lower = [p for p in below if p[1] > 0]
    if not upper or len(lower) < 2 * len(upper) or any(a != b for _, a, b in lower):
        return line
    size, rest = divmod(len(lower), len(upper))
    if rest:
        return line
    out: Placed = [p for p in line if p[1] == 0]
    for k, (segment, _, _) in enumerate(upper):
        group = lower[k * size : (k + 1) * size]
        left, right = group[0][0].box.x0, group[-1][0].box.x1
        if abs((left + right) / 2 - segment.box.cx) > 0.12 * (right - left):
            return line
        out.append((segment, group[0][1], group[-1][2]))
    return out


def _levels(placed: Sequence[Placed], n_cols: int) -> list[list[Draft]]:
    """Header lines as levels: one ends below a header that stands over several others.

    Whatever a column holds between two spanning headers, or below the last, is one cell through all those levels.
    """
    if not placed:
        return []
    groups: list[list[Placed]] = [[]]
    for k, line in enumerate(placed):
        groups[-1].append(line)
        rest = placed[k + 1 :]
        if any(b > a and any(sum(1 for _, c, d in low if a <= c and d <= b) > 1 for low in rest) for _, a, b in line):
            groups.append([])
    groups = [g for g in groups if g]
    rows: list[list[Draft]] = []
    alone: list[dict[int, Draft]] = []
    for group in groups:
        drafts = _drafts(group)
        rows.append([d for d in drafts if d.last > d.first])
        alone.append({d.first: d for d in drafts if d.last == d.first})
    for c in range(n_cols):
        level = 0
        while level < len(rows):
            start = level
            while level < len(rows) and not any(d.first <= c <= d.last for d in rows[level]):
                level += 1
            own = [alone[k][c] for k in range(start, level) if c in alone[k]]
            if own:
                rows[start].append(Draft(c, c, [line for d in own for line in d.lines], depth=level - start))
            level += 1
    return [sorted(row, key=lambda d: d.first) for row in rows]


def _drafts(lines: Sequence[Placed]) -> list[Draft]:
    """The cells of one row; whatever shares a column is one cell."""
    spans: list[tuple[int, int]] = []
    for a, b in sorted((a, b) for line in lines for _, a, b in line):
        if spans and a <= spans[-1][1]:
            spans[-1] = (spans[-1][0], max(b, spans[-1][1]))
        else:
            spans.append((a, b))
    drafts = [Draft(a, b) for a, b in spans]
    for line in lines:
        for draft in drafts:
            here = [s for s, a, b in line if draft.first <= a and b <= draft.last]
            if here:
                draft.lines.append(here)
    return drafts


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
        groups[-1].append(k) if _continues(
            groups[-1], k, lines, placed, numeric, em, (loose, usual), extents
        ) else groups.append([k])
    return groups


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
        inset = after.box.x0 > before.box.x0 + 0.3 * em or is_cjk(after.text[0])
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


def pitch_of(lines: Sequence[Line]) -> float:
    """The usual distance of neighbouring lines (points); 0 for fewer than two."""
    gaps = [b.box.cy - a.box.cy for a, b in pairwise(lines)]
    return median(gaps) if gaps else 0.0
