"""Is a page's own text usable? Pure functions from counts to a verdict and a route."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, get_args

from biaoge.model import Box, Route, Trust, Word

Reason = Literal["text", "no_text", "garbled", "hidden_over_scan", "kangxi", "text_under_scan"]
REASONS: tuple[Reason, ...] = get_args(Reason)

GARBLED = 0.2
"""Share of letters without a meaning from which on a page's text is not used."""
SCAN = 0.5
"""Share of the page a picture must cover to be taken for a scan."""
PICTURE = 0.4
"""Share of the page from which on a picture without words of its own is worth reading."""
LARGE = 0.05
"""Smaller pictures (share of the page) are not kept."""


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
    for image in images:
        if image.area >= PICTURE * area and not any(image.holds(w.box.cx, w.box.cy) for w in words):
            return "mixed"
    return "text"
