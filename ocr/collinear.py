"""Short strokes that make up a ruling together: one behind the other, from one line that crosses them to another."""

from __future__ import annotations

from collections.abc import Sequence

from .gridsupport import LONE
from .meeting import MEETS
from .strokes import SHORT, Field, Piece, is_line

SHORTEST = 12.0
"""Points: strokes this long that have paper on both sides are longer than those of most letters."""
FEWEST = 2
"""So many of them, at the least, speak for one another."""
LONG = 40.0
"""What they make together is longer (points) than a row is high, so no letters stand there one over the other."""
COVERED = 0.8
"""The share of that which is drawn."""
MOSTLY = 0.7
"""The same of strokes all of which have paper on both sides."""
BEHIND = 8.0
"""Points between one stroke and the next."""
ASIDE = 0.8
"""Points by which one stroke misses the other's course at the most."""
OVER = 4.0
"""A stroke that goes over a line goes on so far (points) on both sides: letters keep to their cells."""
APART = 45.0
"""Points between strokes of a worn ruling each of which ends at a line that crosses it, or goes over one."""


def collinear(
    found: Field, strokes: Sequence[Piece], sure: Sequence[Piece], across: Sequence[Piece], least: float
) -> list[Piece]:
    """Those of `strokes`, `least` dark, that make up rulings on which no `sure` piece lies, from top to bottom.

    Each chain begins and ends at one of the lines `across` (of the other axis), and `FEWEST` of its strokes have paper
    on both sides all along; wear took so much of the rest that they alone are told from letters by nothing.
    """
    scale = found.scale
    level = [p for p in strokes if p.strength >= least and abs(p.at_end - p.at_start) <= 2 * ASIDE * scale]
    chains = _chained(level, -scale, BEHIND * scale, scale)
    return [piece for chain in chains if _is_ruling(found, chain, sure, across) for piece in chain]


def anchored(
    found: Field, strokes: Sequence[Piece], sure: Sequence[Piece], across: Sequence[Piece], least: float
) -> list[Piece]:
    """Those of `strokes` that go on from one another, with paper on both sides, and are held by lines that they meet.

    Each meets one of the lines, and one goes over it: letters keep away from rulings, and not two on one course do so.
    Or they make up most of the way from a line to another, where they may be paler than `least`: what shows through
    goes on beyond. See `collinear`.
    """
    scale = found.scale
    clear = [p for p in strokes if p.length >= SHORT * scale and is_line(found, p, strict=True)]
    chains = _chained(clear, 1.0, APART * scale, scale)
    return [
        piece
        for chain in chains
        if not any(_goes_on(p, line, scale) for line in sure for p in chain)
        if (len(chain) >= FEWEST and _is_held(chain, across, least, scale)) or _goes_through(chain, across, scale)
        for piece in chain
    ]


def _chained(strokes: Sequence[Piece], least: float, most: float, scale: float) -> list[list[Piece]]:
    """Strokes that go on from one another, from top to bottom, `least` to `most` pixels apart, chain by chain."""
    chains: list[list[Piece]] = []
    for piece in sorted(strokes, key=lambda p: (p.start, p.at_start)):
        for chain in chains:
            aside = abs(piece.at_start - chain[-1].at_end)
            if least <= piece.start - chain[-1].end <= most and aside <= ASIDE * scale:
                chain.append(piece)
                break
        else:
            chains.append([piece])
    return chains


def _is_held(chain: Sequence[Piece], across: Sequence[Piece], least: float, scale: float) -> bool:
    return all(piece.strength >= least and _meets_any(piece, across, scale) for piece in chain) and any(
        _meets_any(piece, across, scale, OVER) for piece in chain
    )


def _goes_through(chain: Sequence[Piece], across: Sequence[Piece], scale: float) -> bool:
    first, last = chain[0], chain[-1]
    long = last.end - first.start
    return (
        long >= LONE * scale
        and sum(piece.length for piece in chain) >= MOSTLY * long
        and _meets(first.start, first.at_start, across, scale)
        and _meets(last.end, last.at_end, across, scale)
    )


def _goes_on(piece: Piece, line: Piece, scale: float) -> bool:
    """Whether a stroke lies on the course of a line, or of one that ends near."""
    near = abs(line.at_start + line.at_end - piece.at_start - piece.at_end) <= 4 * ASIDE * scale
    return near and max(line.start - piece.end, piece.start - line.end) <= APART * scale


def _meets_any(piece: Piece, across: Sequence[Piece], scale: float, over: float = -MEETS) -> bool:
    """Whether a stroke begins at one of the lines, ends at one, or goes over one.

    `over`: how far (points) it goes on beyond that on both sides, at the least.
    """
    slope = (piece.at_end - piece.at_start) / max(1.0, piece.length)
    for line in across:
        row = (piece.at_start + piece.at_end) / 2
        x = line.at_start + (row - line.start) / max(1.0, line.length) * (line.at_end - line.at_start)
        at = piece.at_start + (x - piece.start) * slope
        if line.start - MEETS * scale <= at <= line.end + MEETS * scale and (
            piece.start + over * scale <= x <= piece.end - over * scale
        ):
            return True
    return False


def _is_ruling(found: Field, chain: Sequence[Piece], sure: Sequence[Piece], across: Sequence[Piece]) -> bool:
    scale = found.scale
    first, last = chain[0], chain[-1]
    long = last.end - first.start
    if len(chain) < FEWEST or long < LONG * scale or sum(p.length for p in chain) < COVERED * long:
        return False
    if not (_meets(first.start, first.at_start, across, scale) and _meets(last.end, last.at_end, across, scale)):
        return False
    told = sum(p.length >= SHORTEST * scale and is_line(found, p, strict=True) for p in chain)
    middle = (first.at_start + last.at_end) / 2
    known = any(abs((p.at_start + p.at_end) / 2 - middle) <= 2 * ASIDE * scale for p in sure if _beside(p, first, last))
    return told >= FEWEST and not known


def _beside(piece: Piece, first: Piece, last: Piece) -> bool:
    return piece.start < last.end and first.start < piece.end


def _meets(x: float, y: float, across: Sequence[Piece], scale: float) -> bool:
    """Whether one of the lines passes the point at column `x` and row `y`."""
    near = MEETS * scale
    return any(
        p.start - near <= y <= p.end + near
        and min(p.at_start, p.at_end) - near <= x <= max(p.at_start, p.at_end) + near
        for p in across
    )
