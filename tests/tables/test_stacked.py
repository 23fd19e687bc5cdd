from __future__ import annotations

import pytest
from drawing import page, word

from biaoge.model import Ruling, RulingOrigin
from biaoge.tables.ruled import find


def open_sided(top: float, rows: int, cuts: list[float]) -> list[Ruling]:
    """Rows 20 points high from x 50 to 350 with inner columns only."""
    across = [Ruling("h", top + 20 * i, 50, 350) for i in range(rows + 1)]
    return across + [Ruling("v", x, top, top + 20 * rows) for x in cuts]


def test_a_section_row_does_not_part_an_open_sided_table() -> None:
    rulings = [Ruling("h", 100, 50, 350), *open_sided(120, 2, [150, 250]), *open_sided(180, 2, [150])]
    words = [word("section", 60, 105), word("other", 60, 165)]
    words += [word("7", x, y) for x in (60, 160, 260) for y in (125, 145)]
    words += [word("8", x, y) for x in (60, 160) for y in (185, 205)]
    (piece,) = find(page(rulings, words))
    assert (piece.table.n_rows, piece.table.n_cols) == (6, 3)
    assert [c.text for c in piece.table.cells if c.colspan == 3] == ["section", "other"]


def test_a_caption_parts_two_open_sided_tables() -> None:
    rulings = [*open_sided(120, 2, [150, 250]), *open_sided(188, 2, [150, 250])]
    words = [word("caption", 60, 166, size=13)]
    words += [word("7", x, y) for x in (60, 160, 260) for y in (125, 145, 193, 213)]
    assert len(find(page(rulings, words))) == 2


def test_closed_tables_one_under_the_other_stay_two() -> None:
    rulings = [*open_sided(120, 2, [50, 200, 350]), *open_sided(170, 2, [50, 200, 350])]
    words = [word("7", x, y) for x in (60, 210) for y in (125, 145, 175, 195)]
    assert len(find(page(rulings, words))) == 2


@pytest.mark.parametrize(("origin", "tables"), [("pixel", 1), ("line", 2)])
def test_ends_seen_in_pixels_may_be_frayed(origin: RulingOrigin, tables: int) -> None:
    rulings = [*open_sided(120, 2, [150, 250]), *open_sided(180, 2, [150])]
    rulings = [Ruling(r.axis, r.at, r.start, r.end, origin=origin) for r in rulings[:-1]]
    rulings += [Ruling("h", 220, 50, 354.5, origin=origin), Ruling("v", 150, 180, 220, origin=origin)]
    words = [word("other", 60, 165)]
    words += [word("7", x, y) for x in (60, 160, 260) for y in (125, 145)]
    words += [word("8", x, y) for x in (60, 160) for y in (185, 205)]
    assert len(find(page(rulings, words))) == tables
