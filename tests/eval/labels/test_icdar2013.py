from __future__ import annotations

from pathlib import Path

import pytest

from biaoge.errors import LabelError
from biaoge.eval.labels import icdar2013
from biaoge.model import Box, Cell, Part, Region, Table


def cell(place: str, text: str, box: str = "1 2 3 4") -> str:
    x1, y1, x2, y2 = box.split()
    bounds = f"<bounding-box x1='{x1}' y1='{y1}' x2='{x2}' y2='{y2}'/>"
    return f"<cell id='1' {place}>{bounds}<content>{text}</content></cell>"


def region(cells: str, page: int = 1, down: int = 0, right: int = 0) -> str:
    return f"<region id='1' page='{page}' row-increment='{down}' col-increment='{right}'>{cells}</region>"


def table(*regions: str) -> str:
    return f"<table id='1'>{''.join(regions)}</table>"


AREA = "<region id='1' page='{0}'><bounding-box x1='10' y1='20' x2='90' y2='{1}'/></region>"


def write(folder: Path, structure: str, areas: str) -> Path:
    (folder / "x-reg.xml").write_text(f"<document>{areas}</document>", encoding="utf-8")
    path = folder / "x-str.xml"
    path.write_text(f"<document>{structure}</document>", encoding="utf-8")
    return path


def blank_pdf(folder: Path, *pages: tuple[float, float, int]) -> Path:
    """A PDF of empty pages: width, height, turn."""
    import pypdfium2

    document = pypdfium2.PdfDocument.new()
    for width, height, turn in pages:
        document.new_page(width, height).set_rotation(turn)
    document.save(folder / "x.pdf")
    document.close()
    return folder / "x.pdf"


def test_boxes_are_turned_over_and_blanks_filled_in(tmp_path: Path) -> None:
    cells = cell("start-row='1' start-col='1' end-col='2'", "to air\nkg/year", "10 180 30 190") + cell(
        "start-row='2' start-col='2'", "7", "15 20 30 40"
    )
    path = write(tmp_path, table(region(cells)), table(AREA.format(1, 190)))
    (found,) = icdar2013.read(path, blank_pdf(tmp_path, (100, 200, 0)))
    assert (found.id, found.pages) == ("x_t1", (1,))
    assert found.table == Table(
        2,
        2,
        (
            Cell(0, 0, "to air kg/year", colspan=2, regions=(Region(1, Box(10, 10, 30, 20)),)),
            Cell(1, 0),
            Cell(1, 1, "7", regions=(Region(1, Box(15, 160, 30, 180)),)),
        ),
        parts=(Part(1, Box(10, 10, 90, 180), (0, 1)),),
    )


def test_increments_put_the_regions_of_a_table_together(tmp_path: Path) -> None:
    one, two = cell("start-row='0' start-col='0'", "a"), cell("start-row='0' start-col='0' end-row='1'", "b")
    path = write(
        tmp_path,
        table(region(one), region(two, page=2, down=1)),
        table(AREA.format(1, 90), AREA.format(2, 80)),
    )
    (found,) = icdar2013.read(path, blank_pdf(tmp_path, (100, 100, 0), (100, 100, 0)))
    assert found.pages == (1, 2)
    assert [(c.row, c.rowspan, c.text) for c in found.table.cells] == [(0, 1, "a"), (1, 2, "b")]
    assert [(p.page, p.rows) for p in found.table.parts] == [(1, (0, 0)), (2, (1, 2))]


def test_rows_may_be_counted_from_below_nought(tmp_path: Path) -> None:
    cells = cell("start-row='-1' start-col='0'", "a") + cell("start-row='0' start-col='0'", "b")
    (found,) = icdar2013.read(write(tmp_path, table(region(cells, down=1)), table(AREA.format(1, 90))))
    assert [(c.row, c.text) for c in found.table.cells] == [(0, "a"), (1, "b")]


def test_without_the_pdf_there_are_no_boxes(tmp_path: Path) -> None:
    cells = cell("start-row='0' start-col='0'", "a")
    (found,) = icdar2013.read(write(tmp_path, table(region(cells)), table(AREA.format(1, 90))))
    assert found.pages == (1,)
    assert found.table == Table(1, 1, (Cell(0, 0, "a"),))


def test_cells_of_a_page_on_its_side_are_counted_from_the_unturned_page(tmp_path: Path) -> None:
    cells = cell("start-row='0' start-col='0'", "a", "10 180 30 190")
    path = write(tmp_path, table(region(cells)), table(AREA.format(1, 90)))
    (found,) = icdar2013.read(path, blank_pdf(tmp_path, (100, 200, 90)))
    assert found.table.parts[0].box == Box(10, 10, 90, 80)
    assert found.table.cells[0].regions == (Region(1, Box(10, 10, 30, 20)),)


def test_a_box_that_is_no_number_is_left_out(tmp_path: Path) -> None:
    cells = cell("start-row='0' start-col='0'", "a", "1ß 180 30 190")
    path = write(tmp_path, table(region(cells)), table(AREA.format(1, 90)))
    (found,) = icdar2013.read(path, blank_pdf(tmp_path, (100, 200, 0)))
    assert found.table.cells == (Cell(0, 0, "a"),)


A = "start-row='0' start-col='0'"


@pytest.mark.parametrize(
    ("structure", "areas"),
    [
        ("", ""),
        (table(region(cell(A, "a"))), ""),
        (table(region(cell(A, "a"))), table()),
        (table(region("")), table(AREA.format(1, 9))),
        (table(region(cell(A, "a") + cell(A, "b"))), table(AREA.format(1, 9))),
        (table(region(cell("start-row='0'", "a"))), table(AREA.format(1, 9))),
        (table(region(cell("start-row='x' start-col='0'", "a"))), table(AREA.format(1, 9))),
        (table(region(cell(A + " end-row='-4'", "a"))), table(AREA.format(1, 9))),
        (table(region(cell(A, "a"), page=2)), table(AREA.format(2, 9))),
        ("<table>", ""),
        (table(region(cell(A, "a"), page=0)), table(AREA.format(0, 9))),
        (table(region(cell(A + " end-row='300000' end-col='3000'", "a"))), table(AREA.format(1, 9))),
    ],
)
def test_what_is_no_label_is_told(tmp_path: Path, structure: str, areas: str) -> None:
    path = write(tmp_path, structure, areas)
    with pytest.raises(LabelError, match=r"x-str\.xml"):
        icdar2013.read(path, blank_pdf(tmp_path, (100, 100, 0)))


def test_an_encoding_that_is_not_known_is_told(tmp_path: Path) -> None:
    path = write(tmp_path, table(region(cell(A, "a"))), table(AREA.format(1, 9)))
    for encoding in ("none", "gb2312"):
        path.write_text(f"<?xml version='1.0' encoding='{encoding}'?><document/>", encoding="ascii")
        with pytest.raises(LabelError, match=r"x-str\.xml"):
            icdar2013.read(path)
