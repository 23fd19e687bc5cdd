"""Coloured seals on a page: found by their shape, taken out by their colour.

Colour alone does not make a seal: titles, negative numbers, rulings and handwriting are coloured too, and are read.
A seal is a patch of one colour as large as one, with an outline: a ring, an oval or a box. Its ink is thin and lets
what is printed under it through, so it is unmixed rather than cut out: by the law of Beer and Lambert the optical
densities of two inks, one over the other, add up; black ink has the same density in all channels.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from . import sealedlines

if TYPE_CHECKING:
    from biaoge.raster import Pixels

Mask = NDArray[np.bool_]
Floats = NDArray[np.float32]

CHROMA = 30
"""Levels between the brightest and the darkest channel from which a pixel counts as coloured; JPEG of quality 35 puts
up to some 20 beside black strokes."""
_HUES = {"red": (-45.0, 22.0), "blue": (180.0, 275.0), "purple": (245.0, 325.0), "green": (85.0, 185.0)}
"""Degrees on the circle of hues. Yellow is missing: no seal is yellow, but highlighter is. They overlap, since the
colour of one seal spreads."""
_SCALE = 2.0
"""Pixels a millimetre of the picture on which shapes are sought: the thinnest outlines are half a millimetre."""
_RADII = (7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 18, 20, 22, 24, 26, 28, 30, 32)
"""Radii of rings (millimetres): private seals have 7.5, those of ministries 30."""
_SIDES = (9.0, 68.0)
"""Least and greatest width and height of a seal (millimetres)."""
_OVAL = 16.0
"""Millimetres across the smallest oval; a ring drawn round a number is smaller, and has no writing of its colour."""
_RING = 0.7
"""Share of a circle that must be covered for a ring; a real seal's is worn or lies under writing here and there."""
_BEYOND = 0.42
"""Share of a wider circle that may be covered: beyond a seal's ring there is paper, beyond a circle in a block of
coloured writing there is more of it."""


@dataclass(frozen=True, slots=True, eq=False)
class Seal:
    """`box`: left, top, right, bottom in pixels; `inside`: bool, of the shape of that box; `hue`: the name of its."""

    box: tuple[int, int, int, int]
    inside: Mask = field(repr=False)
    hue: str


def find(level: Pixels, dpi: float) -> tuple[Seal, ...]:
    """The seals on a page.

    `level`: (height, width, 3) RGB on white paper, i.e. after uneven light was divided out. From the largest ring to
    the smallest, then ovals and boxes.
    """
    import cv2

    scale = _SCALE / (dpi / 25.4)
    height, width = level.shape[:2]
    small_size = (max(1, round(width * scale)), max(1, round(height * scale)))
    chroma, hue = _colour(level, dpi)
    seals: list[Seal] = []
    taken = np.zeros(small_size[::-1], np.uint8)
    for name, (first, last) in _HUES.items():
        mask = (chroma > CHROMA) & (((hue - first) % 360) <= (last - first))
        if np.count_nonzero(mask) < 20:
            continue
        share = cv2.resize(mask.astype(np.float32), small_size, interpolation=cv2.INTER_AREA)
        small = ((share > 0.2) & (taken == 0)).astype(np.uint8)
        parted, coloured = sealedlines.found(small, _SCALE), small.copy()
        lines = parted[0] | parted[1]
        for shape in _shapes(small, lines):
            taken |= shape
            own = sealedlines.leaving(lines, shape, _SCALE)
            own |= sealedlines.through(parted, coloured, shape, _SCALE)
            seals.append(_seal(shape, own, (height, width), name))
            if len(seals) >= 12:
                return tuple(seals)
    return tuple(seals)


def unmixed(piece: Pixels, inside: Mask) -> tuple[Pixels, Mask]:
    """Grey of what a seal covers, without the seal, and where the seal was.

    `piece`: (height, width, 3) RGB on white paper; `inside`: (height, width). Density of the seal in a pixel: the
    difference between its densest and its clearest channel, in units of the seal's own difference there.
    """
    import cv2

    density = -np.log(np.maximum(piece, 4).astype(np.float32) / 255)  # (height, width, 3)
    smooth = cv2.blur(piece, (3, 3)).astype(np.int16)
    chroma = smooth.max(axis=2) - smooth.min(axis=2)
    pure = inside & (chroma > max(CHROMA, float(np.percentile(chroma[inside], 97)) * 0.6 if inside.any() else 0))
    if np.count_nonzero(pure) < 12:
        plain = cv2.cvtColor(piece, cv2.COLOR_RGB2GRAY)
        return np.asarray(plain, np.uint8), np.zeros(inside.shape, np.bool_)
    colour = np.median(density[pure], axis=0)  # (3,)
    clear, dense = int(np.argmin(colour)), np.argsort(colour)[1:]
    spread = float(colour[dense].mean() - colour[clear])
    share = (density[..., dense].mean(axis=2) - density[..., clear]) / max(spread, 0.05)
    amount = np.asarray(np.clip(share, 0, 1.6), np.float32)
    near = cv2.dilate(amount, np.ones((3, 3), np.uint8))
    own = density[..., clear] - 1.1 * amount * float(colour[clear]) - 0.12 * np.clip(near, 0, 1)
    own = np.maximum(own, 0)
    grey = np.asarray(np.rint(255 * np.exp(-own)), np.uint8)
    return grey, np.asarray(inside & (amount > 0.2), np.bool_)


