from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from pathlib import Path

from tilings import plain

from biaoge.app.evaltools import sums_of
from biaoge.eval import reports
from biaoge.eval.gridtext import Label, dumps
from biaoge.eval.labelcheck import Checked, check, check_files, check_set, examine, report
from biaoge.eval.sets import Kind, TruthDocument, TruthSet, TruthTable, load
from biaoge.model import Table

OWN = [label for name in reports.names() for label in reports.load(name).labels]
RESULTS = next(label.table for label in OWN if label.ordinal == 2)


def with_values(table: Table, values: dict[tuple[int, int], str]) -> Table:
    return replace(table, cells=tuple(replace(c, text=values.get((c.row, c.col), c.text)) for c in table.cells))


def test_a_blank_total_is_a_breach_and_may_be_acknowledged() -> None:
    total = next(c for c in RESULTS.cells if (c.text or "").endswith("总计") and c.col == 1)
    table = with_values(RESULTS, {(total.row, 3): ""})
    (breach,) = check(table, sums_of)
    assert (breach.cell, breach.found, breach.acknowledged) == ((total.row, 3), None, False)
    assert (breach.row[-1], breach.column) == ("(七)总计", ("申请人情况", "自然人"))
    for note, known in (("no value in row (七) 总计, 自然人", True), ("no value in row (七) 总计", False)):
        (again,) = check(Label(table, "r", 2, "a", note=note), sums_of)
        assert again.acknowledged == known


def test_our_own_labels_add_up_or_say_why_not() -> None:
    checked = [examine(label.name, label.table, sums_of, label.note) for label in OWN]
    assert [one.sums for one, label in zip(checked, OWN, strict=True) if label.ordinal == 3] == [3] * 5
    assert all(one.sums > 30 for one, label in zip(checked, OWN, strict=True) if label.ordinal == 2)
    assert [one.name for one in checked for breach in one.breaches if not breach.acknowledged] == []


WRONG = plain("科目|合计|甲|乙", "a|3|1|2", "b|4|1|2", headers=1, stub=1)


def test_sets_and_files_are_checked_with_their_notes(tmp_path: Path) -> None:
    path = tmp_path / "r.1.grid"
    path.write_text(dumps(Label(WRONG, "r", 1, "x", note="b: 合计 is the publisher's")), encoding="utf-8")
    (of_file,) = check_files([path], sums_of)
    assert (of_file.name, of_file.sums, [b.acknowledged for b in of_file.breaches]) == ("r.1.grid", 2, [True])
    tables = (TruthTable("r.1", (1,), WRONG),)
    truth = TruthSet("s", Kind(), (TruthDocument("r", Path("r.pdf"), tables, ((TruthTable("r.b", (1,), WRONG),),)),))
    assert [(one.name, [b.acknowledged for b in one.breaches]) for one in check_set(truth, sums_of)] == [
        ("r.1", [False]),
        ("r.b", [False]),
    ]
    lines = report([*check_set(truth, sums_of), of_file, Checked("none", 0, ())]).splitlines()
    assert lines[0] == "4 labels, 3 of them with sums: 6 sums checked, 3 do not hold, 1 of these acknowledged"
    assert lines[1:3] == [
        "r.1",
        "    row 2, column 1 (b · 合计): sum of the columns beside it: 3 expected, 4 found",
    ]
    assert lines[-1].endswith("4 found (acknowledged)")


def test_what_is_found_in_real_labels(data: Path) -> None:
    yearly = check_set(load("govcn_xxgk", data), sums_of)
    assert [one.sums for one in yearly] == [0, 37, 3]
    assert all(not one.breaches for one in yearly)
    budgets = check_set(load("govcn_budget", data), sums_of)
    assert sum(one.sums for one in budgets) > 600
    # Rounded by the publisher: the page says 94,995,790 = 77,381,546 + 17,614,243.
    (breach,) = [b for one in budgets for b in one.breaches]
    assert (breach.expected, breach.found) == (Decimal(94995789), Decimal(94995790))
