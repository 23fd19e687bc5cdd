"""Image-only PDFs made out of any PDF, as a scanner or a phone would give them, and sets of them in a cache folder.

A copy has the pages of the original, of the same size in points as displayed, each one picture: JPEG, or one bit a
pixel for a photocopy. No text is left. How the pages moved is known, but for the bend of a curled sheet, so labels can
be moved with them.
"""

from __future__ import annotations

import hashlib
import io
import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

from biaoge.errors import BiaogeError, DamagedPdf, NotAPdf, PasswordNeeded, TooLarge, UsageError
from biaoge.files import sha256_of, write_whole
from biaoge.model import Box

from .degrade import Degraded, Strength, apply

if TYPE_CHECKING:
    from .degrade.strengths import Matrix, Pixels

INDEX = "index.json"
MOST_PIXELS = 64_000_000
"""A page that would take more is refused (TooLarge)."""
# OpenCV warps no side longer than this.
_LONGEST = 32_000
_SCHEMA = "biaoge-scans/1"
# JPEG quality in the file where the strength asks for none.
_QUALITY = 92

Flat: TypeAlias = tuple[float, ...]
"""A homography between points, row by row: nine numbers."""


@dataclass(frozen=True, slots=True, eq=False)
class Drawn:
    """A page as pixels, with its size in points as displayed."""

    image: Pixels
    width: float
    height: float


Render: TypeAlias = Callable[[Path, float], Sequence[Callable[[], Drawn]]]
"""Takes a PDF and dots per inch; gives for every page a function that draws it, so that one page at a time is held."""


@dataclass(frozen=True, slots=True)
class Made:
    """A copy of the source `name` at a strength. `homographies`: one a page, from points to points, top left, y down.

    `error`: why there is no copy, None where there is one. `fresh`: whether it was made just now.
    """

    name: str
    strength: str
    pdf: Path
    homographies: tuple[Flat, ...] = ()
    error: str | None = None
    fresh: bool = True


def scan(pdf: Path, out: Path, strength: Strength, seed: int, render: Render | None = None) -> tuple[Flat, ...]:
    """Write `out`, the image-only copy of `pdf`; the homography of every page is returned.

    The same seed, versions and file give the same bytes. The back of page 1 is page 2, and so on. The finished pages
    are held compressed until all are done; `out` is written whole or not at all. Errors as in `drawn`.
    """
    pages = (render or drawn)(pdf, strength.dpi)
    plain = replace(strength, jpeg=None)

    def degrade(n: int, page: Drawn) -> Degraded:
        back = n ^ 1
        behind = pages[back]().image if strength.bleed and back < len(pages) else None
        return apply(page.image, plain, _seed(seed, str(n)), behind)

    bits = bool(strength.photocopy) and strength.jpeg is None
    return _write(pages, out, degrade, None if bits else strength.jpeg or _QUALITY)


def rasterise(pdf: Path, out: Path, dpi: int, skew: float = 0) -> tuple[Flat, ...]:
    """Write `out`, an image-only copy of `pdf` at `dpi`, every page turned clockwise by `skew` degrees; see `scan`."""
    from .degrade.geometry import skew as skewed

    return _write(drawn(pdf, dpi), out, lambda _, page: skewed(page.image, skew), _QUALITY)


def moved(box: Box, homography: Sequence[float]) -> Box:
    """The smallest upright box around `box` after the homography (nine numbers, row by row).

    >>> moved(Box(0, 0, 10, 20), (1, 0, 5, 0, 1, 0, 0, 0, 1))
    Box(x0=5.0, top=0.0, x1=15.0, bottom=20.0)
    """
    a, b, c, d, e, f, g, h, i = homography
    corners = [(box.x0, box.top), (box.x1, box.top), (box.x1, box.bottom), (box.x0, box.bottom)]
    after = []
    for x, y in corners:
        w = g * x + h * y + i
        after.append(((a * x + b * y + c) / w, (d * x + e * y + f) / w))
    xs, ys = zip(*after, strict=True)
    return Box(min(xs), min(ys), max(xs), max(ys))


