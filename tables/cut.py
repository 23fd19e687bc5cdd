"""What a page break cut: does a row, or a merged cell, go on on the next page?"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from biaoge.model import Cell, Table, Word
from biaoge.text import is_cjk

from .fill import lines_of
from .inked import extents, type_heights
from .roles import is_value

_BEGINS = re.compile(
    r"[（(【\[]?[一二三四五六七八九十〇零百\da-zA-Z]{1,3}\s*[)）、.．】\]]|[①-⑳●•◆■□▪-]|其中|第[一二三四五六七八九十\d]+[条章节项]"
)
_ENUMERATOR = re.compile(r"[（(]?[一二三四五六七八九十\d]{1,3}[)）、.．]?$")
_ENDS = re.compile(r"[。．；;！？!?]\s*$")
_MUST_GO_ON = re.compile(r"[，、,（(“‘《—]\s*$")
_CANNOT_BEGIN = re.compile(r"\s*[，、。；：,.;:)）”’》%％]")
ENOUGH = 2.0
"""Evidence needed before two printed rows are taken for one."""
NAME = 1.4
"""Evidence needed before two names in a stub column are taken for one."""
FULL = 0.8
"""Value columns filled this often are expected to be filled in every row."""
ALWAYS = 0.95
"""A column of any kind filled this often is expected to be filled in every row."""
FEW = 3
"""Fewer cells than this say nothing about what a column usually holds."""
CHANCE = 1000
"""Odds against a row of the body being taken for headers."""


def row_goes_on(first: Table, second: Table, open_edges: Sequence[bool], values: set[int]) -> bool:
    """Whether the last row of `first` and the first of `second` are one printed row.

    Both tables share their columns. `open_edges`: for every column whether no edge is drawn on either side of the
    break; `values`: columns that hold values. A value is never split, so two values in one column part the rows.
    """
    upper = {c.col: c for c in first.cells if c.rows.stop == first.n_rows}
    lower = {c.col: c for c in second.cells if c.row == 0}
    if {c: upper[c].colspan for c in upper} != {c: lower[c].colspan for c in lower}:
        return False
    facing = [(upper[c], lower[c]) for c in sorted(upper)]
    if not any(b.text for _, b in facing) or not any(a.text for a, _ in facing):
        return all(open_edges)
    score = 1.0 if all(open_edges) else 0.0
    amounts = [(a, b) for a, b in facing if a.col in values and a.rowspan == 1]
    if any(a.text and b.text and not _torn(a, b) for a, b in amounts if is_value(a.text) or is_value(b.text)):
        return False
    if any(is_value(a.text) and is_value(b.text) and a.rowspan == b.rowspan == 1 for a, b in facing):
        return False
    if amounts:
        above, below = any(a.text for a, _ in amounts), any(b.text and not _torn(a, b) for a, b in amounts)
        if above != below and _filled(first, second, values) >= FULL:
            score += 2
        elif above and below:
            # Words over words where values belong: a header row cut in two.
            headers_alone = not any(is_value(c.text) for c in first.cells)
            score += 0.5 if all(open_edges) else 1.0 if headers_alone else 0.0
    texts = [(a, b) for a, b in facing if a.text and b.text]
    if not amounts and texts and sum(not b.text for _, b in facing) * 2 >= len(facing) > 1:
        score += 1
    if any(_wanting(a, b, first, second) for a, b in facing if a.col not in values):
        score += 1.5
    evidence = sum((_text_goes_on(a, b) + _unnumbered(a, b, first, second) for a, b in texts), 0.0)
    return score + evidence / max(1, len(texts)) >= ENOUGH


def _filled(first: Table, second: Table, values: set[int]) -> float:
    """Share of the body's value cells that hold something, the two rows at the break left out."""
    cells = [c for c in first.cells if c.role == "data" and c.col in values and c.rows.stop < first.n_rows]
    cells += [c for c in second.cells if c.role == "data" and c.col in values and c.row > 0]
    return sum(bool(c.text) for c in cells) / len(cells) if cells else 0.0


def opens_with_headers(first: Table, second: Table) -> bool:
    """Whether the first row of `second`, in columns of words, is headers of its own rather than one more row.

    Headers are filled throughout and either shorter than every text of their column, by which a row of the body is
    taken for them once in `CHANCE` times; or set as the headers of `first` are and its body is not: bold, or centred.
    """
    row = [c for c in second.cells if c.row == 0]
    if not first.header_rows or len(row) < 2 or any(not c.text or is_value(c.text) or c.rowspan > 1 for c in row):
        return False
    bodies = [[c for c in (*_last_above(c.col, first), *_siblings(c.col, first, second)) if c.text] for c in row]
    if min(map(len, bodies)) < FEW:
        return False
    shorter = all(len(c.text or "") < min(len(b.text or "") for b in body) for c, body in zip(row, bodies, strict=True))
    upper = {c.col: c for c in first.cells if c.rows.stop == first.n_rows}
    facing = [_text_goes_on(upper[c.col], c) for c in row if c.col in upper and upper[c.col].text]
    # The last lines of a cut row are short too.
    if shorter and sum(facing) <= 0.5 * len(facing) and (min(map(len, bodies)) + 1) ** len(row) >= CHANCE:
        return True
    above = [c for c in first.cells if c.row < first.header_rows and c.text]
    body = [c for cells in bodies for c in cells]
    if _share(above, _bold) == 1.0 and _share(row, _bold) == 1.0 and _share(body, _bold) < 0.1:
        return True
    left = [c for c in body if c.col == 0]
    head = [c for c in above if c.col == 0]
    return _share(head, _centred) == 1.0 and _share(row, _centred) == 1.0 and _share(left, _centred) < 0.1


