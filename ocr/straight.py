"""How a page lies: the homography that makes its long lines level and upright.

The angle is sought first where the projection of the ink across the page is sharpest (Postl 1986); then long lines are
followed (`traces`), and rotation, shear and the two terms of perspective are fitted to them so that level lines become
level and upright ones upright: the vanishing points go to infinity and a right angle apart (Liebowitz and Zisserman,
"Metric rectification for perspective images of planes", CVPR 1998), by Gauss-Newton steps with robust weights. Only as
many of the four are used as the lines speak for.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TypeAlias

import numpy as np

from .traces import Dark, Floats, Trace, curve, rulings, writing

WIDEST = 16.0
"""Degrees either way within which the angle is sought; pages turned by more are turned by hand or by a quarter."""
LEAST = 0.05
"""Degrees below which a page lies straight and is left as it is: 0.4 points over the width of a table."""
TRACED = 1.2
"""Degrees up to which lines are followed in the picture as it is; beyond it is turned first."""
BEND = 0.45
"""Points by which perspective must move the ends of some line for it to be worth taking out."""
PROOF = 16.0
"""How much better (squared standard deviations) the lines must fit with perspective than without: four sigma."""
FLOOR = {"ruling": 0.12, "writing": 0.45}
"""Points to which the ends of a printed line are where they should be; letters of a line differ in their middles."""
FAR_APART = 0.9
"""Two lines alone tell of perspective where they are as far apart (half diagonals of the page) as a paper's edges."""
PRINTED = 0.002
"""Tangent of the angle at which a page may be printed askew on its paper."""

Edge: TypeAlias = tuple[bool, Floats]
"""Whether an edge of the paper runs across, and its two ends (2, 2) from left to right or downwards."""


@dataclass(frozen=True, slots=True)
class Straightening:
    """`matrix` (3, 3) leads from points of the page as given to points of the straight sheet.

    `skew`: degrees the page is turned clockwise. `perspective`: whether it was seen from aside. `traces`: the lines it
    was fitted to, in points of the page as given; `proven`: whether there were enough of them.
    """

    matrix: Floats = field(repr=False)
    skew: float
    perspective: bool
    traces: tuple[Trace, ...] = field(repr=False)
    proven: bool

    @property
    def moved(self) -> bool:
        """Whether there is anything to do."""
        return self.perspective or abs(self.skew) >= LEAST


def straightening(dark: Dark, scale: float, edges: Sequence[Edge] = ()) -> Straightening:
    """How the page in `dark` lies; `scale`: points a pixel, the same both ways.

    `edges`: the paper's own, which help where the page has few lines; in points of the page as given.
    """
    height, width = dark.shape
    centre = np.array([width, height]) * scale / 2
    nothing = Straightening(np.eye(3), 0.0, False, (), False)
    if min(height, width) < 32:
        return nothing
    coarse = angle(dark)
    if coarse is None:
        return nothing
    rims = [
        _Line(across, ends[0] - centre, ends[1] - centre, PRINTED * float(np.hypot(*(ends[1] - ends[0]))))
        for across, ends in edges
    ]
    found = _traces(dark, scale, coarse if abs(coarse) > TRACED else 0.0)
    lines = [line for line in (_line(trace, centre) for trace in found) if line is not None]
    return _fitted([*lines, *rims], found, centre, math.radians(coarse)) or nothing


