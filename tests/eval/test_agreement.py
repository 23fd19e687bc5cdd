from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from tilings import plain, tables

from biaoge.errors import LabelError
from biaoge.eval.agreement import Place, compare, earned, false_claims, false_claims_in, open_cases, pairs, report
from biaoge.eval.gridtext import Label, Status, dumps
from biaoge.eval.metrics.counts import Counts
from biaoge.model import Cell, Table

TABLE = plain("a|b", "c|1", headers=1, stub=1)


def label(table: Table = TABLE, labeller: str = "x", status: Status = "single", note: str | None = None) -> Label:
    return Label(table, "report", 1, labeller, status, note=note)


def changed(table: Table, place: tuple[int, int], **what: object) -> Table:
    cells = tuple(replace(c, **what) if (c.row, c.col) == place else c for c in table.cells)  # type: ignore[arg-type]
    return replace(table, cells=cells)


@settings(max_examples=50, deadline=None)
@given(tables(roles=True))
def test_a_label_agrees_with_itself(table: Table) -> None:
    found = compare(label(table), label(table, "y"))
    assert found.agrees("raw")
    assert (found.places, found.front) == ((), ())
    assert all(c == Counts(len(table.cells), len(table.cells), len(table.cells)) for c in found.levels.values())


@settings(max_examples=50, deadline=None)
@given(tables(roles=True), tables(roles=True))
def test_agreement_is_the_same_both_ways_and_every_difference_has_its_place(one: Table, other: Table) -> None:
    there, back = compare(label(one), label(other)), compare(label(other), label(one))
    assert there.agrees() == back.agrees()
    assert [(p.row, p.col, p.kind, p.level) for p in there.places] == [
        (p.row, p.col, p.kind, p.level) for p in back.places
    ]
    # At the strictest level whatever differs is listed, and nothing else is.
    assert there.agrees("raw") == (not there.places and not there.front)
    assert there.levels["raw"].matched <= there.levels["space"].matched <= there.levels["folded"].matched


@pytest.mark.parametrize(
    ("what", "kind", "level"),
    [
        ({"text": "d"}, "text", "numbers"),
        ({"text": None}, "text", "numbers"),
        ({"text": "Ｃ"}, "text", "numbers"),
        ({"text": "ｃ"}, "text", "space"),
        ({"text": " c"}, "text", "raw"),
        ({"role": "data"}, "role", None),
    ],
)
def test_what_differs_is_named(what: dict[str, object], kind: str, level: str | None) -> None:
    found = compare(label(), label(changed(TABLE, (1, 0), **what)))
    (place,) = found.places
    assert (place.row, place.col, place.kind, place.level) == (1, 0, kind, level)
    assert found.agrees() == (level == "raw")
    assert found.agrees("folded") == (level in ("raw", "space"))


def test_a_merge_is_a_span_and_a_missing_cell() -> None:
    merged = Table(2, 2, (*TABLE.cells[:2], Cell(1, 0, "c", colspan=2, role="row_header")), 1, 1)
    found = compare(label(), label(merged))
    assert found.places == (
        Place(1, 0, "span", "'c'", "'c' spanning 1 × 2"),
        Place(1, 1, "no cell", "'1'", None),
    )
    assert found.structure == Counts(2, 3, 4)
    assert found.roles == Counts(2, 2, 2)
    assert str(found.places[1]) == "row 1, column 1: no cell: '1' / no cell"


def test_numbers_of_headers_count_captions_do_not() -> None:
    assert not compare(label(), label(replace(TABLE, header_rows=0))).agrees()
    found = compare(label(), label(replace(TABLE, caption="Costs")))
    assert found.agrees()
    assert found.front == (("caption", "", "Costs"),)


def test_labels_of_different_tables_are_not_compared() -> None:
    with pytest.raises(LabelError, match=r"report\.1 and report\.2"):
        compare(label(), replace(label(), ordinal=2))


