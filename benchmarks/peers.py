"""Other tools on the same labelled documents, by the same count: `python benchmarks/peers.py SET… --engine NAME`.

Each tool's reading becomes a `Table` as kindly as its own output allows: spans are computed from its cells, line
breaks are joined by our own rule, places it leaves uncovered become empty cells. None of them joins over pages.
"""

from __future__ import annotations

import argparse
import importlib.util
import sys
import warnings
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from biaoge.errors import DamagedPdf
from biaoge.eval.run import Read, report, run, to_json
from biaoge.eval.sets import NAMES, filled, load
from biaoge.model import Box, Cell, Part, Table
from biaoge.text import join_lines

# Edges of neighbouring cells closer than this (points) are one edge.
_EDGE = 1.0


def pdfplumber_tables(path: Path, joined: bool = False) -> list[Table]:
    """`Page.find_tables()` with default settings; spans from the cells' boxes, which `extract_tables()` drops."""
    import pdfplumber
    from pdfminer.pdfexceptions import PDFException
    from pdfplumber.utils.exceptions import PdfminerException

    out = []
    try:
        with pdfplumber.open(path) as pdf:
            for page in pdf.pages:
                for found in page.find_tables():
                    texts = found.extract()
                    boxes = [
                        (box, text or "")
                        for row, line in zip(found.rows, texts, strict=True)
                        for box, text in zip(row.cells, line, strict=True)
                        if box is not None
                    ]
                    out.append(_from_boxes(page.page_number, boxes))
                page.close()
    except (PDFException, PdfminerException) as problem:
        raise DamagedPdf(f"{path}: {problem!r}") from problem
    return out


def camelot_tables(path: Path, joined: bool = False) -> list[Table]:
    """`read_pdf(flavor="lattice")` with default settings; cells with an open edge between them are one."""
    import camelot.io
    import pypdfium2

    document = pypdfium2.PdfDocument(path)
    try:
        heights = [document.get_page_size(i)[1] for i in range(len(document))]
    finally:
        document.close()
    with warnings.catch_warnings():
        # It warns of every page without a table.
        warnings.simplefilter("ignore")
        found = camelot.io.read_pdf(str(path), pages="all", flavor="lattice")
    return [_from_camelot(t, heights[t.page - 1]) for t in found]


def img2table_tables(path: Path, joined: bool = False) -> list[Table]:
    """`PDF.extract_tables()` with the PDF's own text, no OCR; its cells share a value object when merged."""
    from img2table.document import PDF  # type: ignore[import-not-found, unused-ignore]

    out = []
    for page, tables in PDF(str(path), pdf_text_extraction=True).extract_tables().items():
        for found in tables:
            # Its pages count from 0 and its boxes are pixels at 200 dots per inch.
            boxes = {
                tuple(v * 72 / 200 for v in (c.bbox.x1, c.bbox.y1, c.bbox.x2, c.bbox.y2)): c.value or ""
                for row in found.content.values()
                for c in row
            }
            out.append(_from_boxes(page + 1, list(boxes.items())))
    return out


ENGINES: dict[str, Read] = {"pdfplumber": pdfplumber_tables, "camelot-lattice": camelot_tables}
if importlib.util.find_spec("img2table"):
    ENGINES["img2table"] = img2table_tables


def _from_boxes(page: int, boxes: Sequence[tuple[tuple[float, ...], str]]) -> Table:
    """A table from its cells' boxes (x0, top, x1, bottom) and texts; one that overlaps an earlier one is left out."""
    xs = _edges(v for (x0, _, x1, _), _ in boxes for v in (x0, x1))
    ys = _edges(v for (_, top, _, bottom), _ in boxes for v in (top, bottom))
    cells: list[Cell] = []
    covered: set[tuple[int, int]] = set()
    for (x0, top, x1, bottom), text in boxes:
        row, col = _nearest(ys, top), _nearest(xs, x0)
        rowspan, colspan = _nearest(ys, bottom) - row, _nearest(xs, x1) - col
        if rowspan < 1 or colspan < 1:
            continue
        cell = Cell(row, col, join_lines(text.splitlines()), rowspan, colspan)
        places = {(r, c) for r in cell.rows for c in cell.cols}
        if not places & covered:
            covered |= places
            cells.append(cell)
    n_rows, n_cols = len(ys) - 1, len(xs) - 1
    part = Part(page, Box(xs[0], ys[0], xs[-1], ys[-1]), (0, n_rows - 1))
    return Table(n_rows, n_cols, filled(n_rows, n_cols, cells), parts=(part,))


def _edges(values: Iterable[float]) -> list[float]:
    out: list[float] = []
    for value in sorted(values):
        if not out or value - out[-1] > _EDGE:
            out.append(value)
    return out


def _nearest(edges: Sequence[float], value: float) -> int:
    return min(range(len(edges)), key=lambda i: abs(edges[i] - value))


def _from_camelot(found: Any, height: float) -> Table:
    """Neighbours without an edge between them are one cell where together they fill a rectangle."""
    grid = found.cells
    n_rows, n_cols = len(grid), len(grid[0])
    group = {(r, c): (r, c) for r in range(n_rows) for c in range(n_cols)}

    def head(place: tuple[int, int]) -> tuple[int, int]:
        while group[place] != place:
            place = group[place]
        return place

    for r, c in list(group):
        if c + 1 < n_cols and not (grid[r][c].right or grid[r][c + 1].left):
            group[head((r, c + 1))] = head((r, c))
        if r + 1 < n_rows and not (grid[r][c].bottom or grid[r + 1][c].top):
            group[head((r + 1, c))] = head((r, c))
    members: dict[tuple[int, int], list[tuple[int, int]]] = {}
    for place in group:
        members.setdefault(head(place), []).append(place)
    cells = []
    for places in members.values():
        rows, cols = [r for r, _ in places], [c for _, c in places]
        row, col, rowspan, colspan = min(rows), min(cols), max(rows) - min(rows) + 1, max(cols) - min(cols) + 1
        if rowspan * colspan == len(places):
            lines = [line for r, c in sorted(places) for line in grid[r][c].text.splitlines()]
            cells.append(Cell(row, col, join_lines(lines), rowspan, colspan))
        else:
            cells.extend(Cell(r, c, join_lines(grid[r][c].text.splitlines())) for r, c in places)
    # Its y runs upwards from the foot of the page.
    xs, ys = [x for col in found.cols for x in col], [height - y for row in found.rows for y in row]
    part = Part(found.page, Box(min(xs), min(ys), max(xs), max(ys)), (0, n_rows - 1))
    return Table(n_rows, n_cols, tuple(cells), parts=(part,))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("sets", nargs="+", choices=NAMES, metavar="SET", help=f"of {', '.join(NAMES)}")
    parser.add_argument(
        "--engine", action="append", choices=tuple(ENGINES), help="all that are installed when left out"
    )
    parser.add_argument("--show-wrong", action="store_true", help="print the inexact tables")
    parser.add_argument("--json", type=Path, help="write every table's counts to this file")
    given = parser.parse_args()
    scores = []
    for name in given.sets:
        truth = load(name)
        for engine in given.engine or ENGINES:
            result = run(truth, engine, ENGINES[engine], lambda d: print(d, file=sys.stderr))
            print(report(result, given.show_wrong), flush=True)
            scores.append(result)
    if given.json:
        given.json.write_text(to_json(scores), encoding="utf-8")


if __name__ == "__main__":
    main()
