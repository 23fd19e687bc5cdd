"""What a reader gathered from a page, and the Page made of it: the same for both readers."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import NamedTuple

from biaoge.model import Page

from .graphics import Bounds, Canvas, box_of, intersect
from .letters import Letter, clean, page_point, words
from .trust import LARGE, SCAN, Evidence, judge, route

Affine = tuple[float, float, float, float, float, float]
"""a, b, c, d, e, f: x' = a x + c y + e, y' = b x + d y + f."""

IDENTITY: Affine = (1.0, 0.0, 0.0, 1.0, 0.0, 0.0)


class Ink(NamedTuple):
    """How a run of letters is painted. `order`: its place among the page's objects; `clip`: where it is seen."""

    clip: Bounds
    visible: bool = True
    white: bool = False
    order: int = 0


@dataclass(slots=True)
class Picture:
    """A painted picture."""

    bounds: Bounds
    order: int
    opaque: bool


@dataclass(slots=True)
class Gathered:
    """What stands on a page of `width` × `height` points, displayed turned by `rotation` degrees clockwise."""

    width: float
    height: float
    rotation: int = 0
    letters: list[tuple[Letter, Ink]] = field(default_factory=list)
    pictures: list[Picture] = field(default_factory=list)
    canvas: Canvas = field(init=False)
    radicals: int = 0
    notes: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.canvas = Canvas(self.width, self.height)

    def add(self, text: str, place: Letter, ink: Ink) -> None:
        """Add `place` bearing `text` as the file has it, U+FFFD where the file does not say."""
        kept, radicals = clean(text)
        if kept:
            self.radicals += radicals
            self.letters.append((place if kept == place.text else place._replace(text=kept), ink))


def times(m: Affine, n: Affine) -> Affine:
    """First `m`, then `n`."""
    a, b, c, d, e, f = m
    g, h, i, j, k, o = n
    return a * g + b * i, a * h + b * j, c * g + d * i, c * h + d * j, e * g + f * i + k, e * h + f * j + o


def display(box: Bounds, rotation: int) -> Affine:
    """From the user space of a page to its displayed points; `box` (left, bottom, right, top) is what is shown."""
    left, bottom, right, top = box
    if rotation == 90:
        return 0.0, 1.0, 1.0, 0.0, -bottom, -left
    if rotation == 180:
        return -1.0, 0.0, 0.0, 1.0, right, -bottom
    if rotation == 270:
        return 0.0, -1.0, -1.0, 0.0, top, right
    return 1.0, 0.0, 0.0, -1.0, -left, top


def bounds_through(box: Bounds, m: Affine) -> Bounds:
    """The bounds of `box` after `m`."""
    a, b, c, d, e, f = m
    x0, y0, x1, y1 = box
    if not b and not c:
        x0, x1, y0, y1 = a * x0 + e, a * x1 + e, d * y0 + f, d * y1 + f
        return (x0 if x0 < x1 else x1), (y0 if y0 < y1 else y1), (x1 if x0 < x1 else x0), (y1 if y0 < y1 else y0)
    xs = (a * x0 + c * y0, a * x1 + c * y0, a * x0 + c * y1, a * x1 + c * y1)
    ys = (b * x0 + d * y0, b * x1 + d * y0, b * x0 + d * y1, b * x1 + d * y1)
    return min(xs) + e, min(ys) + f, max(xs) + e, max(ys) + f


def _share(bounds: Bounds, page: Bounds) -> float:
    seen = intersect(bounds, page)
    return (seen[2] - seen[0]) * (seen[3] - seen[1]) / (page[2] * page[3]) if seen else 0.0


def _meaningless(text: str) -> bool:
    return all(c == "\ufffd" or "\ue000" <= c <= "\uf8ff" or c >= "\U000f0000" for c in text)


class _Sorted:
    """Letters told apart by whether they can be seen."""

    def __init__(self, got: Gathered) -> None:
        self.seen: list[Letter] = []
        self.hidden = self.unmapped = self.covered = self.visible = 0
        scans = [p for p in got.pictures if p.opaque and _share(p.bounds, got.canvas.page) >= SCAN]
        self.every = [letter for letter, _ in got.letters]
        for letter, ink in got.letters:
            text, a0, a1, top, bottom, _, direction, _ = letter
            x, y = (a0 + a1) / 2, (top + bottom) / 2
            if direction:
                x, y = page_point(x, y, direction)
            blank = text == " "
            (x0, y0, x1, y1), visible, white, order = ink
            inside = x0 - 0.5 <= x <= x1 + 0.5 and y0 - 0.5 <= y <= y1 + 0.5
            if not inside or not visible or (white and not blank and not _backed(x, y, got)):
                self.hidden += not blank
                continue
            self.seen.append(letter)
            if blank:
                continue
            self.visible += 1
            if text >= "\ue000":
                self.unmapped += _meaningless(text)
            if scans:
                self.covered += any(p.order > order and _inside(x, y, p.bounds) for p in scans)


def _inside(x: float, y: float, bounds: Bounds) -> bool:
    return bounds[0] - 0.5 <= x <= bounds[2] + 0.5 and bounds[1] - 0.5 <= y <= bounds[3] + 0.5


def _backed(x: float, y: float, got: Gathered) -> bool:
    """Whether white ink can be seen here: on a colour or a picture."""
    return got.canvas.coloured(x, y) or any(_inside(x, y, p.bounds) for p in got.pictures)


def page_of(number: int, got: Gathered) -> Page:
    """The page: words, rulings, pictures, the verdict on its text and where it goes next."""
    sheet = got.canvas.page
    letters = _Sorted(got)
    shares = [(p, _share(p.bounds, sheet)) for p in got.pictures]
    evidence = Evidence(
        visible=letters.visible,
        hidden=letters.hidden,
        unmapped=letters.unmapped,
        radicals=got.radicals,
        covered=letters.covered,
        scan=min(1.0, sum(share for _, share in shares)),
        pictures=len(got.pictures),
        marks=got.canvas.marks,
        note="; ".join(got.notes),
    )
    trust = judge(evidence)
    found = words(letters.every if trust.reason == "hidden_over_scan" else letters.seen)
    clipped = [intersect(p.bounds, sheet) for p, share in shares if share >= LARGE]
    images = tuple(sorted({box_of(b) for b in clipped if b is not None}))
    return Page(
        number=number,
        width=round(got.width, 3),
        height=round(got.height, 3),
        rotation=got.rotation,
        route=route(trust, evidence, found, images, got.width * got.height),
        words=found,
        rulings=got.canvas.rulings(),
        images=images,
        trust=trust,
    )