def _last_above(col: int, first: Table) -> list[Cell]:
    """The body's cell above the break in a column."""
    return [c for c in first.cells if c.col == col and c.rows.stop == first.n_rows and c.row >= first.header_rows]


def _share(cells: Sequence[Cell], held: Callable[[Cell], bool]) -> float:
    return sum(map(held, cells)) / len(cells) if cells else 0.0


def _bold(cell: Cell) -> bool:
    return bool(cell.words) and all(word.bold for word in cell.words)


def _centred(cell: Cell) -> bool:
    """Whether the text stands in the middle of its cell with white space on both sides."""
    if not cell.words or not cell.regions:
        return False
    box, (left, right) = cell.regions[-1].box, _ends(cell.words)
    return abs((left - box.x0) - (box.x1 - right)) < 3 and left - box.x0 > 8


def _torn(upper: Cell, lower: Cell) -> bool:
    """Whether one figure was wrapped and cut: a bracket opens in one piece and closes in the other."""
    before, after = upper.text or "", lower.text or ""
    opened = sum(map(before.count, "(（")) - sum(map(before.count, ")）"))
    return opened == 1 and sum(map(after.count, ")）")) == 1 and is_value(before + after)


def _siblings(col: int, first: Table, second: Table) -> list[Cell]:
    """The cells of a column's body that stand neither above nor below the break."""
    above = [c for c in first.cells if c.rows.stop < first.n_rows]
    below = [c for c in second.cells if c.row > 0]
    return [c for c in (*above, *below) if c.col == col and c.role in ("data", "row_header")]


def _wanting(upper: Cell, lower: Cell, first: Table, second: Table) -> bool:
    """Whether one of the two is blank in a column where every other row has a text of its own."""
    if bool(upper.text) == bool(lower.text) or upper.rowspan > 1 or lower.rowspan > 1:
        return False
    others = _siblings(upper.col, first, second)
    if len(others) < FEW or any(c.rowspan > 1 for c in others):
        return False
    return sum(bool(c.text) for c in others) >= ALWAYS * len(others)


def _unnumbered(upper: Cell, lower: Cell, first: Table, second: Table) -> float:
    """+1 when the texts of a column begin with a number or a mark and the lower one alone does not."""
    others = [c.text for c in (*_siblings(upper.col, first, second), upper) if c.text]
    if len(others) < FEW or _BEGINS.match(lower.text or ""):
        return 0.0
    return 1.0 if sum(bool(_BEGINS.match(text)) for text in others) >= ALWAYS * len(others) else 0.0


def _text_goes_on(upper: Cell, lower: Cell) -> float:
    """Evidence, positive or negative, that the text of one cell is continued in the other."""
    before, after = upper.text or "", lower.text or ""
    if _BEGINS.match(after):
        return -3.0
    score = 0.0
    if _MUST_GO_ON.search(before) or _CANNOT_BEGIN.match(after):
        score += 1.5
    elif _ENDS.search(before):
        score -= 1.5
    return score + _last_line(upper, lower)


def _last_line(cell: Cell, lower: Cell | None = None) -> float:
    """+1 when the cell's last line is filled to the margin, -1 when it ends early, 0 where that cannot be told.

    Filled: what `lower` begins with, as far as it cannot be parted, would find no room in it.
    """
    if not cell.regions or not cell.words:
        return 0.0
    box = cell.regions[-1].box
    words = [w for w in cell.words if box.grown(2).holds(w.box.cx, w.box.cy)]
    if not words:
        return 0.0
    lines = lines_of(words)
    left, right = _ends(lines[-1])
    last = lines[-1][-1]
    size = last.size or last.box.height
    if last.source == "ocr":
        size = type_heights(lines[-1])[-1]
    if box.x1 - right < max(0.5 * size + _head(lower), 1.5 * size) + 4:
        return 1.0
    reach = max(_ends(line)[1] for line in lines)
    if len(lines) > 1 and reach - right < 0.6 * size:
        return 1.0
    centred = abs((left - box.x0) - (box.x1 - right)) < 3
    return 0.0 if centred else -1.0


