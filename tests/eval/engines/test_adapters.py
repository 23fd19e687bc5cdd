"""The engines that are installed by default, on a page with merged cells; each finds the same table in its own way."""

from __future__ import annotations

import functools
from pathlib import Path

import pytest

from biaoge.eval.engines.contract import find, load
from biaoge.eval.gridtext import read
from biaoge.eval.metrics.cells import score, structure
from biaoge.eval.prediction import Reading
from biaoge.model import Table

SPANS = ("pdfplumber-spans", "camelot-lattice", "camelot-hybrid")


@pytest.fixture(scope="module")
def truth(samples: Path) -> Table:
    return read(samples / "extra-wide.1.grid").table


@functools.cache
def reading_of(name: str, path: Path) -> Reading:
    engine = find(name)
    if reason := engine.missing():
        pytest.skip(reason)
    reading = load(engine.target)(path, False)
    assert isinstance(reading, Reading)
    return reading


@pytest.mark.parametrize("name", SPANS)
def test_spans_come_from_boxes_and_open_edges(name: str, samples: Path, truth: Table) -> None:
    (table,) = reading_of(name, samples / "extra-wide.pdf").tables
    assert structure(table, truth).exact
    assert score(table, truth, "folded").f1 > 0.9
    assert [p.page for p in table.parts] == [1]


def test_boxes_are_points_from_the_top_left(samples: Path) -> None:
    (ours,) = reading_of("pdfplumber-spans", samples / "extra-wide.pdf").tables
    (theirs,) = reading_of("camelot-lattice", samples / "extra-wide.pdf").tables
    for a, b in zip(ours.cells, theirs.cells, strict=True):
        one, other = a.regions[0].box, b.regions[0].box
        assert one.overlap(other) > 0.9 * max(one.area, other.area)


def test_as_it_is_spans_are_lost(samples: Path, truth: Table) -> None:
    (table,) = reading_of("pdfplumber", samples / "extra-wide.pdf").tables
    assert (table.n_rows, table.n_cols) == (truth.n_rows, truth.n_cols)
    assert len(table.cells) == table.n_rows * table.n_cols
    assert not structure(table, truth).exact


@pytest.mark.parametrize("name", ["camelot-stream", "camelot-network"])
def test_flat_grids(name: str, samples: Path) -> None:
    tables = reading_of(name, samples / "extra-wide.pdf").tables
    assert tables
    assert all(cell.rowspan == cell.colspan == 1 for table in tables for cell in table.cells)


def test_findings_point_at_their_own_table(samples: Path) -> None:
    reading = reading_of("pdfplumber-spans", samples / "extra-within.pdf")
    assert all(f.table is None or f.table < len(reading.tables) for f in reading.findings)
