"""Recordings: what was answered comes back, what was not is an error."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from biaoge.errors import UsageError
from biaoge.model import Alternative
from biaoge.ocr.contract import Line, Polygon, Reading
from biaoge.ocr.engines.registry import EngineOptions, open_engine
from biaoge.ocr.engines.replay import Replay, record
from biaoge.raster import Pixels

SQUARE: Polygon = ((0.0, 0.0), (4.0, 0.0), (4.0, 3.0), (0.0, 3.0))


class Counting:
    """Reads a crop as its width."""

    name, version = "counting", "2"

    def detect(self, image: Pixels) -> tuple[Polygon, ...]:
        return (SQUARE,)

    def lines(self, image: Pixels) -> tuple[Line, ...]:
        return (Line(SQUARE, "一行", 0.5),)

    def crops(self, images: Sequence[Pixels]) -> tuple[Reading, ...]:
        texts = [str(image.shape[1]) for image in images]
        return tuple(
            Reading(t, 0.75, (Alternative("字", 0.2),), tuple(map(float, range(len(t) + 1))), Alternative(t, 0.9))
            for t in texts
        )


def image(width: int, height: int = 3) -> Pixels:
    return np.arange(width * height, dtype=np.uint8).reshape(height, width)


def test_answers_come_back_from_the_file(tmp_path: Path) -> None:
    recorder = record(Counting())
    crops = [image(4), image(7), image(4)]
    said = recorder.detect(image(9)), recorder.lines(image(9)), recorder.crops(crops)
    recorder.save(tmp_path / "a.json")
    engine = open_engine("replay", EngineOptions(recorded=tmp_path / "a.json"))
    assert (engine.detect(image(9)), engine.lines(image(9)), engine.crops(crops)) == said
    assert engine.crops([np.asfortranarray(image(7)), image(4)]) == (said[2][1], said[2][0])
    assert (engine.name, engine.version) == ("replay", "counting 2")


def test_a_reading_without_edges_and_digits_comes_back(tmp_path: Path) -> None:
    class Plain(Counting):
        def crops(self, images: Sequence[Pixels]) -> tuple[Reading, ...]:
            return tuple(Reading("", 0.25) for _ in images)

    recorder = record(Plain())
    recorder.crops([image(2)])
    recorder.save(tmp_path / "a.json")
    assert Replay(EngineOptions(recorded=tmp_path / "a.json")).crops([image(2)]) == (Reading("", 0.25),)


def test_the_file_does_not_depend_on_the_order_of_asking(tmp_path: Path) -> None:
    for name, widths in (("a", (3, 5)), ("b", (5, 3))):
        recorder = record(Counting())
        for width in widths:
            recorder.crops([image(width)])
        recorder.save(tmp_path / name)
    assert (tmp_path / "a").read_bytes() == (tmp_path / "b").read_bytes()


def test_what_was_not_recorded_is_an_error() -> None:
    recorder = record(Counting())
    recorder.crops([image(6, 2)])
    engine = Replay(recorder.recording)
    assert engine.crops([image(6, 2)])[0].text == "6"
    with pytest.raises(UsageError, match=r"no reading for the image .* of 2 × 7 pixels; record it anew"):
        engine.crops([image(7, 2)])
    with pytest.raises(UsageError, match="no reading"):
        engine.crops([image(4, 3)])  # the same bytes in another shape
    with pytest.raises(UsageError, match="no lines"):
        engine.lines(image(6, 2))
    with pytest.raises(UsageError, match="no detection"):
        engine.detect(image(6, 2))


@pytest.mark.parametrize("content", ["", "[]", "{}", '{"schema": "other/1"}', '{"schema": "biaoge-replay/1"}'])
def test_what_is_no_recording_is_refused(tmp_path: Path, content: str) -> None:
    (tmp_path / "a.json").write_text(content)
    with pytest.raises(UsageError, match=r"recording|schema"):
        Replay(EngineOptions(recorded=tmp_path / "a.json"))


def test_it_needs_a_file(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="needs the file of a recording"):
        open_engine("replay")
    with pytest.raises(UsageError, match="no recording"):
        open_engine("replay", EngineOptions(recorded=tmp_path / "absent.json"))