def _head(cell: Cell | None) -> float:
    """Width (points) of what a line break cannot part at the beginning of a cell: a word, a character and its marks."""
    if cell is None or not cell.words:
        return 0.0
    line = lines_of(cell.words)[0]
    text = "".join(word.text for word in line)
    if not is_cjk(text[0]):
        length = next((i for i, char in enumerate(line[0].text) if is_cjk(char)), len(line[0].text))
    else:
        length = 1
        while length < len(text) and _CANNOT_BEGIN.match(text[length]):
            length += 1
    return sum(word.box.width for word in line) * length / len(text) if is_cjk(text[0]) else _run(line[0], length)


def _run(word: Word, length: int) -> float:
    """Width (points) of the first characters of a word."""
    return word.edges[length] - word.edges[0] if word.edges else word.box.width * length / len(word.text)


def _ends(line: Sequence[Word]) -> tuple[float, float]:
    return min(w.box.x0 for w in line), max(w.box.x1 for w in line)


def span_goes_on(upper: Cell, lower: Cell, first: Table, second: Table, open_edges: Sequence[bool]) -> bool:
    """Whether two cells facing each other over the break, in different rows, are one merged cell.

    True where only here no edge is drawn; where one of them is empty in a stub column whose row is named further
    right (a group's name is printed once, on one of the pages); where a name runs on over the break; and where the
    break parts the rows of a header.
    """
    here = [open_edges[c] for c in upper.cols]
    if all(here) and not all(open_edges):
        return True
    if _header_cut(first, second):
        return not (upper.text and lower.text) or (_last_line(upper, lower) > 0 and not _BEGINS.match(lower.text or ""))
    stub = max(first.stub_cols, second.stub_cols)
    if upper.cols.stop >= stub:
        return False
    named = any(c.text for c in second.cells if c.row == 0 and c.col >= upper.cols.stop)
    if not named:
        return False
    if upper.text and lower.text:
        return _name_goes_on(upper, lower, first, second) >= NAME
    if upper.rowspan > 1 or lower.rowspan > 1:
        return True
    # Names left blank elsewhere in this column mean "as above"; then a blank here is a cell of its own.
    return not any(
        not c.text
        for table, edge in ((first, upper), (second, lower))
        for c in table.cells
        if c.col == upper.col and c.role == "row_header" and c is not edge
    )


def _header_cut(first: Table, second: Table) -> bool:
    """Whether the break stands between two rows of a header: a header over several columns is parted below it."""
    if any(is_value(c.text) for c in first.cells) or not second.header_rows:
        return False
    below = {c.col for c in second.cells if c.row == 0}
    last = [c for c in first.cells if c.rows.stop == first.n_rows]
    return any(c.text and c.colspan > 1 and len(below & set(c.cols)) > 1 for c in last)


def _name_goes_on(upper: Cell, lower: Cell, first: Table, second: Table) -> float:
    """Evidence that a group's name, cut by the break, runs on: it fills one piece to the break and hangs from it."""
    before, after = upper.text or "", lower.text or ""
    if _BEGINS.match(after) or is_value(before) or is_value(after) or upper.rowspan == lower.rowspan == 1:
        return 0.0
    score = 1.0 if _MUST_GO_ON.search(before) or _CANNOT_BEGIN.match(after) else 0.0
    above, below = _margins(upper), _margins(lower)
    if above is not None:
        touches = above[1] < min(1.0, 0.2 * above[0])
        snug = above[0] + above[1] < above[2]
        score += 1.5 if touches else 0.5 if snug else 1.0 if above[1] < 1.8 * above[2] else -1.0
    if below is not None:
        snug = below[0] + below[1] < below[2]
        hangs = not snug and below[0] < 0.7 * below[2] and below[1] > below[0] + below[2]
        score += 0.3 if snug else 1.0 if hangs and not _hanging(upper.col, first, second, (upper, lower)) else 0.0
    if _ENUMERATOR.match(before):
        score += 1.0
    score += _unnumbered(upper, lower, first, second)
    if _last_line(upper, lower) < 0:
        return score - 1.0
    # A group of a single row where all others have several.
    others = [c.rowspan for c in _siblings(upper.col, first, second) if c.colspan == upper.colspan]
    if min(upper.rowspan, lower.rowspan) == 1 and len(others) >= FEW - 1 and min(others) > 1:
        score += 1.0
    return score


def _margins(cell: Cell) -> tuple[float, float, float] | None:
    """Free space above and below the text of a cell's piece at the break, and the height of a line (points)."""
    if not cell.regions or not cell.words:
        return None
    box = cell.regions[-1].box
    words = [w for w in cell.words if box.grown(2).holds(w.box.cx, w.box.cy)]
    if not words:
        return None
    tops, bottoms = zip(*extents(words), strict=True)
    return min(tops) - box.top, box.bottom - max(bottoms), max(type_heights(words))


def _hanging(col: int, first: Table, second: Table, but: tuple[Cell, Cell]) -> bool:
    """Whether names in this column usually hang from the top of their cells."""
    hanging = standing = 0
    for cell in (*first.cells, *second.cells):
        if cell.col != col or cell.rowspan < 2 or cell in but or (margins := _margins(cell)) is None:
            continue
        if margins[1] > margins[0] + margins[2]:
            hanging += 1
        else:
            standing += 1
    return hanging > standing
