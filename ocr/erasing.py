"""A sheet without its rulings, with the strokes of letters that touch or cross them.

Along every ruling the picture is looked at column by column: the run of dark pixels through its middle is the
ruling's own where it is no thicker than usual, and is made paper with its blurred edges; where it is thicker, a letter
touches, and it stays. Where two rulings cross both go. Crumbs left within the ruling's band go at the end.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from biaoge.model import Ruling

from .sheet import Sheet

if TYPE_CHECKING:
    from numpy.typing import NDArray

WANDER = 1.6
"""A ruling's course leaves its position by this much at most (points)."""
SKIRT = 0.9
"""Blur darkens the paper this far (points) beside a line."""
THICKER = 0.5
"""A run is a letter's where it is thicker than the ruling by this (points) and half as much again."""
CRUMB = 1.4
"""What is smaller (points, both ways) than a full stop and lies in a ruling's band is a crumb of it."""
BAND = 1.6
"""Half the height (points), besides half the thickness, of the band in which crumbs are looked for."""
PALER = 0.35
"""A pixel belongs to the run where it is darker than this share of the line's darkness."""


def erase(sheet: Sheet, rulings: Sequence[Ruling]) -> Sheet:
    """The same sheet with the pixels of `rulings` (points of the sheet) made paper; letters that touch them stay.

    What a ruling's own pixels are is seen on the sheet: a ruling said to be where nothing is changes nothing but
    crumbs of dirt there.
    """
    if not rulings:
        return sheet
    scale, box = sheet.dpi / 72, sheet.warp.sheet
    grey = sheet.grey.copy()
    paper = _paper(sheet.grey, scale)
    # Where rulings of the other axis stand, both may be wiped whatever their thickness.
    ground = {axis: np.zeros(grey.shape, np.bool_) for axis in ("h", "v")}
    for ruling in rulings:
        left, top, right, bottom = sheet.pixels_of(ruling.box.grown(SKIRT))
        ground[ruling.axis][top:bottom, left:right] = True
    band = np.zeros(grey.shape, np.bool_)
    for ruling in rulings:
        level = ruling.axis == "h"
        across, along = (box.top, box.x0) if level else (box.x0, box.top)
        place = ((ruling.at - across) * scale, (ruling.start - along) * scale, (ruling.end - along) * scale)
        if level:
            _wipe(grey, paper, (ground["v"], band), place, (ruling.thickness * scale, scale))
        else:
            _wipe(grey.T, paper.T, (ground["h"].T, band.T), place, (ruling.thickness * scale, scale))
    _sweep(grey, paper, band, scale)
    return replace(sheet, grey=grey)


def _paper(grey: NDArray[np.uint8], scale: float) -> NDArray[np.uint8]:
    """The paper's grey at every pixel, without what is written: closed over letters' strokes, and softened."""
    import cv2

    height, width = grey.shape
    small = cv2.resize(
        grey, (max(1, round(width / scale)), max(1, round(height / scale))), interpolation=cv2.INTER_AREA
    )
    closed = cv2.medianBlur(cv2.morphologyEx(small, cv2.MORPH_CLOSE, np.ones((9, 9), np.uint8)), 5)
    return np.asarray(cv2.resize(closed, (width, height), interpolation=cv2.INTER_LINEAR), np.uint8)


