"""Tesseract: its TSV, its languages, how it fails."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import numpy as np
import ocrdraw
import pytest

from biaoge.errors import MissingExtra, TimedOut, UsageError
from biaoge.ocr.engines import tesseract
from biaoge.ocr.engines.registry import EngineOptions
from biaoge.ocr.engines.tesseract import Piece, Tesseract, languages, pieces

needs_program = pytest.mark.skipif(shutil.which("tesseract") is None, reason="needs the program tesseract")
HEAD = "level\tpage_num\tblock_num\tpar_num\tline_num\tword_num\tleft\ttop\twidth\theight\tconf\ttext\n"


def test_words_come_from_the_tsv() -> None:
    page = "1\t1\t0\t0\t0\t0\t0\t0\t90\t50\t-1\t\n"
    word = '5\t1\t1\t1\t2\t1\t10\t20\t30\t8\t96.5\t"2\n'
    blank = "5\t2\t1\t1\t1\t1\t0\t0\t9\t9\t95\t \n"
    assert pieces(HEAD + page + word + blank) == (Piece((1, 1, 1, 2), (10, 20, 40, 28), 0.965, '"2'),)
    assert pieces("") == ()


def test_languages() -> None:
    assert languages(None, ("eng",)) == "eng"
    assert languages("deu", ("deu", "eng")) == "deu"
    with pytest.raises(UsageError, match="no language deu; it has eng"):
        languages("deu+eng", ("eng",))
    with pytest.raises(MissingExtra, match="tesseract-ocr-chi-sim"):
        languages(None, ("osd",))


def test_without_the_program_the_package_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "which", lambda _: None)
    with pytest.raises(MissingExtra, match="apt-get install tesseract-ocr"):
        Tesseract()


@needs_program
def test_a_language_that_is_not_there_is_refused() -> None:
    with pytest.raises(UsageError, match="no language xxx"):
        Tesseract(EngineOptions(lang="xxx"))


@needs_program
def test_a_folder_without_languages_is_refused(tmp_path: Path) -> None:
    with pytest.raises((UsageError, MissingExtra)):
        Tesseract(EngineOptions(model_dir=tmp_path))


@needs_program
def test_a_process_that_hangs_is_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    engine, crop = Tesseract(), ocrdraw.line("1")

    def hang(*_: object, **given: float) -> None:
        raise subprocess.TimeoutExpired("tesseract", given["timeout"])

    monkeypatch.setattr(subprocess, "run", hang)
    with pytest.raises(TimedOut, match="longer than 62 seconds"):
        engine.crops([crop])


@needs_program
def test_more_crops_than_one_process_takes_keep_their_order(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tesseract, "AT_ONCE", 2)
    blank = np.full((30, 40), 255, np.uint8)
    crops = [ocrdraw.line("12"), blank, ocrdraw.line("345"), ocrdraw.line("90"), blank, ocrdraw.line("7")]
    assert [reading.text for reading in Tesseract().crops(crops)] == ["12", "", "345", "90", "", "7"]
