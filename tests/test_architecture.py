"""The shape of the house: who imports whom, what is linked and shipped, how long files are, what `import` costs."""

from __future__ import annotations

import ast
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

MIDDLE = ("ingest", "ocr", "layout", "tables", "forms", "eval")
ROOMS = (*MIDDLE, "app", "web")
NOT_PACKAGES = {"tests", "docs", "samples", "benchmarks", "build", "dist", "out", "biaoge"}
# A room may import itself, the bottom layer, and these.
ALLOWED: dict[str, set[str]] = {
    **{room: set() for room in MIDDLE},
    "app": set(MIDDLE),
    "web": {"app"},
    "biaoge": set(),
}
MOST_LINES = 400
HEAVY = (
    *("numpy", "cv2", "camelot", "pandas", "pdfplumber", "pdfminer", "pypdfium2", "PIL", "lxml", "weasyprint", "docx"),
    *("biaoge.ingest", "biaoge.tables", "biaoge.layout", "biaoge.eval", "biaoge.ocr", "biaoge.forms"),
)


def sources(root: Path) -> Iterator[tuple[str, Path]]:
    """(room, file) of every module that is shipped."""
    for path in sorted((root / "biaoge").glob("*.py")):
        yield "biaoge", path
    for room in ROOMS:
        for path in sorted((root / room).rglob("*.py")):
            yield room, path


def rooms_imported(tree: ast.AST, room: str, only_at_top: bool = False) -> set[str]:
    """The rooms that a module of `room` imports, relative imports resolved; `biaoge` stands for the bottom layer."""
    nodes = ast.iter_child_nodes(tree) if only_at_top else ast.walk(tree)
    names: list[str] = []
    for node in nodes:
        if isinstance(node, ast.Import):
            names += [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.level == 0:
            names += [f"{node.module}.{alias.name}" for alias in node.names]
    rooms = set()
    for name in names:
        parts = name.split(".")
        if parts[0] == "biaoge":
            rooms.add(parts[1] if len(parts) > 1 and parts[1] in ROOMS else "biaoge")
        elif parts[0] in ROOMS:
            rooms.add(f"top-level {parts[0]}")
    return rooms - {room}


def violations(source: str, room: str) -> set[str]:
    """What a module of `room` must not import but does."""
    wrong = rooms_imported(ast.parse(source), room) - ALLOWED[room] - {"biaoge"}
    if room == "biaoge":
        # The public face hands on what others ask for; it does so inside functions only.
        wrong = rooms_imported(ast.parse(source), room, only_at_top=True) - {"biaoge"}
    return wrong


@pytest.mark.parametrize(
    ("room", "source", "wrong"),
    [
        ("tables", "from biaoge.layout.lines import lines", {"layout"}),
        ("tables", "def f():\n    import biaoge.app.cli", {"app"}),
        ("tables", "from biaoge import ingest", {"ingest"}),
        ("tables", "from tables.rulings import snap", {"top-level tables"}),
        ("tables", "from biaoge.tables.rulings import snap\nfrom biaoge.model import Box", set()),
        ("app", "from biaoge.web import page", {"web"}),
        ("app", "from biaoge.tables import ruled", set()),
        ("web", "from biaoge.ingest import pdf", {"ingest"}),
        ("biaoge", "from biaoge.app.pipeline import read", {"app"}),
        ("biaoge", "def f():\n    from biaoge.app.pipeline import read", set()),
    ],
)
def test_the_rule_sees_what_it_should(room: str, source: str, wrong: set[str]) -> None:
    assert violations(source, room) == wrong


def test_imports_run_one_way(root: Path) -> None:
    wrong = {
        str(path.relative_to(root)): found
        for room, path in sources(root)
        if (found := violations(path.read_text(encoding="utf-8"), room))
    }
    assert wrong == {}


def test_relative_imports_stay_in_their_folder(root: Path) -> None:
    for room, path in sources(root):
        depth = len(path.relative_to(root / room).parts)
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ImportFrom):
                assert node.level <= depth, f"{path}:{node.lineno} reaches out of {room}"


