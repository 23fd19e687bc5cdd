"""RapidOCR: PP-OCR on ONNX Runtime with the weights its wheel carries; nothing is ever fetched.

Detection is RapidOCR's. Recognition is `recogniser`: RapidOCR's own pads every crop to at least 320 pixels, which
costs three times the seconds on the short texts of cells, and tells no alternatives. Its classifier of turned lines is
never used: it turns a lone 9 into a 6.
"""

from __future__ import annotations

from importlib.metadata import version
from importlib.resources import files
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from biaoge.errors import MissingExtra, UsageError
from biaoge.raster import Pixels

from .recogniser import Recogniser
from .registry import DEFAULT, EngineOptions
from .twomodels import TwoModels, three_of

if TYPE_CHECKING:
    from numpy.typing import NDArray

LONG_SIDE = 1120
"""Pixels of the longer side that detection works on: twice as fast as more, nothing lost; lone zeros go at 960."""

EXTRA = {"openvino": "openvino"}
"""The extra a package belongs to, where it is not `ocr`."""


class Rapid(TwoModels):
    """PP-OCRv6 small, or the models of `model_dir` (one `*det*.onnx`, one `*rec*.onnx` with its characters)."""

    name = "rapidocr"

    def __init__(self, options: EngineOptions = DEFAULT) -> None:
        """MissingExtra without the packages, UsageError where `model_dir` lacks a model."""
        needed = ("rapidocr", "onnxruntime", *(["openvino"] if options.backend == "openvino" else []))
        for package in needed:
            if find_spec(package) is None:
                extra = EXTRA.get(package, "ocr")
                raise MissingExtra(f"the OCR engine rapidocr needs {package}: pip install 'biaoge[{extra}]'")
        det, rec = models(options.model_dir)
        self.version = f"{version('rapidocr')} {det.stem} {rec.stem}"
        self._recogniser = Recogniser.load(rec, options.threads, options.backend)
        self._find = _detector(det, options)

    def _boxes(self, image: Pixels) -> NDArray[np.float32]:
        """(lines, 4, 2) corners in pixels of `image` (grey)."""
        found = self._find(three_of(image), use_det=True, use_cls=False, use_rec=False)
        if found.boxes is None:
            return np.zeros((0, 4, 2), np.float32)
        return np.asarray(found.boxes, np.float32).reshape(-1, 4, 2)


def models(folder: Path | None) -> tuple[Path, Path]:
    """The files of the detection and the recognition model: the wheel's, or those of `folder`."""
    if folder is None:
        folder = Path(str(files("rapidocr"))) / "models"
    found = []
    for part in ("det", "rec"):
        candidates = sorted(folder.glob(f"*{part}*.onnx"))
        if len(candidates) != 1:
            raise UsageError(f"{folder} must hold one *{part}*.onnx; it holds {len(candidates)}")
        found.append(candidates[0])
    return found[0], found[1]


def _detector(model: Path, options: EngineOptions) -> Any:
    """RapidOCR for detection alone, its model loaded at first use."""
    from rapidocr import EngineType, RapidOCR

    return RapidOCR(
        params={
            "Global.use_cls": False,
            "Global.use_rec": False,
            "Global.log_level": "critical",
            "Global.max_side_len": 100_000,  # shrinks before detection does; 2000 as it comes
            "EngineConfig.onnxruntime.intra_op_num_threads": options.threads,
            "EngineConfig.onnxruntime.inter_op_num_threads": 1,
            "EngineConfig.openvino.inference_num_threads": options.threads,
            "Det.engine_type": EngineType(options.backend),
            "Det.model_path": str(model),
            "Det.limit_type": "max",
            "Det.limit_side_len": LONG_SIDE,
        }
    )
