from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from hypothesis import given, settings
from tilings import tables

from biaoge.eval.metrics.counts import Counts
from biaoge.eval.prediction import Prediction, Reading
from biaoge.eval.results import SetScore, load, save
from biaoge.eval.scoring import score_document, score_set, score_table
from biaoge.eval.sets import Kind, TruthDocument, TruthSet, TruthTable
from biaoge.eval.show import report
from biaoge.model import Box, Cell, Finding, Part, Table


def row(*texts: str, page: int = 1) -> Table:
    cells = tuple(Cell(0, i, t) for i, t in enumerate(texts))
    return Table(1, len(texts), cells, parts=(Part(page, Box(0, 0, 1, 1), (0, 0)),))


def truth(kind: Kind) -> TruthSet:
    one = TruthDocument("one", Path("one.pdf"), (TruthTable("one_1", (1,), row("a", "b", "c")),))
    two = TruthDocument("two", Path("two.pdf"), (TruthTable("two_1", (1,), row("x", "y")),))
    return TruthSet("drawn", kind, (one, two))


PREDICTIONS = {
    "one": Prediction("e", "1", Reading((row("p", "q", "r", "s", page=9), row("a", "b", "Ｃ"))), seconds=0.5),
    "two": Prediction("e", "1", None, "DamagedPdf: no page can be read"),
}


def test_missing_extra_and_wrong_cells_all_count() -> None:
    got = score_set(truth(Kind()), PREDICTIONS)
    assert got.cells("raw") == Counts(matched=2, predicted=3 + 4, true=3 + 2)
    assert got.shape() == Counts(matched=3, predicted=3 + 4, true=3 + 2)
    assert (got.exact("raw"), got.exact("folded")) == (0, 0)
    assert [t.id for t in got.tables] == ["one_1", "one:extra@9", "two_1"]
    assert got.failures == (("two", "DamagedPdf: no page can be read"),)
    assert [t.teds for t in got.tables][1:] == [0.0, 0.0]
    assert [d.detection for d in got.documents] == [Counts(1, 2, 1), Counts(0, 0, 1)]
    assert not any(d.straight_through() for d in got.documents)


def test_an_extra_table_is_no_fault_where_labels_are_incomplete() -> None:
    got = score_set(truth(Kind(complete=False)), PREDICTIONS)
    assert got.cells("raw") == Counts(matched=2, predicted=3, true=3 + 2)


def test_a_document_without_a_prediction_is_one_in_which_nothing_was_found() -> None:
    got = score_set(truth(Kind()), {"one": PREDICTIONS["one"]})
    assert got.cells("raw").true == 5
    assert got.failures == (("two", "no prediction"),)
    nothing = score_set(truth(Kind()), {})
    assert (nothing.cells().matched, nothing.cells().true, len(nothing.failures)) == (0, 5, 2)


def test_the_better_of_alternative_labels_counts_and_only_on_its_pages() -> None:
    kind = Kind()
    plain = TruthDocument(
        "d", Path("d.pdf"), (TruthTable("t1", (1,), row("a", "b")), TruthTable("t2", (2,), row("z", page=2)))
    )
    other = replace(plain, alternatives=((TruthTable("t1b", (1,), row("ab")),),))
    read = Prediction("e", "1", Reading((row("ab"), row("z", page=2))))
    assert score_document(plain, read, kind).straight_through() is False
    best = score_document(other, read, kind)
    assert best.straight_through()
    assert [t.id for t in best.tables] == ["t2", "t1b"]
    first = Prediction("e", "1", Reading((row("a", "b"), row("z", page=2))))
    assert [t.id for t in score_document(other, first, kind).tables] == ["t1", "t2"]


def test_a_finding_makes_a_wrong_cell_loud() -> None:
    document = truth(Kind()).documents[0]
    tables_read = (row("p", "q", page=9), row("a", "b", "d"))
    quiet = score_document(document, Prediction("e", "1", Reading(tables_read)), Kind())
    finding = Finding("doubt", "warning", "look", page=1, table=1, cells=((0, 2),))
    loud = score_document(document, Prediction("e", "1", Reading(tables_read, (finding,))), Kind())
    assert (quiet.tables[0].silence.wrong, quiet.tables[0].silence.silent) == (1, 1)
    assert (loud.tables[0].silence.wrong, loud.tables[0].silence.silent) == (1, 0)


@settings(max_examples=60, deadline=None)
@given(tables(), tables())
def test_any_two_tables_have_every_score_and_a_table_against_itself_has_the_best(a: Table, b: Table) -> None:
    for kind in (Kind(), Kind(blanks=False)):
        scored = score_table(a, b, frozenset(), kind)
        assert 0 <= scored.teds <= 1
        assert 0 <= scored.grits_con <= 1
        same = score_table(b, b, frozenset(), kind)
        assert same.teds_struct == same.grits_top == 1
        readable = all(c.text is not None for c in b.cells)
        assert (same.levels["folded"].f1 == same.teds == same.grits_con == 1) == readable or not b.cells
        assert bool(same.mistakes) is not readable or not readable


def test_results_come_back_from_json_as_they_were(tmp_path: Path) -> None:
    got = score_set(truth(Kind()), PREDICTIONS)
    save(tmp_path / "r.json", [got])
    assert load(tmp_path / "r.json") == (got,)


def test_the_report_says_the_counts() -> None:
    got: SetScore = score_set(truth(Kind()), PREDICTIONS)
    text = report(got, show_wrong=True)
    assert "0 of 2" in text
    assert "documents without a single error: 0 of 2" in text
    assert "two: DamagedPdf: no page can be read" in text
    assert "two_1: not found (2 cells)" in text
    assert "one:extra@9: no such table is labelled (4 cells)" in text
