"""pdfium's page objects: paths and pictures to the canvas, and how every text object is painted."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from ctypes import byref, c_float, c_int, c_uint, string_at
from itertools import islice, repeat
from struct import Struct
from typing import Any

from .graphics import Bounds, Paint, Sub, intersect
from .native import MANY, Matrix, Rect, argument, room
from .page import Affine, Gathered, Ink, Picture, bounds_through, display, times
from .pdf import MOST_OBJECTS
from .shading import Colour

TEXT, PATH, IMAGE, SHADING, FORM = 1, 2, 3, 4, 5
MOVE, BEZIER = 2, 1
DEPTH = 8
"""Forms inside forms are followed this deep."""
MOST_SEGMENTS = 600_000
"""Per page; what comes after is left out, and the page says so."""
WHITE = 250
"""A colour whose parts all reach this (of 255) is white."""
CLIP_PATHS, CLIP_POINTS = 12, 64
"""Clips beyond are not looked at; they only ever make things smaller."""
BGRA = 4
LARGEST = 100_000_000
"""A picture of more pixels is not unpacked to see whether it lets through what is under it."""
INVISIBLE_MODES = (3, 7)


_RGBA, _EACH_RGBA = Struct("4I").unpack_from, Struct("4I").iter_unpack

Chain = tuple[Any, int, int | None]
"""A chain of clips, how many paths it has, and the address of the last one's first point."""


class _Level:
    """A page's or a form's own space: `m` takes it to the display, `clip` is where it is seen."""

    __slots__ = ("clip", "clips", "depth", "m", "paints")

    def __init__(self, m: Affine, clip: Bounds | None, depth: int = 0) -> None:
        self.m, self.clip, self.depth = m, clip, depth
        self.clips: dict[tuple[int, int], Bounds | None] = {}
        self.paints: dict[tuple[Any, ...], tuple[Bounds, bool, bool]] = {}


