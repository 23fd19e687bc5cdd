"""The leaderboards as Markdown: the same figures, and what is in a name is not Markdown."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from biaoge.eval.report.markdown import COLUMNS, markdown
from biaoge.eval.report.summary import summarise


def test_it_holds_the_figures_in_tables_that_are_tables(world: Any) -> None:
    out = markdown(summarise(world.scores()))
    rows = [line for line in out.splitlines() if line.startswith("|")]
    assert {line.count("|") for line in rows} == {len(COLUMNS) + 2}
    good = next(line for line in rows if line.startswith("| good"))
    assert [part.strip() for part in good.split("|")[2:4]] == ["5/6", "0.944"]
    assert "Documents: 6; labelled tables: 6" in out
    assert "silent: wrong cells" in out


def test_names_are_no_markdown(world: Any) -> None:
    scores = [replace(s, name="a|b\n# c", engine=f"<b>*{s.engine}*|") for s in world.scores()]
    out = markdown(summarise(scores))
    assert "### a\\|b # c" in out
    assert "\\<b>\\*good\\*\\| |" in out
    assert not any(line.startswith("# ") for line in out.splitlines())
