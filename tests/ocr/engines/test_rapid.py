"""RapidOCR: what the contract does not ask."""

from __future__ import annotations

import shutil
import socket
from itertools import pairwise
from pathlib import Path

import numpy as np
import ocrdraw
import pytest
from numpy.typing import NDArray

from biaoge.errors import MissingExtra, UsageError
from biaoge.ocr.contract import Engine
from biaoge.ocr.engines import rapid
from biaoge.ocr.engines.pagelines import cut_line, detect_in_tiles
from biaoge.ocr.engines.rapid import Rapid
from biaoge.ocr.engines.recogniser import HEIGHT, WIDEST, cut, prepare
from biaoge.ocr.engines.registry import EngineOptions, open_engine
from biaoge.raster import Pixels


@pytest.fixture(scope="module")
def engine() -> Engine:
    pytest.importorskip("rapidocr")
    pytest.importorskip("onnxruntime")
    return open_engine("rapidocr")


def test_the_network_is_never_asked(monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> None:
    pytest.importorskip("rapidocr")

    def refused(*_: object) -> None:
        raise AssertionError("a connection was tried")

    monkeypatch.setattr(socket.socket, "connect", refused)
    monkeypatch.setattr(socket, "getaddrinfo", refused)
    found = Rapid().lines(ocrdraw.page(["2024"], shape=(200, 400)))
    assert [line.text for line in found] == ["2024"]
    assert capfd.readouterr() == ("", "")


def test_models_of_ones_own(tmp_path: Path, engine: Engine) -> None:
    for model in rapid.models(None):
        shutil.copy(model, tmp_path / f"my_{model.name}")
    mine = open_engine("rapidocr", EngineOptions(model_dir=tmp_path))
    assert "my_" in mine.version
    crop = ocrdraw.line("31")
    assert mine.crops([crop]) == engine.crops([crop])


def test_a_folder_without_models_is_refused(tmp_path: Path) -> None:
    pytest.importorskip("rapidocr")
    with pytest.raises(UsageError, match=r"one \*det\*.onnx; it holds 0"):
        open_engine("rapidocr", EngineOptions(model_dir=tmp_path))


def test_without_the_package_the_error_is_the_pip_line(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rapid, "find_spec", lambda name: None)
    with pytest.raises(MissingExtra, match=r"pip install 'biaoge\[ocr\]'"):
        open_engine("rapidocr")


def test_a_line_longer_than_the_model_takes_is_read_whole(engine: Engine) -> None:
    text = " ".join(str(number) for number in range(1000, 1045))
    crop = ocrdraw.line(text)
    assert prepare(crop).shape[1] > WIDEST
    (reading,) = engine.crops([crop])
    assert reading.text.replace(" ", "") == text.replace(" ", "")
    assert reading.digits is None


def test_edges_stand_between_the_letters(engine: Engine) -> None:
    text = "20318"
    crop = ocrdraw.line(text, size=40)
    (reading,) = engine.crops([crop])
    assert reading.text == text
    assert reading.edges is not None
    ink = np.flatnonzero((crop < 128).any(axis=0))
    gaps = [(a, b) for a, b in pairwise(ink.tolist()) if b > a + 1]
    starts, ends = [int(ink[0]), *(b for _, b in gaps)], [*(a for a, _ in gaps), int(ink[-1])]
    assert len(starts) == len(text)
    for place, edge in enumerate(reading.edges[1:-1]):
        assert (starts[place] + ends[place]) / 2 < edge < (starts[place + 1] + ends[place + 1]) / 2


def test_a_line_that_leans_is_cut_upright() -> None:
    picture = np.full((100, 200), 255, np.uint8)
    picture[40:60, 50:150] = 0
    assert (cut_line(picture, ((50, 40), (150, 40), (150, 60), (50, 60))) < 128).mean() > 0.9
    assert cut_line(picture, ((50.0, 40.0), (150.0, 50.0), (150.0, 70.0), (50.0, 60.0))).shape == (20, 100)
    assert cut_line(picture, ((50.0, 10.0), (60.0, 10.0), (60.0, 90.0), (50.0, 90.0))).shape == (10, 80)
    assert cut_line(picture, ((5.0, 5.0), (5.0, 5.0), (5.0, 5.0), (5.0, 5.0))).shape == (1, 1)


def bars(image: Pixels) -> NDArray[np.float32]:
    """The upright boxes around dark spots, as a detector would tell them."""
    import cv2

    _, _, found, _ = cv2.connectedComponentsWithStats((image < 128).astype(np.uint8))
    boxes = [((x, y), (x + w, y), (x + w, y + h), (x, y + h)) for x, y, w, h, _ in found[1:]]
    return np.array(boxes, np.float32).reshape(-1, 4, 2)


@pytest.mark.parametrize("turned", [False, True])
def test_a_strip_is_looked_at_in_tiles_and_no_line_is_cut(turned: bool) -> None:
    strip = np.full((100, 3000), 255, np.uint8)
    places = [(20, 10, 900), (20, 960, 40), (60, 5, 2990), (85, 200, 60), (85, 2400, 500)]
    for top, left, width in places:
        strip[top : top + 10, left : left + width] = 0
    image = np.ascontiguousarray(strip.T) if turned else strip
    sizes = []

    def looked(tile: Pixels) -> NDArray[np.float32]:
        sizes.append(tile.shape)
        return bars(tile)

    found = detect_in_tiles(image, looked)
    assert len(sizes) > 10
    assert max(max(size) for size in sizes) <= 250
    whole = {(left, top, left + width, top + 10) for top, left, width in places}
    if turned:
        whole = {(top, left, bottom, right) for left, top, right, bottom in whole}
    assert {(*polygon[0], *polygon[2]) for polygon in found} == whole
    assert len(found) == len(places)


def test_lines_of_a_long_strip_are_read(engine: Engine) -> None:
    strip = np.full((120, 4000), 255, np.uint8)
    for number, left in enumerate((100, 1500, 3500)):
        drawn = ocrdraw.line(f"{number + 1}2{number + 4}", size=40)
        strip[30 : 30 + drawn.shape[0], left : left + drawn.shape[1]] = drawn
    assert sorted(line.text for line in engine.lines(strip)) == ["124", "225", "326"]


@pytest.mark.parametrize("shape", [(1, 1), (3, 500), (500, 3), (48, 96), (200, 30000)])
def test_pieces_make_up_the_line(shape: tuple[int, int]) -> None:
    ready = prepare(np.full(shape, 200, np.uint8))
    assert ready.shape[0] == HEIGHT
    pieces = cut(ready)
    assert np.array_equal(np.hstack(pieces), ready)
    assert max(piece.shape[1] for piece in pieces) <= WIDEST
