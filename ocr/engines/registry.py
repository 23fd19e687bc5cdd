"""Engines by name. Nothing of an engine is imported before it is opened.

A package of its own adds an engine by the entry point group `biaoge.ocr`: a name, and a class that takes
`EngineOptions` and does what `biaoge.ocr.contract.Engine` says.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from importlib import import_module
from importlib.metadata import EntryPoint, entry_points
from pathlib import Path
from types import MappingProxyType
from typing import Literal, cast

from biaoge.errors import MissingExtra, UsageError
from biaoge.ocr.contract import Engine

ENGINES: Mapping[str, str] = MappingProxyType(
    {
        "rapidocr": "biaoge.ocr.engines.rapid:Rapid",
        "paddleocr": "biaoge.ocr.engines.paddle:Paddle",
        "tesseract": "biaoge.ocr.engines.tesseract:Tesseract",
        "replay": "biaoge.ocr.engines.replay:Replay",
        "null": "biaoge.ocr.engines.null:Null",
    }
)
"""Our own engines: name, then module and class."""
GROUP = "biaoge.ocr"
"""The entry points of other packages' engines."""


@dataclass(frozen=True, slots=True)
class EngineOptions:
    """How an engine is opened. `threads`: for one call; with several processes 1 each is fastest.

    `model_dir`: a folder of the user's own models; None for those the engine comes with. `lang`: the engine's own name
    of a language, None for its default (Chinese with English). `recorded`: the file of the engine "replay".
    `backend`: what runs the models of "rapidocr"; OpenVINO takes less than half the seconds, and is a package more.
    """

    threads: int = 1
    model_dir: Path | None = None
    lang: str | None = None
    recorded: Path | None = None
    backend: Literal["onnxruntime", "openvino"] = "onnxruntime"

    def __post_init__(self) -> None:
        if self.threads < 1:
            raise UsageError(f"an engine needs at least one thread, not {self.threads}")


DEFAULT = EngineOptions()


def names() -> tuple[str, ...]:
    """All names `open_engine` knows, ours first; whether their packages are installed is told by opening."""
    return (*ENGINES, *sorted(set(_foreign()) - set(ENGINES)))


def open_engine(name: str, options: EngineOptions = DEFAULT) -> Engine:
    """The engine with its models loaded.

    UsageError for a name nobody knows and for options that make no sense, MissingExtra where its package is missing.
    """
    if name in ENGINES:
        module, _, member = ENGINES[name].partition(":")
        kind = getattr(import_module(module), member)
    elif name in (foreign := _foreign()):
        try:
            kind = foreign[name].load()
        except ImportError as error:
            raise MissingExtra(f"the engine {name!r} cannot be imported: {error}") from error
    else:
        raise UsageError(f"no OCR engine {name!r}; there are: {', '.join(names())}")
    return cast(Callable[[EngineOptions], Engine], kind)(options)


def _foreign() -> dict[str, EntryPoint]:
    return {point.name: point for point in entry_points(group=GROUP)}
