"""pdfium's C functions as plain callables: handles are integers, results are numbers.

pypdfium2's own bindings wrap every handle in a pointer object, which costs more than the call itself. A page needs
tens of thousands of calls, so they are bound here once more with `void*` as `int`. The lock around pdfium, which is
not safe across threads, is the caller's business: one process, one thread, one reader at a time.
"""

from __future__ import annotations

import ctypes
from collections.abc import Callable
from ctypes import POINTER, c_double, c_float, c_int, c_size_t, c_uint, c_ulong, c_void_p
from types import SimpleNamespace
from typing import Any


class Rect(ctypes.Structure):
    """FS_RECTF: left, top, right, bottom; y up."""

    _fields_ = [("left", c_float), ("top", c_float), ("right", c_float), ("bottom", c_float)]


class Matrix(ctypes.Structure):
    """FS_MATRIX: x' = a x + c y + e, y' = b x + d y + f."""

    _fields_ = [(name, c_float) for name in "abcdef"]


_UINT_P, _INT_P, _FLOAT_P, _DOUBLE_P = POINTER(c_uint), POINTER(c_int), POINTER(c_float), POINTER(c_double)
_H = c_void_p

SIGNATURES: dict[str, tuple[Any, ...]] = {
    "FPDF_LoadPage": (_H, _H, c_int),
    "FPDF_ClosePage": (None, _H),
    "FPDF_GetPageWidthF": (c_float, _H),
    "FPDF_GetPageHeightF": (c_float, _H),
    "FPDF_GetPageBoundingBox": (c_int, _H, POINTER(Rect)),
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
    "FPDFText_GetLooseCharBox": (c_int, _H, c_int, POINTER(Rect)),
    "FPDFText_GetCharBox": (c_int, _H, c_int, _DOUBLE_P, _DOUBLE_P, _DOUBLE_P, _DOUBLE_P),
    "FPDFText_GetCharOrigin": (c_int, _H, c_int, _DOUBLE_P, _DOUBLE_P),
    "FPDFText_GetFontSize": (c_double, _H, c_int),
    "FPDFText_GetMatrix": (c_int, _H, c_int, POINTER(Matrix)),
    "FPDFTextObj_GetFont": (_H, _H),
    "FPDFTextObj_GetTextRenderMode": (c_int, _H),
    "FPDFFont_GetBaseFontName": (c_size_t, _H, c_void_p, c_size_t),
    "FPDFFont_GetFamilyName": (c_size_t, _H, c_void_p, c_size_t),
    "FPDFFont_GetFlags": (c_int, _H),
    "FPDFFont_GetWeight": (c_int, _H),
    "FPDFPageObj_GetType": (c_int, _H),
    "FPDFPageObj_GetBounds": (c_int, _H, _FLOAT_P, _FLOAT_P, _FLOAT_P, _FLOAT_P),
    "FPDFPageObj_GetMatrix": (c_int, _H, POINTER(Matrix)),
    "FPDFPageObj_GetFillColor": (c_int, _H, _UINT_P, _UINT_P, _UINT_P, _UINT_P),
    "FPDFPageObj_GetStrokeColor": (c_int, _H, _UINT_P, _UINT_P, _UINT_P, _UINT_P),
    "FPDFPageObj_GetStrokeWidth": (c_int, _H, _FLOAT_P),
    "FPDFPageObj_GetClipPath": (_H, _H),
    "FPDFPageObj_HasTransparency": (c_int, _H),
    "FPDFClipPath_CountPaths": (c_int, _H),
    "FPDFClipPath_CountPathSegments": (c_int, _H, c_int),
    "FPDFClipPath_GetPathSegment": (_H, _H, c_int, c_int),
    "FPDFPath_CountSegments": (c_int, _H),
    "FPDFPath_GetPathSegment": (_H, _H, c_int),
    "FPDFPath_GetDrawMode": (c_int, _H, _INT_P, _INT_P),
    "FPDFPathSegment_GetPoint": (c_int, _H, _FLOAT_P, _FLOAT_P),
    "FPDFPathSegment_GetType": (c_int, _H),
    "FPDFPathSegment_GetClose": (c_int, _H),
    "FPDFFormObj_CountObjects": (c_int, _H),
    "FPDFFormObj_GetObject": (_H, _H, c_ulong),
    "FPDFImageObj_GetRenderedBitmap": (_H, _H, _H, _H),
    "FPDFBitmap_GetFormat": (c_int, _H),
    "FPDFBitmap_GetWidth": (c_int, _H),
    "FPDFBitmap_GetHeight": (c_int, _H),
    "FPDFBitmap_GetStride": (c_int, _H),
    "FPDFBitmap_GetBuffer": (_H, _H),
    "FPDFBitmap_Destroy": (None, _H),
}

_bound: SimpleNamespace | None = None


def functions() -> Any:
    """A namespace of the functions of `SIGNATURES`, without their `FPDF` prefix: `Text_GetUnicode`, `Path_…`."""
    global _bound
    if _bound is None:
        import pypdfium2.raw

        found: dict[str, Callable[..., Any]] = {}
        for name, (result, *arguments) in SIGNATURES.items():
            address = ctypes.cast(getattr(pypdfium2.raw, name), c_void_p).value
            assert address is not None
            found[name.removeprefix("FPDF").removeprefix("_")] = ctypes.CFUNCTYPE(result, *arguments)(address)
        _bound = SimpleNamespace(**found)
    return _bound
