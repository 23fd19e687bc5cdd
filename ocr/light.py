"""The ink of a page alone, on even white paper: light, fills, highlighter, seals, noise and the back taken off."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from biaoge.model import Finding

from . import behind, fills, noise, seals

if TYPE_CHECKING:
    from biaoge.raster import Pixels

_PAPER = 14.0
"""Millimetres over which paper is looked for: wider than the fill of a row, narrower than the edge of a shadow."""
_NIGHT = 170
"""Levels below which a page of one shade is no blank paper but black, or a picture that failed."""
_FILL = 3.0
"""Millimetres; what is wider than this both ways is a fill, what is narrower is writing or a ruling."""
_SPECK = 0.5
"""Millimetres across: largest speck of dirt in grey, where it is smeared."""
_SPECK_COPIED = 0.32
"""Millimetres across: largest speck of dirt on a black and white copy."""


@dataclass(frozen=True, slots=True, eq=False)
class Ink:
    """`grey`: (height, width) uint8, paper 255, ink dark with its grey edges. `removed`: (height, width) bool, what
    was told from ink by its colour. `findings` have no page yet."""

    grey: Pixels = field(repr=False)
    removed: NDArray[np.bool_] = field(repr=False)
    findings: tuple[Finding, ...] = ()


def ink(pixels: Pixels, dpi: float) -> Ink:
    """The ink of a page.

    `pixels`: (height, width) grey or (height, width, 3) RGB; `dpi` of them. Never an exception for a picture's sake:
    a page without contrast comes back as blank paper.
    """
    import cv2

    dpi = min(max(dpi, 20.0), 1200.0)
    removed = np.zeros(pixels.shape[:2], np.bool_)
    findings: list[Finding] = []
    if min(pixels.shape[:2]) < 3 or int(pixels.max()) - int(pixels.min()) < 12:
        dark = int(pixels.min()) < _NIGHT
        message = f"a page without contrast, all {'dark' if dark else 'one colour'}; nothing can be read on it"
        found = (Finding("no-contrast", "warning" if dark else "info", message),)
        return Ink(np.full(pixels.shape[:2], 255, np.uint8), removed, found)
    if _is_black(pixels):
        pixels = 255 - pixels
        findings.append(Finding("page-inverted", "info", "white writing on a black page; read as its negative"))
    pixels, turned = fills.turned_round(pixels, dpi)
    if turned:
        findings.append(Finding("fill-inverted", "info", f"white writing on {turned} dark fills; read as its negative"))
    if pixels.ndim == 2 and _is_bilevel(pixels):
        clean = noise.without_dirt(pixels, dpi, _SPECK_COPIED)
        return Ink(_softened(clean, dpi), removed, tuple(findings))
    if pixels.ndim == 3:
        grey = _without_colour(pixels, dpi, removed, findings)
        lit = _lit(np.asarray(cv2.cvtColor(pixels, cv2.COLOR_RGB2GRAY), np.uint8), dpi)
    else:
        grey = np.asarray(cv2.divide(pixels, _paper(pixels, dpi), scale=255), np.uint8)
        lit = _lit(pixels, dpi)
    sigma = noise.deviation(grey)
    grey = noise.calm(grey, dpi, sigma)
    grey = _stretched(_even(grey, dpi))
    pale = behind.judged(grey, dpi, sigma, lit)
    if pale is not None:
        grey = behind.without_pale(grey, dpi, pale)
        if pale.through:
            findings.append(
                Finding("bleed-through", "info", "writing of the other side shows through; it was taken off")
            )
    if sigma > noise.QUIET:
        grey = noise.without_dirt(grey, dpi, _SPECK)
    return Ink(grey, removed, tuple(findings))


def _is_black(pixels: Pixels) -> bool:
    """Whether a page is the negative of one: nearly all dark, with some bright strokes."""
    step = max(1, min(pixels.shape[:2]) // 600)
    some = pixels[::step, ::step]
    dark = float(np.mean(some.max(axis=2) < 100 if some.ndim == 3 else some < 100))
    return 0.75 < dark < 0.995


def _is_bilevel(grey: Pixels) -> bool:
    counts = np.bincount(grey[:: max(1, grey.shape[0] // 500)].ravel(), minlength=256)
    return int(counts[0] + counts[255]) == int(counts.sum())


def _softened(grey: Pixels, dpi: float) -> Pixels:
    import cv2

    return np.asarray(cv2.GaussianBlur(grey, (0, 0), max(0.4, 0.6 * dpi / 200)), np.uint8)


def _paper(pixels: Pixels, dpi: float) -> Pixels:
    """The paper's own brightness everywhere, of the shape of `pixels`: a wide closing of a reduced picture."""

    return _backdrop(pixels, dpi, _PAPER, smooth=2.5)


