"""`biaoge eval` from the command line, on a small set of one's own."""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

Command = Callable[..., subprocess.CompletedProcess[str]]
SAMPLES = ("extra-abreast", "extra-within")


@pytest.fixture
def own_set(tmp_path: Path, samples: Path) -> Path:
    folder = tmp_path / "mine"
    folder.mkdir()
    for name in SAMPLES:
        for path in samples.glob(f"{name}*"):
            shutil.copy(path, folder)
    return folder


def test_a_set_of_ones_own_from_register_to_report_and_gate(command: Command, own_set: Path, tmp_path: Path) -> None:
    done = command("eval", "register", str(own_set))
    assert done.returncode == 0, done.stderr
    (toml,) = own_set.glob("*.toml")
    out = tmp_path / "kept"
    ran = command(
        *("eval", "run", str(toml), "--engine", "biaoge", "--engine", "pdfplumber", "--out", str(out)),
        *("--json", str(tmp_path / "scores.json"), "--show-wrong"),
    )
    assert ran.returncode == 0, ran.stderr
    assert "4 of 4" in ran.stdout
    assert "documents without a single error: 2 of 2" in ran.stdout
    assert [s["engine"] for s in json.loads((tmp_path / "scores.json").read_text())] == ["biaoge", "pdfplumber"]
    told = command("eval", "run", str(toml), "--out", str(out))
    assert told.stderr.count("(kept)") == 2, "nothing is read twice"

    summed = command("eval", "report", "--out", str(out), "--json", str(tmp_path / "summary.json"))
    assert summed.returncode == 0, summed.stderr
    assert "pdfplumber" in summed.stdout
    page = (out / "report" / "report.html").read_text(encoding="utf-8")
    assert "mine" in page
    assert len(list((out / "report" / "documents").rglob("*.html"))) == 2
    assert "data:image" in next((out / "report" / "documents").rglob("*.html")).read_text(encoding="utf-8")
    json.loads((tmp_path / "summary.json").read_text())

    baseline = tmp_path / "baseline.json"
    gate = ("eval", "gate", str(baseline), "--out", str(out))
    wrote = command(*gate, "--write", "--set", str(toml))
    assert wrote.returncode == 0, wrote.stderr
    passed = command(*gate)
    assert (passed.returncode, "passed" in passed.stdout) == (0, True), passed.stderr
    spoiled = json.loads(baseline.read_text())
    spoiled[0]["documents"][0]["exact"].append("a-table-that-was-right")
    baseline.write_text(json.dumps(spoiled))
    failed = command(*gate)
    assert failed.returncode == 7
    assert "table a-table-that-was-right was exact and is no longer" in failed.stdout
    assert "Traceback" not in failed.stderr


def test_tables_extracted_elsewhere_are_scored(command: Command, own_set: Path, tmp_path: Path) -> None:
    command("eval", "register", str(own_set))
    (toml,) = own_set.glob("*.toml")
    theirs = tmp_path / "theirs"
    read = command("extract", *(str(own_set / f"{name}.pdf") for name in SAMPLES), "--out", str(theirs))
    assert read.returncode == 0, read.stderr
    ran = command("eval", "run", str(toml), "--engine", f"folder:{theirs}", "--out", str(tmp_path / "kept"))
    assert ran.returncode == 0, ran.stderr
    assert "documents without a single error: 2 of 2" in ran.stdout
    # What lies there later is another prediction.
    (theirs / f"{SAMPLES[0]}.json").unlink()
    again = command("eval", "run", str(toml), "--engine", f"folder:{theirs}", "--out", str(tmp_path / "kept"))
    assert "documents without a single error: 1 of 2" in again.stdout


def test_pairs_are_scored_a_line_each(command: Command, tmp_path: Path) -> None:
    pairs = tmp_path / "pairs.json"
    table = "<table><tr><td>a</td></tr></table>"
    pairs.write_text(
        json.dumps([{"id": str(i), "pred_html": p, "true_html": table} for i, p in enumerate([table, None])])
    )
    done = command("eval", "score", str(pairs))
    assert done.returncode == 0, done.stderr
    assert [json.loads(line)["teds"] for line in done.stdout.splitlines()] == [1.0, 0.0]


def test_lists_tell_sets_engines_labels(command: Command) -> None:
    assert "samples: " in command("eval", "sets").stdout
    engines = command("eval", "engines").stdout
    assert "biaoge: runs" in engines
    assert "camelot-lattice: runs" in engines
    checked = command("eval", "label-check")
    assert checked.returncode == 0, checked.stdout
    assert "15 labels" in checked.stdout
    agreed = command("eval", "agreement")
    assert agreed.returncode == 0, agreed.stderr
    assert "15 tables labelled twice" in agreed.stdout


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (("run", "no-such-set"), 2, "no set named"),
        (("run", "samples", "--engine", "no-such-engine"), 2, "no engine is called"),
        (("run", "samples", "--engine", "docling"), 2, "docling: not run: "),
        (("run", "samples", "--python", "x"), 2, "ENGINE=PATH"),
        (("run", "samples@no-such-strength"), 2, "strength"),
        (("report",), 2, "biaoge eval run SET"),
        (("gate", "absent.json"), 6, "--write"),
        (("score", "absent.json"), 6, "absent.json"),
        (("register", "absent"), 2, "absent"),
        (("label-check", "absent.grid"), 6, "absent.grid"),
        (("agreement", "absent"), 2, "both folders"),
    ],
)
def test_a_wrong_call_says_what_to_do(command: Command, words: tuple[str, ...], code: int, said: str) -> None:
    done = command("eval", *words)
    assert done.returncode == code, done.stderr
    assert said in done.stderr
    assert "Traceback" not in done.stderr


def test_a_set_as_scans_is_read_by_engines_that_see_nothing(command: Command, own_set: Path, tmp_path: Path) -> None:
    command("eval", "register", str(own_set))
    (toml,) = own_set.glob("*.toml")
    ran = command("eval", "run", f"{toml}@dpi120", "--engine", "pdfplumber", "--out", str(tmp_path / "kept"))
    assert ran.returncode == 0, ran.stderr
    assert "mine@dpi120 · pdfplumber" in ran.stdout
    assert "0 of 4" in ran.stdout


def test_the_samples_are_as_right_as_the_baseline_says(command: Command, root: Path, tmp_path: Path) -> None:
    done = command(
        "eval", "gate", str(root / "benchmarks" / "baseline.json"), "--set", "samples", "--out", str(tmp_path)
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "samples · biaoge: passed (21 documents)" in done.stdout


def test_a_label_that_claims_a_second_one_that_is_not_there_is_told(
    command: Command, root: Path, tmp_path: Path
) -> None:
    labels = sorted((root / "eval" / "truth").glob("*.grid"))[:2]
    (tmp_path / "first").mkdir()
    (tmp_path / "second").mkdir()
    for path in labels:
        shutil.copy(path, tmp_path / "first")
    shutil.copy(root / "eval" / "truth" / "second" / labels[0].name, tmp_path / "second")
    done = command("eval", "agreement", str(tmp_path / "first"), str(tmp_path / "second"))
    assert done.returncode == 1
    assert f"{labels[1].stem} claims to be double, but there is no second label" in done.stderr
