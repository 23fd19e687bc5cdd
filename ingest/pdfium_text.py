"""pdfium's text page: letters with their places."""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Container, Iterable, Iterator, Sequence
from ctypes import byref, c_double, create_string_buffer
from dataclasses import dataclass
from itertools import chain, repeat
from struct import Struct
from typing import Any, NamedTuple

import numpy as np

from .graphics import Bounds
from .letters import ASCENT, DESCENT, Letter, frame_point, place
from .native import MANY, Matrix, argument, room
from .page import Affine, Gathered, Ink, bounds_through
from .pdfium_objects import Walk

FORCE_BOLD = 1 << 18
WIDE = 1.6
"""A letter wider than this (em) is measured again."""
_BOLD_NAMES = ("bold", "heavy", "black", "demi", "黑体", "simhei", "粗")


_FOUR, _EACH_TURN = Struct("4f").unpack_from, Struct("4f8x").iter_unpack


def is_bold_name(name: str) -> bool:
    """Whether a font's name says that it is bold."""
    lower = name.lower()
    return any(part in lower for part in _BOLD_NAMES)


@dataclass(frozen=True, slots=True)
class _Style:
    """What letters set with the same matrix, size and font share."""

    size: float
    direction: int
    bold: bool
    level: bool  # the writing runs straight along its frame


class _Setting(NamedTuple):
    """What all letters of a text object share. `height`, `depth`: over and under the baseline; `plain`: level."""

    style: _Style
    plain: bool
    height: float
    depth: float


class _Settings:
    """The settings of a page's text objects, each worked out once."""

    def __init__(self, f: Any, text: int, to_display: Affine) -> None:
        self.f, self.page, self.to_display = f, argument(text), to_display
        self.fonts: dict[int, bool] = {}
        self.settings: dict[tuple[tuple[float, ...], float, int | None], _Setting] = {}
        self.known: dict[int | None, _Setting] = {}

    def learn(self, first: int, handles: Sequence[int | None]) -> None:
        """Take in the text objects of letters `first`, `first` + 1, … (up to `MANY`; 0 and `None` are none)."""
        f, known = self.f.bare, self.known
        at = dict(zip(reversed(handles), range(first + len(handles) - 1, first - 1, -1), strict=True))
        at.pop(None, 0)
        for handle in at.keys() & known.keys():
            del at[handle]
        deque(map(f.Text_GetMatrix, repeat(self.page), at.values(), *room().matrices.refs), 0)
        sizes = map(f.Text_GetFontSize, repeat(self.page), at.values())
        fonts = map(f.TextObj_GetFont, map(argument, at))
        keys = list(zip(_EACH_TURN(room().matrices.buffer), sizes, fonts, strict=False))
        for key in set(keys):
            if key not in self.settings:
                self.settings[key] = self._made(*key)
        known.update(zip(at, map(self.settings.__getitem__, keys), strict=True))

    def of(self, i: int, handle: int | None) -> _Setting:
        """The setting of letter `i`, which belongs to the text object `handle`."""
        if handle:
            return self.known[handle]
        matrix = Matrix()
        self.f.bare.Text_GetMatrix(self.page, i, byref(matrix))
        return self._made(_FOUR(matrix), self.f.bare.Text_GetFontSize(self.page, i), None)

    def _made(self, turn: tuple[float, ...], size: float, font: int | None) -> _Setting:
        p, q, r, s = turn
        a, b, c, d, _, _ = self.to_display
        ux, uy = a * p + c * q, b * p + d * q
        vx, vy = a * r + c * s, b * r + d * s
        angle = math.degrees(math.atan2(uy, ux))
        direction = round(angle / 90) * 90 % 360
        level = abs((angle - direction + 180) % 360 - 180) < 3
        along = math.hypot(ux, uy)
        height = abs(ux * vy - uy * vx) / along if along else math.hypot(vx, vy)
        style = _Style(abs(size) * height or 1.0, direction, self._bold(font), level)
        return _Setting(style, direction == 0 and level, ASCENT * style.size, DESCENT * style.size)

    def _bold(self, font: int | None) -> bool:
        if not font:
            return False
        known = self.fonts.get(font)
        if known is None:
            f, buffer = self.f, create_string_buffer(256)
            f.Font_GetBaseFontName(font, buffer, 256)
            name = buffer.value.decode("utf-8", "replace")
            known = self.fonts[font] = is_bold_name(name) or bool(f.Font_GetFlags(font) & FORCE_BOLD)
        return known


_Glyph = tuple[int, int, int, int, int | None, tuple[float, float], int, float, float, float]
"""Index, generated, code, unmapped, text object, origin (as pdfium has it), boxed; then displayed, true where boxed:
left end, right end, baseline. What pdfium answers with yes or no is 1 or 0."""