def drawn(pdf: Path, dpi: float) -> list[Callable[[], Drawn]]:
    """For every page of the file a function that draws it with pdfium.

    NotAPdf, DamagedPdf, PasswordNeeded for a file that cannot be opened, here or where the page is drawn; TooLarge for
    a page of too many pixels.
    """
    import pypdfium2

    # Codes of pdfium: 3 no PDF or broken, 4 password.
    try:
        raw = pdf.read_bytes()
    except OSError as error:
        raise DamagedPdf(f"{pdf.name} cannot be read: {error.strerror}") from error
    if not raw:
        raise NotAPdf(f"{pdf.name} is empty")
    try:
        document = pypdfium2.PdfDocument(raw)
    except pypdfium2.PdfiumError as error:
        if error.err_code == 4:
            raise PasswordNeeded(f"{pdf.name} is encrypted: take the password off before it is scanned") from error
        raise DamagedPdf(f"{pdf.name} cannot be opened by pdfium: {error}") from error

    def draw(n: int) -> Drawn:
        import numpy as np

        try:
            page = document[n]
        except pypdfium2.PdfiumError as error:
            raise DamagedPdf(f"{pdf.name}: page {n + 1} cannot be read") from error
        try:
            width, height = page.get_size()
            if not (width > 0 and height > 0):
                raise DamagedPdf(f"{pdf.name}: page {n + 1} has no area")
            if width * height * (dpi / 72) ** 2 > MOST_PIXELS or max(width, height) * dpi / 72 > _LONGEST:
                raise TooLarge(f"{pdf.name}: page {n + 1} is too large to draw at {dpi:g} dpi")
            bitmap = page.render(scale=dpi / 72)
            try:
                return Drawn(np.array(bitmap.to_pil().convert("RGB")), width, height)
            finally:
                bitmap.close()
        except pypdfium2.PdfiumError as error:
            raise DamagedPdf(f"{pdf.name}: page {n + 1} cannot be drawn: {error}") from error
        finally:
            page.close()

    return [lambda n=n: draw(n) for n in range(len(document))]  # type: ignore[misc]


def make_set(
    sources: Iterable[tuple[str, Path]],
    folder: Path,
    strengths: Iterable[Strength],
    seed: int,
    on_file: Callable[[Made], None] | None = None,
) -> tuple[Made, ...]:
    """Degraded copies `folder/<strength>/<name>.pdf` of (name, PDF) pairs, made where they are not there yet.

    A copy counts as there when its bytes are those that `folder/index.json` notes beside the digest of its recipe:
    source, strength, seed, this code, the versions of numpy, OpenCV, pdfium and Pillow. A source that cannot be read
    gives a `Made` with its error, never an exception. The index is written after every file, so that a run that was
    stopped goes on where it was. `on_file` hears every result as it comes. UsageError for names that cannot be files.
    """
    pairs, wanted = list(sources), list(strengths)
    for kind, names in (("source", [name for name, _ in pairs]), ("strength", [s.name for s in wanted])):
        for name in names:
            if not name or names.count(name) > 1 or name.startswith(".") or any(c in name for c in "/\\\0"):
                raise UsageError(f"the {kind} {name!r} cannot name a file, or is given twice")
    index = _read_index(folder)
    made = []
    for name, pdf in pairs:
        for strength in wanted:
            result = _make(name, pdf, folder, strength, (seed, index))
            made.append(result)
            if on_file is not None:
                on_file(result)
    return tuple(made)


def _make(name: str, pdf: Path, folder: Path, strength: Strength, run: tuple[int, dict[str, Any]]) -> Made:
    """One copy; `run`: the seed, and the entries of the index, which are added to and written."""
    seed, index = run
    out = folder / strength.name / f"{name}.pdf"
    key = f"{strength.name}/{name}.pdf"
    try:
        recipe = _recipe(sha256_of(pdf), strength, seed)
        entry = index.get(key, {})
        if entry.get("recipe") == recipe and out.is_file() and sha256_of(out) == entry["sha256"]:
            return Made(name, strength.name, out, tuple(tuple(h) for h in entry["homographies"]), fresh=False)
        homographies = scan(pdf, out, strength, _seed(seed, name))
    except (BiaogeError, OSError) as error:
        return Made(name, strength.name, out, error=f"{type(error).__name__}: {error}")
    index[key] = {"recipe": recipe, "sha256": sha256_of(out), "homographies": homographies}
    content = {"schema": _SCHEMA, "files": dict(sorted(index.items()))}
    write_whole(folder / INDEX, json.dumps(content, indent=1) + "\n")
    return Made(name, strength.name, out, homographies)


