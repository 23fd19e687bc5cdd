"""Scores pairs of tables written as HTML, one JSON object a pair: what `biaoge eval score` prints."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from biaoge.errors import LabelError
from biaoge.html import table_from_html
from biaoge.model import Table

from .metrics import adjacency, grits, teds
from .metrics.cells import score
from .metrics.counts import Counts
from .metrics.facts import html_facts
from .metrics.levels import LEVELS, Level

LEVEL: Level = "folded"


@dataclass(frozen=True, slots=True)
class Pair:
    """A predicted table and the true one, as HTML. `predicted` is `None` where the engine gave nothing.

    `error`: why the entry cannot be scored as it stands; what is wrong in it then counts as nothing.
    """

    id: str | int
    predicted: str | None
    true: str
    error: str | None = None


def pairs(text: str, source: str = "pairs") -> list[Pair]:
    """The pairs in JSON text: a list of `{"id", "pred_html", "true_html"}`, an object with such a list under `pairs`,
    or one such object a line. `pred_html` may be null. LabelError where the text is none of these; an entry that is
    wrong is a pair with an `error`, so that every entry has its line.
    """
    text = text.removeprefix("\ufeff")
    try:
        raw = json.loads(text)
    except (ValueError, RecursionError) as problem:
        # JSON's own line ends only: others may stand in its strings.
        raw = [
            _line(line, f"{source}: line {n}", problem) for n, line in enumerate(text.split("\n"), 1) if line.strip()
        ]
    if isinstance(raw, dict):
        raw = raw.get("pairs", [raw])
    if not isinstance(raw, list):
        raise LabelError(f"{source}: expected a list of pairs, or an object with such a list under 'pairs'")
    return [_pair(entry, number) for number, entry in enumerate(raw, start=1)]


def _line(line: str, where: str, whole: Exception) -> object:
    try:
        return json.loads(line)
    except (ValueError, RecursionError) as problem:
        raise LabelError(f"{where}: not JSON ({problem}); nor is the whole ({whole})") from problem


def _pair(entry: object, number: int) -> Pair:
    """The entry with that number, from 1, which stands in for an id that is missing or no name."""
    if not isinstance(entry, dict):
        return Pair(number, None, "", "no object with id, pred_html and true_html")
    name, predicted, true = entry.get("id"), entry.get("pred_html"), entry.get("true_html")
    wrong = []
    if isinstance(name, bool) or not isinstance(name, str | int):
        name = number
        wrong.append("no id")
    if not isinstance(true, str):
        true = ""
        wrong.append("true_html is missing or no text")
    if not (predicted is None or isinstance(predicted, str)):
        predicted = None
        wrong.append("pred_html is neither text nor null")
    return Pair(name, predicted, true, "; ".join(wrong) or None)


def read(path: Path) -> list[Pair]:
    """The pairs in a file; LabelError where it is none."""
    try:
        return pairs(path.read_text(encoding="utf-8-sig"), str(path))
    except (OSError, UnicodeDecodeError) as problem:
        raise LabelError(f"{path}: {problem}") from problem


def scores(pair: Pair, microsoft: bool = False) -> Mapping[str, object]:
    """Every measure of the pair.

    TEDS in the `pubtabnet` dialect, GriTS as grits-metric gives it and, where `microsoft` asks for it (it is slow on
    long texts), as table-transformer does; adjacency as SciTSR counts it. Cells and facts are compared at level
    `folded`, `cells_at` has all levels. Where the true table is missing all is 0: there is nothing to be right about.
    """
    if pair.error is not None and not pair.true:
        return _nothing(pair, pair.error, microsoft)
    predicted = pair.predicted or ""
    tree, grid = teds.html_score(predicted, pair.true), grits.kensho(predicted, pair.true)
    other = grits.microsoft(predicted, pair.true) if microsoft else None
    relations = adjacency.html_score(predicted, pair.true)
    rates = adjacency.rates(relations)
    found, wanted = _table(pair.predicted), _table(pair.true)
    return {
        "id": pair.id,
        "teds": tree.teds,
        "teds_struct": tree.struct,
        "teds_dialect": "pubtabnet",
        "grits_top": grid.top,
        "grits_con": grid.con,
        **({"grits_top_microsoft": other.top, "grits_con_microsoft": other.con} if other else {}),
        "adjacency": {**_counts(relations), "precision": rates.precision, "recall": rates.recall, "f1": rates.f1},
        "level": LEVEL,
        "cells": _rates(score(found, wanted, LEVEL)),
        "cells_at": {level: _rates(score(found, wanted, level)) for level in LEVELS},
        "facts": _rates(html_facts(predicted, pair.true, LEVEL)),
        **({"error": pair.error} if pair.error is not None else {}),
    }


def lines(given: list[Pair], microsoft: bool = False) -> Iterator[str]:
    """One line of JSON for every pair, in their order; a pair that no measure can take scores 0 and says why."""
    for pair in given:
        try:
            out = scores(pair, microsoft)
        # A pair that is too large, or meets a fault, costs itself alone.
        except Exception as problem:
            out = _nothing(pair, f"{type(problem).__name__}: {problem}", microsoft)
        yield json.dumps(out)


def _nothing(pair: Pair, error: str, microsoft: bool) -> Mapping[str, object]:
    none = {**_counts(Counts()), "precision": 0.0, "recall": 0.0, "f1": 0.0}
    return {
        "id": pair.id,
        "teds": 0.0,
        "teds_struct": 0.0,
        "teds_dialect": "pubtabnet",
        "grits_top": 0.0,
        "grits_con": 0.0,
        **({"grits_top_microsoft": 0.0, "grits_con_microsoft": 0.0} if microsoft else {}),
        "adjacency": none,
        "level": LEVEL,
        "cells": none,
        "cells_at": dict.fromkeys(LEVELS, none),
        "facts": none,
        "error": error,
    }


def _table(html: str | None) -> Table | None:
    """The table as a browser lays it out; `None` where there is none."""
    try:
        return None if html is None else table_from_html(html)
    except LabelError:
        return None


def _rates(counts: Counts) -> dict[str, float]:
    """Rates beside their counts."""
    return {**_counts(counts), "precision": counts.precision, "recall": counts.recall, "f1": counts.f1}


def _counts(counts: Counts) -> dict[str, float]:
    return {"matched": counts.matched, "predicted": counts.predicted, "true": counts.true}
