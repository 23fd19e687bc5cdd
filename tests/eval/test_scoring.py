from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tilings import tables

from biaoge.eval.metrics.counts import Counts
from biaoge.eval.prediction import Prediction, Reading
from biaoge.eval.results import DocumentScore, SetScore, load, save
from biaoge.eval.scoring import score_document, score_set, score_table
from biaoge.eval.sets import Kind, TruthDocument, TruthSet, TruthTable
from biaoge.eval.show import report
from biaoge.model import Box, Cell, Finding, Part, Region, Table


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
    joined = read(row("ab"), row("z", page=2))
    assert score_document(plain, joined, kind).straight_through() is False
    best = score_document(other, joined, kind)
    assert best.straight_through()
    assert [(t.id, t.label) for t in best.tables] == [("t1", "t1b"), ("t2", "t2")]
    first = Prediction("e", "1", Reading((row("a", "b"), row("z", page=2))))
    assert [(t.id, t.label) for t in score_document(other, first, kind).tables] == [("t1", "t1"), ("t2", "t2")]


def labels(*named: tuple[str, Table, tuple[int, ...]]) -> tuple[TruthTable, ...]:
    return tuple(TruthTable(name, pages, table) for name, table, pages in named)


def ids(score: DocumentScore) -> list[tuple[str, str | None]]:
    return [(t.id, t.label) for t in score.tables]


def read(*found: Table) -> Prediction:
    return Prediction("e", "1", Reading(found))


@pytest.mark.parametrize(("main_pages", "other_pages"), [((), ()), ((1,), ()), ((), (1,))])
def test_an_alternative_whose_place_is_unknown_replaces_every_table(
    main_pages: tuple[int, ...], other_pages: tuple[int, ...]
) -> None:
    main = labels(("t1", row("a", "b"), main_pages), ("t2", row("c"), (1,)))
    document = TruthDocument("d", Path("d.pdf"), main, (labels(("t3", row("ab", "c"), other_pages)),))
    best = score_document(document, read(row("ab", "c")), Kind())
    assert best.straight_through()
    assert ids(best) == [("t1", "t3")]
    assert ids(score_document(document, read(row("a", "b"), row("c")), Kind())) == [("t1", "t1"), ("t2", "t2")]


def test_alternatives_of_different_pages_are_combined() -> None:
    main = labels(*((f"t{n}", row("a", str(n), page=n), (n,)) for n in (1, 2, 3)))
    others = tuple(labels((f"t{n}b", row(f"a{n}", page=n), (n,))) for n in (3, 1, 2))
    document = TruthDocument("d", Path("d.pdf"), main, others)
    best = score_document(document, read(row("a1", page=1), row("a", "2", page=2), row("a3", page=3)), Kind())
    assert best.straight_through()
    assert ids(best) == [("t1", "t1b"), ("t2", "t2"), ("t3", "t3b")]
    assert [t.true for t in best.tables] == [0, 1, 2]


def test_a_better_alternative_ousts_those_it_shares_a_page_with() -> None:
    main = labels(("t1", row("a", page=1), (1,)), ("t2", row("b", "c", page=2), (2,)))
    both = labels(("u1", row("x", "y", "z", page=1), (1,)), ("u2", row("b", page=2), (2,)))
    one = labels(("v1", row("x", "y", "z", "w", page=1), (1,)))
    prediction = read(row("x", "y", "z", "w", page=1), row("b", "c", page=2))
    document = TruthDocument("d", Path("d.pdf"), main, (both,))
    assert ids(score_document(document, prediction, Kind())) == [("t1", "u1"), ("t2", "u2")]
    best = score_document(replace(document, alternatives=(both, one)), prediction, Kind())
    assert best.straight_through()
    # The second page has its own label again.
    assert ids(best) == [("t1", "v1"), ("t2", "t2")]


def test_of_as_many_right_cells_those_count_that_make_a_table_exact() -> None:
    main = labels(("t1", row("a", "q"), (1,)), ("t2", row("c", "q"), (1,)))
    other = labels(("u1", row("a", "b"), (1,)), ("u2", row("q", "q"), (1,)))
    document = TruthDocument("d", Path("d.pdf"), main, (other,))
    best = score_document(document, read(row("a", "b"), row("c", "d")), Kind())
    assert [t.exact() for t in best.tables] == [True, False]


def test_an_alternative_that_makes_the_whole_no_better_is_not_kept() -> None:
    main = labels(("t1", row("a", "b"), (1,)))
    document = TruthDocument("d", Path("d.pdf"), main, (labels(("t1b", row("a", "b"), (1,))),))
    for prediction in (read(row("a", "b")), read(row("q")), Prediction("e", "1", None, "broken")):
        assert score_document(document, prediction, Kind()).tables[0].label == "t1"


