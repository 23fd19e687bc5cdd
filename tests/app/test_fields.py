"""The command `biaoge fields`, and what it writes."""

from __future__ import annotations

import csv
import io
import json
import subprocess
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest

from biaoge.app import fieldsout
from biaoge.app.pipeline import read
from biaoge.app.settings import Settings
from biaoge.app.understand import understood
from biaoge.errors import FormError, UsageError
from biaoge.model import Document

Command = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture(scope="module")
def report(samples: Path) -> Path:
    return samples / "003-writer.pdf"


def test_a_report_as_one_line(command: Command, report: Path) -> None:
    done = command("fields", report, "--quiet")
    assert (done.returncode, done.stderr) == (0, "")
    (line,) = done.stdout.splitlines()
    raw = json.loads(line)
    assert list(raw) == ["file", "form", "fields", "checks", "findings"]
    assert raw["form"] == "xxgk-2021"
    field = raw["fields"]["requests.received.person"]
    assert (field["value"], field["text"], field["unit"]) == (12, "12", "件")
    assert field["verified"]
    assert all(check["holds"] for check in raw["checks"])
    assert raw["fields"]["fees.administrative.amount"]["value"] == 0


def test_records_come_in_the_order_of_the_files(command: Command, report: Path, pdf: Path) -> None:
    (pdf.parent / "bad.pdf").write_bytes(b"")
    done = command("fields", report, pdf, "bad.pdf", "--jobs", "2")
    assert [Path(json.loads(line)["file"]).name for line in done.stdout.splitlines()] == ["003-writer.pdf", "small.pdf"]
    assert json.loads(done.stdout.splitlines()[1])["form"] is None
    assert done.returncode == 3
    assert "bad.pdf: error: the file is empty" in done.stderr


def test_what_was_read_before(command: Command, report: Path, pdf: Path) -> None:
    assert command("extract", report, "--quiet").returncode == 0
    out = pdf.parent / "biaoge-out" / "003-writer.json"
    again = json.loads(command("fields", out, "--quiet").stdout)
    direct = json.loads(command("fields", report, "--quiet").stdout)
    assert {**again, "file": ""} == {**direct, "file": ""}


def test_long_and_wide(command: Command, report: Path, pdf: Path) -> None:
    long = command("fields", report, "--to", "csv", "--quiet").stdout
    rows = list(csv.DictReader(io.StringIO(long.removeprefix("\ufeff"))))
    assert list(rows[0]) == list(fieldsout.LONG)
    assert len(rows) == 200
    assert command("fields", report, pdf, "--to", "csv", "--wide", "--out", "w.csv", "--quiet").stdout == ""
    wide = (pdf.parent / "w.csv").read_text(encoding="utf-8-sig")
    first, second = csv.DictReader(io.StringIO(wide))
    assert (first["requests.received.total"], first["fields"], second["fields"]) == ("12", "200", "0")


def test_parquet_keeps_numbers_exact(command: Command, samples: Path, pdf: Path) -> None:
    pq = pytest.importorskip("pyarrow.parquet")
    assert command("fields", samples / "000-writer.pdf", "--to", "parquet", "--out", "f.parquet").returncode == 0
    rows = {row["field"]: row for row in pq.read_table(pdf.parent / "f.parquet").to_pylist()}
    assert rows["fees.administrative.amount"]["value"] == Decimal("248.9611")
    assert command("fields", pdf, "--to", "parquet").returncode == UsageError.exit_code


def test_a_form_that_is_not_there(command: Command, pdf: Path) -> None:
    done = command("fields", pdf, "--form", "nothing-such")
    assert done.returncode == FormError.exit_code
    assert "xxgk-2021" in done.stderr
    assert command("extract", pdf, "--form", "nothing-such").returncode == FormError.exit_code


def test_numbers_that_parquet_cannot_hold() -> None:
    pytest.importorskip("pyarrow")
    row = {"file": "a", "a.b": Decimal("0.12345678901")}
    with pytest.raises(UsageError, match="more digits"):
        fieldsout.write_parquet([row], ["file", "a.b"], Path("never-written"))
    assert not Path("never-written").exists()


def test_half_characters_do_not_break_a_line(document: Document) -> None:
    fact = replace(document.facts[0], text="3\ud83d")
    line = fieldsout.json_line(replace(document, facts=(fact,)), "a")
    line.encode("utf-8")
    assert json.loads(line)["fields"]["a.b.count"]["text"].startswith("3")


def test_understood_twice_is_understood_once(report: Path) -> None:
    document = read(report)
    assert understood(document, Settings()) == document


def test_without_a_form(report: Path) -> None:
    document = read(report, Settings(form="none"))
    assert (document.form, document.facts) == (None, ())
    assert document.checks
    assert not any(check.identity.certain for check in document.checks)


def test_a_form_that_does_not_fit(pdf: Path) -> None:
    document = read(pdf, Settings(form="xxgk-2021"))
    assert (document.form, document.facts) == (None, ())
    assert [f.kind for f in document.findings if f.kind.startswith("form-")] == ["form-not-found"]


def test_flattened_text(command: Command, pdf: Path) -> None:
    text = "二、收入\n项目\t上年\t本年\n税\t1\t2\n费\t3\t4\n合计\t4\t6\n"
    (pdf.parent / "flat.txt").write_text(text, encoding="utf-8")
    done = command("extract", "flat.txt")
    assert done.returncode == 0
    raw = json.loads((pdf.parent / "biaoge-out" / "flat.txt.json").read_text(encoding="utf-8"))
    assert raw["pages"][0]["route"] == "flattened"
    assert [cell["text"] for cell in raw["tables"][0]["cells"]][-3:] == ["合计", "4", "6"]
    assert {"spans-unknown"} <= {finding["kind"] for finding in raw["findings"]}
    (pdf.parent / "page.pdf").write_text("<html>not found</html>", encoding="utf-8")
    assert command("extract", "page.pdf").returncode == 3
