from __future__ import annotations

from dataclasses import replace

from drawing import page, word

from biaoge.model import Ruling
from biaoge.tables.ruled import find


def box(ys: list[float], xs: list[float], inner: float) -> list[Ruling]:
    """Rows at `ys`; columns at `xs` ruled down to `inner` only, the outer ones down to the end."""
    rulings = [Ruling("h", y, xs[0], xs[-1]) for y in ys]
    rulings += [Ruling("v", x, ys[0], inner) for x in xs[1:-1]]
    return rulings + [Ruling("v", x, ys[0], ys[-1]) for x in (xs[0], xs[-1])]


XS = [50.0, 150.0, 220.0, 290.0]


def test_columns_ruled_in_the_header_go_on_below() -> None:
    rulings = box([50, 70, 90, 110, 130], XS, inner=70)
    words = [word(t, x + 5, 55) for t, x in zip(("name", "one", "two"), XS, strict=False)]
    words += [word(f"{r}{c}", x + 5, 75 + 20 * r) for r in range(3) for c, x in enumerate(XS[:3])]
    (piece,) = find(page(rulings, words))
    assert piece.table.texts() == [["name", "one", "two"], *[[f"{r}{c}" for c in range(3)] for r in range(3)]]


def test_a_merged_row_stays_merged() -> None:
    rulings = box([50, 70, 90, 110, 130], XS, inner=70) + [Ruling("v", x, 90, 130) for x in XS[1:3]]
    words = [word("name", 55, 55), word("one", 155, 55), word("two", 225, 55), word("section", 55, 75)]
    words += [word("7", x + 5, 95 + 20 * r) for r in range(2) for x in XS[:3]]
    (piece,) = find(page(rulings, words))
    assert [(c.text, c.colspan) for c in piece.table.cells if c.row == 1] == [("section", 3)]


def test_a_gap_beside_a_recognised_bracket_parts_no_merged_row() -> None:
    rulings = box([50, 70, 90, 110, 130, 150, 170], XS, inner=70)
    sections = [word("第二十条第", 108, 55 + 20 * r, 7.8) for r in range(6)]
    brackets = [word("(一)项", 155, 55 + 20 * r, 7.8) for r in range(6)]
    words = [replace(w, source="ocr") for w in (*sections, *brackets)]
    (recognised,) = find(page(rulings, words))
    assert [(c.text, c.colspan) for c in recognised.table.cells if c.row] == [("第二十条第 (一)项", 3)] * 5
    (printed,) = find(page(rulings, [replace(w, source="text") for w in words]))
    assert {c.colspan for c in printed.table.cells if c.row} != {3}


def test_a_body_without_rules_is_parted_into_its_lines() -> None:
    rulings = box([50, 70, 150], XS, inner=150)
    words = [word(t, x + 5, 55) for t, x in zip(("name", "one", "two"), XS, strict=False)]
    for r, (name, a, b) in enumerate([("x", "1", "2"), ("y", "3", "4"), ("z", "5", "6"), ("sum", "9", "12")]):
        words += [word(t, x + 5, 74 + 16 * r) for t, x in zip((name, a, b), XS, strict=False)]
    (piece,) = find(page(rulings, words))
    assert [finding.kind for finding in piece.findings] == ["implied-edges"]
    assert piece.table.texts()[1:] == [["x", "1", "2"], ["y", "3", "4"], ["z", "5", "6"], ["sum", "9", "12"]]


def test_cells_of_several_lines_stay_whole() -> None:
    rulings = box([50, 70, 150], XS, inner=150)
    words = [word(t, x + 5, 55) for t, x in zip(("name", "remark", "n"), XS, strict=False)]
    for r in range(4):
        words += [word("prose", XS[0] + 5, 74 + 16 * r), word("more", XS[1] + 5, 74 + 16 * r)]
    words.append(word("7", XS[2] + 5, 100))
    (piece,) = find(page(rulings, words))
    assert piece.table.n_rows == 2
    assert piece.findings == ()
