"""What stands between two places of a document."""

from __future__ import annotations

from biaoge.model import Block, BlockKind, Page

FURNITURE: frozenset[BlockKind] = frozenset({"running_head", "running_foot", "page_number"})
SLACK = 3.0  # points by which a block may reach into a table


def between(page_a: Page, bottom: float, page_b: Page, top: float) -> tuple[Block, ...]:
    """Blocks that are no furniture below `bottom` on `page_a` and above `top` on `page_b` (points), in reading order.

    The two may be one page; otherwise pages between them are not looked at. A block counts as below (above) when its
    middle is. Both pages must come from `analyse` with their tables' boxes, or tables' words count as blocks.
    """
    text_a = [b for b in page_a.blocks if b.kind not in FURNITURE and b.box.cy > bottom - SLACK]
    if page_a.number == page_b.number:
        return tuple(b for b in text_a if b.box.cy < top + SLACK)
    text_b = [b for b in page_b.blocks if b.kind not in FURNITURE and b.box.cy < top + SLACK]
    return (*text_a, *text_b)


def only_furniture_between(page_a: Page, bottom: float, page_b: Page, top: float) -> bool:
    """Whether nothing but running heads, running feet and page numbers stands between the two places.

    A title or 「单位：万元」 set anew above a table on `page_b` is no furniture; `between` names it.
    """
    return not between(page_a, bottom, page_b, top)
