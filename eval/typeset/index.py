"""`index.toml`, the list of the samples: what each is, who made it, and its digest."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from biaoge.errors import LabelError
from biaoge.files import write_whole

NAME = "index.toml"


@dataclass(frozen=True, slots=True)
class Entry:
    """One sample. Its truth is the labels of `report`, or the grid-text files `truth`; one of the two is given.

    `pdf` (a picture, for some scans) and `truth` are paths relative to the folder of the index. `tables`: which of the
    report's tables are on it, from 1; all of them where none is named.
    """

    pdf: str
    producer: str
    producer_version: str
    font: str
    tags: tuple[str, ...]
    pages: int
    sha256: str
    report: str | None = None
    truth: tuple[str, ...] = ()
    tables: tuple[int, ...] = ()

    def __post_init__(self) -> None:
        if (self.report is None) == (not self.truth):
            raise LabelError(f"{self.pdf}: either a report or truth files, and not both")
        if self.tables and self.report is None:
            raise LabelError(f"{self.pdf}: the tables of a report are named, but no report")


def read_index(folder: Path) -> tuple[Entry, ...]:
    """The samples listed in the folder; LabelError when the list is absent or wrong."""
    path = folder / NAME
    try:
        samples = tomllib.loads(path.read_text(encoding="utf-8"))["sample"]
        return tuple(
            Entry(**{**sample, **{key: tuple(sample.get(key, ())) for key in ("tags", "truth", "tables")}})
            for sample in samples
        )
    except (OSError, tomllib.TOMLDecodeError, KeyError, TypeError) as error:
        raise LabelError(f"{path}: {error}") from error


def write_index(folder: Path, entries: Iterable[Entry]) -> None:
    """Write the list, in the order given."""
    write_whole(folder / NAME, "\n".join(map(_block, entries)))


def _block(entry: Entry) -> str:
    lines = ["[[sample]]", f"pdf = {json.dumps(entry.pdf)}"]
    if entry.report is not None:
        lines.append(f"report = {json.dumps(entry.report)}")
    else:
        lines.append(f"truth = {json.dumps(entry.truth)}")
    if entry.tables:
        lines.append(f"tables = {json.dumps(entry.tables)}")
    for key in ("producer", "producer_version", "font"):
        lines.append(f"{key} = {json.dumps(getattr(entry, key), ensure_ascii=False)}")
    lines += [f"tags = {json.dumps(entry.tags)}", f"pages = {entry.pages}", f"sha256 = {json.dumps(entry.sha256)}"]
    return "\n".join(lines) + "\n"
