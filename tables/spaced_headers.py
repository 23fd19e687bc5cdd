"""The column headers of a table without rulings: which lines they are, what they span, and their levels."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations, groupby, pairwise

from biaoge.model import Box, Ruling

from .spaced_cells import Draft, Placed, drafts_of
from .spaced_columns import Run, Span, columns_of, wide_rules
from .spaced_lines import Line, Segment, is_number, is_year

HEADER_PITCH = 2.3  # ems between header lines, and from the last of them to the body
MAX_HEADER_LINES = 9
MORE = 2
"""Header lines that a ruling beneath them tells, beyond those that their text does."""
MOST_SHARED = 16
"""Columns over which headers over one ruling are told apart."""
OFF_CENTRE = 0.12  # share of the width of columns: a header over them stands no further from their middle
HALF_PITCH = 1.0  # ems: lines closer than this stand beside one another, centred in their rows


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
        if low.cy - line.box.cy > HEADER_PITCH * em * (1.3 if ruled or _underlined(within, low, rulings) else 1.0):
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
        beside = low.cy - line.box.cy < HALF_PITCH * em
        if len(within) == 1 and spots[0] == (0, 0) and not ruled and not out and not beside:
            break
        low = line.box
        out.append(line)
    while out and len(out[-1].segments) == 1 and columns_of(out[-1].segments[0], extents, run.splits) == (0, 0):
        out.pop()
    return out[::-1]


def _underlined(segments: Sequence[Segment], low: Box, rulings: Sequence[Ruling]) -> bool:
    """Whether a ruling beneath one of the segments, above the line `low`, reaches further both ways than it does."""
    return any(
        r.axis == "h" and r.start <= s.box.x0 and s.box.x1 <= r.end and s.box.cy < r.at < low.cy
        for r in rulings
        for s in segments
    )


def leading(run: Run, body: Sequence[Placed], numeric: frozenset[int], rules: Sequence[float], have: bool) -> int:
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


def as_ruled(lines: Sequence[Line], heads: int, rules: Sequence[float]) -> int:
    """`heads`, or a few lines more where the only ruling near the top says so."""
    inner = [y for y in rules if lines[0].box.cy < y < lines[-1].box.cy]
    if not heads or not inner or len(inner) > max(2, 0.2 * len(lines)):
        return heads
    above = sum(line.box.cy < inner[0] for line in lines)
    more = [s.text for line in lines[heads + 1 : above] for s in line.segments]
    if any(is_number(text) and not is_year(text) for text in more) or above > 0.4 * len(lines):
        return heads
    return above if heads < above <= heads + MORE else heads


def spread(
    lines: Sequence[Line],
    placed: Sequence[Placed],
    extents: Sequence[Span],
    splits: Sequence[float],
    rulings: Sequence[Ruling],
) -> list[Placed]:
    """Header lines with the columns they stand over: as far as the ruling beneath them, or as they are centred."""
    out = [list(line) for line in placed]
    for k in range(1, len(out)):
        low, high = lines[k - 1].box.cy, lines[k].box.cy
        above = _joined([r for r in rulings if r.axis == "h" and low < r.at < high])
        out[k] = [
            _under_ruling(p, above, extents) if p[1] < p[2] and _is_alone(p[0], out[k], above) else p for p in out[k]
        ]
    for k in range(len(out) - 1):
        low, high = lines[k].box.cy, lines[k + 1].box.cy
        beneath = _joined([r for r in rulings if r.axis == "h" and low < r.at < high])
        out[k] = _shared([_over_ruling(p, beneath, extents) for p in out[k]], extents)
        taken = [c for _, a, b in out[k] for c in range(a, b + 1)]
        if len(taken) != len(set(taken)):
            out[k] = list(placed[k])
        if all(a == b for _, a, b in out[k]):
            below = next((low for low in out[k + 1 :] if any(a > 0 for _, a, _ in low)), [])
            out[k] = _centred(out[k], below)
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


def _is_alone(segment: Segment, line: Placed, stretches: Sequence[Span]) -> bool:
    """Whether no other segment of a line stands under the ruling that it stands under."""
    own = [(a, b) for a, b in stretches if a - 2 <= segment.box.x0 and segment.box.x1 <= b + 2]
    return any(sum(s.box.x1 > a and s.box.x0 < b for s, _, _ in line) == 1 for a, b in own)


def _under_ruling(
    spot: tuple[Segment, int, int], stretches: Sequence[Span], extents: Sequence[Span]
) -> tuple[Segment, int, int]:
    """As `_over_ruling`, for what is centred beneath one, such as a unit of several headers."""
    centred = [(a, b) for a, b in stretches if abs((a + b) / 2 - spot[0].box.cx) < 0.08 * (b - a)]
    return _over_ruling(spot, centred, extents)


def _shared(line: Placed, extents: Sequence[Span]) -> Placed:
    """A line of headers, those over one and the same ruling each over the columns that it is centred above."""
    out: Placed = []
    for (first, last), group in groupby(line, key=lambda p: p[1:]):
        spots = list(group)
        if len(spots) < 2 or last - first + 1 < 2 * len(spots) or last - first >= MOST_SHARED:
            out += spots
            continue
        partings = (
            _parted(spots, (first, *cuts, last + 1))
            for cuts in combinations(range(first + 1, last + 1), len(spots) - 1)
        )
        best = min(partings, key=lambda parting: _worst(parting, extents))
        out += best if _worst(best, extents) <= OFF_CENTRE else spots
    return out


def _parted(spots: Placed, edges: Sequence[int]) -> Placed:
    """The segments, each over the columns from one of the edges to before the next."""
    return [(segment, a, b - 1) for (segment, _, _), (a, b) in zip(spots, pairwise(edges), strict=True)]


def _worst(line: Placed, extents: Sequence[Span]) -> float:
    """How far, at most, a segment's middle is from that of its columns, as a share of their width."""
    stretches = [(segment.box.cx, extents[a][0], extents[b][1]) for segment, a, b in line]
    return max(abs((left + right) / 2 - middle) / max(right - left, 0.1) for middle, left, right in stretches)


def _centred(line: Placed, below: Placed) -> Placed:
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
        if abs((left + right) / 2 - segment.box.cx) > OFF_CENTRE * (right - left):
            return line
        if size % 2 == 0 and any(abs(low.box.cx - segment.box.cx) < 0.25 * segment.box.height for low, _, _ in group):
            return line
        out.append((segment, group[0][1], group[-1][2]))
    return out


def levels(placed: Sequence[Placed], n_cols: int) -> list[list[Draft]]:
    """Header lines as levels: one ends below a header that stands over several others.

    Whatever a column holds between two spanning headers, or below the last, is one cell through all those levels.
    """
    if not placed:
        return []
    groups: list[list[Placed]] = [[]]
    for k, line in enumerate(placed):
        # What stands beneath several headers is no part of any of them.
        over = [(c, d) for above in groups[-1] for _, c, d in above]
        if any(b > a and sum(a <= c and d <= b for c, d in over) > 1 for _, a, b in line):
            groups.append([])
        groups[-1].append(line)
        rest = placed[k + 1 :]
        if any(b > a and any(sum(1 for _, c, d in low if a <= c and d <= b) > 1 for low in rest) for _, a, b in line):
            groups.append([])
    groups = [g for g in groups if g]
    rows: list[list[Draft]] = []
    alone: list[dict[int, Draft]] = []
    for group in groups:
        drafts = drafts_of(group)
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
