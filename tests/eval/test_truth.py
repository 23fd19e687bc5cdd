"""The shipped labels: well formed, whole, and word for word what the flattened reports say."""

from __future__ import annotations

import os
from importlib.resources import files
from itertools import pairwise
from pathlib import Path

import pytest

from biaoge.errors import LabelError
from biaoge.eval.gridtext import Label, dumps, loads
from biaoge.eval.reports import Heading, Paragraph, load, names
from biaoge.html import table_from_html
from biaoge.model import Table
from biaoge.text import join_lines

TRUTH = files("biaoge.eval") / "truth"
GRIDS = sorted(f.name for f in TRUTH.iterdir() if f.name.endswith(".grid"))


def label_of(grid: str) -> Label:
    return loads((TRUTH / grid).read_text(encoding="utf-8"), grid)


@pytest.fixture(scope="session")
def seeds() -> Path:
    """The folder of the flattened reports."""
    data = os.environ.get("BIAOGE_DATA")
    shared = Path(data).parent if data else Path(__file__).parents[2].parent / "shared"
    if not (shared / "seeds").is_dir():
        pytest.skip("the flattened reports (shared/seeds) are not here")
    return shared / "seeds"


def seed_tables(path: Path) -> list[list[str]]:
    """The tables of a flattened report as lines, blank ones inside included: runs of lines with a tab."""
    tables: list[list[str]] = []
    inside = False
    for line in path.read_text(encoding="utf-8").splitlines():
        if "\t" in line and not inside:
            tables.append([])
        if "\t" in line or (inside and not line.strip()):
            tables[-1].append(line)
        inside = "\t" in line or (inside and not line.strip())
    return ["\n".join(lines).rstrip("\n").split("\n") for lines in tables]


def test_every_report_has_its_three_tables_in_order() -> None:
    assert len(names()) == 5
    labels = [label for name in names() for label in load(name).labels]
    assert [f"{label.name}.grid" for label in labels] == GRIDS
    assert [label.ordinal for label in labels] == [1, 2, 3] * 5


@pytest.mark.parametrize("grid", GRIDS)
def test_a_label_stands_as_the_writer_writes_it(grid: str) -> None:
    assert dumps(label_of(grid)) == (TRUTH / grid).read_text(encoding="utf-8")


@pytest.mark.parametrize("grid", GRIDS)
def test_a_label_comes_back_from_html(grid: str) -> None:
    table = label_of(grid).table
    back = table_from_html(table.to_html())
    assert [(c.row, c.col, c.rowspan, c.colspan, c.text, c.role) for c in back.cells] == [
        (c.row, c.col, c.rowspan, c.colspan, c.text, c.role) for c in table.cells
    ]
    assert (back.header_rows, back.stub_cols, back.caption) == (table.header_rows, table.stub_cols, table.caption)


def test_all_flattened_reports_are_labelled(seeds: Path) -> None:
    assert tuple(sorted(p.stem for p in seeds.glob("*.txt"))) == names()


@pytest.mark.parametrize("name", names())
def test_texts_are_those_of_the_flattened_report_in_their_order(name: str, seeds: Path) -> None:
    found = seed_tables(seeds / f"{name}.txt")
    labels = load(name).labels
    assert len(found) == len(labels)
    for label, lines in zip(labels, found, strict=True):
        # A blank between two CJK characters is a line break of the print, as in 结果 维持.
        expected = [join_lines([field]) for line in lines for field in line.split("\t") if field.strip()]
        assert [c.text for c in label.table.cells if c.text] == expected
        assert ("page-cut" in label.tags) == any(not line.strip() for line in lines)


@pytest.mark.parametrize("name", names())
def test_prose_is_that_of_the_flattened_report(name: str, seeds: Path) -> None:
    report = load(name)
    prose = report.title + "".join(item.text for item in report.items if isinstance(item, Heading | Paragraph))
    lines = (seeds / f"{name}.txt").read_text(encoding="utf-8").splitlines()
    assert "".join(prose.split()) == "".join("".join(line.split()) for line in lines if "\t" not in line)


@pytest.mark.parametrize("name", names())
def test_tables_stand_under_the_heading_that_captions_them(name: str) -> None:
    items = load(name).items
    for before, item in pairwise(items):
        if isinstance(item, Label):
            assert isinstance(before, Heading)
            assert before == Heading(item.table.caption or "", 1)


def numbers(table: Table, row: int, cols: range) -> list[int]:
    return [int(c.text) for c in table.grid()[row][cols.start : cols.stop] if c.text]


@pytest.mark.parametrize("name", names())
def test_applications_add_up(name: str) -> None:
    table = load(name).labels[1].table
    rows = {path[-1]: r for r, path in enumerate(table.row_paths())}
    new, carried, all_done, open_ = (
        next(r for text, r in rows.items() if text.startswith(start)) for start in ("一、", "二、", "(七)", "四、")
    )
    for row in range(table.header_rows, table.n_rows):
        *parts, total = numbers(table, row, range(3, 10))
        assert sum(parts) == total
    done = range(carried + 1, all_done)
    for col in range(3, 10):
        here = range(col, col + 1)
        assert sum(sum(numbers(table, r, here)) for r in done) == sum(numbers(table, all_done, here))
        given = sum(numbers(table, new, here)) + sum(numbers(table, carried, here))
        assert given == sum(numbers(table, all_done, here)) + sum(numbers(table, open_, here))


@pytest.mark.parametrize("name", names())
def test_reviews_and_lawsuits_add_up(name: str) -> None:
    table = load(name).labels[2].table
    for start in (0, 5, 10):
        *parts, total = numbers(table, 3, range(start, start + 5))
        assert sum(parts) == total


def paths(table: Table, row: int, col: int) -> tuple[tuple[str, ...], tuple[str, ...]]:
    cell = table.grid()[row][col]
    return table.column_path(cell), table.row_path(cell)


def test_paths_of_some_cells() -> None:
    disclosed, applications, reviews = (label.table for label in load("003_b5a7a5de05f46fe6").labels)
    assert paths(disclosed, 3, 3) == (("现行有效件数",), ("第二十条第（一）项", "行政规范性文件"))
    assert paths(disclosed, 10, 2) == (("本年处理决定数量",), ("第二十条第（六）项", "行政强制"))
    assert paths(applications, 15, 3) == (
        ("申请人情况", "自然人"),
        ("三、本年度办理结果", "(四) 无法提供", "1.本机关不掌握相关政府信息"),
    )
    assert paths(applications, 26, 9) == (("总计",), ("三、本年度办理结果", "(七) 总计"))
    assert paths(applications, 4, 5) == (
        ("申请人情况", "法人或其他组织", "科研机构"),
        ("二、上年结转政府信息公开申请数量",),
    )
    assert paths(reviews, 3, 1) == (("行政复议", "结果纠正"), ())
    assert paths(reviews, 3, 12) == (("行政诉讼", "复议后起诉", "其他结果"), ())


def test_shapes() -> None:
    shapes = [[(t.n_rows, t.n_cols) for t in (label.table for label in load(name).labels)] for name in names()]
    assert shapes == [
        [(14, 4), (28, 10), (4, 15)],
        [(14, 4), (28, 10), (4, 15)],
        [(18, 4), (26, 10), (4, 15)],
        [(14, 4), (28, 10), (4, 15)],
        [(14, 4), (28, 10), (4, 15)],
    ]


def test_no_such_report() -> None:
    with pytest.raises(LabelError, match=r"none\.txt: no such label.*000_3971b268707d3ce1"):
        load("none")
