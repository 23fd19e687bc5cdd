"""An export as a whole: written beside its place under a temporary name, then put there."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Literal

from biaoge.app.bulk import printable
from biaoge.app.exports.rows import Source
from biaoge.errors import UsageError

Format = Literal["parquet", "csv", "xlsx", "jsonl", "duckdb", "html", "docling"]
MARK = ".biaoge-export"
"""The file in a folder that says that all of it is an export, and may be replaced by a newer one."""


@dataclass(frozen=True, slots=True)
class _Shape:
    """What a format is written as: a file with this ending, or a folder; by `write` of this module."""

    module: str
    ending: str | None


_SHAPES: dict[Format, _Shape] = {
    "parquet": _Shape("parquet", None),
    "csv": _Shape("csvrows", None),
    "xlsx": _Shape("xlsx", None),
    "jsonl": _Shape("jsonl", ".jsonl"),
    "duckdb": _Shape("duck", ".duckdb"),
    "html": _Shape("pages", None),
    "docling": _Shape("docling", None),
}


@dataclass(frozen=True, slots=True)
class Plan:
    """What to write and where. `guard`: CSV for spreadsheets, safe from formulas. `replace`: an older export may go."""

    to: Format
    out: Path | None = None
    guard: bool = True
    replace: bool = False

    @property
    def target(self) -> Path:
        """Where it goes: as asked for, or a name of the format's own."""
        return self.out or Path(f"biaoge-{self.to}{_SHAPES[self.to].ending or ''}")

    @property
    def as_file(self) -> bool:
        """Whether it is one file; a workbook is one for all documents where its name ends so."""
        if self.to == "xlsx":
            return self.target.suffix.lower() == ".xlsx"
        return _SHAPES[self.to].ending is not None


def export(source: Source, plan: Plan) -> None:
    """Write the documents as `plan` says; UsageError where something stands there that must not be replaced.

    Whatever happens, the target holds what it held before or the whole export.
    """
    module = import_module(f"biaoge.app.exports.{_SHAPES[plan.to].module}")
    with _placed(plan) as made:
        if plan.to == "csv":
            module.write(source, made, plan.guard)
        elif plan.to == "xlsx" and plan.as_file:
            module.write_book(source, made)
        else:
            module.write(source, made)


def check(plan: Plan) -> None:
    """UsageError where the target must not be written; told before any document is read."""
    target = plan.target
    shown = printable(target)
    if not (target.exists() or target.is_symlink()):
        return
    if plan.as_file:
        if not target.is_file():
            raise UsageError(f"{shown} is a folder; give --out the name of a file")
        if not plan.replace:
            raise UsageError(f"{shown} is there already; give another --out, or --replace to write it anew")
    elif not target.is_dir():
        raise UsageError(f"{shown} is a file; give --out the name of a folder")
    elif any(target.iterdir()):
        if not (target / MARK).is_file():
            raise UsageError(f"{shown} holds files that are no export of biaoge; give another --out")
        if not plan.replace:
            raise UsageError(f"{shown} holds an export already; give another --out, or --replace to write it anew")


@contextmanager
def _placed(plan: Plan) -> Iterator[Path]:
    """A path to write to, in a hidden folder beside the target, that becomes the target when all went well."""
    check(plan)
    target = plan.target
    try:
        parent = target.resolve().parent
        parent.mkdir(parents=True, exist_ok=True)
        staging = Path(tempfile.mkdtemp(prefix=".biaoge-", suffix=".part", dir=parent))
    except OSError as error:
        raise UsageError(f"cannot write beside {printable(target)}: {error.strerror}; choose another --out") from error
    try:
        made = staging / f"made{target.suffix if plan.as_file else ''}"
        if not plan.as_file:
            made.mkdir()
        yield made
        if plan.as_file:
            made.replace(target)
            return
        (made / MARK).write_text(f"{plan.to}\n", encoding="utf-8")
        _swap(made, target.resolve(), staging / "old")
    finally:
        shutil.rmtree(staging, ignore_errors=True)


def _swap(made: Path, target: Path, aside: Path) -> None:
    """Put the folder `made` in `target`'s place; what stood there is put back where that fails."""
    old = target.is_dir()
    if old:
        target.rename(aside)
    try:
        made.rename(target)
    except BaseException:
        if old:
            aside.rename(target)
        raise
