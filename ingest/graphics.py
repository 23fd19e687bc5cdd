"""Painted paths to rulings: strokes, thin and thick rectangles, fills' edges, dots and dashes drawn one by one.

All coordinates are points of the page as displayed, y down. A path is a list of `Sub`paths, already transformed.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import NamedTuple

from biaoge.model import Axis, Box, Ruling, RulingOrigin

from .shading import THIN, Area, Colour, edges_of

LEVEL = 1.0
"""A line may slant by this much (points), or by `SLOPE`, and still count as level or upright."""
SLOPE = 0.0175
SHORTEST = 2.0
"""Rulings shorter than this (points) are dropped, unless they are dashes of a longer one."""
DASH_GAP = 4.0
DASH_LENGTH = 12.0
DASHES = 4
"""At least so many pieces in a row, each up to `DASH_LENGTH` long, with gaps up to `DASH_GAP`, make a dashed line."""
BACKGROUND = 0.9
"""A fill over more than this share of the page is paper, not a shape."""

Bounds = tuple[float, float, float, float]
"""x0, top, x1, bottom."""


class Sub(NamedTuple):
    """A subpath. `points` in order; `curves`: indices of points of curves, each two control points and an end."""

    points: list[tuple[float, float]]
    closed: bool = False
    curves: frozenset[int] = frozenset()


class Paint(NamedTuple):
    """How a path is painted; a colour that cannot be seen (white, transparent) counts as not painted.

    What white covers is told by `white_fill` and `white_stroke`.
    """

    fill: bool
    stroke: bool
    width: float = 1.0
    fill_colour: Colour | None = None
    stroke_colour: Colour | None = None
    white_fill: bool = False
    white_stroke: bool = False


class Piece(NamedTuple):
    """A ruling in the making."""

    axis: Axis
    at: float
    start: float
    end: float
    thickness: float
    origin: RulingOrigin


def intersect(a: Bounds, b: Bounds) -> Bounds | None:
    """What `a` and `b` share; `None` when they do not meet."""
    x0, top, x1, bottom = max(a[0], b[0]), max(a[1], b[1]), min(a[2], b[2]), min(a[3], b[3])
    return (x0, top, x1, bottom) if x0 <= x1 and top <= bottom else None


def as_rect(sub: Sub) -> Bounds | None:
    """The bounds of a subpath that is an upright rectangle (four corners, straight sides)."""
    points = sub.points
    if sub.curves:
        return None
    if len(points) == 5 and _near(points[0], points[4]):
        points = points[:4]
    if len(points) != 4:
        return None
    (ax, ay), (bx, by), (cx, cy), (dx, dy) = points
    e = 0.05
    if (abs(ay - by) < e and abs(bx - cx) < e and abs(cy - dy) < e and abs(dx - ax) < e) or (
        abs(ax - bx) < e and abs(by - cy) < e and abs(cx - dx) < e and abs(dy - ay) < e
    ):
        return min(ax, cx), min(ay, cy), max(ax, cx), max(ay, cy)
    return None


def _near(a: tuple[float, float], b: tuple[float, float]) -> bool:
    return abs(a[0] - b[0]) < 0.05 and abs(a[1] - b[1]) < 0.05


def _spread(*values: float) -> float:
    return max(values) - min(values)


class Canvas:
    """Takes the painted paths of one page and gives its rulings."""

    def __init__(self, width: float, height: float) -> None:
        self.page: Bounds = (0.0, 0.0, width, height)
        self.pieces: list[Piece] = []
        self.dots: list[Bounds] = []
        self.fills: list[Bounds] = []
        self.areas: list[Area] = []
        self.marks = 0

    def path(self, subs: Sequence[Sub], paint: Paint, clip: Bounds) -> None:
        """Add a path that is seen through `clip`."""
        if self.areas and (paint.white_fill or paint.white_stroke):
            self._whiten(subs, paint, clip)
        if not (paint.fill or paint.stroke):
            return
        self.marks += 1
        for sub in subs:
            rect = as_rect(sub)
            if paint.fill:
                self._fill(sub, rect, clip, paint)
            if paint.stroke:
                self._stroke(sub, rect, paint, clip)

    def _fill(self, sub: Sub, rect: Bounds | None, clip: Bounds, paint: Paint) -> None:
        shape = rect
        if shape is None:
            if len(sub.points) < 2:
                return
            xs, ys = [p[0] for p in sub.points], [p[1] for p in sub.points]
            shape = (min(xs), min(ys), max(xs), max(ys))
        seen = intersect(shape, clip)
        if seen is None:
            return
        w, h = seen[2] - seen[0], seen[3] - seen[1]
        self.fills.append(seen)
        thick = min(shape[2] - shape[0], shape[3] - shape[1]) > THIN
        if thick and rect is not None:
            edged = not paint.stroke and w * h < BACKGROUND * self.page[2] * self.page[3]
            self.areas.append(Area(*seen, paint.fill_colour, edged))
        elif not thick and (rect is None or not paint.stroke):  # a stroke says where the edges are
            self._bar(seen, "rect" if rect is not None else "curve" if sub.curves else "rect")

    def _whiten(self, subs: Sequence[Sub], paint: Paint, clip: Bounds) -> None:
        """White over fills painted before: it parts them."""
        half = paint.width / 2
        boxes: list[Bounds | None] = []
        for sub in subs:
            if paint.white_fill:
                boxes.append(as_rect(sub))
            if paint.white_stroke:
                ends = [*sub.points, sub.points[0]] if sub.closed else sub.points
                for (ax, ay), (bx, by) in pairwise(ends):
                    if min(abs(bx - ax), abs(by - ay)) <= LEVEL:
                        box = min(ax, bx) - half, min(ay, by) - half, max(ax, bx) + half, max(ay, by) + half
                        boxes.append(box)
        for shape in boxes:
            seen = intersect(shape, clip) if shape is not None else None
            if seen is not None:
                self.areas.append(Area(*seen, None, edged=False))

    def _bar(self, box: Bounds, origin: RulingOrigin) -> None:
        """A thin filled shape."""
        x0, top, x1, bottom = box
        w, h = x1 - x0, bottom - top
        if max(w, h) <= THIN and max(w, h) < 2.5 * min(w, h) + 0.1:
            self.dots.append(box)
        elif w >= h:
            self.pieces.append(Piece("h", (top + bottom) / 2, x0, x1, h, origin))
        else:
            self.pieces.append(Piece("v", (x0 + x1) / 2, top, bottom, w, origin))

    def _stroke(self, sub: Sub, rect: Bounds | None, paint: Paint, clip: Bounds) -> None:
        points, width = sub.points, paint.width
        if rect is not None and (sub.closed or len(points) == 5):
            x0, top, x1, bottom = rect
            if min(x1 - x0, bottom - top) + width <= THIN:
                half = width / 2
                grown = intersect((x0 - half, top - half, x1 + half, bottom + half), clip)
                if grown is not None:
                    self._bar(grown, "rect")
                return
            for y in (top, bottom):
                self._line((x0, y, x1, y), paint, clip, "rect")
            for x in (x0, x1):
                self._line((x, top, x, bottom), paint, clip, "rect")
            return
        count = len(points)
        i = 0
        while i < (count if sub.closed and count > 2 else count - 1):
            ax, ay = points[i]
            if i + 3 < count + 1 and i + 1 in sub.curves:
                (px, py), (qx, qy), (bx, by) = points[i + 1], points[i + 2], points[(i + 3) % count]
                if min(_spread(ax, px, qx, bx), _spread(ay, py, qy, by)) <= LEVEL:
                    self._line((ax, ay, bx, by), paint, clip, "curve")
                i += 3
                continue
            bx, by = points[(i + 1) % count]
            self._line((ax, ay, bx, by), paint, clip, "line")
            i += 1
        if count == 1 and sub.closed:
            x, y = points[0]
            self._line((x, y, x, y), paint, clip, "line")

    def _line(self, ends: Bounds, paint: Paint, clip: Bounds, origin: RulingOrigin) -> None:
        """A straight stroke from `ends[:2]` to `ends[2:]`."""
        (ax, ay, bx, by), width = ends, paint.width
        dx, dy = abs(bx - ax), abs(by - ay)
        across, along = (dy, dx) if dx >= dy else (dx, dy)
        if across > LEVEL and across > SLOPE * along:
            return
        if across > 0.25 * along and along > THIN:
            return
        x0, x1, top, bottom = min(ax, bx), max(ax, bx), min(ay, by), max(ay, by)
        half = width / 2
        if along <= THIN and width <= THIN and along <= 2.5 * width:
            box = intersect(
                (x0, top - half, x1, bottom + half) if dx >= dy else (x0 - half, top, x1 + half, bottom), clip
            )
            if box is not None:
                self.dots.append(box)
            return
        if width > THIN:  # a bar drawn as one thick stroke
            flat = (x0, (top + bottom) / 2 - half, x1, (top + bottom) / 2 + half)
            tall = ((x0 + x1) / 2 - half, top, (x0 + x1) / 2 + half, bottom)
            box = intersect(flat if dx >= dy else tall, clip)
            if box is None:
                return
            self.fills.append(box)
            if along <= THIN:
                self._bar(box, origin)
            else:
                self.areas.append(Area(*box, paint.stroke_colour, edged=True))
            return
        if dx >= dy:
            y = (ay + by) / 2
            start, end = max(x0, clip[0]), min(x1, clip[2])
            if start < end and clip[1] - half <= y <= clip[3] + half:
                self.pieces.append(Piece("h", y, start, end, width, origin))
        else:
            x = (ax + bx) / 2
            start, end = max(top, clip[1]), min(bottom, clip[3])
            if start < end and clip[0] - half <= x <= clip[2] + half:
                self.pieces.append(Piece("v", x, start, end, width, origin))

    def rulings(self) -> tuple[Ruling, ...]:
        """The rulings: level ones first, each kind from the top (left) on."""
        edges = [Piece(axis, at, start, end, 0.0, "fill") for axis, at, start, end in edges_of(self.areas)]
        pieces, _ = join_dots([*self.pieces, *edges], self.dots)
        _, _, width, height = self.page
        out: dict[tuple[Axis, float, float, float], Ruling] = {}
        for axis, at, start, end, thickness, origin in join_dashes(pieces):
            if end - start < SHORTEST or not (-0.5 <= at <= (height if axis == "h" else width) + 0.5):
                continue
            key = (axis, round(at, 1), round(start, 1), round(end, 1))
            known = out.get(key)
            if known is None or (known.origin == "fill" and origin != "fill"):
                out[key] = Ruling(axis, round(at, 3), round(start, 3), round(end, 3), round(thickness, 3), origin)
        return tuple(sorted(out.values(), key=lambda r: (r.axis, r.at, r.start, r.end)))

    def coloured(self, x: float, y: float) -> bool:
        """Whether something other than white is filled at the point."""
        return any(x0 <= x <= x1 and top <= y <= bottom for x0, top, x1, bottom in self.fills)


def join_dots(pieces: Iterable[Piece], dots: Sequence[Bounds]) -> tuple[list[Piece], list[Bounds]]:
    """Dots that stand in rows or columns made pieces; the second value are the dots that belong to no line."""
    out = list(pieces)
    if len(dots) < DASHES:
        return out, list(dots)
    used: set[int] = set()
    for axis in ("h", "v"):
        k = 0 if axis == "h" else 1
        lines: dict[int, list[int]] = {}
        for i, d in enumerate(dots):
            lines.setdefault(round((d[1 - k] + d[3 - k]) / 2 * 4), []).append(i)
        for line in lines.values():
            line.sort(key=lambda i: dots[i][k])
            for chain in _chains([(dots[i][k], dots[i][k + 2]) for i in line]):
                first, last = dots[line[chain[0]]], dots[line[chain[-1]]]
                at = (first[1 - k] + first[3 - k]) / 2
                thickness = first[3 - k] - first[1 - k]
                out.append(Piece("h" if k == 0 else "v", at, first[k], last[k + 2], thickness, "line"))
                used.update(line[c] for c in chain)
    return out, [d for i, d in enumerate(dots) if i not in used]


def _chains(spans: Sequence[tuple[float, float]]) -> list[list[int]]:
    """Runs of at least `DASHES` short spans with small, regular gaps; `spans` ascending by start.

    A span drawn twice (two cells' edges at the same place) counts with its twin.

    >>> _chains([(0, 2), (3, 5), (6, 8), (9, 11), (40, 42)])
    [[0, 1, 2, 3]]
    """
    out: list[list[int]] = []
    run: list[int] = []
    gaps: list[float] = []
    for i, (start, end) in enumerate(spans):
        if run and end <= spans[run[-1]][1] + 0.1:
            run.append(i)
            continue
        gap = start - spans[run[-1]][1] if run else 0.0
        short = end - start <= DASH_LENGTH
        fits = run and short and -0.5 <= gap <= DASH_GAP and (not gaps or abs(gap - gaps[-1]) <= 1.0)
        if fits:
            run.append(i)
            gaps.append(gap)
            continue
        if len(gaps) + 1 >= DASHES:
            out.append(run)
        run, gaps = ([i], []) if short else ([], [])
    if len(gaps) + 1 >= DASHES:
        out.append(run)
    return out


def join_dashes(pieces: Sequence[Piece]) -> list[Piece]:
    """Dashes drawn one by one made whole lines; other pieces as they are."""
    rows: dict[tuple[Axis, int], list[Piece]] = {}
    out: list[Piece] = []
    for piece in pieces:
        if piece.origin == "fill" or piece.end - piece.start > DASH_LENGTH:
            out.append(piece)
        else:
            rows.setdefault((piece.axis, round(piece.at * 4)), []).append(piece)
    for row in rows.values():
        row.sort(key=lambda p: (p.start, p.end))
        joined: set[int] = set()
        for chain in _chains([(p.start, p.end) for p in row]):
            first, last = row[chain[0]], row[chain[-1]]
            out.append(first._replace(end=max(last.end, first.end)))
            joined.update(chain)
        out.extend(p for i, p in enumerate(row) if i not in joined)
    return out


def box_of(bounds: Bounds) -> Box:
    """`bounds` as a Box, rounded to a thousandth of a point."""
    return Box(*(round(v, 3) for v in bounds))
