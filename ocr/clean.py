"""A picture of a page made even, level and upright, with the way back to the page as given.

Light first, on the pixels as given; then the paper's edge, quarter turns, straightening and curl are measured on a
reduced picture, and all of it is one resampling at the end, or none where the page lies straight.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import numpy as np

from biaoge.model import Box, Finding
from biaoge.raster import Pixels, Raster
from biaoge.warp import STEP, Warp

from . import border, papersize, shades
from .contract import Engine
from .curl import FLAT, Bend, bend
from .light import ink
from .orientation import quarters
from .sheet import Sheet
from .straight import mapped, straightening
from .traces import Dark, Floats

WORK_DPI = 100.0
"""Resolution at which the page's lie is measured: lines are found to a tenth of a pixel, 0.07 points."""
MOST_WORK = 2_500_000
"""Pixels of the reduced picture at the most, for pages beyond A3."""
MOST, FINE = 20_000_000, 300.0
"""A picture of more pixels is reduced, to bound memory, but not below so many dots an inch: A3 at 300 has fewer."""
SQUARE = 0.01
"""Share by which pixels may be taller than wide (rounding) before they are made square; a fax has twice as many dots
across as down."""
TALLEST = 32_000
"""Pixels of a side; OpenCV resamples no more than 32,767."""
BAND = 512
"""Rows resampled at a time, to bound memory."""


@dataclass(frozen=True, slots=True, eq=False)
class _Lie:
    """How a page of `size` (width, height in points, as given) lies: turned by quarters, then askew, then bent.

    `matrix`: (3, 3), from points of the turned page to those of the straight one; None where they are the same.
    """

    size: tuple[float, float]
    turned: int = 0
    matrix: Floats | None = None
    bend: Bend = FLAT
    skew: float = 0.0

    @property
    def straight(self) -> bool:
        """Whether the page is turned by quarters at the most."""
        return self.matrix is None and self.bend.flat

    def page(self, points: Floats) -> Floats:
        """From points (n, 2) of the straight page to points of the page as given, both from their corners."""
        points = self.bend.shifted(points)
        if self.matrix is not None:
            points = mapped(np.asarray(np.linalg.inv(self.matrix), np.float64), points)
        x, y = points.T
        width, height = self.size
        turns = {0: (x, y), 90: (width - y, x), 180: (width - x, height - y), 270: (y, height - x)}
        return np.column_stack(turns[self.turned])


