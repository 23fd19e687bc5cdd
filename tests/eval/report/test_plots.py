"""The plots: the same bytes every time, nothing from outside, and nothing where there is nothing to show."""

from __future__ import annotations

import re
import sys
from dataclasses import replace
from typing import Any
from xml.etree import ElementTree

import pytest

from biaoge.errors import MissingExtra
from biaoge.eval.report import plots
from biaoge.eval.report.summary import Board, summarise

NAMES = ("good", "bad")


@pytest.fixture(scope="module")
def board(world: Any) -> Board:
    return summarise(world.scores()).boards[0]


@pytest.mark.parametrize("draw", [plots.by_slice, plots.calibration, plots.speed])
def test_every_plot_names_its_engines_and_is_whole(draw: Any, board: Board) -> None:
    svg = draw(board, plots.styles(NAMES))
    ElementTree.fromstring(
        svg.replace("<svg", '<svg xmlns:xlink="http://www.w3.org/1999/xlink"', 1) if "xmlns:xlink" not in svg else svg
    )
    assert ">good<" in svg
    assert ">bad<" in svg
    assert "currentColor" in svg
    assert not re.search(r'(href|src)="(?!#)', svg)


def test_the_same_board_gives_the_same_bytes(board: Board) -> None:
    style = plots.styles(NAMES)
    assert plots.speed(board, style) == plots.speed(board, style)


def test_versions_of_a_set_share_a_plot(board: Board) -> None:
    style = plots.styles(NAMES)
    assert plots.by_degradation([board], style) is None
    svg = plots.by_degradation([board, replace(board, name="hand@heavy")], style)
    assert svg is not None
    assert ">heavy<" in svg
    assert ">original<" in svg


def test_without_anything_to_show_there_is_no_plot(board: Board) -> None:
    style = plots.styles(NAMES)
    assert plots.by_slice(replace(board, slices=()), style) is None
    assert plots.calibration(replace(board, rows=()), style) is None
    assert plots.speed(replace(board, rows=()), style) is None


def test_ids_are_made_unique(board: Board) -> None:
    svg = plots.speed(board, plots.styles(NAMES)) or ""
    one, two = plots.unique(svg, "a-"), plots.unique(svg, "b-")
    ids = re.findall(r'\bid="([^"]*)"', one)
    assert ids
    assert set(ids).isdisjoint(re.findall(r'\bid="([^"]*)"', two))
    for used in re.findall(r'(?:xlink:href="|url\()#([^")]*)', one):
        assert used in ids


def test_many_engines_look_different() -> None:
    style = plots.styles([str(n) for n in range(30)])
    assert len(set(style.values())) == 30


def test_without_matplotlib_the_extra_is_named(board: Board, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "matplotlib", None)
    with pytest.raises(MissingExtra, match=r"pip install \"biaoge\[report\]\""):
        plots.speed(board, plots.styles(NAMES))
