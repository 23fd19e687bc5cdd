"""Running heads, running feet and page numbers: what belongs to the sheet and not to the text.

Two kinds of evidence: the same words (digits apart) at the same place on other pages, and the shape of a page number
at the edge of the page, which is all that a document of one page has.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from biaoge.model import BlockKind, Box

from .formlines import caption_number, is_form_line, is_note
from .lines import Line

EDGE = 0.13  # part of the page's height (width for turned writing) in which furniture stands
PLACE = 4.0  # points; how far the same line may stand off on another page
NEAR = 3.0  # ems; a line no further above a table may be its title

ALIKE = (
    20.0,
    50.0,
)  # points up and down, and to the sides; where page numbers stand on scans, whose paper is cut by hand
SHORT = 8  # characters a misread page number has at the most

_DASH = r"[-－‐—–─~～·•|\s]*"
_NUMBER = re.compile(rf"^{_DASH}(\d{{1,4}}){_DASH}$")
_MARKED = re.compile(rf"^{_DASH}[-－‐—–─~～·•|]\s*(\d{{1,4}})\s*[-－‐—–─~～·•|]{_DASH}$")
_SAID = re.compile(
    r"^[-—–\s]*(?:第\s*([0-9一二三四五六七八九十百]+)\s*页)?[\s,，/／|]*(?:[共总]\s*[0-9一二三四五六七八九十百]+\s*页)?[-—–\s]*$"
)
_OF = re.compile(
    r"^(?:[Pp]age|PAGE|[Pp]\.)?\s*(\d{1,4})\s*(?:/|／|of|OF)\s*\d{1,4}$|^(?:[Pp]age|PAGE|[Pp]\.)\s*(\d{1,4})$"
)
_ROMAN = re.compile(r"^[-—–\s]*(?=[ivxlIVXL])(?:xl|l?x{0,3})(?:ix|iv|v?i{0,3})[-—–\s]*$", re.IGNORECASE)
_LETTERED = re.compile(r"^[A-Z]{1,2}\s?[-–]\s?\d{1,3}$")
_DIGITS = re.compile(r"[0-9０-９]+")
_BLANKS = re.compile(r"\s+")


@dataclass(frozen=True, slots=True)
class Sheet:
    """What of a page is needed to find its furniture. `tables`: boxes of what is no running text."""

    number: int
    width: float
    height: float
    lines: tuple[Line, ...]
    tables: tuple[Box, ...] = ()


def page_number(text: str) -> int | None:
    """The number that a page number's line says, 0 where it is not in Arabic figures; None for any other text.

    >>> [page_number(t) for t in ("- 3 -", "3", "第3页 共5页", "3/10", "Page 3 of 10", "iv", "A-3", "3.1", "2 页")]
    [3, 3, 3, 3, 3, 0, 0, None, None]
    """
    text = text.strip()
    for pattern in (_NUMBER, _OF):
        if found := pattern.match(text):
            return int(next(group for group in found.groups() if group))
    if text and "页" in text and (found := _SAID.match(text)):
        return int(found.group(1)) if (found.group(1) or "").isdecimal() else 0
    return 0 if text and (_ROMAN.match(text) or _LETTERED.match(text)) else None


def furniture(sheets: Sequence[Sheet]) -> list[dict[int, BlockKind]]:
    """For every sheet the kinds of those of its lines (by index) that are furniture."""
    result: list[dict[int, BlockKind]] = [{} for _ in sheets]
    edges = [_at_edge(sheet) for sheet in sheets]
    _repeated(sheets, edges, result)
    _alternating(sheets, edges, result)
    _numbers(sheets, edges, result)
    _misread(sheets, edges, result)
    return result


def _at_edge(sheet: Sheet) -> dict[int, str]:
    """Lines in the margins: index -> "head", "foot", or "side" for turned writing at the left or right edge."""
    found = {}
    for i, line in enumerate(sheet.lines):
        box = line.box
        if not line.upright:
            if box.cx < EDGE * sheet.width or box.cx > (1 - EDGE) * sheet.width:
                found[i] = "side"
        elif box.cy < EDGE * sheet.height:
            found[i] = "head"
        elif box.cy > (1 - EDGE) * sheet.height:
            found[i] = "foot"
    return found


def _names_table(text: str) -> bool:
    """Whether a line speaks of a table or is a sentence, so that it is text however often it comes."""
    return is_form_line(text) or caption_number(text) > 0 or is_note(text) or text[-1] in "。；：;:"


def _same(text: str) -> str:
    return _DIGITS.sub("#", _BLANKS.sub("", text))


def _repeated(
    sheets: Sequence[Sheet], edges: Sequence[Mapping[int, str]], result: Sequence[dict[int, BlockKind]]
) -> None:
    """Marks lines that come back at the same place on another page."""
    seen: dict[tuple[str, str], list[tuple[int, int]]] = defaultdict(list)
    for n, edge in enumerate(edges):
        for i, where in edge.items():
            text = _same(sheets[n].lines[i].text)
            if (
                len(text) > 1
                and not _names_table(sheets[n].lines[i].text)
                and page_number(sheets[n].lines[i].text) is None
            ):
                seen[where, text].append((n, i))
    for (where, _), places in seen.items():
        if len(places) < 2:
            continue
        kind: BlockKind = "running_foot" if where == "foot" else "running_head"
        for group in _same_place(sheets, places, where):
            pages = {n for n, _ in group}
            apart = [n for n, i in group if not _titles_table(sheets[n], i)]
            outer = sum(_outermost(sheets[n], i, where) for n, i in group)
            if len(pages) < 2 or (len(pages) == 2 and outer < len(group)) or _is_title(sheets, group, apart, where):
                continue
            for n, i in group:
                result[n][i] = kind


def _alternating(
    sheets: Sequence[Sheet], edges: Sequence[Mapping[int, str]], result: Sequence[dict[int, BlockKind]]
) -> None:
    """Marks the outermost line of a page where two other pages have a running head (foot) of its size at its height.

    So a head that names the chapter and comes but once is known by the heads around it.
    """
    known: list[tuple[int, str, float, float, BlockKind]] = []
    for n, marks in enumerate(result):
        for i, kind in marks.items():
            line = sheets[n].lines[i]
            if line.upright:
                known.append((n, edges[n][i], line.box.cy, line.size, kind))
    for n, edge in enumerate(edges):
        for i, where in edge.items():
            line = sheets[n].lines[i]
            if i in result[n] or where == "side" or _names_table(line.text) or page_number(line.text) is not None:
                continue
            alike = [
                k
                for k in known
                if k[1] == where and abs(k[2] - line.box.cy) < 1 and abs(k[3] - line.size) < 0.05 * k[3]
            ]
            if len({k[0] for k in alike} - {n}) >= 2 and _outermost(sheets[n], i, where):
                result[n][i] = alike[0][4]


def _same_place(sheets: Sequence[Sheet], places: list[tuple[int, int]], where: str) -> list[list[tuple[int, int]]]:
    """`places` grouped by their distance from the edge they stand at."""

    def distance(place: tuple[int, int]) -> float:
        sheet, line = sheets[place[0]], sheets[place[0]].lines[place[1]]
        if where == "side":
            return min(line.box.cx, sheet.width - line.box.cx)
        return line.box.cy if where == "head" else sheet.height - line.box.cy

    groups: list[list[tuple[int, int]]] = []
    last = 0.0
    for place in sorted(places, key=lambda p: (distance(p), p)):
        if not groups or distance(place) - last > PLACE:
            groups.append([])
        groups[-1].append(place)
        last = distance(place)
    return groups


def _titles_table(sheet: Sheet, i: int) -> bool:
    """Whether a table follows line `i` so closely that the line may be its title."""
    line = sheet.lines[i]
    below = [t.top for t in sheet.tables if t.top >= line.box.cy and t.x0 < line.box.x1 and t.x1 > line.box.x0]
    return bool(below) and min(below) - line.box.bottom < NEAR * line.size


def _is_title(sheets: Sequence[Sheet], group: Sequence[tuple[int, int]], apart: Sequence[int], where: str) -> bool:
    """Whether a line that comes back is the title of a table that comes back, and no running head.

    A head stands also on pages where no table follows it, or on nearly every page, or is set small.
    """
    if where != "head" or apart:
        return False
    pages = {n for n, _ in group}
    if len(pages) >= 3 and len(pages) >= 0.8 * len(sheets):
        return False
    sizes = sorted(line.size for n in pages for line in sheets[n].lines)
    return all(sheets[n].lines[i].size > 0.95 * sizes[len(sizes) // 2] for n, i in group)


def _outermost(sheet: Sheet, i: int, where: str) -> bool:
    """Whether nothing stands between line `i` and the edge of the page."""
    box = sheet.lines[i].box
    others = [line.box for n, line in enumerate(sheet.lines) if n != i] + list(sheet.tables)
    if where == "head":
        return not any(other.bottom < box.cy for other in others)
    if where == "foot":
        return not any(other.top > box.cy for other in others)
    return not any(other.x1 < box.cx for other in others) or not any(other.x0 > box.cx for other in others)


def _numbers(
    sheets: Sequence[Sheet], edges: Sequence[Mapping[int, str]], result: Sequence[dict[int, BlockKind]]
) -> None:
    """Marks page numbers: outermost lines of their shape, bare figures only where they count the pages."""
    found: list[tuple[int, int, int, bool]] = []
    for n, edge in enumerate(edges):
        sheet = sheets[n]
        for i, where in edge.items():
            text = sheet.lines[i].text
            said = page_number(text)
            if said is None or i in result[n]:
                continue
            rest = Sheet(
                sheet.number,
                sheet.width,
                sheet.height,
                tuple(line for k, line in enumerate(sheet.lines) if k == i or k not in result[n]),
                sheet.tables,
            )
            index = next(k for k, line in enumerate(rest.lines) if line is sheet.lines[i])
            if _outermost(rest, index, where) and _stands_alone(rest, index, where):
                found.append((n, i, said, bool(_MARKED.match(text)) or "页" in text or bool(_OF.match(text))))
    offsets: dict[int, set[int]] = defaultdict(set)
    for n, _, said, _ in found:
        offsets[said - sheets[n].number].add(n)
    for n, i, said, marked in found:
        counts = said > 0 and (said == sheets[n].number or len(offsets[said - sheets[n].number]) > 1)
        few = len(sheets) <= 2 and said < 1000
        if marked or counts or few or (said == 0 and len(sheets[n].lines[i].text.strip(" -—–")) > 0):
            result[n][i] = "page_number"


def _misread(
    sheets: Sequence[Sheet], edges: Sequence[Mapping[int, str]], result: Sequence[dict[int, BlockKind]]
) -> None:
    """Marks recognised lines that stand where other pages have their numbers, and are as short.

    Two other pages at the least; one, where the line is a number as well, if not the page's own.
    """
    known = [
        (n, edges[n][i], sheets[n].lines[i].box)
        for n, marks in enumerate(result)
        for i, kind in marks.items()
        if kind == "page_number"
    ]
    for n, edge in enumerate(edges):
        if "page_number" in result[n].values():
            continue
        for i, where in edge.items():
            line = sheets[n].lines[i]
            own = i not in result[n] and len(line.text) <= SHORT and all(word.source == "ocr" for word in line.words)
            if not own or not _outermost(sheets[n], i, where) or not _stands_alone(sheets[n], i, where):
                continue
            alike = {m for m, at, box in known if at == where and _is_near(box, line.box)}
            if len(alike) >= (1 if page_number(line.text) is not None else 2):
                result[n][i] = "page_number"


def _is_near(box: Box, other: Box) -> bool:
    return abs(box.cy - other.cy) <= ALIKE[0] and abs(box.cx - other.cx) <= ALIKE[1]


def _stands_alone(sheet: Sheet, i: int, where: str) -> bool:
    """Whether line `i` keeps away from the text: nothing else in its row (numbers apart), white towards the middle."""
    line = sheet.lines[i]
    box = line.box
    boxes = [o.box for n, o in enumerate(sheet.lines) if n != i and page_number(o.text) is None] + list(sheet.tables)
    if where == "side":
        return not any(b.overlap(Box(box.x0 - 2, box.top, box.x1 + 2, box.bottom)) for b in boxes)
    if any(b.top < box.cy < b.bottom for b in boxes):
        return False
    white = 0.35 * line.size
    if where == "head":
        return not any(box.cy <= b.top < box.bottom + white for b in boxes)
    return not any(box.top - white < b.bottom <= box.cy for b in boxes)