def clean(raster: Raster, engine: Engine | None = None) -> Sheet:
    """The page with even light, level lines and upright rulings; without an engine no quarter turns are sought.

    The sheet has the scale of the page and its box the page's corner; it is larger where ink would leave it. A page
    that lies straight already keeps its pixels as the light left them. Findings tell what was done or left undone.
    """
    raster = _bounded(raster)
    size = (raster.box.width, raster.box.height)
    if max(raster.pixels.shape) > TALLEST:
        light = ink(raster.pixels, raster.dpi)
        found = (*light.findings, _info("not-straightened", f"a side over {TALLEST} pixels; not straightened"))
        return _sheet(raster, light.grey, _Lie(size), found)
    pixels, paper = raster.pixels, border.paper(raster.pixels)
    if paper is not None:
        pixels = border.without(pixels, paper)
    light = ink(pixels, raster.dpi)
    grey, findings = light.grey, list(light.findings)
    tint = shades.tint(pixels, size)
    del pixels, light
    if paper is not None:
        findings.append(_info("beside-the-paper", "the picture shows more than the paper; what lies beside it is cut"))
        grey[~border.inner(paper.outline, grey.shape)] = 255
        if tint is not None:
            tint[~border.inner(paper.outline, tint.shape)] = 0
    dark, scale = _reduced(grey, size)
    turned, told = quarters(grey, dark, 72 / 25.4 / scale, engine)
    findings += told
    if turned:
        dark = np.ascontiguousarray(np.rot90(dark, turned // 90))
    lie = _lie(dark, scale, (size, turned), (None,) * 4 if paper is None else paper.sides)
    if not lie.bend.flat:
        findings.append(_info("page-bent", "the paper is bent; its lines were made straight"))
    extent = _extent(dark, scale)
    return _with_tint(_sheet(raster, grey, lie, tuple(findings), extent), tint, lie, extent)


def _bounded(raster: Raster) -> Raster:
    """The same page with `MOST` pixels or, if that is more, at `FINE` dots an inch; itself where it has no more."""
    import cv2

    height, width = raster.pixels.shape[:2]
    factor = max(math.sqrt(MOST / height / width), FINE / raster.dpi)
    if factor >= 1:
        return raster
    small = (max(1, round(width * factor)), max(1, round(height * factor)))
    return Raster(np.asarray(cv2.resize(raster.pixels, small, interpolation=cv2.INTER_AREA), np.uint8), raster.box)


def _lie(dark: Dark, scale: float, turn: tuple[tuple[float, float], int], sides: papersize.Sides) -> _Lie:
    """How the page in `dark` lies, which has been turned already; `turn`: its size as given, and by how much."""
    size, turned = turn
    upright_size = size if turned % 180 == 0 else size[::-1]
    rims = [None if s is None else s * upright_size for s in papersize.turned_sides(sides, turned)]
    upright = straightening(dark, scale, papersize.edges(rims))
    curl = bend(upright) if upright.proven else FLAT
    moved = upright.moved or not curl.flat
    matrix = upright.matrix if moved else np.eye(3)
    sized = papersize.scaling(matrix, rims, upright_size)
    if sized is not None:
        curl = curl.scaled(sized)
        matrix = sized @ matrix
    skew = upright.skew if moved else 0.0
    return _Lie(size, turned, matrix if moved or sized is not None else None, curl, skew)


def _info(kind: str, message: str) -> Finding:
    return Finding(kind, "info", message)


def _reduced(grey: Pixels, size: tuple[float, float]) -> tuple[Dark, float]:
    """The darkness of the page, 0 to 1, with square pixels at `WORK_DPI` or less, and the points of a pixel."""
    import cv2

    width, height = size
    dpi = min(WORK_DPI, grey.shape[1] / width * 72, math.sqrt(MOST_WORK / width / height) * 72)
    scale = 72 / dpi
    small = (max(1, round(width / scale)), max(1, round(height / scale)))
    reduced = cv2.resize(grey, small, interpolation=cv2.INTER_AREA) if small != grey.shape[::-1] else grey
    return np.asarray(1 - reduced.astype(np.float32) / 255, np.float32), scale


def _extent(dark: Dark, scale: float) -> Floats:
    """Points (n, 2) of the turned page around which all ink lies: for every row and column the first and the last."""
    ink = dark > 0.4
    rows, cols = np.flatnonzero(ink.any(axis=1)), np.flatnonzero(ink.any(axis=0))
    if not len(rows):
        return np.zeros((0, 2))
    first, last = ink[rows].argmax(axis=1), ink.shape[1] - ink[rows][:, ::-1].argmax(axis=1)
    top, bottom = ink[:, cols].argmax(axis=0), ink.shape[0] - ink[:, cols][::-1].argmax(axis=0)
    return scale * np.concatenate(
        [np.column_stack(pair) for pair in ((first, rows), (last, rows), (cols, top), (cols, bottom))]
    ).astype(np.float64)


def _sheet(
    raster: Raster, grey: Pixels, lie: _Lie, findings: tuple[Finding, ...], extent: Floats | None = None
) -> Sheet:
    """The sheet of a page that lies so: turned where that is all, else resampled once."""
    box, (rows, cols) = raster.box, grey.shape
    width, height = lie.size if lie.turned % 180 == 0 else lie.size[::-1]
    square = abs(rows / cols * box.width / box.height - 1) <= SQUARE
    if square and lie.straight:
        grey = np.ascontiguousarray(np.rot90(grey, lie.turned // 90))
        tall = width * grey.shape[0] / grey.shape[1]  # of square pixels; the page's own height, but for rounding
        sheet = Box(box.x0, box.top, box.x0 + width, box.top + tall)
        return Sheet(grey, _warp(lie, box, sheet, (0.0, 0.0), height / tall), 0.0, lie.turned, findings)
    corner, (wide, tall) = _frame(lie, (width, height), extent)
    dpi = max(cols / box.width, rows / box.height) * 72
    shape = (max(1, round(tall * dpi / 72)), max(1, round(wide * dpi / 72)))
    sheet = Box(box.x0, box.top, box.x0 + shape[1] * 72 / dpi, box.top + shape[0] * 72 / dpi)
    out = _resampled(grey, lie, corner, shape, dpi)
    return Sheet(out, _warp(lie, box, sheet, corner, 1.0), lie.skew, lie.turned, findings)


def _with_tint(sheet: Sheet, tint: Pixels | None, lie: _Lie, extent: Floats) -> Sheet:
    """The sheet with `tint`, a picture of the page as given, made straight as the sheet was."""
    import cv2

    if tint is None:
        return sheet
    box = sheet.warp.sheet
    shape = (max(1, round(box.height * shades.SCALE)), max(1, round(box.width * shades.SCALE)))
    if sheet.warp.columns == sheet.warp.rows == 2:
        turned = np.ascontiguousarray(np.rot90(tint, lie.turned // 90))
        return replace(sheet, tint=np.asarray(cv2.resize(turned, shape[::-1], interpolation=cv2.INTER_LINEAR)))
    corner, _ = _frame(lie, lie.size if lie.turned % 180 == 0 else lie.size[::-1], extent)
    # As a negative, since what lies beyond the picture comes back white, and nothing is known of it.
    return replace(sheet, tint=255 - _resampled(255 - tint, lie, corner, shape, 72 * shades.SCALE))


def _frame(
    lie: _Lie, size: tuple[float, float], extent: Floats | None
) -> tuple[tuple[float, float], tuple[float, float]]:
    """Corner and size (points of the straight page) of the sheet: the page's own, but wider where ink lies beyond."""
    width, height = size
    if extent is None or not len(extent):
        return (0.0, 0.0), size
    straight = extent if lie.matrix is None else mapped(lie.matrix, extent)
    low, high = straight.min(axis=0) - 2, straight.max(axis=0) + 2
    low, high = np.maximum(low, [-0.1 * width, -0.1 * height]), np.minimum(high, [1.1 * width, 1.1 * height])
    left, top = min(0.0, float(low[0])), min(0.0, float(low[1]))
    return (left, top), (max(width, float(high[0])) - left, max(height, float(high[1])) - top)


def _warp(lie: _Lie, page: Box, sheet: Box, corner: tuple[float, float], stretch: float) -> Warp:
    """The mesh from the sheet to the page as given; `stretch`: points of the page down to one of the sheet."""
    step = max(sheet.width, sheet.height) if lie.straight else STEP
    columns, rows = (max(2, 1 + round(side / step)) for side in (sheet.width, sheet.height))
    x, y = np.meshgrid(np.linspace(0, sheet.width, columns), np.linspace(0, sheet.height * stretch, rows))
    nodes = lie.page(np.column_stack([x.ravel() + corner[0], y.ravel() + corner[1]])) + np.array([page.x0, page.top])
    return Warp(sheet, columns, rows, tuple((float(a), float(b)) for a, b in nodes))


def _resampled(grey: Pixels, lie: _Lie, corner: tuple[float, float], shape: tuple[int, int], dpi: float) -> Pixels:
    """The picture of the straight page, (height, width) `shape`, cubic, with white around."""
    import cv2

    height, width = shape
    per = np.array([grey.shape[1] / lie.size[0], grey.shape[0] / lie.size[1]])  # pixels a point
    out = np.full(shape, 255, np.uint8)
    every = 8  # pixels between places worked out; between them the way back is straight to a hundredth of a pixel
    xs = (np.arange(-(-width // every) + 2) * every + 0.5) * 72 / dpi + corner[0]
    for top in range(0, height, BAND):
        deep = min(BAND, height - top)
        ys = (top + np.arange(-(-deep // every) + 2) * every + 0.5) * 72 / dpi + corner[1]
        x, y = np.meshgrid(xs, ys)
        nodes = (lie.page(np.column_stack([x.ravel(), y.ravel()])) * per - 0.5).astype(np.float32)
        grid = nodes.reshape(len(ys), len(xs), 2)
        back = np.array([[1 / every, 0, 0], [0, 1 / every, 0]])
        maps = [
            cv2.warpAffine(part, back, (width, deep), flags=cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP)
            for part in (np.ascontiguousarray(grid[..., 0]), np.ascontiguousarray(grid[..., 1]))
        ]
        cv2.remap(
            grey,
            maps[0],
            maps[1],
            cv2.INTER_CUBIC,
            dst=out[top : top + deep],
            borderMode=cv2.BORDER_CONSTANT,
            borderValue=255,
        )
    return out
