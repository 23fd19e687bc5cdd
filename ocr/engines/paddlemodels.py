"""Folders of models as PaddleOCR wants them: the user's own, or made of the weights in the wheel of rapidocr.

PaddleOCR's wheel carries no weights and would fetch them when first used. A folder of a model holds `inference.yml`
with `inference.onnx` (read by ONNX Runtime) or with `inference.json` and `inference.pdiparams` (read by paddlepaddle).
Nothing here asks a network.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import sys
import tempfile
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from importlib.util import find_spec
from pathlib import Path
from typing import Literal

from biaoge.errors import MissingExtra, UsageError

Part = Literal["det", "rec"]
"""The model that finds lines of text, and the one that reads a line."""
WEIGHTS = re.compile(r"PP-OCRv(\d+)_(det|rec)_(\w+)\.onnx")
"""How rapidocr names the files of weights in its wheel."""
RECIPE = 1
"""Goes up when what is written into `inference.yml` changes, so that folders of an older biaoge are made anew."""
NARROWEST = 48
"""Width in pixels to which PaddleOCR pads a narrower line. Its own yml says 320, which makes a cell with one digit
three times as slow and no better; biaoge itself hands it nothing below 96."""
NAME = re.compile(r"^  model_name: *[\"']?([^\"'\s]+)", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Model:
    """A folder that PaddleOCR can open: `name` as its yml says, `runtime` as `engine=` of PaddleOCR."""

    name: str
    folder: Path
    runtime: Literal["onnxruntime", "paddle"]


def models(own: Path | None) -> tuple[Model, Model]:
    """The finder and the reader of lines: from the folders `det` and `rec` of `own`, or of the weights of rapidocr.

    `own` may hold one of the two; the other then comes from rapidocr. UsageError where it holds neither or a broken
    one, MissingExtra where rapidocr is missing or carries other weights.
    """
    if own is not None and not ((own / "det").is_dir() or (own / "rec").is_dir()):
        raise UsageError(f"{own}: no folder det and no folder rec in it, each with inference.yml and inference.onnx")
    return _model("det", own), _model("rec", own)


def cache_folder() -> Path:
    """Where this user's caches of biaoge stand: $XDG_CACHE_HOME/biaoge, else what is usual on the system."""
    if given := os.environ.get("XDG_CACHE_HOME"):
        return Path(given) / "biaoge"
    if sys.platform == "win32":
        return Path(os.environ.get("LOCALAPPDATA") or Path.home() / "AppData" / "Local") / "biaoge" / "Cache"
    return Path.home() / ("Library/Caches" if sys.platform == "darwin" else ".cache") / "biaoge"


def opened(folder: Path) -> Model:
    """The model in `folder`; UsageError that names what is missing."""
    yml = folder / "inference.yml"
    try:
        found = NAME.search(yml.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f"{yml} cannot be read: {error}") from error
    if not found:
        raise UsageError(f"{yml} does not name its model (Global: model_name)")
    if (folder / "inference.onnx").is_file():
        return Model(found[1], folder, "onnxruntime")
    if (folder / "inference.pdiparams").is_file() and any(
        (folder / f"inference.{kind}").is_file() for kind in ("json", "pdmodel")
    ):
        return Model(found[1], folder, "paddle")
    raise UsageError(f"{folder}: neither inference.onnx, nor inference.json with inference.pdiparams")


def built(weights: Path, into: Path) -> Path:
    """The folder below `into` made of a file of weights named as rapidocr does; left alone if it is there already.

    Written under another name and renamed: several processes may do so at once.
    """
    match = WEIGHTS.fullmatch(weights.name)
    if not match:
        raise ValueError(f"not named as rapidocr names its weights: {weights.name}")
    name = f"PP-OCRv{match[1]}_{match[3]}_{match[2]}"
    size = weights.stat().st_size
    final = into / f"{name}-{size}-{RECIPE}"
    if _whole(final, size):
        return final
    try:
        into.mkdir(parents=True, exist_ok=True)
        made = Path(tempfile.mkdtemp(prefix=f".{name}.", dir=into))
    except OSError as error:
        raise UsageError(f"{into} cannot be written ({error}): set XDG_CACHE_HOME to a folder that can") from error
    try:
        _link(weights, made / "inference.onnx")
        yml = _finder_yml(name) if match[2] == "det" else _reader_yml(name, _characters(weights))
        (made / "inference.yml").write_text(yml, encoding="utf-8")
        made.chmod(0o755)
        if final.is_dir() and not _whole(final, size):
            shutil.rmtree(final, ignore_errors=True)
        try:
            made.rename(final)
        except OSError:  # another process was faster
            if not _whole(final, size):
                raise
    finally:
        shutil.rmtree(made, ignore_errors=True)
    return final


