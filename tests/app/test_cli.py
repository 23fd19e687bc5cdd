"""The real command, as a process."""

from __future__ import annotations

import json
import os
import pty
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from biaoge.app.cli import run

Command = Callable[..., subprocess.CompletedProcess[str]]


def test_with_no_options(command: Command, pdf: Path) -> None:
    done = command("extract", "small.pdf")
    assert (done.returncode, done.stdout) == (0, "")
    raw = json.loads((pdf.parent / "biaoge-out" / "small.json").read_text(encoding="utf-8"))
    assert raw["tables"][0]["n_rows"] == 3
    assert done.stderr.splitlines()[0].startswith("[1/1] small.pdf: 1 table on 1 page, ")
    assert done.stderr.splitlines()[1].endswith("; see biaoge-out")


def test_every_format_and_the_debug_page(command: Command, pdf: Path) -> None:
    done = command("extract", pdf, "--out", "o", "--to", "JSON, md,csv,html", "--debug", "--quiet")
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    assert sorted(p.name for p in (pdf.parent / "o").iterdir()) == [
        *("small.debug.html", "small.html", "small.json", "small.md", "small.t1.csv", "small.t1.grid.csv")
    ]


def test_one_broken_file_does_not_stop_the_others(command: Command, pdf: Path) -> None:
    folder = pdf.parent
    (folder / "empty.pdf").write_bytes(b"")
    (folder / "other.pdf").write_bytes(b"hello")
    done = command("extract", folder, "gone.pdf", "--report", "-", "--jobs", "2")
    records = {Path(r["path"]).name: r for r in map(json.loads, done.stdout.splitlines())}
    assert {name: r["error"] for name, r in records.items()} == {
        "small.pdf": None,
        "empty.pdf": "NotAPdf",
        "other.pdf": "NotAPdf",
        "gone.pdf": "InputError",
    }
    assert done.returncode == 3
    errors = [line for line in done.stderr.splitlines() if "error:" in line]
    assert len(errors) == 3
    assert any(line.endswith("empty.pdf: error: the file is empty") for line in errors)
    assert "Traceback" not in done.stderr


def test_names_that_clash(command: Command, pdf: Path) -> None:
    for folder in ("a", "b"):
        (pdf.parent / folder).mkdir()
        (pdf.parent / folder / "x.pdf").write_bytes(pdf.read_bytes())
    done = command("extract", "a", "b", "small.pdf", "-o", "o")
    assert done.returncode == 0
    names = sorted(p.name for p in (pdf.parent / "o").iterdir())
    assert len(names) == 3
    assert "small.json" in names
    assert all(name.startswith("x-") for name in names if name != "small.json")


