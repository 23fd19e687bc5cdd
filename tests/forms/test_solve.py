from __future__ import annotations

from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st
from tilings import plain

from biaoge.facts import Identity, Place
from biaoge.forms.checks import check, findings
from biaoge.forms.solve import Mended, mend
from biaoge.model import Alternative, Box, Cell, Source, Table, Word

ROWS, COLS = 3, 3
"""Of the parts; a column and a row of totals come after them."""


def table_of(numbers: list[int], source: Source = "ocr", confidence: float = 0.995) -> Table:
    """A square of parts with totals right and below, with nothing else."""
    body = [numbers[r * COLS : (r + 1) * COLS] for r in range(ROWS)]
    body = [[*row, sum(row)] for row in body]
    body.append([sum(column) for column in zip(*body, strict=True)])
    cells = (
        Cell(r, c, str(n), source=source, confidence=confidence)
        for r, row in enumerate(body)
        for c, n in enumerate(row)
    )
    return Table(ROWS + 1, COLS + 1, tuple(cells))


def sums(certain: bool = True) -> tuple[Identity, ...]:
    rows = (
        Identity(f"across:{r}", "sum", (Place(0, r, COLS),), tuple(Place(0, r, c) for c in range(COLS)), (), certain)
        for r in range(ROWS + 1)
    )
    columns = (
        Identity(f"down:{c}", "sum", (Place(0, ROWS, c),), tuple(Place(0, r, c) for r in range(ROWS)), (), certain)
        for c in range(COLS + 1)
    )
    return (*rows, *columns)


def changed(table: Table, place: tuple[int, int], text: str | None, sure: float, *others: tuple[str, float]) -> Table:
    alternatives = tuple(Alternative(*other) for other in others)
    return replace(
        table,
        cells=tuple(
            replace(c, text=text, confidence=sure, alternatives=alternatives) if (c.row, c.col) == place else c
            for c in table.cells
        ),
    )


def at(mended: Mended, place: tuple[int, int]) -> Cell:
    return next(c for c in mended.tables[0].cells if (c.row, c.col) == place)


PARTS = st.lists(st.integers(0, 40), min_size=9, max_size=9)
PLACES = st.tuples(st.integers(0, ROWS), st.integers(0, COLS))


@settings(max_examples=60, deadline=None)
@given(PARTS, st.data())
def test_a_consistent_table_is_never_changed(numbers: list[int], data: st.DataObject) -> None:
    table = table_of(numbers)
    for place in data.draw(st.lists(PLACES, max_size=4)):
        cell = next(c for c in table.cells if (c.row, c.col) == place)
        table = changed(
            table, place, cell.text, data.draw(st.floats(0.05, 1)), (str(data.draw(st.integers(0, 99))), 0.9)
        )
    assert mend([table], sums()) == Mended((table,))


@settings(max_examples=60, deadline=None)
@given(PARTS, PLACES, st.integers(1, 9), st.data())
def test_a_misread_cell_is_mended_to_what_was_offered(
    numbers: list[int], place: tuple[int, int], off: int, data: st.DataObject
) -> None:
    table = table_of(numbers)
    true = next(c.text or "" for c in table.cells if (c.row, c.col) == place)
    wrong = str(int(true) + off)
    read = changed(table, place, wrong, 0.6, (str(int(wrong) + 100), 0.1), (true, 0.2))
    mended = mend([read], sums())
    cell = at(mended, place)
    assert (cell.text, cell.source) == (true, "repaired")
    assert cell.repair is not None
    assert (cell.repair.raw, cell.repair.proposed) == (wrong, true)
    assert cell.repair.odds >= 100
    assert cell.alternatives[0] == Alternative(wrong, 0.6)
    assert cell.confidence > 0.99
    assert [p for p, _ in mended.repairs] == [Place(0, *place)]
    assert [f.kind for f in mended.findings] == ["sum-repaired"]
    assert {one.verdict for one in check(sums(), mended.tables)} == {"ok", "misread"}


