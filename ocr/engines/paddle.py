"""PaddleOCR itself, on ONNX Runtime or on paddlepaddle, without asking any network for models.

It finds and reads through PaddleOCR's own `TextDetection` and `TextRecognition`; its classifier of turned lines is
never used: it turns a lone 9 into a 6. What `TextRecognition` returns is a text and the mean of its characters'
probabilities: no probability of the whole text, and no way to tell how near an O was to a 0. So we listen where it
hands the model's probabilities to its own decoder (`post_op`), and decode them as for every PP-OCR model.
"""

from __future__ import annotations

import logging
import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from importlib.metadata import version
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any, cast

import numpy as np

from biaoge.errors import MissingExtra
from biaoge.raster import Pixels

from .paddlemodels import Model, cache_folder, models
from .reading import Alphabet
from .recogniser import Recogniser
from .registry import DEFAULT, EngineOptions
from .twomodels import TwoModels, three_of

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from onnxruntime import InferenceSession

LONG_SIDE = 1280
"""Pixels of the longer side that detection works on, as for RapidOCR; at PaddleOCR's own 960 lone zeros are missed."""
PIP = "pip install 'biaoge[paddleocr]' -c constraints-paddleocr.txt, in an environment of its own (docs/ocr.md)"


@dataclass(frozen=True, slots=True)
class Input:
    """What `Recogniser` asks the name of."""

    name: str = "x"


@dataclass(slots=True)
class Listener:
    """PaddleOCR's reader in the place of an ONNX session: it also stands before PaddleOCR's decoder and keeps what
    that is given, `heard`: one (lines, steps, labels) a batch."""

    reader: Any
    decoder: Callable[..., object]
    heard: list[NDArray[np.float32]] = field(default_factory=list, repr=False)

    def __call__(self, given: Sequence[NDArray[np.float32]], *rest: object, **more: object) -> object:
        """What the decoder answers."""
        self.heard.append(np.asarray(given[0]))
        return self.decoder(given, *rest, **more)

    def get_inputs(self) -> tuple[Input, ...]:
        """The model's one input."""
        return (Input(),)

    def run(self, _: None, given: Mapping[str, NDArray[np.float32]]) -> tuple[NDArray[np.float32], ...]:
        """(lines, steps, labels) for (lines, 3, height, width) between -1 and 1, which PaddleOCR scales itself."""
        pixels = np.rint((given["x"].transpose(0, 2, 3, 1) + 1) * 127.5).astype(np.uint8)
        self.heard.clear()
        self.reader.predict(list(pixels), batch_size=len(pixels))
        (heard,) = self.heard
        return (heard,)


class Paddle(TwoModels):
    """PP-OCRv6 small with the weights of rapidocr's wheel, or the models in `det` and `rec` of `model_dir`."""

    name = "paddleocr"

    def __init__(self, options: EngineOptions = DEFAULT) -> None:
        """MissingExtra without the packages, UsageError where `model_dir` lacks a model. `lang` changes nothing: a
        PP-OCR model reads what it was trained on."""
        if find_spec("paddleocr") is None:
            raise MissingExtra(f"the OCR engine paddleocr needs its package: {PIP}")
        finder, reader = models(options.model_dir)
        for model in (finder, reader):
            _check(model)
        os.environ.setdefault("PADDLE_PDX_DISABLE_MODEL_SOURCE_CHECK", "True")
        os.environ.setdefault("PADDLE_PDX_CACHE_HOME", str(cache_folder() / "paddlex"))
        import paddleocr

        logging.getLogger("paddlex").setLevel(logging.ERROR)
        self.version = f"{version('paddleocr')} {finder.name} {reader.name}"
        self._finder: Any = paddleocr.TextDetection(**_opening(finder, options.threads))
        reads = paddleocr.TextRecognition(**_opening(reader, options.threads))
        predictor = getattr(reads, "paddlex_predictor", None)
        decoder = getattr(predictor, "post_op", None)
        if predictor is None or decoder is None or not hasattr(decoder, "character"):
            raise MissingExtra(f"paddleocr {version('paddleocr')} is built otherwise than 3.7: {PIP}")
        predictor.post_op = Listener(reads, decoder)
        alphabet = Alphabet(decoder.character[1:])  # without blank, which `Alphabet` knows
        self._recogniser = Recogniser(cast("InferenceSession", predictor.post_op), alphabet)

    def _boxes(self, image: Pixels) -> NDArray[np.float32]:
        """(lines, 4, 2) corners in pixels of `image` (grey)."""
        (found,) = self._finder.predict(three_of(image), limit_side_len=LONG_SIDE, limit_type="max")
        return np.asarray(found["dt_polys"], np.float32).reshape(-1, 4, 2)


def _check(model: Model) -> None:
    """MissingExtra where the package that runs the model is missing."""
    if model.runtime == "onnxruntime" and find_spec("onnxruntime") is None:
        raise MissingExtra(f"the OCR engine paddleocr needs onnxruntime: {PIP}")
    if model.runtime == "paddle" and find_spec("paddle") is None:
        raise MissingExtra(
            f"{model.folder} is in paddlepaddle's format: pip install 'biaoge[paddlepaddle]', or convert it to ONNX"
        )


def _opening(model: Model, threads: int) -> dict[str, object]:
    """The arguments PaddleOCR opens a model with."""
    common: dict[str, object] = {
        "model_name": model.name,
        "model_dir": str(model.folder),
        "engine": model.runtime,
        "device": "cpu",
    }
    if model.runtime == "paddle":
        return {**common, "cpu_threads": threads}
    return {**common, "engine_config": {"intra_op_num_threads": threads, "inter_op_num_threads": 1}}
