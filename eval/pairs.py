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
    """A predicted table and the true one, as HTML; `predicted` is `None` where the engine gave nothing."""

    id: str
    predicted: str | None
    true: str


def pairs(text: str, source: str = "pairs") -> list[Pair]:
    """The pairs in JSON text: a list of `{"id", "pred_html", "true_html"}`, an object with such a list under `pairs`,
    or one such object a line. `pred_html` may be null. LabelError names the entry that is wrong.
    """
    try:
        raw = json.loads(text)
    except ValueError as problem:
        try:
            raw = [json.loads(line) for line in text.splitlines() if line.strip()]
        except ValueError:
            raise LabelError(f"{source}: not JSON: {problem}") from problem
    if isinstance(raw, dict):
        raw = raw.get("pairs", [raw])
    if not isinstance(raw, list):
        raise LabelError(f"{source}: expected a list of pairs, or an object with such a list under 'pairs'")
    return [_pair(entry, f"{source}: pair {number}") for number, entry in enumerate(raw, start=1)]


def _pair(entry: object, where: str) -> Pair:
    if not isinstance(entry, dict):
        raise LabelError(f"{where}: expected an object with id, pred_html and true_html")
    name, predicted, true = entry.get("id"), entry.get("pred_html"), entry.get("true_html")
    if not isinstance(name, str | int):
        raise LabelError(f"{where}: no id")
    if not isinstance(true, str):
        raise LabelError(f"{where} ({name}): true_html is missing or no text")
    if not (predicted is None or isinstance(predicted, str)):
        raise LabelError(f"{where} ({name}): pred_html is neither text nor null")
    return Pair(str(name), predicted, true)


def read(path: Path) -> list[Pair]:
    """The pairs in a file; LabelError where it is none."""
    try:
        return pairs(path.read_text(encoding="utf-8"), str(path))
    except (OSError, UnicodeDecodeError) as problem:
        raise LabelError(f"{path}: {problem}") from problem


def scores(pair: Pair) -> Mapping[str, object]:
    """Every measure of the pair.

    TEDS in the `pubtabnet` dialect, GriTS as grits-metric gives it and, under `…_microsoft`, as table-transformer
    does, adjacency as SciTSR counts it. Cells and facts are compared at level `folded`, `cells_at` has all levels.
    """
    predicted = pair.predicted or ""
    tree, kensho, microsoft = (
        teds.html_score(predicted, pair.true),
        grits.kensho(predicted, pair.true),
        grits.microsoft(predicted, pair.true),
    )
    relations = adjacency.html_score(predicted, pair.true)
    rates = adjacency.rates(relations)
    found, wanted = _table(pair.predicted), _table(pair.true)
    found_facts = html_facts(predicted, pair.true, LEVEL)
    return {
        "id": pair.id,
        "teds": tree.teds,
        "teds_struct": tree.struct,
        "teds_dialect": "pubtabnet",
        "grits_top": kensho.top,
        "grits_con": kensho.con,
        "grits_top_microsoft": microsoft.top,
        "grits_con_microsoft": microsoft.con,
        "adjacency": {**_counts(relations), "precision": rates.precision, "recall": rates.recall, "f1": rates.f1},
        "level": LEVEL,
        "cells": _rates(score(found, wanted, LEVEL)),
        "cells_at": {level: _rates(score(found, wanted, level)) for level in LEVELS},
        "facts": _rates(found_facts),
    }


def lines(given: list[Pair]) -> Iterator[str]:
    """One line of JSON for every pair, in their order."""
    for pair in given:
        yield json.dumps(scores(pair), ensure_ascii=False)


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
