"""Runs of lines that keep the same white valleys between their segments: where a table without rulings may stand."""

from __future__ import annotations

import re
from bisect import bisect, bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import inf
from statistics import median

from biaoge.model import Box, Ruling

from .spaced_lines import Line, Segment

Span = tuple[float, float]

VALLEY = 0.45  # ems: a narrower valley is a space between words
UNITS = frozenset(("$", "US$", "€", "£", "¥", "￥", "R$", "%", "％", ")", "）", "%)"))
CAPTION = re.compile(
    r"(?:table|tab\.|figure|fig\.|exhibit|chart|box)\s+[a-z]{0,3}[-–.]?\d+(?:[-–.]\d+)*(?:[.:：]|$|\s[-–—])|[表图][\s\d一二三四五六七八九十.-]+[:：\s]",
    re.IGNORECASE,
)
PITCH = 3.2  # ems between the middles of neighbouring lines of one table
WRAP_PITCH = 1.45  # ems: lines of one cell stand no further apart
WIDE = 0.6  # share of the width a horizontal ruling must run along to count as the table's


@dataclass(frozen=True, slots=True)
class Run:
    """Lines from top to bottom and the x (points, ascending) that part their columns.

    `crossing`: places in `lines` of those whose text crosses a split.
    """

    lines: tuple[Line, ...]
    splits: tuple[float, ...]
    crossing: frozenset[int] = frozenset()

    @property
    def box(self) -> Box:
        """Around all lines."""
        return Box.around(line.box for line in self.lines)

    @property
    def n_cols(self) -> int:
        """Columns between the splits."""
        return len(self.splits) + 1


def is_caption(line: Line) -> bool:
    """Whether a line opens with the label and number of a table or figure."""
    return bool(CAPTION.match(line.segments[0].text))


def free(line: Line) -> list[Span]:
    """What a line leaves white, the endless stretches at both sides too."""
    spans: list[Span] = []
    reach = -inf
    for segment in line.segments:
        if segment.box.x0 > reach:
            spans.append((reach, segment.box.x0))
        reach = max(reach, segment.box.x1)
    spans.append((reach, inf))
    return spans


def runs(lines: Sequence[Line], em: float, barriers: Sequence[Box] = ()) -> list[Run]:
    """Runs of at least two lines with a common valley, the lines with most segments first.

    `lines` from top to bottom; no run goes past a box of `barriers`. A line belongs to one run at most.
    """
    used = [False] * len(lines)
    found = []
    order = sorted(
        (i for i, line in enumerate(lines) if len(line.segments) > 1 and not is_caption(line)),
        key=lambda i: (-len(lines[i].segments), i),
    )
    for seed in order:
        if used[seed]:
            continue
        used[seed] = True
        run = _grow(lines, seed, used, em, barriers)
        if run is not None:
            found.append(run)
    return found


@dataclass(slots=True)
class _White:
    """The valleys of a growing run: [left, right, lines of several segments across it]; its outer edges."""

    valleys: list[list[float]]
    left: float
    right: float
    least: float
    lines: int = 1

    def kept(self, line: Line) -> list[Span | None]:
        """What `line` leaves of every valley, `None` where too little."""
        out: list[Span | None] = []
        segments = line.segments
        for a, b, _ in self.valleys:
            best: Span | None = None
            lo = a
            for s in segments:
                if s.box.x1 <= a:
                    continue
                if s.box.x0 >= b:
                    break
                if s.box.x0 - lo > (best[1] - best[0] if best else 0):
                    best = (lo, s.box.x0)
                lo = max(lo, s.box.x1)
            if b - lo > (best[1] - best[0] if best else 0):
                best = (lo, b)
            least = self.least if self.lines < 4 else self.least / 3
            out.append(best if best is not None and best[1] - best[0] >= least else None)
        return out

    def take(self, line: Line, kept: Sequence[Span | None]) -> None:
        """Narrow the valleys by a line, open new ones beyond the edges, give up those that many lines cross."""
        self.lines += 1
        for valley, span in zip(self.valleys, kept, strict=True):
            if span is None:
                valley[2] += 1
            else:
                valley[0], valley[1] = span
        outer: list[list[float]] = []
        for s, t in pairwise(line.segments):
            a, b = s.box.x1, t.box.x0
            if b - a >= self.least and (b <= self.left or a >= self.right):
                outer.append([a, b, 0])
        last = max((s.box.x1 for s in line.segments if s.box.x1 <= self.left), default=None)
        if last is not None and self.left - last >= self.least:
            outer.append([last, self.left, 0])
        first = min((s.box.x0 for s in line.segments if s.box.x0 >= self.right), default=None)
        if first is not None and first - self.right >= self.least:
            outer.append([self.right, first, 0])
        if outer:
            seen = {(v[0], v[1]) for v in self.valleys}
            self.valleys = sorted(self.valleys + [v for v in outer if (v[0], v[1]) not in seen])
        self.left, self.right = min(self.left, line.box.x0), max(self.right, line.box.x1)


