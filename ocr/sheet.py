"""A cleaned and straightened picture of a page."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from biaoge.model import Box, Finding
from biaoge.warp import Warp

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


@dataclass(frozen=True, slots=True, eq=False)
class Sheet:
    """`grey`: (height, width) uint8, paper 255, ink dark, lines of writing level, rulings upright and level.

    `warp.sheet` is where it stands in its own points: column `j` covers x from `warp.sheet.x0 + j * 72 / dpi`; `warp`
    leads from there to the page as given. `skew`: degrees the page was turned clockwise, `turned`: by how many
    quarters (0, 90, 180, 270, clockwise) beyond that. `findings` have no page yet. `tint`: uint8 of two dimensions, the
    same page at a scale of its own with its light and its fills as they were, every pixel its darkest channel, 0 where
    nothing is known; `None` for a page of black and white alone.
    """

    grey: NDArray[np.uint8] = field(repr=False)
    warp: Warp
    skew: float = 0.0
    turned: int = 0
    findings: tuple[Finding, ...] = ()
    tint: NDArray[np.uint8] | None = field(default=None, repr=False)

    @property
    def dpi(self) -> float:
        """Pixels an inch, across and down."""
        return float(self.grey.shape[1] / self.warp.sheet.width * 72)

    def pixels_of(self, box: Box) -> tuple[int, int, int, int]:
        """left, top, right, bottom in whole pixels around `box` (points of the sheet), within the sheet."""
        scale, sheet = self.dpi / 72, self.warp.sheet
        height, width = self.grey.shape
        left, right = ((x - sheet.x0) * scale for x in (box.x0, box.x1))
        top, bottom = ((y - sheet.top) * scale for y in (box.top, box.bottom))
        return (
            min(max(0, int(left)), width),
            min(max(0, int(top)), height),
            min(max(0, int(-(-right // 1))), width),
            min(max(0, int(-(-bottom // 1))), height),
        )

    def box_of(self, left: float, top: float, right: float, bottom: float) -> Box:
        """The box (points of the sheet) of edges in pixels."""
        scale, sheet = 72 / self.dpi, self.warp.sheet
        return Box(
            sheet.x0 + left * scale, sheet.top + top * scale, sheet.x0 + right * scale, sheet.top + bottom * scale
        )
