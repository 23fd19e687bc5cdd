"""Tables whose cells are told by rulings."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from biaoge.model import Box, Cell, Finding, Page, Part, Region, Ruling, Table, Word

from .fill import Assigned, alternatives_of, assign, lines_of, text_of
from .implied import with_implied
from .inked import extents
from .lattice import Lattice, build, without_slivers
from .piece import Piece
from .roles import with_roles
from .rulings import collapse, components
from .stacked import flanked, stacked

CHART = 0.4
"""So many cells (share) whose edges had to be completed are a diagram's, not a table's."""
FEW = 3
"""A grid of no more rows may be a table's last ones, with nothing in them."""
HANGING = 8
"""No more lines of a cut cell than this hang over an undrawn bottom edge."""


def find(page: Page) -> tuple[Piece, ...]:
    """The ruled tables of a page, from top to bottom and left to right.

    A table inside another's cell is a table of its own; the words in it are not the outer cell's. Charts' grids and
    loose rulings are none. A frame (one column) is a table only as the piece of one that began or goes on on another
    page; it is given where it is the first or last of the page and may be such a row: see `Joined.is_table`.
    """
    groups = stacked(flanked(components(collapse(_usable(page))), page.words), page.words)
    candidates = []
    implied: set[Box] = set()
    for group in groups:
        lattice = build(group, page.words)
        if lattice is None:
            continue
        words = _near(page.words, lattice.box)
        plain = without_slivers(lattice, words)
        lattice = with_implied(plain, words)
        given = assign(words, lattice)
        if _is_table(lattice, given, _drawn(group)):
            candidates.append((lattice, words, given))
            if lattice.rects != plain.rects:
                implied.add(lattice.box)
    candidates.sort(key=lambda candidate: -candidate[0].box.area)
    taken: list[tuple[Lattice, list[Word], Assigned]] = []
    for candidate in candidates:
        if not any(_collides(candidate[0].box, other.box) for other, _, _ in taken):
            taken.append(candidate)
    pieces = []
    for lattice, words, given in taken:
        inner = [other.box for other, _, _ in taken if other is not lattice and _within(other.box, lattice.box)]
        if inner:
            words = [w for w in words if not any(box.holds(w.box.cx, w.box.cy) for box in inner)]
            given = assign(words, lattice)
        piece = _piece(page.number, lattice, words, given, inner)
        if lattice.box in implied:
            message = "rows or columns of this table are not ruled; they were told from how the words stand"
            note = Finding("implied-edges", "info", message, page.number)
            piece = replace(piece, findings=(note, *piece.findings))
        pieces.append(piece)
    pieces.sort(key=lambda piece: (round(piece.box.top), piece.box.x0))
    ends = pieces[:1] + pieces[-1:]
    return tuple(piece for piece in pieces if piece.table.is_grid or (piece in ends and _may_be_rows(piece)))


def _may_be_rows(piece: Piece) -> bool:
    """Whether a grid with almost nothing in it, or a frame around a line, looks like rows parted by a page break."""
    if piece.table.n_cols > 1:
        return True
    return piece.table.n_rows <= 2 and all(
        len(lines_of(cell.words)) == 1 and piece.box.height < 4 * cell.words[0].box.height * piece.table.n_rows
        for cell in piece.table.cells
    )


def _drawn(group: Sequence[Ruling]) -> tuple[int, int]:
    """At how many places level and upright rulings are drawn."""
    level, upright = ({round(r.at) for r in group if r.axis == axis} for axis in ("h", "v"))
    return len(level), len(upright)


def _near(words: Sequence[Word], box: Box) -> list[Word]:
    """The words in the box, and those that may hang over its lower edge."""
    wide = box.grown(1)
    low = wide.bottom + 120
    return [
        w for w in words if w.box.x1 > wide.x0 and w.box.x0 < wide.x1 and w.box.bottom > wide.top and w.box.top < low
    ]


def _hanging(lattice: Lattice, words: Sequence[Word], inside: Sequence[Sequence[Word]]) -> dict[int, list[Word]]:
    """Words that hang over an undrawn bottom edge, a cut row's last lines, by the index of their rect."""
    bottom = lattice.ys[-1]
    below = sorted((w for w in words if w.box.cy > bottom + 1), key=lambda w: (w.box.top, w.box.x0))
    found: dict[int, list[Word]] = {}
    for index, rect in enumerate(lattice.rects):
        if rect.bottom < len(lattice.ys) - 1 or not all(lattice.open_bottom[rect.left : rect.right]):
            continue
        box = lattice.rect_box(rect)
        reach = max([bottom, *(low for _, low in extents(inside[index]))])
        for word, (high, low) in zip(below, extents(below), strict=True):
            if not (box.x0 - 1 <= word.box.x0 and word.box.x1 <= box.x1 + 1):
                continue
            if high > reach + 0.4 * (low - high) or word.box.bottom > bottom + HANGING * word.box.height:
                break
            found.setdefault(index, []).append(word)
            reach = max(reach, low)
    return found