def angle(dark: Dark) -> float | None:
    """Degrees (clockwise) by which lines that run across are turned, to about a tenth; None without ink.

    Of all angles the one at which the ink's projection on the upright changes most from row to row.
    """
    ys, xs = _ink(dark)
    if len(ys) < 200:
        return None
    best = 0.0
    for step, reach in ((0.5, WIDEST), (0.1, 0.6)):
        angles = best + np.arange(-round(reach / step), round(reach / step) + 1) * step
        scores = [sharpness(xs, ys, float(a)) for a in angles]
        at = int(np.argmax(scores))
        if scores[at] < 1.02 * scores[len(scores) // 2]:
            at = len(scores) // 2
        best = float(angles[at])
    return best


def sharpness(xs: Floats, ys: Floats, degrees: float) -> float:
    """How much the number of points changes from one row to the next when lines at `degrees` are taken as level."""
    turn = math.radians(degrees)
    rows = ys * math.cos(turn) - xs * math.sin(turn)
    counts = np.bincount((rows - rows.min()).astype(np.intp)).astype(np.float64)
    return float((np.diff(counts) ** 2).sum())


def _ink(dark: Dark) -> tuple[Floats, Floats]:
    """y and x of dark pixels of the picture at 60 dpi or so, at most 15,000 of them."""
    import cv2

    shrink = max(1.0, max(dark.shape) / 720)
    size = (max(1, round(dark.shape[1] / shrink)), max(1, round(dark.shape[0] / shrink)))
    small = cv2.resize(dark, size, interpolation=cv2.INTER_AREA)
    ys, xs = np.nonzero(small > max(0.15, 0.4 * float(np.quantile(small, 0.99))))
    every = max(1, -(-len(ys) // 15_000))
    return ys[::every].astype(np.float64), xs[::every].astype(np.float64)


def _traces(dark: Dark, scale: float, degrees: float) -> tuple[Trace, ...]:
    """Long lines of the page, in its points, followed in the picture turned back by `degrees`."""
    import cv2

    height, width = dark.shape
    back = cv2.getRotationMatrix2D(((width - 1) / 2, (height - 1) / 2), degrees, 1.0)
    level = dark
    if degrees:
        level = np.asarray(cv2.warpAffine(dark, back, (width, height), flags=cv2.INTER_LINEAR), np.float32)
    mm = 72 / 25.4 / scale
    ruled = rulings(level, mm)
    found = list(ruled)
    across = [trace for trace in ruled if trace.axis == "h" and trace.length > 0.25 * width]
    spread = np.ptp([trace.points[0, 1] for trace in across]) if across else 0
    if len(across) < 8 or spread < 0.3 * height:
        bare = _without(level, ruled, mm)
        found += [Trace("h", line.points, -line.sigma) for line in writing(bare, mm)]
    turn = math.radians(degrees)
    cos, sin = math.cos(turn), math.sin(turn)
    middle = np.array([width, height]) / 2
    forth = np.array([[cos, sin], [-sin, cos]])  # of row vectors: clockwise, as the page is turned
    return tuple(
        Trace(t.axis, ((t.points - middle) @ forth + middle) * scale if degrees else t.points * scale, t.sigma * scale)
        for t in found
    )


def _without(dark: Dark, ruled: Sequence[Trace], mm: float) -> Dark:
    """The picture with rulings painted over."""
    import cv2

    out = dark.copy()
    for trace in ruled:
        at = np.rint(trace.points - 0.5).astype(np.int32)
        cv2.polylines(out, [at], False, 0, max(3, round(0.8 * mm)))
    return out


@dataclass(frozen=True, slots=True, eq=False)
class _Line:
    """Two ends (points from the page's centre) of a trace and how far (points) they may stand off a common level."""

    across: bool
    start: Floats
    end: Floats
    sigma: float


def _line(trace: Trace, centre: Floats) -> _Line | None:
    """The straight line through a trace. A negative sigma marks writing."""
    points = trace.points - centre
    along, off = (points[:, 0], points[:, 1]) if trace.axis == "h" else (points[:, 1], points[:, 0])
    smooth = curve(along, off, 1)
    away = np.abs(off - smooth)
    fits = away <= max(1e-6, 3 * float(np.median(away)))
    ends = [np.array([along[at], smooth[at]]) for at in (0, -1)]
    if trace.axis == "v":
        ends = [end[::-1] for end in ends]
    scatter = float(np.sqrt(np.mean(away[fits] ** 2))) * math.sqrt(12 / len(along))
    floor = FLOOR["writing" if trace.sigma < 0 else "ruling"]
    return _Line(trace.axis == "h", ends[0], ends[1], math.hypot(floor, scatter))


def _fitted(lines: list[_Line], found: tuple[Trace, ...], centre: Floats, coarse: float) -> Straightening | None:
    """The homography the lines speak for; None where there are too few."""
    if len(lines) < 2:
        return None
    radius = float(np.hypot(*centre))
    starts, ends = np.array([line.start for line in lines]) / radius, np.array([line.end for line in lines]) / radius
    across = np.array([line.across for line in lines])
    sigma = np.array([line.sigma for line in lines]) / radius
    rays = (starts, ends, across, sigma)
    turn = _solved(rays, np.array([coarse, 0.0, 0.0, 0.0]), (0,))
    free = [0]
    for which, at in ((across, 2), (~across, 3)):
        middle = ((starts + ends) / 2)[which, 1 if at == 2 else 0]
        if which.sum() >= 2 and np.ptp(middle) > (0.2 if which.sum() > 2 else FAR_APART):
            free.append(at)
    if across.any() and (~across).any():
        free.append(1)
    values, cost = turn
    perspective = False
    if len(free) > 1:
        bent, less = _solved(rays, turn[0], tuple(sorted(free)))
        effect = np.abs(_off(rays, turn[0]) - _off(rays, bent)) * radius
        agreeing = np.abs(_off(rays, bent)) < 3 * sigma
        if cost - less > PROOF and agreeing.any() and float(effect[agreeing].max()) > BEND:
            values, perspective = bent, True
    agreeing = np.abs(_off(rays, values)) < 4 * sigma
    length = np.hypot(*(ends - starts).T) * agreeing
    if agreeing.sum() < 2 or length.sum() < 0.4:
        return None
    spread = float(np.sqrt(1 / max(1e-12, float(((length / sigma)[agreeing] ** 2).sum()))))
    if abs(values[0]) < 2 * spread and not perspective:
        values = np.zeros(4)
    matrix = _matrix(values, centre, radius) if perspective else _matrix(values * [1, 0, 0, 0], centre, radius)
    return Straightening(matrix, math.degrees(float(values[0])), perspective, found, True)


_Rays = tuple[Floats, Floats, "np.ndarray[tuple[int], np.dtype[np.bool_]]", Floats]


def _off(rays: _Rays, values: Floats) -> Floats:
    """How far the two ends of every line stand off a common level (or upright) after the homography."""
    starts, ends, across, _ = rays
    apart = _moved(ends, values) - _moved(starts, values)
    return np.where(across, apart[:, 1], apart[:, 0])


def _moved(points: Floats, values: Floats) -> Floats:
    turn, shear, p, q = values
    cos, sin = math.cos(turn), math.sin(turn)
    x, y = points[:, 0] * cos + points[:, 1] * sin, points[:, 1] * cos - points[:, 0] * sin
    x = x + shear * y
    return np.asarray(np.column_stack([x, y]) / (1 + p * x + q * y)[:, None], np.float64)


def _solved(rays: _Rays, start: Floats, free: tuple[int, ...]) -> tuple[Floats, float]:
    """Values of the `free` parameters (turn, shear, p, q) that level the lines best, and the robust cost.

    The scale at which a line counts as stray falls from step to step (graduated non-convexity), down to its sigma.
    """
    values, sigma = start.copy(), rays[3]
    prior = np.array([10.0, 0.03, 0.12, 0.12])[list(free)]
    wide = max(1.0, 3 * float(np.median(np.abs(_off(rays, values)) / sigma)))
    for step in range(30):
        off = _off(rays, values) / sigma
        slopes = np.empty((len(off), len(free)))
        for n, at in enumerate(free):
            nudged = values.copy()
            nudged[at] += 1e-6
            slopes[:, n] = (_off(rays, nudged) / sigma - off) / 1e-6
        weight = 1 / (1 + (off / (2 * wide)) ** 2) ** 2
        normal = (slopes * weight[:, None]).T @ slopes + np.diag(1 / prior**2)
        move = np.linalg.solve(normal, -(slopes * weight[:, None]).T @ off - values[list(free)] / prior**2)
        values[list(free)] += np.clip(move, -0.1, 0.1)
        wide = max(1.0, 0.7 * wide)
        if step > 6 and wide == 1.0 and np.abs(move).max() < 1e-7:
            break
    return values, float(np.minimum((_off(rays, values) / sigma) ** 2, 9).sum())


def _matrix(values: Floats, centre: Floats, radius: float) -> Floats:
    """The homography about the page's centre that keeps the area of the middle of the page."""
    turn, shear, p, q = values
    cos, sin = math.cos(turn), math.sin(turn)
    shift = np.array([[1, 0, -centre[0]], [0, 1, -centre[1]], [0, 0, radius]])
    rotation = np.array([[cos, sin, 0], [-sin, cos, 0], [0, 0, 1]])
    slant = np.array([[1, shear, 0], [0, 1, 0], [p, q + p * shear, 1]])
    ahead = slant @ rotation @ shift
    box = 0.8 * np.array([[-1, -1], [1, -1], [1, 1], [-1, 1]]) * centre + centre
    area = _area(mapped(ahead, box)) / _area(box)
    grown = np.diag([1 / math.sqrt(area), 1 / math.sqrt(area), 1.0])
    back = np.array([[1, 0, centre[0]], [0, 1, centre[1]], [0, 0, 1]])
    whole = back @ grown @ ahead
    return np.asarray(whole / whole[2, 2], np.float64)


def mapped(matrix: Floats, points: Floats) -> Floats:
    """Points (n, 2) after the homography."""
    moved = np.column_stack([points, np.ones(len(points))]) @ matrix.T
    return np.asarray(moved[:, :2] / moved[:, 2:], np.float64)


def _area(corners: Floats) -> float:
    x, y = corners.T
    return abs(float((x * np.roll(y, -1) - y * np.roll(x, -1)).sum())) / 2
