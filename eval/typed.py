"""JSON that others wrote, as values of checked types: nothing of a wrong type gets through, and its place is told."""

from __future__ import annotations

import json
import re
from typing import Annotated, Any, TypeVar

import msgspec

from biaoge.model import Box

T = TypeVar("T")

MOST_PLACES = 1_000_000
"""Rows times columns of the largest table that is taken."""

Count = Annotated[int, msgspec.Meta(ge=0, le=MOST_PLACES)]
Size = Annotated[int, msgspec.Meta(ge=1, le=MOST_PLACES)]
PageNumber = Annotated[int, msgspec.Meta(ge=1, le=1_000_000_000)]
Share = Annotated[float, msgspec.Meta(ge=0, le=1)]
Name = Annotated[str, msgspec.Meta(min_length=1)]
Edges = tuple[float, float, float, float]

_SURROGATE = re.compile("[\ud800-\udfff]")


def decoded(text: str, kind: type[T]) -> T:
    """The JSON text as a value of the type; ValueError with the place (`$.cells[3].text`) of what is wrong.

    Unknown keys are passed over; half a surrogate pair becomes U+FFFD.
    """
    try:
        raw = json.loads(text)
        return msgspec.convert(_whole(raw) if "\\ud" in text.lower() else raw, kind)
    except RecursionError as problem:
        raise ValueError("JSON nested too deeply") from problem


def check_size(n_rows: int, n_cols: int) -> None:
    """ValueError for a table of more than `MOST_PLACES` places."""
    if n_rows * n_cols > MOST_PLACES:
        raise ValueError(f"n_rows, n_cols: {n_rows} × {n_cols} places, more than {MOST_PLACES}")


def box_of(edges: Edges, where: str) -> Box:
    """The box; ValueError that names `where` when it is turned inside out or has a coordinate that is no number."""
    try:
        return Box(*edges)
    except ValueError as problem:
        raise ValueError(f"{where}: {problem}") from problem


def _whole(value: Any) -> Any:
    if isinstance(value, str):
        return _SURROGATE.sub("\ufffd", value)
    if isinstance(value, list):
        return [_whole(item) for item in value]
    if isinstance(value, dict):
        return {_whole(key): _whole(item) for key, item in value.items()}
    return value
