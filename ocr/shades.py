"""Tables told by filled areas: the edges of fills, and the bright gaps between them, as rulings.

A fill is paler than ink and broader than a letter. Its edges are looked for on the page as it was before the light
was made even, which takes fills off. Edges that are clear by themselves say where lines may be; then every stretch
between two crossing lines is measured as a whole, so that fills a few percent darker than paper are found under grain
and under the writing of the other side. What a highlighter, a shadow or a picture shows closes no grid.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from biaoge.model import Axis, Box, Ruling

from .blobs import runs
from .shadedcourse import Straight, straightened
from .shadededges import ALONG, STEP, Edge, Way, edges, levels
from .shadedlines import APART, Line, decided, measured, parts, within
from .sheet import Sheet

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from biaoge.raster import Pixels

    Floats = NDArray[np.float32]

SCALE = 2.0
"""Pixels a point of the picture in which edges are sought: a gap of 1.5 points has three."""
MEETS = 4.5
"""Edges that miss one another by this much (points) still meet: corners are rounded by the averaging."""
NEAR = 16.0
"""Edges that pass each other within this much (points) belong to one grid."""
WIDER = 48.0
"""So far (points) to either side of clear edges others are sought: pale cells go on beside dark ones."""
WITHIN = 0.7
"""Edges that lie by so much of their box in a table are its own."""
LEAST = 72.0, 24.0
"""Points across and down of the clear edges of the smallest table: two rows of three words."""
ROUNDS = 2
"""How often lines are sought by what is between those across."""
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


def asking(sheet: Sheet, times: Iterable[float], tables: Sequence[tuple[Box, int]] = ()) -> Iterator[tuple[Grid, ...]]:
    """The same for each of `times`: every stretch is asked to be so many times as clear as usual.

    What comes out otherwise then is doubtful. What all have in common is looked for once, before the first. `tables`:
    boxes and numbers of cells of tables found already; within these none is looked for.
    """
    edged = _edged(sheet, tables)
    for asked in times:
        yield () if edged is None else _found(edged, asked, sheet.warp.sheet)


@dataclass(frozen=True, slots=True, eq=False)
class _Region:
    """A part of the page made straight where fills may stand together: its level and upright lines."""

    level: Sequence[Line]
    upright: Sequence[Line]


@dataclass(frozen=True, slots=True, eq=False)
class _Edged:
    """A page made straight, both ways to look at it, and its regions."""

    straight: Straight
    ways: tuple[Way, Way]
    regions: Sequence[_Region]


def _edged(sheet: Sheet, tables: Sequence[tuple[Box, int]] = ()) -> _Edged | None:
    if sheet.tint is None or min(sheet.tint.shape) < 40:
        return None
    scale = sheet.tint.shape[1] / sheet.warp.sheet.width
    level, seen = levels(sheet, scale)
    across = Way(level, seen, scale)
    lines = edges(across)
    if len(lines) < 2:
        return None
    down = Way(np.ascontiguousarray(level.T), np.ascontiguousarray(seen.T), scale)
    corner = sheet.warp.sheet
    boxes = []
    for box, rows in _boxes(lines, edges(down), scale):
        x0, top, x1, bottom = (v / scale for v in (box.x0, box.top, box.x1, box.bottom))
        own = Box(x0 + corner.x0, top + corner.top, x1 + corner.x0, bottom + corner.top)
        if not any(cells >= rows / 2 and own.overlap(table) > WITHIN * own.area for table, cells in tables):
            boxes.append(box)
    if not boxes:
        return None
    straight, ways = straightened(level, seen, (across, down))
    return _Edged(straight, ways, [_region(ways, box) for box in boxes])


def _region(ways: tuple[Way, Way], box: Box) -> _Region:
    """The lines near `box` (pixels), told by parts of it first, then by the stretches between the lines across."""
    scale = ways[0].scale
    box = Box(box.x0 - WIDER * scale, box.top - NEAR * scale, box.x1 + WIDER * scale, box.bottom + NEAR * scale)
    level = within(ways[0], parts(box.x0, box.x1, scale), (box.top, box.bottom))
    upright = within(ways[1], parts(box.top, box.bottom, scale), (box.x0, box.x1))
    for _ in range(ROUNDS):
        upright = within(ways[1], [line.at for line in level], (box.x0, box.x1))
        level = within(ways[0], [line.at for line in upright], (box.top, box.bottom))
    if min(len(level), len(upright)) < 2:
        return _Region((), ())
    return _Region(
        measured(ways[0], level, [line.at for line in upright], (box.top, box.bottom)),
        measured(ways[1], upright, [line.at for line in level], (box.x0, box.x1)),
    )


def _found(edged: _Edged, asked: float, box: Box) -> tuple[Grid, ...]:
    scale = edged.ways[0].scale
    out = list[Grid]()
    for region in edged.regions:
        if not region.level:
            continue
        there = decided(region.level, region.upright, asked)
        level = _rulings(region.level, region.upright, there[0], ("h", scale))
        upright = _rulings(region.upright, region.level, there[1], ("v", scale))
        for grid in _grids([*level, *upright]):
            around = Box.around(r.box for r in grid)
            if _tinted(edged.ways, around) >= TINTED and not any(
                around.overlap(Box.around(r.box for r in other)) > 0 for other in out
            ):
                out.append(grid)
    moved = [tuple(_moved(r, edged.straight, scale, box) for r in grid) for grid in out]
    return tuple(sorted(moved, key=lambda grid: min(r.at for r in grid if r.axis == "h")))


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


def _boxes(lines: Sequence[Edge], posts: Sequence[Edge], scale: float) -> list[tuple[Box, int]]:
    """The parts of the page (pixels) where level and upright edges are near one another, the largest first, and at how
    many heights level ones are."""
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
    out = []
    for box, own in zip(boxes, members, strict=True):
        level = _apart([lines[i].at / scale for i in own if i < len(lines)])
        upright = _apart([posts[i - len(lines)].at / scale for i in own if i >= len(lines)])
        wide, high = ((least + NEAR) * scale for least in LEAST)
        if min(len(level), len(upright)) > 1 and box.width >= wide and box.height >= high:
            out.append((box.grown(-NEAR * scale / 2), len(level)))
    return sorted(out, key=lambda found: -found[0].area)


def _tinted(ways: tuple[Way, Way], grid: Box) -> float:
    """Share of the outline of `grid` (points from the picture's corner) along which paper is brighter outside."""
    darker = parts = 0
    for way, (low, high), (start, end) in (
        (ways[0], (grid.top, grid.bottom), (grid.x0, grid.x1)),
        (ways[1], (grid.x0, grid.x1), (grid.top, grid.bottom)),
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


def _rulings(
    lines: Sequence[Line], across: Sequence[Line], there: NDArray[np.bool_], look: tuple[Axis, float]
) -> list[Ruling]:
    """Lines where they are there between those `across`, in points from the corner of the picture made straight."""
    axis, scale = look
    out = []
    for line, stretches in zip(lines, there, strict=True):
        for first, last in runs(stretches):
            start, end = across[first].at, across[last].at
            out.append(Ruling(axis, line.at / scale, start / scale, end / scale, 0.0, "fill"))
    return out


def _moved(ruling: Ruling, straight: Straight, scale: float, box: Box) -> Ruling:
    """The ruling where it lies on the sheet; a leaning one lies where its middle is."""
    level = ruling.axis == "h"
    along, across = (straight.dx, straight.dy) if level else (straight.dy.T, straight.dx.T)
    row = min(max(0, round(ruling.at * scale)), along.shape[0] - 1)
    first, last = (min(max(0, round(v * scale)), along.shape[1] - 1) for v in (ruling.start, ruling.end))
    x, y = (box.x0, box.top) if level else (box.top, box.x0)
    at = y + ruling.at + float(across[row, first : last + 1].mean()) / scale
    start, end = (x + v + float(along[row, k]) / scale for v, k in ((ruling.start, first), (ruling.end, last)))
    return Ruling(ruling.axis, at, start, end, 0.0, "fill")


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
    return _apart([r.at for r in rulings])


def _apart(places: Sequence[float]) -> list[float]:
    """Those of `places` (points), ascending, that are more than `APART` from the one before."""
    out: list[float] = []
    for at in sorted(places):
        if not out or at - out[-1] > APART:
            out.append(at)
    return out