def _colour(level: Pixels, dpi: float) -> tuple[NDArray[np.int16], Floats]:
    """Chroma (0 to 255) and hue (degrees) at about 100 dots an inch, for a JPEG has no finer colour."""
    import cv2

    times = max(1, round(dpi / 100))
    size = (max(1, level.shape[1] // times), max(1, level.shape[0] // times))
    small = cv2.resize(level, size, interpolation=cv2.INTER_AREA).astype(np.int16)
    r, g, b = small[..., 0], small[..., 1], small[..., 2]
    chroma = small.max(axis=2) - small.min(axis=2)
    alpha, beta = (2 * r - g - b).astype(np.float32), ((g - b) * math.sqrt(3)).astype(np.float32)
    return np.asarray(chroma, np.int16), np.asarray(cv2.phase(alpha, beta, angleInDegrees=True), np.float32)


def _shapes(small: NDArray[np.uint8], lines: NDArray[np.uint8]) -> Iterator[NDArray[np.uint8]]:
    """Masks (of the shape of `small`) of the seals among coloured pixels; found pixels leave `small`.

    Rings are sought without the `lines` there are.
    """
    import cv2

    gap = max(3, round(1.6 * _SCALE) | 1)
    closed = cv2.morphologyEx(small, cv2.MORPH_CLOSE, np.ones((gap, gap), np.uint8))
    count, labels, boxes, _ = cv2.connectedComponentsWithStats(closed, connectivity=8)
    shapes: list[NDArray[np.uint8]] = []
    for n in range(1, count):
        x, y, w, h, area = (int(v) for v in boxes[n])
        least, most = sorted((w, h))
        if least < _SIDES[0] * _SCALE or most > _SIDES[1] * _SCALE or most > 2.2 * least or area < least * 2:
            continue
        part = (labels[y : y + h, x : x + w] == n) & (small[y : y + h, x : x + w] > 0)
        coloured = small[y : y + h, x : x + w] > 0
        outline = _oval(part, coloured)
        if outline is None:
            outline = _square(part, coloured)
        if outline is None:
            continue
        shape = np.zeros_like(small)
        cv2.fillPoly(shape, [outline + np.array([x, y], np.int32)], 1)
        shapes.append(np.asarray(cv2.dilate(shape, np.ones((9, 9), np.uint8)), np.uint8))
    for shape in shapes:
        small[shape > 0] = 0
    yield from shapes
    for across, down, radius in _rings(np.asarray(cv2.subtract(small, lines), np.uint8), lines):
        shape = np.zeros_like(small)
        cv2.circle(shape, (round(across), round(down)), round(radius + 1.3 * _SCALE), 1, -1)
        yield shape


def _rings(small: NDArray[np.uint8], lines: NDArray[np.uint8]) -> list[tuple[float, float, float]]:
    """x, y and radius (pixels of `small`) of rings, the surest first; `lines` were taken off.

    Circles of every radius vote at a pixel a millimetre (Kimme, Ballard and Sklansky, "Finding circles by an array of
    accumulators", 1975), those with the most votes are looked at closely. None stands inside another.
    """
    import cv2

    rows, cols = np.flatnonzero(small.any(axis=1)), np.flatnonzero(small.any(axis=0))
    if np.count_nonzero(small) < 2 * _RADII[0] * _SCALE:
        return []
    top, left = int(rows[0]), int(cols[0])
    part = small[top : int(rows[-1]) + 1, left : int(cols[-1]) + 1]
    rim = round(20 * _SCALE)
    part = np.pad(part, rim)
    height, width = (max(1, round(side / _SCALE)) for side in part.shape)
    coarse = cv2.resize(part.astype(np.float32), (width, height), interpolation=cv2.INTER_AREA)
    near = cv2.dilate((coarse > 0.15).astype(np.float32), np.ones((3, 3), np.uint8))
    candidates: list[tuple[float, float, float, float]] = []
    for radius in _RADII:
        if 2 * radius > 1.6 * max(height, width):
            break
        votes = cv2.filter2D(near, -1, _circle(radius), borderType=cv2.BORDER_CONSTANT)
        peaks = (votes >= 0.45) & (votes >= cv2.dilate(votes, np.ones((5, 5), np.uint8)))
        for y, x in np.argwhere(peaks):
            candidates.append((float(votes[y, x]), float(x), float(y), float(radius)))
    candidates.sort(key=lambda c: (-c[0] - 0.003 * c[3], c[3], c[2], c[1]))
    found: list[tuple[float, float, float]] = []
    fx, fy = part.shape[1] / width, part.shape[0] / height
    for _, across, down, size in candidates[:150]:
        cx, cy, r = (across + 0.5) * fx - rim + left, (down + 0.5) * fy - rim + top, size * _SCALE
        if any(math.hypot(cx - ox, cy - oy) + min(r, other) < max(r, other) + 3 * _SCALE for ox, oy, other in found):
            continue
        if _is_ring(small, lines, (cx, cy, r)):
            found.append((cx, cy, r))
    return found


def _is_ring(small: NDArray[np.uint8], lines: NDArray[np.uint8], circle: tuple[float, float, float]) -> bool:
    """Whether coloured pixels run on along a circle, with paper beyond and writing within; what lies off the page or
    under a line is not asked for."""
    import cv2

    cx, cy, radius = circle

    box = small[round(max(0, cy - radius)) : round(cy + radius), round(max(0, cx - radius)) : round(cx + radius)]
    if not box.size or max(float(box.mean(axis=0).max()), float(box.mean(axis=1).max())) > 0.95:
        return False  # a ruling runs through it: a coloured table
    angles = np.linspace(0, 2 * math.pi, 180, endpoint=False)
    reach = np.arange(0.2 * radius, radius + 4.5 * _SCALE, 0.5)
    xs = (cx + np.cos(angles)[:, None] * reach).astype(np.float32)  # (angles, radii)
    ys = (cy + np.sin(angles)[:, None] * reach).astype(np.float32)
    at = cv2.remap(small, xs, ys, cv2.INTER_NEAREST, borderMode=cv2.BORDER_CONSTANT, borderValue=0) > 0
    height, width = small.shape
    around = np.argmin(np.abs(reach - radius))
    on_page = (xs[:, around] > 0) & (xs[:, around] < width - 1) & (ys[:, around] > 0) & (ys[:, around] < height - 1)
    window = np.flatnonzero(np.abs(reach - radius) <= 1.2 * _SCALE)
    lined = cv2.remap(lines, xs[:, window], ys[:, window], cv2.INTER_NEAREST, borderMode=cv2.BORDER_CONSTANT)
    on_page &= lined.max(axis=1) == 0
    if np.count_nonzero(on_page) < 60:
        return False
    hit = at[:, window].any(axis=1) & on_page
    outermost = reach[window[-1] - np.argmax(at[:, window[::-1]], axis=1)]
    steady = hit & np.roll(hit, 1) & (np.abs(outermost - np.roll(outermost, 1)) <= 0.3 * _SCALE)
    beyond = np.abs(reach - radius - 3.2 * _SCALE) <= 1.0 * _SCALE
    inner = reach < radius - 2.0 * _SCALE
    shown = np.count_nonzero(on_page)
    return bool(
        np.count_nonzero(steady) >= _RING * shown
        and float(at[on_page][:, beyond].mean()) < _BEYOND * 0.6
        and float(at[on_page][:, np.abs(reach - radius) < 2.5 * _SCALE].mean()) < 0.5
        and 0.05 < float(at[on_page][:, inner].mean()) < 0.75
    )


def _circle(radius: float) -> Floats:
    """A circle one pixel wide whose weights add up to 1, every direction with the same weight."""
    half = math.ceil(radius) + 1
    kernel = np.zeros((2 * half + 1, 2 * half + 1), np.float32)
    for angle in np.linspace(0, 2 * math.pi, 16 * half, endpoint=False):
        kernel[half + round(radius * math.sin(angle)), half + round(radius * math.cos(angle))] += 1
    return np.asarray(kernel / kernel.sum(), np.float32)


def _oval(part: Mask, coloured: Mask) -> NDArray[np.int32] | None:
    """The outline of an ellipse on which the outermost pixels of `part` lie, if they do."""
    import cv2

    ys, xs = np.nonzero(part)
    if len(xs) < 40:
        return None
    cx, cy = (part.shape[1] - 1) / 2, (part.shape[0] - 1) / 2
    bins = 72
    u, v = (xs - cx) / max(cx, 1), (ys - cy) / max(cy, 1)
    sector = ((np.arctan2(v, u) / (2 * math.pi) % 1) * bins).astype(np.int64) % bins
    far = np.hypot(u, v)
    order = np.lexsort((far, sector))
    last = order[np.append(np.flatnonzero(np.diff(sector[order])), len(order) - 1)]
    if len(last) < 0.8 * bins:
        return None
    points = np.column_stack([xs[last], ys[last]]).astype(np.float32)
    (ex, ey), (across, along), turn = cv2.fitEllipse(points)
    if not (0 < across <= 2.2 * max(along, 1) and 0 < along <= 2.2 * max(across, 1)):
        return None
    cos, sin = math.cos(math.radians(turn)), math.sin(math.radians(turn))
    dx, dy = points[:, 0] - ex, points[:, 1] - ey
    off = np.abs(np.hypot((dx * cos + dy * sin) / (across / 2), (dy * cos - dx * sin) / (along / 2)) - 1)
    steady = np.abs(np.diff(far[last], append=far[last[0]])) < 0.08
    ys, xs = np.nonzero(coloured)
    inner = np.hypot((xs - cx) / max(cx, 1), (ys - cy) / max(cy, 1)) < 0.8
    if np.count_nonzero(off < 0.05) < 0.7 * bins or np.count_nonzero(steady) < 0.7 * bins:
        return None
    if min(across, along) < _OVAL * _SCALE or np.count_nonzero(inner) < 0.05 * across * along:
        return None
    outline = cv2.ellipse2Poly((round(ex), round(ey)), (round(across / 2), round(along / 2)), round(turn), 0, 360, 6)
    return np.asarray(outline, np.int32)


def _square(part: Mask, coloured: Mask) -> NDArray[np.int32] | None:
    """The corners of a box along all of whose sides `part` has pixels, and more inside, if there is one."""
    import cv2

    points = np.column_stack(np.nonzero(part)[::-1]).astype(np.float32)
    rect = cv2.minAreaRect(points)
    (across, down) = rect[1]
    if min(across, down) < _SIDES[0] * _SCALE or max(across, down) > 1.7 * min(across, down):
        return None
    corners = cv2.boxPoints(rect).astype(np.float32)
    w, h = max(4, round(across)), max(4, round(down))
    upright = np.array([[0, h - 1], [0, 0], [w - 1, 0], [w - 1, h - 1]], np.float32)
    turn = cv2.getPerspectiveTransform(corners, upright)
    flat = cv2.warpPerspective(part.astype(np.uint8), turn, (w, h)) > 0
    written = cv2.warpPerspective(coloured.astype(np.uint8), turn, (w, h)) > 0
    rim = max(2, round(1.0 * _SCALE))
    sides = (flat[:rim].any(axis=0), flat[-rim:].any(axis=0), flat[:, :rim].any(axis=1), flat[:, -rim:].any(axis=1))
    inner = written[2 * rim : -2 * rim, 2 * rim : -2 * rim]
    covered = [float(side.mean()) for side in sides]
    if min(covered) < 0.6 or sum(covered) < 3.0 or not inner.size or not 0.08 < inner.mean() < 0.85:
        return None
    # A table with coloured rulings has lines from side to side; a seal has writing.
    if max(float(inner.mean(axis=1).max()), float(inner.mean(axis=0).max())) > 0.95:
        return None
    return np.rint(corners).astype(np.int32)


def _seal(shape: NDArray[np.uint8], lines: NDArray[np.uint8], size: tuple[int, int], hue: str) -> Seal:
    """`shape` less `lines` (both at `_SCALE`) as a seal on a page of `size` (height, width)."""
    import cv2

    height, width = size
    ys, xs = np.flatnonzero(shape.any(axis=1)), np.flatnonzero(shape.any(axis=0))
    fx, fy = width / shape.shape[1], height / shape.shape[0]
    left, right = int(xs[0] * fx), min(width, math.ceil((xs[-1] + 1) * fx))
    top, bottom = int(ys[0] * fy), min(height, math.ceil((ys[-1] + 1) * fy))
    piece = (shape * (lines == 0))[ys[0] : ys[-1] + 1, xs[0] : xs[-1] + 1]
    inside = cv2.resize(piece, (right - left, bottom - top), interpolation=cv2.INTER_NEAREST) > 0
    return Seal((left, top, right, bottom), inside, hue)
