"""What a recogniser saw, asked for other texts."""

from __future__ import annotations

import numpy as np
import pytest

from biaoge.ocr.engines.reading import Alphabet, Steps, reading

ALPHABET = Alphabet("财財政0123456789")
TIME = [
    {"財": 0.9, "财": 0.1},
    {"": 1.0},
    {"政": 0.95, "财": 0.05},
]


def steps() -> Steps:
    rows = np.zeros((len(TIME), len(ALPHABET.characters)))
    for row, chances in zip(rows, TIME, strict=True):
        for char, chance in chances.items():
            row[ALPHABET.characters.index(char)] = chance
    return Steps(np.arange(rows.shape[1]), rows, 8.0)


def test_the_chance_of_any_text_can_be_asked() -> None:
    seen = reading(steps(), ALPHABET, 1.0, 24.0).seen
    assert seen is not None
    assert seen.chances(["財政", "财政", "财", "人"]) == pytest.approx((0.855, 0.095, 0.0, 0.0))
    assert seen.chances([]) == ()


def test_weighed_characters_make_another_reading() -> None:
    first = reading(steps(), ALPHABET, 1.0, 24.0)
    assert first.text == "財政"
    assert first.seen is not None
    again = first.seen.weighed(lambda char: 0.01 if char == "財" else 1.0)
    assert again.text == "财政"
    assert again.confidence == pytest.approx(0.1 / 0.109 * 0.95)
    same = first.seen.weighed(lambda _: 0.5)
    assert (same.text, same.edges) == (first.text, first.edges)
    assert same.confidence == pytest.approx(first.confidence)


def test_what_may_stand_in_the_place_of_a_character() -> None:
    seen = reading(steps(), ALPHABET, 1.0, 24.0).seen
    assert seen is not None
    first, second = seen.rivals("財政")
    assert first == pytest.approx({"財": 0.9, "财": 0.1})
    assert second == pytest.approx({"政": 0.95, "财": 0.05})
    assert seen.rivals("人政") == ()
    assert seen.rivals("財政財政") == ()