def _wipe(
    grey: NDArray[np.uint8],
    paper: NDArray[np.uint8],
    masks: tuple[NDArray[np.bool_], NDArray[np.bool_]],
    place: tuple[float, float, float],
    size: tuple[float, float],
) -> None:
    """One level ruling made paper in `grey`.

    `masks`: where rulings cross it, and the band of crumbs, added to. `place`: row, first and last column (pixels).
    `size`: its thickness in pixels, and pixels a point.
    """
    thickness, scale = size
    crossing, band = masks
    height, width = grey.shape
    at, start, end = place
    reach = round(WANDER * scale + 1.5 * thickness + SKIRT * scale) + 1
    top, bottom = max(0, int(at) - reach), min(height, int(at) + reach + 1)
    over = round(thickness / 2 + SKIRT * scale)
    left, right = max(0, int(start) - over), min(width, int(np.ceil(end)) + over)
    if bottom - top < 3 or right <= left:
        return
    part = grey[top:bottom, left:right]
    ground = paper[top:bottom, left:right].astype(np.int16)
    dark = np.maximum(ground - part, 0).astype(np.float32)  # (rows, columns)
    course = _course(dark, at - top, scale)
    rows = np.arange(bottom - top)[:, None]
    columns = np.arange(right - left)
    ridge = dark[course, columns]
    usual = float(np.percentile(ridge, 60))
    if usual < 6:
        return
    inked = dark > max(5.0, PALER * usual)
    up, down = _run(inked, course)
    tall = np.where(inked[course, columns], down - up + 1, 0)
    ruled = tall[(tall > 0) & (tall < reach)]
    own = float(np.median(ruled)) if len(ruled) else thickness
    most = max(1.5 * own, own + THICKER * scale)
    cross = crossing[top:bottom, left:right][course, columns]
    mine = (tall > 0) & (tall <= most)
    half = int(np.ceil(own / 2 + 0.5))
    up = np.where(cross & ~mine, course - half, up)
    down = np.where(cross & ~mine, course + half, down)
    skirt = max(1, round(SKIRT * scale))
    wiped = (mine | cross)[None, :] & (rows >= up - skirt) & (rows <= down + skirt)
    # Beside the run only what fades away from it goes.
    core = (rows >= up) & (rows <= down)
    fading = wiped & ~core & (dark < PALER * usual + 6)
    wiped = (wiped & core) | fading
    part[wiped] = ground.astype(np.uint8)[wiped]
    spread = round(BAND * scale + own / 2)
    band[top:bottom, left:right] |= np.abs(rows - course[None, :]) <= spread


def _course(dark: NDArray[np.float32], at: float, scale: float) -> NDArray[np.int64]:
    """For every column the row of the ruling's middle: the darkest near `at`, the same for a stretch of columns."""
    import cv2

    height, width = dark.shape
    window = min(width, max(3, round(24 * scale))) | 1
    soft = cv2.blur(dark, (window, 3), borderType=cv2.BORDER_REPLICATE)
    rows = np.arange(height)[:, None]
    allowed = np.abs(rows + 0.5 - at) <= WANDER * scale + 1
    score = np.where(allowed, soft - 0.02 * np.abs(rows + 0.5 - at), -1.0)
    best = score.argmax(axis=0)
    # The ridge itself, at most a pixel off.
    columns = np.arange(width)
    near = np.clip(best + np.array([[0], [-1], [1]]), 0, height - 1)
    return np.asarray(near[dark[near, columns].argmax(axis=0), columns], np.int64)


def _run(inked: NDArray[np.bool_], course: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """First and last row of the run of ink through the course, for every column."""
    height = inked.shape[0]
    rows = np.arange(height)[:, None]
    blank = ~inked
    above = np.where(blank & (rows <= course), rows, -1).max(axis=0)
    below = np.where(blank & (rows >= course), rows, height).min(axis=0)
    return np.asarray(above + 1), np.asarray(below - 1)


def _sweep(grey: NDArray[np.uint8], paper: NDArray[np.uint8], band: NDArray[np.bool_], scale: float) -> None:
    """Crumbs in the rulings' bands made paper: small, and wholly inside."""
    import cv2

    ink = (paper.astype(np.int16) - grey > 24).astype(np.uint8)
    near = cv2.dilate(band.astype(np.uint8), np.ones((3, 3), np.uint8))
    grown = cv2.dilate(near, np.ones((round(2 * CRUMB * scale) | 1,) * 2, np.uint8))
    count, labels, stats, _ = cv2.connectedComponentsWithStats(
        np.asarray(ink * (grown > 0), np.uint8), connectivity=8, ltype=cv2.CV_32S
    )
    if count < 2:
        return
    inside = np.bincount(labels[band], minlength=count)
    size = CRUMB * scale
    small = (stats[:, 2] <= size) & (stats[:, 3] <= size) | (np.minimum(stats[:, 2], stats[:, 3]) <= 0.7 * scale)
    crumbs = small & (inside == stats[:, 4])
    crumbs[0] = False
    gone = cv2.dilate(crumbs[labels].astype(np.uint8), np.ones((3, 3), np.uint8)) > 0
    gone &= band
    grey[gone] = paper[gone]
