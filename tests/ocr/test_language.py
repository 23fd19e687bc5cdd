"""Doubtful lines in the light of how often words are written."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from math import prod

import numpy as np
import pytest

from biaoge.ocr import language, words
from biaoge.ocr.contract import Reading
from biaoge.ocr.crops import Crop
from biaoge.ocr.readlines import Evidence, Read


@dataclass(frozen=True)
class Seen:
    """What an engine saw: what may stand in each place."""

    places: tuple[Mapping[str, float], ...]

    def chances(self, texts: Sequence[str]) -> tuple[float, ...]:
        return tuple(
            prod(place.get(char, 0.0) for place, char in zip(self.places, text, strict=True))
            if len(text) == len(self.places)
            else 0.0
            for text in texts
        )

    def rivals(self, text: str) -> tuple[Mapping[str, float], ...]:
        return self.places if len(text) == len(self.places) else ()

    def weighed(self, _: Callable[[str], float]) -> Reading:
        raise NotImplementedError


def line(*places: Mapping[str, float]) -> Read:
    """A line that reads the likeliest character in every place."""
    text = "".join(max(place, key=lambda char: place[char]) for place in places)
    seen = Seen(places)
    edges = tuple(map(float, range(len(text) + 1)))
    reading = Reading(text, seen.chances([text])[0], edges=edges, seen=seen)
    crop = Crop(np.zeros((1, 1), np.uint8), (0, 0, 1, 1), ((0, 0, 1),), np.ones(1, bool), np.zeros(1, bool), 20.0, 1.0)
    return Read(crop, reading, Evidence(reading.confidence, 0.5, 1.0, 20.0, 1.0), pictures=(reading,))


def read(*places: Mapping[str, float]) -> Reading:
    return language.weighed([line(*places)], sure=0.95, most=0.85)[0].reading


def test_what_is_no_word_gives_way_to_what_is_one() -> None:
    found = read({"推": 0.6, "维": 0.1}, {"持": 0.9})
    assert found.text == "维持"
    assert 0.1 < found.confidence < 0.85
    assert found.alternatives[0].text == "推持"
    assert found.alternatives[0].probability == pytest.approx(0.54)
    assert found.edges == (0.0, 1.0, 2.0)


def test_letters_give_way_to_words() -> None:
    assert read({"总": 0.9}, {"E": 0.6, "计": 0.1}).text == "总计"


@pytest.mark.parametrize(("read_as", "right"), [("·", "、"), (".", "，")])
def test_points_that_no_chinese_text_has_give_way_to_others(read_as: str, right: str) -> None:
    assert read({"费": 0.9}, {"用": 0.9}, {read_as: 0.5, right: 0.2}, {"行": 0.9}).text == f"费用{right}行"
    assert read({"3": 0.9}, {read_as: 0.5, right: 0.2}, {"其": 0.9}, {"他": 0.9}).text == f"3{read_as}其他"


def test_what_the_engine_hardly_sees_is_not_taken() -> None:
    assert read({"推": 0.9, "维": 0.001}, {"持": 0.9}).text == "推持"


def test_what_is_hardly_anything_is_read_without_overflow() -> None:
    found = read({"推": 1e-9, "维": 1e-10}, {"持": 1e-9}, *[{"末": 1e-9}] * 30)
    assert found.text == "维持" + 30 * "末"
    assert found.confidence < 1e-9


def test_a_sure_line_stays() -> None:
    assert read({"推": 0.98, "维": 0.02}, {"持": 0.98}).text == "推持"


@pytest.mark.parametrize(
    "places",
    [
        ({"王": 0.9}, {"玙": 0.6, "与": 0.3}),  # a name: neither pair is a word
        ({"1": 0.5, "十": 0.4}, {"月": 0.9}, {"份": 0.9}),  # figures stay
        ({"三": 0.5, "二": 0.45}, {"者": 0.9}, {"有": 0.9}),  # and so do numerals
        ({"未": 0.5, "末": 0.4},),  # one character is no evidence
        ({"维": 0.5, "維": 0.4}, {"持": 0.9}),  # the other script is not looked for
    ],
)
def test_what_words_do_not_decide_stays(places: tuple[Mapping[str, float], ...]) -> None:
    first = line(*places)
    assert language.weighed([first], sure=0.95, most=0.85) == [first]


def test_words_make_a_text_likelier_at_any_length() -> None:
    assert language.cost("尚未审结") < language.cost("尚末审结") < language.cost("尚末申结")
    assert language.cost("12.5（、") == 0


def test_the_list_has_words_and_their_beginnings() -> None:
    found = words.costs()
    assert 4 < (found["结果"] or 0) < (found["审结"] or 0) < 20
    assert all(len(word) <= words.LONGEST for word in found)
    assert all(word[:-1] in found for word in found if len(word) > 1)
