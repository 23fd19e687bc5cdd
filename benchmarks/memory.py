"""Peak memory of reading a 100-page PDF in a process of its own: `python benchmarks/memory.py [--pages 100] [FILE…]`.

The PDF is made of the pages of FILE… (or of the labelled documents), again from the first when they run out.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

MIB = 1024 * 1024

# What the child does: it prints its peak before and after reading, in bytes, and the number of tables.
CHILD = """
import sys
def peak():
    try:
        # Of this process alone; getrusage counts the parent's at the fork.
        with open("/proc/self/status") as status:
            return next(int(line.split()[1]) * 1024 for line in status if line.startswith("VmHWM"))
    except FileNotFoundError:
        import resource
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * (1 if sys.platform == "darwin" else 1024)
import biaoge
before = peak()
document = biaoge.read(sys.argv[1])
print(before, peak(), len(document.pages), len(document.tables))
"""


def concatenate(sources: Sequence[Path], pages: int, target: Path) -> None:
    """Write a PDF of `pages` pages: those of `sources` in order, again from the first when they run out."""
    import pypdfium2

    out = pypdfium2.PdfDocument.new()
    while len(out) < pages:
        for path in sources:
            source = pypdfium2.PdfDocument(path)
            out.import_pages(source, list(range(min(len(source), pages - len(out)))))
            source.close()
            if len(out) == pages:
                break
    out.save(target)
    out.close()


def measure(path: Path) -> tuple[int, int, int, int]:
    """Bytes at the peak after the import and after reading, pages, tables; of a child process that reads `path`."""
    done = subprocess.run([sys.executable, "-c", CHILD, str(path)], capture_output=True, text=True, check=True)
    before, after, pages, tables = map(int, done.stdout.split())
    return before, after, pages, tables


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("files", nargs="*", type=Path)
    parser.add_argument("--pages", type=int, default=100)
    given = parser.parse_args()
    sources = given.files
    if not sources:
        from biaoge.eval.sets import load

        sources = [d.pdf for d in load("govcn_budget").documents]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "long.pdf"
        concatenate(sources, given.pages, path)
        before, after, pages, tables = measure(path)
    print(f"{pages} pages, {tables} tables: peak {after / MIB:.0f} MiB ({before / MIB:.0f} MiB after the import)")


if __name__ == "__main__":
    main()
