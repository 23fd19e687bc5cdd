"""A page, or a picture on it, as pixels: what `ingest` draws and `ocr` reads. No stage keeps one."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeAlias

from biaoge.model import Box

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

Pixels: TypeAlias = "NDArray[np.uint8]"
"""(height, width) grey or (height, width, 3) RGB; 255 is white."""


@dataclass(frozen=True, slots=True, eq=False)
class Raster:
    """Pixels and where they stand: column `j` covers x from `box.x0 + j * 72 / dpi` (points), rows the same down."""

    pixels: Pixels = field(repr=False)
    box: Box

    def __post_init__(self) -> None:
        if self.pixels.ndim not in (2, 3) or 0 in self.pixels.shape or str(self.pixels.dtype) != "uint8":
            raise ValueError(f"no picture: {self.pixels.dtype} of shape {self.pixels.shape}")
        if not (self.box.width > 0 and self.box.height > 0):
            raise ValueError(f"a picture without area: {self.box}")

    @property
    def dpi(self) -> float:
        """Pixels an inch across."""
        return float(self.pixels.shape[1] / self.box.width * 72)
