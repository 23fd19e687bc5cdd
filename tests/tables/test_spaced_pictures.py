"""Tables without rulings as papers set them: shares beside figures, long names, header levels, pictures cut out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pytest
from white import PITCH, PROSE, draw, justified, page, put, span, texts

from biaoge.model import Box, Page, Ruling, Table, Word
from biaoge.tables.spaced import find
from biaoge.tables.spaced_lines import em_of, is_number, lines_of


def cut_out(words: Sequence[Word], margin: float, rulings: Sequence[Ruling] = ()) -> tuple[Table, ...]:
    """The tables of a picture of these words with so much white around them."""
    box = Box.around(w.box for w in words)
    dx, dy = margin - box.x0, margin - box.top
    moved = tuple(replace(w, box=Box(w.box.x0 + dx, w.box.top + dy, w.box.x1 + dx, w.box.bottom + dy)) for w in words)
    lines = tuple(replace(r, at=r.at + dy, start=r.start + dx, end=r.end + dx) for r in rulings)
    return find(Page(1, box.width + 2 * margin, box.height + 2 * margin, words=moved, rulings=lines))


@pytest.mark.parametrize("text", ["12 (4.5%)", "0.12 ± 0.016", "31.55 to 47.12", "0.39** (1.11)", "220 [55.8%]"])
def test_a_figure_with_its_share_or_spread_is_one(text: str) -> None:
    words = put(60, 100, text)
    # A little wider than a space, as figures of one entry may stand in narrow print.
    apart = [replace(w, box=Box(w.box.x0 + n * 2, 100, w.box.x1 + n * 2, 110)) for n, w in enumerate(words)]
    (line,) = lines_of(apart, em_of(apart))
    assert [s.text for s in line.segments] == [text]
    assert is_number(text)


@pytest.mark.parametrize("text", ["12 (a)", "0.5 m to 3", "about 12"])
def test_words_are_no_figures(text: str) -> None:
    assert not is_number(text)


def test_columns_of_figures_in_brackets_stay_columns() -> None:
    (left, right) = put(60, 100, "(12.5)"), put(60 + span("(12.5)") + 5, 100, "(13.5)")
    (line,) = lines_of([*left, *right], 10)
    assert len(line.segments) == 2


def sentences(*rows: tuple[str, str, str, str]) -> list[Word]:
    """Rows whose names take two lines each."""
    words: list[Word] = []
    for r, (upper, lower, one, two) in enumerate(rows):
        y = 100 + r * 30
        words += [*put(60, y, upper), *put(60, y + 12, lower), *put(330, y, one), *put(400, y, two)]
    return words


def test_long_names_of_rows_of_figures_are_no_prose() -> None:
    rows = [
        (f"The treatment with drug {n} is the most", "effective way to heal what ails them", f"{n}.5", f"3{n}.1")
        for n in range(1, 8)
    ]
    (table,) = find(page(sentences(*rows)))
    assert table.n_rows == 7
    assert texts(table)[0] == [f"{rows[0][0]} {rows[0][1]}", "1.5", "31.1"]


def test_prose_beside_figures_is_no_table_of_names() -> None:
    words = justified(PROSE, 60, 100, 260)
    for n in range(18):
        words += [*put(360, 100 + n * PITCH, f"{n}.5"), *put(430, 100 + n * PITCH, f"7{n}")]
    assert all(table.parts[0].box.x0 > 300 for table in find(page(words)))


ROWS = [
    ["", "bad", "fair", "good", "bad", "fair", "good"],
    *([f"Item {n}", f"{n}.1", "12", f"2{n}", "9", f"1{n}.7", "31"] for n in range(1, 7)),
]


def test_two_headers_over_one_ruling_share_its_columns() -> None:
    words = draw(ROWS)
    heads = sorted((w for w in words if w.box.top == 100), key=lambda w: w.box.x0)
    for group, text in ((heads[:2], "Doctors"), (heads[2:], "Patients")):
        middle = (group[0].box.x0 + group[-1].box.x1) / 2
        words += put(middle - span(text) / 2, 84, text)
    rules = [Ruling("h", 97, heads[0].box.x0, heads[-1].box.x1)]
    (table,) = find(page(words, rules))
    assert [(c.text, c.col, c.colspan) for c in table.cells if c.row == 0 and c.text] == [
        ("Doctors", 1, 2),
        ("Patients", 3, 4),
    ]
    assert table.header_rows == 2


def test_a_header_far_above_belongs_where_a_ruling_beneath_it_says_so() -> None:
    words = draw(ROWS)
    heads = sorted((w for w in words if w.box.top == 100), key=lambda w: w.box.x0)
    words += put((heads[0].box.x0 + heads[2].box.x1) / 2 - span("Doctors") / 2, 72, "Doctors")
    (table,) = find(page(words, [Ruling("h", 90, heads[0].box.x0, heads[2].box.x1)]))
    assert table.header_rows == 2
    (without,) = find(page(words))
    assert without.header_rows == 1


def test_header_lines_end_at_the_only_ruling() -> None:
    words = draw(ROWS[1:], y=150)
    left, right = 60, max(w.box.x1 for w in words)
    for col, text in enumerate(("n", "low", "mid", "top", "sum", "end")):
        x = sorted((w for w in words if w.box.top == 150), key=lambda w: w.box.x0)[col + 2].box.x0
        words += put(x, 112, text)
    words += put(130, 124, "of all")
    words += put(130, 136, "in per")
    (table,) = find(page(words, [Ruling("h", 148, left, right)]))
    assert texts(table)[table.header_rows][0] == "Item 1"


def test_rows_of_figures_above_the_only_ruling_are_no_headers() -> None:
    words = draw(ROWS)
    right = max(w.box.x1 for w in words)
    (table,) = find(page(words, [Ruling("h", 100 + 2 * PITCH - 2, 60, right)]))
    assert table.header_rows <= 2
    (table,) = find(page(words, [Ruling("h", 100 + 3 * PITCH - 2, 60, right)]))
    assert table.header_rows == 1


@pytest.mark.parametrize(("margin", "found"), [(8, 1), (70, 0)])
def test_columns_that_are_all_of_a_picture_are_a_table(margin: float, found: int) -> None:
    words = draw([["Trait", "Number", "Mean", "Deviation"], ["SCS", "1058", "0.10", "0.38"]])
    assert len(cut_out(words, margin)) == found


def test_a_picture_of_prose_is_none() -> None:
    assert cut_out(justified(PROSE, 60, 100, 300), 8) == ()


def test_a_picture_of_prose_in_columns_is_none() -> None:
    assert cut_out([*justified(PROSE, 60, 100, 200), *justified(PROSE, 290, 100, 200)], 8) == ()


def test_a_unit_beneath_several_headers_has_a_row_of_its_own() -> None:
    words = draw(
        [["Complaint", *"ABCDEF"], *([f"Item {n}", *(f"{n}{c}.5" for c in range(6))] for n in range(7))], y=150
    )
    heads = sorted((w for w in words if w.box.top == 150), key=lambda w: w.box.x0)
    up = [replace(w, box=Box(w.box.x0, 130, w.box.x1, 140)) for w in heads]
    words = [*(w for w in words if w.box.top > 150), *up]
    left, right = heads[1].box.x0 - 20, heads[-1].box.x1
    unit = "share of each of them"
    words += put((left + right) / 2 - span(unit) / 2, 147, unit)
    rules = [Ruling("h", 143, left, right), Ruling("h", 160, 60, right)]
    (table,) = find(page(words, rules))
    assert table.header_rows == 2
    assert [(c.text, c.row, c.col, c.colspan) for c in table.cells if c.text == unit] == [(unit, 1, 1, 6)]


def test_a_last_entry_goes_on_below_its_row_where_others_do() -> None:
    rows = [(f"Drug {n} is the most", "effective way to heal", f"{n}.5", f"3{n}.1") for n in range(1, 8)]
    (table,) = find(page(sentences(*rows)))
    assert texts(table)[-1][0] == "Drug 7 is the most effective way to heal"
    prose = put(60, 100 + 6 * 30 + 24, "and so it was with all of them")
    (table,) = find(page([*sentences(*rows), *prose]))
    assert texts(table)[-1][0].startswith("Drug 7 is the most effective way to heal")
