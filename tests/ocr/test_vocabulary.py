"""Doubtful lines in the light of the sure ones."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

import numpy as np
import pytest

from biaoge.model import Alternative
from biaoge.ocr import ordinals, readlines, vocabulary
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
    sure = [line("项目单位", 0.99), line("统计数据", 0.99)]
    assert vocabulary.weighed([*sure, line("內容", 0.8, ("内容", 0.05))])[-1].reading.text == "内容"
    traditional = [line("項目單位", 0.99), line("統計數據", 0.99)]
    assert vocabulary.weighed([*traditional, line("內容", 0.8, ("内容", 0.05))])[-1].reading.text == "內容"


def test_sure_lines_and_figures_are_never_changed() -> None:
    sure = line("信息凶容", 0.96, ("信息内容", 0.03))
    figures = line("13", 0.5, ("18", 0.4))
    out = vocabulary.weighed([*SURE, line("18", 0.99), line("18", 0.99), sure, figures])
    assert out[-2:] == [sure, figures]


def test_a_likely_rival_makes_a_reading_doubtful() -> None:
    found = vocabulary.weighed([*SURE, line("信息凶容", 0.93, ("信息内容", 0.03))])[-1].reading
    assert found.text == "信息凶容"
    assert found.confidence == readlines.CAP


class Seen:
    """What an engine saw: texts with their chances."""

    def __init__(self, **chances: float) -> None:
        self.known = chances

    def chances(self, texts: Sequence[str]) -> tuple[float, ...]:
        return tuple(self.known.get(text, 0.0) for text in texts)

    def rivals(self, text: str) -> tuple[Mapping[str, float], ...]:
        return ()

    def weighed(self, weight: Callable[[str], float]) -> Reading:
        scores = {text: p * math.prod(weight(c) for c in text) for text, p in self.known.items()}
        best = max(scores, key=lambda text: scores[text])
        return Reading(best, scores[best] / sum(scores.values()), seen=self)


def seen(text: str, **chances: float) -> Read:
    """A line that reads `text`, of an engine that saw `chances`."""
    found = line(text, chances[text], *((t, p) for t, p in chances.items() if t != text))
    return replace(found, pictures=(replace(found.reading, seen=Seen(**chances)),))


def test_a_line_in_the_other_script_is_decoded_again_and_told() -> None:
    page = [line("项目单位", 0.99), line("统计数据", 0.99)]
    found = vocabulary.weighed([*page, seen("財政局", 財政局=0.93, 财政局=0.06)])[-1].reading
    assert found.text == "财政局"
    assert found.confidence == readlines.CAP
    assert found.alternatives[0].text == "財政局"


def test_a_name_in_the_other_script_that_nothing_rivals_stays() -> None:
    page = [line("项目单位", 0.99), line("统计数据", 0.99)]
    found = vocabulary.weighed([*page, seen("張國榮", 張國榮=0.999, 张国荣=0.0000001)])[-1].reading
    assert found.text == "張國榮"
    assert found.confidence > vocabulary.SURE


def test_a_doubtful_line_reads_as_a_label_that_stands_elsewhere() -> None:
    page = [line("结果纠正", 0.99)]
    found = vocabulary.weighed([*page, seen("结果州正", 结果州正=0.6, 结果纠正=0.05)])[-1].reading
    assert (found.text, found.alternatives[0].text) == ("结果纠正", "结果州正")
    assert found.confidence < 0.9
    kept = vocabulary.weighed([*page, seen("结果州正", 结果州正=0.6, 结果纠正=0.001)])[-1].reading
    assert kept.text == "结果州正"


def test_labels_that_differ_in_a_numeral_or_a_figure_are_others() -> None:
    for label, other in (("第一项", "第二项"), ("表3说明", "表8说明")):
        chances = {other: 0.5, label: 0.4}
        assert vocabulary.weighed([line(label, 0.99), seen(other, **chances)])[-1].reading.text == other


def test_a_line_in_both_scripts_is_doubtful() -> None:
    found = vocabulary.weighed([line("本年制发件數", 0.95)])[-1].reading
    assert found == replace(found, text="本年制发件數", confidence=readlines.CAP)


ITEMS = [line("(一)予以公开", 0.99), line("(二)部分公开", 0.99), line("一、总体情况", 0.99), line("二、主动公开", 0.99)]


def test_a_sign_in_brackets_is_the_number_of_an_item_where_the_page_has_them() -> None:
    chances = {"(E)不予公开": 0.6, "(三)不予公开": 0.1, "(二)不予公开": 0.01}
    found = ordinals.weighed([*ITEMS, seen("(E)不予公开", **chances)], 0.95, 0.85)[-1].reading
    assert found.text == "(三)不予公开"
    assert found.confidence == pytest.approx(0.1 * 30 / (0.11 * 30 + 0.89))
    assert found.alternatives[0].text == "(E)不予公开"
    assert ordinals.weighed([seen("(E)不予公开", **chances)], 0.95, 0.85)[-1].reading.text == "(E)不予公开"


def test_a_number_that_is_one_is_never_made_another() -> None:
    chances = {"(二)不予公开": 0.5, "(三)不予公开": 0.45}
    assert ordinals.weighed([*ITEMS, seen("(二)不予公开", **chances)], 0.95, 0.85)[-1].reading.text == "(二)不予公开"


def test_the_comma_after_a_number_comes_back_where_it_is_possible() -> None:
    chances = {"四·存在问题": 0.7, "四、存在问题": 0.1}
    assert ordinals.weighed([*ITEMS, seen("四·存在问题", **chances)], 0.95, 0.85)[-1].reading.text == "四、存在问题"
    chances = {"四·存在问题": 0.7, "四、存在问题": 0.001}
    assert ordinals.weighed([*ITEMS, seen("四·存在问题", **chances)], 0.95, 0.85)[-1].reading.text == "四·存在问题"


def test_a_number_that_was_not_read_is_found_before_its_point() -> None:
    chances = {"、存在问题": 0.5, "三、存在问题": 0.2, "二、存在问题": 0.1}
    found = ordinals.weighed([*ITEMS, seen("、存在问题", **chances)], 0.95, 0.85)[-1].reading
    assert found.text == "三、存在问题"
    assert found.confidence == pytest.approx(0.2 * 30 / (0.3 * 30 + 0.7))


def test_what_the_engine_offers_with_a_number_is_taken_on_a_page_of_such_numbers() -> None:
    doubtful = seen("二一上年结转", **{"二一上年结转": 0.5, "二、上年结转": 0.4})
    assert ordinals.weighed([doubtful], 0.95, 0.85)[-1].reading.text == "二一上年结转"
    assert ordinals.weighed([*ITEMS, doubtful], 0.95, 0.85)[-1].reading.text == "二、上年结转"
