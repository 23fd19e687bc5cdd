"""Words to lines and segments: what stands beside what on a page, before anything is known about tables."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import inf
from statistics import median

from biaoge.model import Box, Word

from .inked import type_heights

# A gap wider than this many ems parts two segments of a line; the spaces of justified prose stay below it.
SEGMENT_GAP = 0.75
FIGURE_GAP = 0.4  # ems between two whole figures
_GROUP = re.compile(r"\d{3}(?:[.,]\d+)?[%)]?$")
_BESIDE = re.compile(r"[(（\[]\d.*[)）\]]$")  # a share or a range that stands beside its figure, as in "12 (4.5%)"
_NUMBER = re.compile(
    r"^[(（\[<>≤≥~≈±+\-–—−$€£¥￥*†‡ ]*(?:US\$|Rs\.?)?[\d.,'’/:٫ ]*\d[\d.,'’/:٫ ]*"
    r"(?:%|％|[)）\]]|[a-z*†‡]{1,2}|万元|亿元|元|[kKMm]?[bm]?n|[ °]C)*[)\]*†‡ ]*$"
)
_FIGURE = r"[<>≤≥~≈+\-–−]? ?\d[\d.,]*%?[*†‡]{0,3}"
_WITH_SPREAD = re.compile(
    rf"^{_FIGURE}(?: ?(?:±|\+/-|–|-|to) ?{_FIGURE})?(?: ?[(\[][^()\[\]a-zA-Z]*\d[^()\[\]a-zA-Z]*[)\]][*†‡]{{0,3}})?$"
)
LONGEST = 60  # characters of a figure with its spread or share
_NOTHING = re.compile(r"^(?:[-–—−.…·*/]{1,4}|\.{2,}|[nN]\.?/?[aAdDsS]\.?|[:xX:c]|NA|NR|nil|无|－)$")


@dataclass(frozen=True, slots=True)
class Segment:
    """Words of one line with no wide gap between them, left to right."""

    words: tuple[Word, ...]
    box: Box

    @property
    def text(self) -> str:
        """The words with one space between them."""
        return " ".join(w.text for w in self.words)


@dataclass(frozen=True, slots=True)
class Line:
    """Segments that share a baseline, left to right."""

    segments: tuple[Segment, ...]
    box: Box


def em_of(words: Iterable[Word]) -> float:
    """The usual height of the words' type (points); 10 where there are none."""
    heights = type_heights(list(words))
    return max(median(heights), 1.0) if heights else 10.0


def lines_of(words: Sequence[Word], em: float, gap: float = SEGMENT_GAP) -> list[Line]:
    """Lines from top to bottom; segments part where words are `gap` ems apart."""
    rows: list[list[Word]] = []
    top = bottom = -inf
    for _, _, word in sorted(((w.box.top + w.box.bottom, k, w) for k, w in enumerate(words))):
        box = word.box
        height = box.bottom - box.top
        if min(bottom, box.bottom) - max(top, box.top) > 0.5 * min(bottom - top, max(height, 0.1)):
            rows[-1].append(word)
            if bottom - top < height < 1.6 * em:
                top, bottom = box.top, box.bottom
            continue
        rows.append([word])
        top, bottom = box.top, box.bottom
    return [_line(row, gap * em) for row in rows]


def _line(words: list[Word], gap: float) -> Line:
    words.sort(key=lambda w: w.box.x0)
    groups = [[words[0]]]
    reach = words[0].box.x1
    for word in words[1:]:
        space = word.box.x0 - reach
        if space > gap or (space > FIGURE_GAP / SEGMENT_GAP * gap and _two_figures(groups[-1][-1], word, space)):
            groups.append([word])
        else:
            groups[-1].append(word)
        reach = max(reach, word.box.x1)
    segments = tuple(Segment(tuple(g), _around([w.box for w in g])) for g in groups)
    return Line(segments, segments[0].box if len(segments) == 1 else _around([s.box for s in segments]))


def _around(boxes: list[Box]) -> Box:
    """As `Box.around`, for boxes sorted by their left edge; most of the time a page takes goes by here."""
    if len(boxes) == 1:
        return boxes[0]
    return Box(boxes[0].x0, min([b.top for b in boxes]), max([b.x1 for b in boxes]), max([b.bottom for b in boxes]))


def _two_figures(left: Word, right: Word, space: float) -> bool:
    """Whether both are figures by themselves, not the groups of one as in "12 345", nor a typewriter's space apart."""
    pace = right.box.width / len(right.text)
    return (
        not (right.size and abs(pace / right.size - 0.6) < 0.005 and abs(space - pace) < 0.05 * pace)
        and any(c.isdigit() for c in left.text + right.text)
        and is_number(left.text)
        and is_number(right.text)
        and not (_GROUP.match(right.text) and left.text[-1].isdigit() and len(left.text) <= 3)
        and not (right.text[0] == "±" or (_BESIDE.match(right.text) and left.text[-1] not in ")）"))
    )


def is_number(text: str) -> bool:
    """Whether a cell's text is a figure, or a sign that stands for one.

    >>> [is_number(t) for t in ("1,204.5", "(3.2)%", "—", "n.a.", "2nd quarter", "Table 4")]
    [True, True, True, True, False, False]
    >>> [is_number(t) for t in ("12 (4.5%)", "0.12 ± 0.016", "31.55 to 47.12", "0.39** (1.11)", "12 (a)")]
    [True, True, True, True, False]
    """
    if _NUMBER.match(text) or _NOTHING.match(text):
        return True
    return len(text) <= LONGEST and bool(_WITH_SPREAD.match(text))


def is_year(text: str) -> bool:
    """Whether the text is one calendar year or a span of years, which head columns rather than fill them."""
    return bool(re.match(r"^(?:19|20)\d\d(?:[-–/](?:19|20)?\d\d)?(?:年|[a-z*pe])?$", text))
