"""Answers recorded before, so that a test needs no model and a run can be looked at again.

An image is known by a digest of its shape and pixels. What was not recorded is an error, never a blank: a test whose
crops have changed must say so.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Generic, TypeVar

from biaoge.errors import UsageError
from biaoge.files import write_whole
from biaoge.model import Alternative
from biaoge.ocr.contract import Engine, Line, Polygon, Reading
from biaoge.raster import Pixels

from .registry import EngineOptions

SCHEMA = "biaoge-replay/1"
T = TypeVar("T")


def digest(image: Pixels) -> str:
    """Hexadecimal name of an image: of its shape and its pixels, not of how they lie in memory."""
    made = hashlib.sha256(repr(image.shape).encode())
    made.update(image.tobytes())
    return made.hexdigest()[:32]


@dataclass(slots=True)
class Answers(Generic[T]):
    """What was answered, by the digest of the image."""

    asked: str
    known: dict[str, T] = field(default_factory=dict, repr=False)

    def of(self, image: Pixels) -> T:
        """The answer recorded for the image; UsageError where there is none."""
        name = digest(image)
        if name not in self.known:
            size = " × ".join(map(str, image.shape))
            raise UsageError(f"the recording has no {self.asked} for the image {name} of {size} pixels; record it anew")
        return self.known[name]


@dataclass(slots=True)
class Recording:
    """All answers of an engine, by image; grows while it is recorded."""

    engine: str
    version: str
    detected: Answers[tuple[Polygon, ...]] = field(default_factory=lambda: Answers("detection"))
    lines: Answers[tuple[Line, ...]] = field(default_factory=lambda: Answers("lines"))
    crops: Answers[Reading] = field(default_factory=lambda: Answers("reading"))


class Replay:
    """The engine that repeats a recording; `version` names the engine recorded."""

    name = "replay"

    def __init__(self, options: EngineOptions | Recording) -> None:
        """A recording, or options whose `recorded` is a file of one; UsageError without it."""
        if isinstance(options, EngineOptions):
            if options.recorded is None:
                raise UsageError("the OCR engine replay needs the file of a recording")
            options = load(options.recorded)
        self.recording = options
        self.version = f"{options.engine} {options.version}"

    def detect(self, image: Pixels) -> tuple[Polygon, ...]:
        """The recorded answer; UsageError for an image never asked about."""
        return self.recording.detected.of(image)

    def lines(self, image: Pixels) -> tuple[Line, ...]:
        """The recorded answer; UsageError for an image never asked about."""
        return self.recording.lines.of(image)

    def crops(self, images: Sequence[Pixels]) -> tuple[Reading, ...]:
        """The recorded answers; UsageError for an image never asked about."""
        return tuple(self.recording.crops.of(image) for image in images)


class Recorder:
    """An engine that asks another one and writes down its answers in `recording`; `save` keeps them."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self.name, self.version = engine.name, engine.version
        self.recording = Recording(engine.name, engine.version)

    def detect(self, image: Pixels) -> tuple[Polygon, ...]:
        """What the engine says, written down."""
        found = self.recording.detected.known[digest(image)] = self.engine.detect(image)
        return found

    def lines(self, image: Pixels) -> tuple[Line, ...]:
        """What the engine says, written down."""
        found = self.recording.lines.known[digest(image)] = self.engine.lines(image)
        return found

    def crops(self, images: Sequence[Pixels]) -> tuple[Reading, ...]:
        """What the engine says, written down."""
        read = self.engine.crops(images)
        self.recording.crops.known.update(zip(map(digest, images), read, strict=True))
        return read

    def save(self, path: Path) -> None:
        """The recording as a file for `EngineOptions.recorded`."""
        save(self.recording, path)


def record(engine: Engine) -> Recorder:
    """`engine`, with everything it answers written down."""
    return Recorder(engine)


def save(recording: Recording, path: Path) -> None:
    """A JSON file, the same for the same answers whatever their order."""
    content = {
        "schema": SCHEMA,
        "engine": recording.engine,
        "version": recording.version,
        "detected": recording.detected.known,
        "lines": {name: [_plain_line(line) for line in lines] for name, lines in recording.lines.known.items()},
        "crops": {name: _plain_reading(reading) for name, reading in recording.crops.known.items()},
    }
    write_whole(path, json.dumps(content, ensure_ascii=False, sort_keys=True, indent=1) + "\n")


def load(path: Path) -> Recording:
    """The recording of a file; UsageError where it is none."""
    try:
        content = json.loads(path.read_text("utf-8"))
        if content["schema"] != SCHEMA:
            raise UsageError(f"{path} is of the schema {content['schema']!r}, not {SCHEMA!r}; record it anew")
        recording = Recording(content["engine"], content["version"])
        recording.detected.known = {
            name: tuple(_polygon(polygon) for polygon in polygons) for name, polygons in content["detected"].items()
        }
        recording.lines.known = {
            name: tuple(Line(_polygon(line["polygon"]), line["text"], line["confidence"]) for line in lines)
            for name, lines in content["lines"].items()
        }
        recording.crops.known = {name: _reading(reading) for name, reading in content["crops"].items()}
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise UsageError(f"{path} is no recording of an OCR engine: {error!r}") from error
    return recording


def _polygon(corners: Sequence[Sequence[float]]) -> Polygon:
    return tuple((float(x), float(y)) for x, y in corners)


def _plain_line(line: Line) -> dict[str, object]:
    return {"polygon": line.polygon, "text": line.text, "confidence": line.confidence}


def _plain_reading(reading: Reading) -> dict[str, object]:
    return {
        "text": reading.text,
        "confidence": reading.confidence,
        "alternatives": [[other.text, other.probability] for other in reading.alternatives],
        "edges": reading.edges,
        "digits": reading.digits and [reading.digits.text, reading.digits.probability],
    }


def _reading(plain: Mapping[str, Any]) -> Reading:
    return Reading(
        plain["text"],
        plain["confidence"],
        tuple(Alternative(*other) for other in plain["alternatives"]),
        None if plain["edges"] is None else tuple(plain["edges"]),
        None if plain["digits"] is None else Alternative(*plain["digits"]),
    )
