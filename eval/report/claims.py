"""What a sample of this size allows to claim, and what not, in sentences."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..statistics import FEWEST, Resampling, all_right_bound
from .pairs import SIGNIFICANCE, Pair

if TYPE_CHECKING:
    from .summary import Board

# Percentile intervals of fewer clusters are narrower than they say.
FEW = 20
# More pairs than this are counted, not named: the table of pairs has them.
MOST_TOLD = 6


def claims_of(board: Board, how: Resampling) -> tuple[str, ...]:
    """The sentences of one set: its size, how far intervals can be trusted, which engines are told apart."""
    return (*_size(board), *_bounds(board, how), *_apart(board))


def method(how: Resampling) -> str:
    """How the intervals of all sets are made, in a sentence."""
    return (
        f"Intervals are {how.coverage:.0%} percentile intervals of a bootstrap that draws whole documents, or all "
        f"renderings of one original together ({how.draws:,} draws, seed {how.seed})."
    )


def _size(board: Board) -> list[str]:
    sample = f"{_n(board.documents, 'document')} with {_n(board.tables, 'labelled table')}"
    if board.clusters < board.documents:
        sample += f", from {_n(board.clusters, 'original')}: renderings of one original count as one observation"
    if board.clusters < FEWEST:
        return [
            f"{sample}: too few for any claim about others like them. With fewer than {FEWEST} independent documents "
            "no interval is given and no pair of engines is tested; the figures describe these files, nothing more."
        ]
    widths = [row.f1.width for row in board.rows if row.f1.width is not None]
    out = [f"{sample}; the widest interval of an F1 of cells is {max(widths, default=0):.3f} wide."]
    if board.clusters < FEW:
        out.append(
            f"With {board.clusters} independent documents intervals tend to be too narrow (fewer than {FEW}): read "
            "them as the least uncertainty there is."
        )
    return out


def _bounds(board: Board, how: Resampling) -> list[str]:
    if board.clusters < FEWEST:
        return []
    perfect = [row.engine for row in board.rows if row.straight.total and row.straight.count == row.straight.total]
    if not perfect:
        return []
    bound = all_right_bound(board.clusters, how.coverage)
    return [
        f"{_list(perfect)}: not one error in {_n(board.clusters, 'independent document')}. The interval then has no "
        f"width, and yet the rate of faultless documents may be as low as {bound:.2f} among others like these "
        f"({how.coverage:.0%}, exact binomial bound)."
    ]


def _apart(board: Board) -> list[str]:
    tested = [pair for pair in board.pairs if pair.difference.p is not None]
    if not tested:
        return []
    told = [sentence for pair in tested for sentence in _told(pair)]
    alike = [f"{p.first} and {p.second}" for p in tested if not (p.by_cells or p.by_tables)]
    family = f"Holm's correction over {_n(len(tested), 'pair')}, p < {SIGNIFICANCE:g}"
    if len(tested) > MOST_TOLD:
        return [f"{len(tested) - len(alike)} of {_n(len(tested), 'pair')} of engines are told apart ({family})."]
    out = []
    if told:
        out.append(f"Told apart ({family}): {'; '.join(told)}.")
    if alike:
        out.append(f"Not told apart on this sample, which does not show them equal: {'; '.join(alike)}.")
    return out


def _told(pair: Pair) -> list[str]:
    out = []
    d = pair.difference
    if pair.by_cells and d.low is not None and d.high is not None:
        better, worse = (pair.first, pair.second) if d.value > 0 else (pair.second, pair.first)
        low, high = sorted((abs(d.low), abs(d.high)))
        out.append(f"{better} before {worse} in F1 of cells, by {abs(d.value):.3f} ({low:.3f} to {high:.3f})")
    if pair.by_tables:
        ahead = pair.only_first > pair.only_second
        better, worse = (pair.first, pair.second) if ahead else (pair.second, pair.first)
        most, least = sorted((pair.only_first, pair.only_second), reverse=True)
        out.append(f"{better} before {worse} in exact tables, {most} to {least} of those that only one got")
    return out


def _n(count: int, what: str) -> str:
    return f"{count:,} {what}{'' if count == 1 else 's'}"


def _list(names: list[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"
