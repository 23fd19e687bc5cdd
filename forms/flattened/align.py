"""Which lines of a text make which line of a form: the cheapest order-keeping alignment, by dynamic programming.

The costs are those of an edit distance between two sequences (Needleman & Wunsch, 1970), where one expected line may
take up several lines of the text, because labels were wrapped and rows cut.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache

from rapidfuzz import process
from rapidfuzz.distance import Indel

from .lines import Line, Stream, Token, bare, fold, stream_of
from .plan import Item, Printed

LEAST_LIKE = 0.6
"""Similarity below which a text is not this label. Unlike labels of one form rarely pass 0.5; misprints keep 0.8."""

_ANCHOR_LIKE = 0.75
_OTHER_NUMERAL = 0.3
"""Taken off where two labels bear other numerals: 第（一）项 and 第（五）项 are alike in all but what counts."""

_PER_UNLIKE = 4.0
_LACKING = 1.0
_LACKING_OPTIONAL = 0.15
_JOIN = 0.06
_JOIN_APART = 0.1
_PER_MISSING_VALUE = 0.35
_NO_VALUE = 1.0
_TOO_MANY = 0.8
_PASS_MARK, _PASS_HEAD, _PASS_TEXT, _PASS_VALUES = 0.05, 0.3, 0.6, 1.6
_PASS_ROW = 2.0
_MOST_JOINED = 6
"""Lines that one expected line may take up; a label of forty characters wrapped every eight."""

_LEAST_ANCHORS = 0.2
"""Share of a table's lines that must be there whole for the table to be looked for at all."""

_MOST_LINES = 600
"""Lines that one table may take up, page marks and wrapped labels counted; the longest report has 60."""

_WIDEST_GAP = 15
_AROUND = (6, 12)
"""Lines looked at before the first and after the last that is surely the table's."""

_ORDINALS = 12
"""Characters that ordinals may add to a label: three of them, such as (三)."""

_LONGEST_NUMERAL = 2
_SHORTEST_HEAD = 6
_LONGEST = 240
"""Characters beyond which a line is prose."""

_NUMERALS = frozenset("一二三四五六七八九十0123456789")


@dataclass(frozen=True, slots=True)
class Group:
    """Lines of the text that make one expected line.

    `pieces`: what is label, as (number of the line, its text from the beginning on); `values`: in order.
    """

    lines: tuple[Line, ...]
    pieces: tuple[tuple[int, str], ...]
    values: tuple[Token, ...]

    @property
    def text(self) -> str:
        """The label, folded."""
        return "".join(fold(piece) for _, piece in self.pieces)

    @property
    def label(self) -> Stream:
        """The label without ordinals, with the place of every character."""
        return stream_of(self.pieces).bare()


@dataclass(frozen=True, slots=True)
class Aligned:
    """`found`: the lines of every item that is there, by its number; `passed`: lines between them that are none."""

    found: dict[int, Group]
    passed: tuple[Line, ...]
    likeness: dict[int, float] = field(default_factory=dict)

    @property
    def span(self) -> tuple[int, int]:
        """Numbers of the first and the last line."""
        numbers = [line.number for group in self.found.values() for line in group.lines]
        return min(numbers), max(numbers)


def align(lines: Sequence[Line], table: Printed) -> Aligned | None:
    """The best alignment of the table with a stretch of `lines`, `None` where nothing there is like it."""
    stretch = _without_heads(_stretch(lines, table), table)
    if not stretch:
        return None
    aligned = _cheapest(stretch, table.items)
    return aligned if aligned.found else None


# --- likeness --------------------------------------------------------------------------------------------------------


@lru_cache(maxsize=200_000)
def likeness(text: str, wording: str) -> float:
    """How alike two folded labels are, 0 to 1; other numerals count more than other letters."""
    if text == wording:
        return 1.0
    if not text or not wording:
        return 0.0
    alike = Indel.normalized_similarity(text, wording, score_cutoff=LEAST_LIKE)
    if alike and (a := _numerals(text)) and (b := _numerals(wording)) and a != b:
        alike -= _OTHER_NUMERAL
    return alike


@lru_cache(maxsize=50_000)
def _numerals(text: str) -> str:
    return "".join(char for char in text if char in _NUMERALS)


def best_likeness(text: str, wordings: Sequence[str]) -> float:
    """The likeness to the nearest wording."""
    return 1.0 if text in wordings else max((likeness(text, wording) for wording in wordings), default=0.0)


# --- where the table is ----------------------------------------------------------------------------------------------


