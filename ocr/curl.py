"""What is still bent after the homography: paper that waves or curls towards a book's spine.

Lines that should be level are taken as level curves of a smooth shift of low order (Legendre polynomials), rulings
that should be upright likewise; their own places are unknown and drop out. Fitted by robust least squares with a
penalty on the coefficients, so that what the lines do not tell stays flat.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field

import numpy as np
from numpy.polynomial import legendre
from numpy.typing import NDArray

from .straight import Straightening, mapped
from .traces import Floats

ALONG = 6
"""Highest order along a line: a spine's curl is steep at one end."""
ASIDE = 2
"""Highest order from line to line."""
WORTH = 0.7
"""Points (0.25 mm) by which some line must be bent for a bend to be taken out; the reading stands less than that."""
SHORTEST = 100.0
"""Points of a line worth looking at: shorter ones are straight in any mild bend."""
BETTER, SHARE = 2.0, 0.5
"""By how much less (as a factor) lines must stand off when straightened, and which share of their length must."""
LIMIT = 15.0
"""Points; a stronger bend than 5 mm is no mild curl but lines wrongly linked."""


@dataclass(frozen=True, slots=True, eq=False)
class Bend:
    """A smooth shift from points of the straight sheet to points of the page after the homography.

    `down`, `across`: coefficients (order along the line, order aside) of the shift of y and of x; `middle`, `half`:
    centre and half sides (2,) of the part of the page that is known, beyond which the shift goes on unchanged.
    """

    down: Floats = field(repr=False)
    across: Floats = field(repr=False)
    middle: Floats
    half: Floats

    @property
    def flat(self) -> bool:
        """Whether there is no shift at all."""
        return not (self.down.any() or self.across.any())

    def shifted(self, points: Floats) -> Floats:
        """Points (n, 2) of the sheet, as they lie on the page after the homography."""
        if self.flat:
            return points
        at = np.clip((points - self.middle) / self.half, -1, 1)
        dx = legendre.legval2d(at[:, 1], at[:, 0], self.across)
        dy = legendre.legval2d(at[:, 0], at[:, 1], self.down)
        return np.asarray(points + np.column_stack([dx, dy]), np.float64)

    def scaled(self, matrix: Floats) -> Bend:
        """The same shift on a sheet that is `matrix` (3, 3: a scale and a shift only) times as large."""
        if self.flat:
            return self
        scale = np.array([matrix[0, 0], matrix[1, 1]])
        middle = self.middle * scale + matrix[:2, 2]
        return Bend(self.down * scale[1], self.across * scale[0], middle, self.half * scale)


FLAT = Bend(np.zeros((2, 1)), np.zeros((2, 1)), np.zeros(2), np.ones(2))


def bend(upright: Straightening) -> Bend:
    """The bend that the lines of the page show after its homography; FLAT where none is worth it."""
    if len(upright.traces) < 3:
        return FLAT
    lines = [(trace.axis, mapped(upright.matrix, trace.points), abs(trace.sigma)) for trace in upright.traces]
    every = np.concatenate([points for _, points, _ in lines])
    low, high = np.quantile(every, [0.005, 0.995], axis=0)
    middle, half = (low + high) / 2, np.maximum((high - low) / 2, 36.0)
    shifts = []
    for axis, along in (("h", 0), ("v", 1)):
        mine = [
            (points, sigma) for kind, points, sigma in lines if kind == axis and np.ptp(points[:, along]) > SHORTEST
        ]
        shifts.append(_shift(mine, along, middle, half))
    down, across = shifts
    if down is None and across is None:
        return FLAT
    none = np.zeros((2, 1))
    return Bend(none if down is None else down, none if across is None else across, middle, half)


def _shift(lines: list[tuple[Floats, float]], along: int, middle: Floats, half: Floats) -> Floats | None:
    """Coefficients (orders along, orders aside) of the shift off the lines; None where it is not worth taking out."""
    if len(lines) < 3:
        return None
    rows: list[Floats] = []
    offs: list[Floats] = []
    sigmas: list[Floats] = []
    owner: list[NDArray[np.intp]] = []
    for n, (points, scatter) in enumerate(lines):
        at = np.clip((points - middle) / half, -1, 1)
        own = np.full(len(points), at[:, 1 - along].mean())
        basis = legendre.legvander2d(at[:, along], own, [ALONG, ASIDE])[:, ASIDE + 1 :]  # none that is level
        away = points[:, 1 - along]
        rows.append(basis - basis.mean(axis=0))
        offs.append(away - away.mean())
        sigmas.append(np.full(len(points), max(scatter, 0.12)))
        owner.append(np.full(len(points), n, np.intp))
    basis, off, sigma = np.concatenate(rows), np.concatenate(offs), np.concatenate(sigmas)
    order = np.repeat(np.arange(1, ALONG + 1), ASIDE + 1) + np.tile(np.arange(ASIDE + 1), ALONG)
    prior = 8.0 / order
    whole = basis / sigma[:, None]
    values: Floats = np.zeros(basis.shape[1])
    wide = 4.0
    for _ in range(12):
        left = off / sigma - whole @ values
        weight = 1 / (1 + (left / (2 * wide)) ** 2) ** 2
        normal = (whole * weight[:, None]).T @ whole + np.diag(1 / prior**2)
        values = np.asarray(np.linalg.solve(normal, (whole * weight[:, None]).T @ (off / sigma)), np.float64)
        wide = max(1.0, 0.7 * wide)
    change = basis @ values
    lines_of, squares = np.concatenate(owner), np.column_stack([off, off - change]) ** 2
    whole_length = bent_length = 0.0
    bends: list[float] = []
    for n, (points, _) in enumerate(lines):
        mine = lines_of == n
        before, after = (math.sqrt(float(part)) for part in np.median(squares[mine], axis=0))
        length, bent = float(np.ptp(points[:, along])), float(np.ptp(change[mine]))
        whole_length += length
        if before > BETTER * after and bent > WORTH / 2:
            bent_length += length
            bends.append(bent)
    if len(bends) < 3 or bent_length < SHARE * whole_length:
        return None
    if not WORTH < float(np.quantile(bends, 0.75)) < 2 * LIMIT:
        return None
    coefficients = np.zeros((ALONG + 1, ASIDE + 1))
    coefficients[1:] = values.reshape(ALONG, ASIDE + 1)
    return coefficients
