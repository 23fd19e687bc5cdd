"""Tables told by filled areas: the edges of fills, and the bright gaps between them, as rulings.

A fill is paler than ink and broader than a letter. Its edges are looked for on the page as it was before the light
was made even, which takes fills off. Edges that are clear by themselves say where lines may be; then every stretch
between two crossing lines is measured as a whole, so that fills a few percent darker than paper are found under grain
and under the writing of the other side. What a highlighter, a shadow or a picture shows closes no grid.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from biaoge.model import Axis, Box, Ruling

from .shadededges import ALONG, SHORT, STEP, Edge, Way, edges, levels, measured
from .sheet import Sheet

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from biaoge.raster import Pixels

    Floats = NDArray[np.float32]

SCALE = 2.0
"""Pixels a point of the picture in which edges are sought: a gap of 1.5 points has three."""
MEETS = 4.5
"""Edges that miss one another by this much (points) still meet: corners are rounded by the averaging."""
APART = 6.0
"""Positions nearer than this (points) are one line: the two edges of a gap."""
NEAR = 16.0
"""Edges that pass each other within this much (points) belong to one grid."""
SAME = 5.5
"""Places of edges nearer than this (points) are one."""
FAINT = 0.5
"""No edge is fainter than this share of the fainter ones among a grid's long lines."""
LONG = 40.0
"""Points: edges that make so much at one position are a line, whatever else is there."""
WEAK = 0.7
"""Where a line goes on from a clear stretch, so much of what is asked of others will do."""
WELL = 1.3
"""A line is so many times stronger than grain where it is there at all."""
RUN = 40.0
"""Or over one run its length in points, times what it is stronger than that, comes to this."""
LINES = 3
"""A grid has this many lines one way at least, and two the other way."""
BESIDE = (1.5, 6.0)
"""Points from an outline where its two sides are compared."""
TINTED = 0.35
"""Share of a grid's outline along which the inside is darker: so much of a stripe table's, all of a filled one's."""


def tint(pixels: Pixels, size: tuple[float, float]) -> Pixels | None:
    """The picture's darkest channel, 1 to 255, at `SCALE`, for `Sheet.tint`; `None` where it is black and white alone.

    `size`: of the page as given (points).
    """
    import cv2

    if _is_bilevel(pixels):
        return None
    small = (max(1, round(size[0] * SCALE)), max(1, round(size[1] * SCALE)))
    reduced = np.asarray(cv2.resize(pixels, small, interpolation=cv2.INTER_AREA), np.uint8)
    return np.asarray(np.maximum(reduced.min(axis=2) if reduced.ndim == 3 else reduced, 1), np.uint8)


