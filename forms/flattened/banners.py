"""Headers that a document prints over columns although its form names no such group: 申请人情况 over the applicants.

They are what is left of the header lines once every name of the form is found. On its line such a header stands over
all the columns between the header before it and the one after it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from .align import Aligned, likeness
from .lines import Line, fold
from .plan import Banner, Printed, Tree

_LIKE = 0.85
_MOST_PIECES = 6
"""Printed pieces that one header may be broken into."""

_ABOVE = 4
"""Lines above the header lines that were found among which another is looked for."""

_LONGEST = 20
"""Characters of a header; what is longer is no name of a group of columns."""


@dataclass(frozen=True, slots=True)
class _Piece:
    text: str
    folded: str
    line: int
    field: int


def banners_of(table: Printed, aligned: Aligned, lines: Sequence[Line]) -> dict[int, list[Banner]]:
    """The headers that the form lacks, by the number of the table form they belong to; none where in doubt.

    `lines`: of the whole text; a line with such a header may stand above those that were found.
    """
    found: dict[int, list[Banner]] = {}
    for n in range(len(table.parts)):
        heads = [
            line
            for at, group in aligned.found.items()
            for line in group.lines
            if table.items[at].part == n and table.items[at].kind == "header"
        ]
        if not heads:
            continue
        used = {line.number for group in aligned.found.values() for line in group.lines}
        free = [line for line in lines if line.number not in used and not line.mark]
        above = [line for line in free if line.number < heads[0].number][-_ABOVE:]
        inside = [line for line in aligned.passed if heads[0].number < line.number < heads[-1].number]
        zone = sorted((line for line in (*heads, *inside) if not line.mark), key=lambda line: line.number)
        best: tuple[int, int, list[Banner]] | None = None
        for k in range(len(above) + 1):
            taken = [*above[len(above) - k :], *zone]
            left, banners = _of_part(table, n, taken)
            if left is None:
                continue
            goes_on = bool(banners) and k > 0 and not taken[1].apart and best is not None and best[:2] == (left, k - 1)
            if best is None or left < best[0] or goes_on:
                best = (left, k, banners)
        if best and best[2]:
            found[n] = best[2]
    return found


def _of_part(table: Printed, n: int, lines: Sequence[Line]) -> tuple[int | None, list[Banner]]:
    """How many characters make no header at all (`None` where a known one lacks), and the banners of the others."""
    tree = table.columns[n]
    names = {key: tuple(fold(name) for name in node.names if name) for key, node in tree.nodes.items()}
    corner = tuple(fold(name) for name in table.parts[n].corner if name)
    pieces = [
        _Piece(text, fold(text), line.number, field)
        for line in lines
        for field, part in enumerate(line.raw.split("\t"))
        for text in part.split()
    ]
    matched, spare = _match(pieces, names, corner)
    if any(key not in matched.values() for key, of in names.items() if of and not tree.nodes[key].optional):
        return None, []
    banners: list[Banner] = []
    left = 0
    for run in spare:
        fields: dict[int, set[int]] = {}
        for piece in run_of(pieces, run):
            fields.setdefault(piece.line, set()).add(piece.field)
        text = "".join(piece.text for piece in run_of(pieces, run))
        over = _between(tree, matched, run)
        if over and len(fold(text)) <= _LONGEST and all(len(of) == 1 for of in fields.values()):
            banners.append(Banner(f"*{len(banners)}", text, over))
        else:
            left += len(fold(text))
    covered = [key for banner in banners for key in banner.over]
    return left, banners if len(set(covered)) == len(covered) else []


def run_of(pieces: list[_Piece], run: range) -> list[_Piece]:
    """The pieces of a run."""
    return [pieces[at] for at in run]


def _match(
    pieces: list[_Piece], names: dict[str, tuple[str, ...]], corner: tuple[str, ...]
) -> tuple[dict[int, str], list[range]]:
    """Which header begins at which piece ("" for the corner), and the runs of pieces that are none."""
    matched: dict[int, str] = {}
    spare: list[range] = []
    free = [*names]
    at = 0
    while at < len(pieces):
        best: tuple[float, int, str] = (_LIKE, 0, "")
        for stop in range(at + 1, min(len(pieces), at + _MOST_PIECES) + 1):
            text = "".join(piece.folded for piece in pieces[at:stop])
            for key, of in (("", corner), *((key, names[key]) for key in free)):
                alike = max((likeness(text, name) for name in of), default=0.0)
                if alike > best[0] or (not best[1] and alike == best[0]):
                    best = (alike, stop - at, key)
        if best[1]:
            matched[at] = best[2]
            if best[2]:
                free.remove(best[2])
            at += best[1]
        else:
            if spare and spare[-1].stop == at:
                spare[-1] = range(spare[-1].start, at + 1)
            else:
                spare.append(range(at, at + 1))
            at += 1
    return matched, spare


def _between(tree: Tree, matched: dict[int, str], run: range) -> frozenset[str]:
    """All nodes of the columns between the header before the run and the one after it, if whole groups."""
    order = {leaf: n for n, leaf in enumerate(tree.leaves)}
    before = max((at for at in matched if at < run.start), default=None)
    after = min((at for at in matched if at >= run.stop), default=None)
    start, stop = 0, len(order)
    if before is not None and matched[before]:
        start = order[tree.under(matched[before])[-1]] + 1
    if after is not None and matched[after] and (right := order[tree.under(matched[after])[0]]) > start:
        stop = right
    leaves = tree.leaves[start:stop]
    inner = {over for leaf in leaves for over in tree.over[leaf]}
    if any(not set(tree.under(over)) <= set(leaves) for over in inner):
        return frozenset()
    return frozenset({*leaves, *inner})
