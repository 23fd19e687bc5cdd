"""Files made to hurt, through the children that read files: each ends within limits, in a result or a clear refusal."""

from __future__ import annotations

import json
import socket
from collections.abc import Sequence
from pathlib import Path
from typing import get_args

import bombs
import pytest

from biaoge.app import bulk, isolate
from biaoge.app.bulk import Order, Outcome
from biaoge.app.settings import ReaderName, Settings

FAST = (
    *("header.png", "zeros.png", "text.png", "header.tif", "jpeg-lie.pdf", "huge-page.pdf", "jbig2.jb2"),
    *("nested-arrays.pdf", "nested-dictionaries.pdf", "nested-content.pdf", "page-tree.pdf", "xref-loop.pdf"),
    *("kids-loop.pdf", "count-lie.pdf", "inflating-content.pdf"),
)
"""One of each kind that does not keep a child busy for long, nor needs the models of recognition loaded often."""
OTHER = (
    *("page-tree.pdf", "xref-loop.pdf", "kids-loop.pdf", "count-lie.pdf", "nested-arrays.pdf"),
    *("nested-dictionaries.pdf", "doubling-forms.pdf", "form-in-itself.pdf", "huge-page.pdf"),
)
"""What pdfplumber, too, does not take long for, and reads in a way of its own."""
SLOW = frozenset(bombs.BOMBS) - frozenset(FAST)
LIMITS = isolate.Limits(seconds=20.0, memory=1000)


def read(folder: Path, names: Sequence[str], reader: ReaderName, limits: isolate.Limits = LIMITS) -> dict[str, Outcome]:
    files = folder / "in"
    files.mkdir()
    for name in names:
        (files / name).write_bytes(bombs.BOMBS[name][0]())
    tasks, lost = bulk.find_files([files / name for name in names])
    assert lost == []
    order = Order(folder / "out", ("json", "html", "csv", "md"), settings=Settings(reader=reader), limits=limits)
    return {Path(outcome.path).name: outcome for outcome in bulk.extract(tasks, order)}


def judge(folder: Path, outcomes: dict[str, Outcome], names: Sequence[str], seconds: float = 20.0) -> None:
    assert sorted(outcomes) == sorted(names)
    for name, outcome in outcomes.items():
        assert outcome.error in bombs.BOMBS[name][1], outcome
        assert outcome.cause != "fault", outcome
        assert outcome.peak < 1e9, outcome
        assert outcome.seconds < 2 * seconds + 5, outcome
        assert (outcome.error is None) == bool(outcome.written), outcome
        if outcome.error is None:
            json.loads((folder / "out" / f"{outcome.stem}.json").read_text(encoding="utf-8"))
        else:
            assert len(outcome.message) > 20
            assert outcome.message.isprintable()


@pytest.mark.parametrize(("reader", "names"), [("pdfium", FAST), ("pdfplumber", OTHER)])
def test_each_ends_within_limits(tmp_path: Path, reader: ReaderName, names: Sequence[str]) -> None:
    judge(tmp_path, read(tmp_path, names, reader), names)


@pytest.mark.slow
def test_the_slow_ones_too(tmp_path: Path) -> None:
    judge(tmp_path, read(tmp_path, sorted(SLOW), "pdfium"), sorted(SLOW))


@pytest.mark.slow
def test_all_with_the_other_reader(tmp_path: Path) -> None:
    names = sorted(name for name in bombs.BOMBS if name.endswith(".pdf") and name != "many-pages.pdf")
    outcomes = read(tmp_path, names, "pdfplumber")
    for name in ("many-lines.pdf", "object-stream.pdf"):
        assert outcomes.pop(name).error in ("TimedOut", "TooLarge", "DamagedPdf")
    judge(tmp_path, outcomes, [name for name in names if name in outcomes])


def test_the_bombs_are_small_and_true() -> None:
    import zlib

    assert zlib.decompress(bombs.zeros(3)) == bytes(3_000_000)
    made = {name: make() for name, (make, _) in bombs.BOMBS.items() if name != "many-objects.pdf"}
    assert max(map(len, made.values())) < 2_000_000
    assert sum(len(body) < 1000 for body in made.values()) > 10


def test_nothing_in_a_document_runs_or_calls(tmp_path: Path) -> None:
    files = tmp_path / "in"
    files.mkdir()
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.setblocking(False)
        (files / "active.pdf").write_bytes(bombs.active(server.getsockname()[1]))
        before = sorted(tmp_path.rglob("*"))
        for reader in get_args(ReaderName):
            settings = Settings(reader=reader, ocr="auto" if reader == "pdfium" else "never")
            (outcome,) = bulk.extract(bulk.find_files([files])[0], Order(tmp_path / "out", settings=settings))
            assert outcome.error is None, outcome
            with pytest.raises(BlockingIOError):
                server.accept()
    added = {path.relative_to(tmp_path).as_posix() for path in tmp_path.rglob("*")} - {
        path.relative_to(tmp_path).as_posix() for path in before
    }
    assert added == {"out", "out/active.json"}


def test_a_hostile_name_and_hostile_texts(tmp_path: Path) -> None:
    files = tmp_path / "in"
    files.mkdir()
    name = bombs.NAME.replace("/", "\N{DIVISION SLASH}")
    (files / f"{name}.pdf").write_bytes(bombs.hostile_text())
    (files / "..pdf").write_bytes(bombs.hostile_text())
    (files / f"{name}.png").write_bytes(bombs.png(bombs.HUGE, bombs.HUGE, b""))
    order = Order(tmp_path / "out", ("json", "html", "csv", "md"), debug=True)
    outcomes = list(bulk.extract(bulk.find_files([files])[0], order))
    assert [outcome.error for outcome in outcomes].count(None) == 2
    for outcome in outcomes:
        assert f"{outcome.path}{outcome.message}".isprintable()
    written = sorted((tmp_path / "out").iterdir())
    assert {path.parent for path in map(Path.resolve, written)} == {(tmp_path / "out").resolve()}
    assert not any(path.name.startswith(".") for path in written)
    pages = [path.read_text(encoding="utf-8") for path in written if path.suffix == ".html"]
    assert len(pages) == 4
    for page in pages:
        assert "<img src=x" not in page
        assert "<script>alert" not in page
        assert "&lt;img src=x" in page
    for path in written:
        if path.suffix == ".md":
            assert not any("<img" in line.replace("\\<", "") for line in path.read_text(encoding="utf-8").splitlines())
