"""What engines of two models share: one finds the lines of an image, the other reads a line."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from biaoge.ocr.contract import Line, Polygon, Reading
from biaoge.raster import Pixels

from .pagelines import cut_line, detect_in_tiles
from .recogniser import Recogniser

if TYPE_CHECKING:
    from numpy.typing import NDArray


class TwoModels:
    """`detect`, `lines` and `crops` of `biaoge.ocr.contract.Engine`, given `_boxes` and `_recogniser`."""

    _recogniser: Recogniser

    def detect(self, image: Pixels) -> tuple[Polygon, ...]:
        """Where lines of text stand, from top to bottom; long strips are looked at in tiles."""
        return detect_in_tiles(image, self._boxes)

    def lines(self, image: Pixels) -> tuple[Line, ...]:
        """The lines of text, from top to bottom; what reads as blank is no line."""
        where = self.detect(image)
        read = self.crops([cut_line(image, polygon) for polygon in where])
        return tuple(Line(p, r.text, r.confidence) for p, r in zip(where, read, strict=True) if r.text)

    def crops(self, images: Sequence[Pixels]) -> tuple[Reading, ...]:
        """One reading for every crop, in the same order."""
        return self._recogniser.read(images)

    def _boxes(self, image: Pixels) -> NDArray[np.float32]:
        """(lines, 4, 2) corners in pixels of `image` (grey)."""
        raise NotImplementedError


def three_of(grey: Pixels) -> Pixels:
    """(height, width, 3) of a grey image, which is what detectors take."""
    return np.repeat(grey[:, :, None], 3, axis=2)
