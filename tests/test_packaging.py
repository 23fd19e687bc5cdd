"""What pip makes of the tree: wheel, sdist, editable; also of a checkout where symbolic links are text files."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tarfile
import zipfile
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

LEFT_OUT = shutil.ignore_patterns(".*", "build", "dist", "out", "*.egg-info", "__pycache__", "samples", "tests", "docs")
ROOMS = ("ingest", "ocr", "layout", "tables", "forms", "eval", "app", "web")
SHIPPED = (".py", ".json", ".css", ".grid", ".toml", ".j2", ".typed")
TRY = "import biaoge, biaoge.tables, biaoge.app.pipeline as p; print(biaoge.__version__, biaoge.__file__, p.__file__)"


def run(words: Sequence[str | Path], folder: Path, path: str = "") -> str:
    """Run python with `words` in `folder`, without the environment's own module path; what it prints."""
    env = {**os.environ, "PYTHONPATH": path, "PIP_DISABLE_PIP_VERSION_CHECK": "1", "PYTHONDONTWRITEBYTECODE": "1"}
    done = subprocess.run(
        [sys.executable, *map(str, words)],
        cwd=folder,
        env=env,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def links_stay(_tree: Path) -> None:
    pass


def links_as_text(tree: Path) -> None:
    """As git checks them out with core.symlinks=false."""
    for room in ROOMS:
        (tree / "biaoge" / room).unlink()
        (tree / "biaoge" / room).write_text(f"../{room}", encoding="utf-8")


@pytest.fixture(scope="module")
def copy(root: Path, tmp_path_factory: pytest.TempPathFactory) -> Callable[[Callable[[Path], None]], Path]:
    """Make a copy of the tree, so that building leaves nothing behind in it."""
    first = tmp_path_factory.mktemp("first") / "biaoge"
    shutil.copytree(root, first, symlinks=True, ignore=LEFT_OUT)

    def make(change: Callable[[Path], None]) -> Path:
        tree = tmp_path_factory.mktemp("tree") / "biaoge"
        shutil.copytree(first, tree, symlinks=True)
        change(tree)
        return tree

    return make


def wheel_of(source: Path, into: Path) -> Path:
    run(["-m", "pip", "wheel", "-q", "--no-deps", "--no-build-isolation", "-w", into, source], into)
    (wheel,) = into.glob("*.whl")
    return wheel


def names_in(wheel: Path) -> list[str]:
    with zipfile.ZipFile(wheel) as opened:
        return sorted(name for name in opened.namelist() if ".dist-info/" not in name)


@pytest.fixture(scope="module")
def wheel(copy: Callable[[Callable[[Path], None]], Path], tmp_path_factory: pytest.TempPathFactory) -> Path:
    return wheel_of(copy(links_stay), tmp_path_factory.mktemp("wheel"))


def expected(root: Path) -> set[str]:
    """Every file of ours that must be shipped, by its place in the wheel."""
    files = {f"biaoge/{p.name}" for p in (root / "biaoge").iterdir() if p.suffix in SHIPPED or p.name == "py.typed"}
    for room in ROOMS:
        for path in (root / room).rglob("*"):
            if path.suffix in SHIPPED and "__pycache__" not in path.parts:
                files.add(f"biaoge/{path.relative_to(root).as_posix()}")
    return files


def test_the_wheel_holds_everything_once(wheel: Path, root: Path) -> None:
    names = names_in(wheel)
    assert len(names) == len(set(names))
    assert expected(root) - set(names) == set()
    assert {name.split("/")[0] for name in names} == {"biaoge"}
    assert "biaoge/app/schema.json" in names
    assert "biaoge/py.typed" in names


def test_without_symbolic_links_the_wheel_is_the_same(
    wheel: Path,
    copy: Callable[[Callable[[Path], None]], Path],
    tmp_path: Path,
) -> None:
    other = wheel_of(copy(links_as_text), tmp_path)
    assert names_in(other) == names_in(wheel)
    with zipfile.ZipFile(wheel) as one, zipfile.ZipFile(other) as two:
        assert [one.read(name) for name in names_in(wheel)] == [two.read(name) for name in names_in(wheel)]


def test_the_sdist_makes_the_same_wheel(
    wheel: Path, copy: Callable[[Callable[[Path], None]], Path], tmp_path: Path
) -> None:
    run(["-m", "build", "--sdist", "--no-isolation", "-o", tmp_path, copy(links_stay)], tmp_path)
    (archive,) = tmp_path.glob("*.tar.gz")
    with tarfile.open(archive) as opened:
        opened.extractall(tmp_path / "unpacked", filter="data")
    (source,) = (tmp_path / "unpacked").iterdir()
    (tmp_path / "wheel").mkdir()
    assert names_in(wheel_of(source, tmp_path / "wheel")) == names_in(wheel)


def test_the_wheel_works_elsewhere(wheel: Path, tmp_path: Path) -> None:
    target = tmp_path / "target"
    run(["-m", "pip", "install", "-q", "--no-deps", "--no-index", "--target", target, wheel], tmp_path)
    version, *places = run(["-c", TRY], tmp_path, str(target)).split()
    assert version == wheel.name.split("-")[1]
    assert [Path(place).is_relative_to(target) for place in places] == [True, True]
    assert run(["-m", "biaoge", "--version"], tmp_path, str(target)) == f"biaoge {version}\n"
    # The child process of the command runs the installed package as well.
    child = "from biaoge.app.isolate import Limits, Worker; w = Worker('biaoge.app.doctor:ping', Limits()); "
    assert str(target) in run(["-c", child + "print(w.run({})); w.close()"], tmp_path, str(target))


def test_editable_without_symbolic_links(copy: Callable[[Callable[[Path], None]], Path], tmp_path: Path) -> None:
    tree, target = copy(links_as_text), tmp_path / "target"
    words: list[str | Path] = ["-q", "--no-deps", "--no-build-isolation", "--no-index", "--target", target, "-e", tree]
    run(["-m", "pip", "install", *words], tmp_path)
    # Without `site` the .pth files of this environment are off, and with them its own editable biaoge.
    site = f"import site; site.addsitedir({str(target)!r}); "
    path = os.pathsep.join([str(target), *(entry for entry in sys.path if entry.endswith("-packages"))])
    _, *places = run(["-S", "-c", site + TRY], tmp_path, path).split()
    assert [Path(place).resolve().is_relative_to(tree) for place in places] == [True, True]
