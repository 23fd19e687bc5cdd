"""Doubtful lines in the light of the sure ones."""

from __future__ import annotations

import numpy as np

from biaoge.model import Alternative
from biaoge.ocr import vocabulary
from biaoge.ocr.contract import Reading
from biaoge.ocr.crops import Crop
from biaoge.ocr.readlines import Evidence, Read


def line(text: str, confidence: float, *others: tuple[str, float]) -> Read:
    crop = Crop(np.zeros((1, 1), np.uint8), (0, 0, 1, 1), ((0, 0, 1),), np.ones(1, bool), np.zeros(1, bool), 20.0, 1.0)
    reading = Reading(text, confidence, tuple(Alternative(t, p) for t, p in others))
    return Read(crop, reading, Evidence(confidence, confidence, 1.0, 20.0, 1.0))


SURE = [line("信息内容", 0.99), line("公开内容", 0.99)]


def test_a_doubtful_line_takes_the_characters_the_page_has() -> None:
    found = vocabulary.weighed([*SURE, line("信息凶容", 0.6, ("信息内容", 0.2))])[-1].reading
    assert found.text == "信息内容"
    assert found.confidence == 0.2  # as likely as the engine said, and so a doubtful cell
    assert found.alternatives[0] == Alternative("信息凶容", 0.6)


def test_a_traditional_twin_on_a_simplified_page() -> None:
    sure = [line("项目单位", 0.99)]
    assert vocabulary.weighed([*sure, line("內容", 0.8, ("内容", 0.05))])[-1].reading.text == "内容"
    traditional = [line("項目", 0.99)]
    assert vocabulary.weighed([*traditional, line("內容", 0.8, ("内容", 0.05))])[-1].reading.text == "內容"


def test_sure_lines_and_figures_are_never_changed() -> None:
    sure = line("信息凶容", 0.96, ("信息内容", 0.03))
    figures = line("13", 0.5, ("18", 0.4))
    out = vocabulary.weighed([*SURE, line("18", 0.99), line("18", 0.99), sure, figures])
    assert out[-2:] == [sure, figures]


def test_a_likely_rival_makes_a_reading_doubtful() -> None:
    found = vocabulary.weighed([*SURE, line("信息凶容", 0.93, ("信息内容", 0.03))])[-1].reading
    assert found.text == "信息凶容"
    assert found.confidence == vocabulary.CAP