def _usable(page: Page) -> list[Ruling]:
    """The page's rulings without those outside it."""
    frame = Box(0, 0, page.width, page.height).grown(2)
    return [r for r in page.rulings if r.box.overlap(frame) > 0 or frame.holds(r.box.cx, r.box.cy)]


def _collides(box: Box, other: Box) -> bool:
    """Whether two grids share ground without one lying inside a cell of the other."""
    shared = box.overlap(other)
    return shared > 0.1 * min(box.area, other.area) and not _within(box, other)


def _within(box: Box, other: Box) -> bool:
    return other.grown(1).overlap(box) >= 0.98 * box.area


def _is_table(lattice: Lattice, given: Assigned, drawn: tuple[int, int]) -> bool:
    """Whether the grid holds text as a table does: most words are not cut by its edges, and it is no diagram.

    Two cells with words, at least; a grid of few rows may be the end of a table begun on the page before, if its
    rulings say so: `drawn` counts the level and the upright ones.
    """
    inside, overran = given
    filled = sum(bool(found) for found in inside)
    held = sum(map(len, inside))
    few = len(lattice.ys) - 1 <= FEW and drawn[1] > 1 and drawn[0] > (0 if filled else 1)
    if (filled < 2 and not few) or len(overran) > max(2, 0.25 * held):
        return False
    return not _is_chart(lattice, [bool(found) for found in inside])


def _is_chart(lattice: Lattice, filled: Sequence[bool]) -> bool:
    """Whether a grid is a diagram's: bars and axes that close no cells, or helping lines with nothing at the edges.

    A table names its rows or its columns: its first row or its first column holds words.
    """
    if len(lattice.rects) < 4:
        return False
    top = [full for rect, full in zip(lattice.rects, filled, strict=True) if rect.top == 0]
    left = [full for rect, full in zip(lattice.rects, filled, strict=True) if rect.left == 0]
    named = min(sum(top) / len(top), sum(left) / len(left))
    mended = sum(rect.mended for rect in lattice.rects) / len(lattice.rects)
    return (mended >= CHART and named <= 0.5) or (not any(top) and not any(left) and sum(filled) * 2 < len(filled))


def _piece(number: int, lattice: Lattice, words: Sequence[Word], given: Assigned, inner: Sequence[Box]) -> Piece:
    """The table of `lattice` with the words given to its cells; `inner`: boxes of tables inside of it."""
    inside, overran = given
    hanging = _hanging(lattice, words, inside)
    for index, found in hanging.items():
        inside[index] += found
    over = {id(word) for word in overran}
    cells, findings = [], []
    for index, (rect, found) in enumerate(zip(lattice.rects, inside, strict=True)):
        box = lattice.rect_box(rect)
        if index in hanging:
            box = Box.around([box, *(word.box for word in hanging[index])])
        text = text_of(found)
        doubtful = rect.mended or any(id(word) in over for word in found)
        confidence = min([word.confidence for word in found], default=1.0) * (0.8 if doubtful else 1.0)
        cells.append(
            Cell(
                rect.top,
                rect.left,
                text,
                rect.bottom - rect.top,
                rect.right - rect.left,
                regions=(Region(number, box),),
                words=tuple(found),
                confidence=confidence,
                source="ocr" if any(word.source == "ocr" for word in found) else "text",
                alternatives=alternatives_of(found) if any(word.alternatives for word in found) else (),
            )
        )
        place = ((rect.top, rect.left),)
        if rect.mended and (text or rect.bottom - rect.top > 1 or rect.right - rect.left > 1):
            message = "an edge of this cell is not drawn; it was added where the grid asks for it"
            findings.append(Finding("missing-ruling", "warning", message, number, cells=place))
        if any(id(word) in over for word in found):
            message = "text runs over the cell's edge; it was given whole to the cell where most of it stands"
            findings.append(Finding("text-overflow", "warning", message, number, cells=place))
        if any(_within(box_, box) for box_ in inner):
            message = "another table stands inside this cell; its text is with that table"
            findings.append(Finding("nested-table", "info", message, number, cells=place))
    n_rows, n_cols = len(lattice.ys) - 1, len(lattice.xs) - 1
    whole = Box.around([lattice.box, *(word.box for found in hanging.values() for word in found)])
    table = Table(n_rows, n_cols, tuple(cells), parts=(Part(number, whole, (0, n_rows - 1)),))
    return Piece(
        with_roles(table),
        number,
        whole,
        lattice.xs,
        lattice.ys,
        lattice.open_top,
        lattice.open_bottom,
        tuple(findings),
    )
