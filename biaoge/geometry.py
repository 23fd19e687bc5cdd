"""Boxes: points, origin at the top left of the page as displayed, x to the right, y down."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, order=True)
class Box:
    """A rectangle in points; `x0 <= x1`, `top <= bottom`."""

    x0: float
    top: float
    x1: float
    bottom: float

    def __post_init__(self) -> None:
        if not (-math.inf < self.x0 <= self.x1 < math.inf and -math.inf < self.top <= self.bottom < math.inf):
            raise ValueError(f"box turned inside out, or with a coordinate that is no number: {self}")

    @property
    def width(self) -> float:
        """Points across."""
        return self.x1 - self.x0

    @property
    def height(self) -> float:
        """Points down."""
        return self.bottom - self.top

    @property
    def area(self) -> float:
        """Square points."""
        return self.width * self.height

    @property
    def cx(self) -> float:
        """x of the centre."""
        return (self.x0 + self.x1) / 2

    @property
    def cy(self) -> float:
        """y of the centre."""
        return (self.top + self.bottom) / 2

    def overlap(self, other: Box) -> float:
        """Area shared with `other` (square points).

        >>> Box(0, 0, 4, 4).overlap(Box(2, 2, 9, 9))
        4
        """
        w = min(self.x1, other.x1) - max(self.x0, other.x0)
        h = min(self.bottom, other.bottom) - max(self.top, other.top)
        return w * h if w > 0 and h > 0 else 0

    def holds(self, x: float, y: float) -> bool:
        """Whether the point lies inside or on the edge."""
        return self.x0 <= x <= self.x1 and self.top <= y <= self.bottom

    def grown(self, by: float) -> Box:
        """The box with `by` points added on every side."""
        return Box(self.x0 - by, self.top - by, self.x1 + by, self.bottom + by)

    @staticmethod
    def around(boxes: Iterable[Box]) -> Box:
        """The smallest box that holds all of `boxes`; ValueError when there are none.
        >>> Box.around([Box(0, 0, 1, 1), Box(5, 2, 6, 3)])
        Box(x0=0, top=0, x1=6, bottom=3)
        """
        x0, top, x1, bottom = zip(*((b.x0, b.top, b.x1, b.bottom) for b in boxes), strict=True)
        return Box(min(x0), min(top), max(x1), max(bottom))
