"""What the summary adds up, and what it says of the sample."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from biaoge.eval.report.summary import Settings, labels_of, row_of, save_summary, summarise
from biaoge.eval.results import DocumentScore, SetScore, TableScore
from biaoge.eval.sets import Kind
from biaoge.eval.statistics import Resampling, bootstrap, ratio
from biaoge.model import Table

HOW = Resampling(draws=200)


def test_the_leaderboard_by_hand(world: Any) -> None:
    board = summarise(world.scores()).boards[0]
    good, bad = board.rows
    assert [row.engine for row in board.rows] == ["good", "bad"]
    assert (board.documents, board.clusters, board.tables) == (6, 6, 6)
    # 6 cells a table, of which a wrong one has 4 right: 乙 <b> is read as 乙, and 7 as 1.
    assert good.cells["folded"].counts.matched == 34
    assert good.f1.value == pytest.approx(34 / 36)
    assert bad.cells["folded"].precision == pytest.approx(20 / 30)
    assert bad.cells["folded"].recall == pytest.approx(20 / 36)
    assert (good.exact.count, good.exact.total) == (5, 6)
    assert (bad.straight.count, bad.straight.total) == (0, 6)
    assert (bad.silent.count, bad.silent.total, bad.wrong) == (10, 30, 10)
    assert bad.means["teds"].rate is not None
    assert bad.means["teds"].rate.value == pytest.approx(5 * (2 / 3) / 6)
    assert "grits_loc" not in bad.means
    assert good.calibration.ece is not None
    assert good.calibration.ece.value == pytest.approx(abs(34 / 36 - 0.93))
    assert good.headers is None


def test_intervals_are_those_of_the_documents(world: Any) -> None:
    row = summarise(world.scores()).boards[0].rows[0]
    # Clusters are drawn in the order of their names.
    order = sorted(world.names)
    assert row.f1 == bootstrap([(8, 12) if name == world.names[0] else (12, 12) for name in order], ratio(1))
    assert row.f1.low is not None
    assert row.f1.low < row.f1.value


def test_a_missed_table_counts_nothing_and_an_extra_one_lowers_precision(
    make_table: Callable[..., Table],
    make_table_score: Callable[..., TableScore],
    make_document: Callable[..., DocumentScore],
) -> None:
    table = make_table([["a", "b"]])
    missed = make_table_score(None, table, "m")
    extra = make_table_score(table, None, "x")
    right = make_table_score(table, table, "r")
    documents = tuple(make_document(n, [t]) for n, t in (("m", missed), ("r", right), ("x", extra)))
    row = row_of(SetScore("s", "e", "1", Kind(), documents), "e", HOW)
    assert (row.cells["folded"].precision, row.cells["folded"].recall) == (0.5, 0.5)
    # A mean is over labelled tables: 0 for the missed one even where its score says otherwise.
    assert (row.means["grits_top"].total, row.means["grits_top"].rate) == (2, row.means["teds"].rate)
    assert row.means["teds"].rate is not None
    assert row.means["teds"].rate.value == 0.5
    assert (row.found, row.extra, row.straight.count) == (2, 1, 1)
    assert (row.detection.precision, row.detection.recall) == (0.5, 0.5)


def test_locations_are_over_the_tables_whose_labels_have_boxes(
    make_table: Callable[..., Table],
    make_table_score: Callable[..., TableScore],
    make_document: Callable[..., DocumentScore],
) -> None:
    table = make_table([["a", "b"]])

    def score(name: str, found: bool, boxed: bool, loc: float | None) -> DocumentScore:
        made = make_table_score(table if found else None, table, name)
        return make_document(name, [replace(made, boxed=boxed, grits_loc=loc)])

    extra = make_document("x", [replace(make_table_score(table, None, "x"), grits_loc=None)])
    missed, plain, without = score("a", False, True, 0.0), score("b", True, False, None), score("c", True, True, None)
    located = score("d", True, True, 0.5)
    some = row_of(SetScore("s", "e", "1", Kind(), (missed, plain, without, located, extra)), "e", HOW)
    assert some.means["grits_loc"].total == 3
    assert some.means["grits_loc"].rate is not None
    assert some.means["grits_loc"].rate.value == pytest.approx(0.5 / 3)
    never = row_of(SetScore("s", "e", "1", Kind(), (missed, plain, without, extra)), "e", HOW)
    assert "grits_loc" not in never.means
    # An engine that gives boxes where no label has them is not measured either.
    assert "grits_loc" not in row_of(SetScore("s", "e", "1", Kind(), (plain,)), "e", HOW).means


def test_renderings_of_one_original_are_one_cluster(world: Any) -> None:
    score = world.scores()[0]
    tagged = tuple(replace(d, tags=(*d.tags, f"source-{n % 2}")) for n, d in enumerate(score.documents))
    summary = summarise([replace(score, documents=tagged)])
    board = summary.boards[0]
    assert (board.documents, board.clusters) == (6, 2)
    assert board.rows[0].f1.low is None
    assert "too few" in summary.claims["hand"][0]
    assert "2 originals" in summary.claims["hand"][0]
    assert not any(part.tag.startswith("source-") for part in board.slices)


def test_few_documents_are_not_claimed_from(world: Any) -> None:
    summary = summarise(world.scores(count=3))
    assert "too few" in summary.claims["hand"][0]
    assert summary.boards[0].pairs[0].p_cells_holm is None
    assert summary.boards[0].pairs[0].p_tables_holm is None


def test_faultless_is_not_certain(world: Any) -> None:
    score = world.scores()[1]
    perfect = tuple(
        replace(d, tables=score.documents[1].tables) if n == 0 else d for n, d in enumerate(score.documents)
    )
    claims = summarise([replace(score, documents=perfect)]).claims["hand"]
    assert any("as low as 0.61" in claim for claim in claims)  # 0.05 ** (1 / 6)


def test_engines_that_differ_are_told_apart_and_others_not(world: Any) -> None:
    bad, good = world.scores()
    many = [
        replace(s, documents=tuple(replace(d, name=f"{d.name}{k}") for k in range(4) for d in s.documents))
        for s in (bad, good)
    ]
    claims = summarise(many).claims["hand"]
    assert any(claim.startswith("Told apart") and "good before bad" in claim for claim in claims)
    same = summarise([many[0], replace(many[0], engine="twin")]).claims["hand"]
    assert any(claim.startswith("Not told apart") for claim in same)


def test_nothing_at_all_is_summed_up() -> None:
    assert summarise([]).boards == ()
    empty = summarise([SetScore("s", "e", "1", Kind(), ())])
    assert (empty.boards[0].documents, empty.boards[0].rows[0].exact.rate) == (0, None)


def test_a_document_that_failed_counts(world: Any) -> None:
    score = world.scores()[0]
    failed = replace(score.documents[1], error="crashed")
    row = row_of(replace(score, documents=(failed, *score.documents[2:])), "e", HOW)
    assert row.failures == (("b", "crashed"),)
    assert row.documents == 5


def test_engines_get_names_of_their_own(world: Any) -> None:
    score = world.scores()[0]
    assert labels_of([score, replace(score, version="2"), replace(score, version="2"), replace(score, engine="z")]) == [
        "bad 1.0",
        "bad 2",
        "bad 2 #2",
        "z",
    ]


def test_json(world: Any, tmp_path: Path) -> None:
    save_summary(tmp_path / "s.json", summarise(world.scores(), Settings(date="2024-02-29")))
    read = json.loads((tmp_path / "s.json").read_text(encoding="utf-8"))
    assert read["schema"] == "biaoge-eval/1"
    row = read["boards"][0]["rows"][0]
    assert row["engine"] == "good"
    assert row["cells"]["folded"]["counts"] == {"matched": 34, "predicted": 36, "true": 36}
    assert row["cells"]["folded"]["f1"]["clusters"] == 6
    assert read["settings"]["date"] == "2024-02-29"
