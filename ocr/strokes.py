"""Long thin dark strokes of a picture, level ones; give the transposed picture for upright ones.

Grey values are averaged along the direction sought (noise and letters fade, rulings stay), then a black top-hat across
it keeps what is dark and thinner than a few points. What stays dark over a length longer than letters is a piece of a
line; pieces that go on from one another are chained, with the drift that a sheet not quite straight gives them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from . import blobs

if TYPE_CHECKING:
    from numpy.typing import NDArray

ALONG = 2.8
"""Grey values are averaged over this length (points) along a line: longer than a stroke is wide, shorter than gaps."""
STOUT = 4.2
"""No ruling is thicker (points); letters are higher."""
SEED = 20.0
"""A piece this long (points) may be a ruling's; the strokes of running text are shorter."""
SHORT = 7.0
"""The lowest rows' upright rulings are this long (points); only crossings at both ends make them rulings."""
FAINT = 9.0
"""Levels of 255 by which the palest line is darker than the paper beside it."""
PALE = 0.18
"""Lines paler than this share of the page's strong ones are the other side's that shows through."""
GRAIN = 3.0
"""Times the top-hat's median over the sheet, which is what noise gives: less is no line."""
ASIDE = 1.0
"""Pieces of one line miss each other's course by this much at most (points), besides the drift."""
DRIFT = 0.004
"""Tangent of the angle by which a line's course is uncertain."""
ASIDE_FROM, ASIDE_TO = 1.8, 2.8
"""Where a ruling has paper beside it (points from its middle)."""
FLANK = 0.3
"""Darker aside than this share of the line itself is no paper."""
WORDY = 72.0
"""The feet of letters of a heading make no longer stroke (points)."""
ENDS = 4.5
"""So much of a stroke's end (points) other lines may lie on, with their blur."""
MOST = 4000
"""No page has so many pieces of rulings; what is more is noise, and the longest are kept."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A stroke from column `start` to `end` (pixels) that runs through `at` (row) at both ends."""

    start: float
    end: float
    at_start: float
    at_end: float
    strength: float

    @property
    def length(self) -> float:
        """Pixels along."""
        return self.end - self.start


@dataclass(frozen=True, slots=True, eq=False)
class Trace:
    """One line's course: it passes `ys` at `xs` (pixels, ascending), and goes on beyond with `slope`.

    `strength`: its darkness in the top-hat, in levels. `parts`: starts and ends of the pieces it is made of.
    """

    xs: NDArray[np.float64] = field(repr=False)
    ys: NDArray[np.float64] = field(repr=False)
    slope: float
    strength: float
    parts: tuple[tuple[float, float], ...] = field(default=(), repr=False)

    def at(self, x: NDArray[np.float64]) -> NDArray[np.float64]:
        """The row at every column of `x`."""
        out = np.interp(x, self.xs, self.ys)
        out = np.where(x < self.xs[0], self.ys[0] + (x - self.xs[0]) * self.slope, out)
        return np.asarray(np.where(x > self.xs[-1], self.ys[-1] + (x - self.xs[-1]) * self.slope, out))

    def at_one(self, x: float) -> float:
        """The row at a column."""
        return float(self.at(np.array([x]))[0])


@dataclass(frozen=True, slots=True, eq=False)
class Field:
    """A picture looked at along one axis; arrays are (height, width) of uint8, `scale` is pixels a point.

    `grey`: the picture, `soft`: averaged along, `response`: its top-hat; what is less than `floor` there is noise.
    """

    grey: NDArray[np.uint8] = field(repr=False)
    soft: NDArray[np.uint8] = field(repr=False)
    response: NDArray[np.uint8] = field(repr=False)
    scale: float
    floor: float


