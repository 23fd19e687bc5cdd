"""Whole documents from file to tables, held against their labels."""

from __future__ import annotations

import gc
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

import biaoge
from biaoge.app.settings import Settings
from biaoge.eval.metrics.cells import differences
from biaoge.eval.prediction import Prediction, Reading
from biaoge.eval.results import SetScore
from biaoge.eval.scoring import score_set
from biaoge.eval.sets import SAMPLES, TruthDocument, load
from biaoge.model import Table

DOCUMENTS = {document.name: document for document in load(SAMPLES).documents}


def read(path: Path, joined: bool) -> Sequence[Table]:
    return biaoge.read(path, Settings(join_pages=joined)).tables


@pytest.mark.parametrize("name", DOCUMENTS)
def test_every_sample_is_exact(name: str) -> None:
    labelled = DOCUMENTS[name]
    document = biaoge.read(labelled.pdf)
    assert len(document.tables) == len(labelled.tables)
    for found, label in zip(document.tables, labelled.tables, strict=True):
        assert differences(found, label.table, "folded") == ()
    assert all(finding.severity != "error" for finding in document.findings)


@pytest.mark.parametrize("name", [name for name, document in DOCUMENTS.items() if len(document.tables) == 3])
def test_the_samples_cells_have_the_roles_and_paths_of_the_labels(name: str) -> None:
    for found, label in zip(biaoge.read(DOCUMENTS[name].pdf).tables, DOCUMENTS[name].tables, strict=True):
        true = label.table
        assert (found.header_rows, found.stub_cols) == (true.header_rows, true.stub_cols)
        assert [c.role for c in found.cells] == [c.role for c in true.cells]
        squeezed = [["".join(t.split()) for t in found.column_path(c)] for c in found.cells]
        assert squeezed == [["".join(t.split()) for t in true.column_path(c)] for c in true.cells]


@pytest.mark.parametrize("name", [name for name, document in DOCUMENTS.items() if len(document.tables) == 3])
def test_parts_and_regions_cover_what_they_say(name: str) -> None:
    for table in biaoge.read(DOCUMENTS[name].pdf).tables:
        pages = [part.page for part in table.parts]
        assert pages == list(range(pages[0], pages[0] + len(pages)))
        assert (table.parts[0].rows[0], table.parts[-1].rows[1]) == (0, table.n_rows - 1)
        for cell in table.cells:
            assert cell.regions
            assert {region.page for region in cell.regions} <= set(pages)


def measured(name: str, data: Path) -> SetScore:
    truth = load(name, data)
    joined = truth.kind.joined
    return score_set(
        truth, {d.name: Prediction("biaoge", "", Reading(tuple(read(d.pdf, joined)))) for d in truth.documents}
    )


def exact(scores: SetScore) -> int:
    return scores.exact("folded")


def test_a_real_report_is_exact_whole_and_page_by_page(data: Path) -> None:
    assert exact(measured("govcn_xxgk", data)) == 3
    assert exact(measured("govcn_xxgk_pages", data)) == 5


def test_real_budgets_and_statements(data: Path) -> None:
    # Two labels hold letters of the row above, which its cell cuts off.
    assert exact(measured("govcn_budget", data)) >= 138
    assert exact(measured("cn_pdfs", data)) == 29


def test_joining_can_be_switched_off() -> None:
    cut: TruthDocument = DOCUMENTS["000-writer"]
    assert any(len(t.parts) > 1 for t in read(cut.pdf, True))
    assert all(len(t.parts) == 1 for t in read(cut.pdf, False))


def test_letters_without_meaning_are_unread(data: Path) -> None:
    path = data / "hostile" / "files" / "playa__issue-625-identity-cmap.pdf"
    document = biaoge.read(path, Settings(ocr="never"))
    assert {page.trust.reason for page in document.pages} == {"garbled"}
    assert document.tables
    assert not any(cell.text for table in document.tables for cell in table.cells)
    assert {"page-not-read", "untrusted-text"} <= {finding.kind for finding in document.findings}


def test_threads_take_turns() -> None:
    names = ["extra-wide", "extra-abreast", "extra-turned", "extra-within"]
    with ThreadPoolExecutor(4) as pool:
        found = list(pool.map(lambda name: biaoge.read(DOCUMENTS[name].pdf).tables, names))
    assert [len(tables) for tables in found] == [len(DOCUMENTS[name].tables) for name in names]
    assert gc.isenabled()
