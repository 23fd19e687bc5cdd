from __future__ import annotations

import json
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from biaoge.app.bulk import Order, Outcome, exit_code, extract, find_files, printable, stems_for
from biaoge.app.isolate import Limits
from biaoge.errors import UsageError

names = st.sampled_from(["a", "A", "b", "a.t1", "a.debug", "a.t1.grid", "年报", "x" * 300, "表" * 120, ".hidden"])
paths = st.builds(
    lambda folder, name, ending: Path(folder, name + ending),
    st.sampled_from(["p", "q", "p/r"]),
    names,
    st.sampled_from([".pdf", ".PDF", ".fuzz", ""]),
)


def outputs(stem: str) -> set[str]:
    """Everything that may be written for a stem, as a file system sees it that ignores case."""
    endings = ["json", "html", "md", "debug.html", *(f"t{n}{grid}.csv" for n in (1, 2) for grid in ("", ".grid"))]
    return {f"{stem}.{ending}".casefold() for ending in endings}


@given(st.lists(paths, unique=True, max_size=6))
def test_no_two_files_write_to_one_place(files: list[Path]) -> None:
    seen: set[str] = set()
    for stem in stems_for(files):
        assert not outputs(stem) & seen
        seen |= outputs(stem)
        assert max(len(name.encode()) for name in outputs(stem)) <= 255
        assert not stem.startswith(".")


@given(st.lists(paths, unique=True, max_size=6), st.randoms())
def test_stems_do_not_hang_on_the_order(files: list[Path], random: object) -> None:
    turned = files[::-1]
    assert dict(zip(files, stems_for(files), strict=True)) == dict(zip(turned, stems_for(turned), strict=True))


def test_find_files(tmp_path: Path) -> None:
    for name in ("b.pdf", "deep/a.PDF", "deep/note.txt", "c.fuzz"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_bytes(b"")
    (tmp_path / "empty").mkdir()
    asked = ["", "b.pdf", "./deep/../b.pdf", "c.fuzz", "gone.pdf", "*.pdfx", "empty"]
    tasks, lost = find_files([tmp_path / name for name in asked])
    assert [task.path.relative_to(tmp_path).as_posix() for task in tasks] == ["b.pdf", "deep/a.PDF", "c.fuzz"]
    assert [task.stem for task in tasks] == ["b", "a", "c.fuzz"]
    assert [outcome.exit_code for outcome in lost] == [3, 3, 3]
    assert ["no such file" in lost[0].message, "pattern" in lost[1].message, "no PDF" in lost[2].message] == [True] * 3


def test_exit_code() -> None:
    fine, locked, broken = Outcome("a"), Outcome("b", error="x", exit_code=4), Outcome("c", error="y", exit_code=3)
    assert exit_code([]) == exit_code([fine]) == 0
    assert exit_code([fine, locked, locked]) == 4
    assert exit_code([locked, broken]) == 1


def test_printable() -> None:
    assert printable(Path("年报\n\x1b[31m.pdf")) == "年报\ufffd\ufffd[31m.pdf"


def run(files: list[Path], order: Order) -> dict[str, Outcome]:
    tasks, lost = find_files(files)
    assert not lost
    with closing(extract(tasks, order)) as outcomes:
        return {Path(outcome.path).name: outcome for outcome in outcomes}


def without_timings(path: Path) -> str:
    raw = json.loads(path.read_text(encoding="utf-8"))
    for step in raw["steps"]:
        step["seconds"] = 0
    return json.dumps(raw)


def test_same_results_whatever_the_number_of_workers(tmp_path: Path, grid_pdf: Callable[..., bytes]) -> None:
    files = [tmp_path / f"{n}.pdf" for n in range(4)]
    for n, file in enumerate(files):
        file.write_bytes(grid_pdf([["a", "b"], ["c", str(n)]], pages=n % 2 + 1))
    (tmp_path / "bad.pdf").write_bytes(b"%PDF-1.4\nnothing")
    files.append(tmp_path / "bad.pdf")
    alone = run(files, Order(tmp_path / "one", jobs=1))
    both = run(files, Order(tmp_path / "two", jobs=2))
    assert {n: o.error for n, o in alone.items()} == {n: o.error for n, o in both.items()}
    assert alone["bad.pdf"].error == "DamagedPdf"
    for n in range(4):
        assert alone[f"{n}.pdf"].tables >= 1
        assert without_timings(tmp_path / "one" / f"{n}.json") == without_timings(tmp_path / "two" / f"{n}.json")
    assert sorted(p.name for p in (tmp_path / "one").iterdir()) == [f"{n}.json" for n in range(4)]


def test_closing_early_stops_the_children_and_cleans_up(pdf: Path, tmp_path: Path) -> None:
    copies = [tmp_path / f"c{n}.pdf" for n in range(5)]
    for copy in copies:
        copy.write_bytes(pdf.read_bytes())
    tasks, _ = find_files(copies)
    outcomes = extract(tasks, Order(tmp_path / "out"))
    first = next(outcomes)
    outcomes.close()
    left = sorted(p.name for p in (tmp_path / "out").iterdir())
    assert Path(first.written[0]).name in left
    assert all(name.endswith(".json") for name in left)
    for name in left:
        json.loads((tmp_path / "out" / name).read_text())


def test_time_limit_is_the_files_own(pdf: Path, tmp_path: Path) -> None:
    order = Order(tmp_path / "out", limits=Limits(seconds=0.0))
    outcome = run([pdf], order)["small.pdf"]
    assert (outcome.error, outcome.exit_code) == ("TimedOut", 5)
    assert list((tmp_path / "out").iterdir()) == []


def test_tables_of_an_earlier_run_go(pdf: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    out.mkdir()
    stale, other = out / "small.t9.csv", out / "small.t9x.csv"
    stale.write_text("old")
    other.write_text("mine")
    outcome = run([pdf], Order(out, formats=("csv",)))["small.pdf"]
    assert outcome.error is None
    assert not stale.exists()
    assert other.exists()
    assert (out / "small.t1.csv").exists()


def test_folder_that_cannot_be_written(pdf: Path, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    tasks, _ = find_files([pdf])
    order = replace(Order(tmp_path / "out"), out=tmp_path / "file" / "out")
    with pytest.raises(UsageError, match="choose another --out"):
        next(extract(tasks, order))
