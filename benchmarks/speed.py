"""Pages per second on the same pages, in one process, one run: `python benchmarks/speed.py [--pages N]`.

The tools take turns document by document, so that whatever else the machine does falls on all of them. Each reads one
document before the clock starts (imports, first use). `--pages N` takes N pages, evenly spread over all documents, and
gives every tool the same small PDFs made of them.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
import warnings
from collections.abc import Callable, Sequence
from pathlib import Path

import pypdfium2

from biaoge.errors import UsageError
from biaoge.eval.sets import load

BASE = "biaoge.read"


def read_biaoge(path: Path) -> None:
    import biaoge

    biaoge.read(path)


def read_pdfplumber(path: Path) -> None:
    import pdfplumber

    with pdfplumber.open(path) as pdf:
        for page in pdf.pages:
            page.extract_tables()
            page.close()


def read_camelot(path: Path) -> None:
    import camelot.io

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        camelot.io.read_pdf(str(path), pages="all", flavor="lattice")


TOOLS: dict[str, Callable[[Path], None]] = {
    BASE: read_biaoge,
    "pdfplumber extract_tables": read_pdfplumber,
    "camelot lattice": read_camelot,
}


def count_pages(path: Path) -> int:
    document = pypdfium2.PdfDocument(path)
    try:
        return len(document)
    finally:
        document.close()


def documents(sets: Sequence[str]) -> list[Path]:
    """The PDFs of the sets; a set that is not there is named and left out."""
    out = []
    for name in sets:
        try:
            out += [d.pdf for d in load(name).documents]
        except UsageError as problem:
            print(f"left out: {problem}", file=sys.stderr)
    return out


def sampled(paths: Sequence[Path], wanted: int, folder: Path) -> list[Path]:
    """PDFs in `folder` that hold `wanted` of all the pages of `paths`, evenly spread; one for each that has any."""
    every = [(path, page) for path in paths for page in range(count_pages(path))]
    step = max(len(every) / wanted, 1)
    chosen = {every[int(i * step)] for i in range(min(wanted, len(every)))}
    out = []
    for i, path in enumerate(paths):
        pages = sorted(page for of, page in chosen if of == path)
        if pages:
            source, target = pypdfium2.PdfDocument(path), pypdfium2.PdfDocument.new()
            target.import_pages(source, pages)
            out.append(folder / f"{i:03d}-{path.name}")
            target.save(out[-1])
            target.close()
            source.close()
    return out


def measure(paths: Sequence[Path], tools: Sequence[str]) -> dict[str, tuple[float, float]]:
    """Seconds of wall clock and of processor for all of `paths`, by tool."""
    spent = dict.fromkeys(tools, (0.0, 0.0))
    for name in tools:
        TOOLS[name](paths[0])
    for i, path in enumerate(paths):
        print(f"{i + 1}/{len(paths)} {path.name}", file=sys.stderr)
        for name in tools:
            wall, cpu = time.perf_counter(), time.process_time()
            TOOLS[name](path)
            before = spent[name]
            spent[name] = (before[0] + time.perf_counter() - wall, before[1] + time.process_time() - cpu)
    return spent


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sets", nargs="+", default=["govcn_budget", "samples"])
    parser.add_argument("--pages", type=int, help="take this many pages, evenly spread, the same for every tool")
    parser.add_argument("--tools", nargs="+", choices=tuple(TOOLS), default=list(TOOLS))
    given = parser.parse_args()
    paths = documents(given.sets)
    if not paths:
        parser.exit(2, "no documents to read\n")
    with tempfile.TemporaryDirectory() as folder:
        if given.pages:
            paths = sampled(paths, given.pages, Path(folder))
        pages = sum(map(count_pages, paths))
        spent = measure(paths, given.tools)
    print(f"{pages} pages of {len(paths)} documents ({', '.join(given.sets)})")
    print(f"{'tool':<27} {'seconds':>8} {'processor':>10} {'pages/s':>8}   {BASE} is faster by")
    base = spent.get(BASE)
    for name, (wall, cpu) in spent.items():
        ratio = f"{wall / base[0]:.1f} ×" if base and name != BASE else ""
        print(f"{name:<27} {wall:>8.1f} {cpu:>10.1f} {pages / wall:>8.2f}   {ratio}")


if __name__ == "__main__":
    main()