def versions() -> Mapping[str, str]:
    """Versions of the libraries on which the bytes of a copy depend."""
    import cv2
    import numpy as np
    import PIL
    import pypdfium2

    return {
        "numpy": np.__version__,
        "opencv": cv2.__version__,
        "pdfium": str(pypdfium2.PDFIUM_INFO.version),
        "pillow": PIL.__version__,
    }


def _recipe(source: str, strength: Strength, seed: int) -> str:
    parts = {"source": source, "strength": asdict(strength), "seed": seed, "code": _code(), **versions()}
    return hashlib.sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()


@cache
def _code() -> str:
    """Digest of the code that makes the copies."""
    here = Path(__file__)
    files = [here, *sorted((here.parent / "degrade").glob("*.py"))]
    return hashlib.sha256(b"\0".join(path.read_bytes() for path in files)).hexdigest()


def _read_index(folder: Path) -> dict[str, Any]:
    """The entries of the index; none where it is absent, broken, or of another kind."""
    try:
        content = json.loads((folder / INDEX).read_text(encoding="utf-8"))
        entries = content["files"] if content["schema"] == _SCHEMA else {}
        return {
            key: entry
            for key, entry in entries.items()
            if {"recipe", "sha256", "homographies"} <= entry.keys() and all(len(h) == 9 for h in entry["homographies"])
        }
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return {}


def _seed(seed: int, name: str) -> int:
    """A seed of its own for everything that has a name."""
    return int.from_bytes(hashlib.sha256(f"{seed}:{name}".encode()).digest()[:8], "big")


def _write(
    pages: Sequence[Callable[[], Drawn]], out: Path, degrade: Callable[[int, Drawn], Degraded], quality: int | None
) -> tuple[Flat, ...]:
    """The pages, degraded, as a PDF; `quality` of its JPEGs, None for one bit a pixel."""
    homographies = []

    def results() -> Iterator[Drawn]:
        for n, draw in enumerate(pages):
            page = draw()
            done = degrade(n, page)
            on_its_side = done.image.shape != page.image.shape
            size = (page.height, page.width) if on_its_side else (page.width, page.height)
            after = Drawn(done.image, *size)
            homographies.append(_in_points(done.homography, page, after))
            yield after

    content = _pdf(results(), quality)
    write_whole(out, content)
    return tuple(homographies)


def _pdf(pages: Iterator[Drawn], quality: int | None) -> bytes:
    """A PDF of pictures, without dates, names or identifiers, by Pillow; a page after the other is added to it."""
    from PIL import Image

    packed = io.BytesIO()
    for n, page in enumerate(pages):
        picture = Image.fromarray(page.image if quality is not None else page.image[..., 0] > 127)
        dpi = (picture.width * 72 / page.width, picture.height * 72 / page.height)
        settings: dict[str, Any] = {"title": None, "creationDate": None, "modDate": None, "append": n > 0}
        if quality is not None:
            settings["quality"] = quality
        picture.save(packed, "PDF", dpi=dpi, **settings)
    return packed.getvalue()


def _in_points(homography: Matrix, before: Drawn, after: Drawn) -> Flat:
    """A homography between pixels, whose centres have whole numbers, as one between points from the top left."""
    import numpy as np

    matrix = np.linalg.inv(_pixels(after)) @ homography @ _pixels(before)
    return tuple(float(v) for v in (matrix / matrix[2, 2]).ravel())


def _pixels(page: Drawn) -> Matrix:
    """The homography from points to pixels."""
    import numpy as np

    across, down = page.image.shape[1] / page.width, page.image.shape[0] / page.height
    return np.array([[across, 0, -0.5], [0, down, -0.5], [0, 0, 1]])
