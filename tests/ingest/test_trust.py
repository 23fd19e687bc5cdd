"""The verdict on a page's text."""

from __future__ import annotations

import pytest

from biaoge.ingest.trust import REASONS, Evidence, joined, judge, regions, route
from biaoge.model import Box, Page, Route, Trust, Word

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
        ("text", Evidence(visible=9, pictures=1), (Box(100, 400, 340, 520),), "mixed"),
        ("text", Evidence(visible=9, pictures=1), (Box(100, 400, 240, 720),), "text"),  # a portrait
        ("text", Evidence(visible=9, pictures=1), (Box(0, 700, 600, 735),), "text"),  # a band
        ("no_text", Evidence(), (), "empty"),
        ("no_text", Evidence(marks=1), (), "ocr"),
        ("no_text", Evidence(pictures=1), (FULL,), "ocr"),
        ("garbled", Evidence(visible=9, unmapped=9), (), "ocr"),
    ],
)
def test_routes(reason: str, seen: Evidence, images: tuple[Box, ...], where: Route) -> None:
    words = (Word("x", Box(10, 10, 20, 20)),)
    assert route(Trust(reason == "text", reason), seen, words, images, PAGE) == where


def test_strips_and_layers_of_one_scan_are_one() -> None:
    strips = [Box(50, top, 550, top + 100.5) for top in (300, 400, 500)]
    assert joined(strips) == (Box(50, 300, 550, 600.5),)
    assert joined([Box(50, 300, 300, 500), Box(300.5, 300, 550, 500)]) == (Box(50, 300, 550, 500),)
    assert joined([FULL, Box(100, 100, 200, 200)]) == (FULL,)
    apart = (Box(50, 100, 550, 200), Box(50, 250, 550, 350))
    assert joined(reversed(apart)) == apart
    assert joined([]) == ()


def test_what_is_to_be_recognised() -> None:
    word = (Word("x", Box(10, 10, 20, 20)),)
    strips = tuple(Box(50, top, 550, top + 100) for top in (300, 400))
    page = Page(1, 600, 800, route="mixed", words=word, images=(*strips, Box(0, 0, 300, 200)))
    assert regions(page) == (Box(50, 300, 550, 500),)  # the letterhead has a word of its own
    assert regions(Page(1, 600, 800, route="ocr", images=strips)) == (Box(0, 0, 600, 800),)
    assert regions(Page(1, 600, 800, images=strips)) == regions(Page(1, 600, 800, route="empty")) == ()
