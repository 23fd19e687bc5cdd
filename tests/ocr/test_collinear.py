from collections.abc import Sequence

import numpy as np
import pytest

from biaoge.ocr.collinear import anchored, collinear
from biaoge.ocr.strokes import Field, Piece, field_of, fitted, pieces

SCALE = 200 / 72
ACROSS = (Piece(0.0, 400.0, 40.5, 40.5, 60.0), Piece(0.0, 400.0, 260.5, 260.5, 60.0))


def _drawn(parts: Sequence[tuple[int, int, int]]) -> tuple[Field, list[Piece]]:
    """A field with pale strokes, two pixels thick, (row, first and last column), between lines at columns 40, 260."""
    grey = np.full((300, 400), 255, np.uint8)
    for row, first, last in parts:
        grey[row : row + 2, first:last] = 205
    found = field_of(grey, SCALE)
    return found, fitted(found, pieces(found, found.floor))


def test_pieces_from_line_to_line_are_a_ruling() -> None:
    found, strokes = _drawn([(100, 40, 94), (100, 104, 155), (100, 165, 260)])
    assert collinear(found, strokes, [], ACROSS, 9.0) == strokes
    assert len(strokes) == 3


@pytest.mark.parametrize(
    "parts",
    [
        [(100, 40, 94), (110, 104, 155), (100, 165, 260)],  # one aside
        [(100, 70, 124), (100, 134, 185)],  # away from the lines
        [(100, 40, 94), (100, 206, 260)],  # too far from one another
    ],
)
def test_other_pieces_are_none(parts: list[tuple[int, int, int]]) -> None:
    found, strokes = _drawn(parts)
    assert strokes
    assert collinear(found, strokes, [], ACROSS, 9.0) == []


def test_what_is_known_already_or_too_pale_is_left_out() -> None:
    found, strokes = _drawn([(100, 40, 94), (100, 104, 155), (100, 165, 260)])
    assert collinear(found, strokes, [Piece(40.0, 200.0, 101.0, 101.0, 60.0)], ACROSS, 9.0) == []
    assert collinear(found, strokes, [], ACROSS, 200.0) == []


def test_strokes_that_touch_lines_and_go_over_one_are_a_ruling() -> None:
    found, strokes = _drawn([(100, 40, 94), (100, 150, 190)])
    assert len(strokes) == 2
    middle = Piece(0.0, 400.0, 170.5, 170.5, 60.0)
    assert anchored(found, strokes, [], (*ACROSS, middle), 9.0) == strokes
    assert anchored(found, strokes, [], ACROSS, 9.0) == []  # one hangs free
    below = Piece(0.0, 400.0, 188.5, 188.5, 60.0)
    assert anchored(found, strokes, [], (*ACROSS, below), 9.0) == []  # none goes over a line, as letters do not
    assert anchored(found, strokes, [], (*ACROSS, middle), 200.0) == []  # too pale


def test_most_of_the_way_from_line_to_line_may_be_pale() -> None:
    parts = [(100, 40, 110), (100, 140, 200), (100, 215, 260)]
    found, strokes = _drawn(parts)
    assert collinear(found, strokes, [], ACROSS, 9.0) == []
    assert anchored(found, strokes, [], ACROSS, 200.0) == strokes
    known = Piece(280.0, 380.0, 101.0, 101.0, 60.0)
    assert anchored(found, strokes, [known], ACROSS, 200.0) == []  # a line's own course tells what is left of it
    found, strokes = _drawn([*parts[:2], (100, 240, 300)])
    assert anchored(found, strokes, [], ACROSS, 200.0) == []  # it goes on beyond: the other side shows through


def test_one_pale_stroke_from_line_to_line_is_a_ruling_where_it_is_longer_than_letters() -> None:
    found, strokes = _drawn([(100, 42, 258)])
    assert anchored(found, strokes, [], ACROSS, 200.0) == strokes
    near = (ACROSS[0], Piece(0.0, 400.0, 100.5, 100.5, 60.0))
    found, strokes = _drawn([(100, 42, 98)])
    assert anchored(found, strokes, [], near, 200.0) == []
