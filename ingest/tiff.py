"""Which frames of a TIFF are pages; read without decoding, from the chain of its directories alone."""

from __future__ import annotations

from typing import BinaryIO

from biaoge.errors import TooLarge

MOST_FRAMES = 5000
SUBFILE_TYPE = 254
REDUCED = 1
"""The bit of the subfile type that marks a smaller copy of another frame."""


def frames(source: BinaryIO) -> tuple[int, ...]:
    """Numbers from 0 of the frames that are no small copies; () for what is no TIFF, or has no directory.

    TooLarge for more than `MOST_FRAMES`. A chain that runs in a circle, or out of the file, ends there.
    """
    head = source.read(16)
    order = {b"II": "little", b"MM": "big"}.get(head[:2])
    if order is None:
        return ()
    little = order == "little"

    def number(raw: bytes) -> int:
        return int.from_bytes(raw, "little" if little else "big")

    big = number(head[2:4]) == 43
    wide, entry, count_size = (8, 20, 8) if big else (4, 12, 2)
    at = number(head[8:16] if big else head[4:8])
    known: set[int] = set()
    pages: list[int] = []
    while at and at not in known:
        if len(known) >= MOST_FRAMES:
            raise TooLarge(f"a TIFF of more than {MOST_FRAMES} pages; split it")
        source.seek(at)
        count = number(source.read(count_size))
        if count > 65535:
            break
        entries = source.read(count * entry)
        if not count or len(entries) < count * entry:
            break
        kind = 0
        for start in range(0, min(len(entries), 8 * entry), entry):  # tags ascend, and this one is the lowest
            if number(entries[start : start + 2]) == SUBFILE_TYPE:
                kind = number(entries[start + entry - wide : start + entry - wide + 4])
        if not kind & REDUCED:
            pages.append(len(known))
        known.add(at)
        at = number(source.read(wide))
    return tuple(pages)
