"""Programs that set PDF, behind one call. Each runs in a folder and a profile of its own, with a time limit."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from biaoge.errors import BiaogeError, MissingExtra

from .page import html_of
from .story import Story
from .style import Style
from .word import write_docx

Producer = Literal["writer", "chromium", "weasyprint"]
PRODUCERS: tuple[Producer, ...] = ("writer", "chromium", "weasyprint")

EPOCH = 1704067200
"""Seconds since 1970 of the moment that every file claims to be made at: 1 January 2024, 00:00 UTC."""

SECONDS = 180
"""Time limit of one run of a producer."""

_SOFFICE = ("soffice", "libreoffice")
_CHROMIUM = ("chromium", "chromium-browser", "google-chrome", "chrome")
_STAMP = re.compile(rb"\((D:)\d{14}([^)]*)\)")
_UUID_ID = re.compile(rb"/ID\s*\[\s*<[0-9A-Fa-f]{32}>\s*<[0-9A-Fa-f]{32}>\s*\]|/DocChecksum /[0-9A-F]{32}")


class TypesetError(BiaogeError):
    """A producer failed or took too long."""


@dataclass(frozen=True, slots=True)
class Job:
    """A story to set in a style, and the PDF it becomes."""

    story: Story
    style: Style
    pdf: Path


def missing(producer: Producer) -> str | None:
    """Why `producer` cannot be used here, `None` when it can."""
    if producer == "weasyprint":
        try:
            import weasyprint  # noqa: F401
        except (ImportError, OSError) as error:
            return f"WeasyPrint or one of its libraries is missing: {error}"
        return None
    if producer == "writer":
        try:
            import docx  # noqa: F401
        except ImportError:
            return "python-docx is missing: pip install 'biaoge[typeset]'"
    names = _SOFFICE if producer == "writer" else _CHROMIUM
    return None if _program(names) else f"none of {', '.join(names)} is on the path"


def version(producer: Producer) -> str:
    """Name and version as the producer says it."""
    if producer == "weasyprint":
        import weasyprint

        return f"WeasyPrint {weasyprint.__version__}"
    program = _need(producer)
    with tempfile.TemporaryDirectory(prefix="typeset-") as home:
        said = _run([program, "--version", *_profile(producer, Path(home))], Path(home))
    return re.sub(r"(Chromium [\d.]+|LibreOffice [\d.]+).*", r"\1", said.strip().splitlines()[0])


def produce(producer: Producer, jobs: Sequence[Job]) -> None:
    """Set all `jobs`; the same jobs give the same bytes as far as the producer allows.

    MissingExtra when the producer is not there, TypesetError when it fails.
    """
    why = missing(producer)
    if why:
        raise MissingExtra(why)
    with tempfile.TemporaryDirectory(prefix="typeset-") as folder:
        home = Path(folder)
        made = {"writer": _writer, "chromium": _chromium, "weasyprint": _weasyprint}[producer](jobs, home)
        for job, pdf in zip(jobs, made, strict=True):
            if not pdf.is_file():
                raise TypesetError(f"{producer} made no PDF of {job.story.title!r}")
            job.pdf.parent.mkdir(parents=True, exist_ok=True)
            if job.style.turned:
                _turn(pdf)
            job.pdf.write_bytes(_undated(pdf.read_bytes()))


def _writer(jobs: Sequence[Job], home: Path) -> list[Path]:
    sources = [home / f"{n:03}.docx" for n in range(len(jobs))]
    for job, source in zip(jobs, sources, strict=True):
        write_docx(job.story, job.style, source)
    call = [_need("writer"), *_profile("writer", home), "--headless", "--norestore", "--convert-to", "pdf"]
    _run([*call, "--outdir", str(home), *map(str, sources)], home)
    return [source.with_suffix(".pdf") for source in sources]


def _chromium(jobs: Sequence[Job], home: Path) -> list[Path]:
    made = []
    for n, job in enumerate(jobs):
        source, pdf = home / f"{n:03}.html", home / f"{n:03}.pdf"
        source.write_text(html_of(job.story, job.style), encoding="utf-8")
        call = [_need("chromium"), *_profile("chromium", home), "--headless", "--no-sandbox", "--disable-gpu"]
        call += ["--no-first-run", "--disable-dev-shm-usage", "--disable-background-networking"]
        _run([*call, "--disable-pdf-tagging", "--no-pdf-header-footer", f"--print-to-pdf={pdf}", source.as_uri()], home)
        made.append(pdf)
    return made


def _weasyprint(jobs: Sequence[Job], home: Path) -> list[Path]:
    import weasyprint

    made = []
    for n, job in enumerate(jobs):
        pdf = home / f"{n:03}.pdf"
        page = weasyprint.HTML(string=html_of(job.story, job.style))
        pdf.write_bytes(page.write_pdf(pdf_identifier=b"%032d" % n) or b"")
        made.append(pdf)
    return made


def _turn(pdf: Path) -> None:
    """Store every page turned to the left, and have it shown turned to the right, so that it looks as before."""
    import pypdfium2
    from pypdfium2 import raw

    with pypdfium2.PdfDocument(pdf.read_bytes()) as document:
        for page in document:
            width, height = page.get_size()
            left = raw.FS_MATRIX(a=0, b=1, c=-1, d=0, e=height, f=0)
            raw.FPDFPage_TransFormWithClip(page, left, raw.FS_RECTF(left=0, top=width, right=height, bottom=0))
            page.set_mediabox(0, 0, height, width)
            page.set_rotation(90)
            page.close()
        document.save(pdf)


def _undated(pdf: bytes) -> bytes:
    """The file with its dates and random identifiers made constant, byte for byte as long as it was."""
    when = b"20240101000000"
    pdf = _STAMP.sub(lambda m: b"(" + m[1] + when + m[2] + b")", pdf)
    return _UUID_ID.sub(lambda m: re.sub(rb"(?<=[<])[0-9A-Fa-f]{32}|[0-9A-F]{32}$", b"0" * 32, m[0]), pdf)


def _profile(producer: Producer, home: Path) -> list[str]:
    folder = home / "profile"
    return [f"-env:UserInstallation={folder.as_uri()}"] if producer == "writer" else [f"--user-data-dir={folder}"]


def _program(names: Sequence[str]) -> str | None:
    return next((found for found in map(shutil.which, names) if found), None)


def _need(producer: Producer) -> str:
    program = _program(_SOFFICE if producer == "writer" else _CHROMIUM)
    if program is None:
        raise MissingExtra(missing(producer) or producer)
    return program


def _run(call: list[str], home: Path) -> str:
    """Standard output of the call; the program and its children are ended when the time is up."""
    env = {**os.environ, "SOURCE_DATE_EPOCH": str(EPOCH), "HOME": str(home), "LANG": "C.UTF-8", "TZ": "UTC"}
    process = subprocess.Popen(
        call, env=env, text=True, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        start_new_session=True,
    )  # fmt: skip
    try:
        out, err = process.communicate(timeout=SECONDS)
    except subprocess.TimeoutExpired as error:
        os.killpg(process.pid, 9)
        process.communicate()
        raise TypesetError(f"{Path(call[0]).name} took longer than {SECONDS} s") from error
    if process.returncode:
        raise TypesetError(f"{Path(call[0]).name} ended with {process.returncode}: {err.strip()[-400:]}")
    return out