def _grow(lines: Sequence[Line], seed: int, used: list[bool], em: float, barriers: Sequence[Box]) -> Run | None:
    start = lines[seed]
    inner = [[a, b, 0.0] for a, b in free(start) if a != -inf and b != inf]
    white = _White(inner, start.box.x0, start.box.x1, VALLEY * em)
    taken = {seed}
    multi = 1
    loose = 0
    for step in (1, -1):
        at, near = seed + step, seed
        pending: list[int] = []
        while 0 <= at < len(lines) and not used[at] and not _apart(lines, near, at, em, barriers):
            if is_caption(lines[at]):
                break
            line = lines[at]
            kept = white.kept(line)
            alive = [k for k, v in zip(kept, white.valleys, strict=True) if v[2] < 3 or v[2] <= 0.5 * white.lines]
            good = sum(1 for k in alive if k is not None)
            if good and good >= 0.6 * len(alive):
                if len(line.segments) > 1:
                    white.take(line, kept)
                    multi += 1
                taken.update(pending, {at})
                loose += len(pending)
                pending = []
            else:
                pending.append(at)
                if _sentence(line, white, em) or len(pending) > 2 or loose + len(pending) > 0.34 * (len(taken) + 2):
                    break
            near, at = at, at + step
    splits = settle([lines[k] for k in sorted(taken)], em)
    crossing = {k for k in taken if crosses(lines[k], splits)}
    places = _trimmed(lines, sorted(taken), crossing)
    wraps = any(_wrapped(lines[p], splits) for p in places)
    while places and _hangs(lines, places[-1], used, splits, em, wraps):
        places = [*places, places[-1] + 1]
    if multi < 2 or len(places) < 2 or not splits:
        for k in taken if len(taken) > 6 else ():  # so many lines without a column are not tried again one by one
            used[k] = True
        return None
    for p in places:
        used[p] = True
    return Run(tuple(lines[p] for p in places), splits, frozenset(k for k, p in enumerate(places) if p in crossing))


def crosses(line: Line, splits: Sequence[float]) -> bool:
    """Whether a split (points, ascending) cuts a segment of the line."""
    return any(bisect(splits, s.box.x0) < bisect_left(splits, s.box.x1) for s in line.segments)


def _sentence(line: Line, white: _White, em: float) -> bool:
    """Whether a line is a sentence across the columns, which ends a table."""
    if len(line.segments) > 1 or line.box.x0 > white.left + 2 * em:
        return False
    crossed = sum(1 for a, b, _ in white.valleys if line.box.x0 < a and b < line.box.x1)
    long = len(line.segments[0].words) >= 5 or len(line.segments[0].text) >= 24
    return long and crossed >= 0.5 * len(white.valleys)


