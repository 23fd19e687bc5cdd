"""Lines of fills that lean or bend a little, made straight together.

A table without rulings gives nothing to make a page straight by but its lines of writing, which leaves its edges
leaning by a few points over the page. All of them lean alike: how far each place is off is one smooth function of
where it is, fitted to the courses of all clear edges at once, each of them being free in where it lies.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from .shadededges import Course, Way, courses

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float32]

LEAST = 40.0
"""Points of the shortest edge whose course is believed."""
TIMES = 2
"""How often the courses are followed anew on the picture made straight: edges that lean are found in pieces."""
STILL = 0.4
"""Pixels: what is off by no more anywhere stays where it is."""
ROUNDS = 6
"""How often courses that do not fit are given less weight."""
FITS = 0.5
"""Points off a course that halve its weight: the two edges of a gap are further apart."""
STIFF = 5.0
"""How much is lost, in pixels² of all courses, for a bend of a pixel; a slope costs a hundredth."""


@dataclass(frozen=True, slots=True, eq=False)
class Straight:
    """`level`, `seen`: pictures made straight; `dx`, `dy`: pixels by which each of their places lies further right and
    further down in the picture as it was. All (height, width)."""

    level: Floats
    seen: Floats
    dx: Floats
    dy: Floats


def straightened(level: Floats, seen: Floats, ways: tuple[Way, Way]) -> tuple[Straight, tuple[Way, Way]]:
    """The pictures with the edges on them made level and upright, and what `ways` become."""
    import cv2

    height, width = level.shape
    across, down = ways
    dx, dy = np.zeros_like(level), np.zeros_like(level)
    xs, ys = np.arange(width, dtype=np.float32)[None], np.arange(height, dtype=np.float32)[:, None]
    straight, beyond = Straight(level, seen, dx, dy), cv2.BORDER_REPLICATE
    for _ in range(TIMES):
        off = _offsets(courses(down, LEAST), down).T, _offsets(courses(across, LEAST), across)
        if max(float(np.abs(o).max()) for o in off) < STILL:
            break
        at = xs + off[0], ys + off[1]
        dx, dy = (o + cv2.remap(d, *at, cv2.INTER_LINEAR, None, beyond) for o, d in zip(off, (dx, dy), strict=True))
        at = xs + dx, ys + dy
        moved = np.asarray(cv2.remap(level, *at, cv2.INTER_LINEAR, None, beyond), np.float32)
        known = np.asarray(cv2.remap(seen, *at, cv2.INTER_LINEAR) > 0.99, np.float32)
        straight = Straight(moved, known, dx, dy)
        across, down = (
            Way(moved, known, across.scale),
            Way(np.ascontiguousarray(moved.T), np.ascontiguousarray(known.T), across.scale),
        )
    return straight, (across, down)


def _offsets(followed: Sequence[Course], way: Way) -> Floats:
    """(rows, columns): by how many pixels a level line through there lies lower than on the whole."""
    height, width = way.shape
    co = _fitted(followed, way) if followed else np.zeros(6)
    along, across = (np.arange(n, dtype=np.float64) / n * 2 - 1 for n in (width, height))
    lean = np.stack([along, along**2, along**3], axis=-1)
    # Taken apart so, for the six terms of every pixel would fill a hundred megabytes.
    return np.asarray(lean @ co[:3] + across[:, None] * (lean @ co[3:]), np.float32)


def _terms(along: NDArray[np.float64], across: NDArray[np.float64]) -> NDArray[np.float64]:
    """(..., 6): a cubic along the lines that changes evenly across them; both from -1 to 1 over the picture."""
    lean = np.stack(np.broadcast_arrays(along, along**2, along**3), axis=-1)
    return np.concatenate([lean + 0 * across[..., None], lean * across[..., None]], axis=-1)


def _fitted(followed: Sequence[Course], way: Way) -> NDArray[np.float64]:
    """(6,): the weights of `_terms`, by least squares reweighted as of Cauchy's distribution."""
    height, width = way.shape
    owner = np.repeat(np.arange(len(followed)), [len(c.rows) for c in followed])
    rows = np.concatenate([c.rows for c in followed]).astype(np.float64)
    columns = np.concatenate([c.columns for c in followed]).astype(np.float64)
    data = np.column_stack([_terms(columns / width * 2 - 1, rows / height * 2 - 1), rows])
    weights = np.ones(len(rows))
    stiff = STIFF * np.diag([0.01, 1, 1, 1, 1, 1])
    co: NDArray[np.float64] = np.zeros(6)
    for _ in range(ROUNDS):
        total = np.maximum(np.bincount(owner, weights, len(followed)), 1e-9)
        means = np.column_stack([np.bincount(owner, weights * d, len(followed)) / total for d in data.T])
        own = data - means[owner]
        terms, off = own[:, :-1], own[:, -1]
        co = np.asarray(np.linalg.solve(terms.T @ (weights[:, None] * terms) + stiff, terms.T @ (weights * off)))
        weights = 1 / (1 + ((off - terms @ co) / (FITS * way.scale)) ** 2)
    return co
