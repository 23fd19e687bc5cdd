from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from biaoge.errors import LabelError
from biaoge.eval import gate
from biaoge.eval.prediction import Prediction, Reading
from biaoge.eval.results import SetScore
from biaoge.eval.scoring import score_set
from biaoge.eval.sets import Kind, TruthDocument, TruthSet, TruthTable
from biaoge.model import Cell, Table


def table(text: str, width: int = 10) -> Table:
    return Table(1, width, tuple(Cell(0, i, f"{text}{i}") for i in range(width)))


NAMES = [f"d{i}" for i in range(8)]
TRUTH = TruthSet(
    "s", Kind(), tuple(TruthDocument(n, Path(f"{n}.pdf"), (TruthTable(f"{n}_1", (), table(n)),)) for n in NAMES)
)


def measured(wrong: dict[str, int]) -> SetScore:
    """All documents right, but for `wrong` cells in those named."""

    def read(name: str) -> Prediction:
        right = table(name)
        cells = tuple(replace(c, text="?") if c.col < wrong.get(name, 0) else c for c in right.cells)
        return Prediction("e", "1", Reading((replace(right, cells=cells),)))

    return score_set(TRUTH, {n: read(n) for n in NAMES})


def test_what_is_as_good_passes_and_what_is_better_is_told() -> None:
    old = gate.baseline([("s", measured({"d0": 3}))])[0]
    assert gate.compare(old, measured({"d0": 3})).passed
    better = gate.compare(old, measured({}))
    assert better.passed
    assert better.gains == ("d0: table d0_1 is exact now",)


def test_an_exact_table_that_is_lost_fails_unless_it_is_allowed() -> None:
    old = gate.baseline([("s", measured({"d0": 3}))])[0]
    worse = measured({"d0": 3, "d5": 1})
    assert gate.compare(old, worse).faults == ("d5: table d5_1 was exact and is no longer",)
    assert gate.compare(replace(old, allowed={"d5_1": "the label is disputed"}), worse).passed


def test_cells_that_got_worse_everywhere_fail_even_where_no_table_was_exact() -> None:
    old = gate.baseline([("s", measured(dict.fromkeys(NAMES, 2)))])[0]
    faults = gate.compare(old, measured(dict.fromkeys(NAMES, 3))).faults
    assert len(faults) == 1
    assert "cell F1 fell by 0.1000" in faults[0]
    one = gate.compare(old, measured({**dict.fromkeys(NAMES, 2), "d3": 3}))
    assert one.passed, "one document's cell is within what chance may do"


def test_a_document_that_is_not_read_any_more_or_has_tables_too_many_fails() -> None:
    old = gate.baseline([("s", measured(dict.fromkeys(NAMES, 2)))])[0]
    predictions = {n: Prediction("e", "1", Reading((table(n), table("x", 3)))) for n in NAMES}
    junk = gate.compare(old, score_set(TRUTH, predictions))
    assert "d0: 1 tables are found where none is labelled, were 0" in junk.faults
    crashed = {**predictions, "d3": Prediction("e", "1", None, "crashed")}
    assert "d3: is not read any more: crashed" in gate.compare(old, score_set(TRUTH, crashed)).faults
    allowed = replace(old, allowed=dict.fromkeys(NAMES, "known"))
    assert not any("d3" in fault for fault in gate.compare(allowed, score_set(TRUTH, crashed)).faults)
    # What failed before may fail again.
    failed = gate.baseline([("s", score_set(TRUTH, crashed))])[0]
    assert gate.compare(failed, score_set(TRUTH, crashed)).passed


def test_where_there_are_too_few_documents_for_an_interval_any_fall_fails() -> None:
    few = replace(measured({"d0": 2, "d1": 2, "d2": 2}), documents=measured({"d0": 2, "d1": 2, "d2": 2}).documents[:3])
    old = gate.baseline([("s", few)])[0]
    worse = replace(few, documents=measured({"d0": 2, "d1": 3, "d2": 2}).documents[:3])
    (fault,) = gate.compare(old, worse).faults
    assert "too few for an interval" in fault
    assert gate.compare(old, few).passed


def test_renderings_of_one_original_are_one_observation() -> None:
    def tagged(score: SetScore) -> SetScore:
        return replace(score, documents=tuple(replace(d, tags=("source-a",)) for d in score.documents))

    old = gate.baseline([("s", tagged(measured(dict.fromkeys(NAMES, 2))))])[0]
    (fault,) = gate.compare(old, tagged(measured(dict.fromkeys(NAMES, 3)))).faults
    assert "1 originals" in fault


def test_a_document_that_is_gone_fails() -> None:
    old = gate.baseline([("s", measured({}))])[0]
    new = measured({})
    assert gate.compare(old, replace(new, documents=new.documents[1:])).faults == ("d0: the document is gone",)


def test_a_baseline_is_kept_in_a_file_a_document_a_line(tmp_path: Path) -> None:
    path = tmp_path / "baseline.json"
    sets = gate.baseline([("s", measured({"d0": 1}))])
    sets = (replace(sets[0], allowed={"d1_1": 'a "reason"'}),)
    gate.save(path, sets)
    assert gate.load(path) == sets
    assert len(path.read_text().splitlines()) == len(NAMES) + 4
    # What is measured anew replaces its set, keeps what is allowed, and leaves the others.
    other = replace(sets[0], set="other")
    again = gate.baseline([("s", measured({}))], (other, *sets))
    assert again[0] == other
    assert again[1].allowed == {"d1_1": 'a "reason"'}
    assert again[1].documents[0].exact == ("d0_1",)
    for text in ("{}", '[{"set":"s","engine":"e","documents":[{"name":"d","cells":[5,3,3],"exact":[]}]}]'):
        path.write_text(text)
        with pytest.raises(LabelError, match="not a baseline"):
            gate.load(path)
