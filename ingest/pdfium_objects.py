"""pdfium's page objects: paths and pictures to the canvas, and how every text object is painted."""

from __future__ import annotations

from ctypes import byref, c_float, c_int, c_uint, string_at
from typing import Any

from .graphics import Bounds, Paint, Sub, intersect
from .native import Matrix, Rect
from .page import Affine, Gathered, Ink, Picture, bounds_through, display, times

TEXT, PATH, IMAGE, SHADING, FORM = 1, 2, 3, 4, 5
MOVE, BEZIER = 2, 1
DEPTH = 8
"""Forms inside forms are followed this deep."""
MOST_OBJECTS = 200_000
MOST_SEGMENTS = 600_000
"""Per page; what comes after is left out, and the page says so."""
WHITE = 250
"""A colour whose parts all reach this (of 255) is white."""
CLIP_PATHS, CLIP_POINTS = 12, 64
"""Clips beyond are not looked at; they only ever make things smaller."""
BGRA = 4
INVISIBLE_MODES = (3, 7)


class Walk:
    """One pass over a page's objects, in the order of painting. `inks`: text object (handle) to its ink."""

    def __init__(self, functions: Any, document: int, page: int, got: Gathered) -> None:
        self.f, self.document, self.page, self.got = functions, document, page, got
        box = Rect()
        functions.GetPageBoundingBox(page, byref(box))
        self.to_display: Affine = display((box.left, box.bottom, box.right, box.top), got.rotation)
        self.inks: dict[int, Ink] = {}
        self.inner: dict[int, Affine] = {}  # of text objects inside forms
        self.order = self.segments = 0
        self._matrix = Matrix()
        self._rgba = tuple(c_uint() for _ in range(4))
        self._refs = tuple(byref(c) for c in self._rgba)
        self._x, self._y = c_float(), c_float()
        self._rx, self._ry = byref(self._x), byref(self._y)
        self._clips: dict[tuple[object, ...], Bounds | None] = {}

    def run(self) -> None:
        """Walk the whole page."""
        f = self.f
        count = f.Page_CountObjects(self.page)
        get = f.Page_GetObject
        page = self.page
        for i in range(count):
            if not self._object(get(page, i), self.to_display, self.got.canvas.page, 0):
                break

    def _object(self, handle: int | None, m: Affine, clip: Bounds | None, depth: int) -> bool:
        """One object whose space `m` takes to the display, seen through `clip`; False when the page's limit is met."""
        self.order += 1
        if self.order > MOST_OBJECTS or self.segments > MOST_SEGMENTS:
            if not self.got.notes:
                self.got.notes.append(f"only the first {self.order - 1} objects were read")
            return False
        if not handle:
            return True
        f = self.f
        kind = f.PageObj_GetType(handle)
        if kind == PATH:
            self._path(handle, m, clip)
        elif kind == TEXT:
            self.inks[handle] = self._ink(handle, self._clip(handle, m, clip))
            if m is not self.to_display:
                self.inner[handle] = m
        elif kind in (IMAGE, SHADING):
            self._picture(handle, m, self._clip(handle, m, clip), kind)
        elif kind == FORM and depth < DEPTH:
            inner = self._clip(handle, m, clip)
            own = self._matrix
            f.PageObj_GetMatrix(handle, byref(own))
            n = times((own.a, own.b, own.c, own.d, own.e, own.f), m)
            get = f.FormObj_GetObject
            for i in range(max(0, f.FormObj_CountObjects(handle))):
                if not self._object(get(handle, i), n, inner, depth + 1):
                    return False
        return True

    def _clip(self, handle: int, m: Affine, clip: Bounds | None) -> Bounds | None:
        """`clip` made smaller by the object's own clip paths; `None` when nothing is left.

        Objects under the same clip share its points in memory, so the addresses of the first ones, which pdfium
        hands out and which live as long as the page, tell whether a clip is known.
        """
        f = self.f
        path = f.PageObj_GetClipPath(handle)
        if not path or clip is None:
            return clip
        paths = min(f.ClipPath_CountPaths(path), CLIP_PATHS)
        if paths <= 0:
            return clip
        segment = f.ClipPath_GetPathSegment
        key = (m, clip, *[segment(path, i, 0) for i in range(paths)])
        if key not in self._clips:
            self._clips[key] = self._clip_bounds(path, paths, m, clip)
        return self._clips[key]

    def _clip_bounds(self, path: int, paths: int, m: Affine, clip: Bounds) -> Bounds | None:
        f, x, y, rx, ry = self.f, self._x, self._y, self._rx, self._ry
        segment, point = f.ClipPath_GetPathSegment, f.PathSegment_GetPoint
        seen: Bounds | None = clip
        for i in range(paths):
            count = f.ClipPath_CountPathSegments(path, i)
            if count <= 0 or count > CLIP_POINTS:
                continue
            xs, ys = [], []
            for j in range(count):
                if point(segment(path, i, j), rx, ry):
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

    def _colour(self, get: Any, handle: int) -> tuple[bool, bool]:
        """(can be seen, is white) of a fill or stroke colour; what pdfium cannot tell, a pattern, is seen."""
        if not get(handle, *self._refs):
            return True, False
        r, g, b, a = self._rgba
        return a.value > 0, r.value >= WHITE and g.value >= WHITE and b.value >= WHITE

    def _ink(self, handle: int, clip: Bounds | None) -> Ink:
        f = self.f
        mode = f.TextObj_GetTextRenderMode(handle)
        get = f.PageObj_GetStrokeColor if mode in (1, 5) else f.PageObj_GetFillColor
        seen, white = self._colour(get, handle)
        visible = seen and clip is not None and mode not in INVISIBLE_MODES
        return Ink(clip or self.got.canvas.page, visible, white, self.order)

    def _picture(self, handle: int, m: Affine, clip: Bounds | None, kind: int) -> None:
        left, bottom, right, top = c_float(), c_float(), c_float(), c_float()
        f = self.f
        if not f.PageObj_GetBounds(handle, byref(left), byref(bottom), byref(right), byref(top)):
            return
        box = bounds_through((left.value, bottom.value, right.value, top.value), m)
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

    def _path(self, handle: int, m: Affine, clip: Bounds | None) -> None:
        f = self.f
        if clip is None:
            return
        mode, stroked = c_int(), c_int()
        if not f.Path_GetDrawMode(handle, byref(mode), byref(stroked)):
            return
        fill, stroke = bool(mode.value), bool(stroked.value)
        if fill:
            seen, white = self._colour(f.PageObj_GetFillColor, handle)
            fill = seen and not white
        if stroke:
            seen, white = self._colour(f.PageObj_GetStrokeColor, handle)
            stroke = seen and not white
        if not fill and not stroke:
            return
        clip = self._clip(handle, m, clip)
        if clip is None:
            return
        own = self._matrix
        f.PageObj_GetMatrix(handle, byref(own))
        n = times((own.a, own.b, own.c, own.d, own.e, own.f), m)
        width = c_float(1.0)
        if stroke:
            f.PageObj_GetStrokeWidth(handle, byref(width))
        scale = abs(n[0] * n[3] - n[1] * n[2]) ** 0.5
        self.got.canvas.path(self._subs(handle, n), Paint(fill, stroke, width.value * scale), clip)

    def _subs(self, handle: int, m: Affine) -> list[Sub]:
        f = self.f
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
            s = segment(handle, i)
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
