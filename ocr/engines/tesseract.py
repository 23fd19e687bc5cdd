"""Tesseract, where its program is installed: a subprocess a call, pictures on its standard input, TSV back.

Its choices for a letter (`lstm_choice_mode`) carry numbers that are no probabilities (the right one is often 0), so
there are no alternatives, no reading over the alphabet of numbers, and no edges of characters.
"""

from __future__ import annotations

import csv
import io
import os
import shutil
import subprocess
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from biaoge.errors import MissingExtra, TimedOut, UsageError
from biaoge.ocr.contract import Line, Polygon, Reading
from biaoge.raster import Pixels
from biaoge.text import join_lines

from .pagelines import grey_of
from .registry import DEFAULT, EngineOptions

if TYPE_CHECKING:
    from numpy.typing import NDArray

LANGUAGES = ("chi_sim", "eng")
"""Both, where installed: the Chinese model alone misreads two or three more of 100 numbers."""
APT = "apt-get install tesseract-ocr tesseract-ocr-chi-sim"
ONE_LINE, SPARSE = 7, 11
"""Ways of looking at a picture (`--psm`): as one line; as text anywhere, which on a page of tables finds four times as
many lone digits as the usual way."""
HEIGHT = 32
"""Pixels a crop is scaled to: at 48, as other engines like it, three more of 100 lone digits are misread."""
MARGIN = 24
"""Pixels of paper put around a crop; without, 0 reads as O or @."""
FLAT = 24
"""Grey levels; a crop whose darkest and lightest pixels lie nearer than this is blank."""
LONGEST = 60
"""Times its height; longer crops are squeezed, for Tesseract refuses pictures wider than 32767 pixels."""
WIDEST = 32000
"""Pixels of the longer side of a page; larger ones are looked at scaled down."""
AT_ONCE = 200
"""Crops a process."""
SECONDS = (60.0, 2.0)
"""What a process may take: at least, and for every crop or megapixel; some twenty times what it needs."""
DPI = "300"
"""What Tesseract is told; it guesses otherwise, differently for every picture."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A word of Tesseract's: `line` is (page, block, paragraph, line), `box` left, top, right, bottom in pixels."""

    line: tuple[int, int, int, int]
    box: tuple[int, int, int, int]
    confidence: float
    text: str


class Tesseract:
    """The program `tesseract` (4 or newer) on the PATH; `lang` as it wants it: `chi_sim+eng`."""

    name = "tesseract"

    def __init__(self, options: EngineOptions = DEFAULT) -> None:
        """MissingExtra without the program or its languages; UsageError for a `lang` that is not installed.

        `model_dir`: a folder of `*.traineddata`.
        """
        program = shutil.which("tesseract")
        if program is None:
            raise MissingExtra(f"the OCR engine tesseract needs its program: {APT}")
        self._program = program
        self._data = () if options.model_dir is None else ("--tessdata-dir", str(options.model_dir))
        self._threads = options.threads
        installed = tuple(self._run(("--list-langs",)).splitlines()[1:])
        self._languages = languages(options.lang, installed)
        first = self._run(("--version",)).split("\n", 1)[0]
        self.version = f"{first.removeprefix('tesseract ').strip()} {self._languages}"

    def detect(self, image: Pixels) -> tuple[Polygon, ...]:
        """Where lines of text stand, from top to bottom. Tesseract finds by reading, so this takes as long as
        `lines`."""
        return tuple(line.polygon for line in self.lines(image))

    def lines(self, image: Pixels) -> tuple[Line, ...]:
        """The lines of text, from top to bottom; lone digits in tables are often missed (docs/ocr.md)."""
        grey = grey_of(image)
        height, width = grey.shape
        if _flat(grey):
            return ()
        scale = min(1.0, WIDEST / max(height, width))
        found: dict[tuple[int, int, int, int], list[Piece]] = defaultdict(list)
        for piece in self._read([_resized(grey, scale, scale)], SPARSE):
            found[piece.line].append(piece)
        lines = [_line(pieces, scale, width, height) for pieces in found.values()]
        return tuple(sorted(lines, key=lambda line: (sum(y for _, y in line.polygon), line.polygon[0])))

    def crops(self, images: Sequence[Pixels]) -> tuple[Reading, ...]:
        """One reading for every crop, in the same order: pages of one TIFF, for one process.

        `confidence` is Tesseract's for the word it is least sure of: a score (100 and five times its certainty),
        higher for the likelier, but measured by nobody as a probability. A crop without ink is blank (confidence 1);
        where Tesseract finds nothing in another one, it does not say how sure it is: confidence 0.
        """
        found = [Reading("", 1.0)] * len(images)
        inked = [(index, grey) for index, image in enumerate(images) if not _flat(grey := grey_of(image))]
        for start in range(0, len(inked), AT_ONCE):
            some = inked[start : start + AT_ONCE]
            words: dict[int, list[Piece]] = defaultdict(list)
            for piece in self._read([_prepared(grey) for _, grey in some], ONE_LINE):
                words[piece.line[0]].append(piece)
            for page, (index, _) in enumerate(some, start=1):
                found[index] = _reading(words[page])
        return tuple(found)

    def _read(self, images: Sequence[Pixels], way: int) -> tuple[Piece, ...]:
        """The words of all images (grey); `Piece.line` begins with the image's number, from 1."""
        from PIL import Image

        first, *others = [Image.fromarray(np.ascontiguousarray(image)) for image in images]
        sheet = io.BytesIO()
        first.save(sheet, "TIFF", save_all=True, append_images=others)
        size = max(len(images), sum(image.size for image in images) / 1e6)
        said = self._run(
            ("stdin", "stdout", *self._data, "-l", self._languages, "--psm", str(way), "--dpi", DPI, "tsv"),
            sheet.getvalue(),
            SECONDS[0] + SECONDS[1] * size,
        )
        return pieces(said)

    def _run(self, arguments: Sequence[str], given: bytes = b"", seconds: float = SECONDS[0]) -> str:
        """What the program prints; TimedOut, or UsageError with its last words where it fails."""
        if arguments[0].startswith("--"):
            arguments = (*self._data, *arguments)
        try:
            done = subprocess.run(
                [self._program, *arguments],
                input=given,
                capture_output=True,
                timeout=seconds,
                env={**os.environ, "OMP_THREAD_LIMIT": str(self._threads)},
            )
        except subprocess.TimeoutExpired as error:
            raise TimedOut(f"tesseract took longer than {seconds:.0f} seconds") from error
        said = done.stdout.decode("utf-8", "replace")
        if done.returncode:
            last = done.stderr.decode("utf-8", "replace").strip().splitlines()[-1:]
            raise UsageError(f"tesseract failed ({done.returncode}): {' '.join(last)[:300]}")
        return said