def _stretch(lines: Sequence[Line], table: Printed) -> list[Line]:
    """The lines from a little before the first to a little after the last one that is like a line of the table."""
    short = [line for line in lines if len(line.raw) <= _LONGEST]
    of_rows = {w: n for n, item in enumerate(table.items) if item.kind == "row" for w in item.wordings if w}
    of_heads = {w: n for n, item in enumerate(table.items) if item.kind != "row" for w in item.wordings if w}
    anchors: list[tuple[int, int]] = []
    for at, line in enumerate(short):
        n = _nearest(bare(line.label), of_rows)
        n = _nearest(fold(line.raw), of_heads) if n is None else n
        if n is not None:
            anchors.append((at, n))
    runs: list[list[tuple[int, int]]] = []
    for anchor in anchors:
        if runs and anchor[0] - runs[-1][-1][0] <= _WIDEST_GAP:
            runs[-1].append(anchor)
        else:
            runs.append([anchor])
    best = max(runs, key=lambda run: len({n for _, n in run}), default=[])
    wanted = sum(not item.optional and any(item.wordings) for item in table.items)
    if not best or len({n for _, n in best}) < _LEAST_ANCHORS * wanted:
        return []
    first = max(0, best[0][0] - _AROUND[0])
    return short[first : min(best[-1][0] + 1 + _AROUND[1], first + _MOST_LINES)]


def _nearest(text: str, wordings: Mapping[str, int]) -> int | None:
    """The item whose wording is nearest to `text`, where it is near enough."""
    if not text or text in wordings:
        return wordings.get(text)
    found = process.extractOne(
        text, wordings.keys(), scorer=Indel.normalized_similarity, score_cutoff=_ANCHOR_LIKE, processor=None
    )
    if found is None:
        return None
    wording = str(found[0])
    return wordings[wording] if likeness(text, wording) >= _ANCHOR_LIKE else None


def _without_heads(lines: Sequence[Line], table: Printed) -> list[Line]:
    """The lines with running heads marked: like nothing in the table, and also elsewhere in the text, or on their
    own next to a page number."""
    wordings = tuple({w for item in table.items for w in item.wordings})
    out: list[Line] = []
    for at, line in enumerate(lines):
        following = lines[at + 1] if at + 1 < len(lines) else None
        alone = line.apart and (following is None or following.apart)
        by_number = bool((at and lines[at - 1].mark) or (following and following.mark))
        text = fold(line.raw)
        if (line.repeated or (alone and by_number)) and not line.values and len(text) >= _SHORTEST_HEAD:
            out.append(line if best_likeness(text, wordings) else replace(line, mark="page"))
        else:
            out.append(line)
    return out


# --- the alignment ---------------------------------------------------------------------------------------------------


def _cheapest(lines: Sequence[Line], items: Sequence[Item]) -> Aligned:
    """Costs by (lines taken, items done); going back from the cheapest end. Lines before and after are free."""
    heads = tuple(w for item in items if item.kind != "row" for w in item.wordings)
    passing = [_cost_of_passing(line, heads, items) for line in lines]
    groups = [
        [(count, group.text, group) for count in range(1, _MOST_JOINED + 1) for group in _groups(lines, start, count)]
        for start in range(len(lines))
    ]
    lengths = [_lengths(item) for item in items]
    best = [[0.0] + [float("inf")] * len(items) for _ in range(len(lines) + 1)]
    came: dict[tuple[int, int], tuple[int, int, Group | None, float]] = {}
    for taken in range(len(lines) + 1):
        for done in range(len(items) + 1):
            cost = best[taken][done]
            if cost == float("inf"):
                continue
            if done < len(items):
                lacking = _LACKING_OPTIONAL if items[done].optional else _LACKING
                _relax(best, came, (taken, done), (taken, done + 1, cost + lacking, None, 0.0))
            if taken == len(lines):
                continue
            if 0 < done < len(items):
                _relax(best, came, (taken, done), (taken + 1, done, cost + passing[taken], None, 0.0))
            if done < len(items):
                for count, text, group in groups[taken]:
                    if len(text) in lengths[done]:
                        price, alike = _cost(text, group, items[done])
                        step = (taken + count, done + 1, cost + price, group, alike)
                        _relax(best, came, (taken, done), step)
    end = min(range(len(lines) + 1), key=lambda taken: best[taken][len(items)])
    return _walk_back(lines, len(items), end, came)