def _model(part: Part, own: Path | None) -> Model:
    if own is not None and (own / part).is_dir():
        return opened(own / part)
    return opened(built(_weights(part), cache_folder() / "paddle-models"))


def _weights(part: Part) -> Path:
    """The file in rapidocr's wheel, found without importing it."""
    spec = find_spec("rapidocr")
    if spec is None or not spec.submodule_search_locations:
        raise MissingExtra("PaddleOCR without models of your own takes those of rapidocr: pip install rapidocr")
    folder = Path(spec.submodule_search_locations[0]) / "models"
    found = [path for path in sorted(folder.glob("*.onnx")) if (m := WEIGHTS.fullmatch(path.name)) and m[2] == part]
    if len(found) != 1:
        try:
            installed = version("rapidocr")
        except PackageNotFoundError:
            installed = "this"
        raise MissingExtra(
            f"rapidocr {installed} carries {len(found) or 'no'} models to use as {part!r}: "
            "pip install rapidocr==3.10.0, or name a folder with models of your own"
        )
    return found[0]


def _whole(folder: Path, size: int) -> bool:
    """Whether `folder` holds both files, and the weights are of this size (bytes)."""
    onnx = folder / "inference.onnx"
    return (folder / "inference.yml").is_file() and onnx.is_file() and onnx.stat().st_size == size


def _link(source: Path, target: Path) -> None:
    try:
        target.hardlink_to(source)
    except OSError:  # another disk, or a system that does not let us
        shutil.copyfile(source, target)


def _characters(weights: Path) -> list[str]:
    """The reader's alphabet, which rapidocr's weights carry in their metadata, one character a line."""
    import onnxruntime

    session = onnxruntime.InferenceSession(str(weights), providers=["CPUExecutionProvider"])
    written: str = session.get_modelmeta().custom_metadata_map.get("character", "")
    alphabet = written.split("\n")
    labels = session.get_outputs()[0].shape[-1]
    if labels != len(alphabet) + 2:  # blank and the space besides
        raise MissingExtra(f"{weights.name} has {labels} labels, but names {len(alphabet)} characters")
    return alphabet


def _finder_yml(name: str) -> str:
    """Thresholds and colours as PP-OCRv6 was published with."""
    return f"""\
Global:
  model_name: {name}
PreProcess:
  transform_ops:
  - DecodeImage: {{channel_first: false, img_mode: BGR}}
  - DetResizeForTest:
  - NormalizeImage: {{mean: [0.485, 0.456, 0.406], std: [0.229, 0.224, 0.225], scale: 1./255., order: hwc}}
  - ToCHWImage:
PostProcess: {{name: DBPostProcess, thresh: 0.2, box_thresh: 0.45, unclip_ratio: 1.4, max_candidates: 3000}}
"""


def _reader_yml(name: str, alphabet: list[str]) -> str:
    characters = "".join(f"  - {_quoted(character)}\n" for character in alphabet)
    return f"""\
Global:
  model_name: {name}
PreProcess:
  transform_ops:
  - DecodeImage: {{channel_first: false, img_mode: BGR}}
  - RecResizeImg: {{image_shape: [3, 48, {NARROWEST}]}}
PostProcess:
  name: CTCLabelDecode
  character_dict:
{characters}"""


def _quoted(character: str) -> str:
    """A character as a scalar of YAML; what cannot be printed is escaped as in JSON, the rest stands as it is."""
    return "'" + character.replace("'", "''") + "'" if character.isprintable() else json.dumps(character)
