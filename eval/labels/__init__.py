"""The formats that labels are read from, a file each. See docs/truth.md."""

from __future__ import annotations

from pathlib import Path
from typing import Literal, get_args

from biaoge.errors import LabelError, TableError

from .found import Labelled, filled

__all__ = ["FORMATS", "Format", "Labelled", "filled", "read"]

Format = Literal["grid", "html", "pubtabnet", "icdar2013", "json"]
FORMATS: tuple[Format, ...] = get_args(Format)


def read(form: Format, path: Path, document: Path) -> tuple[Labelled, ...]:
    """The labelled tables in the file, in its order; `document`: the file they label, asked for the size of its pages.

    LabelError, naming the file, where it cannot be read or breaks its format.
    """
    # Each is imported where it is needed: two of them need parsers that are slow to load.
    try:
        if form == "grid":
            from . import grid

            return grid.read(path)
        if form == "html":
            from . import html

            return html.read(path)
        if form == "pubtabnet":
            from . import pubtabnet

            return pubtabnet.read(path)
        if form == "icdar2013":
            from . import icdar2013

            return icdar2013.read(path, document)
        from . import data_json

        return data_json.read(path)
    # What a reader did not foresee in a file that anyone may have written is a fault of that file all the same.
    except (OSError, ValueError, ArithmeticError, LookupError, TypeError, RecursionError, TableError) as problem:
        raise LabelError(f"{path}: {problem}") from problem
