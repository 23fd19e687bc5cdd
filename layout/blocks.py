"""Lines to paragraphs: by leading, indent, size and the white a line leaves at its end."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from statistics import median

from biaoge.model import Box
from biaoge.text import is_cjk, join_lines

from .formlines import caption_number
from .lines import Line
from .numbering import numbering

LEADING = 1.3  # times the usual distance of lines: more parts two paragraphs
LOOSEST = 2.3  # in ems; the same where the page has too few lines to tell what is usual
_DIVIDED = re.compile(r"[^\W\d_][-‐]$")
LEADER = re.compile(r"(?:\.\s?){4,}|…{3,}|(?:·\s?){4,}|_{5,}|．{4,}|⋯{3,}")  # of a table of contents
SENTENCE_END = "。！？；：.!?;:"


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Lines that belong together. `left`, `right`: the edges of its column (points); `centred` between them."""

    lines: tuple[Line, ...] = field(repr=False)
    text: str
    box: Box
    size: float
    bold: bool
    left: float
    right: float
    centred: bool = False

    @property
    def upright(self) -> bool:
        """Whether the writing runs to the right."""
        return self.lines[0].upright


def paragraphs(column: Sequence[Line | None], page_width: float, edges: tuple[float, float]) -> list[Paragraph]:
    """Paragraphs of one column, whose lines are in reading order; `None` stands where a table parts them.

    `edges`: left and right edge of the column (points), tables counted.
    """
    usual = _leadings(column)
    groups: list[list[Line]] = []
    before: Line | None = None
    for n, line in enumerate(column):
        if line is None:
            before = None
            continue
        following = column[n + 1] if n + 1 < len(column) else None
        if (
            before is None
            or _is_apart(groups[-1], line, usual)
            or _parts(groups[-1], line, following, edges, page_width)
        ):
            groups.append([])
        groups[-1].append(line)
        before = line
    return [_paragraph(group, edges, page_width) for group in groups]


def is_centred(box: Box, em: float, edges: tuple[float, float], page_width: float) -> bool:
    """Whether `box` stands in the middle of the column or of the page, with white of more than an em on both sides."""
    before, after = box.x0 - edges[0], edges[1] - box.x1
    if abs(before - after) < 1.2 * em and before > 1.5 * em and after > 1.5 * em:
        return True
    in_page = abs(box.cx - page_width / 2) < 0.8 * em and box.x0 > 0.15 * page_width
    # An indented line that runs up to the right edge may have its middle there by chance.
    return in_page and (min(before, after) > em or abs(before - after) < 1.2 * em)


def join(lines: Sequence[str]) -> str:
    """Wrapped lines as one; a word divided by a hyphen is closed up and keeps its hyphen.

    >>> join(["the infor-", "mation", "公开", "情况"])
    'the infor-mation 公开情况'
    """
    pieces: list[str] = []
    for text in lines:
        if pieces and _DIVIDED.search(pieces[-1]) and text[:1].islower():
            pieces[-1] += text
        else:
            pieces.append(text)
    return join_lines(pieces)


def _paragraph(lines: list[Line], edges: tuple[float, float], page_width: float) -> Paragraph:
    size = median(line.size for line in lines)
    return Paragraph(
        tuple(lines),
        join([line.text for line in lines]),
        Box.around(line.box for line in lines),
        size,
        all(word.bold for line in lines for word in line.words),
        edges[0],
        edges[1],
        all(is_centred(line.box, size, edges, page_width) for line in lines),
    )


def _leadings(column: Sequence[Line | None]) -> dict[int, set[int]]:
    """For every size (rounded points) the distances of two lines' middles (rounded) that come twice in a row."""
    usual: dict[int, set[int]] = {}
    seen: dict[int, Counter[int]] = {}
    last = (0, 0.0)
    for above, below in pairwise(column):
        if above is None or below is None or abs(above.size - below.size) > 0.1 * above.size:
            last = (0, 0.0)
            continue
        step = below.box.cy - above.box.cy
        if not 0.8 * below.size < step < LOOSEST * below.size:
            last = (0, 0.0)
            continue
        size = round(below.size)
        if last[0] == size and abs(last[1] - step) < 0.08 * step:
            seen.setdefault(size, Counter())[round(step)] += 1
        last = (size, step)
    for size, counts in seen.items():
        usual[size] = {step for step, count in counts.items() if count >= 2}
    return usual


