"""Folders of models for PaddleOCR: whole or not at all, the user's own ones told apart, nothing fetched."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path

import pytest

from biaoge.errors import UsageError
from biaoge.ocr.engines import paddlemodels
from biaoge.ocr.engines.paddlemodels import built, cache_folder, models, opened

needs_weights = pytest.mark.skipif(
    find_spec("rapidocr") is None or find_spec("onnxruntime") is None, reason="needs rapidocr and onnxruntime"
)


@pytest.fixture(autouse=True)
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    return tmp_path / "cache" / "biaoge"


def folder_of(where: Path, *names: str, yml: str = "Global:\n  model_name: PP-OCRv5_mobile_det\n") -> Path:
    where.mkdir(parents=True)
    (where / "inference.yml").write_text(yml, encoding="utf-8")
    for name in names:
        (where / name).write_bytes(b"model")
    return where


def test_the_cache_stands_where_the_user_says(cache: Path) -> None:
    assert cache_folder() == cache


@needs_weights
def test_models_are_made_once_of_the_weights_in_the_wheel(cache: Path) -> None:
    finder, reader = models(None)
    assert (finder.runtime, reader.runtime) == ("onnxruntime", "onnxruntime")
    assert finder.name.startswith("PP-OCR")
    assert finder.name.endswith("_det")
    assert reader.name.startswith("PP-OCR")
    assert reader.name.endswith("_rec")
    made = (reader.folder / "inference.yml").stat().st_mtime_ns
    assert models(None) == (finder, reader)
    assert (reader.folder / "inference.yml").stat().st_mtime_ns == made
    assert {path.name for path in (cache / "paddle-models").iterdir()} == {finder.folder.name, reader.folder.name}


@needs_weights
def test_the_alphabet_comes_back_from_the_yml_as_it_is_in_the_weights() -> None:
    yaml = pytest.importorskip("yaml")
    _, reader = models(None)
    written = yaml.safe_load((reader.folder / "inference.yml").read_text(encoding="utf-8"))
    alphabet = written["PostProcess"]["character_dict"]
    assert alphabet == paddlemodels._characters(reader.folder / "inference.onnx")
    assert {*"0123456789'\"-%:#"} <= set(alphabet)
    assert all(len(character) == 1 for character in alphabet)


@needs_weights
@pytest.mark.parametrize("lost", ["inference.yml", "inference.onnx"])
def test_half_a_folder_is_made_anew(lost: str) -> None:
    finder, _ = models(None)
    (finder.folder / lost).unlink()
    assert models(None)[0] == finder
    assert (finder.folder / lost).stat().st_size


def test_weights_of_another_name_are_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="not named"):
        built(tmp_path / "model.onnx", tmp_path)


def test_both_formats_are_told_apart(tmp_path: Path) -> None:
    onnx = folder_of(tmp_path / "a", "inference.onnx")
    paddle = folder_of(tmp_path / "b", "inference.json", "inference.pdiparams")
    assert (opened(onnx).name, opened(onnx).runtime) == ("PP-OCRv5_mobile_det", "onnxruntime")
    assert opened(paddle).runtime == "paddle"


def test_a_folder_without_a_model_says_what_is_missing(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"neither inference\.onnx, nor"):
        opened(folder_of(tmp_path / "a", "inference.pdiparams"))
    with pytest.raises(UsageError, match="does not name its model"):
        opened(folder_of(tmp_path / "b", "inference.onnx", yml="Global: {}\n"))
    with pytest.raises(UsageError, match="cannot be read"):
        opened(tmp_path / "c")
    with pytest.raises(UsageError, match="no folder det and no folder rec"):
        models(tmp_path)


@needs_weights
def test_own_models_stand_beside_those_of_the_wheel(tmp_path: Path) -> None:
    own = tmp_path / "own"
    folder_of(own / "det", "inference.onnx")
    finder, reader = models(own)
    assert finder.folder == own / "det"
    assert reader.name.endswith("_rec")
    assert reader.folder.parent == cache_folder() / "paddle-models"
