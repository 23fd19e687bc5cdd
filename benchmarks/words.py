"""Make `ocr/words.txt.xz`, how often Chinese words are written, from the dictionary of jieba (MIT licence).

    python benchmarks/words.py jieba-0.42.1.tar.gz

The archive is jieba's source distribution. Words of two to five Chinese characters that its corpus has `LEAST` times
and more are kept, with their counts; parts of speech are not.
"""

from __future__ import annotations

import argparse
import lzma
import re
import tarfile
from pathlib import Path

LEAST = 11
WORD = re.compile(r"[㐀-鿿]{2,5}")
OUT = Path(__file__).parents[1] / "ocr" / "words.txt.xz"


def main() -> None:
    """Read the dictionary and write the list."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("archive", type=Path, help="jieba-VERSION.tar.gz")
    with tarfile.open(parser.parse_args().archive) as archive:
        name = next(name for name in archive.getnames() if name.endswith("/jieba/dict.txt"))
        member = archive.extractfile(name)
        assert member is not None
        rows = [line.split(" ") for line in member.read().decode("utf-8").splitlines()]
    counts = {row[0]: int(row[1]) for row in rows if WORD.fullmatch(row[0])}
    kept = sorted((word, count) for word, count in counts.items() if count >= LEAST)
    total = sum(int(row[1]) for row in rows)
    lines = [str(total), *(f"{word} {count}" for word, count in kept)]
    OUT.write_bytes(lzma.compress("\n".join(lines).encode(), preset=9 | lzma.PRESET_EXTREME))
    print(f"{OUT}: {len(kept)} words, {OUT.stat().st_size} bytes")


if __name__ == "__main__":
    main()
