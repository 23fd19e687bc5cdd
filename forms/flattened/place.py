"""Which column each value of a row belongs to. A value is never altered, and none is made up.

As many values as columns: in order. Fewer: every way to leave columns blank is a candidate; tabs rule some out, then
the form's sums; a cell on which all that remain agree is told, the others are left unread.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from itertools import combinations
from math import comb
from typing import Literal

from biaoge.forms.template import Rule

from .align import Group
from .plan import Tree

_MOST_CANDIDATES = 2000
"""Ways to leave columns blank beyond which a row is not tried; nine of fifteen values lacking are 5005."""

Texts = tuple[str | None, ...]
How = Literal["full", "tabs", "sums", "open", "blank", "many"]
"""`full`: a value for every column; `tabs`, `sums`: what told which column is blank; `open`: nothing did; `blank`: no
value at all; `many`: more values than columns."""


@dataclass(frozen=True, slots=True)
class Placed:
    """The texts of a row, one for every column; `None` where it cannot be told. `how`: what told."""

    texts: Texts
    how: How


@dataclass(frozen=True, slots=True)
class Width:
    """What the tabs around a row tell: `fields`: of the full rows next to it, at most; `kept`: blanks have tabs."""

    fields: int
    kept: bool


def placed(
    rows: Mapping[str, Group], widths: Mapping[str, Width], columns: Sequence[str], sheet: Sheet
) -> dict[str, Placed]:
    """Every row (by its key) with its values in `columns`. The full rows come first, as the sums need them."""
    done: dict[str, Placed] = {}
    for key, group in rows.items():
        values = tuple(value.text for value in group.values)
        if len(values) == len(columns):
            done[key] = Placed(values, "full")
        elif not values:
            done[key] = Placed(("",) * len(columns), "blank")
        elif len(values) > len(columns):
            done[key] = Placed((None,) * len(columns), "many")
    for key, group in rows.items():
        if key not in done:
            done[key] = _choose(key, group, widths[key], columns, sheet.with_rows(columns, done))
    return done


def _choose(key: str, group: Group, width: Width, columns: Sequence[str], sheet: Sheet) -> Placed:
    values = [value.text for value in group.values]
    by_tabs = _by_tabs(group, width, len(columns))
    if by_tabs:
        candidates, how = by_tabs, "tabs"
    elif comb(len(columns), len(values)) > _MOST_CANDIDATES:
        return Placed((None,) * len(columns), "open")
    else:
        candidates, how = (
            [_spread(values, at, len(columns)) for at in combinations(range(len(columns)), len(values))],
            "open",
        )
    if len(candidates) > 1:
        holding = [texts for texts in candidates if sheet.holds(key, dict(zip(columns, texts, strict=True)))]
        if len(holding) == 1:
            return Placed(holding[0], "sums")
        candidates, how = holding or candidates, "open"
    agreed = tuple(of[0] if len(set(of)) == 1 else None for of in zip(*candidates, strict=True))
    return Placed(agreed, "tabs" if how == "tabs" else "open")


def _by_tabs(group: Group, width: Width, n: int) -> list[Texts]:
    """The candidates by the fields in which the values stand; none where the tabs tell nothing."""
    if len(group.lines) > 1 or not width.kept or group.lines[0].fields == 1:
        return []
    fields = [value.field for value in group.values]
    if len(set(fields)) < len(fields):
        return []
    first, last = group.lines[0].label_field + 1, max(width.fields, group.lines[0].fields)
    values = [value.text for value in group.values]
    starts = range(max(first, fields[-1] - n + 1), min(fields[0], last - n) + 1)
    return [_spread(values, [field - start for field in fields], n) for start in starts]


def _spread(values: Sequence[str], at: Iterable[int], n: int) -> Texts:
    texts = [""] * n
    for value, col in zip(values, at, strict=True):
        texts[col] = value
    return tuple(texts)


# --- the sums --------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Sheet:
    """The numbers of a table form by (row, column), as far as they are known, and the sums that must hold."""

    rules: tuple[Rule, ...]
    rows: Tree
    columns: Tree
    known: Mapping[tuple[str, str], str]

    def with_rows(self, columns: Sequence[str], done: Mapping[str, Placed]) -> Sheet:
        """With the cells of these rows that are told."""
        cells = {
            (key, column): text
            for key, row in done.items()
            for column, text in zip(columns, row.texts, strict=True)
            if text is not None
        }
        return Sheet(self.rules, self.rows, self.columns, {**self.known, **cells})

    def holds(self, row: str, texts: Mapping[str, str | None]) -> bool:
        """Whether every sum that can be made with this row in it is right; a blank counts as nothing."""
        known = {**self.known, **{(row, column): text for column, text in texts.items() if text is not None}}
        for rule in self.rules:
            if rule.each == "row":
                lines = [{column: known.get((row, column)) for column in texts}] if _about(rule, row) else []
                tree = self.columns
            elif row in _leaves((*rule.total, *rule.parts, *rule.less), self.rows):
                across = [column for column in texts if _about(rule, column)]
                lines = [{key: known.get((key, column)) for key in self.rows.leaves} for column in across]
                tree = self.rows
            else:
                continue
            if any(_broken(rule, line, tree) for line in lines):
                return False
        return True


def _about(rule: Rule, key: str) -> bool:
    return not rule.only or key in rule.only


def _leaves(keys: Iterable[str], tree: Tree) -> list[str]:
    """The rows or columns that hold the values of `keys`."""
    return [leaf for key in keys for leaf in (tree.under(key) if key in tree.nodes else (key,))]


def _broken(rule: Rule, line: Mapping[str, str | None], tree: Tree) -> bool:
    """Whether the sum can be made and is wrong; a header stands for the sum of what is under it."""
    sums: list[Decimal] = []
    for keys in (rule.total, rule.parts, rule.less):
        numbers = [_number(line.get(leaf)) for leaf in _leaves(keys, tree)]
        known = [number for number in numbers if number is not None]
        if len(known) < len(numbers):
            return False
        sums.append(sum(known, Decimal(0)))
    return sums[0] != sums[1] - sums[2]


def _number(text: str | None) -> Decimal | None:
    """The number of a cell; nothing for a blank or a dash, `None` where it is unknown or no number."""
    if text is None:
        return None
    plain = unicodedata.normalize("NFKC", text).replace(",", "").strip()
    if not plain.strip("-—–－―/\\"):
        return Decimal(0)
    try:
        return Decimal(plain)
    except InvalidOperation:
        return None