def _lengths(item: Item) -> range:
    """How long a label can be that is alike enough; longer by its ordinals."""
    lengths = [len(wording) for wording in item.wordings] or [0]
    reach = (2 - LEAST_LIKE) / LEAST_LIKE
    return range(int(min(lengths) / reach), int(max(lengths) * reach) + (_ORDINALS if max(lengths) else 0) + 1)


def _relax(
    best: list[list[float]],
    came: dict[tuple[int, int], tuple[int, int, Group | None, float]],
    origin: tuple[int, int],
    step: tuple[int, int, float, Group | None, float],
) -> None:
    taken, done, cost, group, alike = step
    if taken < len(best) and cost < best[taken][done] - 1e-9:
        best[taken][done] = cost
        came[taken, done] = (*origin, group, alike)


def _walk_back(
    lines: Sequence[Line], n_items: int, end: int, came: dict[tuple[int, int], tuple[int, int, Group | None, float]]
) -> Aligned:
    found: dict[int, Group] = {}
    alike: dict[int, float] = {}
    at = (end, n_items)
    while at in came:
        taken, done, group, likeness_ = came[at]
        if group is not None:
            found[done], alike[done] = group, likeness_
        at = (taken, done)
    used = {line.number for group in found.values() for line in group.lines}
    inside = [line for line in lines if used and min(used) < line.number < max(used) and line.number not in used]
    return Aligned(dict(sorted(found.items())), tuple(inside), alike)


def _cost_of_passing(line: Line, heads: Sequence[str], items: Sequence[Item]) -> float:
    if line.mark:
        return _PASS_MARK
    if best_likeness(fold(line.raw), heads) >= _ANCHOR_LIKE:
        return _PASS_HEAD
    if not line.values:
        return _PASS_TEXT
    full = any(item.kind == "row" and item.least <= len(line.values) <= item.most for item in items)
    return _PASS_ROW if full else _PASS_VALUES


def _groups(lines: Sequence[Line], start: int, count: int) -> Iterator[Group]:
    """The lines from `start` on as one, those left out that only mark a page.

    A lone number between them may be a page number or a value; a numeral at a line's end may belong to the label that
    goes on in the next line. Both are given both ways.
    """
    taken = lines[start : start + count]
    if len(taken) < count or taken[0].mark or taken[-1].mark == "page":
        return
    if count > 1 and taken[-1].mark and taken[-1].apart:
        return  # a lone number after a blank line is a page number sooner than the end of a row
    kept = tuple(line for line in taken if line.mark != "page" and not (line.mark and line.apart))
    yield from _readings(kept)
    if not kept[-1].mark and len(sure := tuple(line for line in kept if not line.mark)) < len(kept):
        yield from _readings(sure)


def _readings(kept: tuple[Line, ...]) -> Iterator[Group]:
    labels = tuple((line.number, line.label) for line in kept)
    yield Group(kept, labels, tuple(value for line in kept for value in line.values))
    last = max((n for n, line in enumerate(kept) if line.label.strip()), default=0)
    early = [line for line in kept[:last] if line.values]
    if early and all(len(line.values) == 1 and len(line.values[0].text) <= _LONGEST_NUMERAL for line in early):
        pieces = tuple((line.number, line.raw if n < last else line.label) for n, line in enumerate(kept))
        yield Group(kept, pieces, tuple(value for line in kept[last:] for value in line.values))


def _cost(text: str, group: Group, item: Item) -> tuple[float, float]:
    """What it costs to take `group`, whose label is `text` folded, for `item`, and how alike the labels are."""
    never = (float("inf"), 0.0)
    n_values = len(group.values)
    if item.kind != "row":
        if n_values:
            text += fold("".join(value.text for value in group.values)) if len(group.lines) == 1 else ""
        alike = best_likeness(text, item.wordings)
        if alike < LEAST_LIKE or (n_values and len(group.lines) > 1):
            return never
        return (1 - alike) * _PER_UNLIKE + _joins(group), alike
    if not any(item.wordings):
        if text or n_values < max(1, item.least / 2) or n_values > item.most:
            return never
        alike = 1.0
    else:
        alike = best_likeness(bare(text), item.wordings)
        if alike < (LEAST_LIKE if item.leaf else 0.9):
            return never
    if not n_values:
        values = _NO_VALUE
    elif n_values > item.most:
        values = _TOO_MANY + (n_values - item.most) / 4
    else:
        values = max(0, item.least - n_values) * _PER_MISSING_VALUE
    return (1 - alike) * _PER_UNLIKE + values + _joins(group), alike


def _joins(group: Group) -> float:
    return sum(_JOIN + (_JOIN_APART if line.apart else 0) for line in group.lines[1:])
