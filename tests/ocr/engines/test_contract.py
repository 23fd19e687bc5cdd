"""What every engine must do, asked of all that are installed."""

from __future__ import annotations

from functools import cache

import numpy as np
import ocrdraw
import pytest

from biaoge.errors import MissingExtra
from biaoge.ocr.contract import Engine, Reading
from biaoge.ocr.engines.registry import ENGINES, open_engine
from biaoge.raster import Pixels

READERS = sorted(set(ENGINES) - {"null", "replay"})
WEAK_ON_CHINESE = frozenset({"tesseract"})
"""Engines whose Chinese is not good enough to be held to every letter."""
SENTENCE = "本机关依法对申请作出答复，第一项加第二项之和，等于第三项加第四项之和"


@cache
def opened(name: str) -> Engine | str:
    try:
        return open_engine(name)
    except (MissingExtra, ModuleNotFoundError) as error:
        return str(error)


@pytest.fixture(params=READERS)
def engine(request: pytest.FixtureRequest) -> Engine:
    """Every engine that reads, opened once; skips where its package is missing."""
    found = opened(request.param)
    if isinstance(found, str):
        pytest.skip(found)
    return found


def number_of(reading: Reading) -> str:
    """What a cell of numbers would take: the reading over digits where there is one."""
    return reading.digits.text if reading.digits is not None else reading.text


def fits(reading: Reading, crop: Pixels) -> None:
    """The promises every reading keeps."""
    assert 0 <= reading.confidence <= 1
    told = [reading.confidence, *(other.probability for other in reading.alternatives)]
    assert sum(told) <= 1 + 1e-6
    assert told[1:] == sorted(told[1:], reverse=True)
    assert reading.text not in {other.text for other in reading.alternatives}
    assert len({other.text for other in reading.alternatives}) == len(reading.alternatives)
    assert reading.text == reading.text.strip()
    if reading.edges is not None:
        assert list(reading.edges) == sorted(reading.edges)
        assert all(0 <= edge <= crop.shape[1] for edge in reading.edges)
    if reading.digits is not None:
        assert set(reading.digits.text) <= set("0123456789.,-%")
        assert 0 <= reading.digits.probability <= 1


def test_it_has_a_name_and_a_version(engine: Engine) -> None:
    assert engine.name in READERS
    assert engine.version


def test_blank_images_have_no_text(engine: Engine) -> None:
    for blank in (np.full((300, 400), 255, np.uint8), np.full((200, 150, 3), 255, np.uint8)):
        assert engine.detect(blank) == ()
        assert engine.lines(blank) == ()
    for shape in ((1, 1), (40, 60), (3, 500), (500, 3), (40, 60, 3)):
        (reading,) = engine.crops([np.full(shape, 255, np.uint8)])
        assert reading.text == ""
        assert reading.alternatives == ()
    assert engine.crops([]) == ()


@pytest.mark.parametrize("text", [*"0123456789", "90", "06", "66", "99", "1,234.56", "12.5%"])
def test_numbers_are_read(engine: Engine, text: str) -> None:
    crop = ocrdraw.line(text)
    (reading,) = engine.crops([crop])
    fits(reading, crop)
    assert number_of(reading) == text


def test_a_dash_is_told(engine: Engine) -> None:
    crop = ocrdraw.line("—")
    (reading,) = engine.crops([crop])
    fits(reading, crop)
    offered = {reading.text, *(other.text for other in reading.alternatives)}
    assert offered & {"—", "一", "-", "–", "ー", "－"}


@pytest.mark.parametrize("text", ["予以公开", SENTENCE, "共收到申请12件"])
def test_chinese_is_read(engine: Engine, text: str) -> None:
    crop = ocrdraw.line(text)
    (reading,) = engine.crops([crop])
    fits(reading, crop)
    if engine.name not in WEAK_ON_CHINESE:
        assert reading.text.replace(",", "，") == text


def test_many_crops_keep_their_order_and_do_not_change_one_another(engine: Engine) -> None:
    texts = [str(number) for number in (7, 1234567, 42, 3, 86420, 15, 90, 8)]
    crops = [ocrdraw.line(text, size) for text, size in zip(texts, (14, 20, 48, 32, 25, 60, 18, 36), strict=True)]
    together = engine.crops(crops)
    assert [number_of(reading) for reading in together] == texts
    for crop, reading in zip(crops, together, strict=True):
        fits(reading, crop)
        (alone,) = engine.crops([crop])
        assert alone.text == reading.text
        assert alone.confidence == pytest.approx(reading.confidence, abs=1e-3)
    assert engine.crops(crops) == together


def test_grey_and_colour_read_the_same(engine: Engine) -> None:
    crop = ocrdraw.line("2,048")
    assert engine.crops([crop]) == engine.crops([ocrdraw.colour(crop)])
    assert engine.crops([crop]) == engine.crops([np.asfortranarray(crop)])


def test_crops_of_odd_shapes(engine: Engine) -> None:
    wide = np.hstack([ocrdraw.line("123456789"), np.full((ocrdraw.line("1").shape[0], 6000), 255, np.uint8)])
    odd = [np.zeros((1, 1), np.uint8), np.zeros((3, 500), np.uint8), np.eye(40, 3, dtype=np.uint8) * 255, wide]
    readings = engine.crops(odd)
    assert len(readings) == len(odd)
    for reading, crop in zip(readings, odd, strict=True):
        fits(reading, crop)
    assert "123" in number_of(readings[-1]) + readings[-1].text


def test_the_lines_of_a_page_from_top_to_bottom(engine: Engine) -> None:
    texts = ["Report 2024", "12345", "6,789.01", "Total 42"]
    picture = ocrdraw.page(texts, shape=(400, 480))
    polygons, lines = engine.detect(picture), engine.lines(picture)
    assert len(polygons) >= len(texts)
    for polygon in (*polygons, *(line.polygon for line in lines)):
        assert len(polygon) == 4
        assert all(0 <= x <= picture.shape[1] and 0 <= y <= picture.shape[0] for x, y in polygon)
        assert polygon[0][0] < polygon[1][0]
        assert polygon[0][1] < polygon[3][1]
    middles = [sum(y for _, y in line.polygon) / 4 for line in lines]
    assert middles == sorted(middles)
    assert "".join(line.text for line in lines).replace(" ", "") == "".join(texts).replace(" ", "")
    assert all(0 <= line.confidence <= 1 for line in lines)
    assert engine.lines(ocrdraw.colour(picture)) == lines


def test_null_sees_nothing() -> None:
    engine = open_engine("null")
    crop = ocrdraw.line("1")
    assert engine.detect(crop) == ()
    assert engine.lines(crop) == ()
    assert engine.crops([crop, crop]) == (Reading("", 0.0), Reading("", 0.0))
    assert engine.crops([]) == ()
