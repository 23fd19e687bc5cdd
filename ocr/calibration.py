"""From what an engine claims to how often such a cell is right, as measured; see `benchmarks/calibrate.py`."""

from __future__ import annotations

import json
from bisect import bisect_right
from functools import cache
from importlib.resources import files

FILE = "calibration.json"
"""`engines`: name to points [claimed, measured], both ascending; `how`: what they were fitted on."""


@cache
def points(engine: str) -> tuple[tuple[float, float], ...]:
    """The points measured for an engine; none for one that was not measured."""
    content = json.loads(files("biaoge.ocr").joinpath(FILE).read_text(encoding="utf-8"))
    return tuple((float(claimed), float(measured)) for claimed, measured in content["engines"].get(engine, ()))


def calibrated(claimed: float, engine: str) -> float:
    """The share of cells that are right where the engine claims `claimed`; the claim itself for an unmeasured engine.

    Between points it is linear; beyond the outer ones it stays.
    """
    line = points(engine)
    if not line:
        return claimed
    at = bisect_right(line, (claimed, 2.0))
    if at == 0:
        return line[0][1]
    if at == len(line):
        return line[-1][1]
    (a, low), (b, high) = line[at - 1], line[at]
    return low + (high - low) * (claimed - a) / (b - a) if b > a else high