def field_of(grey: NDArray[np.uint8], scale: float) -> Field:
    """How dark every pixel is against what lies above and below within a ruling's thickness.

    `grey`: (height, width), paper light; `scale`: pixels a point.
    """
    import cv2

    along = max(1, round(ALONG * scale)) | 1
    soft = np.asarray(cv2.blur(grey, (along, 1), borderType=cv2.BORDER_REPLICATE), np.uint8)
    across = (max(3, round(STOUT * scale))) | 1
    hat = np.asarray(cv2.morphologyEx(soft, cv2.MORPH_BLACKHAT, np.ones((across, 1), np.uint8)), np.uint8)
    noise = float(np.median(hat[:: max(1, hat.shape[0] // 500), :: max(1, hat.shape[1] // 500)]))
    return Field(grey, soft, hat, scale, max(FAINT, GRAIN * noise))


@dataclass(frozen=True, slots=True, eq=False)
class Section:
    """What lies across a course, for every column of it; arrays are (columns,).

    `ridge`: the top-hat, `raw`: the same of the picture itself, `above`, `below`: darkness a little aside; in levels.
    """

    ridge: NDArray[np.float64] = field(repr=False)
    raw: NDArray[np.float64] = field(repr=False)
    above: NDArray[np.float64] = field(repr=False)
    below: NDArray[np.float64] = field(repr=False)


def section(found: Field, columns: NDArray[np.int64], rows: NDArray[np.float64]) -> Section:
    """The section of a course that passes `rows` at `columns` (pixels)."""
    height = found.response.shape[0]
    middle = np.floor(rows).astype(np.int64)
    reach, aside = max(1, round(0.45 * found.scale)), round(ASIDE_FROM * found.scale)
    offs = np.arange(-reach, reach + 1)[:, None]
    near = np.clip(middle + offs, 0, height - 1)
    hats = found.response[near, columns]
    best = hats.argmax(axis=0)
    places = np.arange(len(columns))
    ridge = hats[best, places].astype(np.float64)
    spot = near[best, places]
    soft = found.soft
    paper = soft[spot, columns] + ridge
    raw = paper - found.grey[near, columns].min(axis=0)
    sides = []
    for sign in (-1, 1):
        steps = (np.arange(aside, max(aside + 1, round(ASIDE_TO * found.scale)) + 1) * sign)[:, None]
        sides.append(paper - soft[np.clip(spot + steps, 0, height - 1), columns].mean(axis=0))
    return Section(ridge, raw, sides[0], sides[1])


def is_line(found: Field, piece: Piece, strict: bool = False) -> bool:
    """Whether a stroke looks like a ruling and not like a line of letters: even, with paper on one side at least.

    Dots and dashes are not even, but have paper on both sides. `strict`: for strokes that nothing else speaks for.
    """
    # Its ends may lie on lines that cross it.
    trim = min(ENDS * found.scale, piece.length / 4)
    columns = np.arange(int(piece.start + trim), int(piece.end - trim), max(1, int(piece.length / 240)))
    rows = np.interp(columns, (piece.start, piece.end), (piece.at_start, piece.at_end))
    cut = section(found, columns, rows)
    limit = FLANK * np.maximum(cut.ridge, 1.0)
    above, below = float((cut.above > limit).mean()), float((cut.below > limit).mean())
    even = float((cut.raw > 0.5 * np.median(cut.ridge)).mean())
    if max(above, below) < (0.05 if strict else 0.15):
        # The letters of a heading that stands close to a line are less even than any line that has no paper.
        return max(above, below) < 0.05 or even >= 0.85 or piece.length >= WORDY * found.scale
    if strict:
        return min(above, below) < 0.1 and above + below < 0.4 and even >= 0.97
    return min(above, below) < 0.25 and above + below < 0.9 and even >= 0.93


def pieces(found: Field, floor: float) -> NDArray[np.int64]:
    """Boxes (x, y, width, height in pixels) of strokes longer than a low row that are darker than `floor`."""
    import cv2

    dark = np.asarray(found.response > floor, np.uint8)
    if not dark.any():
        return np.zeros((0, 4), np.int64)
    tall = _thickened(found.scale)
    thick = cv2.dilate(dark, np.ones((tall, 1), np.uint8))
    long = max(3, round(SHORT * found.scale)) | 1
    opened = cv2.morphologyEx(thick, cv2.MORPH_OPEN, np.ones((1, long), np.uint8), borderValue=0)
    # Every point of length is enough of it: strokes are longer.
    step = max(1, round(found.scale))
    sparse = np.ascontiguousarray(opened[:, ::step])
    count, _, stats, _ = cv2.connectedComponentsWithStats(sparse, connectivity=8, ltype=cv2.CV_32S)
    boxes = np.asarray(stats[1:count, :4] * np.array([step, 1, step, 1]), np.int64)
    boxes[:, 2] = np.minimum(boxes[:, 2], found.response.shape[1] - boxes[:, 0])
    # What is high is no line, but a long one may drift.
    boxes = boxes[boxes[:, 3] <= np.maximum(STOUT * found.scale + tall, 0.02 * boxes[:, 2] + tall + 2)]
    if len(boxes) > MOST:
        boxes = boxes[np.sort(np.argsort(-boxes[:, 2], kind="stable")[:MOST])]
    return np.asarray(boxes, np.int64)


def _thickened(scale: float) -> int:
    """Rows of pixels that make up for a line that steps from one row to the next."""
    return max(1, round(0.3 * scale)) * 2 + 1


def fitted(found: Field, boxes: NDArray[np.int64]) -> list[Piece]:
    """The strokes in `boxes`; see `pieces`."""
    out = []
    for x, y, width, height in boxes.tolist():
        piece = _fitted(found.response[y : y + height, x : x + width], x, y)
        if piece is not None:
            out.append(piece)
    return out


def _fitted(part: NDArray[np.uint8], x: int, y: int) -> Piece | None:
    """A straight line through the response of a piece's box, by least squares over blocks of columns."""
    height, width = part.shape
    blocks = min(24, max(2, width // 8))
    edges = np.linspace(0, width, blocks + 1).astype(np.int64)
    mass = np.add.reduceat(part.astype(np.float64), edges[:-1], axis=1)  # (height, blocks)
    # Squared, so that the ridge counts and not the noise beside it.
    mass = np.square(mass)
    total = mass.sum(axis=0)
    good = total > 0
    if not good.any():
        return None
    rows = (mass * np.arange(height)[:, None]).sum(axis=0)[good] / total[good]
    columns = ((edges[:-1] + edges[1:]) / 2)[good]
    slope, mean = 0.0, float(np.median(rows))
    if good.sum() >= 4 and width > 40:
        slope, level = (float(v) for v in np.polyfit(columns, rows, 1))
        mean = level + slope * width / 2
    strength = float(np.median(part.max(axis=0)))
    half = slope * width / 2
    return Piece(float(x), float(x + width), y + mean - half + 0.5, y + mean + half + 0.5, strength)


def tilt(found: Sequence[Piece], scale: float) -> float:
    """The slope that the long pieces have in common; 0 where there are none."""
    long = [piece for piece in found if piece.length > 100 * scale]
    if not long:
        return 0.0
    return float(np.median([(p.at_end - p.at_start) / p.length for p in long]))


def traces(found: Sequence[Piece], scale: float) -> list[Trace]:
    """Pieces that go on from one another as one line each, from top to bottom."""
    slope = tilt(found, scale)
    chains: list[list[Piece]] = []
    for piece in sorted(found, key=lambda p: (p.start, p.at_start)):
        best, best_off = None, float("inf")
        for chain in chains:
            last = chain[-1]
            gap = piece.start - last.end
            if gap < -max(3.0 * scale, 0.2 * min(piece.length, last.length)):
                continue
            along = slope if last.length < 60 * scale else (last.at_end - last.at_start) / last.length
            along = along if gap < 30 * scale else slope
            off = abs(last.at_end + along * gap - piece.at_start)
            allowed = min(ASIDE * scale + DRIFT * max(0.0, gap), 3 * scale)
            if off <= max(1.5, allowed) and off < best_off:
                best, best_off = chain, off
        if best is None:
            chains.append([piece])
        else:
            best.append(piece)
    out = [_traced(chain, slope) for chain in chains]
    return sorted(out, key=lambda trace: float(trace.ys[0]))


def _traced(chain: Sequence[Piece], slope: float) -> Trace:
    xs: list[float] = []
    ys: list[float] = []
    for piece in chain:
        for x, y in ((piece.start, piece.at_start), (piece.end, piece.at_end)):
            if not xs or x > xs[-1]:
                xs.append(x)
                ys.append(y)
    weights = np.array([piece.length for piece in chain])
    strength = float(np.average([piece.strength for piece in chain], weights=weights))
    parts = tuple((piece.start, piece.end) for piece in chain)
    return Trace(np.array(xs), np.array(ys), slope, strength, parts)


def profile(found: Field, trace: Trace) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """For every column of the picture whether the line is drawn there, and whether there is paper on both sides.

    Where there is ink on both sides the line is not held to be drawn: letters stand on its course.
    """
    columns = np.arange(found.response.shape[1])
    cut = section(found, columns, trace.at(np.asarray(columns + 0.5, np.float64)))
    strong = cut.ridge > max(found.floor, 0.4 * trace.strength)
    limit = FLANK * np.maximum(cut.ridge, trace.strength)
    above, below = cut.above > limit, cut.below > limit
    return np.asarray(strong & ~(above & below)), np.asarray(~above & ~below)


def runs(drawn: NDArray[np.bool_], shortest: float) -> list[tuple[int, int]]:
    """Starts and ends of the stretches of True at least `shortest` long."""
    return [(start, end) for start, end in blobs.runs(drawn) if end - start >= shortest]
