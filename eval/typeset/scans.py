"""Make the scans among the samples: `python -m biaoge.eval.typeset.scans --out samples/scans [--only FILE …]`."""

from __future__ import annotations

import argparse
import io
import re
import sys
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from biaoge.errors import BiaogeError, UsageError
from biaoge.eval.degrade import apply
from biaoge.eval.scans import Drawn, Flat, drawn, moved, scan, versions
from biaoge.files import sha256_of, write_whole
from biaoge.model import Box

from .hidden import Letter, with_hidden_text
from .index import NAME, Entry, read_index, write_index
from .scanned import LOOKALIKES, SCANNED, Scanned

if TYPE_CHECKING:
    from biaoge.eval.degrade.strengths import Pixels

SEED = 4
MISREAD = 0.5
"""Share of the letters with a look-alike that the hidden text has wrong."""
# What pdfium writes into a file it saves: an identifier by chance, and the hour.
_IDENTIFIER = re.compile(rb"(?<=[\[>])<[0-9A-F]{32}>")
_DATE = re.compile(rb"(?<=/CreationDate\(D:)[0-9]{14}")
# Turned clockwise by 90 degrees is right.
_ON_ITS_SIDE = 6
_ORIENTATION = 0x0112
# Grey below this is ink where a pixel has one bit.
_HALF = 160


def main(arguments: Sequence[str] | None = None) -> int:
    """Exit code: 0, or that of the error that is printed."""
    parser = argparse.ArgumentParser(prog="python -m biaoge.eval.typeset.scans", description="Make scans of samples.")
    parser.add_argument("--out", type=Path, required=True, help="folder for the scans and their index.toml")
    parser.add_argument("--samples", type=Path, help="folder of the samples they are made of (default: above --out)")
    parser.add_argument("--only", nargs="+", metavar="FILE", help="make these alone; the others stay as they are")
    options = parser.parse_args(arguments)
    try:
        _make(options.out, options.samples or options.out.resolve().parent, options.only)
    except BiaogeError as error:
        print(f"error: {error}", file=sys.stderr)
        return error.exit_code
    return 0


def _make(out: Path, samples: Path, only: Sequence[str] | None) -> None:
    known = {scanned.file: scanned for scanned in SCANNED}
    if unknown := set(only or ()) - set(known):
        raise UsageError(f"no scan named {', '.join(sorted(unknown))}; there are {', '.join(known)}")
    sources = {entry.pdf: entry for entry in read_index(samples)}
    kept = {entry.pdf: entry for entry in read_index(out)} if only and (out / NAME).is_file() else {}
    for file, scanned in known.items():
        if not only or file in only:
            make(scanned, samples / f"{scanned.source}.pdf", out / file)
            kept[file] = _entry(scanned, sources[f"{scanned.source}.pdf"], out / file)
            print(f"{file}: {len(scanned.pages)} pages, {(out / file).stat().st_size // 1024} KB")
    write_index(out, [kept[file] for file in known if file in kept])


def make(scanned: Scanned, source: Path, out: Path) -> None:
    """Write the scan of the PDF `source`. The same versions (`biaoge.eval.scans.versions`) give the same bytes.

    Errors as of `biaoge.eval.scans.scan`.
    """
    if scanned.kind == "pdf":
        scan(source, out, scanned.strength, SEED, lambda pdf, dpi: _chosen(scanned, pdf, dpi))
    elif scanned.kind == "hidden":
        homographies = scan(source, out, scanned.strength, SEED, lambda pdf, dpi: _chosen(scanned, pdf, dpi))
        read = enumerate(zip(_letters(source, scanned.pages), homographies, strict=True))
        misread = [_misread(letters, homography, n) for n, (letters, homography) in read]
        write_whole(out, with_hidden_text(out.read_bytes(), misread))
    elif scanned.kind == "mixed":
        write_whole(out, _mixed(scanned, source))
    else:
        pages = [draw() for draw in _chosen(scanned, source, scanned.strength.dpi)]
        images = [_degraded(scanned, page.image, n) for n, page in enumerate(pages)]
        write_whole(out, _picture(scanned, images))


def _entry(scanned: Scanned, source: Entry, file: Path) -> Entry:
    made_by = ", ".join(f"{name} {version}" for name, version in versions().items())
    tags = tuple(dict.fromkeys(("scan", scanned.strength.name, *scanned.tags)))
    return Entry(
        file.name, source.producer, made_by, source.font, tags, len(scanned.pages), sha256_of(file), source.report,
        tables=scanned.tables,
    )  # fmt: skip


