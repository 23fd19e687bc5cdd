"""The verdict on a page's text."""

from __future__ import annotations

import pytest

from biaoge.ingest.trust import REASONS, Evidence, judge, route
from biaoge.model import Box, Route, Trust, Word

PAGE = 600.0 * 800
FULL, HALF = Box(0, 0, 600, 800), Box(0, 400, 600, 800)


@pytest.mark.parametrize(
    ("seen", "usable", "reason"),
    [
        (Evidence(), False, "no_text"),
        (Evidence(hidden=40), False, "no_text"),
        (Evidence(visible=500), True, "text"),
        (Evidence(visible=500, unmapped=5), True, "text"),
        (Evidence(visible=500, unmapped=300), False, "garbled"),
        (Evidence(visible=500, radicals=12), True, "kangxi"),
        (Evidence(visible=5, hidden=900, scan=1.0, pictures=1), False, "hidden_over_scan"),
        (Evidence(visible=500, hidden=900, scan=0.1, pictures=1), True, "text"),
        (Evidence(visible=500, covered=500, scan=1.0, pictures=1), False, "text_under_scan"),
        (Evidence(visible=500, covered=20, scan=1.0, pictures=1), True, "text"),
    ],
)
def test_verdicts(seen: Evidence, usable: bool, reason: str) -> None:
    trust = judge(seen)
    assert (trust.usable, trust.reason) == (usable, reason)
    assert trust.reason in REASONS


def test_messages_say_how_many() -> None:
    assert "12" in judge(Evidence(visible=500, radicals=12)).message
    assert "300 of 500" in judge(Evidence(visible=500, unmapped=300)).message
    assert judge(Evidence(visible=3)).message == ""
    assert judge(Evidence(visible=3, note="only a part")).message == "only a part"


@pytest.mark.parametrize(
    ("reason", "seen", "images", "where"),
    [
        ("text", Evidence(visible=9), (), "text"),
        ("text", Evidence(visible=9, pictures=1), (HALF,), "mixed"),
        ("text", Evidence(visible=9, pictures=1), (FULL,), "text"),
        ("no_text", Evidence(), (), "empty"),
        ("no_text", Evidence(marks=1), (), "ocr"),
        ("no_text", Evidence(pictures=1), (FULL,), "ocr"),
        ("garbled", Evidence(visible=9, unmapped=9), (), "ocr"),
    ],
)
def test_routes(reason: str, seen: Evidence, images: tuple[Box, ...], where: Route) -> None:
    words = (Word("x", Box(10, 10, 20, 20)),)
    assert route(Trust(reason == "text", reason), seen, words, images, PAGE) == where
