"""What the child process around an engine runs: one file, one answer, whatever happens inside."""

from __future__ import annotations

import warnings
from dataclasses import replace
from pathlib import Path
from typing import Any

from biaoge.errors import BiaogeError
from biaoge.model import Table

from ..prediction import Reading
from .contract import load


def read(job: dict[str, Any]) -> dict[str, Any]:
    """Reads `job["path"]` with the engine `job["target"]` ("module:function", see `contract.load`).

    The answer holds `reading`, JSON text that `decode` reads, or `error`, one line.
    """
    import msgspec

    warnings.simplefilter("ignore")  # what an engine says on the way is not the harness's matter
    try:
        reading: Reading = load(job["target"])(Path(job["path"]), bool(job["joined"]))
    except BiaogeError as problem:
        return {"error": _line(problem)}
    # Engines are other people's code and fail in any way; that is this file's result, and the next one is read.
    except Exception as problem:
        return {"error": f"{type(problem).__name__}: {_line(problem)}"}
    return {"reading": msgspec.json.encode(bare(reading)).decode()}


def bare(reading: Reading) -> Reading:
    """The reading without the words of its cells, which no measure looks at."""
    return replace(reading, tables=tuple(map(_bare, reading.tables)))


def decode(text: str) -> Reading:
    """The reading in an answer of `read`; ValueError where the text is none."""
    import msgspec

    return msgspec.json.decode(text, type=Reading)


def _bare(table: Table) -> Table:
    return replace(table, cells=tuple(replace(cell, words=()) for cell in table.cells))


def _line(problem: BaseException) -> str:
    return " ".join(str(problem).split())[:500]
