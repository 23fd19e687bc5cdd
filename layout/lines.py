"""Words to text lines.

Words are swept from left to right and hung onto the line whose last words stand at the same height and near enough.
Where the white between two pieces of one row is wider than a word space, the rows above and below decide: text that
runs across it makes it a wide space, text that leaves it white on both sides makes it a gutter between columns.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from statistics import median

from biaoge.model import Box, Word
from biaoge.text import is_cjk, join_lines

# All in ems of the smaller neighbour.
WORD_SPACE = 0.7  # white up to here always lies inside a line
WIDE_SPACE = 3.0  # white up to here lies inside a line unless it is a gutter: 「第一部分  概况」
LABEL_SPACE = 4.5  # after a number or bullet
SPREAD_SPACE = 8.0  # between single characters of a spread title: 「目    录」
NO_SPACE = 0.1  # less white than this is none

_LABEL = re.compile(
    r"^(?:[(（]?[0-9０-９一二三四五六七八九十]{1,3}[)）.．、]|[0-9]{1,2}(?:\.[0-9]{1,2}){1,3}\.?|[•·●○■□◆◇▪‣–—*-])$"
)
_LEADER = re.compile(r"[.…·．_⋯]{3,}|…+|⋯+")
_OUT_OF_REACH = 40.0  # points; a line this far to the left gets no more words in the first pass
_BAND = 8.0  # points; height of the buckets in which open lines are looked up


@dataclass(frozen=True, slots=True)
class Line:
    """Words of one row of one column, left to right. `size`: points, the median over characters; `bold`: most of them.

    `upright` is false for writing turned by a quarter; it is taken to read upwards.
    """

    box: Box
    text: str
    words: tuple[Word, ...] = field(repr=False)
    size: float
    bold: bool = False
    upright: bool = True


@dataclass(slots=True, eq=False)
class _Piece:
    """A line in the making, in a frame where writing runs to the right.

    `ref_*`: the height the next word must meet; `bands`: the buckets where it can be found.
    """

    x0: float
    top: float
    x1: float
    bottom: float
    em: float
    members: list[int]
    ref_top: float
    ref_bottom: float
    bands: set[int] = field(default_factory=set)


def lines(words: Sequence[Word]) -> tuple[Line, ...]:
    """Text lines of a page, sorted by top, then left; the order of `words` does not matter.

    >>> at = lambda text, x: Word(text, Box(x, 0, x + 10 * len(text), 10), size=10)
    >>> [line.text for line in lines([at("年度", 53), at("2023", 0), at("right", 300)])]
    ['2023 年度', 'right']
    """
    found = []
    for upright in (True, False):
        some = sorted((w for w in words if w.upright is upright), key=_word_key)
        if upright:
            frame = [(w.box.x0, w.box.top, w.box.x1, w.box.bottom) for w in some]
        else:
            frame = [(-w.box.bottom, w.box.x0, -w.box.top, w.box.x1) for w in some]
        pieces = _bridge(_sweep(frame, some), some)
        found += [_line([some[i] for i in p.members], [frame[i] for i in p.members], p.em, upright) for p in pieces]
    return tuple(sorted(found, key=lambda line: (line.box.top, line.box.x0, line.box.x1, line.text)))


def _word_key(word: Word) -> tuple[float, float, float, float, str]:
    box = word.box
    if word.upright:
        return (box.x0, box.top, box.x1, box.bottom, word.text)
    return (-box.bottom, box.x0, -box.top, box.x1, word.text)


def _line(words: list[Word], frame: list[tuple[float, float, float, float]], em: float, upright: bool) -> Line:
    text = words[0].text
    for before, now, word in zip(frame, frame[1:], words[1:], strict=False):
        text += (" " if now[0] - before[2] > NO_SPACE * em else "") + word.text
    size = words[0].size or em
    bold = words[0].bold
    if any(w.size != words[0].size or w.bold is not bold for w in words):
        size = median(w.size or em for w in words for _ in range(min(len(w.text), 40)))
        bold = 2 * sum(len(w.text) for w in words if w.bold) > sum(len(w.text) for w in words)
    boxes = [w.box for w in words]
    box = Box(
        min([b.x0 for b in boxes]),
        min([b.top for b in boxes]),
        max([b.x1 for b in boxes]),
        max([b.bottom for b in boxes]),
    )
    return Line(box, join_lines([text]), tuple(words), size, bold, upright)


def _bands(top: float, bottom: float) -> range:
    return range(int(top // _BAND), int(bottom // _BAND) + 1)


def _sweep(frame: Sequence[tuple[float, float, float, float]], words: Sequence[Word]) -> list[_Piece]:
    """Pieces of words no more than a word space apart; `frame` ascends in x0."""
    pieces: list[_Piece] = []
    open_at: dict[int, list[_Piece]] = defaultdict(list)
    for i, (x0, top, x1, bottom) in enumerate(frame):
        height = bottom - top
        em = words[i].size or height or 1.0
        best: _Piece | None = None
        best_score = 0.0
        seen: list[_Piece] = []
        for band in _bands(top, bottom):
            here = open_at[band]
            stale = False
            for piece in here:
                white = x0 - piece.x1
                if white > _OUT_OF_REACH:
                    stale = True
                    continue
                other = piece.em
                least = em if em < other else other
                if white > WORD_SPACE * least or white < -1.5 * least or piece in seen:
                    continue
                seen.append(piece)
                shared = (bottom if bottom < piece.ref_bottom else piece.ref_bottom) - (
                    top if top > piece.ref_top else piece.ref_top
                )
                low = min(height, piece.ref_bottom - piece.ref_top)
                if shared < 0.5 * low or em > 2.2 * least or other > 2.2 * least:
                    continue
                score = (shared + 0.01) / (low + 0.01) - 0.2 * max(0.0, white) / least
                if best is None or score > best_score:
                    best, best_score = piece, score
            if stale:
                open_at[band] = [p for p in here if x0 - p.x1 <= _OUT_OF_REACH]
        if best is None:
            best = _Piece(x0, top, x1, bottom, em, [i], top, bottom)
            pieces.append(best)
        else:
            if height >= 0.8 * (best.ref_bottom - best.ref_top):
                best.ref_top, best.ref_bottom, best.em = top, bottom, em
            best.members.append(i)
            best.top, best.bottom = min(best.top, top), max(best.bottom, bottom)
            best.x1 = max(best.x1, x1)
        for band in _bands(best.ref_top, best.ref_bottom):
            if band not in best.bands:
                best.bands.add(band)
                open_at[band].append(best)
    return pieces


def _bridge(pieces: list[_Piece], words: Sequence[Word]) -> list[_Piece]:
    """Pieces of one row put together where the white between them is no gutter."""
    at: dict[int, list[_Piece]] = defaultdict(list)
    for piece in pieces:
        for band in _bands(piece.top, piece.bottom):
            at[band].append(piece)
    heads: list[_Piece] = []
    grown: dict[int, _Piece] = {}  # id of the last piece of a line -> the line
    for piece in sorted(pieces, key=lambda p: (p.x0, p.top, p.x1)):
        left = _left_neighbour(piece, at)
        line = grown.get(id(left)) if left is not None else None
        if left is None or line is None or not _one_line(left, piece, at, words):
            heads.append(piece)
            grown[id(piece)] = _Piece(
                piece.x0, piece.top, piece.x1, piece.bottom, piece.em, list(piece.members), piece.top, piece.bottom
            )
            heads[-1] = grown[id(piece)]
            continue
        del grown[id(left)]
        line.members += piece.members
        line.top, line.bottom = min(line.top, piece.top), max(line.bottom, piece.bottom)
        line.x1 = max(line.x1, piece.x1)
        grown[id(piece)] = line
    return heads


def _left_neighbour(piece: _Piece, at: dict[int, list[_Piece]]) -> _Piece | None:
    """The nearest piece to the left in the same row."""
    best: _Piece | None = None
    for band in _bands(piece.top, piece.bottom):
        for other in at[band]:
            if other is piece or other.x0 >= piece.x0 or other.x1 - piece.x0 > 0.5 * piece.em:
                continue
            shared = min(piece.bottom, other.bottom) - max(piece.top, other.top)
            if shared < 0.5 * min(piece.bottom - piece.top, other.bottom - other.top):
                continue
            if best is None or (other.x1, other.x0, other.top) > (best.x1, best.x0, best.top):
                best = other
    return best


def _one_line(left: _Piece, right: _Piece, at: dict[int, list[_Piece]], words: Sequence[Word]) -> bool:
    white = right.x0 - left.x1
    em = min(left.em, right.em)
    if max(left.em, right.em) > 1.6 * em:
        return False
    label = "".join(words[i].text for i in left.members)
    if _LABEL.match(label) and len(label) <= 8:
        return white <= LABEL_SPACE * em
    if _LEADER.match(words[right.members[0]].text) or _LEADER.search(label):
        return white <= LABEL_SPACE * em
    if white <= SPREAD_SPACE * em and all(len(p.members) == 1 and _single(words[p.members[0]]) for p in (left, right)):
        return not _gutter(left, right, at)
    return white <= WIDE_SPACE * em and not _gutter(left, right, at)


def _single(word: Word) -> bool:
    return len(word.text) == 1 and is_cjk(word.text)


def _gutter(left: _Piece, right: _Piece, at: dict[int, list[_Piece]]) -> bool:
    """Whether the rows near the white between two pieces leave it white too, with text on both sides of it."""
    middle = (left.x1 + right.x0) / 2
    before = after = False
    for other in _near(left, right, at):
        if other.x0 < middle < other.x1:
            continue
        if other.x1 <= middle:
            before = before or middle - other.x1 < 8 * left.em
        else:
            after = after or other.x0 - middle < 8 * left.em
        if before and after:
            return True
    return False


def _near(left: _Piece, right: _Piece, at: dict[int, list[_Piece]]) -> Iterator[_Piece]:
    """Pieces of the rows up to two heights above and below."""
    top, bottom = min(left.top, right.top), max(left.bottom, right.bottom)
    reach = 2.2 * (bottom - top)
    seen: set[int] = set()
    for band in _bands(top - reach, bottom + reach):
        for other in at.get(band, ()):
            if id(other) in seen or other is left or other is right:
                continue
            seen.add(id(other))
            shared = min(bottom, other.bottom) - max(top, other.top)
            if shared < 0.5 * min(bottom - top, other.bottom - other.top):
                yield other
