from __future__ import annotations

from collections.abc import Callable, Sequence

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from biaoge.ocr.contract import Line, Polygon, Reading
from biaoge.ocr.orientation import quarters
from biaoge.raster import Pixels

MM = 100 / 25.4


class Fake:
    """An engine that tells a crop's way up by a mark: the heavier half of a line must be its lower one."""

    name, version = "fake", "1"

    def __init__(self, read: Callable[[bool], Reading]) -> None:
        self.read, self.seen = read, 0

    def detect(self, image: Pixels) -> tuple[Polygon, ...]:
        return ()

    def lines(self, image: Pixels) -> tuple[Line, ...]:
        return ()

    def crops(self, images: Sequence[Pixels]) -> tuple[Reading, ...]:
        self.seen += len(images)
        half = [image.shape[0] // 2 for image in images]
        return tuple(
            self.read(int(image[:cut].sum()) > int(image[-cut:].sum())) for image, cut in zip(images, half, strict=True)
        )


def letters(upright: bool) -> Reading:
    return Reading("公开政府信息", 0.97) if upright else Reading("息肴", 0.3)


def page(turned: int) -> NDArray[np.uint8]:
    """Lines of letters that are heavier below, on a page turned clockwise."""
    grey = np.full((900, 640), 255, np.uint8)
    for y in range(80, 800, 60):
        for x in range(60, 560, 18):
            cv2.rectangle(grey, (x, y), (x + 14, y + 14), 0, 1)
            cv2.rectangle(grey, (x, y + 9), (x + 14, y + 14), 0, -1)
    return np.ascontiguousarray(np.rot90(grey, -turned // 90))


def dark(grey: NDArray[np.uint8]) -> NDArray[np.float32]:
    return np.asarray(1 - grey / np.float32(255), np.float32)


@pytest.mark.parametrize("turned", [0, 90, 180, 270])
def test_the_way_up_is_read(turned: int) -> None:
    grey = page(turned)
    found, findings = quarters(grey, dark(grey), MM, Fake(letters))
    assert found == turned
    assert [f.kind for f in findings] == (["page-turned"] if turned else [])


def test_an_upright_page_costs_few_crops() -> None:
    grey, engine = page(0), Fake(letters)
    quarters(grey, dark(grey), MM, engine)
    assert 0 < engine.seen <= 8


@pytest.mark.parametrize("text", ["60 98 1 6", "906,801", "0689", "一二三十"])
def test_digits_never_turn_a_page(text: str) -> None:
    """They read as well upside down, or better."""
    grey = page(180)
    engine = Fake(lambda upright: Reading(text, 0.99 if upright else 0.4))
    assert quarters(grey, dark(grey), MM, engine) == (0, ())


def test_a_close_call_is_left_with_a_finding() -> None:
    grey = page(180)
    engine = Fake(lambda upright: Reading("公开政府信息", 0.8 if upright else 0.72))
    found, findings = quarters(grey, dark(grey), MM, engine)
    assert found == 0
    assert [f.kind for f in findings] == ["orientation-unclear"]


def test_without_an_engine_nothing_is_turned() -> None:
    assert quarters(page(180), dark(page(180)), MM, None) == (0, ())


@pytest.mark.parametrize("shape", [(1, 1), (3, 2000), (300, 300)])
def test_blank_and_black_pages(shape: tuple[int, int]) -> None:
    for level in (0, 255):
        grey = np.full(shape, level, np.uint8)
        assert quarters(grey, dark(grey), MM, Fake(letters)) == (0, ())
