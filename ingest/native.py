"""pdfium's C functions as plain callables: handles are integers, results are numbers.

pypdfium2's own bindings wrap every handle in a pointer object, which costs more than the call itself. A page needs
tens of thousands of calls, so they are bound here once more with `void*` as `int`. The lock around pdfium, which is
not safe across threads, is the caller's business: one process, one thread, one reader at a time.
"""

from __future__ import annotations

import ctypes
from collections.abc import Callable
from ctypes import byref, c_double, c_float, c_int, c_size_t, c_uint, c_ulong, c_void_p
from functools import cache
from types import SimpleNamespace
from typing import Any


class Rect(ctypes.Structure):
    """FS_RECTF: left, top, right, bottom; y up."""

    _fields_ = [("left", c_float), ("top", c_float), ("right", c_float), ("bottom", c_float)]


class Matrix(ctypes.Structure):
    """FS_MATRIX: x' = a x + c y + e, y' = b x + d y + f."""

    _fields_ = [(name, c_float) for name in "abcdef"]


_H = c_void_p
_OUT = c_void_p
"""A place to write a result to: an address, which is checked faster than a typed pointer."""
LONG = ("FPDF_LoadPage", "FPDF_ClosePage", "FPDFText_LoadPage", "FPDFText_ClosePage", "FPDFImageObj_GetRenderedBitmap")
"""What takes long lets other threads run meanwhile; the others are over sooner than that would take."""

SIGNATURES: dict[str, tuple[Any, ...]] = {
    "FPDF_LoadPage": (_H, _H, c_int),
    "FPDF_ClosePage": (None, _H),
    "FPDF_GetPageWidthF": (c_float, _H),
    "FPDF_GetPageHeightF": (c_float, _H),
    "FPDF_GetPageBoundingBox": (c_int, _H, _OUT),
    "FPDFPage_GetRotation": (c_int, _H),
    "FPDFPage_CountObjects": (c_int, _H),
    "FPDFPage_GetObject": (_H, _H, c_int),
    "FPDFText_LoadPage": (_H, _H),
    "FPDFText_ClosePage": (None, _H),
    "FPDFText_CountChars": (c_int, _H),
    "FPDFText_GetUnicode": (c_uint, _H, c_int),
    "FPDFText_IsGenerated": (c_int, _H, c_int),
    "FPDFText_IsHyphen": (c_int, _H, c_int),
    "FPDFText_HasUnicodeMapError": (c_int, _H, c_int),
    "FPDFText_GetTextObject": (_H, _H, c_int),
    "FPDFText_GetLooseCharBox": (c_int, _H, c_int, _OUT),
    "FPDFText_GetCharBox": (c_int, _H, c_int, _OUT, _OUT, _OUT, _OUT),
    "FPDFText_GetCharOrigin": (c_int, _H, c_int, _OUT, _OUT),
    "FPDFText_GetFontSize": (c_double, _H, c_int),
    "FPDFText_GetMatrix": (c_int, _H, c_int, _OUT),
    "FPDFTextObj_GetFont": (_H, _H),
    "FPDFTextObj_GetTextRenderMode": (c_int, _H),
    "FPDFFont_GetBaseFontName": (c_size_t, _H, c_void_p, c_size_t),
    "FPDFFont_GetFamilyName": (c_size_t, _H, c_void_p, c_size_t),
    "FPDFFont_GetFlags": (c_int, _H),
    "FPDFFont_GetWeight": (c_int, _H),
    "FPDFPageObj_GetType": (c_int, _H),
    "FPDFPageObj_GetBounds": (c_int, _H, _OUT, _OUT, _OUT, _OUT),
    "FPDFPageObj_GetMatrix": (c_int, _H, _OUT),
    "FPDFPageObj_GetFillColor": (c_int, _H, _OUT, _OUT, _OUT, _OUT),
    "FPDFPageObj_GetStrokeColor": (c_int, _H, _OUT, _OUT, _OUT, _OUT),
    "FPDFPageObj_GetStrokeWidth": (c_int, _H, _OUT),
    "FPDFPageObj_GetClipPath": (_H, _H),
    "FPDFPageObj_HasTransparency": (c_int, _H),
    "FPDFClipPath_CountPaths": (c_int, _H),
    "FPDFClipPath_CountPathSegments": (c_int, _H, c_int),
    "FPDFClipPath_GetPathSegment": (_H, _H, c_int, c_int),
    "FPDFPath_CountSegments": (c_int, _H),
    "FPDFPath_GetPathSegment": (_H, _H, c_int),
    "FPDFPath_GetDrawMode": (c_int, _H, _OUT, _OUT),
    "FPDFPathSegment_GetPoint": (c_int, _H, _OUT, _OUT),
    "FPDFPathSegment_GetType": (c_int, _H),
    "FPDFPathSegment_GetClose": (c_int, _H),
    "FPDFFormObj_CountObjects": (c_int, _H),
    "FPDFFormObj_GetObject": (_H, _H, c_ulong),
    "FPDFImageObj_GetImagePixelSize": (c_int, _H, _OUT, _OUT),
    "FPDFImageObj_GetRenderedBitmap": (_H, _H, _H, _H),
    "FPDFBitmap_GetFormat": (c_int, _H),
    "FPDFBitmap_GetWidth": (c_int, _H),
    "FPDFBitmap_GetHeight": (c_int, _H),
    "FPDFBitmap_GetStride": (c_int, _H),
    "FPDFBitmap_GetBuffer": (_H, _H),
    "FPDFBitmap_Destroy": (None, _H),
}

argument = c_void_p.from_param
"""A handle (or an address) made ready once for many calls of bare functions."""

MANY = 1024
"""So many calls are made at one go."""


class Places:
    """Where `MANY` calls write their results to: `size` bytes for each, `refs` to the `parts` (offsets) of each."""

    __slots__ = ("buffer", "refs")

    def __init__(self, size: int, *parts: int) -> None:
        self.buffer = ctypes.create_string_buffer(size * MANY)
        self.refs = [[byref(self.buffer, size * i + part) for i in range(MANY)] for part in parts]


class Room:
    """The places that every page needs again; what is in them holds until the next calls."""

    __slots__ = ("boxes", "colours", "matrices", "origins")

    def __init__(self) -> None:
        self.boxes = Places(16, 0)
        self.origins = Places(16, 0, 8)
        self.matrices = Places(24, 0)
        self.colours = Places(16, 0, 4, 8, 12)


@cache
def room() -> Room:
    """The one there is."""
    return Room()


_bound: SimpleNamespace | None = None


def functions() -> Any:
    """A namespace of the functions of `SIGNATURES`, without their `FPDF` prefix: `Text_GetUnicode`, `Path_…`.

    `bare` holds the same once more, unchecked and twice as fast: there every handle must come from `argument` and
    every place for a result from `byref`; whole numbers are C ints.
    """
    global _bound
    if _bound is None:
        import pypdfium2.raw

        found: dict[str, Callable[..., Any]] = {}
        bare: dict[str, Callable[..., Any]] = {}
        for name, (result, *arguments) in SIGNATURES.items():
            address = ctypes.cast(getattr(pypdfium2.raw, name), c_void_p).value
            assert address is not None
            kind = ctypes.CFUNCTYPE if name in LONG else ctypes.PYFUNCTYPE
            short = name.removeprefix("FPDF").removeprefix("_")
            found[short] = kind(result, *arguments)(address)
            if kind is ctypes.PYFUNCTYPE and c_ulong not in arguments and c_size_t not in arguments:
                bare[short] = kind(result)(address)
        _bound = SimpleNamespace(**found, bare=SimpleNamespace(**bare))
    return _bound
