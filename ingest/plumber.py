"""The reference reader: pdfplumber opens the file and pdfminer interprets it, drawn onto our own canvas."""

from __future__ import annotations

import logging
import warnings
from pathlib import Path
from types import TracebackType
from typing import Any

from biaoge.errors import DamagedPdf, InputError, TooLarge
from biaoge.model import Page

from .graphics import Bounds
from .page import Gathered, display, page_of
from .pdf import MOST_OBJECTS, check_number, check_size, locked, not_opened


def open_plumber(path: Path, password: str | None, _most_objects: int = MOST_OBJECTS) -> PlumberReader:
    """Open with pdfplumber; errors as in `open_pdf`. Its objects are not counted: time and memory end it."""
    import pdfplumber
    from pdfminer.pdfdocument import PDFPasswordIncorrect
    from pdfminer.pdfexceptions import PDFException
    from pdfplumber.utils.exceptions import MalformedPDFException, PdfminerException

    quiet = logging.getLogger("pdfminer")
    if not quiet.handlers:
        quiet.addHandler(logging.NullHandler())  # what is wrong with a file is told by our errors
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            document = pdfplumber.open(path, password=password)
    except PdfminerException as error:
        if error.args and isinstance(error.args[0], PDFPasswordIncorrect):
            raise locked(path, password) from error
        raise not_opened(path, _detail(error)) from error
    except (PDFException, *_BROKEN) as error:
        raise not_opened(path, _detail(error)) from error
    try:
        pages = [page.page_obj for page in document.pages]
    except (MalformedPDFException, PdfminerException, PDFException, *_BROKEN) as error:
        raise _close(path, document, _detail(error)) from error
    if not pages:
        raise _close(path, document, "no page")
    return PlumberReader(document, pages, str(pdfplumber.__version__))


_BROKEN = (AttributeError, TypeError, ValueError, LookupError, AssertionError, ArithmeticError, RecursionError, OSError)
"""What pdfminer lets slip on damaged files."""


def _detail(error: BaseException) -> str:
    inner = error.args[0] if error.args else ""
    return (
        f"{type(inner).__name__}: {inner}" if isinstance(inner, BaseException) else f"{type(error).__name__}: {inner}"
    )


def _close(path: Path, document: Any, detail: str) -> InputError:
    document.stream.close()
    return not_opened(path, detail)


class PlumberReader:
    """See `biaoge.ingest.pdf.Reader`."""

    name = "pdfplumber"

    def __init__(self, document: Any, pages: list[Any], version: str) -> None:
        self._document, self._pages = document, pages
        self.version = version
        self.n_pages = len(pages)

    def page(self, number: int) -> Page:
        """See `Reader.page`."""
        check_number(number, self.n_pages)
        from pdfminer.pdfexceptions import PDFException
        from pdfminer.psexceptions import PSException

        from .plumber_device import draw

        page = self._pages[number - 1]
        try:
            shown = _shown(page)
            rotation = int(page.rotate) % 360 // 90 * 90
            width, height = shown[2] - shown[0], shown[3] - shown[1]
            if rotation in (90, 270):
                width, height = height, width
            check_size(number, width, height)
            got = Gathered(width, height, rotation)
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                draw(self._document.rsrcmgr, page, display(shown, rotation), got)
        except TooLarge:
            raise
        except (PDFException, PSException, *_BROKEN) as error:
            raise DamagedPdf(f"page {number} cannot be read ({_detail(error)})") from error
        return page_of(number, got)

    def close(self) -> None:
        """See `Reader.close`."""
        self._pages = []
        self.n_pages = 0
        self._document.stream.close()

    def __enter__(self) -> PlumberReader:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def _shown(page: Any) -> Bounds:
    """The crop box cut to the media box, (left, bottom, right, top) in user space."""
    left, bottom, right, top = _ordered(page.mediabox)
    crop = _ordered(page.cropbox)
    cut = max(left, crop[0]), max(bottom, crop[1]), min(right, crop[2]), min(top, crop[3])
    return cut if cut[0] < cut[2] and cut[1] < cut[3] else (left, bottom, right, top)


def _ordered(box: Any) -> Bounds:
    x0, y0, x1, y1 = (float(v) for v in box)
    return min(x0, x1), min(y0, y1), max(x0, x1), max(y0, y1)
