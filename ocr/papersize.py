"""The straight page at the size of its paper: pages of one document then have one scale, near or far as they are.

A page's long lines tell its angles and nothing of its size, or of how high it is for its width; the paper's edges do.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from .straight import Edge, mapped
from .traces import Floats

SAME = 0.04
"""Share by which height to width may differ from a known format and still be it."""
WORTH = 0.003
"""Share by which the scale must be off to be changed: a page's columns are told apart at three times that."""
LEAST, MOST = 0.93, 1.8
"""Factors between which the scale is changed; more is no paper that fills most of the picture."""

Sides = Sequence[Floats | None]
"""For left, top, right, bottom the two ends (2, 2) of the paper's edge; None where it is not seen."""


def turned_sides(sides: Sides, turned: int) -> tuple[Floats | None, ...]:
    """The sides, in shares of a picture's width and height, after it was turned counter-clockwise by `turned`."""
    out = tuple(sides)
    for _ in range(turned // 90 % 4):  # (x, y) goes to (y, 1 - x): the top comes to the left, the right to the top
        moved = [None if ends is None else np.column_stack([ends[:, 1], 1 - ends[:, 0]]) for ends in out]
        out = (moved[1], moved[2], moved[3], moved[0])
    return out


def edges(sides: Sides) -> tuple[Edge, ...]:
    """The sides that are seen, each with its ends in ascending order."""
    found: list[Edge] = []
    for n, ends in enumerate(sides):
        if ends is not None:
            across = n % 2 == 1
            found.append((across, np.asarray(ends[np.argsort(ends[:, 0 if across else 1])], np.float64)))
    return tuple(found)


def scaling(matrix: Floats, sides: Sides, size: tuple[float, float]) -> Floats | None:
    """What must follow `matrix` (3, 3) to give the paper the size (points) of its page; None where that is not seen.

    `sides`: in points of the page as given; two that face each other are needed. The paper's height to width is the
    page's own where it is near to that, or that of the A formats; else both ways are scaled alike.
    """
    straight = [None if ends is None else mapped(matrix, ends) for ends in sides]
    left, top, right, bottom = straight
    width, height = size
    middle = np.median(np.concatenate([ends for ends in straight if ends is not None] or [np.zeros((1, 2))]), axis=0)
    wide = tall = None
    if left is not None and right is not None:
        wide = _at(right[:, ::-1], float(middle[1])) - _at(left[:, ::-1], float(middle[1]))
    if top is not None and bottom is not None:
        tall = _at(bottom, float(middle[0])) - _at(top, float(middle[0]))
    if wide is not None and tall is not None:
        if min(wide, tall) <= 0:
            return None
        across, down = _both(wide, tall, width, height)
    elif wide is not None or tall is not None:
        across = down = width / wide if wide else height / tall if tall else 1.0
    else:
        return None
    if not (LEAST < across < MOST and LEAST < down < MOST):
        return None
    if max(abs(across - 1), abs(down - 1)) < WORTH:
        return None
    x = 0.0 if left is None else across * _at(left[:, ::-1], float(middle[1]))
    y = 0.0 if top is None else down * _at(top, float(middle[0]))
    if left is None:
        x = 0.0 if right is None else across * _at(right[:, ::-1], float(middle[1])) - width
    if top is None:
        y = 0.0 if bottom is None else down * _at(bottom, float(middle[0])) - height
    return np.array([[across, 0, -x], [0, down, -y], [0, 0, 1]])


def _both(wide: float, tall: float, width: float, height: float) -> tuple[float, float]:
    """Factors across and down for a paper of `wide` by `tall` on a page of `width` by `height`."""
    if abs(tall / wide * width / height - 1) < SAME:
        return width / wide, height / tall
    fit = min(width / wide, height / tall)
    for ratio in (math.sqrt(2), 1 / math.sqrt(2)):
        if abs(tall / wide / ratio - 1) < SAME:
            share = math.sqrt(ratio * wide / tall)
            return fit / share, fit * share
    return fit, fit


def _at(ends: Floats, where: float) -> float:
    """The second coordinate at which the line through two ends (2, 2) has `where` as its first."""
    (a, b), (c, d) = ends
    return float(b + (d - b) * (where - a) / (c - a)) if c != a else float(b)
