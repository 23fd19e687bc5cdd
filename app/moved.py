"""From the straightened sheets, on which tables are sought, back to the pages as given."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from biaoge.model import Block, Box, Cell, Document, Page, Part, Region, Ruling, Table, Word
from biaoge.warp import Warp


@dataclass(frozen=True, slots=True)
class Way:
    """The way back of one page: its size as given, and the warps of the sheets on it, each for what stands there."""

    page: Page
    warps: tuple[Warp, ...]

    def box(self, box: Box) -> Box:
        """Where a box of the straight page lies on the page as given; what stands on no sheet stays."""
        for warp in self.warps:
            if warp.sheet.holds(box.cx, box.cy):
                return warp.box(box)
        return box

    def word(self, word: Word) -> Word:
        """The word at its place; its characters' edges only where it still runs from left to right."""
        for warp in self.warps:
            if word.source == "ocr" and warp.sheet.holds(word.box.cx, word.box.cy):
                edges = word.edges and tuple(warp.point(x, word.box.cy)[0] for x in word.edges)
                rising = (
                    edges is not None and edges[0] < edges[-1] and all(a <= b for a, b in itertools.pairwise(edges))
                )
                return replace(word, box=warp.box(word.box), edges=edges if rising else None)
        return word

    def ruling(self, ruling: Ruling) -> Ruling:
        """The level or upright line nearest to where the ruling lies."""
        for warp in self.warps:
            if ruling.origin in ("pixel", "fill") and warp.sheet.holds(ruling.box.cx, ruling.box.cy):
                along = ruling.start, ruling.end
                ends = [(p, ruling.at) if ruling.axis == "h" else (ruling.at, p) for p in along]
                (ax, ay), (bx, by) = (warp.point(*end) for end in ends)
                if abs(bx - ax) >= abs(by - ay):
                    if ax == bx:
                        return ruling
                    return replace(ruling, axis="h", at=(ay + by) / 2, start=min(ax, bx), end=max(ax, bx))
                return replace(ruling, axis="v", at=(ax + bx) / 2, start=min(ay, by), end=max(ay, by))
        return ruling


def moved_back(document: Document, ways: Mapping[int, Way]) -> Document:
    """The document with every place on the pages as given; `ways`, by page number, of the recognised pages."""
    if not ways:
        return document

    def block(block: Block, way: Way) -> Block:
        return replace(block, box=way.box(block.box), lines=tuple(way.box(line) for line in block.lines))

    def page(page: Page) -> Page:
        way = ways.get(page.number)
        if way is None:
            return page
        given = way.page
        return replace(
            page,
            width=given.width,
            height=given.height,
            images=given.images,
            words=tuple(way.word(w) for w in page.words),
            rulings=tuple(way.ruling(r) for r in page.rulings),
            blocks=tuple(block(b, way) for b in page.blocks),
        )

    return replace(
        document,
        pages=tuple(page(p) for p in document.pages),
        tables=tuple(_table(table, ways) for table in document.tables),
    )


def _table(table: Table, ways: Mapping[int, Way]) -> Table:
    if not any(part.page in ways for part in table.parts):
        return table
    cells = tuple(_cell(cell, ways) for cell in table.cells)
    parts = tuple(_part(part, ways) for part in table.parts)
    return replace(table, cells=cells, parts=parts)


def _part(part: Part, ways: Mapping[int, Way]) -> Part:
    return replace(part, box=ways[part.page].box(part.box)) if part.page in ways else part


def _cell(cell: Cell, ways: Mapping[int, Way]) -> Cell:
    regions = tuple(Region(r.page, ways[r.page].box(r.box)) if r.page in ways else r for r in cell.regions)
    return replace(cell, regions=regions, words=tuple(_words(cell, ways)))


def _words(cell: Cell, ways: Mapping[int, Way]) -> Iterable[Word]:
    """The cell's words at their places: a word lies on the page of the region that holds it."""
    here: Sequence[Region] = [r for r in cell.regions if r.page in ways]
    for word in cell.words:
        best = max(here, key=lambda r: r.box.grown(1).overlap(word.box), default=None)
        yield ways[best.page].word(word) if best is not None else word