def _chosen(scanned: Scanned, pdf: Path, dpi: float) -> list[Callable[[], Drawn]]:
    """Its pages, cut at the foot."""
    every = drawn(pdf, dpi)

    def draw(page: int) -> Drawn:
        whole = every[page - 1]()
        if scanned.foot is None:
            return whole
        rows = round(scanned.foot / whole.height * whole.image.shape[0])
        return Drawn(whole.image[:rows], whole.width, scanned.foot)

    return [lambda page=page: draw(page) for page in scanned.pages]  # type: ignore[misc]


def _degraded(scanned: Scanned, image: Pixels, page: int) -> Pixels:
    """The page (from 0) as a scan; the file's own compression is the only one."""
    return apply(image, replace(scanned.strength, jpeg=None), SEED + page).image


def _picture(scanned: Scanned, images: Sequence[Pixels]) -> bytes:
    """A picture, of several pages for a TIFF, without a date."""
    from PIL import Image

    packed = io.BytesIO()
    dpi = (scanned.strength.dpi, scanned.strength.dpi)
    first, *others = [Image.fromarray(image) for image in images]
    if scanned.kind == "tiff":
        bits = [page.convert("L").point(lambda level: 255 * (level > _HALF), "1") for page in (first, *others)]
        bits[0].save(packed, "TIFF", compression="group4", dpi=dpi, save_all=True, append_images=bits[1:])
    elif scanned.kind == "png":
        first.convert("L").save(packed, "PNG", dpi=dpi)
    else:
        exif = Image.Exif()
        exif[_ORIENTATION] = _ON_ITS_SIDE
        lying = first.transpose(Image.Transpose.ROTATE_90)
        lying.save(packed, "JPEG", quality=scanned.strength.jpeg or 75, dpi=dpi, exif=exif)
    return packed.getvalue()


def _letters(source: Path, pages: Sequence[int]) -> list[list[Letter]]:
    """The letters of the pages, in the order of the file."""
    import pypdfium2

    out = []
    with pypdfium2.PdfDocument(source) as document:
        for number in pages:
            page = document[number - 1]
            height, text = page.get_height(), page.get_textpage()
            letters = []
            for n in range(text.count_chars()):
                said, (left, bottom, right, top) = text.get_text_range(n, 1), text.get_charbox(n)
                if said.strip() and right > left and top > bottom:
                    letters.append(Letter(said, Box(left, height - top, right, height - bottom)))
            out.append(letters)
    return out


def _misread(letters: Sequence[Letter], homography: Flat, page: int) -> list[Letter]:
    """The letters where they stand on the scan, many of them taken for others."""
    import numpy as np

    rng = np.random.default_rng([SEED, page])
    wrong = rng.random(len(letters)) < MISREAD
    return [
        Letter(LOOKALIKES.get(letter.text, letter.text) if amiss else letter.text, moved(letter.box, homography))
        for letter, amiss in zip(letters, wrong, strict=True)
    ]


def _mixed(scanned: Scanned, source: Path) -> bytes:
    """The pages as they are, but for the patches, of which pictures take the place of text and lines."""
    import pypdfium2
    from PIL import Image

    every = drawn(source, scanned.strength.dpi)
    packed = io.BytesIO()
    with pypdfium2.PdfDocument(source) as document, pypdfium2.PdfDocument.new() as made:
        made.import_pages(document, [page - 1 for page in scanned.pages])
        for n, number in enumerate(scanned.pages):
            if number not in scanned.patches:
                continue
            box, page, whole = scanned.patches[number], made[n], every[number - 1]()
            scale = whole.image.shape[0] / whole.height
            rows, columns = (
                slice(round(a * scale), round(b * scale)) for a, b in ((box.top, box.bottom), (box.x0, box.x1))
            )
            image = _degraded(scanned, whole.image[rows, columns], n)
            picture = io.BytesIO()
            Image.fromarray(image).save(picture, "JPEG", quality=scanned.strength.jpeg or 90)
            _cleared(page, box)
            _placed(made, page, picture, box)
        made.save(packed)
    return _DATE.sub(b"20000101000000", _IDENTIFIER.sub(b"<" + 32 * b"0" + b">", packed.getvalue()))


def _cleared(page: Any, box: Box) -> None:
    """Takes off a page of pdfium what has its middle in the box."""
    height = page.get_height()
    for thing in list(page.get_objects(max_depth=1)):
        left, bottom, right, top = thing.get_bounds()
        if box.holds((left + right) / 2, height - (top + bottom) / 2):
            page.remove_obj(thing)


def _placed(document: Any, page: Any, jpeg: io.BytesIO, box: Box) -> None:
    import pypdfium2

    image = pypdfium2.PdfImage.new(document)
    jpeg.seek(0)
    image.load_jpeg(jpeg, inline=True)
    image.set_matrix(pypdfium2.PdfMatrix(box.width, 0, 0, box.height, box.x0, page.get_height() - box.bottom))
    page.insert_obj(image)
    page.gen_content()


if __name__ == "__main__":
    sys.exit(main())
