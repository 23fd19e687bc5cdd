"""An engine that sees nothing: for tests, and to measure what the rest costs."""

from __future__ import annotations

from collections.abc import Sequence

from biaoge.ocr.contract import Line, Polygon, Reading
from biaoge.raster import Pixels

from .registry import DEFAULT, EngineOptions


class Null:
    """Every image is blank to it."""

    name = "null"
    version = "1"

    def __init__(self, options: EngineOptions = DEFAULT) -> None:
        """`options` change nothing."""

    def detect(self, image: Pixels) -> tuple[Polygon, ...]:
        """No lines."""
        return ()

    def lines(self, image: Pixels) -> tuple[Line, ...]:
        """No lines."""
        return ()

    def crops(self, images: Sequence[Pixels]) -> tuple[Reading, ...]:
        """A blank reading for each, with confidence 0: it did not look."""
        return tuple(Reading("", 0.0) for _ in images)
