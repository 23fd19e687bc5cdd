"""Engines by name."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from importlib.metadata import EntryPoint

import pytest

from biaoge.errors import MissingExtra, UsageError
from biaoge.ocr.engines import registry
from biaoge.ocr.engines.null import Null
from biaoge.ocr.engines.registry import ENGINES, EngineOptions, names, open_engine


def test_an_unknown_name_lists_those_there_are() -> None:
    with pytest.raises(UsageError, match=r"no OCR engine 'abbyy'; there are: rapidocr, .*replay, null"):
        open_engine("abbyy")


def test_other_packages_add_engines_but_do_not_replace_ours(monkeypatch: pytest.MonkeyPatch) -> None:
    here = "biaoge.ocr.engines.null:Null"
    points = [EntryPoint("mine", here, "biaoge.ocr"), EntryPoint("gone", "nowhere_at_all:X", "biaoge.ocr")]
    points.append(EntryPoint("rapidocr", here, "biaoge.ocr"))

    def listed(group: str) -> Iterator[EntryPoint]:
        return iter(points if group == "biaoge.ocr" else ())

    monkeypatch.setattr(registry, "entry_points", listed)
    assert names() == (*ENGINES, "gone", "mine")
    assert isinstance(open_engine("mine"), Null)
    with pytest.raises(MissingExtra, match="gone"):
        open_engine("gone")


def test_threads_are_counted() -> None:
    with pytest.raises(UsageError, match="at least one thread"):
        EngineOptions(threads=0)


def test_listing_engines_imports_none() -> None:
    code = (
        "import sys; from biaoge.ocr.engines.registry import names; names();"
        "print([m for m in ('rapidocr', 'onnxruntime', 'cv2', 'numpy', 'paddleocr') if m in sys.modules])"
    )
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert said.stdout.strip() == "[]"
