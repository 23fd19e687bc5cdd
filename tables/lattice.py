"""A grid of lines and the cells between them.

The lines' positions cut the plane into elementary places; two neighbours belong to the same cell when nothing is drawn
between them. What hangs together should be a rectangle; where it is not (a piece of ruling is missing), it is cut along
the line that needs the least to be added, which is the reading a person makes of it.
"""

from __future__ import annotations

import itertools
from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from biaoge.model import Box, Ruling, Word

from .rulings import SNAP, Line, lines, union

DRAWN = 0.6
"""An edge counts as drawn when this share of it is."""
OUTER = 8.0
"""Lines reaching out this far (points) beyond the last crossing ruling tell of an edge that was left open."""
DOUBLE = 8.0
"""Two lines this near (points) with no crossing line between them are a double line."""
FAR = 40.0
"""Words up to this far (points) beyond the ends of the level rulings show that the rulings end inside of prose."""
STRIP = 0.4
"""A column left open at the side is narrower than this share of the whole."""
SLIVER = 9.0
"""A row lower than this (points) and than a line of text holds nothing."""
Place = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Rect:
    """A cell of the lattice: rows `top`..`bottom` - 1 and columns `left`..`right` - 1. `mended`: an edge was added."""

    top: int
    left: int
    bottom: int
    right: int
    mended: bool = False


@dataclass(frozen=True, slots=True)
class Lattice:
    """`xs` and `ys` are the positions of the lines (points, ascending); `rects` tile the places between them.

    `open_top` and `open_bottom`: for every column whether nothing is drawn at the outer edge there.
    """

    xs: tuple[float, ...]
    ys: tuple[float, ...]
    rects: tuple[Rect, ...]
    open_top: tuple[bool, ...]
    open_bottom: tuple[bool, ...]

    @property
    def box(self) -> Box:
        """From the first line to the last, both ways."""
        return Box(self.xs[0], self.ys[0], self.xs[-1], self.ys[-1])

    def rect_box(self, rect: Rect) -> Box:
        """The cell's box on the page."""
        return Box(self.xs[rect.left], self.ys[rect.top], self.xs[rect.right], self.ys[rect.bottom])


def build(rulings: Sequence[Ruling], words: Sequence[Word] = ()) -> Lattice | None:
    """The lattice of rulings that hang together; `None` where they enclose nothing.

    `words` tell whether something stands between the last ruling and an edge that was left open.
    """
    across = lines(rulings, "h")
    down = lines(rulings, "v")
    if not across or not down:
        return None
    across, down = _with_open_sides(across, down, words)
    down, across = _single(down, across), _single(across, down)
    if len(across) < 2 or len(down) < 2:
        return None
    xs, ys = [line.at for line in down], [line.at for line in across]
    # (lines, places between the crossing lines): share drawn
    h = [[line.covered(*_inner(a, b)) for a, b in itertools.pairwise(xs)] for line in across]
    v = [[line.covered(*_inner(a, b)) for a, b in itertools.pairwise(ys)] for line in down]
    rects = [piece for region in _regions(h, v) for piece in _rectangles(region, h, v, xs, ys)]
    drawn = [not line.soft for line in across]
    hard = any(drawn)
    return _compressed(xs, ys, rects, h, drawn[0] or not hard, drawn[-1] or not hard)


def _single(along: list[Line], crossing: list[Line]) -> list[Line]:
    """Double lines as one: two lines close together that no inner crossing line bridges."""
    out: list[Line] = []
    for line in along:
        if out and line.at - out[-1].at <= DOUBLE:
            last = out[-1]
            a, b = last.at, line.at
            middle = (a + b) / 2
            bridges = [c for c in crossing if any(s <= middle <= e for s, e in c.spans)]
            inner = [c for c in bridges if c.at - max(last.start, line.start) > DOUBLE]
            inner = [c for c in inner if min(last.end, line.end) - c.at > DOUBLE]
            if not inner and min(last.end, line.end) > max(last.start, line.start):
                longer = max(last, line, key=lambda x: sum(e - s for s, e in x.spans))
                out[-1] = Line(longer.at, union((*last.spans, *line.spans), gap=DOUBLE), last.soft and line.soft)
                continue
        out.append(line)
    return out


def _inner(a: float, b: float) -> tuple[float, float]:
    """The stretch without its ends, where crossing rulings may be a little short."""
    trim = min(2.0, (b - a) / 4)
    return a + trim, b - trim


