"""Where the points of a straightened sheet lie on the page as given."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from biaoge.model import Box

Point = tuple[float, float]
STEP = 18.0
"""Points between the nodes of a mesh; homographies of scans are straight between such near nodes."""


@dataclass(frozen=True, slots=True)
class Warp:
    """A mesh of positions: node (i, j) of the sheet, at `sheet.x0 + i * width / (columns - 1)` and so on, lies on the
    page at `nodes[j * columns + i]`. Between nodes it is bilinear (exact for turns by quarters and shifts).

    `sheet`: the straightened sheet in its own points.
    """

    sheet: Box
    columns: int
    rows: int
    nodes: tuple[Point, ...] = field(repr=False)

    def __post_init__(self) -> None:
        if self.columns < 2 or self.rows < 2 or len(self.nodes) != self.columns * self.rows:
            raise ValueError(f"{len(self.nodes)} nodes for a mesh of {self.columns} × {self.rows}")
        if not (self.sheet.width > 0 and self.sheet.height > 0):
            raise ValueError(f"a sheet without area: {self.sheet}")

    @classmethod
    def of(cls, sheet: Box, where: Callable[[float, float], Point], step: float = STEP) -> Warp:
        """The mesh that follows `where`, from points of the sheet to points of the page, with nodes `step` apart.

        >>> Warp.of(Box(0, 0, 72, 72), lambda x, y: (x + 5, y)).point(10, 20)
        (15.0, 20.0)
        """
        columns, rows = (max(2, 1 + round(side / step)) for side in (sheet.width, sheet.height))
        nodes = tuple(
            where(sheet.x0 + sheet.width * i / (columns - 1), sheet.top + sheet.height * j / (rows - 1))
            for j in range(rows)
            for i in range(columns)
        )
        return cls(sheet, columns, rows, nodes)

    @classmethod
    def unmoved(cls, sheet: Box) -> Warp:
        """The sheet lies on the page as it is."""
        return cls.of(sheet, lambda x, y: (x, y), max(sheet.width, sheet.height))

    def point(self, x: float, y: float) -> Point:
        """The page's point under a point of the sheet; outside of the sheet the nearest mesh goes on."""
        u = (x - self.sheet.x0) / self.sheet.width * (self.columns - 1)
        v = (y - self.sheet.top) / self.sheet.height * (self.rows - 1)
        i, j = min(max(int(u), 0), self.columns - 2), min(max(int(v), 0), self.rows - 2)
        u, v = u - i, v - j
        at = j * self.columns + i
        (ax, ay), (bx, by) = self.nodes[at], self.nodes[at + 1]
        (cx, cy), (dx, dy) = self.nodes[at + self.columns], self.nodes[at + self.columns + 1]
        top_x, top_y = ax + (bx - ax) * u, ay + (by - ay) * u
        low_x, low_y = cx + (dx - cx) * u, cy + (dy - cy) * u
        return top_x + (low_x - top_x) * v, top_y + (low_y - top_y) * v

    def box(self, box: Box) -> Box:
        """The smallest upright box on the page around a box of the sheet."""
        xs, ys = (box.x0, box.cx, box.x1), (box.top, box.cy, box.bottom)
        edge = [self.point(x, y) for x in xs for y in ys if (x, y) != (box.cx, box.cy) or box.area == 0]
        return Box(min(x for x, _ in edge), min(y for _, y in edge), max(x for x, _ in edge), max(y for _, y in edge))
