"""What stands between two places of a document."""

from __future__ import annotations

import re

from biaoge.model import Block, BlockKind, Page

FURNITURE: frozenset[BlockKind] = frozenset({"running_head", "running_foot", "page_number"})
_GOES_ON = re.compile(
    r"\W*(续上?表|接上页|转下页|下页续|表\s*[\d.\-—一二三四五六七八九十]*\s*[（(]?续[表]?[)）]?"
    r"|(to be )?continued( (on|from) (the )?(next|previous) page)?|cont(inue)?['’.]?d?\.?)\W*\d*\W*",
    re.IGNORECASE,
)
_MARK = re.compile(r"[（(]\s*(续|continued|cont['’.]?d?\.?)\s*\d*\s*[)）]\s*$", re.IGNORECASE)
FEW, UNLIKELY = 8, 0.2  # characters and confidence: fewer and less sure ones are dust
SLACK = 3.0  # points by which a block may reach into a table


def between(page_a: Page, bottom: float, page_b: Page, top: float) -> tuple[Block, ...]:
    """Blocks that are no furniture below `bottom` on `page_a` and above `top` on `page_b` (points), in reading order.

    The two may be one page; otherwise pages between them are not looked at. A block counts as below (above) when its
    middle is. Both pages must come from `analyse` with their tables' boxes, or tables' words count as blocks.
    """
    text_a = [b for b in _told(page_a) if b.box.cy > bottom - SLACK]
    if page_a.number == page_b.number:
        return tuple(b for b in text_a if b.box.cy < top + SLACK)
    text_b = [b for b in _told(page_b) if b.box.cy < top + SLACK]
    return (*text_a, *text_b)


def _told(page: Page) -> list[Block]:
    """The blocks of a page that say something: no furniture, and nothing that was recognised in dust.

    That is signs alone, and a few characters none of which is likely.
    """
    blocks = [b for b in page.blocks if b.kind not in FURNITURE]
    return blocks if page.route != "ocr" else [b for b in blocks if any(map(str.isalnum, b.text)) and _is_read(page, b)]


def _is_read(page: Page, block: Block) -> bool:
    sure = [word.confidence for word in page.words if block.box.grown(1).holds(word.box.cx, word.box.cy)]
    return len(block.text) > FEW or max(sure, default=1.0) > UNLIKELY


def says_it_goes_on(text: str) -> bool:
    """Whether a line says that a table is continued here or on the next page.

    >>> [says_it_goes_on(t) for t in ("续表1", "（转下页）", "表3 收支总表（续）", "Table 2 (continued)", "继续办理")]
    [True, True, True, True, False]
    """
    return bool(_GOES_ON.fullmatch(text.strip()) or _MARK.search(text))


def may_go_on(page_a: Page, box_a: tuple[float, float], page_b: Page, top_b: float) -> bool:
    """Whether a table that stands at `box_a` (top, bottom; points) may go on at `top_b` of the next page.

    Only furniture may stand between, lines that say it goes on, and above the second part what stands above the first,
    word for word: so the title and the unit come again on a table's next page.
    """
    below = between(page_a, box_a[1], page_a, page_a.height)
    above = between(page_b, 0.0, page_b, top_b)
    known = {_bare(b.text) for b in page_a.blocks if b.box.cy < box_a[0] + SLACK}
    return all(says_it_goes_on(b.text) for b in below) and all(
        says_it_goes_on(b.text) or _bare(b.text) in known for b in above
    )


def _bare(text: str) -> str:
    return "".join(text.split())