def languages(asked: str | None, installed: Sequence[str]) -> str:
    """The languages to read with, as Tesseract wants them: those asked for, else of `LANGUAGES` what is installed.

    >>> languages(None, ("eng", "osd")), languages(None, ("chi_sim", "eng", "osd"))
    ('eng', 'chi_sim+eng')
    """
    if asked is not None:
        missing = sorted(set(asked.split("+")) - set(installed))
        if missing:
            raise UsageError(f"tesseract has no language {', '.join(missing)}; it has {', '.join(installed) or 'none'}")
        return asked
    if found := "+".join(language for language in LANGUAGES if language in installed):
        return found
    raise MissingExtra(f"tesseract has neither {' nor '.join(LANGUAGES)}: {APT}")


def pieces(tsv: str) -> tuple[Piece, ...]:
    """The words in Tesseract's TSV, in its order; what is blank is none."""
    rows = csv.DictReader(io.StringIO(tsv), delimiter="\t", quoting=csv.QUOTE_NONE)
    words = []
    for row in rows:
        if row["level"] != "5" or not (text := (row["text"] or "").strip()):
            continue
        page, block, paragraph, line = (int(row[f"{name}_num"]) for name in ("page", "block", "par", "line"))
        left, top, width, height = (int(row[name]) for name in ("left", "top", "width", "height"))
        sure = min(1.0, max(0.0, float(row["conf"]) / 100))
        words.append(Piece((page, block, paragraph, line), (left, top, left + width, top + height), sure, text))
    return tuple(words)


def _reading(words: Sequence[Piece]) -> Reading:
    if not words:
        return Reading("", 0.0)
    return Reading(join_lines(word.text for word in words), min(word.confidence for word in words))


def _line(words: Sequence[Piece], scale: float, width: int, height: int) -> Line:
    """A line of an image `width` by `height` pixels that was looked at scaled."""
    left, top = (min(word.box[side] for word in words) / scale for side in (0, 1))
    right, bottom = (max(word.box[side] for word in words) / scale for side in (2, 3))
    right, bottom = min(right, width), min(bottom, height)
    read = _reading(words)
    return Line(((left, top), (right, top), (right, bottom), (left, bottom)), read.text, read.confidence)


def _flat(grey: NDArray[np.uint8]) -> bool:
    return int(grey.max()) - int(grey.min()) < FLAT


def _prepared(grey: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """`HEIGHT` pixels high, empty columns at both ends taken off, with paper around."""
    inked = np.flatnonzero(np.ptp(grey, axis=0) >= FLAT)
    if len(inked):
        grey = grey[:, max(0, inked[0] - 1) : inked[-1] + 2]
    height, width = grey.shape
    down = HEIGHT / height
    across = min(down, HEIGHT * LONGEST / width)
    return np.pad(_resized(grey, down, across), MARGIN, constant_values=255)


def _resized(grey: NDArray[np.uint8], down: float, across: float) -> NDArray[np.uint8]:
    import cv2

    if down == across == 1:
        return grey
    size = (max(1, round(grey.shape[1] * across)), max(1, round(grey.shape[0] * down)))
    way = cv2.INTER_AREA if down < 1 else cv2.INTER_CUBIC
    return np.asarray(cv2.resize(grey, size, interpolation=way), np.uint8)
