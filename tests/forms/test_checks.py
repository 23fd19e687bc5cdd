from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest
from tilings import plain

from biaoge.facts import Check, Identity, Place
from biaoge.forms.checks import check, findings
from biaoge.forms.verify import confirmed, verified
from biaoge.model import Repair, Source, Table


def row(*texts: str | None, source: Source = "text") -> Table:
    """A row of a total and its parts."""
    table = plain("合计" + "|x" * (len(texts) - 1), "|".join(t or "" for t in texts), headers=1)
    cells = (replace(c, text=texts[c.col], source=source, confidence=0.97) if c.row else c for c in table.cells)
    return replace(table, cells=tuple(cells))


def identity(parts: int, certain: bool = True, less: int = 0) -> Identity:
    places = [Place(0, 1, c) for c in range(1 + parts + less)]
    return Identity("sum:a", "a sum", (places[0],), tuple(places[1 : 1 + parts]), tuple(places[1 + parts :]), certain)


def only(table: Table, certain: bool = True, less: int = 0) -> Check:
    return check([identity(table.n_cols - 1 - less, certain, less)], [table])[0]


@pytest.mark.parametrize(
    ("texts", "holds", "expected", "found"),
    [
        (("3", "1", "2"), True, 3, 3),
        (("0.3", "0.1", "0.2"), True, "0.3", "0.3"),
        (("1,000", "999", "1"), True, 1000, 1000),
        (("4", "1", "2"), False, 3, 4),
        (("3", "3", ""), True, 3, 3),
        (("3", "—", "3"), True, 3, 3),
        (("", "1", "2"), None, 3, None),
        (("", "0", "0"), None, 0, None),
        (("", "0", ""), True, 0, 0),
        (("", "1", ""), False, 1, 0),
        (("3", "x", "2"), None, None, 3),
        (("3", None, "2"), None, None, 3),
        ((None, "1", "2"), None, 3, None),
        (("1" + "0" * 30 + "1", "1" + "0" * 31, "1"), True, 10**31 + 1, 10**31 + 1),
    ],
)
def test_sums_are_exact(
    texts: tuple[str | None, ...], holds: bool | None, expected: int | str | None, found: int | str | None
) -> None:
    one = only(row(*texts))
    assert one.holds is holds
    assert one.expected == (None if expected is None else Decimal(expected))
    assert one.found == (None if found is None else Decimal(found))


def test_a_sum_of_nothing_asks_nothing() -> None:
    assert check([identity(2)], [row("/", "-", "")]) == ()


def test_parts_may_be_taken_away() -> None:
    assert only(row("4", "5", "1"), less=1).holds


@pytest.mark.parametrize(
    ("source", "certain", "verdict"),
    [("text", True, "source"), ("text", False, "unknown"), ("ocr", True, "unknown"), ("repaired", True, "unknown")],
)
def test_whose_error_it_is(source: Source, certain: bool, verdict: str) -> None:
    table = row("4", "1", "2", source=source)
    one = only(table, certain)
    assert one.verdict == verdict
    (finding,) = findings([one], [table])
    kind = "sum-suspects" if source == "ocr" else "sum-broken"
    assert (finding.kind, finding.severity) == (kind, "warning" if certain else "info")
    assert finding.cells == ((1, 0), (1, 1), (1, 2))
    assert "3 expected, 4 found" in finding.message


def test_a_broken_sum_is_told_once_with_its_suspects_first() -> None:
    sure = {(1, 0): 0.97, (1, 1): 1.0, (1, 2): 0.4}
    table = row("4", "1", "2", source="ocr")
    cells = tuple(replace(c, confidence=sure.get((c.row, c.col), 1.0)) for c in table.cells)
    (finding,) = findings([only(table)], [replace(table, cells=cells)])
    assert (finding.kind, finding.cells) == ("sum-suspects", ((1, 2), (1, 0)))
    assert "3 expected, 4 found" in finding.message


def test_one_recognised_cell_leaves_it_open() -> None:
    table = row("4", "1", "2")
    mixed = replace(table, cells=tuple(replace(c, source="ocr") if c.text == "2" else c for c in table.cells))
    assert only(mixed).verdict == "unknown"


def test_a_sum_that_holds_since_a_cell_was_mended_was_misread() -> None:
    table = row("3", "1", "2", source="ocr")
    for raw, verdict in (("7", "misread"), ("2.0", "ok")):
        mended = Repair(raw, "2", "as the sums ask", 200)
        cells = (replace(c, source="repaired", repair=mended) if c.text == "2" else c for c in table.cells)
        one = only(replace(table, cells=tuple(cells)))
        assert (one.holds, one.verdict) == (True, verdict)


def test_a_blank_total_is_told() -> None:
    table = row("", "0", "0")
    (finding,) = findings([only(table)], [table])
    assert finding.kind == "sum-blank"
    assert findings([only(row(None, "0", "0"))], [row(None, "0", "0")]) == ()


def test_cells_of_sums_that_hold_are_verified() -> None:
    table = row("3", "1", "2", "", source="ocr")
    (done,) = verified([table], [only(table)])
    by_text = {c.text: c for c in done.cells if c.row}
    assert by_text["3"].verified == by_text["1"].verified == ("sum:a",)
    assert by_text["3"].confidence == confirmed(0.97) > 0.99
    assert by_text[""].verified == ()
    assert by_text[""].confidence == 0.97


def test_broken_and_doubtful_sums_verify_nothing() -> None:
    table = row("3", "1", "2", source="ocr")
    broken = replace(only(table), holds=False)
    for checks in ([broken], [only(table), broken], [replace(only(table), holds=None)]):
        assert not any(c.verified for c in verified([table], checks)[0].cells)
    doubtful = replace(table, cells=tuple(replace(c, confidence=0.5) for c in table.cells))
    assert not any(c.verified for c in verified([doubtful], [only(doubtful)])[0].cells)


def test_text_is_verified_by_one_sum_even_beside_a_broken_one() -> None:
    table = row("3", "1", "2")
    (done,) = verified([table], [only(table), replace(only(table), holds=False)])
    assert {c.text for c in done.cells if c.verified} == {"1", "2", "3"}
    assert all(c.confidence == 0.97 for c in done.cells if c.row)
