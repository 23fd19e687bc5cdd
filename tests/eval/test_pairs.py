from __future__ import annotations

import json
from pathlib import Path

import pytest

from biaoge.errors import LabelError
from biaoge.eval.metrics import grits
from biaoge.eval.pairs import lines, pairs, read

TABLE = "<table><tr><td>a</td><td>1,200</td></tr></table>"


def test_a_pair_has_every_measure() -> None:
    given = pairs(json.dumps([{"id": "x", "pred_html": TABLE.replace(",", ""), "true_html": TABLE}]))
    (line,) = lines(given)
    out = json.loads(line)
    assert out["id"] == "x"
    assert (out["teds_dialect"], out["level"], out["teds_struct"], out["grits_top"]) == ("pubtabnet", "folded", 1, 1)
    assert out["teds"] == pytest.approx(1 - (1 / 5) / 3)
    assert (out["cells"]["matched"], out["cells"]["f1"]) == (1, 0.5)
    assert out["cells_at"]["numbers"]["f1"] == 1
    assert out["facts"]["true"] == out["facts"]["predicted"]
    assert out["adjacency"]["f1"] == 0


def test_nothing_predicted_and_nonsense_count_as_nothing_right() -> None:
    bad = [None, "", "<p>no table</p>", "<table></table>", "<table><tr><td colspan='x'>", "<" * 5000, "\0\ud800"]
    given = pairs(json.dumps([{"id": i, "pred_html": html, "true_html": TABLE} for i, html in enumerate(bad)]))
    for line in lines(given):
        out = json.loads(line)
        assert out["cells"]["matched"] == 0, out
        assert out["cells"]["true"] == 2
        assert out["facts"]["matched"] == 0
        assert out["teds"] < 1
    worse = pairs(json.dumps([{"id": i, "pred_html": TABLE, "true_html": html or ""} for i, html in enumerate(bad)]))
    assert [json.loads(line)["cells"]["matched"] for line in lines(worse)] == [0] * len(bad)


def test_lists_objects_and_lines_are_read_and_what_is_wrong_is_named(tmp_path: Path) -> None:
    one = {"id": "x", "pred_html": TABLE, "true_html": TABLE}
    assert len(pairs(json.dumps({"about": "…", "pairs": [one, one]}))) == 2
    assert len(pairs(json.dumps(one))) == 1
    assert len(pairs(f"{json.dumps(one)}\n\n{json.dumps(one)}\n")) == 2
    assert len(pairs("\ufeff" + json.dumps(one))) == 1
    strange = json.dumps({**one, "id": "a\u2028b\x85"}, ensure_ascii=False)
    assert [p.id for p in pairs(f"{strange}\n{strange}\r\n")] == ["a\u2028b\x85"] * 2
    for text, said in [("nonsense", "line 1: not JSON"), ("3", "list of pairs"), ("[" * 100_000, "line 1: not JSON")]:
        with pytest.raises(LabelError, match=said):
            pairs(text)
    with pytest.raises(LabelError, match="No such file"):
        read(tmp_path / "absent.json")


def test_scores_are_those_of_the_reference_implementations(data: Path) -> None:
    golden = json.loads((data / "metrics" / "golden.json").read_text(encoding="utf-8"))["pairs"]
    assert len(golden) >= 128
    for want, line in zip(golden, lines(read(data / "metrics" / "golden.json"), microsoft=True), strict=True):
        got = json.loads(line)
        for ours, theirs in [
            ("teds", "teds"),
            ("teds_struct", "teds_struct"),
            ("grits_top", "grits_top"),
            ("grits_con", "grits_con"),
            ("grits_top_microsoft", "grits_top_ms"),
            ("grits_con_microsoft", "grits_con_ms"),
        ]:
            if want[theirs] is not None:
                assert got[ours] == pytest.approx(want[theirs], abs=1e-9), (want["id"], ours)
        for rate in ("precision", "recall", "f1"):
            assert got["adjacency"][rate] == pytest.approx(want["adjacency"][rate], abs=1e-9), want["id"]


def test_an_entry_that_is_wrong_has_its_line_too() -> None:
    entries = [
        {"id": "y", "pred_html": TABLE, "true_html": 3},
        {"id": "y", "pred_html": 3, "true_html": TABLE},
        {"pred_html": TABLE, "true_html": TABLE},
        3,
        {"id": 5, "pred_html": TABLE, "true_html": TABLE},
        {"id": "\ud800", "pred_html": TABLE, "true_html": TABLE},
    ]
    out = [json.loads(line) for line in lines(pairs(json.dumps(entries)))]
    assert [o["id"] for o in out] == ["y", "y", 3, 4, 5, "\ud800"]
    assert [o["teds"] for o in out] == [0, 0, 1, 0, 1, 1]
    assert [o.get("error") for o in out] == [
        *("true_html is missing or no text", "pred_html is neither text nor null", "no id"),
        *("no object with id, pred_html and true_html", None, None),
    ]


def test_a_pair_that_no_measure_can_take_costs_itself_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(predicted: str, true: str) -> None:
        raise MemoryError("too much" if "boom" in true else "")

    good, score = pairs(json.dumps({"id": 1, "pred_html": TABLE, "true_html": TABLE})), grits.kensho
    bad = pairs(json.dumps({"id": 2, "pred_html": TABLE, "true_html": f"{TABLE}boom"}))
    monkeypatch.setattr(grits, "kensho", lambda p, t: fail(p, t) if "boom" in t else score(p, t))
    out = [json.loads(line) for line in lines([*good, *bad, *good])]
    assert [(o["teds"], o.get("error")) for o in out] == [(1, None), (0, "MemoryError: too much"), (1, None)]


def test_huge_spans_end_where_the_rows_do() -> None:
    huge = "<table><tr><td rowspan=65534>{}</td></tr></table>"
    (line,) = lines(pairs(json.dumps({"id": 1, "pred_html": huge.format("a"), "true_html": huge.format("b")})))
    out = json.loads(line)
    assert "error" not in out
    assert out["grits_top"] == 1
    assert out["grits_con"] == 0
