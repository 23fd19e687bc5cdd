"""The readers of PDFs and pictures against changed copies of good files, each in the child that reads any file.

python benchmarks/fuzz.py pdf [--minutes 5] [--seed 1] [--reader pdfium]     without recognition
python benchmarks/fuzz.py picture [--minutes 5] [--seed 1]                   with it
python benchmarks/fuzz.py pdf --seed 1 --only 17 --keep FOLDER               writes mutant 17, and reads it

Counts what became of them. A fault is an exception that biaoge did not foresee: a bug; the file and where it happened
are kept, one of each place, and the exit code is 1. A crash of a library in C, a time or a memory limit is a clear
refusal of that file alone, and is kept too.
"""

from __future__ import annotations

import argparse
import io
import re
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

from mutants import Sources, mutant

from biaoge.app import bulk, isolate
from biaoge.app.bulk import Order, Outcome, Task
from biaoge.app.bulkrun import state_of
from biaoge.app.settings import READERS, Settings

ROOT = Path(__file__).resolve().parent.parent
LARGEST = 260_000
"""Bytes of a sample that is used; larger ones take too long, a thousand times over."""
PDF = isolate.Limits(seconds=10.0, memory=500)
PICTURE = isolate.Limits(seconds=10.0, memory=1000)
"""Models of recognition take more than 500 MB."""


def pdf_sources() -> Sources:
    """The smallest samples and the bombs that are PDFs and do not take long."""
    sys.path[:0] = [str(ROOT / "tests" / "support"), str(ROOT / "tests" / "app")]
    import bombs
    from conftest import pdf_bytes

    found = {path.name: path.read_bytes() for path in sorted((ROOT / "samples").glob("*.pdf"))}
    found = {name: content for name, content in found.items() if len(content) < LARGEST}
    found["grid.pdf"] = pdf_bytes([["Name", "2023"], ["apples", "12"], ["pears", "30"]], pages=2)
    quick = ("jpeg-lie.pdf", "page-tree.pdf", "xref-loop.pdf", "kids-loop.pdf", "count-lie.pdf")
    return found | {name: bombs.BOMBS[name][0]() for name in quick if name in bombs.BOMBS}


def picture_sources() -> Sources:
    """A small ruled table with words, in every format and some of its kinds, alone and in a PDF."""
    from PIL import Image, ImageDraw

    grey = Image.new("L", (420, 200), 255)
    pen = ImageDraw.Draw(grey)
    for n in range(4):
        pen.line((20, 20 + 50 * n, 400, 20 + 50 * n), 0, 2)
        pen.line((20 + 126 * n, 20, 20 + 126 * n, 170), 0, 2)
        for m in range(3 if n < 3 else 0):
            pen.text((40 + 126 * m, 35 + 50 * n), f"{37 * m + 11 * n}", 0, font_size=22)
    bits, colour = grey.convert("1"), grey.convert("RGB")
    made: dict[str, bytes] = {}

    def keep(name: str, image: Image.Image, kind: str, **options: object) -> None:
        to = io.BytesIO()
        image.save(to, kind, dpi=(150, 150), **options)
        made[name] = to.getvalue()

    keep("grey.png", grey, "PNG")
    keep("bits.png", bits, "PNG")
    keep("palette.png", colour.convert("P"), "PNG")
    keep("alpha.png", grey.convert("RGBA"), "PNG")
    keep("colour.jpg", colour, "JPEG", quality=60)
    keep("steps.jpg", colour, "JPEG", progressive=True)
    keep("inks.jpg", colour.convert("CMYK"), "JPEG")
    for name, compression in (("raw", None), ("lzw", "tiff_lzw"), ("zip", "tiff_adobe_deflate"), ("jpeg", "jpeg")):
        keep(f"{name}.tif", colour, "TIFF", compression=compression)
    keep("fax.tif", bits, "TIFF", compression="group4")
    keep("two.tif", bits, "TIFF", compression="group3", save_all=True, append_images=[bits])
    keep("colour.pdf", colour, "PDF")
    keep("bits.pdf", bits, "PDF")
    return made


