"""Options that several commands have, worded once; each command gives its own default."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from biaoge.app.settings import OcrChoice, ReaderName
from biaoge.errors import UsageError

Jobs = Annotated[
    int, typer.Option("--jobs", "-j", min=0, metavar="N", help="Files read at once; 0: one a processor, at most 4.")
]
Timeout = Annotated[
    float, typer.Option(min=0.1, metavar="SECONDS", help="Time limit for each file; a scanned page starts it anew.")
]
MaxMemory = Annotated[int, typer.Option(min=200, metavar="MB", help="Memory limit for each file.")]
Reader = Annotated[
    ReaderName, typer.Option(help="What opens the PDF: pdfium is fast, pdfplumber slower and independent of it.")
]
Join = Annotated[bool, typer.Option("--join/--no-join", help="Make one table of those that page breaks cut.")]
Spaced = Annotated[bool, typer.Option("--spaced/--no-spaced", help="Also find tables without ruled lines.")]
Ocr = Annotated[
    OcrChoice,
    typer.Option(help="Recognise scanned pages: where the page does not tell its words, on all pages, or on none."),
]
OcrEngine = Annotated[
    str, typer.Option(metavar="NAME", help="What recognises: rapidocr, paddleocr, tesseract; see docs/ocr.md.")
]
ModelDir = Annotated[
    Path | None, typer.Option(metavar="DIR", help="Models for the engine, in place of those it brings.")
]
MaxMegapixels = Annotated[float, typer.Option(min=0.1, metavar="N", help="Refuse pictures of more million pixels.")]
MaxFileSize = Annotated[float, typer.Option(min=0.1, metavar="MB", help="Refuse files of more megabytes.")]
MaxPages = Annotated[int, typer.Option(min=1, metavar="N", help="Refuse to read more pages of a file.")]
MaxObjects = Annotated[
    int, typer.Option(min=1, metavar="N", help="Look at so many lines, texts and pictures of a page.")
]
FormName = Annotated[
    str, typer.Option(metavar="FORM", help="auto, none, the name of a form (`biaoge form list`), or a TOML file.")
]
Repairing = Annotated[
    bool, typer.Option("--repair/--no-repair", help="Mend misread cells of scans where the sums leave one reading.")
]


def first_line(file: Path) -> str:
    """The password in a `--password-file`; UsageError where it cannot be read."""
    try:
        lines = file.read_text(encoding="utf-8-sig").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f"--password-file {file}: {getattr(error, 'strerror', None) or 'not UTF-8 text'}") from error
    return lines[0] if lines else ""