@settings(max_examples=40, deadline=None)
@given(PARTS, PLACES, st.integers(1, 9))
def test_what_is_wrong_in_print_is_left_and_told(numbers: list[int], place: tuple[int, int], off: int) -> None:
    table = table_of(numbers)
    true = next(c.text or "" for c in table.cells if (c.row, c.col) == place)
    # Read as it stands, and surely; the right number is even among the alternatives.
    read = changed(table, place, str(int(true) + off), 0.97, (true, 0.02))
    mended = mend([read], sums())
    assert mended.repairs == ()
    assert [c.text for c in mended.tables[0].cells] == [c.text for c in read.cells]
    told = findings(check(sums(), mended.tables), mended.tables)
    assert mended.findings == ()
    assert {f.kind for f in told} == {"sum-suspects"}
    assert all(place in f.cells for f in told)


@given(PARTS, PLACES)
def test_born_digital_cells_are_never_touched(numbers: list[int], place: tuple[int, int]) -> None:
    table = table_of(numbers, source="text", confidence=1.0)
    read = changed(table, place, "99999", 1.0, ("1", 0.9))
    assert mend([read], sums()) == Mended((read,))


def test_nothing_is_mended_to_what_was_not_offered() -> None:
    read = changed(table_of([1, 2, 3, 4, 5, 6, 7, 8, 9]), (0, 0), "7", 0.4, ("4", 0.3))
    mended = mend([read], sums())
    assert mended.repairs == ()
    assert at(mended, (0, 0)).confidence < 0.1
    assert {f.cells[0] for f in findings(check(sums(), mended.tables), mended.tables)} == {(0, 0)}


def test_two_cells_that_explain_it_alike_are_both_left() -> None:
    # One row alone: either of two cells may be one too many.
    only = [sums()[0]]
    table = table_of([1, 2, 3, 0, 0, 0, 0, 0, 0])
    read = changed(changed(table, (0, 0), "2", 0.6, ("1", 0.3)), (0, 1), "2", 0.6, ("1", 0.3))
    mended = mend([read], only)
    assert mended.repairs == ()
    (finding,) = findings(check(only, mended.tables), mended.tables)
    assert set(finding.cells) == {(0, 0), (0, 1)}


def test_sums_told_from_names_mend_only_where_their_like_holds() -> None:
    read = changed(table_of([11, 2, 3, 4, 5, 6, 7, 8, 9]), (0, 0), "17", 0.5, ("11", 0.4))
    assert mend([read], sums(certain=False)).repairs == ()
    assert len(mend([read], sums()).repairs) == 1


def test_a_speck_beside_a_number_is_left_out_where_the_sums_ask_for_it() -> None:
    box = Box(0, 0, 1, 1)
    words = (Word("0", box, "ocr", 0.99), Word("!", box, "ocr", 0.3))
    table = table_of([0, 2, 3, 4, 5, 6, 7, 8, 9])
    cells = (replace(c, text="0 !", words=words, confidence=0.4) if not (c.row or c.col) else c for c in table.cells)
    mended = mend([replace(table, cells=tuple(cells))], sums())
    assert at(mended, (0, 0)).text == "0"
    other = table_of([5, 2, 3, 4, 5, 6, 7, 8, 9])
    cells = (replace(c, text="0 !", words=words, confidence=0.4) if not (c.row or c.col) else c for c in other.cells)
    assert mend([replace(other, cells=tuple(cells))], sums()).repairs == ()


def test_a_cell_that_could_not_be_read_is_filled_only_from_its_readings() -> None:
    table = table_of([1, 2, 3, 4, 5, 6, 7, 8, 9])
    assert mend([changed(table, (1, 1), None, 0.0)], sums()).repairs == ()
    mended = mend([changed(table, (1, 1), None, 0.0, ("5", 0.6), ("6", 0.3))], sums())
    assert at(mended, (1, 1)).text == "5"


def test_tables_without_sums_stay() -> None:
    table = plain("a|b", "1|2", headers=1)
    assert mend([table], ()) == Mended((table,))
