"""The caption of a table: the line that names it, or the heading that it stands under."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from biaoge.model import Block, Box, Page

from .formlines import caption_number, is_form_line, is_note

REACH = 60.0  # points between a caption and its table; lines like 「单位：万元」 between them counted
SLACK = 4.0  # points by which a line may reach into its table's box
LONGEST = 60  # characters of a caption that no number marks

_SENTENCE = re.compile(r"[。；;，,]$|。.|[^.\d]\.$|是否")
_PROSE = re.compile(_SENTENCE.pattern + "|[：:]$")


@dataclass(frozen=True, slots=True)
class TableSite:
    """A table's page and its box there (points). `continues`: it is a later part of the table before it."""

    page: int
    box: Box
    continues: bool = False


def captions(pages: Sequence[Page], tables: Sequence[TableSite]) -> list[str | None]:
    """For every table its caption, or None.

    `pages` have their blocks (from `analyse`, which must have known the tables' boxes); `tables` are in reading order.
    Looked for, in this order: a numbered caption next to the table, a heading or a short line directly above it, the
    nearest heading before it, also on an earlier page. Lines such as 「单位：万元」 are passed over. A part that
    `continues` has the caption of the table before it in the list.
    """
    at = {page.number: page for page in pages}
    boxes: dict[int, list[Box]] = {}
    for table in tables:
        boxes.setdefault(table.page, []).append(table.box)
    taken: set[tuple[int, Box]] = set()  # numbered captions already given away
    result: list[str | None] = []
    for table in tables:
        if table.continues and result:
            result.append(result[-1])
        else:
            result.append(_caption(at, table, boxes.get(table.page, []), taken))
    return result


def _caption(at: Mapping[int, Page], table: TableSite, boxes: Sequence[Box], taken: set[tuple[int, Box]]) -> str | None:
    page = at.get(table.page)
    if page is None:
        return None
    above = _directly_above(page, table.box, boxes)
    for n, block in enumerate(above):
        if caption_number(block.text) and (table.page, block.box) not in taken:
            taken.add((table.page, block.box))
            return _with_title(block, above, n)
    below = _directly_below(page, table.box, boxes)
    if below is not None and (table.page, below.box) not in taken:
        taken.add((table.page, below.box))
        return below.text
    for block in above:
        if is_form_line(block.text) and block.kind != "heading":
            continue
        if block.kind in ("heading", "caption"):
            return block.text
        if block.kind == "paragraph" and _is_short(block) and not is_note(block.text):
            return block.text
        break
    return _heading_before(at, table)


def _directly_above(page: Page, box: Box, boxes: Sequence[Box]) -> list[Block]:
    """Blocks over the table and near it, the nearest first, none beyond another table."""
    roof = max((b.bottom for b in boxes if b is not box and b.bottom <= box.top + SLACK and _over(b, box)), default=0.0)
    found = [
        b
        for b in _text(page.blocks)
        if b.box.bottom <= box.top + SLACK and b.box.cy < box.top and b.box.cy > roof - SLACK and _over(b.box, box)
    ]
    found.sort(key=lambda b: (-b.box.bottom, b.box.x0))
    near: list[Block] = []
    edge = box.top
    for block in found:
        if edge - block.box.bottom > REACH / (1 if not near else 2) or box.top - block.box.bottom > 2 * REACH:
            break
        near.append(block)
        edge = min(edge, block.box.top)
    return near


def _directly_below(page: Page, box: Box, boxes: Sequence[Box]) -> Block | None:
    """A numbered caption under the table, not nearer to the table that follows it."""
    for block in sorted(_text(page.blocks), key=lambda b: (b.box.top, b.box.x0)):
        if block.box.top < box.bottom - SLACK or not _over(block.box, box):
            continue
        white = block.box.top - box.bottom
        if white > REACH / 2 or not caption_number(block.text):
            return None
        following = min((b.top - block.box.bottom for b in boxes if b.top >= block.box.bottom - SLACK), default=1e9)
        return block if white < following or following > REACH else None
    return None


def _text(blocks: Iterable[Block]) -> list[Block]:
    return [b for b in blocks if b.kind not in ("running_head", "running_foot", "page_number")]


def _over(above: Box, below: Box) -> bool:
    return min(above.x1, below.x1) > max(above.x0, below.x0)


def _is_short(block: Block) -> bool:
    return len(block.lines) <= 2 and len(block.text) <= LONGEST and not _PROSE.search(block.text)


def _with_title(block: Block, above: Sequence[Block], n: int) -> str:
    """A numbered caption with the title that stands on a line of its own below it."""
    if block.text[caption_number(block.text) :].strip(" .:：、．"):
        return block.text
    title = [b.text for b in reversed(above[:n]) if not is_form_line(b.text) and _is_title(b)]
    return " ".join([block.text, *title[:3]])


def _is_title(block: Block) -> bool:
    return block.kind in ("heading", "caption") or (len(block.lines) <= 4 and not _SENTENCE.search(block.text))


def _heading_before(at: Mapping[int, Page], table: TableSite) -> str | None:
    """The nearest heading before the table in reading order."""
    page = at[table.page]
    before = [b for b in page.blocks if b.kind == "heading" and b.box.cy < table.box.top]
    same_column = [b for b in before if _over(b.box, table.box)]
    if same_column:
        return max(same_column, key=lambda b: (b.box.bottom, -b.box.x0)).text
    left = [b for b in page.blocks if b.kind == "heading" and b.box.x1 <= table.box.x0]
    if before or left:
        return (left or before)[-1].text
    for number in range(table.page - 1, 0, -1):
        headings = [b for b in at[number].blocks if b.kind == "heading"] if number in at else []
        if headings:
            return headings[-1].text
    return None