def settle(lines: Sequence[Line], em: float) -> tuple[float, ...]:
    """The x (points, ascending) that part the columns of lines that belong together.

    Few lines may run across a valley. Up to four lines at the top are left out where that gives more columns: they
    are captions, or headers that span.
    """
    several = [line for line in lines if len(line.segments) > 1]
    best: list[Span] = []
    for skip in range(min(5, 1 + len(several) // 2)):
        if skip and len(several) - skip < 3:
            break
        found = _low_ground(several[skip:], em)
        if len(found) > len(best):
            best = found
    return tuple(_aside(a, b, lines) for a, b in best)


def _aside(low: float, high: float, lines: Sequence[Line]) -> float:
    """The middle of a valley, clear of the text that reaches into it where that can be."""
    a, b = low, high
    for line in lines:
        for s in line.segments:
            if s.box.x0 < low < s.box.x1 < high:
                a = max(a, s.box.x1)
            elif low < s.box.x0 < high < s.box.x1:
                b = min(b, s.box.x0)
    return (a + b) / 2 if a < b else (low + high) / 2


def _low_ground(lines: Sequence[Line], em: float) -> list[Span]:
    steps = sorted(e for line in lines for s in line.segments for e in ((s.box.x0, 1), (s.box.x1, -1)))
    allowed = int(0.12 * len(lines))
    least = (VALLEY if len(lines) < 4 else VALLEY / 2) * em
    height, start = 0, -inf
    valleys: list[Span] = []
    for x, change in steps:
        height += change
        if change < 0 and height == allowed:
            start = x
        elif change > 0 and height == allowed + 1:
            if start > -inf and x - start >= least:
                valleys.append((start, x))
            start = -inf
    return _peopled(valleys, lines)


def _peopled(valleys: list[Span], lines: Sequence[Line]) -> list[Span]:
    """The valleys less those beside a column with hardly an entry, or with nothing but the signs of a unit."""
    need = max(2, 0.1 * len(lines)) if len(lines) > 2 else 1
    while valleys:
        splits = [(a + b) / 2 for a, b in valleys]
        counts = [0] * (len(splits) + 1)
        signs = [0] * (len(splits) + 1)
        for line in lines:
            for c, sign in {bisect(splits, s.box.cx): s.words[0].text in UNITS for s in line.segments}.items():
                counts[c] += 1
                signs[c] += sign
        poor = min(range(len(counts)), key=lambda c: counts[c])
        unit = next((c for c, n in enumerate(counts) if n and signs[c] >= 0.6 * n), None)
        if counts[poor] < need:
            valleys.pop(poor if poor < len(valleys) else poor - 1)
        elif unit is not None:
            valleys.pop(
                unit - 1 if unit == len(valleys) or (valleys and lines and _closing(unit, splits, lines)) else unit
            )
        else:
            break
    return valleys


def _closing(col: int, splits: Sequence[float], lines: Sequence[Line]) -> bool:
    """Whether the signs of a column follow their figures, such as % and )."""
    texts = [s.text for line in lines for s in line.segments if bisect(splits, s.box.cx) == col]
    return col > 0 and sum(t in ("%", ")", "%)", "％", "）") for t in texts) > 0.5 * len(texts)


def _apart(lines: Sequence[Line], near: int, far: int, em: float, barriers: Sequence[Box]) -> bool:
    a, b = lines[near].box, lines[far].box
    if abs(a.cy - b.cy) > PITCH * em:
        return True
    low, high = sorted((a.cy, b.cy))
    return any(low < box.cy < high and box.x0 < max(a.x1, b.x1) and box.x1 > min(a.x0, b.x0) for box in barriers)


def _trimmed(lines: Sequence[Line], places: list[int], crossing: set[int]) -> list[int]:
    """Without the lone segments at both ends; those are judged as headers or left to the prose."""
    while places and (len(lines[places[0]].segments) < 2 or places[0] in crossing):
        places = places[1:]
    while places and (len(lines[places[-1]].segments) < 2 or places[-1] in crossing):
        places = places[:-1]
    return places


def _hangs(
    lines: Sequence[Line], last: int, used: Sequence[bool], splits: Sequence[float], em: float, wraps: bool
) -> bool:
    """Whether the line after `last` goes on with an entry of it: right of the first column, or half a pitch below; or
    in the first column where other entries of it go on below (`wraps`).
    """
    if not splits or last + 1 >= len(lines) or used[last + 1] or len(lines[last + 1].segments) > 1:
        return False
    box = lines[last + 1].box
    pitch = box.cy - lines[last].box.cy
    if pitch < 0.75 * em and not any(box.x0 < x < box.x1 for x in splits):
        return True
    if pitch >= WRAP_PITCH * em:
        return False
    if box.x0 > splits[0]:
        return any(abs(s.box.x0 - box.x0) < 2 for s in lines[last].segments)
    return wraps and lines[last].box.x0 <= splits[0] and _wrapped(lines[last + 1], splits)


def _wrapped(line: Line, splits: Sequence[float]) -> bool:
    """Whether a line goes on with an entry of the first column alone."""
    return len(line.segments) == 1 and bool(splits) and line.box.x1 < splits[0] and line.segments[0].text[0].islower()


def columns_of(segment: Segment, extents: Sequence[Span], splits: Sequence[float]) -> tuple[int, int]:
    """First and last column a segment stands in.

    A segment that crosses a split spans only the columns of whose own text (`extents`) it covers a good part;
    else it stands in the one it shares most with.
    """
    first = bisect(splits, segment.box.x0)
    last = bisect_left(splits, segment.box.x1)
    if first >= last:
        return first, first
    shares = []
    for col in range(first, last + 1):
        a, b = extents[col]
        shared = min(segment.box.x1, b) - max(segment.box.x0, a)
        shares.append(shared / max(min(b - a, segment.box.width), 0.1))
    good = [first + k for k, share in enumerate(shares) if share > 0.35]
    if not good:
        best = max(range(len(shares)), key=lambda k: shares[k])
        return first + best, first + best
    return good[0], good[-1]


def extents_of(run: Run) -> list[Span]:
    """The stretch that each column's own text takes up, seen over the lines that cross nothing."""
    bounds = (-inf, *run.splits, inf)
    low, high = [inf] * run.n_cols, [-inf] * run.n_cols
    for k, line in enumerate(run.lines):
        if k in run.crossing:
            continue
        for s in line.segments:
            col = sum(1 for x in run.splits if x <= s.box.cx)
            low[col], high[col] = min(low[col], s.box.x0), max(high[col], s.box.x1)
    return [
        (a, b) if a <= b else (max(bounds[c], run.box.x0), min(bounds[c + 1], run.box.x1))
        for c, (a, b) in enumerate(zip(low, high, strict=True))
    ]


def wide_rules(rulings: Sequence[Ruling], box: Box, reach: float, from_left: float = inf) -> list[float]:
    """y of the horizontal rulings along `box` (`reach` points above and below included), ascending.

    They begin within `from_left` points of the box's left edge.

    Pieces on one height count together; fills' two edges within 2 points count once.
    """
    near = sorted(
        (r.at, max(r.start, box.x0), min(r.end, box.x1))
        for r in rulings
        if r.axis == "h" and box.top - reach <= r.at <= box.bottom + reach and min(r.end, box.x1) > max(r.start, box.x0)
    )
    found: list[float] = []
    k = 0
    while k < len(near):
        group = [near[k]]
        k += 1
        while k < len(near) and near[k][0] - group[0][0] <= 2:
            group.append(near[k])
            k += 1
        covered, reached = 0.0, -inf
        for _, a, b in sorted(group, key=lambda g: g[1]):
            covered += max(0.0, b - max(a, reached))
            reached = max(reached, b)
        if covered >= WIDE * box.width and min(g[1] for g in group) <= box.x0 + from_left:
            found.append(median(g[0] for g in group))
    return found
