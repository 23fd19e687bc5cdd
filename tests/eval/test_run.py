from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

from biaoge.errors import DamagedPdf
from biaoge.eval.metrics.counts import Counts
from biaoge.eval.run import report, run, to_json
from biaoge.eval.sets import Kind, TruthDocument, TruthSet, TruthTable
from biaoge.model import Box, Cell, Part, Table


def row(*texts: str, page: int = 1) -> Table:
    cells = tuple(Cell(0, i, t) for i, t in enumerate(texts))
    return Table(1, len(texts), cells, parts=(Part(page, Box(0, 0, 1, 1), (0, 0)),))


def truth(kind: Kind) -> TruthSet:
    one = TruthDocument("one", Path("one.pdf"), (TruthTable("one_1", (1,), row("a", "b", "c")),))
    two = TruthDocument("two", Path("two.pdf"), (TruthTable("two_1", (1,), row("x", "y")),))
    return TruthSet("drawn", kind, (one, two))


def engine(path: Path, joined: bool) -> Sequence[Table]:
    if path.name == "two.pdf":
        raise DamagedPdf("no page can be read")
    return [row("p", "q", "r", "s", page=9), row("a", "b", "Ｃ")]


def test_missing_extra_and_wrong_cells_all_count() -> None:
    got = run(truth(Kind("")), "engine", engine)
    assert (got.documents, got.labelled, got.found) == (2, 2, 2)
    assert got.cells("raw") == Counts(matched=2, predicted=3 + 4, true=3 + 2)
    assert got.shape() == Counts(matched=3, predicted=3 + 4, true=3 + 2)
    assert (got.exact("raw"), got.exact("folded"), got.exact_shape()) == (0, 0, 1)
    assert [t.id for t in got.tables] == ["one_1", "one:extra@9", "two_1"]
    assert got.failures == (("two", "DamagedPdf: no page can be read"),)


def test_an_extra_table_is_no_fault_where_labels_are_incomplete() -> None:
    got = run(truth(Kind("", complete=False)), "engine", engine)
    assert got.cells("raw") == Counts(matched=2, predicted=3, true=3 + 2)


def test_the_reader_is_told_whether_to_join_and_asked_once() -> None:
    for joined in (True, False):
        asked: list[tuple[str, bool]] = []

        def read(path: Path, join: bool, asked: list[tuple[str, bool]] = asked) -> Sequence[Table]:
            asked.append((path.name, join))
            return ()

        got = run(truth(Kind("", joined=joined)), "none", read)
        assert asked == [("one.pdf", joined), ("two.pdf", joined)]
        assert got.cells("folded") == Counts(0, 0, 5)


def test_report_and_json_say_the_same_counts() -> None:
    got = run(truth(Kind("")), "engine", engine)
    text = report(got, show_wrong=True)
    lines = [line.split() for line in text.splitlines()]
    assert ["raw", "0", "of", "2", "2", "7", "5", "0.2857", "0.4000", "0.3333"] in lines
    assert "row 0, column 2: true 'c', predicted 'Ｃ'" in text
    assert "two_1: not found (2 cells)" in text
    assert "one:extra@9: no such table is labelled (4 cells)" in text
    (written,) = json.loads(to_json([got]))
    assert written["cells"]["raw"] == {
        "matched": 2,
        "predicted": 7,
        "true": 5,
        "precision": 0.285714,
        "recall": 0.4,
        "f1": 0.333333,
    }
    assert written["exact_tables"] == {"raw": 0, "space": 0, "folded": 0, "structure": 1}
