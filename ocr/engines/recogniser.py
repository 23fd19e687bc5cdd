"""Crops of lines through a PP-OCR recognition model (ONNX), without whole-page machinery around it.

The model takes images 48 pixels high of any width and gives a step of probabilities every 8 pixels. What a crop reads
must not depend on what else is asked at the same time: every crop is padded to its own class of widths, never to its
neighbours'.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from biaoge.errors import UsageError
from biaoge.model import Alternative
from biaoge.ocr.contract import Reading
from biaoge.raster import Pixels

from .reading import Alphabet, Steps, reading

if TYPE_CHECKING:
    from onnxruntime import InferenceSession

HEIGHT = 48
"""Pixels the model was trained on."""
CLASS = 32
"""Widths are rounded up to a multiple of this; finer classes make smaller batches, coarser ones read more padding."""
NARROWEST = 96
"""Pixels; in narrower inputs a lone digit is read less surely (mean confidence 0.95 at 64, 0.99 at 96)."""
WIDEST = 3200
"""Pixels; wider lines are cut at gaps, read piece by piece and put together step by step, for memory's sake."""
BATCH = 1024
"""Pixels of width in one batch, 10 MB of probabilities; larger batches are not faster on one thread."""
PAPER = 127.5
"""The grey to the right of a crop, 0 to the model as in its training; beside white a lone 0 reads as the letter O."""
FLAT = 24
"""Grey levels; a crop whose darkest and lightest pixels lie nearer than this is blank, and no model is asked."""
KEPT = 1e-4
"""A label that nowhere in a crop is as probable as this is not looked at again."""
BLANK = Reading("", 1.0, (), (0.0,), Alternative("", 1.0))
"""Of a crop without ink."""


@dataclass(frozen=True, slots=True)
class Recogniser:
    """A loaded model with its alphabet."""

    session: InferenceSession | OnOpenVino = field(repr=False)
    alphabet: Alphabet = field(repr=False)

    @classmethod
    def load(cls, model: Path, threads: int = 1, backend: str = "onnxruntime") -> Recogniser:
        """The model of a file whose metadata hold its alphabet (`character`, one a line), as RapidOCR's do."""
        session = open_session(model, threads)
        listed = session.get_modelmeta().custom_metadata_map.get("character")
        if listed is None:
            raise UsageError(f"{model} does not say which characters it knows; take a model with `character` metadata")
        alphabet = Alphabet((*listed.splitlines(), " "))
        return cls(OnOpenVino(model, threads) if backend == "openvino" else session, alphabet)

    def read(self, images: Sequence[Pixels]) -> tuple[Reading, ...]:
        """One reading for every crop (grey or RGB), in the same order."""
        ready = [prepare(image) for image in images]
        inked = [index for index, line in enumerate(ready) if int(line.max()) - int(line.min()) >= FLAT]
        pieces = [(index, piece) for index in inked for piece in cut(ready[index])]
        steps: dict[int, Steps] = dict(self._steps([piece for _, piece in pieces]))
        of_image: dict[int, list[Steps]] = defaultdict(list)
        for number, (index, _) in enumerate(pieces):
            of_image[index].append(steps[number])
        found = [BLANK] * len(images)
        for index in inked:
            width, wide = images[index].shape[1], ready[index].shape[1]
            found[index] = reading(Steps.joined(of_image[index]), self.alphabet, width / wide, width)
        return tuple(found)

    def _steps(self, lines: Sequence[NDArray[np.uint8]]) -> Iterator[tuple[int, Steps]]:
        """Steps of every line by its place in `lines`, in batches of one class each."""
        classes: dict[int, list[int]] = defaultdict(list)
        for index, line in enumerate(lines):
            classes[max(NARROWEST, -(-line.shape[1] // CLASS) * CLASS)].append(index)
        name = self.session.get_inputs()[0].name
        for width, members in sorted(classes.items()):
            size = max(1, BATCH // width)
            for start in range(0, len(members), size):
                batch = members[start : start + size]
                given = np.full((len(batch), 1, HEIGHT, width), PAPER, np.float32)
                for row, index in enumerate(batch):
                    given[row, 0, :, : lines[index].shape[1]] = lines[index]
                given /= 127.5
                given -= 1.0
                (out,) = self.session.run(None, {name: np.repeat(given, 3, axis=1)})
                for index, probabilities in zip(batch, out, strict=True):
                    stride = width / len(probabilities)
                    used = min(len(probabilities), int(np.ceil(lines[index].shape[1] / stride)) + 1)
                    yield index, self._kept(probabilities, used, stride)

    def _kept(self, probabilities: NDArray[np.float32], used: int, stride: float) -> Steps:
        """The columns worth keeping; of the steps those over the crop (one more, for the last letter's blank)."""
        probabilities = probabilities[:used]
        worth = probabilities.max(axis=0) >= KEPT
        worth[list(self.alphabet.always)] = True
        columns = np.flatnonzero(worth)
        return Steps(columns, probabilities[:, columns].astype(np.float64), stride)


@dataclass(frozen=True, slots=True)
class Input:
    """The name of a model's input."""

    name: str = "x"


class OnOpenVino:
    """A model on OpenVINO, asked as a session of ONNX Runtime is."""

    def __init__(self, model: Path, threads: int) -> None:
        """In full precision whatever the processor offers, so that machines agree."""
        from importlib import import_module

        openvino = import_module("openvino")
        settings = {"INFERENCE_NUM_THREADS": threads, "NUM_STREAMS": 1, "INFERENCE_PRECISION_HINT": "f32"}
        self._compiled = openvino.Core().compile_model(str(model), "CPU", settings)

    def get_inputs(self) -> list[Input]:
        """The one input."""
        return [Input()]

    def run(self, _: None, feed: Mapping[str, NDArray[np.float32]]) -> list[NDArray[np.float32]]:
        """(crops, 3, 48, width) to one array (crops, steps, labels)."""
        (given,) = feed.values()
        return [np.array(self._compiled([given])[0], np.float32)]


def open_session(model: Path, threads: int) -> InferenceSession:
    """An ONNX Runtime session on the CPU that keeps no more memory than it needs."""
    import onnxruntime as ort

    options = ort.SessionOptions()
    options.intra_op_num_threads = threads
    options.inter_op_num_threads = 1
    options.enable_cpu_mem_arena = False
    options.log_severity_level = 4
    return ort.InferenceSession(str(model), options, providers=["CPUExecutionProvider"])


def prepare(image: Pixels) -> NDArray[np.uint8]:
    """The crop in grey, `HEIGHT` pixels high, its proportions kept."""
    import cv2

    grey = image if image.ndim == 2 else cv2.cvtColor(image, cv2.COLOR_RGB2GRAY)
    height, width = grey.shape
    wide = max(1, round(width * HEIGHT / height))
    way = cv2.INTER_AREA if height > HEIGHT else cv2.INTER_CUBIC
    return np.asarray(cv2.resize(grey, (wide, HEIGHT), interpolation=way), np.uint8)


def cut(line: NDArray[np.uint8]) -> list[NDArray[np.uint8]]:
    """Pieces of at most `WIDEST` pixels, cut where the least ink stands in the last fifth of each."""
    pieces = []
    while line.shape[1] > WIDEST:
        start = WIDEST * 4 // 5
        ink = 255.0 - line[:, start:WIDEST].mean(axis=0)
        smooth = np.convolve(ink, np.ones(9) / 9, "same")
        at = start + int(smooth.argmin())
        pieces.append(line[:, :at])
        line = line[:, at:]
    return [*pieces, line]
