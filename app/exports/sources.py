"""Where documents to export come from: JSON files that biaoge wrote, folders of them, stores."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from biaoge.app.exports.rows import Exported
from biaoge.app.jsonin import load_json
from biaoge.errors import BiaogeError, UsageError

Told = Callable[[Path, str], None]
"""Hears of a file that is left out, and why."""


def documents_of(paths: Sequence[Path], on_fault: Told, on_twice: Told) -> Iterator[Exported]:
    """The documents of every path, each file's bytes once, in the order of the paths and of the names in folders.

    `on_fault` hears of files that cannot be read and the reason, `on_twice` of documents that came before and their
    name. UsageError where a path leads nowhere.
    """
    seen: set[bytes] = set()
    for path, one in _all_of(paths, on_fault):
        digest = bytes.fromhex(one.sha256)
        if digest in seen:
            on_twice(path, one.name)
            continue
        seen.add(digest)
        yield one


def _all_of(paths: Sequence[Path], on_fault: Told) -> Iterator[tuple[Path, Exported]]:
    for path in paths:
        if not path.exists():
            raise UsageError(f"{path}: no such file or folder; give a store, or JSON that `biaoge extract` wrote")
    for path in paths:
        if _is_store(path):
            from biaoge.app.store.documents import documents

            yield from ((path, one) for one in documents(path))
            continue
        files = _json_in(path) if path.is_dir() else [path]
        if not files:
            raise UsageError(f"{path}: no store, and no JSON in it; `biaoge extract` and `biaoge bulk` write some")
        for file in files:
            try:
                document = load_json(file)
                one = Exported(document.source.name, document.source.sha256, document)
            except BiaogeError as error:
                on_fault(file, str(error).removeprefix(f"{file}: "))
            else:
                yield file, one


def _is_store(path: Path) -> bool:
    return path.is_dir() and (path / "store.db").is_file()


def _json_in(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*.json") if not _hidden(path, folder) and path.is_file())


def _hidden(path: Path, folder: Path) -> bool:
    return any(part.startswith(".") for part in path.relative_to(folder).parts)
