"""Where the paper ends in a picture that shows more than the page: a desk, a dark lid, a scanner's black edge.

What is no paper is darker than the paper's own light would have it. The rim of what is paper is split by its direction
into four sides; a line is found in each by consensus of pairs (Fischler and Bolles, "Random sample consensus", 1981;
here of all pairs of a sample, so that nothing is left to chance) and then moved to where the brightness falls, to a
tenth of a millimetre. Only lines are cut along: a picture or a hand at the edge bends none of them.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from biaoge.raster import Pixels

from .traces import Dark, Floats

_SIDE = 640
"""Pixels of the longer side of the picture the paper is sought on: half a millimetre each, or less."""
_SOFT = 200
"""Pixels of the longer side of the picture on which the paper's light is measured."""
_PAGE = 297.0
"""Millimetres that the longer side of the picture is taken for: lengths here are shares of the paper."""
_DARKER = 0.74
"""What is no paper has less than this share of the paper's brightness; shade on paper falls off more softly, and so
follows the paper's own light."""
_LEAST = 0.4
"""Share of the picture that must be paper."""
_WRITING = 10.0
"""Millimetres of the widest dark thing with paper all around that is still taken for paper: strokes and their lines."""
_SHORTEST = 20.0
"""Millimetres of an edge that must be seen; what is shorter may be anything."""
_WOBBLE = 0.7
"""Millimetres by which points of an edge may lie off its line."""
_AGREE = 0.55
"""Share of the rim of a side that must lie on its line."""
_TILT = math.radians(20)
"""How far the rim may turn from the direction of its side."""
_BRIGHT = (0.88, 0.06)
"""Share of the paper's light, and how much of what lies beyond an edge may be brighter: else there is writing."""
_BAND = 256
"""Rows filled at a time, to bound memory."""
_MARGIN = 0.7
"""Millimetres taken off along an edge: its shadow, its blur, and what it bends."""


@dataclass(frozen=True, slots=True, eq=False)
class Paper:
    """`outline`: (n, 2), the convex outline within which to keep the picture, in shares of its width and height.

    `sides`: for left, top, right, bottom the two ends (2, 2) of the paper's edge in the same shares, None where it is
    not seen. `light`: what paper gives or would give everywhere, reduced, uint8 of 2 or 3 dimensions.
    """

    outline: Floats
    sides: tuple[Floats | None, Floats | None, Floats | None, Floats | None]
    light: Pixels = field(repr=False)


def paper(pixels: Pixels) -> Paper | None:
    """Where the paper lies; None where the picture shows nothing but paper, or where that is not clear."""
    import cv2

    height, width = pixels.shape[:2]
    factor = min(1.0, _SIDE / max(width, height))
    size = (round(width * factor), round(height * factor))
    if min(size) < 48:
        return None
    small = np.asarray(cv2.resize(pixels, size, interpolation=cv2.INTER_AREA), np.uint8)
    bright = np.asarray(small.max(axis=2) if small.ndim == 3 else small, np.float32)
    mm = max(size) / _PAGE
    closed = _closed(bright, mm)
    light = _light(closed)
    if light is None:
        return None
    mask = _mask(closed / light, mm)
    if mask is None:
        return None
    lines = _sides(mask, np.asarray(cv2.GaussianBlur(bright / light, (0, 0), 0.8), np.float32), mm)
    if all(line is None for line in lines):
        return None
    wide, tall = size
    outline: Floats = np.array([[-2.0, -2.0], [wide + 2, -2], [wide + 2, tall + 2], [-2, tall + 2]])
    ends: list[Floats | None] = []
    for line in lines:
        if line is not None:
            outline = _clipped(outline, line, _MARGIN * mm)
    if len(outline) < 3:
        return None
    for line in lines:
        ends.append(None if line is None else _ends(line, outline) / [wide, tall])
    left, top, right, bottom = ends
    return Paper(outline / [wide, tall], (left, top, right, bottom), _own(small, bright, light))


def without(pixels: Pixels, found: Paper) -> Pixels:
    """A copy of the picture with paper in its own light where there is none."""
    inside = inner(found.outline, (pixels.shape[0], pixels.shape[1]))
    out = pixels.copy()
    down, across = (n / m for n, m in zip(found.light.shape[:2], pixels.shape[:2], strict=True))
    for top in range(0, len(out), _BAND):
        rows, cols = np.nonzero(~inside[top : top + _BAND])
        y = np.minimum(((rows + top) * down).astype(np.intp), found.light.shape[0] - 1)
        x = np.minimum((cols * across).astype(np.intp), found.light.shape[1] - 1)
        out[rows + top, cols] = found.light[y, x]
    return out


def inner(outline: Floats, shape: tuple[int, int]) -> NDArray[np.bool_]:
    """Which pixels of a picture of `shape` (height, width) lie within an outline in shares of its sides."""
    import cv2

    corners = np.rint(outline * [shape[1], shape[0]] - 0.5).astype(np.int32)
    return cv2.fillConvexPoly(np.zeros(shape, np.uint8), corners, 1).view(np.bool_)


