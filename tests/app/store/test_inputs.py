from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from biaoge.app.store.inputs import Inputs, check, find
from biaoge.errors import UsageError


@pytest.fixture
def tree(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name in ("b/x.pdf", "b/y.PNG", "a.dat", "c.txt", "store/documents/z.pdf", "[odd].pdf"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_bytes(b"%PDF-1.4" if name == "a.dat" else b"?")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def names(*paths: str, **rest: object) -> list[str]:
    return [path.as_posix() for path in find(Inputs(paths, **rest))]  # type: ignore[arg-type]


def test_folders(tree: Path) -> None:
    found = names(str(tree), leave_out=tree / "store")
    assert [str(Path(one).relative_to(tree)) for one in found] == ["[odd].pdf", "a.dat", "b/x.pdf", "b/y.PNG"]
    assert names("store", leave_out=Path("store")) == []


@pytest.mark.usefixtures("tree")
def test_patterns_lists_and_files(tree: Path) -> None:
    assert names("**/*.pdf") == ["[odd].pdf", "b/x.pdf", "store/documents/z.pdf"]
    assert names("[odd].pdf", "c.txt") == ["[odd].pdf", "c.txt"]
    (tree / "list").write_bytes("\ufeff# first\nc.txt\n\n  b/*\r\n".encode())
    assert names("@list") == ["c.txt", "b/x.pdf", "b/y.PNG"]


@pytest.mark.usefixtures("tree")
def test_only_and_since() -> None:
    assert names(".", only=("*.dat", "b/*.pdf"), leave_out=Path("store")) == ["a.dat", "b/x.pdf"]
    os.utime("b/x.pdf", (1e9, 1e9))
    assert names("b", since=1.1e9) == ["b/y.PNG"]
    assert names("b", since=1e9) == ["b/x.pdf", "b/y.PNG"]


@pytest.mark.usefixtures("tree")
@pytest.mark.parametrize(
    ("path", "message"),
    [
        ("absent", "absent: no such file"),
        ("*.tif", "no file fits"),
        ("@absent", "list cannot be read"),
        ("@bad", "bad, line 2: nowhere: no such file"),
    ],
)
def test_what_leads_nowhere(path: str, message: str) -> None:
    Path("bad").write_text("c.txt\nnowhere\n")
    with pytest.raises(UsageError, match=message):
        check([path])


@pytest.mark.skipif(sys.platform == "win32", reason="pipes and links")
def test_only_plain_files_of_a_folder(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.pdf")
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "lost.pdf").symlink_to("nowhere")
    (tmp_path / "loop").symlink_to(tmp_path)
    assert [path.name for path in find(Inputs((str(tmp_path),)))] == ["lost.pdf"]


def test_a_folder_that_cannot_be_listed_is_told_of(tree: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    real = os.scandir

    def scandir(path: str) -> object:
        if Path(path).name == "b":
            raise PermissionError(13, "Permission denied", str(path))
        return real(path)

    monkeypatch.setattr(os, "scandir", scandir)
    assert [Path(one).name for one in names(str(tree), leave_out=tree / "store")] == ["[odd].pdf", "a.dat", "b"]
