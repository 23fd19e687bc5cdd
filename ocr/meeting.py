"""Whether short strokes go all the way to the lines that they seem to connect: letters keep away from rulings."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from .strokes import ENDS, Field, Piece, runs

if TYPE_CHECKING:
    from numpy.typing import NDArray

MEETS = 3.0
"""A short stroke's ends lie this near (points) to the lines that it connects."""
WHITE = 0.4
"""Longer white (points) between a stroke's end and the line there is paper that a letter leaves free."""
PALER = 0.45
"""White is what is paler than this share of the stroke's own darkness."""
DOTTED = 1.3
"""Dotted lines end in gaps no longer than this many times those within."""
BESIDE = 40.0
"""The neighbouring rows' strokes of a ruling begin no further away (points)."""


def meeting(found: Field, short: Sequence[Piece], sure: Sequence[Piece], across: Sequence[Piece]) -> list[Piece]:
    """Of `short` strokes those that meet the lines `across` at both ends without white between, in the same order.

    Those that have white at an end are kept too where they go on from a stroke that has none, or from one that is
    `sure`: a worn ruling runs on over its neighbouring rows. `across` are of the other axis, all else of `found`.
    """
    lines = _table(across)
    whole = [not any(gaps(found, piece, lines)) for piece in short]
    firm = [*sure, *(piece for piece, good in zip(short, whole, strict=True) if good)]
    return [p for p, good in zip(short, whole, strict=True) if good or _goes_on(p, firm, found.scale)]


def beginning(
    found: Field, firsts: Sequence[Piece], lasts: Sequence[Piece], across: Sequence[Piece]
) -> tuple[list[Piece], list[Piece]]:
    """Of `firsts` those that begin at one of the lines `across`, of `lasts` those that end at one, without white."""
    lines = _table(across)
    return [p for p in firsts if not gaps(found, p, lines)[0]], [p for p in lasts if not gaps(found, p, lines)[1]]


def _table(pieces: Sequence[Piece]) -> NDArray[np.float64]:
    return np.array([[p.start, p.end, p.at_start, p.at_end] for p in pieces], np.float64).reshape(-1, 4)


def gaps(found: Field, piece: Piece, lines: NDArray[np.float64]) -> tuple[bool, bool]:
    """Whether there is white between the stroke and the lines at its start and at its end; none where no line is.

    `lines`: (lines, 4) first and last pixel along the other axis, and where they are at both.
    """
    scale, (height, width) = found.scale, found.grey.shape
    reach = round((MEETS + 1) * scale)
    first, last = max(0, int(piece.start) - reach), min(width, int(piece.end) + reach + 1)
    columns = np.arange(first, last)
    slope = (piece.at_end - piece.at_start) / max(1.0, piece.length)
    rows = np.floor(piece.at_start + (columns - piece.start) * slope).astype(np.int64)
    near = max(1, round(0.45 * scale))
    offs = np.arange(-near, near + 1)[:, None]
    dark = 255.0 - found.grey[np.clip(rows + offs, 0, height - 1), columns].min(axis=0)
    trim = min(ENDS * scale, piece.length / 4)
    a, b = round(piece.start + trim) - first, round(piece.end - trim) - first
    white = dark < PALER * float(np.median(dark[a : max(b, a + 1)]))
    most = max(WHITE * scale, DOTTED * _longest(white[a:b]))
    out = []
    for x, y, inner, before in ((piece.start, piece.at_start, a, False), (piece.end, piece.at_end, b, True)):
        stop = _nearest(lines, x, y, scale)
        # The pixel of the line's middle is left out: its place is known to half a pixel, and it may be a thin one.
        at = inner if stop is None else int(np.floor(stop)) - first + (0 if before else 1)
        out.append(_longest(white[max(0, min(at, inner)) : max(at, inner)]) > most)
    return out[0], out[1]


def _nearest(lines: NDArray[np.float64], x: float, y: float, scale: float) -> float | None:
    """Where the line passes that is nearest to column `x` at row `y`; None where none is near."""
    beside = lines[(lines[:, 0] - MEETS * scale <= y) & (y <= lines[:, 1] + MEETS * scale)]
    if not len(beside):
        return None
    part = np.clip((y - beside[:, 0]) / np.maximum(1.0, beside[:, 1] - beside[:, 0]), 0, 1)
    at = beside[:, 2] + part * (beside[:, 3] - beside[:, 2])
    best = float(at[np.argmin(np.abs(at - x))])
    return best if abs(best - x) <= (MEETS + 1) * scale else None


def _longest(flags: NDArray[np.bool_]) -> int:
    return max((b - a for a, b in runs(flags, 1)), default=0)


def _goes_on(piece: Piece, firm: Sequence[Piece], scale: float) -> bool:
    for other in firm:
        if 0 <= piece.start - other.end <= BESIDE * scale:
            off = abs(other.at_end - piece.at_start)
        elif 0 <= other.start - piece.end <= BESIDE * scale:
            off = abs(other.at_start - piece.at_end)
        else:
            continue
        if off <= scale:
            return True
    return False
