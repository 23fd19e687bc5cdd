"""pdfium's text page: letters with their places."""

from __future__ import annotations

import math
from ctypes import byref, c_double, create_string_buffer
from dataclasses import dataclass
from struct import Struct
from typing import Any

from .graphics import Bounds
from .letters import ASCENT, DESCENT, Letter, frame_point, place
from .native import Matrix, Rect, argument
from .page import Affine, Gathered, Ink, bounds_through
from .pdfium_objects import Walk

FORCE_BOLD = 1 << 18
WIDE = 1.6
"""A letter wider than this (em) is measured again."""
_BOLD_NAMES = ("bold", "heavy", "black", "demi", "黑体", "simhei", "粗")


_FOUR, _PAIR = Struct("4f").unpack_from, Struct("2d").unpack_from


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


class _Styles:
    """The styles of a page's text objects, each worked out once."""

    def __init__(self, f: Any, text: int, to_display: Affine) -> None:
        self.f, self.text, self.to_display = f, text, to_display
        self.fonts: dict[int, bool] = {}
        self.known: dict[tuple[tuple[float, ...], float, int | None], _Style] = {}
        self._matrix = Matrix()
        self._ref = byref(self._matrix)
        self._page = argument(text)

    def of(self, i: int, handle: int | None) -> _Style:
        """The style of letter `i`, which belongs to the text object `handle`."""
        f = self.f.bare
        f.Text_GetMatrix(self._page, i, self._ref)
        font = f.TextObj_GetFont(argument(handle)) if handle else None
        key = (_FOUR(self._matrix), f.Text_GetFontSize(self._page, i), font)
        known = self.known.get(key)
        if known is None:
            known = self.known[key] = self._made(*key)
        return known

    def _made(self, turn: tuple[float, ...], size: float, font: int | None) -> _Style:
        p, q, r, s = turn
        a, b, c, d, _, _ = self.to_display
        ux, uy = a * p + c * q, b * p + d * q
        vx, vy = a * r + c * s, b * r + d * s
        angle = math.degrees(math.atan2(uy, ux))
        direction = round(angle / 90) * 90 % 360
        level = abs((angle - direction + 180) % 360 - 180) < 3
        along = math.hypot(ux, uy)
        height = abs(ux * vy - uy * vx) / along if along else math.hypot(vx, vy)
        return _Style(abs(size) * height or 1.0, direction, self._bold(font), level)

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


def letters(f: Any, text: int, walk: Walk, got: Gathered) -> None:
    """Add the letters of the text page `text` to `got`."""
    styles = _Styles(f, text, walk.to_display)
    outside = Ink(got.canvas.page)
    box, point = Rect(), (c_double * 2)()
    rbox, rx, ry = byref(box), byref(point), byref(point, 8)
    bare, page = f.bare, argument(text)
    generated, unicode_of, object_of = bare.Text_IsGenerated, bare.Text_GetUnicode, bare.Text_GetTextObject
    loose, origin_of, broken = bare.Text_GetLooseCharBox, bare.Text_GetCharOrigin, bare.Text_HasUnicodeMapError
    a, b, c, d, e, g = walk.to_display
    pending: tuple[str, Letter, Ink] | None = None
    last: tuple[int | None, float, float] = (0, math.nan, math.nan)
    style, style_of = _Style(1.0, 0, False, True), -1
    plain, size, height, depth = True, 1.0, ASCENT, DESCENT
    ink = outside
    high = 0
    add, new = got.add, tuple.__new__
    used: set[int | None] = set()
    for i in range(f.Text_CountChars(text)):
        if generated(page, i) == 1:
            continue
        code = unicode_of(page, i)
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
        handle = object_of(page, i)
        if handle != style_of:
            style, style_of = styles.of(i, handle), handle
            plain, size = style.direction == 0 and style.level, style.size
            height, depth = ASCENT * size, DESCENT * size
            ink = walk.inks.get(handle, outside)
            used.add(handle)
        origin_of(page, i, rx, ry)
        px, py = _PAIR(point)
        char = chr(code) if code and broken(page, i) != 1 else "\ufffd"
        if (handle, px, py) == last and pending is not None:  # one glyph that stands for several characters
            old = pending[1]
            if plain and loose(page, i, rbox):  # pdfium cut its width into parts
                ends = (a * box.left + e, a * box.right + e) if a else (c * box.bottom + e, c * box.top + e)
                old = old._replace(a1=max(old.a1, *ends))
            pending = (pending[0] + char, old, pending[2])
            continue
        if pending is not None:
            add(*pending)
        last = (handle, px, py)
        ox, oy = a * px + c * py + e, b * px + d * py + g
        if plain and loose(page, i, rbox):
            left, top, right, bottom = _FOUR(box)
            x0, x1 = (a * left + e, a * right + e) if a else (c * bottom + e, c * top + e)
            if x0 > x1:
                x0, x1 = x1, x0
            if x1 - x0 > WIDE * size:
                x0, x1 = _narrowed(f, text, i, (x0, x1), style, walk.to_display)
            letter = new(Letter, (char, x0, x1, oy - height, oy + depth, size, 0, style.bold))
        else:
            letter = _turned(f, text, i, (ox, oy), style, walk.to_display)
        pending = (char, letter, ink)
    if pending is not None:
        got.add(*pending)
    _blanks(walk, used, got)


def _blanks(walk: Walk, used: set[int | None], got: Gathered) -> None:
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