def test_alternatives_take_the_ids_of_the_tables_they_stand_for() -> None:
    main = labels(*((f"t{n}", row(str(n), "x", page=page), (page,)) for n, page in ((1, 1), (2, 1), (3, 2))))
    fewer = labels(("u1", row("1", "x", "2", "x", page=1), (1,)), ("u2", row("3x", page=2), (2,)))
    document = TruthDocument("d", Path("d.pdf"), main, (fewer,))
    best = score_document(document, read(*(t.table for t in fewer)), Kind())
    assert ids(best) == [("t1", "u1"), ("t3", "u2")]
    more = labels(*((f"v{n}", row(f"v{n}", page=2), (2,)) for n in (1, 2, 3)))
    document = replace(document, alternatives=(more,))
    best = score_document(document, read(*(t.table for t in (*main[:2], *more))), Kind())
    assert best.straight_through()
    assert ids(best) == [("t1", "t1"), ("t2", "t2"), ("t3", "v1"), ("v2", "v2"), ("v3", "v3")]


pages_of_labels = st.sampled_from([(), (1,), (2,), (1, 2)])
words = st.sampled_from(["a", "b", "ab"])


@settings(deadline=None)
@given(
    st.lists(st.tuples(words, pages_of_labels), min_size=1, max_size=3),
    st.lists(st.lists(st.tuples(words, pages_of_labels), min_size=1, max_size=2), max_size=3),
    st.lists(st.tuples(words, st.sampled_from([1, 2])), max_size=4),
)
def test_whatever_the_alternatives_ids_are_unique_and_no_result_is_worse_than_by_the_main_labels(
    main: list[tuple[str, tuple[int, ...]]],
    others: list[list[tuple[str, tuple[int, ...]]]],
    found: list[tuple[str, int]],
) -> None:
    def made(name: str, given: list[tuple[str, tuple[int, ...]]]) -> tuple[TruthTable, ...]:
        return labels(*((f"{name}{n}", row(word), pages) for n, (word, pages) in enumerate(given)))

    plain = TruthDocument("d", Path("d.pdf"), made("main", main))
    document = replace(plain, alternatives=tuple(made(f"other{n}-", o) for n, o in enumerate(others)))
    prediction = read(*(row(word, page=page) for word, page in found))
    best, before = score_document(document, prediction, Kind()), score_document(plain, prediction, Kind())
    names = [t.id for t in best.tables]
    assert len(names) == len(set(names))
    assert [t.true for t in best.tables if t.labelled] == list(range(sum(t.labelled for t in best.tables)))
    assert sorted(t.predicted for t in best.tables if t.predicted is not None) == list(range(len(found)))
    assert sum((t.levels["folded"] for t in best.tables), Counts()).f1 >= (
        sum((t.levels["folded"] for t in before.tables), Counts()).f1
    )
    # A main label that still stands, and only that, is known by its own id.
    by_id = {t.id: t.label for t in best.tables if t.labelled}
    own = {t.id for t in plain.tables}
    assert all(label == name or label not in own for name, label in by_id.items())


def test_tables_too_many_on_one_page_have_names_of_their_own() -> None:
    document = TruthDocument("d", Path("d.pdf"), labels(("t", row("a"), (1,))))
    best = score_document(document, read(row("p", page=2), row("a"), row("q", page=2), row("r", page=3)), Kind())
    assert ids(best) == [("t", "t"), ("d:extra@2", None), ("d:extra@2#2", None), ("d:extra@3", None)]


def test_a_score_says_whether_its_label_has_boxes_of_cells() -> None:
    boxed = row("a", "b")
    boxed = replace(
        boxed, cells=tuple(replace(c, regions=(Region(1, Box(c.col, 0, c.col + 1, 1)),)) for c in boxed.cells)
    )
    plain = row("a", "b")
    expected = {(True, True): (True, 1.0), (False, True): (True, None), (True, False): (False, None)}
    for (found, wanted), said in expected.items():
        scored = score_table(boxed if found else plain, boxed if wanted else plain, frozenset(), Kind())
        assert (scored.boxed, scored.grits_loc) == said
    missed, extra = score_table(None, boxed, frozenset(), Kind()), score_table(boxed, None, frozenset(), Kind())
    assert [(s.boxed, s.grits_loc) for s in (missed, extra)] == [(True, 0.0), (False, None)]


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
