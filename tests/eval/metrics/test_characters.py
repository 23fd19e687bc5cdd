from __future__ import annotations

from hypothesis import given, settings
from tilings import plain, tables

from biaoge.eval.metrics.characters import characters
from biaoge.eval.metrics.levels import at_level
from biaoge.eval.results import Edits
from biaoge.model import Cell, Table


def distance(a: str, b: str) -> int:
    """Levenshtein distance, as it is defined."""
    if not a or not b:
        return len(a) + len(b)
    return min(distance(a[1:], b) + 1, distance(a, b[1:]) + 1, distance(a[1:], b[1:]) + (a[0] != b[0]))


@settings(max_examples=60, deadline=None)
@given(tables(), tables())
def test_edits_agree_with_the_definition(a: Table, b: Table) -> None:
    texts = [{(c.row, c.col): c.text for c in table.cells} for table in (a, b)]
    edits = total = 0
    for place in {**texts[0], **texts[1]}:
        found, wanted = at_level(texts[0].get(place) or "", "space"), at_level(texts[1].get(place) or "", "space")
        if place not in texts[1] or texts[1][place] is not None:
            edits += distance(found, wanted)
            total += len(wanted)
    assert characters(a, b) == Edits(edits, total)


def test_missing_extra_unread_and_moved_texts() -> None:
    true = plain("abc|de", "f|")
    assert characters(true, true) == Edits(0, 6)
    assert characters(None, true) == Edits(6, 6)
    assert characters(true, None) == Edits(6, 0)
    assert characters(None, None) == Edits()
    assert characters(plain("a b\u3000c|de", "f|"), true) == Edits(0, 6)
    assert characters(plain("abd|de", "f|x"), true) == Edits(2, 6)
    assert characters(plain("abc|de", "|f"), true) == Edits(2, 6)
    unread = Table(1, 1, (Cell(0, 0, None),))
    assert characters(unread, plain("ab")) == Edits(2, 2)
    assert characters(plain("ab"), unread) == Edits(0, 0)
