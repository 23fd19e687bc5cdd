"""What an engine of recognition does. One file an engine in `ocr/engines/`; others by the entry point `biaoge.ocr`."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from biaoge.model import Alternative
from biaoge.raster import Pixels

Polygon = tuple[tuple[float, float], ...]
"""Four corners in pixels: top left, top right, bottom right, bottom left, as the line is read."""


@dataclass(frozen=True, slots=True)
class Reading:
    """What stands in a crop; `text` is "" for a blank one.

    `confidence`: the probability (0 to 1) that the whole text is right, as the engine sees it. `alternatives`: other
    texts with theirs, likeliest first, none equal to `text`. `edges`: `len(text) + 1` ascending x (pixels of the
    crop) of the characters' edges; `None` where the engine does not tell. `digits`: the likeliest text over
    `0123456789.,-%` with its probability among all texts over this alphabet; `None` where the engine cannot tell.
    `seen`: what it saw, to be asked again; `None` where the engine keeps nothing.
    """

    text: str
    confidence: float
    alternatives: tuple[Alternative, ...] = ()
    edges: tuple[float, ...] | None = field(default=None, repr=False)
    digits: Alternative | None = None
    seen: Seen | None = field(default=None, repr=False, compare=False)

    def __post_init__(self) -> None:
        if not 0 <= self.confidence <= 1:
            raise ValueError(f"confidence {self.confidence} is not between 0 and 1")
        if self.edges is not None and len(self.edges) != len(self.text) + 1:
            raise ValueError(f"{len(self.edges)} edges for {len(self.text)} characters")


class Seen(Protocol):
    """What an engine saw on a crop, which can be asked for other texts without looking again."""

    def chances(self, texts: Sequence[str]) -> tuple[float, ...]:
        """The probability of each of `texts` as the whole of the crop's text; 0 for one with unknown characters."""
        ...

    def rivals(self, text: str) -> tuple[Mapping[str, float], ...]:
        """What may stand in the place of each character of `text`, itself included, and how likely each is.

        Empty where `text` cannot be the crop's.
        """
        ...

    def weighed(self, weight: Callable[[str], float]) -> Reading:
        """The reading with every character's probability, wherever it may stand, multiplied by `weight` of it."""
        ...


@dataclass(frozen=True, slots=True)
class Line:
    """A line of text found on an image."""

    polygon: Polygon
    text: str
    confidence: float


class Engine(Protocol):
    """An engine with its models loaded; used by one thread at a time. Images are uint8, grey or RGB, dark on white."""

    name: str
    version: str

    def detect(self, image: Pixels) -> tuple[Polygon, ...]:
        """Where lines of text stand, from top to bottom; none on a blank image."""
        ...

    def lines(self, image: Pixels) -> tuple[Line, ...]:
        """The lines of text of an image, from top to bottom; none on a blank image."""
        ...

    def crops(self, images: Sequence[Pixels]) -> tuple[Reading, ...]:
        """One reading for every image of one line each, in the same order. The engine sorts them into batches."""
        ...
