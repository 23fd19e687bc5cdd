"""The tables of the terminal: wide enough for everybody, and what is in a name is not markup."""

from __future__ import annotations

import io
from dataclasses import replace
from typing import Any

from rich.console import Console

from biaoge.eval.report.summary import summarise
from biaoge.eval.report.terminal import show, text


def test_it_holds_the_figures_and_fits(world: Any) -> None:
    out = text(summarise(world.scores()))
    good = next(line for line in out.splitlines() if line.startswith(" good") or line.startswith("good"))
    assert good.split()[1:3] == ["5/6", "0.944"]
    assert all(len(line) <= 100 for line in out.splitlines())
    assert "\x1b" not in out
    assert "6 documents, 6 labelled tables" in out
    assert "silent: wrong cells" in out


def test_names_are_no_markup(world: Any) -> None:
    scores = [replace(s, name="[bold]x[/bold]", engine=f"[red]{s.engine}\x1b[31m") for s in world.scores()]
    out = text(summarise(scores))
    assert "[bold]x[/bold]: 6 documents" in out
    assert "[red]good" in out
    assert "\x1b" not in out


def test_long_names_and_many_engines_fit(world: Any) -> None:
    score = world.scores()[0]
    scores = [replace(score, engine=f"engine-with-a-very-long-name-{n}-paddle") for n in range(12)]
    out = text(summarise(scores))
    assert all(len(line) <= 100 for line in out.splitlines())
    assert "of 66 pairs of engines are told apart" in out


def test_a_terminal_gets_colours(world: Any) -> None:
    out = io.StringIO()
    show(summarise(world.scores()), Console(file=out, force_terminal=True, width=100))
    assert "\x1b[1m" in out.getvalue()