class Kept:
    """Counts outcomes, and keeps one file of each kind that is worth a look."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.counts: Counter[str] = Counter()
        self.places: Counter[str] = Counter()

    def take(self, outcome: Outcome, path: Path) -> None:
        kind = outcome.cause or outcome.error or state_of(outcome)
        self.counts[kind] += 1
        if kind in ("fault", "crash", "TimedOut", "TooLarge", "start", "write"):
            place = f"{kind}: {where(outcome)}"
            self.places[place] += 1
            if self.places[place] == 1:
                self.folder.mkdir(parents=True, exist_ok=True)
                (self.folder / path.name).write_bytes(path.read_bytes())
                print(f"{path.name}: {place}\n{outcome.trace}", flush=True)
        path.unlink(missing_ok=True)


def where(outcome: Outcome) -> str:
    """What went wrong, and the last line of ours and the last of all that the trace names."""
    lines = re.findall(r'File "([^"]*)", line (\d+), in (\S+)', outcome.trace)
    ours = [line for line in lines if "biaoge" in line[0] or str(ROOT) in line[0]]
    places = [f"{Path(file).name}:{number} {name}" for file, number, name in (*ours[-1:], *lines[-1:])]
    return " | ".join([re.sub(r"[0-9]+", "#", outcome.message)[:120], *places])


def fuzz(asked: argparse.Namespace, reader: str, sources: Sources, seconds: float) -> Kept:
    """Read mutants for so many seconds with one reader."""
    kept = Kept(asked.keep / reader if asked.what == "pdf" else asked.keep)
    until = time.monotonic() + seconds
    paths: dict[str, Path] = {}
    with tempfile.TemporaryDirectory(prefix="biaoge-fuzz-") as held:

        def tasks() -> Iterator[Task]:
            index = asked.only if asked.only is not None else 0
            while time.monotonic() < until:
                name, content = mutant(asked.seed, index, sources)
                paths[str(index)] = Path(held) / f"{index}-{name}"
                paths[str(index)].write_bytes(content)
                yield Task(paths[str(index)], paths[str(index)].name, str(index))
                if asked.only is not None:
                    (asked.keep / paths[str(index)].name).write_bytes(content)
                    return
                index += 1

        settings = Settings(reader=reader, ocr="auto" if asked.what == "picture" else "never")  # type: ignore[arg-type]
        limits = PICTURE if asked.what == "picture" else PDF
        order = Order(Path(held) / "out", ("json", "html"), settings=settings, limits=limits)
        with closing(bulk.extract(tasks(), order)) as outcomes:
            for outcome in outcomes:
                kept.take(outcome, paths.pop(outcome.stem))
                for written in outcome.written:
                    Path(written).unlink()
    return kept


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", choices=("pdf", "picture"))
    parser.add_argument("--minutes", type=float, default=5.0, help="in all, for both readers")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--reader", choices=READERS, action="append", help="left out: both")
    parser.add_argument("--only", type=int, help="read this mutant alone, and keep it")
    parser.add_argument("--keep", type=Path, default=Path(tempfile.gettempdir()) / "biaoge-fuzz")
    asked = parser.parse_args()
    asked.keep.mkdir(parents=True, exist_ok=True)
    picture = asked.what == "picture"
    sources = picture_sources() if picture else pdf_sources()
    readers = asked.reader or (READERS[:1] if picture else READERS)
    faults = 0
    for reader in readers:
        kept = fuzz(asked, reader, sources, 60 * asked.minutes / len(readers))
        faults += kept.counts["fault"]
        told = ", ".join(f"{kind} {count}" for kind, count in kept.counts.most_common())
        print(f"{asked.what}, {reader}, seed {asked.seed}: {kept.counts.total()} files: {told}")
        for place, count in kept.places.most_common():
            print(f"  {count} × {place}")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