class Walk:
    """One pass over a page's objects, in the order of painting. `inks`: text object (handle) to its ink."""

    def __init__(self, functions: Any, document: int, page: int, got: Gathered, most: int = MOST_OBJECTS) -> None:
        self.f, self.document, self.page, self.got, self.most = functions, document, page, got, most
        box = Rect()
        functions.GetPageBoundingBox(page, byref(box))
        self.to_display: Affine = display((box.left, box.bottom, box.right, box.top), got.rotation)
        self.inks: dict[int, Ink] = {}
        self.inner: dict[int, Affine] = {}  # of text objects inside forms
        self.order = self.segments = 0
        self._matrix = Matrix()
        self._rgba = (c_uint * 4)()
        self._refs = tuple(byref(self._rgba, 4 * k) for k in range(4))
        self._painted: dict[tuple[int, ...], tuple[bool, bool, Colour]] = {}
        self._x, self._y = c_float(), c_float()
        self._rx, self._ry = byref(self._x), byref(self._y)

    def run(self) -> None:
        """Walk the whole page."""
        count = self.f.Page_CountObjects(self.page)
        self._objects(self.f.Page_GetObject, (self.page, count), _Level(self.to_display, self.got.canvas.page))

    def _objects(self, get: Any, of: tuple[int, int], level: _Level) -> bool:
        """The objects of the page or form `of` (handle, count); False when the page's limit is met."""
        handle, count = of
        inks = self.inks
        for start in range(0, count, MANY):
            ones = list(map(get, repeat(handle), range(start, min(start + MANY, count))))
            every = list(map(argument, ones))
            kinds = list(map(self.f.bare.PageObj_GetType, every))
            texts = self._texts([ready for ready, kind in zip(every, kinds, strict=True) if kind == TEXT], level)
            for one, ready, kind in zip(ones, every, kinds, strict=True):
                self.order += 1
                if self.order > self.most or self.segments > MOST_SEGMENTS:
                    if not self.got.notes:
                        self.got.notes.append(f"only the first {self.order - 1} objects were read")
                    return False
                if kind == TEXT:
                    inks[one] = next(texts)
                    if level.depth:
                        self.inner[one] = level.m
                elif kind == PATH:
                    self._path(ready, level)
                elif kind in (IMAGE, SHADING):
                    self._picture(one, level, kind)
                elif kind == FORM and level.depth < DEPTH and not self._form(one, level):
                    return False
        return True

    def _texts(self, handles: Sequence[Any], level: _Level) -> Iterator[Ink]:
        """How each of up to `MANY` text objects is painted; `order` is this pass's when it is asked for."""
        f, sheet, new = self.f.bare, self.got.canvas.page, tuple.__new__
        colours, known = room().colours, level.paints
        filled = list(map(f.PageObj_GetFillColor, handles, *colours.refs))
        painted = list(islice(_EACH_RGBA(colours.buffer), len(handles)))
        modes = list(map(f.TextObj_GetTextRenderMode, handles))
        chains = list(map(argument, map(f.PageObj_GetClipPath, handles)))
        counts = list(map(f.ClipPath_CountPaths, chains))
        last_of = f.ClipPath_GetPathSegment
        for handle, chain, *key in zip(handles, chains, counts, modes, filled, painted, strict=True):
            count, mode, is_filled, _ = key
            last = last_of(chain, count - 1, 0) if count > 0 else None
            paint = known.get((last, *key))
            if paint is None:
                clip = self._clip_of((chain, count, last) if count > 0 else None, level)
                get = f.PageObj_GetStrokeColor if mode in (1, 5) else f.PageObj_GetFillColor
                seen, white, _ = self._colour(get, handle)
                paint = clip or sheet, seen and clip is not None and mode not in INVISIBLE_MODES, white
                if (last is not None or count <= 0) and is_filled and mode not in (1, 5):
                    known[(last, *key)] = paint
            yield new(Ink, (*paint, self.order))

    def _form(self, handle: int, level: _Level) -> bool:
        f, own = self.f, self._matrix
        inner = self._clip(argument(handle), level)
        f.PageObj_GetMatrix(handle, byref(own))
        n = times((own.a, own.b, own.c, own.d, own.e, own.f), level.m)
        of = handle, f.FormObj_CountObjects(handle)
        return self._objects(f.FormObj_GetObject, of, _Level(n, inner, level.depth + 1))

    def _clip(self, handle: Any, level: _Level) -> Bounds | None:
        """The level's clip made smaller by the object's own clip paths; `None` when nothing is left.

        A clip is a chain of paths. Objects under the same one share its points in memory, so the address of the last
        path's first point, which pdfium hands out and which lives as long as the page, tells whether it is known.
        """
        f = self.f.bare
        chain = f.PageObj_GetClipPath(handle)
        if not chain or level.clip is None:
            return level.clip
        path = argument(chain)
        paths = f.ClipPath_CountPaths(path)
        return self._clip_of((path, paths, f.ClipPath_GetPathSegment(path, paths - 1, 0)) if paths > 0 else None, level)

    def _clip_of(self, chain: Chain | None, level: _Level) -> Bounds | None:
        if chain is None or level.clip is None:
            return level.clip
        path, paths, last = chain
        if last is None:  # an empty path, which every chain may end with
            return self._clip_bounds(path, min(paths, CLIP_PATHS), level.m, level.clip)
        key = (last, paths)
        if key not in level.clips:
            level.clips[key] = self._clip_bounds(path, min(paths, CLIP_PATHS), level.m, level.clip)
        return level.clips[key]

    def _clip_bounds(self, path: Any, paths: int, m: Affine, clip: Bounds) -> Bounds | None:
        f, x, y, rx, ry = self.f.bare, self._x, self._y, self._rx, self._ry
        segment, point = f.ClipPath_GetPathSegment, f.PathSegment_GetPoint
        seen: Bounds | None = clip
        for i in range(paths):
            count = f.ClipPath_CountPathSegments(path, i)
            if count <= 0 or count > CLIP_POINTS:
                continue
            xs, ys = [], []
            for j in range(count):
                if point(argument(segment(path, i, j)), rx, ry):
                    xs.append(x.value)
                    ys.append(y.value)
            self.segments += count
            if xs and seen is not None:
                seen = intersect(seen, bounds_through((min(xs), min(ys), max(xs), max(ys)), m))
        return seen

    def blank(self, handle: int) -> tuple[float, float] | None:
        """The origin of a text object that shows nothing at all; `None` for others."""
        f, own = self.f, self._matrix
        left, bottom, right, top = c_float(), c_float(), c_float(), c_float()
        if not f.PageObj_GetBounds(handle, byref(left), byref(bottom), byref(right), byref(top)):
            return None
        if top.value - bottom.value > 0.01 and right.value - left.value > 0.01:
            return None
        f.PageObj_GetMatrix(handle, byref(own))
        a, b, c, d, e, g = self.inner.get(handle, self.to_display)
        return a * own.e + c * own.f + e, b * own.e + d * own.f + g

    def _colour(self, get: Any, handle: Any) -> tuple[bool, bool, Colour | None]:
        """(can be seen, is white, RGBA) of a fill or stroke colour; what pdfium cannot tell, a pattern, is seen."""
        if not get(handle, *self._refs):
            return True, False, None
        key = _RGBA(self._rgba)
        known = self._painted.get(key)
        if known is None:
            r, g, b, a = key
            known = self._painted[key] = (a > 0, r >= WHITE and g >= WHITE and b >= WHITE, key)
        return known

    def _picture(self, handle: int, level: _Level, kind: int) -> None:
        clip = self._clip(argument(handle), level)
        left, bottom, right, top = c_float(), c_float(), c_float(), c_float()
        f = self.f
        if not f.PageObj_GetBounds(handle, byref(left), byref(bottom), byref(right), byref(top)):
            return
        box = bounds_through((left.value, bottom.value, right.value, top.value), level.m)
        seen = intersect(box, clip) if clip is not None else None
        if seen is None:
            return
        if kind == SHADING:
            self.got.canvas.fills.append(seen)
            return
        large = (seen[2] - seen[0]) * (seen[3] - seen[1]) >= 0.5 * self.got.width * self.got.height
        opaque = large and bool(self.inks) and self._opaque(handle)
        self.got.pictures.append(Picture(seen, self.order, opaque))

    def _opaque(self, handle: int) -> bool:
        """Whether a picture hides what is under it: no transparency, no mask."""
        f = self.f
        if f.PageObj_HasTransparency(handle):
            return False
        across, down = c_uint(), c_uint()
        if f.ImageObj_GetImagePixelSize(handle, byref(across), byref(down)) and across.value * down.value > LARGEST:
            return True
        bitmap = f.ImageObj_GetRenderedBitmap(self.document, self.page, handle)
        if not bitmap:
            return False
        try:
            if f.Bitmap_GetFormat(bitmap) != BGRA:
                return True
            width, height, stride = f.Bitmap_GetWidth(bitmap), f.Bitmap_GetHeight(bitmap), f.Bitmap_GetStride(bitmap)
            pixels = string_at(f.Bitmap_GetBuffer(bitmap), stride * height)
            rows = range(0, height, max(1, height // 40))
            alphas = [pixels[y * stride + 4 * x + 3] for y in rows for x in range(0, width, max(1, width // 40))]
            return bool(sum(a == 255 for a in alphas) >= 0.9 * len(alphas))
        finally:
            f.Bitmap_Destroy(bitmap)

    def _path(self, handle: Any, level: _Level) -> None:
        f = self.f.bare
        if level.clip is None:
            return
        mode, stroked = c_int(), c_int()
        if not f.Path_GetDrawMode(handle, byref(mode), byref(stroked)):
            return
        fill, stroke = bool(mode.value), bool(stroked.value)
        white_fill = white_stroke = False
        inside: Colour | None = None
        outline: Colour | None = None
        if fill:
            seen, white, inside = self._colour(f.PageObj_GetFillColor, handle)
            fill, white_fill = seen and not white, seen and white
        if stroke:
            seen, white, outline = self._colour(f.PageObj_GetStrokeColor, handle)
            stroke, white_stroke = seen and not white, seen and white
        if not fill and not stroke and not (self.got.canvas.areas and (white_fill or white_stroke)):
            return
        clip = self._clip(handle, level)
        if clip is None:
            return
        own = self._matrix
        f.PageObj_GetMatrix(handle, byref(own))
        n = times((own.a, own.b, own.c, own.d, own.e, own.f), level.m)
        width = c_float(1.0)
        if stroke or white_stroke:
            f.PageObj_GetStrokeWidth(handle, byref(width))
        scale = abs(n[0] * n[3] - n[1] * n[2]) ** 0.5
        paint = Paint(fill, stroke, width.value * scale, inside, outline, white_fill, white_stroke)
        self.got.canvas.path(self._subs(handle, n), paint, clip)

    def _subs(self, handle: Any, m: Affine) -> list[Sub]:
        f = self.f.bare
        a, b, c, d, e, g = m
        x, y = self._x, self._y
        rx, ry = byref(x), byref(y)
        segment, point = f.Path_GetPathSegment, f.PathSegment_GetPoint
        kind_of, closes = f.PathSegment_GetType, f.PathSegment_GetClose
        count = f.Path_CountSegments(handle)
        self.segments += max(0, count)
        subs: list[Sub] = []
        points: list[tuple[float, float]] = []
        curves: set[int] = set()
        closed = False
        beziers = 0
        for i in range(min(count, MOST_SEGMENTS)):
            s = argument(segment(handle, i))
            if not point(s, rx, ry):
                continue
            px, py = x.value, y.value
            kind = kind_of(s)
            if kind == MOVE:
                if points:
                    subs.append(Sub(points, closed, frozenset(curves)))
                points, curves, closed, beziers = [], set(), False, 0
            elif kind == BEZIER:
                beziers += 1
                curves.add(len(points))
            points.append((a * px + c * py + e, b * px + d * py + g))
            if closes(s):
                closed = True
        if points:
            subs.append(Sub(points, closed, frozenset(curves)))
        return subs