def _closed(bright: Dark, mm: float) -> Dark:
    """The picture without writing, made wider for it lest a narrow desk at its edge be closed like a stroke."""
    import cv2

    side = max(3, round(_WRITING * mm)) | 1
    soft = cv2.copyMakeBorder(cv2.GaussianBlur(bright, (0, 0), 1.2), *(side + 1,) * 4, cv2.BORDER_REPLICATE)
    closed = cv2.morphologyEx(soft, cv2.MORPH_CLOSE, np.ones((side, side), np.uint8))
    return np.asarray(closed[side + 1 : -side - 1, side + 1 : -side - 1], np.float32)


def _light(closed: Dark) -> Dark | None:
    """How bright paper is or would be in every place: a paraboloid through what is bright; None in the dark."""
    import cv2

    factor = min(1.0, _SOFT / max(closed.shape))
    size = (max(8, round(closed.shape[1] * factor)), max(8, round(closed.shape[0] * factor)))
    level = np.asarray(cv2.resize(closed, size, interpolation=cv2.INTER_AREA), np.float64).reshape(-1)
    y, x = np.mgrid[-1 : 1 : size[1] * 1j, -1 : 1 : size[0] * 1j]
    basis = np.stack([np.ones_like(x), x, y, x * x, x * y, y * y], axis=-1).reshape(-1, 6)
    fit = np.full(len(level), float(np.quantile(level, 0.6)))
    if fit[0] < 30:
        return None
    for _ in range(8):
        weight = np.where(level > fit, 1.0, np.exp(-(((fit - level) / (0.12 * np.maximum(fit, 1))) ** 2)))
        scaled = basis * weight[:, None]
        fit = basis @ np.linalg.lstsq(scaled, level * weight, rcond=None)[0]
    field_ = np.maximum(fit, 1).reshape(size[1], size[0]).astype(np.float32)
    whole = cv2.resize(field_, closed.shape[::-1], interpolation=cv2.INTER_LINEAR)
    return np.asarray(whole, np.float32)


def _mask(share: Dark, mm: float) -> NDArray[np.uint8] | None:
    """1 where there is paper; None where that is most or too little of the picture."""
    import cv2

    side = max(3, round(6 * mm)) | 1
    light = (share > _DARKER).astype(np.uint8)
    light = np.asarray(cv2.morphologyEx(light, cv2.MORPH_OPEN, np.ones((side, side), np.uint8)), np.uint8)
    n, labels, stats, _ = cv2.connectedComponentsWithStats(light, connectivity=4)
    if n < 2:
        return None
    mask = (labels == 1 + int(np.argmax(stats[1:, cv2.CC_STAT_AREA]))).astype(np.uint8)
    return mask if _LEAST < float(mask.mean()) < 1 else None


_Line = tuple[Floats, Floats]
"""A point (pixels, edges at whole numbers) of a line and its outward normal of length 1."""


def _sides(mask: NDArray[np.uint8], share: Dark, mm: float) -> list[_Line | None]:
    """The paper's left, top, right and bottom edge; None where there is none to see."""
    import cv2

    outlines, _ = cv2.findContours(mask, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE)
    rim = max(outlines, key=len)[:, 0].astype(np.float64)
    reach = max(3, round(4 * mm))
    ahead = np.roll(rim, -reach, axis=0) - np.roll(rim, reach, axis=0)
    area = float((rim[:, 0] * np.roll(rim[:, 1], -1) - np.roll(rim[:, 0], -1) * rim[:, 1]).sum())
    outward = np.column_stack([ahead[:, 1], -ahead[:, 0]]) * (1 if area > 0 else -1)
    outward /= np.maximum(np.hypot(*outward.T), 1e-9)[:, None]
    size = np.array(mask.shape[::-1])
    seen = ((rim > 0.5) & (rim < size - 1.5)).all(axis=1)
    if seen.sum() < _SHORTEST * mm:
        return [None] * 4
    turns = np.arctan2(outward[seen, 1], outward[seen, 0])
    lean = math.atan2(float(np.sin(4 * turns).sum()), float(np.cos(4 * turns).sum())) / 4
    found: list[_Line | None] = []
    for quarter in (2, -1, 0, 1):
        main = lean + quarter * math.pi / 2
        normal = np.array([math.cos(main), math.sin(main)])
        mine = seen & (outward @ normal > math.cos(_TILT))
        line = _line(rim[mine] + 0.5, normal, mm)
        line = None if line is None else _moved_to_the_edge(line, share, mm)
        found.append(line if line is None or _bare(line, share, mm) else None)
    return found


