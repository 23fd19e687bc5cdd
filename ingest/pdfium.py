"""The fast reader: pdfium, through its plain C functions."""

from __future__ import annotations

from pathlib import Path
from types import TracebackType
from typing import Any

from biaoge.errors import DamagedPdf
from biaoge.model import Page

from .page import Gathered, page_of
from .pdf import MOST_OBJECTS, check_number, check_size, locked, not_opened

ERROR_PASSWORD, ERROR_SECURITY = 4, 5


def open_pdfium(path: Path, password: str | None, most_objects: int = MOST_OBJECTS) -> PdfiumReader:
    """Open with pdfium; errors as in `open_pdf`."""
    import pypdfium2

    try:
        document = pypdfium2.PdfDocument(path, password=password)
    except pypdfium2.PdfiumError as error:
        if error.err_code == ERROR_PASSWORD:
            raise locked(path, password) from error
        if error.err_code == ERROR_SECURITY:
            raise DamagedPdf(f"{path.name}: encrypted in a way that is not supported") from error
        raise not_opened(path, "no page" if not error.err_code else "its structure cannot be followed") from error
    return PdfiumReader(document, str(pypdfium2.PDFIUM_INFO.version), most_objects)


class PdfiumReader:
    """See `biaoge.ingest.pdf.Reader`."""

    name = "pdfium"

    def __init__(self, document: Any, version: str, most_objects: int = MOST_OBJECTS) -> None:
        import ctypes

        from .native import functions

        self.document = document
        self._functions = functions()
        self._handle = ctypes.cast(document.raw, ctypes.c_void_p).value or 0
        self.version = version
        self._most_objects = most_objects
        self.n_pages = len(document)

    def page(self, number: int) -> Page:
        """See `Reader.page`."""
        check_number(number, self.n_pages)
        f = self._functions
        handle = f.LoadPage(self._handle, number - 1)
        if not handle:
            raise DamagedPdf(f"page {number} cannot be read")
        try:
            return page_of(number, self._gather(handle, number))
        finally:
            f.ClosePage(handle)

    def _gather(self, handle: int, number: int) -> Gathered:
        from .pdfium_objects import Walk
        from .pdfium_text import letters

        f = self._functions
        width, height = f.GetPageWidthF(handle), f.GetPageHeightF(handle)
        check_size(number, width, height)
        got = Gathered(width, height, 90 * f.Page_GetRotation(handle))
        walk = Walk(f, self._handle, handle, got, self._most_objects)
        walk.run()
        text = f.Text_LoadPage(handle)
        if text:
            try:
                letters(f, text, walk, got)
            finally:
                f.Text_ClosePage(text)
        return got

    def close(self) -> None:
        """See `Reader.close`."""
        self.document.close()
        self.n_pages = 0

    def __enter__(self) -> PdfiumReader:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()