def _lit(grey: Pixels, dpi: float) -> NDArray[np.bool_]:
    """Where the paper is well lit, of the shape of `grey`: not in deep shadow, and not the table beside the paper."""
    import cv2

    paper = _paper(grey, dpi)
    lit = (paper > 0.75 * float(np.percentile(paper[::8, ::8], 95))).astype(np.uint8)
    side = max(3, round(4 * dpi / 25.4)) | 1
    return np.asarray(cv2.erode(lit, np.ones((side, side), np.uint8), borderValue=0) > 0)


def _backdrop(pixels: Pixels, dpi: float, width: float, smooth: float) -> Pixels:
    """What stands behind everything narrower than `width` (mm), smoothed by `smooth` (mm)."""
    import cv2

    mm = dpi / 25.4
    scale = min(1.0, 2.5 / mm)
    h, w = pixels.shape[:2]
    size = (max(1, round(w * scale)), max(1, round(h * scale)))
    small = cv2.resize(pixels, size, interpolation=cv2.INTER_AREA)
    side = max(3, round(width * mm * scale)) | 1
    kernel = np.ones((side, side), np.uint8)
    closed = cv2.morphologyEx(small, cv2.MORPH_CLOSE, kernel, borderType=cv2.BORDER_REPLICATE)
    if smooth:
        closed = cv2.GaussianBlur(closed, (0, 0), max(0.5, smooth * mm * scale))
    return np.asarray(np.maximum(cv2.resize(closed, (w, h), interpolation=cv2.INTER_LINEAR), 1), np.uint8)


def _without_colour(pixels: Pixels, dpi: float, removed: NDArray[np.bool_], findings: list[Finding]) -> Pixels:
    """Grey on white paper, seals and highlighter taken out; what was is set in `removed` and told in `findings`."""
    import cv2

    level = np.asarray(cv2.divide(pixels, _paper(pixels, dpi), scale=255), np.uint8)
    grey = cv2.cvtColor(level, cv2.COLOR_RGB2GRAY)
    broad = fills.broad_colour(level, dpi)
    if broad.any():
        even = cv2.cvtColor(cv2.divide(level, _backdrop(level, dpi, _FILL, smooth=0.3), scale=255), cv2.COLOR_RGB2GRAY)
        grey[broad] = even[broad]
        removed |= broad
    for seal in seals.find(level, dpi):
        left, top, right, bottom = seal.box
        own, was = seals.unmixed(level[top:bottom, left:right], seal.inside)
        part = grey[top:bottom, left:right]
        part[seal.inside] = own[seal.inside]
        removed[top:bottom, left:right] |= was
        mm = 25.4 / dpi
        message = f"a {seal.hue} seal of {(right - left) * mm:.0f} × {(bottom - top) * mm:.0f} mm was taken off"
        findings.append(Finding("seal-removed", "info", message))
    return np.asarray(grey, np.uint8)


def _even(grey: Pixels, dpi: float) -> Pixels:
    """Fills and what is left of uneven light divided out."""
    import cv2

    backdrop = _backdrop(grey, dpi, _FILL, smooth=0.3)
    count, labels, boxes, _ = cv2.connectedComponentsWithStats((backdrop < 115).astype(np.uint8), connectivity=4)
    height, width = grey.shape
    for n in range(1, count):
        x, y, w, h = (int(v) for v in boxes[n][:4])
        if x and y and x + w < width and y + h < height:  # broad strokes of large letters, and bars
            part = backdrop[y : y + h, x : x + w]
            part[labels[y : y + h, x : x + w] == n] = 255
    return np.asarray(cv2.divide(grey, backdrop, scale=255), np.uint8)


def _stretched(grey: Pixels) -> Pixels:
    """Ink near black, paper at 255: a straight line between the page's own ink and its own paper."""
    counts = np.bincount(grey.ravel(), minlength=256).astype(np.float64)
    total = counts.sum()
    dark = counts[:128].cumsum()
    if dark[-1] < 1e-5 * total:
        return grey
    black = int(np.searchsorted(dark, 0.25 * dark[-1]))
    paper = counts[200:]
    mode = 200 + int(np.argmax(paper))
    spread = np.sqrt(
        (paper[: mode - 199] * (mode - np.arange(200, mode + 1)) ** 2)[-12:].sum()
        / max(1, paper[: mode - 199][-12:].sum())
    )
    white = min(255.0, mode - 2.5 * spread)
    low = min(black, 120)
    table = np.clip((np.arange(256) - low) / max(1.0, white - low) * 255, 0, 255)
    return np.asarray(np.rint(table).astype(np.uint8)[grey])
