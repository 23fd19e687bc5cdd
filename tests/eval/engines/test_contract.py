"""The table of engines: names, targets, versions, and what is said where something is missing."""

from __future__ import annotations

import importlib.util
import subprocess
import sys
from importlib import metadata
from pathlib import Path

import pytest

from biaoge.errors import UsageError
from biaoge.eval.engines import contract
from biaoge.eval.engines.contract import Engine, describe, engines, find, installed, load
from biaoge.eval.engines.registry import ENGINES
from biaoge.eval.prediction import Reading

ABSENT = "no-such-distribution-of-ours"


def a_reading(path: Path, joined: bool, argument: str = "") -> Reading:
    assert argument in ("", "with:colon")
    return Reading(())


def no_reason() -> None:
    return None


def a_reason() -> str:
    return "the models are absent"


def an_engine() -> Engine:
    return Engine("other", f"{__name__}:a_reading", (), "MIT", "")


@pytest.mark.parametrize("engine", ENGINES.values(), ids=ENGINES)
def test_every_target_is_a_function_and_nothing_heavy_is_imported(engine: Engine) -> None:
    for target in filter(None, (engine.target, engine.absent, engine.stamp)):
        assert callable(load(target))
    version, missing = engine.version(), engine.missing()
    assert all(package in version for package in engine.packages)
    for package in engine.packages:
        if installed(package) is None:
            assert missing is not None
            assert package in missing
            assert "pip install" in missing
    assert engine.name == next(name for name, e in ENGINES.items() if e is engine)


def test_describing_all_imports_none_of_them(root: Path) -> None:
    code = (
        "from biaoge.eval.engines.contract import engines, load; import sys\n"
        "for e in engines().values(): load(e.target), e.version(), e.missing()\n"
        "print(*sys.modules)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=root, capture_output=True, text=True, check=True, timeout=60
    )
    heavy = {
        "pdfplumber",
        "camelot",
        "cv2",
        "numpy",
        "pypdfium2",
        "img2table",
        "docvortex",
        "pymupdf",
        "rapidocr",
        "docling",
    }
    assert heavy.isdisjoint(done.stdout.split())


def test_unknown_names_are_told_the_known() -> None:
    with pytest.raises(UsageError, match=r"pdfplumber-spans.*folder:DIR"):
        find("plumber")


def test_a_missing_package_names_its_extra() -> None:
    plain = Engine("x", f"{__name__}:a_reading", ("numpy", ABSENT), "MIT", "")
    assert (plain.missing() or "").startswith(f"{ABSENT} not installed; pip install {ABSENT} ")
    extra = Engine("x", f"{__name__}:a_reading", (ABSENT,), "MIT", "", extra="engine-x")
    assert 'pip install "biaoge[engine-x]"' in (extra.missing() or "")
    assert plain.version() == f"numpy {metadata.version('numpy')}; {ABSENT} absent"


def test_more_than_packages_can_be_missing() -> None:
    assert Engine("x", "", (), "MIT", "", absent=f"{__name__}:a_reason").missing() == a_reason()
    assert Engine("x", "", (), "MIT", "", absent=f"{__name__}:no_reason").missing() is None
    assert Engine("x", "", (), "MIT", "", stamp=f"{__name__}:a_reason").version() == a_reason()


def test_a_target_may_carry_an_argument() -> None:
    assert load(f"{__name__}:a_reading:with:colon")(Path("a"), True) == Reading(())
    assert load(f"{__name__}:a_reading") is a_reading


def test_engines_of_other_packages(monkeypatch: pytest.MonkeyPatch) -> None:
    def entries(group: str) -> list[metadata.EntryPoint]:
        assert group == contract.GROUP
        return [metadata.EntryPoint("other", f"{__name__}:an_engine", group)]

    monkeypatch.setattr(metadata, "entry_points", entries)
    assert find("other") == an_engine()
    assert list(engines())[: len(ENGINES)] == list(ENGINES)
    monkeypatch.setattr(
        metadata, "entry_points", lambda group: [metadata.EntryPoint("bad", f"{__name__}:a_reason", group)]
    )
    with pytest.raises(UsageError, match="'bad'"):
        engines()
    assert find("pdfplumber").name == "pdfplumber"


def test_what_a_child_answers() -> None:
    answer = describe({"engine": "pdfplumber"})
    assert answer["engine"] == "pdfplumber"
    assert answer["missing"] is None
    assert answer["version"].startswith("pdfplumber ")


@pytest.mark.parametrize("engine", ENGINES.values(), ids=ENGINES)
def test_an_image_is_refused_where_scans_cannot_be_read(engine: Engine, tmp_path: Path) -> None:
    module = engine.packages[0].replace("-py", "").lower()
    if engine.scans or engine.missing() or importlib.util.find_spec(module) is None:
        pytest.skip("reads scans, or is not installed")
    image = tmp_path / "a.png"
    image.write_bytes(b"")
    with pytest.raises(Exception, match="an image"):
        load(engine.target)(image, False)


def test_every_engine_is_documented(root: Path) -> None:
    text = (root / "docs" / "engines.md").read_text(encoding="utf-8")
    rows = [line.split("|")[1].strip(" `") for line in text.splitlines() if line.startswith("| `")]
    assert sorted(rows) == sorted([*ENGINES, "folder:DIR"])
