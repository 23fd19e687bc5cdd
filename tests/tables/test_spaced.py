"""Tables read from white space: any drawn table comes back cell by cell; what is no table yields none."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from white import PITCH, PROSE, SIZE, draw, justified, page, put, span, tables, texts, width

from biaoge.errors import BiaogeError
from biaoge.model import Box, Page, Ruling, Word
from biaoge.tables.camelot_first import camelot_first
from biaoge.tables.prose import contents
from biaoge.tables.spaced import FirstGrid, find, fit, look
from biaoge.tables.spaced_columns import settle
from biaoge.tables.spaced_lines import em_of, lines_of


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(rows=tables(), gap=st.floats(12, 30), x=st.floats(20, 60))
def test_a_drawn_table_comes_back_cell_by_cell(rows: list[list[str]], gap: float, x: float) -> None:
    (table,) = find(page(draw(rows, x=x, gap=gap)))
    assert texts(table) == rows
    assert (table.kind, table.header_rows, table.stub_cols) == ("spaced", 1, 1)
    assert [cell.role for cell in table.grid()[0]] == ["corner"] + ["column_header"] * (len(rows[0]) - 1)


@settings(max_examples=25, deadline=None)
@given(rows=tables())
def test_cells_hold_their_words_and_tile_the_part(rows: list[list[str]]) -> None:
    words = draw(rows)
    (table,) = find(page(words))
    assert sorted(w.box for cell in table.cells for w in cell.words) == sorted(w.box for w in words)
    for cell in table.cells:
        (region,) = cell.regions
        assert all(region.box.grown(0.01).holds(w.box.cx, w.box.cy) for w in cell.words)
    part = table.parts[0]
    assert part.rows == (0, table.n_rows - 1)
    assert sum(c.regions[0].box.area for c in table.cells) == pytest.approx(part.box.area, rel=1e-6)


ROWS = [
    ["Region", "Schools", "Pupils", "Teachers"],
    ["North", "120", "35,210", "1,904"],
    ["South", "98", "30,004", "1,511"],
    ["East", "143", "41,877", "2,260"],
    ["West", "77", "19,450", "1,003"],
]


def test_a_header_over_several_columns_spans_them() -> None:
    words = draw(ROWS[1:], y=130)
    lines = [w for w in words if w.box.top == 130]
    right = lines[-1].box.x1
    words += put(60, 115, "Region")
    for word, text in zip(lines[1:], ["Schools", "Pupils", "Staff"], strict=True):
        words += put(word.box.cx - width(text) / 2, 115, text)
    middle = (lines[2].box.x0 + right) / 2
    words += put(middle - span("In thousands") / 2, 100, "In thousands")
    (table,) = find(page(words))
    assert (table.n_rows, table.header_rows) == (6, 2)
    over = next(c for c in table.cells if c.text == "In thousands")
    assert (over.row, over.col, over.colspan) == (0, 2, 2)
    assert table.column_paths()[2] == ("In thousands", "Pupils")
    region = next(c for c in table.cells if c.text == "Region")
    assert (region.row, region.rowspan) == (0, 2)


def test_a_currency_sign_is_no_column() -> None:
    words: list[Word] = []
    for r, (name, a, b) in enumerate(
        [("Net", "12", "18"), ("Gross", "140", "155"), ("Other", "7", "3"), ("All", "9", "8")]
    ):
        y = 100 + r * PITCH
        words += put(60, y, name) + put(150, y, "$") + put(200 - width(a), y, a)
        words += put(250, y, "$") + put(300 - width(b), y, b)
    (table,) = find(page(words))
    assert table.n_cols == 3
    assert texts(table)[0] == ["Net", "$ 12", "$ 18"]


def test_a_wrapped_stub_is_one_row() -> None:
    words = draw(
        [
            ["Schools of the northern districts", "1", "2"],
            ["Churches", "3", "4"],
            ["Mills", "5", "6"],
            ["Inns", "7", "8"],
        ]
    )
    first, low = [w for w in words if w.box.top == 100], [w for w in words if w.box.top > 100]
    down = [replace(w, box=Box(w.box.x0, w.box.top + 12, w.box.x1, w.box.bottom + 12)) for w in low]
    words = [*first, *put(66, 111, "and islands"), *down]
    (table,) = find(page(words))
    assert texts(table)[0] == ["Schools of the northern districts and islands", "1", "2"]
    assert table.n_rows == 4


def test_rules_above_and_below_make_a_table_of_words() -> None:
    rows = [["Animal", "Voice", "Food"], ["Cat", "Meow", "Fish"], ["Dog", "Woof", "Bones"], ["Cow", "Moo", "Grass"]]
    words = draw(rows)
    right = max(w.box.x1 for w in words)
    rules = [Ruling("h", y, 60, right) for y in (97, 112, 157)]
    (table,) = find(page(words, rules))
    assert texts(table) == rows
    assert table.header_rows == 1


def test_words_of_ruled_tables_are_left_alone() -> None:
    words = draw(ROWS)
    box = Box.around(w.box for w in words)
    assert find(page(words), [box.grown(2)]) == ()
    inner = Box(box.x0 + 60, box.top, box.x1, box.bottom).grown(1)
    assert find(page(words), [inner]) == ()


def test_a_table_stands_beside_prose_above_and_below() -> None:
    words = justified(PROSE[:400], 60, 60, 460) + draw(ROWS, y=200) + justified(PROSE[:400], 60, 320, 460)
    (table,) = find(page(words))
    assert texts(table) == ROWS


def test_the_first_reading_is_asked_only_where_a_table_stands() -> None:
    asked: list[Sequence[Box]] = []

    def first(_: Page, regions: Sequence[Box]) -> list[FirstGrid | None]:
        asked.append(regions)
        return [None] * len(regions)

    assert not look(page(justified(PROSE, 60, 80, 460)), (), first).asked
    assert asked == []
    found = look(page(draw(ROWS)), (), first)
    assert (found.asked, found.answered, len(asked), len(asked[0])) == (True, True, 1, 1)
    assert texts(found.tables[0]) == ROWS


def test_without_an_answer_the_columns_are_our_own() -> None:
    found = look(page(draw(ROWS)), (), lambda _page, _regions: None)
    assert (found.asked, found.answered) == (True, False)
    assert texts(found.tables[0]) == ROWS


def test_a_first_reading_that_fits_worse_is_not_taken() -> None:
    words = draw(ROWS)
    box = Box.around(w.box for w in words)
    bad = FirstGrid((box.x0, box.x0 + 20, box.x1), (box.top, box.bottom))
    found = look(page(words), (), lambda _page, _regions: [bad])
    assert texts(found.tables[0]) == ROWS
    assert found.tables[0].confidence < find(page(words))[0].confidence or found.tables[0].confidence == 0.5


def test_fit_counts_cut_and_crowded_segments() -> None:
    words = draw(ROWS)
    lines = lines_of(words, em_of(words))
    splits = settle(lines, em_of(words))
    assert fit(lines, splits) == 1.0
    assert fit(lines, splits[1:]) < 0.8
    assert fit(lines, [*splits[:1], splits[0] + 25]) < 0.9


def test_camelot_gives_the_columns_from_our_words() -> None:
    words = draw(ROWS)
    box = Box.around(w.box for w in words)
    (grid,) = camelot_first(page(words), [box.grown(1)]) or [None]
    assert grid is not None
    assert len(grid.cols) == 5
    assert len(grid.rows) == 6
    assert all(a < b for a, b in pairwise(grid.rows))
    assert box.top - 1 <= grid.rows[0] <= grid.rows[-1] <= box.bottom + 1


def test_camelot_gives_up_in_peace() -> None:
    assert camelot_first(page(put(60, 80, "alone")), [Box(0, 0, 300, 300), Box(400, 400, 500, 500)]) == [None, None]


def test_without_camelot_there_is_no_first_reading(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "camelot.parsers.network", None)
    found = look(page(draw(ROWS)), (), camelot_first)
    assert (found.asked, found.answered) == (True, False)
    assert texts(found.tables[0]) == ROWS


def test_nothing_heavy_is_imported_for_a_page_of_prose() -> None:
    code = (
        "import sys; from biaoge.model import Page, Word, Box; from biaoge.tables.spaced import find;"
        "from biaoge.tables.camelot_first import camelot_first;"
        "words = tuple(Word('a', Box(x, y, x + 5, y + 10)) for x in (10, 17) for y in (0, 14, 28, 42));"
        "find(Page(1, 595, 842, words=words), (), camelot_first);"
        "print(sorted({'camelot', 'cv2', 'pandas', 'numpy'} & set(sys.modules)))"
    )
    out = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert out.stdout.strip() == "[]"


def test_contents_need_rising_pages() -> None:
    def entries(pages: Sequence[int]) -> list[Word]:
        return [
            w for k, p in enumerate(pages) for w in put(60, 80 + k * PITCH, "Deeds") + put(400, 80 + k * PITCH, str(p))
        ]

    assert contents(lines_of(entries([1, 4, 9, 30]), SIZE))
    assert not contents(lines_of(entries([1, 4, 3, 30]), SIZE))


@pytest.mark.parametrize("name", ["us-017", "us-018", "eu-006", "us-003"])
def test_real_tables_without_rulings(data: Path, name: str) -> None:
    import json

    from biaoge.ingest.pdf import open_pdf
    from biaoge.tables import ruled

    truths = [json.loads(p.read_text()) for p in sorted((data / "icdar2013" / "gt").glob(f"{name}_t*.json"))]
    assert truths
    judged = 0
    with open_pdf(data / "icdar2013" / "files" / f"{name}.pdf") as reader:
        for truth in truths:
            shown = reader.page(truth["page"])
            occupied = [piece.box for piece in ruled.find(shown)]
            box = Box(*truth["bbox"])
            if any(o.overlap(box) > 0.5 * box.area for o in occupied):
                continue
            judged += 1
            found = max(find(shown, occupied), key=lambda t: t.parts[0].box.overlap(box))
            expected = {(c["row"], c["col"], "".join(c["text"].split())) for c in truth["cells"] if c["text"].strip()}
            got = {(c.row, c.col, "".join((c.text or "").split())) for c in found.cells if c.text}
            assert len(expected & got) >= 0.97 * max(len(expected), len(got)), truth["id"]
    assert judged


@pytest.mark.parametrize("name", ["cn_pdfs/files", "govcn_xxgk/pdfs"])
def test_ruled_reports_have_none(data: Path, name: str) -> None:
    from biaoge.ingest.pdf import open_pdf
    from biaoge.tables import ruled

    seen = 0
    for path in sorted((data / name).glob("*.pdf")):
        try:
            reader = open_pdf(path)
        except BiaogeError:
            continue
        with reader:
            for number in range(1, min(reader.n_pages, 12) + 1):
                shown = reader.page(number)
                assert find(shown, [piece.box for piece in ruled.find(shown)]) == (), (path.name, number)
                seen += 1
    assert seen


def test_centred_cells_of_a_wrapped_row_are_one_row() -> None:
    words = draw(ROWS)
    words = [replace(w, box=Box(w.box.x0, w.box.top * 1.5, w.box.x1, w.box.top * 1.5 + SIZE)) for w in words]
    y = max(w.box.top for w in words) + 27
    words += put(60, y - 6, "Isles and") + put(60, y + 6, "islets")
    for c, text in enumerate(["12", "3,100", "1,000"], start=1):
        right = max(w.box.x1 for w in words if w.text == ROWS[1][c])
        words += put(right - width(text), y, text)
    (table,) = find(page(words))
    assert texts(table) == [*ROWS, ["Isles and islets", "12", "3,100", "1,000"]]
