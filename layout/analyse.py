"""Pages in, the same pages with `blocks` in reading order out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from biaoge.model import Block, BlockKind, Box, Page

from .blocks import Paragraph, paragraphs
from .formlines import caption_number, is_form_line
from .furniture import Sheet, furniture
from .headings import body_size, classify
from .lines import Line, lines
from .order import order

CAPTION_REACH = 45.0  # points between a numbered caption and its table


def analyse(pages: Sequence[Page], occupied: Mapping[int, Sequence[Box]] | None = None) -> tuple[Page, ...]:
    """The pages with their `blocks` in reading order: running heads first, then the text, then feet and page numbers.

    `occupied`: page number -> boxes of tables; words whose centre lies inside are left out of the blocks, and the
    boxes part paragraphs and columns. Levels of headings, running heads and page numbers are told from all pages
    together, so a document should come whole.
    """
    taken = occupied or {}
    sheets = [_sheet(page, tuple(taken.get(page.number, ()))) for page in pages]
    marked = furniture(sheets)
    texts = [_paragraphs(sheet, marks) for sheet, marks in zip(sheets, marked, strict=True)]
    kinds = classify(texts, body_size(p for page in texts for p in page))
    result = []
    for n, page in enumerate(pages):
        blocks = [
            _block(p, _with_caption(p, kind, sheets[n].tables), level)
            for p, (kind, level) in zip(texts[n], kinds[n], strict=True)
        ]
        heads, feet = _furniture_blocks(sheets[n], marked[n])
        result.append(replace(page, blocks=(*heads, *blocks, *feet)))
    return tuple(result)


def _sheet(page: Page, tables: tuple[Box, ...]) -> Sheet:
    words = page.words
    if tables:
        words = tuple(w for w in words if not _inside(w.box, tables))
    return Sheet(page.number, page.width, page.height, lines(words), tables)


def _inside(box: Box, tables: Sequence[Box]) -> bool:
    x, y = (box.x0 + box.x1) / 2, (box.top + box.bottom) / 2
    return any(t.x0 <= x <= t.x1 and t.top <= y <= t.bottom for t in tables)


def _paragraphs(sheet: Sheet, marks: Mapping[int, BlockKind]) -> list[Paragraph]:
    """Paragraphs of what is no furniture, in reading order."""
    text = [line for i, line in enumerate(sheet.lines) if i not in marks]
    boxes = [line.box for line in text] + list(sheet.tables)
    result: list[Paragraph] = []
    for column in order(boxes):
        members: list[Line | None] = [text[i] if i < len(text) else None for i in column]
        edges = _edges(members, [boxes[i] for i in column if i >= len(text)], sheet.width)
        result += paragraphs(members, sheet.width, edges)
    return result


def _edges(lines: Sequence[Line | None], tables: Sequence[Box], width: float) -> tuple[float, float]:
    """Left and right edge of a column: where two lines begin (end), else the tables' edges counted too."""
    boxes = [line.box for line in lines if line is not None]
    if not boxes:
        return 0.0, width
    near = 1.5 * max(line.size for line in lines if line is not None)
    left, right = min(b.x0 for b in boxes), max(b.x1 for b in boxes)
    if sum(b.x0 - left < near / 3 for b in boxes) < 2:
        left = min([left, *(t.x0 for t in tables)])
    if sum(right - b.x1 < near for b in boxes) < 2:
        right = max([right, *(t.x1 for t in tables)])
    return max(0.0, left), max(left, right)


def _with_caption(paragraph: Paragraph, kind: BlockKind, tables: Sequence[Box]) -> BlockKind:
    """The kind, or "caption" for 「表1 …」, "Table 1: …" and a short line centred above a table."""
    if kind == "heading" and not caption_number(paragraph.text):
        return kind
    if caption_number(paragraph.text) and len(paragraph.lines) <= 4:
        return "caption"
    if (
        kind != "paragraph"
        or not paragraph.centred
        or is_form_line(paragraph.text)
        or len(paragraph.lines) > 2
        or paragraph.text[-1] in "。；，;,：:"
    ):
        return kind
    box = paragraph.box
    for table in tables:
        if 0 <= table.top - box.bottom + 2 < CAPTION_REACH and abs(table.cx - box.cx) < 2 * paragraph.size:
            return "caption"
    return kind


def _block(paragraph: Paragraph, kind: BlockKind, level: int | None) -> Block:
    return Block(
        kind,
        paragraph.text,
        paragraph.box,
        level if kind == "heading" else None,
        tuple(line.box for line in paragraph.lines),
    )


def _furniture_blocks(sheet: Sheet, marks: Mapping[int, BlockKind]) -> tuple[list[Block], list[Block]]:
    """Furniture before the text (upper half) and after it, each by place."""
    heads: list[Block] = []
    feet: list[Block] = []
    for i in sorted(marks, key=lambda i: (sheet.lines[i].box.top, sheet.lines[i].box.x0)):
        line = sheet.lines[i]
        block = Block(marks[i], line.text, line.box, None, (line.box,))
        (heads if line.box.cy < sheet.height / 2 else feet).append(block)
    return heads, feet
