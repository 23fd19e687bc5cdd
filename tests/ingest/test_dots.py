from __future__ import annotations

from biaoge.ingest.graphics import join_dots


def dots(times: int) -> list[tuple[float, float, float, float]]:
    """Squares of 0.75 points, 1.5 apart, along y 100, each drawn `times` over."""
    return [(x, 100.0, x + 0.75, 100.75) for x in (50 + 1.5 * i for i in range(40)) for _ in range(times)]


def test_a_dotted_line_is_one_piece() -> None:
    (piece,), rest = join_dots([], dots(1))
    assert (piece.axis, piece.start, piece.end) == ("h", 50, 109.25)
    assert rest == []


def test_a_dotted_line_drawn_for_both_cells_is_one_piece() -> None:
    (piece,), rest = join_dots([], dots(2))
    assert (piece.start, piece.end) == (50, 109.25)
    assert rest == []


def test_two_dots_drawn_over_and_over_are_no_line() -> None:
    pieces, rest = join_dots([], dots(4)[:8])
    assert pieces == []
    assert len(rest) == 8