OTHER = changed(TABLE, (1, 1), text="2")


@pytest.mark.parametrize(
    ("first", "second", "complaint"),
    [
        (label(), None, None),
        (label(), label(OTHER, "y"), None),
        (label(status="double"), label(labeller="y"), None),
        (label(status="double"), label(changed(TABLE, (1, 1), text="1 "), "y"), None),
        (label(status="double"), None, "there is no second label"),
        (label(status="double"), label(), "both labels are by x"),
        (label(status="double"), label(OTHER, "y"), "the labels differ in 1 cells"),
        (label(status="adjudicated", note="1 it is"), label(OTHER, "y"), None),
        (label(status="adjudicated"), label(OTHER, "y"), "no note"),
        (label(status="adjudicated", note="1 it is"), None, "there is no second label"),
        (label(status="adjudicated", note="1 it is"), label(OTHER), "both labels are by x"),
    ],
)
def test_a_status_is_a_claim(first: Label, second: Label | None, complaint: str | None) -> None:
    found = false_claims([first], [second] if second else [])
    if complaint is None:
        assert found == ()
    else:
        (said,) = found
        assert said.startswith(f"report.1 claims to be {first.status}, but ")
        assert complaint in said


def test_what_a_label_may_claim() -> None:
    assert earned(label(), None) == "single"
    assert earned(label(), label()) == "single"
    assert earned(label(), label(labeller="y")) == "double"
    assert earned(label(), label(OTHER, "y")) == "single"


def write(folder: Path, *labels: Label) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for one in labels:
        (folder / f"{one.name}.grid").write_text(dumps(one), encoding="utf-8")


def test_pairs_are_files_of_one_name(tmp_path: Path) -> None:
    lonely = replace(label(), ordinal=2)
    write(tmp_path, label(), lonely)
    write(tmp_path / "second", label(OTHER, "y"))
    ((first, second),) = pairs(tmp_path)
    assert (first.labeller, second.labeller) == ("x", "y")
    assert [d.name for d in open_cases(pairs(tmp_path))] == ["report.1"]
    write(tmp_path, replace(first, status="double"))
    assert open_cases(pairs(tmp_path)) == ()
    assert len(false_claims_in(tmp_path)) == 1
    write(tmp_path / "elsewhere", label(labeller="z"))
    assert false_claims_in(tmp_path, tmp_path / "elsewhere") == ()
    write(tmp_path / "elsewhere", replace(label(), ordinal=3))
    with pytest.raises(LabelError, match=r"report\.3\.grid: a second label"):
        pairs(tmp_path, tmp_path / "elsewhere")


def test_the_report_says_what_is_to_be_done() -> None:
    two, three = (replace(label(labeller="x"), ordinal=n) for n in (2, 3))
    settled = replace(three, status="adjudicated", note="1 it is")
    text = report(
        [
            (label(), label(labeller="y")),
            (two, replace(label(OTHER, "y"), ordinal=2)),
            (settled, replace(label(OTHER, "y"), ordinal=3)),
        ]
    )
    lines = text.splitlines()
    assert lines[0] == "3 tables labelled twice; the labels of 1 agree (level space)"
    assert "report.1: x and y, status single: agree, may be called double" in lines
    at = lines.index("report.2: x and y, status single: to be settled, they differ in 1 cells")
    assert lines[at + 1] == "    row 1, column 1: text (at level numbers): '1' / '2'"
    assert "report.3: x and y, status adjudicated: settled" in lines
    assert any("10 of 12 (first) and 12 (second): F1 0.8333" in line for line in lines)
    assert report([]).startswith("0 tables")


def test_no_shipped_label_claims_more_than_is_true() -> None:
    assert false_claims_in() == ()


def test_every_shipped_label_has_a_second_one() -> None:
    assert {first.status for first, _ in pairs()} <= {"double", "adjudicated"}
    assert len(pairs()) == 15