def _with_open_sides(across: list[Line], down: list[Line], words: Sequence[Word]) -> tuple[list[Line], list[Line]]:
    """Outer edges that were not drawn, added where the crossing lines reach out to them together."""
    first_x, last_x, first_y, last_y = down[0].at, down[-1].at, across[0].at, across[-1].at

    inside = [w.box for w in words if first_y < w.box.cy < last_y]
    far_left, far_right = min(line.start for line in across), max(line.end for line in across)
    left = _reach([line.start for line in across], low=True)
    if left is None and _is_column(
        [b.x0 for b in inside if far_left - FAR < b.x0 < first_x], (far_left, first_x), far_right - far_left
    ):
        left = far_left
    right = _reach([line.end for line in across], low=False)
    if right is None and _is_column(
        [b.x1 for b in inside if last_x < b.x1 < far_right + FAR], (last_x, far_right), far_right - far_left
    ):
        right = far_right
    top = _reach([line.start for line in down], low=True)
    bottom = _reach([line.end for line in down], low=False)
    nothing = (0.0, 0.0)
    grown_down = list(down)
    if left is not None and left < first_x - OUTER:
        grown_down.insert(0, Line(left, (nothing,)))
    if right is not None and right > last_x + OUTER:
        grown_down.append(Line(right, (nothing,)))
    grown_across = list(across)
    if top is not None and top < first_y - OUTER:
        grown_across.insert(0, Line(top, (nothing,)))
    if bottom is not None and bottom > last_y + OUTER:
        grown_across.append(Line(bottom, (nothing,)))
    return grown_across, grown_down


def _is_column(ends: Sequence[float], strip: tuple[float, float], width: float) -> bool:
    """Whether a strip beside the grid is a column of it: narrow, with words whose outer `ends` all lie in it."""
    low, high = strip
    return high - low < STRIP * width and bool(ends) and all(low - 2 < end < high + 2 for end in ends)


def _reach(ends: list[float], low: bool) -> float | None:
    """The outermost position that half of the lines, or the first and the last of them, reach; else `None`.

    `ends` in the order of the lines; a merged cell along the open side keeps the lines between from reaching it.
    """
    outermost = min(ends) if low else max(ends)
    there = [e for e in ends if abs(e - outermost) <= SNAP]
    framed = len(ends) > 1 and all(abs(e - outermost) <= SNAP for e in (ends[0], ends[-1]))
    if len(there) * 2 < len(ends) and not framed:
        return None
    return sum(there) / len(there)


def _regions(h: list[list[float]], v: list[list[float]]) -> list[set[Place]]:
    """Places that hang together because nothing is drawn between them."""
    n_rows, n_cols = len(h) - 1, len(v) - 1

    def undivided(place: Place) -> Iterator[Place]:
        r, c = place
        if r + 1 < n_rows and h[r + 1][c] < DRAWN:
            yield r + 1, c
        if r > 0 and h[r][c] < DRAWN:
            yield r - 1, c
        if c + 1 < n_cols and v[c + 1][r] < DRAWN:
            yield r, c + 1
        if c > 0 and v[c][r] < DRAWN:
            yield r, c - 1

    seen: set[Place] = set()
    found = []
    for start in ((r, c) for r in range(n_rows) for c in range(n_cols)):
        if start not in seen:
            region = _flood(start, undivided)
            seen |= region
            found.append(region)
    return found


def _flood(start: Place, beside: Callable[[Place], Iterable[Place]]) -> set[Place]:
    """All places that can be reached from `start`."""
    region, todo = {start}, [start]
    while todo:
        for place in beside(todo.pop()):
            if place not in region:
                region.add(place)
                todo.append(place)
    return region


def _rectangles(
    region: set[Place],
    h: list[list[float]],
    v: list[list[float]],
    xs: Sequence[float],
    ys: Sequence[float],
    mended: bool = False,
) -> list[Rect]:
    """The region as rectangles, cut where the least ruling has to be added."""
    if len(region) == 1:
        ((r, c),) = region
        return [Rect(r, c, r + 1, c + 1, mended)]
    top, bottom = min(r for r, _ in region), max(r for r, _ in region) + 1
    left, right = min(c for _, c in region), max(c for _, c in region) + 1
    if len(region) == (bottom - top) * (right - left):
        parts = _parted(region, (top, left, bottom, right), h, v, xs, ys)
        if not parts:
            return [Rect(top, left, bottom, right, mended)]
        return [rect for part in parts for rect in _rectangles(part, h, v, xs, ys, mended=True)]
    best: tuple[float, list[set[Place]]] | None = None
    for j in range(top + 1, bottom):
        crossing = [c for c in range(left, right) if (j - 1, c) in region and (j, c) in region]
        cost = sum((xs[c + 1] - xs[c]) * (1 - h[j][c]) for c in crossing)
        parts = [{p for p in region if p[0] < j}, {p for p in region if p[0] >= j}]
        best = _cheaper(best, cost, parts)
    for i in range(left + 1, right):
        crossing = [r for r in range(top, bottom) if (r, i - 1) in region and (r, i) in region]
        cost = sum((ys[r + 1] - ys[r]) * (1 - v[i][r]) for r in crossing)
        parts = [{p for p in region if p[1] < i}, {p for p in region if p[1] >= i}]
        best = _cheaper(best, cost, parts)
    assert best is not None
    out = []
    for part in best[1]:
        for piece in _connected(part):
            out += _rectangles(piece, h, v, xs, ys, mended=True)
    return out


