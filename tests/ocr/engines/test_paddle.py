"""PaddleOCR beyond what every engine must do (test_contract): without a network, its folders, what it listens to."""

from __future__ import annotations

import socket
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import ocrdraw
import pytest

from biaoge.errors import MissingExtra, UsageError
from biaoge.ocr.engines.paddle import Listener, Paddle
from biaoge.ocr.engines.registry import EngineOptions

needs_paddle = pytest.mark.skipif(find_spec("paddleocr") is None, reason="needs paddleocr")


@pytest.mark.skipif(find_spec("paddleocr") is not None, reason="only where paddleocr is missing")
def test_without_the_package_the_pip_line_is_told() -> None:
    with pytest.raises(MissingExtra, match=r"pip install 'biaoge\[paddleocr\]'"):
        Paddle()


@needs_paddle
def test_it_opens_and_reads_without_a_network(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(*_: object) -> None:
        raise AssertionError("asked the network")

    monkeypatch.setattr(socket.socket, "connect", refused)
    monkeypatch.setattr(socket, "getaddrinfo", refused)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    engine = Paddle()
    assert [reading.text for reading in engine.crops([ocrdraw.line("90"), ocrdraw.line("06")])] == ["90", "06"]
    assert (tmp_path / "biaoge" / "paddle-models").is_dir()


@needs_paddle
def test_a_folder_without_models_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="no folder det and no folder rec"):
        Paddle(EngineOptions(model_dir=tmp_path))


@needs_paddle
@pytest.mark.skipif(find_spec("paddle") is not None, reason="only where paddlepaddle is missing")
def test_models_for_paddlepaddle_need_it(tmp_path: Path) -> None:
    (tmp_path / "det").mkdir()
    (tmp_path / "det" / "inference.yml").write_text("Global:\n  model_name: PP-OCRv5_mobile_det\n")
    for name in ("inference.json", "inference.pdiparams"):
        (tmp_path / "det" / name).write_bytes(b"")
    with pytest.raises(MissingExtra, match=r"biaoge\[paddlepaddle\]"):
        Paddle(EngineOptions(model_dir=tmp_path))


def test_what_goes_to_paddleocr_are_the_pixels_and_what_its_decoder_is_given_comes_back() -> None:
    seen: list[np.ndarray] = []
    steps = np.full((2, 3, 4), 0.25, np.float32)

    class Reader:
        def predict(self, images: list[np.ndarray], batch_size: int) -> None:
            assert batch_size == len(images)
            seen.extend(images)
            assert listener([steps], extra=1) == "decoded"

    listener = Listener(Reader(), lambda given, **more: "decoded" if more == {"extra": 1} else "")
    pixels = np.random.default_rng(1).integers(0, 256, (2, 3, 48, 96), np.uint8)
    (out,) = listener.run(None, {listener.get_inputs()[0].name: pixels.astype(np.float32) / 127.5 - 1})
    assert out is steps
    assert np.array_equal(np.stack(seen), pixels.transpose(0, 2, 3, 1))
