from __future__ import annotations

from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st
from tilings import plain, tables

from biaoge.eval.metrics.cells import score
from biaoge.eval.metrics.silence import SURE, silence
from biaoge.eval.results import Silence
from biaoge.model import Table


@settings(max_examples=60, deadline=None)
@given(tables(), tables(), st.sets(st.tuples(st.integers(0, 4), st.integers(0, 4))), st.booleans())
def test_wrong_cells_are_those_not_matched(
    found: Table, true: Table, doubted: set[tuple[int, int]], blanks: bool
) -> None:
    got = silence(found, true, frozenset(doubted), blanks)
    counts = score(found, true, "folded", blanks)
    assert (got.cells, got.wrong) == (counts.predicted, counts.predicted - counts.matched)
    assert got.silent <= got.wrong
    everywhere = frozenset((c.row, c.col) for c in found.cells)
    assert silence(found, true, everywhere, blanks).silent == 0
    unread = sum(c.text is None for c in found.cells)
    assert silence(found, true, frozenset(), blanks).silent == got.wrong - unread


def test_a_finding_doubt_or_an_unread_cell_breaks_the_silence() -> None:
    true, found = plain("a|b|c|d|e"), plain("a|x|x|x|x")
    sure = (1, 1, SURE, SURE - 0.01, 1)
    cells = [replace(c, confidence=p) for c, p in zip(found.cells, sure, strict=True)]
    cells[4] = replace(cells[4], text=None)
    got = silence(replace(found, cells=tuple(cells)), true, frozenset({(0, 1)}))
    assert got == Silence(cells=5, wrong=4, silent=1)
    assert got.rate == 1 / 5


def test_whole_tables() -> None:
    assert silence(None, plain("a|b"), frozenset()) == Silence(0, 0, 0)
    assert silence(plain("a|b"), None, frozenset()) == Silence(2, 2, 2)
    assert silence(plain("a|"), None, frozenset(), blanks=False) == Silence(1, 1, 1)
    assert silence(None, None, frozenset()).rate == 0