def _glyphs(f: Any, text: int, settings: _Settings) -> Iterator[Iterable[_Glyph]]:
    """All letters of the text page, `MANY` at a time."""
    bare, count = f.bare, f.Text_CountChars(text)
    a, b, c, d, e, g = settings.to_display
    for start in range(0, count, MANY):
        some = range(start, min(start + MANY, count))
        pages = (settings.page,) * len(some)
        generated = list(map(bare.Text_IsGenerated, pages, some))
        handles = list(map(bare.Text_GetTextObject, pages, some))
        settings.learn(start, handles)
        deque(map(bare.Text_GetCharOrigin, pages, some, *room().origins.refs), 0)
        boxed = list(map(bare.Text_GetLooseCharBox, pages, some, *room().boxes.refs))
        origins = np.frombuffer(memoryview(room().origins.buffer), np.float64, 2 * len(some)).reshape(-1, 2)
        boxes = np.frombuffer(memoryview(room().boxes.buffer), np.float32, 4 * len(some)).reshape(-1, 4)
        boxes = boxes.astype(np.float64)
        left, top, right, bottom = boxes.T
        ends = (a * left + e, a * right + e) if a else (c * bottom + e, c * top + e)
        yield zip(
            some,
            generated,
            map(bare.Text_GetUnicode, pages, some),
            map(bare.Text_HasUnicodeMapError, pages, some),
            handles,
            map(tuple, origins.tolist()),
            boxed,
            np.minimum(*ends).tolist(),
            np.maximum(*ends).tolist(),
            (b * origins[:, 0] + d * origins[:, 1] + g).tolist(),
            strict=True,
        )


def letters(f: Any, text: int, walk: Walk, got: Gathered) -> None:
    """Add the letters of the text page `text` to `got`."""
    settings = _Settings(f, text, walk.to_display)
    known, inks, outside = settings.known, walk.inks, Ink(got.canvas.page)
    found, new = got.letters, tuple.__new__
    a, b, c, d, e, g = walk.to_display
    raw, before, radicals = "", 0, 0  # the last letter as the file has it; letters and radicals before it
    letter = Letter("", 0.0, 0.0, 0.0, 0.0, 1.0)
    last_handle: int | None = None
    last_origin = (math.nan, math.nan)
    high = 0
    for i, made, code, unmapped, handle, origin, boxed, a0, a1, base in chain.from_iterable(_glyphs(f, text, settings)):
        if made == 1:
            continue
        if code < 32 or code >= 0xD800 or high:
            if 0xD800 <= code < 0xDC00:
                high = code
                continue
            if high:
                code = 0x10000 + ((high - 0xD800) << 10) + (code - 0xDC00) if 0xDC00 <= code < 0xE000 else code
                high = 0
            if code in (10, 13):
                continue
            if code in (2, 0xFFFE) and f.Text_IsHyphen(text, i) == 1:
                code = 0x2D
        char = chr(code) if code and unmapped != 1 else "\ufffd"
        if handle != last_handle or handle is None:
            style, plain, height, depth = known[handle] if handle else settings.of(i, handle)
            size, bold = style.size, style.bold
            ink = inks.get(handle or 0, outside)
        if handle == last_handle and origin == last_origin:  # one glyph that stands for several characters
            raw += char
            if plain and boxed:  # pdfium cut its width into parts
                letter = letter._replace(a1=max(letter.a1, a1))
            del found[before:]
            got.radicals = radicals
            got.add(raw, letter, ink)
            continue
        last_handle, last_origin = handle, origin
        if plain and boxed:
            if a1 - a0 > WIDE * size:
                a0, a1 = _narrowed(f, text, i, (a0, a1), style, walk.to_display)
            letter = new(Letter, (char, a0, a1, base - height, base + depth, size, 0, bold))
        else:
            x, y = origin
            at = a * x + c * y + e, b * x + d * y + g
            letter = _turned(f, text, i, at, style, walk.to_display)
        raw, before, radicals = char, len(found), got.radicals
        if "!" <= char <= "~" or "\u4e00" <= char <= "\u9fff":
            found.append((letter if letter[0] else letter._replace(text=char), ink))
        else:
            got.add(char, letter, ink)
    _blanks(walk, known, got)


def _blanks(walk: Walk, used: Container[int | None], got: Gathered) -> None:
    """Put back the spaces that were drawn on their own, which pdfium's text page leaves out."""
    found = False
    for handle, ink in walk.inks.items():
        if handle not in used:
            origin = walk.blank(handle)
            if origin is not None:
                x, y = origin
                got.letters.append((place(" ", (x, x), y, 1.0, (0, False)), ink))
                found = True
    if found:
        got.letters.sort(key=lambda pair: pair[1].order)


def _tight(f: Any, text: int, i: int, m: Affine) -> Bounds:
    """The bounds of the glyph's outline."""
    left, right, bottom, top = c_double(), c_double(), c_double(), c_double()
    f.Text_GetCharBox(text, i, byref(left), byref(right), byref(bottom), byref(top))
    return bounds_through((left.value, bottom.value, right.value, top.value), m)


def _narrowed(f: Any, text: int, i: int, along: tuple[float, float], style: _Style, m: Affine) -> tuple[float, float]:
    """The width of a letter whose loose box cannot be right, as pdfium gives it for vertical writing: one em."""
    x0, _, x1, _ = _tight(f, text, i, m)
    if x1 - x0 > 1.2 * style.size:
        return along
    middle = (x0 + x1) / 2
    return middle - style.size / 2, middle + style.size / 2


def _turned(f: Any, text: int, i: int, origin: tuple[float, float], style: _Style, m: Affine) -> Letter:
    """A letter of turned writing, for which pdfium's loose box does not hold: from its origin and its tight box."""
    tight = _tight(f, text, i, m)
    a0, base = frame_point(*origin, style.direction)
    ends = (frame_point(tight[0], tight[1], style.direction), frame_point(tight[2], tight[3], style.direction))
    return place("", (a0, max(ends[0][0], ends[1][0])), base, style.size, (style.direction, style.bold))