def test_only_where_one_file_is_one_result_everything_is_caught(root: Path) -> None:
    found = set()
    for room, path in sources(root):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ExceptHandler):
                caught = {n.id for n in ast.walk(node.type) if isinstance(n, ast.Name)} if node.type else {"Exception"}
                raises = any(isinstance(n, ast.Raise) and n.exc is None for n in node.body)
                if "Exception" in caught or ("BaseException" in caught and not raises):
                    found.add(f"{room}/{path.name}")
    assert found <= {"app/bulk.py", "eval/child.py", "eval/pairs.py"}


def project(root: Path) -> dict[str, Any]:
    return tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))


def top_folders(root: Path) -> set[str]:
    return {p.name for p in root.iterdir() if p.is_dir() and (p / "__init__.py").exists()} - NOT_PACKAGES


def test_every_folder_is_a_room(root: Path) -> None:
    assert top_folders(root) == set(ROOMS)


def test_every_folder_is_linked(root: Path) -> None:
    for room in ROOMS:
        link = root / "biaoge" / room
        if link.is_symlink():
            assert link.readlink() == Path("..", room)
        else:  # a checkout without symbolic links holds the link's target as text
            assert link.read_text(encoding="utf-8").strip() == f"../{room}"


def test_every_package_is_shipped(root: Path) -> None:
    tool = project(root)["tool"]["setuptools"]
    packages = {
        ".".join(("biaoge", *path.parent.relative_to(root).parts))
        for room in ROOMS
        for path in (root / room).rglob("*.py")
    } | {"biaoge"}
    assert set(tool["packages"]) == packages
    mapping = tool["package-dir"]
    for package in tool["packages"]:
        folder = mapping.get(package)
        if folder is None:  # a package inside a room follows its parent
            parent, _, last = package.rpartition(".")
            folder = f"{mapping[parent]}/{last}"
        assert (root / folder / "__init__.py").exists(), package


def test_files_stay_short(root: Path) -> None:
    files = [path for _, path in sources(root)] + sorted((root / "tests").rglob("*.py"))
    long = {str(p.relative_to(root)): n for p in files if (n := len(p.read_text("utf-8").splitlines())) > MOST_LINES}
    assert long == {}


@pytest.mark.parametrize("code", ["import biaoge", "import biaoge.app.cli", "from biaoge import Document"])
def test_imports_nothing_heavy(code: str, root: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", f"{code}; import sys; print(*sys.modules)"],
        cwd=root,
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    loaded = done.stdout.split()
    assert [name for name in loaded if name in HEAVY or name.startswith(HEAVY[-6:])] == []


def test_help_imports_nothing_heavy(root: Path) -> None:
    code = (
        "import atexit, sys; sys.argv = ['biaoge', '--help'];"
        "atexit.register(lambda: print('LOADED', *sys.modules));"
        "from biaoge.__main__ import main; main()"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=root, capture_output=True, text=True, check=True, timeout=60
    )
    loaded = done.stdout.split("LOADED")[-1].split()
    assert "typer" in loaded
    assert [name for name in loaded if name in HEAVY] == []


def test_nothing_names_a_machine(root: Path) -> None:
    """No absolute path of whoever wrote it, no address of a package index."""
    files = [path for _, path in sources(root)]
    files += [p for p in root.iterdir() if p.is_file() and p.suffix in {".md", ".toml", ".txt"}]
    files += [root / "Makefile", root / ".ci" / "run", *sorted((root / "docs").rglob("*.md"))]
    for path in files:
        text = path.read_text(encoding="utf-8")
        for word in ("/" + "home/", "/" + "work/", "--index" + "-url", "--extra-index" + "-url"):
            assert word not in text, f"{path.name} holds {word}"
