"""Rows that stand above others: told by the codes before them, or by the numbering of their names."""

from __future__ import annotations

import re
from collections.abc import Sequence

from .sheets import Sheet, Spot, is_total
from .values import plain

Level = tuple[int, ...]
"""How deep a row stands; the smaller, the higher."""
Parted = tuple[Spot, list[Spot], int]
"""A row's place in a column, those of the rows a level below it, and the last row that stands under it."""

_NUMBERINGS = (
    re.compile("^[一二三四五六七八九十]+[、.,]"),
    re.compile(r"^\([一二三四五六七八九十]+\)"),
    re.compile(r"^\d+[、.,]"),
)
_CODE = re.compile("[0-9]{2,9}")


def numbering(name: str) -> int | None:
    """Which kind of numbering a plain name begins with: 0 for 一、 then (一) and 1.; `None` for no numbering.

    >>> [numbering(name) for name in ("三、办理结果", "(一)予以公开", "2.重复申请", "总计")]
    [0, 1, 2, None]
    """
    return next((n for n, pattern in enumerate(_NUMBERINGS) if pattern.match(name)), None)


def code_sums(sheet: Sheet) -> list[Parted]:
    """The rows with a code and the rows a level below, for every column that measures something."""
    levels = {r: _code_level(sheet, r) for r in sheet.body}
    return [one for col in sheet.columns for one in _below(sheet, col, levels)]


def numbered_sums(sheet: Sheet) -> list[Parted]:
    """The same by numberings; each column has the nearest names on its left."""
    out: list[Parted] = []
    for col in sheet.columns:
        levels: dict[int, Level | None] = {}
        for r in sheet.body:
            name = (sheet.names(r, col) or ("",))[-1]
            level = numbering(name)
            levels[r] = None if level is None or is_total(name) else (level,)
        out += _below(sheet, col, levels)
    return out


def _code_level(sheet: Sheet, row: int) -> Level | None:
    """The last column that bears a code, and how many digits the codes have; `None` for a row without."""
    codes: list[tuple[int, str]] = []
    for col in range(sheet.columns[0]):
        text = plain(sheet.grid[row][col].text or "")
        if _CODE.fullmatch(text) and sheet.begins((row, col)):
            codes.append((col, text))
    return (codes[-1][0], sum(len(text) for _, text in codes)) if codes else None


def _below(sheet: Sheet, col: int, levels: dict[int, Level | None]) -> list[Parted]:
    """For every row with others below it: those of the next level, up to the next row as high or without a level."""
    out: list[Parted] = []
    rows: Sequence[int] = sheet.body
    for at, row in enumerate(rows):
        level, under = levels[row], []
        if level is None or not sheet.begins((row, col)):
            continue
        for other in rows[at + 1 :]:
            deeper = levels[other]
            if deeper is None or deeper <= level:
                break
            under.append((other, deeper))
        parts = [(r, col) for r, deep in under if deep == min(deep for _, deep in under) and sheet.begins((r, col))]
        if parts:
            out.append(((row, col), parts, under[-1][0]))
    return out
