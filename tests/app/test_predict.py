"""Engines in processes of their own: what they give is kept, what they do wrong costs one document."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from biaoge.app.isolate import Limits
from biaoge.app.predict import RunOrder, about, predict
from biaoge.eval.engines.contract import Engine
from biaoge.eval.sets import TruthDocument

ENGINE = """
import os, time, sys
from pathlib import Path
from biaoge.errors import InputError
from biaoge.eval.prediction import Reading
from biaoge.model import Cell, Table

def read(path, joined):
    with open(os.environ["READ_LOG"], "a") as log:
        log.write(f"{path.name} {joined} {os.getpid()}\\n")
    print("an engine that talks")
    what = path.read_text()
    if what == "raise":
        raise RuntimeError("no\\nluck")
    if what == "refuse":
        raise InputError("not for me")
    if what == "die":
        os._exit(3)
    if what == "hang":
        time.sleep(60)
    if what == "bloat":
        hold = [bytearray(50_000_000) for _ in range(100)]
    return Reading((Table(1, 1, (Cell(0, 0, what),)),))
"""


@pytest.fixture
def engine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Engine:
    (tmp_path / "code").mkdir()
    (tmp_path / "code" / "made_up_engine.py").write_text(ENGINE)
    monkeypatch.setenv("PYTHONPATH", str(tmp_path / "code"))
    monkeypatch.setenv("READ_LOG", str(tmp_path / "log"))
    return Engine("made-up", "made_up_engine:read", ("pytest",), "MIT", "For tests.")


def documents(folder: Path, **texts: str) -> list[TruthDocument]:
    for name, text in texts.items():
        (folder / f"{name}.pdf").write_text(text)
    return [TruthDocument(name, folder / f"{name}.pdf", ()) for name in texts]


def reads(folder: Path) -> list[str]:
    log = folder / "log"
    return [line.split()[0] for line in log.read_text().splitlines()] if log.exists() else []


def order(folder: Path, **more: object) -> RunOrder:
    return RunOrder(folder / "kept", Limits(seconds=5, memory=400), **more)  # type: ignore[arg-type]


def test_what_an_engine_does_wrong_costs_that_document_alone(tmp_path: Path, engine: Engine) -> None:
    given = documents(tmp_path, a="one", b="raise", c="refuse", d="die", e="two", f="hang", g="bloat", h="three")
    got = predict(given, True, engine, order(tmp_path))
    readings = {name: p.reading.tables[0].cells[0].text for name, p in got.items() if p.reading}
    assert readings == {"a": "one", "e": "two", "h": "three"}
    assert got["b"].error == "RuntimeError: no luck"
    assert got["c"].error == "not for me"
    assert "crashed" in (got["d"].error or "")
    assert "5 s" in (got["f"].error or "")
    assert "memory" in (got["g"].error or "").lower()
    assert got["a"].version.startswith("pytest ")
    assert got["f"].seconds >= 5
    if sys.platform == "linux":
        assert (got["a"].peak or 0) > 1_000_000


def test_what_is_kept_is_not_read_again_until_something_changes(tmp_path: Path, engine: Engine) -> None:
    given = documents(tmp_path, a="one", b="two")
    heard: list[tuple[str, bool]] = []
    first = predict(given, True, engine, order(tmp_path), lambda name, kept: heard.append((name, kept)))
    assert predict(given, True, engine, order(tmp_path), lambda name, kept: heard.append((name, kept))) == first
    assert heard == [("a", False), ("b", False), ("a", True), ("b", True)]
    assert reads(tmp_path) == ["a.pdf", "b.pdf"]
    given = documents(tmp_path, a="changed", b="two")
    assert predict(given, True, engine, order(tmp_path))["a"].reading != first["a"].reading
    assert reads(tmp_path)[2:] == ["a.pdf"]
    predict(given, False, engine, order(tmp_path))
    predict(given, False, engine, order(tmp_path, again="all"))
    assert len(reads(tmp_path)) == 3 + 2 + 2


def test_a_kept_file_that_is_damaged_is_read_again(tmp_path: Path, engine: Engine) -> None:
    given = documents(tmp_path, a="one")
    first = predict(given, True, engine, order(tmp_path))
    (kept,) = (tmp_path / "kept").rglob("*.json")
    kept.write_text(kept.read_text()[:-20])
    assert predict(given, True, engine, order(tmp_path))["a"].reading == first["a"].reading
    assert len(reads(tmp_path)) == 2


def test_several_at_once_give_the_same(tmp_path: Path, engine: Engine) -> None:
    given = documents(tmp_path, **{f"d{i}": str(i) for i in range(6)}, x="die")
    got = predict(given, True, engine, order(tmp_path, jobs=3))
    assert {n: p.reading.tables[0].cells[0].text for n, p in got.items() if p.reading} == {
        f"d{i}": str(i) for i in range(6)
    }
    assert got["x"].error


def test_an_interrupt_keeps_what_is_done(tmp_path: Path, engine: Engine) -> None:
    given = documents(tmp_path, a="one", b="two", c="hang")

    def heard(name: str, kept: bool) -> None:
        if name == "b":
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        predict(given, True, engine, order(tmp_path), heard)
    (tmp_path / "c.pdf").write_text("three")
    got = predict(given, True, engine, order(tmp_path))
    assert [n for n in reads(tmp_path) if n != "c.pdf"] == ["a.pdf", "b.pdf"]
    assert sorted(got) == ["a", "b", "c"]


def test_an_engine_in_another_environment_is_asked_there(tmp_path: Path, engine: Engine) -> None:
    from biaoge.eval.engines.contract import find

    version, missing = about(find("pdfplumber"), sys.executable)
    assert version == find("pdfplumber").version()
    assert missing is None
    _, missing = about(find("pdfplumber"), str(tmp_path / "no-python"))
    assert "no-python" in (missing or "")


def test_a_reading_of_the_wrong_shape_is_a_failure_and_nothing_hangs(
    tmp_path: Path, engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "code" / "made_up_engine.py").write_text(
        "from biaoge.eval.prediction import Reading\nfrom biaoge.model import Cell, Table\n"
        "def read(path, joined):\n    return Reading((Table(1, 1, (Cell(0, 0, 'x'),), caption=5),))\n"
    )
    got = predict(documents(tmp_path, a="one", b="two"), True, engine, order(tmp_path))
    assert all("no reading" in (got[name].error or "") for name in ("a", "b"))


def test_what_goes_wrong_outside_of_any_document_is_raised(tmp_path: Path, engine: Engine) -> None:
    given = documents(tmp_path, a="one")
    (tmp_path / "kept").write_text("a file where the folder should be")
    with pytest.raises(OSError, match="kept"):
        predict(given, True, engine, order(tmp_path))


def test_failures_alone_can_be_read_anew(tmp_path: Path, engine: Engine) -> None:
    given = documents(tmp_path, a="one", b="raise")
    predict(given, True, engine, order(tmp_path))
    predict(given, True, engine, order(tmp_path, again="failed"))
    assert reads(tmp_path) == ["a.pdf", "b.pdf", "b.pdf"]


def test_what_was_extracted_elsewhere_is_kept_by_name(tmp_path: Path) -> None:
    from biaoge.app.predict import kept_at
    from biaoge.eval.engines.contract import find

    (tmp_path / "theirs").mkdir()
    one, two = documents(tmp_path, one="same", two="same")
    elsewhere, here = find(f"folder:{tmp_path / 'theirs'}"), find("pdfplumber")
    assert kept_at(order(tmp_path), elsewhere, "", one, True) != kept_at(order(tmp_path), elsewhere, "", two, True)
    assert kept_at(order(tmp_path), here, "", one, True) == kept_at(order(tmp_path), here, "", two, True)
