"""Pairs, slices, kinds of mistakes, marks and names: each against what can be worked out by hand."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from typing import Any
from urllib.parse import unquote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from biaoge.eval.metrics.cells import differences
from biaoge.eval.metrics.counts import Counts
from biaoge.eval.report.clusters import ece, tagged
from biaoge.eval.report.marks import SIGNS, marks
from biaoge.eval.report.names import file_names, link
from biaoge.eval.report.pairs import pairs_of
from biaoge.eval.report.slices import slices_of
from biaoge.eval.report.taxonomy import faults_of
from biaoge.eval.results import Mistake, TableScore
from biaoge.eval.statistics import Resampling, mcnemar
from biaoge.model import Cell, Table

HOW = Resampling(draws=200)
TEXTS = st.lists(st.lists(st.sampled_from(["", "a", "1", None]), min_size=2, max_size=2), min_size=1, max_size=4)


def grid(texts: list[list[str | None]], merged: bool) -> Table:
    cells = [Cell(r, c, text) for r, row in enumerate(texts) for c, text in enumerate(row)]
    if merged:
        cells = [Cell(0, 0, texts[0][0], colspan=2), *(c for c in cells if c.row)]
    return Table(len(texts), 2, tuple(cells))


# --- pairs


def test_a_pair_by_hand(world: Any) -> None:
    bad, good = world.scores()
    (pair,) = pairs_of([("good", good), ("bad", bad)], HOW)
    assert (pair.documents, pair.tables, pair.only_first, pair.only_second) == (6, 6, 5, 0)
    assert pair.difference.value == pytest.approx(34 / 36 - 40 / 66)
    assert pair.p_tables == pair.p_tables_holm == mcnemar(5, 0)
    assert not pair.by_tables


def test_only_common_documents_are_compared(world: Any) -> None:
    bad, good = world.scores()
    part = replace(bad, documents=bad.documents[:-1])
    (pair,) = pairs_of([("good", good), ("bad", part)], HOW)
    assert (pair.documents, pair.tables, pair.only_first) == (5, 5, 4)


def test_a_table_that_one_side_alone_has_is_not_exact_for_the_other(world: Any) -> None:
    bad, good = world.scores()
    first = good.documents[1]
    more = replace(first, tables=(*first.tables, replace(first.tables[0], id="surplus")))
    longer = replace(good, documents=(good.documents[0], more, *good.documents[2:]))
    (pair,) = pairs_of([("good", longer), ("bad", bad)], HOW)
    assert (pair.tables, pair.only_first, pair.only_second) == (7, 6, 0)
    (pair,) = pairs_of([("bad", bad), ("good", longer)], HOW)
    assert (pair.tables, pair.only_first, pair.only_second) == (7, 0, 6)


def test_more_pairs_ask_for_more(world: Any) -> None:
    bad, good = world.scores()
    (alone,) = pairs_of([("good", good), ("bad", bad)], HOW)
    first, *_ = pairs_of([("good", good), ("bad", bad), ("twin", bad)], HOW)
    assert alone.p_cells_holm is not None
    assert first.p_cells_holm is not None
    assert first.difference == alone.difference
    assert first.p_cells_holm > alone.p_cells_holm


# --- slices


def test_slices_by_hand(world: Any) -> None:
    slices = {part.tag: part for part in slices_of([(s.engine, s) for s in world.scores()], HOW)}
    assert sorted(slices) == sorted(["producer-x", "producer-y", "size-s", "size-l", world.names[3]])
    assert slices["producer-x"].group == "producer"
    assert (slices["producer-x"].documents, slices["producer-x"].tables) == (2, 2)
    assert [score.exact for score in slices["producer-x"].scores] == [0, 1]
    assert slices["size-s"].scores[1].cells.value == 1.0
    assert slices["size-s"].scores[0].cells.low is None  # three documents


def test_a_tag_of_tables_leaves_out_the_others(world: Any) -> None:
    score = world.scores()[0]
    document = score.documents[0]
    other = replace(document.tables[0], id="other", tags=("rare",))
    mixed = replace(score, documents=(replace(document, tables=(document.tables[0], other)),))
    assert [t.id for t in tagged(mixed, "rare").tables] == ["other"]
    assert len(tagged(mixed, "producer-x").tables) == 2


# --- kinds of mistakes


def test_what_fixing_is_worth_by_hand(
    make_table: Callable[..., Table], make_table_score: Callable[..., TableScore]
) -> None:
    true = make_table([["a", "b"], ["c", "d"]])
    missed = replace(make_table_score(None, true, "m"), mistakes=(Mistake("missed_table", 1, 4.0),))
    extra = replace(make_table_score(true, None, "x"), mistakes=(Mistake("extra_table", 1, 0.0),))
    right = make_table_score(true, true, "r")
    faults = {f.kind: f for f in faults_of([missed, extra, right])}
    # Now 4 matched of 8 predicted and 8 true.
    assert faults["missed_table"].fixed == pytest.approx(2 * 8 / (12 + 8))
    assert faults["extra_table"].fixed == pytest.approx(2 * 4 / (4 + 8))
    assert faults["missed_table"].rise == pytest.approx(0.8 - 0.5)
    assert [f.kind for f in faults_of([missed, extra, right])] == ["missed_table", "extra_table"]


@given(st.lists(st.tuples(st.integers(-1, 4), st.integers(-1, 4), st.floats(0, 9)), min_size=1, max_size=4))
def test_fixing_never_harms_nor_passes_one(world: Any, kinds: list[tuple[int, int, float]]) -> None:
    """Tables of (true, predicted) cells, as many right as can be; -1: no such table."""
    some = world.scores()[0].tables[0]
    tables = []
    for true, predicted, gain in kinds:
        counts = Counts(max(0, min(true, predicted) - 1), max(0, predicted), max(0, true))
        mistake = Mistake("some", 1, gain)
        at = (None if predicted < 0 else 0, None if true < 0 else 0)
        tables.append(replace(some, levels={"folded": counts}, predicted=at[0], true=at[1], mistakes=(mistake,)))
    (fault,) = faults_of(tables)
    assert fault.rise >= -1e-12
    assert fault.fixed <= 1 + 1e-12


# --- marks


@given(TEXTS, TEXTS, st.booleans(), st.booleans(), st.booleans())
def test_marks_stand_where_cells_differ(
    found: list[list[str | None]], true: list[list[str | None]], merged: bool, wide: bool, blanks: bool
) -> None:
    a, b = grid(found, merged), grid(true, wide)
    there = marks(a, b, blanks)
    assert set(there) == {(d.row, d.col) for d in differences(a, b, "folded", blanks)}
    for (row, col), mark in there.items():
        assert mark.sign == SIGNS[mark.kind]
        for cell in (mark.true, mark.predicted):
            assert cell is None or (cell.row, cell.col) == (row, col)
        assert (mark.kind == "missing") == (mark.predicted is None)
        assert (mark.kind == "extra") == (mark.true is None)


def test_every_kind_of_mark() -> None:
    true = Table(2, 3, (Cell(0, 0, "a", colspan=2), Cell(0, 2, "b"), Cell(1, 0, "c"), Cell(1, 1, "d"), Cell(1, 2, "e")))
    read = Table(2, 3, (Cell(0, 0, "a"), Cell(0, 1, ""), Cell(0, 2, "x"), Cell(1, 0, None), Cell(1, 1, "d", colspan=2)))
    kinds = {place: mark.kind for place, mark in marks(read, true).items()}
    assert kinds == {
        (0, 0): "span",
        (0, 1): "extra",
        (0, 2): "text",
        (1, 0): "unread",
        (1, 1): "span",
        (1, 2): "missing",
    }
    assert "true: “b”" in marks(read, true)[0, 2].title
    assert "predicted: no cell begins here" in marks(read, true)[1, 2].title
    assert len(set(SIGNS.values())) == len(SIGNS)


# --- names


@given(st.lists(st.text(max_size=300), max_size=8))
def test_names_of_files_are_safe_and_all_different(names: list[str]) -> None:
    out = file_names(names)
    assert set(out) == set(names)
    assert len({name.casefold() for name in out.values()}) == len(out)
    for name in out.values():
        assert re.fullmatch(r"[\w@-][\w.@-]*", name)
        assert len(name.encode()) <= 140
        assert not name.endswith(".")
        assert unquote(link(name)) == name


@pytest.mark.parametrize("name", ["..", ".", "", "/", "../../x", "a/b", "a\\b", "CON", "nul.txt", "a\0b", "\udc80"])
def test_bad_names_are_changed(name: str) -> None:
    out = file_names([name])[name]
    assert out != name
    assert out
    assert not re.search(r"[/\\\0]|\.\.", out)


def test_names_that_differ_in_case_alone() -> None:
    out = file_names(["A", "a"])
    assert out["A"].casefold() != out["a"].casefold()


# --- calibration


def test_ece_by_hand() -> None:
    import numpy as np

    # Bins of 4 cells with 1 right at mean 0.5, and 6 cells all right at 1.
    assert ece(np.array([4.0, 1.0, 2.0, 6.0, 6.0, 6.0])) == pytest.approx(0.1)
    assert ece(np.zeros(6)) == 0
