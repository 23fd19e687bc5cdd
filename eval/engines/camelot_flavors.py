"""camelot (MIT), every flavor with its default settings; one function each, since a flavor is an engine of its own."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from biaoge.model import Box

from ..prediction import Reading
from .assemble import Piece, Placed, from_places, gather
from .pages import need_pdf

ML_MODELS = (
    "microsoft/table-transformer-structure-recognition-v1.1-all",
    "microsoft/table-transformer-detection",
)


def lattice(path: Path, joined: bool) -> Reading:
    """Rulings of the page; places without an edge between them are one cell where they fill a rectangle."""
    return _read(path, "lattice")


def stream(path: Path, joined: bool) -> Reading:
    """Columns of text; a flat grid. Every page gives a table, also one of running text."""
    return _read(path, "stream")


def network(path: Path, joined: bool) -> Reading:
    """Alignments of text; a flat grid."""
    return _read(path, "network")


def hybrid(path: Path, joined: bool) -> Reading:
    """Rulings where the page has them (with spans, as in lattice), alignments of text elsewhere (a flat grid)."""
    return _read(path, "hybrid")


def auto(path: Path, joined: bool) -> Reading:
    """Lattice (its "combined" engine) on pages that show rulings, network on the others."""
    return _read(path, "auto")


def ml(path: Path, joined: bool) -> Reading:
    """Table Transformer for the structure, the PDF's own text; a flat grid. Not tried here for want of the models."""
    return _read(path, "ml")


def ml_absent() -> str | None:
    """Why the flavor "ml" cannot run: its models are not in the cache of the hub's client, or `None`."""
    cache = Path(os.environ.get("HF_HOME") or Path.home() / ".cache" / "huggingface") / "hub"
    lacking = [name for name in ML_MODELS if not (cache / f"models--{name.replace('/', '--')}").is_dir()]
    return f"the models {', '.join(lacking)} are not below {cache}; they are never downloaded here" if lacking else None


def _read(path: Path, flavor: str) -> Reading:
    import camelot.io
    import pypdfium2

    need_pdf(path, "camelot")

    document = pypdfium2.PdfDocument(path)
    try:
        heights = [document.get_page_size(i)[1] for i in range(len(document))]
    finally:
        document.close()
    found = camelot.io.read_pdf(str(path), pages="all", flavor=flavor, suppress_stdout=True)
    return gather(_table(table, heights[table.page - 1]) for table in found)


def _table(found: Any, height: float) -> Reading:
    grid = found.cells
    placed = []
    for members in _groups(grid):
        rows, cols = [r for r, _ in members], [c for _, c in members]
        spans = range(min(rows), max(rows) + 1), range(min(cols), max(cols) + 1)
        if len(spans[0]) * len(spans[1]) == len(members):
            text = "\n".join(filter(None, (grid[r][c].text for r, c in sorted(members))))
            boxes = [_box(grid[r][c], height) for r, c in members]
            placed.append(Placed(*spans, Piece(text, Box.around(boxes))))
        else:
            for r, c in members:
                piece = Piece(grid[r][c].text, _box(grid[r][c], height))
                placed.append(Placed(range(r, r + 1), range(c, c + 1), piece))
    return from_places(found.page, placed)


def _groups(grid: Sequence[Sequence[Any]]) -> list[list[tuple[int, int]]]:
    """The places (row, column), put together where no edge parts them from their neighbour."""
    n_rows, n_cols = len(grid), len(grid[0])
    parent = {(r, c): (r, c) for r in range(n_rows) for c in range(n_cols)}

    def head(place: tuple[int, int]) -> tuple[int, int]:
        while parent[place] != place:
            parent[place] = parent[parent[place]]
            place = parent[place]
        return place

    for r, c in list(parent):
        if c + 1 < n_cols and not (grid[r][c].right or grid[r][c + 1].left):
            parent[head((r, c + 1))] = head((r, c))
        if r + 1 < n_rows and not (grid[r][c].bottom or grid[r + 1][c].top):
            parent[head((r + 1, c))] = head((r, c))
    members: dict[tuple[int, int], list[tuple[int, int]]] = {}
    for place in parent:
        members.setdefault(head(place), []).append(place)
    return list(members.values())


def _box(cell: Any, height: float) -> Box:
    """Its y runs upwards from the foot of the page, and its corners may be told in either order."""
    x0, x1 = sorted((cell.x1, cell.x2))
    top, bottom = sorted((height - cell.y1, height - cell.y2))
    return Box(x0, top, x1, bottom)