def _line(points: Floats, normal: Floats, mm: float) -> _Line | None:
    """The line most of the points (n, 2) of a side lie on, out of all pairs of 50 of them."""
    if len(points) < 0.8 * _SHORTEST * mm:
        return None
    along = np.array([-normal[1], normal[0]])
    t, off = points @ along, points @ normal
    picked = np.argsort(t, kind="stable")[np.linspace(0, len(t) - 1, 50).astype(np.intp)]
    i, j = np.triu_indices(50, 1)
    i, j = picked[i], picked[j]
    far = t[j] - t[i] > 0.6 * _SHORTEST * mm
    if not far.any():
        return None
    slope = (off[j] - off[i])[far] / (t[j] - t[i])[far]
    start = off[i][far] - slope * t[i][far]
    on = np.abs(off[None] - slope[:, None] * t[None] - start[:, None]) < _WOBBLE * mm
    best = int(np.argmax(on.sum(axis=1)))
    mine = on[best]
    if mine.mean() < _AGREE or np.ptp(t[mine]) < _SHORTEST * mm:
        return None
    return _through(t[mine], off[mine], normal)


def _through(t: Floats, off: Floats, normal: Floats) -> _Line:
    """The line nearest to points given along and across the direction with that normal."""
    along = np.array([-normal[1], normal[0]])
    slope, start = np.polyfit(t, off, 1) if np.ptp(t) > 0 else (0.0, float(off.mean()))
    middle = float(t.mean())
    tilted = normal - slope * along
    point = along * middle + normal * (start + slope * middle)
    return np.asarray(point, np.float64), np.asarray(tilted / np.hypot(*tilted), np.float64)


def _moved_to_the_edge(line: _Line, share: Dark, mm: float) -> _Line:
    """The line where the brightness crosses the middle between what is within and what is beyond."""
    import cv2

    point, normal = line
    along = np.array([-normal[1], normal[0]])
    height, width = share.shape
    reach = math.hypot(width, height)
    t = np.arange(-reach, reach, 1.0)
    away = np.arange(-3 * mm, 2 * mm, 0.25)
    at = point + t[:, None] * along
    within = ((at > 2) & (at < [width - 2, height - 2])).all(axis=1)
    t, at = t[within], at[within]
    if len(t) < 0.5 * _SHORTEST * mm:
        return line
    where = (at[:, None] + away[None, :, None] * normal - 0.5).astype(np.float32)
    level = cv2.remap(share, where[..., 0], where[..., 1], cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    inside = np.median(level[:, away < -1.2 * mm], axis=1)
    beyond = level[:, away > 0.6 * mm].min(axis=1)
    falls = level < ((inside + beyond) / 2)[:, None]
    first = falls.argmax(axis=1)
    clear = (inside - beyond > 0.12) & (first > 0)
    if clear.sum() < 0.5 * _SHORTEST * mm:
        return line
    off, t = away[first[clear]] - 0.125, t[clear]
    for _ in range(3):
        fit = np.polyval(np.polyfit(t, off, 1), t)
        kept = np.abs(off - fit) <= max(0.3, 2.5 * float(np.median(np.abs(off - fit))))
        off, t = off[kept], t[kept]
    if np.ptp(t) < 0.5 * _SHORTEST * mm:
        return line
    return _through(t + float(point @ along), off + float(point @ normal), normal)


def _bare(line: _Line, share: Dark, mm: float) -> bool:
    """Whether there is bare paper along an edge, and nothing bright beyond it, such as writing on a dark bar."""
    point, normal = line
    y, x = np.mgrid[0.5 : share.shape[0] : 1, 0.5 : share.shape[1] : 1]
    depth = (x - point[0]) * normal[0] + (y - point[1]) * normal[1]
    within, beyond = share[(depth < -mm) & (depth > -3 * mm)], share[depth > mm]
    if not len(within) or float(np.quantile(within, 0.3)) < _DARKER:
        return False
    if len(beyond) < 4 * mm:
        return True
    return float(np.quantile(beyond, 0.7)) < _DARKER and float(np.mean(beyond > _BRIGHT[0])) < _BRIGHT[1]


def _clipped(polygon: Floats, line: _Line, margin: float) -> Floats:
    """The part of a convex polygon within a line moved inwards (Sutherland and Hodgman 1974)."""
    point, normal = line
    depth = (polygon - point) @ normal + margin
    out: list[Floats] = []
    for n in range(len(polygon)):
        a, b, da, db = polygon[n - 1], polygon[n], float(depth[n - 1]), float(depth[n])
        if (da <= 0) != (db <= 0):
            out.append(a + (b - a) * da / (da - db))
        if db <= 0:
            out.append(b)
    return np.array(out, np.float64).reshape(-1, 2)


def _ends(line: _Line, outline: Floats) -> Floats:
    """Two points of a line, as far apart as the outline."""
    point, normal = line
    along = np.array([-normal[1], normal[0]])
    t = (outline - point) @ along
    return np.array([point + along * float(t.min()), point + along * float(t.max())])


def _own(small: Pixels, bright: Dark, light: Dark) -> Pixels:
    """The paper's own light and colour everywhere, (height, width) or (height, width, 3)."""
    level = small[bright > 0.9 * light]
    if small.ndim == 2:
        return np.clip(light, 0, 255).astype(np.uint8)
    tint = np.median(level, axis=0) / max(1.0, float(np.median(level.max(axis=-1)))) if len(level) else np.ones(3)
    return np.clip(light[..., None] * tint, 0, 255).astype(np.uint8)