def _is_apart(group: list[Line], line: Line, usual: dict[int, set[int]]) -> bool:
    """Whether size, weight, place or distance alone keep `line` from going on with `group`."""
    last = group[-1]
    if last.upright is not line.upright:
        return True
    if not line.upright:
        return line.box.x0 - last.box.x1 > line.size or line.box.top > last.box.bottom or line.box.bottom < last.box.top
    em = min(last.size, line.size)
    step = line.box.cy - last.box.cy
    if not 0.5 * em <= step <= LOOSEST * em:
        return True
    if abs(last.size - line.size) > 0.1 * em + 0.4 or _weight_changes(last, line):
        return True
    if line.box.x0 > last.box.x1 or line.box.x1 < last.box.x0 - 4 * em:
        return True
    if len(group) > 1:
        return step > LEADING * (last.box.cy - group[-2].box.cy) + 0.1 * em
    steps = usual.get(round(line.size))
    if not steps:
        return False
    return step > LEADING * min(steps) and not any(abs(step - one) < 0.08 * one for one in steps)


def _weight_changes(last: Line, line: Line) -> bool:
    """Whether a bold line stands by a plain one; a line that is part bold, as with a run-in heading, is neither."""
    if last.bold is line.bold:
        return False
    return all(len({word.bold for word in one.words}) == 1 for one in (last, line))


def _parts(
    group: list[Line], line: Line, following: Line | None, edges: tuple[float, float], page_width: float
) -> bool:
    """Whether `line` begins a new paragraph after the lines of `group`, by its number, indent and the line before."""
    last, first = group[-1], group[0]
    if not line.upright:
        return False
    if LEADER.search(last.text):
        return True
    em = min(last.size, line.size)
    left, right = edges
    number = numbering(line.text)
    if all(is_centred(one.box, em, edges, page_width) for one in (last, line)):
        return number is not None or caption_number(line.text) > 0
    full = _is_full(last, line, right)
    if full and number is None and last.text[-1] not in SENTENCE_END and is_centred(line.box, em, edges, page_width):
        return False  # the last line of a title wider than its column
    body = min((one.box.x0 for one in group[1:]), default=left)
    if (number is not None and number.scheme != "bare") or caption_number(line.text):
        flush = abs(line.box.x0 - body) < 0.6 * em and first.box.x0 > body + em
        return not (flush and full and last.text[-1] not in SENTENCE_END)
    if line.box.x0 > body + 0.9 * em and line.box.x0 > left + 0.9 * em:
        if len(group) > 1 or not full:
            return True
        if line.box.x0 > first.box.x0 + 0.6 * em:  # a hanging indent
            return numbering(first.text) is None and not caption_number(first.text)
        # A paragraph set in as a whole goes on at the same indent; the first line of a new one does not.
        return abs(line.box.x0 - first.box.x0) > 0.6 * em or (following is not None and _moves(line, following))
    return not full


def _moves(line: Line, following: Line) -> bool:
    """Whether the next line is of the same setting but begins elsewhere."""
    alike = abs(following.size - line.size) < 0.05 * line.size and following.bold is line.bold
    return alike and abs(following.box.x0 - line.box.x0) > 0.6 * line.size


def _is_full(last: Line, line: Line, right: float) -> bool:
    """Whether the line's beginning would not have fitted at the end of the line before."""
    white = right - last.box.x1
    head = line.words[0]
    unbroken = next((n for n, char in enumerate(head.text) if is_cjk(char)), len(head.text))
    wanted = head.box.width * unbroken / len(head.text)
    if unbroken < len(head.text):
        wanted += 2.2 * line.size if last.text[-1] in SENTENCE_END else 3.2 * line.size
    else:
        wanted += 0.6 * line.size
        if last.text[-1] not in ".!?:;。":
            # Ragged setting and divided words leave more.
            wanted = max(wanted, 4 * line.size) if len(last.words) < 4 else wanted + 4 * line.size
    return white < wanted