def _parted(
    region: set[Place],
    bounds: tuple[int, int, int, int],
    h: list[list[float]],
    v: list[list[float]],
    xs: Sequence[float],
    ys: Sequence[float],
) -> list[set[Place]]:
    """A rectangle in two where most of a line through it is drawn (places joined only around its missing end)."""
    top, left, bottom, right = bounds
    for i in range(left + 1, right):
        drawn = sum((ys[r + 1] - ys[r]) * v[i][r] for r in range(top, bottom))
        if drawn >= DRAWN * (ys[bottom] - ys[top]):
            return [{p for p in region if p[1] < i}, {p for p in region if p[1] >= i}]
    for j in range(top + 1, bottom):
        drawn = sum((xs[c + 1] - xs[c]) * h[j][c] for c in range(left, right))
        if drawn >= DRAWN * (xs[right] - xs[left]):
            return [{p for p in region if p[0] < j}, {p for p in region if p[0] >= j}]
    return []


def _cheaper(
    best: tuple[float, list[set[Place]]] | None, cost: float, parts: list[set[Place]]
) -> tuple[float, list[set[Place]]]:
    # A cut that leaves fewer odd shapes is worth a longer line.
    odd = sum(not _is_rectangle(piece) for part in parts for piece in _connected(part))
    cost += 1000.0 * odd
    return (cost, parts) if best is None or cost < best[0] else best


def _is_rectangle(region: set[Place]) -> bool:
    rows = {r for r, _ in region}
    cols = {c for _, c in region}
    return len(region) == (max(rows) - min(rows) + 1) * (max(cols) - min(cols) + 1)


def _connected(places: set[Place]) -> list[set[Place]]:
    def within(place: Place) -> Iterator[Place]:
        r, c = place
        return (near for near in ((r + 1, c), (r - 1, c), (r, c + 1), (r, c - 1)) if near in places)

    rest, found = set(places), []
    while rest:
        region = _flood(min(rest), within)
        rest -= region
        found.append(region)
    return found


def _compressed(
    xs: list[float], ys: list[float], rects: list[Rect], h: list[list[float]], top_drawn: bool, bottom_drawn: bool
) -> Lattice | None:
    """The same cells without the positions at which no cell begins.

    An outer edge that is only a fill's is not drawn where other lines are: it is where a page break cut the fill.
    """
    rows = sorted({r.top for r in rects} | {len(ys) - 1})
    cols = sorted({r.left for r in rects} | {len(xs) - 1})
    if len(rows) < 2 or len(cols) < 2:
        return None
    moved = tuple(
        Rect(
            bisect_left(rows, r.top),
            bisect_left(cols, r.left),
            bisect_left(rows, r.bottom),
            bisect_left(cols, r.right),
            r.mended,
        )
        for r in rects
    )

    def open_at(line: list[float], is_drawn: bool) -> tuple[bool, ...]:
        spans = itertools.pairwise(cols)
        return tuple(not is_drawn or sum(line[a:b]) / (b - a) < DRAWN for a, b in spans)

    return Lattice(
        tuple(xs[c] for c in cols),
        tuple(ys[r] for r in rows),
        tuple(sorted(moved, key=lambda r: (r.top, r.left))),
        open_at(h[0], top_drawn),
        open_at(h[-1], bottom_drawn),
    )


def without_slivers(lattice: Lattice, words: Sequence[Word]) -> Lattice:
    """The lattice without a first or last row that a page break left too low for a line of text, and empty.

    Cells that go through such a row keep what they hold. A row whose outer edge is drawn must be lower than any type.
    """
    while len(lattice.ys) > 2:
        last = len(lattice.ys) - 2
        if _is_sliver(lattice, words, last, [r for r in lattice.rects if r.top == last], all(lattice.open_bottom)):
            rects = [replace(r, bottom=min(r.bottom, last)) for r in lattice.rects if r.top < last]
            lattice = replace(lattice, ys=(*lattice.ys[:last], lattice.ys[-1]), rects=tuple(rects))
        elif _is_sliver(lattice, words, 0, [r for r in lattice.rects if r.bottom == 1], all(lattice.open_top)):
            rects = [replace(r, top=max(r.top - 1, 0), bottom=r.bottom - 1) for r in lattice.rects if r.bottom > 1]
            rects.sort(key=lambda r: (r.top, r.left))
            lattice = replace(lattice, ys=(lattice.ys[0], *lattice.ys[2:]), rects=tuple(rects))
        else:
            break
    return lattice


def _is_sliver(lattice: Lattice, words: Sequence[Word], row: int, own: Sequence[Rect], is_open: bool) -> bool:
    """Whether the row's own cells are empty and it is too low to be one; `own`: cells that stand in no other row."""
    box = lattice.box
    heights = [w.box.height for w in words if box.holds(w.box.cx, w.box.cy)]
    line = max(heights, default=0.0)
    limit = 0.7 * line or SLIVER / 2
    if is_open:
        through = len(own) < sum(r.top <= row < r.bottom for r in lattice.rects)
        limit = 1.3 * line if through else min(line, SLIVER)
    if lattice.ys[row + 1] - lattice.ys[row] >= limit:
        return False
    boxes = [lattice.rect_box(r) for r in own]
    return not any(b.holds(w.box.cx, w.box.cy) for b in boxes for w in words)