def test_pages(command: Command, grid_pdf: Callable[..., bytes], tmp_path: Path) -> None:
    (tmp_path / "long.pdf").write_bytes(grid_pdf([["a", "b"], ["1", "2"]], pages=4))
    assert command("extract", "long.pdf", "--pages", "2,4-9").returncode == 0
    raw = json.loads((tmp_path / "biaoge-out" / "long.json").read_text())
    assert [page["number"] for page in raw["pages"]] == [2, 4]
    assert raw["source"]["pages"] == 4
    assert [finding["kind"] for finding in raw["findings"]] == ["page-missing"]


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["--to", "jsn"], "did you mean json?"),
        (["--to", ","], "names no format"),
        (["--pages", "3-1"], "write 1-3"),
        (["--reader", "pdfum"], "pdfium"),
        (["--pasword", "x"], "--password"),
        (["--password", "x", "--password-file", "y"], "not both"),
        (["--password-file", "gone.txt"], "No such file"),
        (["--jobs", "-1"], "--jobs"),
        (["--max-memory", "1"], "--max-memory"),
    ],
)
def test_wrong_calls(
    pdf: Path, words: list[str], says: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(pdf.parent)
    monkeypatch.setattr(sys, "argv", ["biaoge", "extract", str(pdf), *words])
    with pytest.raises(SystemExit) as ended:
        run()
    assert ended.value.code == 2
    assert says in capsys.readouterr().err
    assert not (pdf.parent / "biaoge-out").exists()


def test_passwords(command: Command, data: Path, tmp_path: Path) -> None:
    manifest = json.loads((data / "hostile" / "manifest.json").read_text(encoding="utf-8"))
    known = {Path(f["file"]).name: f["password"] for f in manifest if f["password"]}
    files = [data / "hostile" / "files" / name for name in known]
    (tmp_path / "key.txt").write_text("foo\n", encoding="utf-8")
    done = command("extract", *files, "--password-file", "key.txt", "--report", "-", "-j", "2")
    records = {Path(r["path"]).name: r for r in map(json.loads, done.stdout.splitlines())}
    assert "foo" in known.values()
    assert {name for name, r in records.items() if r["error"] is None} == {
        n for n, word in known.items() if word == "foo"
    }
    assert {r["error"] for r in records.values()} == {None, "PasswordNeeded"}
    assert done.returncode == 4
    assert "wrong" in done.stderr
    assert "foo" not in done.stderr


def test_a_password_outside_of_ascii(command: Command, data: Path) -> None:
    manifest = json.loads((data / "hostile" / "manifest.json").read_text(encoding="utf-8"))
    for file in manifest:
        if file["password"] and not file["password"].isascii():
            done = command("extract", data / "hostile" / file["file"], "--password", file["password"])
            assert done.returncode == 0, done.stderr


def test_version_and_help(command: Command) -> None:
    from biaoge import __version__

    assert command("--version").stdout == f"biaoge {__version__}\n"
    helped = command("extract", "--help")
    assert helped.returncode == 0
    for word in ("--timeout", "--max-memory", "biaoge extract report.pdf", "Exit codes"):
        assert word in helped.stdout


def test_every_option_is_documented(command: Command, root: Path) -> None:
    import re

    text = (root / "docs" / "cli.md").read_text(encoding="utf-8")
    options = set(re.findall(r"--[a-z][a-z-]+", command("extract", "--help").stdout))
    assert {option for option in options if f"`{option}" not in text} == set()


def test_bar_on_a_terminal(pdf: Path) -> None:
    """On a terminal the bar goes away, errors and the summary stay, and brackets in names are no markup."""
    (pdf.parent / "[red].pdf").write_bytes(b"")
    master, slave = pty.openpty()
    child = subprocess.Popen(
        [sys.executable, "-m", "biaoge", "extract", "small.pdf", "[red].pdf"],
        cwd=pdf.parent,
        stderr=slave,
        stdout=subprocess.DEVNULL,
        env={**os.environ, "TERM": "xterm"},
    )
    os.close(slave)
    shown = b""
    while True:
        try:
            piece = os.read(master, 4096)
        except OSError:
            break
        if not piece:
            break
        shown += piece
    os.close(master)
    assert child.wait(30) == 3
    assert b"[red].pdf: error: the file is empty" in shown
    assert b"1 table in 1 file, 1 file failed" in shown


@pytest.mark.skipif(sys.platform == "win32", reason="signals of POSIX")
@pytest.mark.parametrize("sent", [signal.SIGINT, signal.SIGTERM])
def test_interrupted(sent: signal.Signals, grid_pdf: Callable[..., bytes], tmp_path: Path) -> None:
    for n in range(60):
        (tmp_path / f"{n:02}.pdf").write_bytes(grid_pdf([["a", "b"], ["1", "2"]] * 15, pages=10))
    child = subprocess.Popen(
        [sys.executable, "-m", "biaoge", "extract", ".", "--jobs", "2"],
        cwd=tmp_path,
        stderr=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    out = tmp_path / "biaoge-out"
    deadline = time.monotonic() + 30
    while not any(out.glob("*.json")) and time.monotonic() < deadline:
        time.sleep(0.02)
    child.send_signal(sent)
    stdout, stderr = child.communicate(timeout=30)
    assert child.returncode == 130
    assert "Traceback" not in stderr
    assert "interrupted: " in stderr.splitlines()[-1]
    written = list(out.iterdir())
    assert 0 < len(written) < 60
    for path in written:
        assert path.suffix == ".json"
        json.loads(path.read_text())
    assert stdout == ""