def _is_bilevel(pixels: Pixels) -> bool:
    some = pixels[:: max(1, pixels.shape[0] // 500)]
    return bool(np.count_nonzero((some != 0) & (some != 255)) == 0)


Grid = tuple[Ruling, ...]


def find(sheet: Sheet) -> tuple[Grid, ...]:
    """Grids of fills' edges on a sheet (points of the sheet, origin "fill"), from top to bottom; often none.

    Every grid has `LINES` lines one way and two the other at least.
    """
    return next(asking(sheet, (1.0,)))


def asking(sheet: Sheet, times: Iterable[float]) -> Iterator[tuple[Grid, ...]]:
    """The same for each of `times`: every stretch is asked to be so many times as strong as usual.

    What comes out otherwise then is doubtful. What all have in common is looked for once, before the first.
    """
    edged = _edged(sheet)
    for asked in times:
        yield () if edged is None else _found(edged, asked, sheet.warp.sheet)


Edged = tuple[Way, Way, Sequence[tuple[Sequence[float], Sequence[float], float]]]
"""Both ways to look, and of every group of edges where its lines may lie each way, and the least strength."""


def _edged(sheet: Sheet) -> Edged | None:
    if sheet.tint is None or min(sheet.tint.shape) < 40:
        return None
    scale = sheet.tint.shape[1] / sheet.warp.sheet.width
    level, seen = levels(sheet, scale)
    across = Way(level, seen, scale)
    lines = edges(across)
    if len(lines) < 2:
        return None
    down = Way(np.ascontiguousarray(level.T), np.ascontiguousarray(seen.T), scale)
    groups = _groups(lines, edges(down), scale)
    return across, down, [_positions_of((across, down), group) for group in groups]


def _found(edged: Edged, asked: float, box: Box) -> tuple[Grid, ...]:
    across, down, groups = edged
    scale = across.scale
    out = []
    for ys, xs, least in groups:
        level_ones = _drawn(across, ys, xs, (least, asked))
        ys = [y for y in ys if any(edge.at == y for edge in level_ones)]
        upright_ones = _drawn(down, xs, ys, (least, asked))
        xs = [x for x in xs if any(edge.at == x for edge in upright_ones)]
        level_ones = _drawn(across, ys, xs, (least, asked))
        found = _grids([*_rulings(level_ones, "h", box, scale), *_rulings(upright_ones, "v", box, scale)])
        out += [grid for grid in found if _tinted((across, down), Box.around(r.box for r in grid), box) >= TINTED]
    return tuple(sorted(out, key=lambda grid: min(r.at for r in grid if r.axis == "h")))


def beside(grids: Sequence[Sequence[Ruling]], tables: Sequence[tuple[Box, int]]) -> tuple[Grid, ...]:
    """The grids that are not those of tables found already, which are told by their boxes and numbers of cells."""
    out = []
    for grid in grids:
        box = Box.around(r.box for r in grid)
        least = len([r for r in grid if r.axis == "h"]) // 2
        if not any(table.overlap(box) > 0.3 * min(box.area, table.area) and cells >= least for table, cells in tables):
            out.append(tuple(grid))
    return tuple(out)


def without(drawn: Sequence[Ruling], fills: Sequence[Ruling]) -> tuple[Ruling, ...]:
    """The drawn rulings without the shadows that fills' edges leave where the light was made even."""
    return tuple(
        r
        for r in drawn
        if not any(
            f.axis == r.axis and abs(f.at - r.at) <= APART and f.start - APART <= r.start and r.end <= f.end + APART
            for f in fills
        )
    )


def _groups(lines: Sequence[Edge], posts: Sequence[Edge], scale: float) -> list[tuple[list[Edge], list[Edge]]]:
    """The level and the upright edges of every part of the page where some are near one another."""
    boxes = [Box(e.start, e.at, e.end, e.at) for e in lines] + [Box(e.at, e.start, e.at, e.end) for e in posts]
    members = [{i} for i in range(len(boxes))]
    boxes = [box.grown(NEAR * scale / 2) for box in boxes]
    i = 0
    while i < len(boxes):
        j = next((j for j in range(i + 1, len(boxes)) if boxes[i].overlap(boxes[j]) > 0), None)
        if j is None:
            i += 1
            continue
        boxes[i], members[i] = Box.around([boxes[i], boxes.pop(j)]), members[i] | members.pop(j)
        i = 0
    return [
        ([lines[i] for i in own if i < len(lines)], [posts[i - len(lines)] for i in own if i >= len(lines)])
        for own in members
    ]


def _places(edges: Sequence[Edge], scale: float) -> list[tuple[float, float, float]]:
    """Where edges lie, ascending: position, length of all edges there, and usual strength.

    Of those nearer than a gap is wide the strongest one says where.
    """
    out: list[list[Edge]] = []
    for edge in sorted(edges, key=lambda e: -(e.end - e.start) * e.strength):
        own = next((place for place in out if abs(edge.at - place[0].at) <= SAME * scale), None)
        if own is None:
            out.append([edge])
        else:
            own.append(edge)
    return sorted(
        (place[0].at, sum(e.end - e.start for e in place) / scale, float(np.median([e.strength for e in place])))
        for place in out
    )


def _positions_of(
    ways: tuple[Way, Way], edges: tuple[Sequence[Edge], Sequence[Edge]]
) -> tuple[list[float], list[float], float]:
    """Positions of a grid's level and upright lines (pixels), and the least strength of its edges.

    Long lines are taken as they are; of the shorter ones those of which a stretch is drawn between two neighbouring
    lines of the other way, all of it.
    """
    scale = ways[0].scale
    found = [_places(own, scale) for own in edges]
    sure = [[at for at, length, _ in own if length >= LONG] for own in found]
    strengths = [strength for own in found for _, length, strength in own if length >= LONG]
    if not strengths or min(map(len, sure)) < 2:
        return [], [], 0.0
    least = FAINT * float(np.percentile(strengths, 25))
    for _ in range(2):
        more = []
        for n in (0, 1):
            crossing = sure[1 - n]
            more.append(
                [at for at, _, _ in found[n] if at not in sure[n] and _is_line(measured(ways[n], at, crossing), least)]
            )
        sure = [sorted([*sure[n], *more[n]]) for n in (0, 1)]
        if not any(more):
            break
    return sure[0], sure[1], least


def _proven(ratios: Floats, lengths: Floats) -> bool:
    """Whether a line with stretches so many times stronger than grain, and so long (points), is one.

    What the grain and the other side's writing make is everywhere a little under or over the mark; a line is well over
    it where it is drawn and nothing elsewhere, or at least so over one run of stretches.
    """
    clear = ratios > 1
    if float(lengths[clear].sum()) < SHORT:
        return False
    half = ratios > 0.5
    if float((ratios * lengths)[half].sum()) >= WELL * float(lengths[half].sum()):
        return True
    best = run = 0.0
    for ratio, length in zip(ratios, lengths, strict=True):
        run = run + (ratio - 1) * length if ratio > 1 else 0.0
        best = max(best, float(run))
    return best >= RUN


def _is_line(measured: tuple[Floats, Floats], least: float) -> bool:
    strengths, floors = measured
    return bool((strengths > np.maximum(floors, least)).any())


def _drawn(way: Way, ats: Sequence[float], crossing: Sequence[float], ask: tuple[float, float]) -> list[Edge]:
    """The stretches between neighbours of `crossing` where an edge is at one of `ats`, joined where they touch.

    `ask`: the least strength, and how many times that and what the grain makes is asked.
    A faint stretch counts where the line goes on from a clear one. A line with next to nothing on it is none.
    """
    least, asked = ask
    out: list[Edge] = []
    for at in ats if len(crossing) > 1 else ():
        found, floors = measured(way, at, crossing)
        floors = np.asarray(asked * np.maximum(floors, least), np.float32)
        clear = found > floors
        lengths = np.asarray(np.diff(crossing) / way.scale, np.float32)
        if not _proven(found / floors, lengths):
            continue
        faint = (found > WEAK * floors) & ~clear
        for _ in range(len(clear)):
            grown = faint & (np.append(clear[1:], False) | np.append(False, clear[:-1]))
            if not (grown & ~clear).any():
                break
            clear |= grown
        since: float | None = None
        for (a, b), drawn in zip(pairwise(crossing), clear, strict=True):
            if drawn and since is None:
                since = a
            if not drawn and since is not None:
                out.append(Edge(at, since, a, least))
                since = None
            if drawn and b == crossing[-1] and since is not None:
                out.append(Edge(at, since, b, least))
    return out


def _tinted(ways: tuple[Way, Way], grid: Box, sheet: Box) -> float:
    """Share of the outline of `grid` (points) along which paper is brighter outside than inside."""
    darker = parts = 0
    for way, (low, high), (start, end) in (
        (ways[0], (grid.top - sheet.top, grid.bottom - sheet.top), (grid.x0 - sheet.x0, grid.x1 - sheet.x0)),
        (ways[1], (grid.x0 - sheet.x0, grid.x1 - sheet.x0), (grid.top - sheet.top, grid.bottom - sheet.top)),
    ):
        count = max(1, round((end - start) / ALONG))
        stops = np.clip(np.linspace(start, end, count + 1) * way.scale, 0, way.shape[1]).round().astype(np.int64)
        for at, outward in ((low, -1), (high, 1)):
            sides = []
            for side in (outward, -outward):
                ends = sorted(round((at + side * far) * way.scale) for far in BESIDE)
                top, bottom = (min(max(0, row), way.shape[0]) for row in ends)
                mean, _ = way.mean(top, bottom, stops[:-1], stops[1:])
                known = np.isfinite(mean)
                total = np.where(known, mean, 0).sum(axis=0)
                sides.append(np.where(known.any(axis=0), total / np.maximum(1, known.sum(axis=0)), np.nan))
            step = sides[0] - sides[1]
            parts += int(np.isfinite(step).sum())
            darker += int((step > max(STEP, 2 * way.grain)).sum())
    return darker / max(1, parts)


def _rulings(edges: Sequence[Edge], axis: Axis, box: Box, scale: float) -> list[Ruling]:
    along, across = (box.x0, box.top) if axis == "h" else (box.top, box.x0)
    return [
        Ruling(axis, across + e.at / scale, along + e.start / scale, along + e.end / scale, 0.0, "fill") for e in edges
    ]


def _grids(rulings: list[Ruling]) -> list[tuple[Ruling, ...]]:
    """What hangs together and is a grid; edges that meet fewer than two others are taken off first."""
    kept = rulings
    while True:
        meets = _meeting(kept)
        stays = [len(_positions([kept[j] for j in np.flatnonzero(row)])) > 1 for row in meets]
        if all(stays):
            break
        kept = [r for r, stay in zip(kept, stays, strict=True) if stay]
    out = []
    left = set(range(len(kept)))
    while left:
        group, todo = set(), [min(left)]
        while todo:
            i = todo.pop()
            if i in left:
                left.remove(i)
                group.add(i)
                todo += [int(j) for j in np.flatnonzero(meets[i])]
        own = [kept[i] for i in sorted(group)]
        counts = [len(_positions([r for r in own if r.axis == axis])) for axis in ("h", "v")]
        if max(counts) >= LINES and min(counts) > 1:
            out.append(tuple(own))
    return out


def _meeting(rulings: Sequence[Ruling]) -> NDArray[np.bool_]:
    """(rulings, rulings): whether they cross or touch, one level and one upright."""
    level = np.array([r.axis == "h" for r in rulings], np.bool_)
    at, start, end = (np.array([getattr(r, name) for r in rulings]) for name in ("at", "start", "end"))
    on = (at[:, None] >= start[None] - MEETS) & (at[:, None] <= end[None] + MEETS)  # i's position within j's stretch
    return np.asarray(on & on.T & (level[:, None] != level[None]), np.bool_)


def _positions(rulings: Sequence[Ruling]) -> list[float]:
    out: list[float] = []
    for at in sorted(r.at for r in rulings):
        if not out or at - out[-1] > APART:
            out.append(at)
    return out
