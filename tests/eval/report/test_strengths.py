"""Engines by degradation: every version of a set in one table, in the order of the strengths."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

from biaoge.eval.report.figures import rate
from biaoge.eval.report.markdown import markdown
from biaoge.eval.report.page import write_report
from biaoge.eval.report.strengths import ORIGINAL, by_strength
from biaoge.eval.report.summary import Summary, summarise
from biaoge.eval.report.terminal import text
from biaoge.eval.results import SetScore


def versions(world: Any, *names: str) -> Summary:
    """The world's engines on sets of those names; the last of them without the second engine."""
    scores: list[SetScore] = world.scores()
    made = [replace(score, name=name) for name in names for score in scores]
    return summarise(made[:-1])


def test_only_sets_of_several_versions_are_told(world: Any) -> None:
    assert by_strength(versions(world, "a", "b@light")) == ()
    assert [v.name for v in by_strength(versions(world, "a", "b@light", "a@skew", "b@heavy", "c"))] == ["a", "b"]


def test_strengths_stand_in_their_order_and_the_set_as_it_is_first(world: Any) -> None:
    (found,) = by_strength(versions(world, "a@heavy", "a@zz", "a@light", "a", "a@clean150", "a@aa"))
    assert found.strengths == (ORIGINAL, "clean150", "light", "heavy", "aa", "zz")


def test_a_cell_holds_both_rates_or_a_dash(world: Any) -> None:
    summary = versions(world, "a@light", "a@heavy")
    (found,) = by_strength(summary)
    first, last = next(iter(found.rows)), summary.boards[0].rows
    row = next(r for r in last if r.engine == first)
    assert found.cell(first, "light") == f"{rate(row.f1.value)} / {rate(row.cells['structure'].f1.value)}"
    missing = {r.engine for r in summary.boards[0].rows} - {r.engine for r in summary.boards[1].rows}
    assert len(missing) == 1
    assert [found.cell(engine, "heavy") for engine in missing] == ["–"]
    assert all(found.cell(engine, "light") != "–" for engine in found.rows)


def test_pieces_hold_every_strength_once(world: Any) -> None:
    (found,) = by_strength(versions(world, "a", *(f"a@{s}" for s in ("light", "medium", "heavy", "skew", "seal"))))
    pieces = found.lines(4)
    assert [len(piece[0]) - 1 for piece in pieces] == [4, 2]
    assert tuple(name for piece in pieces for name in piece[0][1:]) == found.strengths
    assert all([line[0] for line in piece[1:]] == list(found.rows) for piece in pieces)


def test_terminal_markdown_and_html_show_it(world: Any, tmp_path: Path) -> None:
    names = ("a", "a@light", "a@medium", "a@heavy", "a@skew", "a@seal", "a@broken-rulings")
    summary = versions(world, *names)
    (found,) = by_strength(summary)
    engine = next(iter(found.rows))
    out = text(summary)
    assert "a by degradation" in out
    assert all(len(line) <= 100 for line in out.splitlines())
    table = out[out.index("a by degradation") :]
    assert all(strength in table for strength in found.strengths)
    assert found.cell(engine, "heavy") in table
    said = markdown(summary)
    assert "### a by degradation" in said
    head = next(line for line in said.splitlines() if line.startswith("| engine | original |"))
    assert head.count("|") == len(found.strengths) + 2
    scores = [replace(score, name=name) for name in names for score in world.scores()][:-1]
    page = write_report(tmp_path, scores).read_text(encoding="utf-8")
    assert f"<td>{found.cell(engine, 'heavy')}</td>" in page
    assert "broken-rulings</th>" in page
