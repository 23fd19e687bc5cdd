"""Is a page's own text usable? Pure functions from counts to a verdict and a route."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal, get_args

from biaoge.model import Box, Page, Route, Trust, Word

Reason = Literal["text", "no_text", "garbled", "hidden_over_scan", "kangxi", "text_under_scan"]
REASONS: tuple[Reason, ...] = get_args(Reason)

GARBLED = 0.2
"""Share of letters without a meaning from which on a page's text is not used."""
SCAN = 0.5
"""Share of the page a picture must cover to be taken for a scan."""
WIDE = 0.28
"""A picture that may hold a table is at least so many times as wide as a square of the page's area: a third of the
width of an upright A4 page. Logos, seals and portraits are narrower."""
LARGE = 0.05
"""Smaller pictures (share of the page) are not kept, and not read."""
TOUCH = 1.0
"""Points that may lie between strips of one scan, and that they may differ by at their ends."""
OVERLAP = 0.1
"""Pictures that share so much of the smaller one are one."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """Counts of letters (white space apart) and shares of one page.

    `visible` can be seen; `hidden` cannot (render mode 3, transparent, white on white, clipped away, off the page).
    `unmapped`: of all letters those without a meaning; `radicals`: mapped to their ideographs; `covered`: visible
    letters painted before an opaque picture that lies over them. `scan`: largest share of the page that one picture
    covers. `marks`: painted paths.
    """

    visible: int = 0
    hidden: int = 0
    unmapped: int = 0
    radicals: int = 0
    covered: int = 0
    scan: float = 0.0
    pictures: int = 0
    marks: int = 0
    note: str = ""


def judge(seen: Evidence) -> Trust:
    """The verdict on a page's text."""
    note = f"; {seen.note}" if seen.note else ""
    if seen.hidden > 2 * seen.visible and seen.scan >= SCAN:
        return Trust(False, "hidden_over_scan", f"{seen.hidden} letters are hidden under or over a scan{note}")
    if not seen.visible:
        hidden = f", {seen.hidden} hidden" if seen.hidden else ""
        return Trust(False, "no_text", f"no letter to be seen{hidden}{note}")
    if 2 * seen.covered > seen.visible and seen.scan >= SCAN:
        return Trust(False, "text_under_scan", f"{seen.covered} of {seen.visible} letters lie under a picture{note}")
    if seen.unmapped > GARBLED * seen.visible:
        return Trust(False, "garbled", f"{seen.unmapped} of {seen.visible} letters have no known meaning{note}")
    if seen.radicals:
        return Trust(True, "kangxi", f"{seen.radicals} radicals put right as ideographs{note}")
    unmapped = f"{seen.unmapped} of {seen.visible} letters have no known meaning" if seen.unmapped else ""
    return Trust(True, "text", (unmapped + note).removeprefix("; "))


def route(trust: Trust, seen: Evidence, words: Sequence[Word], images: Sequence[Box], area: float) -> Route:
    """Where the page goes next; `area` of the page in square points."""
    if not trust.usable:
        blank = trust.reason == "no_text" and not seen.pictures and not seen.marks
        return "empty" if blank else "ocr"
    return "mixed" if _wordless(images, words, area) else "text"


def regions(page: Page) -> tuple[Box, ...]:
    """The parts of a page that have to be recognised, from the top down; none where its own text says all.

    The whole of a page of route "ocr"; of a mixed one the pictures that may hold a table and have no word over them,
    strips and layers of one scan as one.
    """
    if page.route == "ocr":
        return (Box(0, 0, page.width, page.height),)
    return _wordless(page.images, page.words, page.width * page.height) if page.route == "mixed" else ()


def joined(boxes: Iterable[Box]) -> tuple[Box, ...]:
    """The boxes, those that overlap or are strips of one scan made one; from the top down, then from the left.

    >>> joined([Box(0, 0, 90, 40), Box(0, 39, 90, 80), Box(0, 80, 90, 99), Box(200, 0, 250, 60)])
    (Box(x0=0, top=0, x1=90, bottom=99), Box(x0=200, top=0, x1=250, bottom=60))
    """
    out: list[Box] = []
    for box in sorted(boxes, key=lambda b: (b.top, b.x0, b.bottom, b.x1)):
        while (other := next((known for known in out if _one(known, box)), None)) is not None:
            out.remove(other)
            box = Box.around((other, box))
        out.append(box)
    return tuple(sorted(out, key=lambda b: (b.top, b.x0)))


def _one(a: Box, b: Box) -> bool:
    shared = a.overlap(b)
    if shared > 0 and shared >= OVERLAP * min(a.area, b.area):
        return True
    level = abs(a.top - b.top) <= TOUCH and abs(a.bottom - b.bottom) <= TOUCH
    upright = abs(a.x0 - b.x0) <= TOUCH and abs(a.x1 - b.x1) <= TOUCH
    return (level or upright) and a.grown(TOUCH).overlap(b) > 0


def _wordless(images: Sequence[Box], words: Sequence[Word], area: float) -> tuple[Box, ...]:
    """The pictures that may hold a table and have no word's middle in them."""
    large = (box for box in joined(images) if box.area >= LARGE * area and box.width >= WIDE * area**0.5)
    return tuple(box for box in large if not any(box.holds(word.box.cx, word.box.cy) for word in words))
