"""Which kinds of mistakes there are, how many, and what the score would be without each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from ..metrics.counts import Counts
from ..results import TableScore


@dataclass(frozen=True, slots=True)
class Fault:
    """A kind of mistake over all tables.

    `count`: how often; `tables`: in how many; `gain`: matched cells (folded) more if it were put right, summed;
    `fixed`: F1 of cells if it were, and nothing else; `rise`: that less the F1 there is.
    """

    kind: str
    count: int
    tables: int
    gain: float
    fixed: float
    rise: float


def faults_of(tables: Sequence[TableScore]) -> tuple[Fault, ...]:
    """The kinds of mistakes in `tables`, the one that costs most first.

    If fixed, a table has `gain` more matched cells, never more than the label has; where that is more than were
    predicted, as many are predicted as match; a table that should not be there is gone.
    """
    counts = [t.levels["folded"] for t in tables]
    now = sum(counts, Counts()).f1
    out = []
    for kind in sorted({m.kind for t in tables for m in t.mistakes}):
        here = [t for t in tables if any(m.kind == kind for m in t.mistakes)]
        fixed = _fixed(tables, kind)
        out.append(
            Fault(
                kind,
                sum(m.count for t in here for m in t.mistakes if m.kind == kind),
                len(here),
                sum(m.gain for t in here for m in t.mistakes if m.kind == kind),
                fixed,
                fixed - now,
            )
        )
    return tuple(sorted(out, key=lambda fault: (-fault.rise, -fault.count, fault.kind)))


def _fixed(tables: Sequence[TableScore], kind: str) -> float:
    """F1 of cells when every mistake of `kind` is put right."""
    matched = both = 0.0
    for table in tables:
        cells = table.levels["folded"]
        gains = [m.gain for m in table.mistakes if m.kind == kind]
        if gains and not table.labelled:
            continue
        right = min(cells.matched + sum(gains), cells.true)
        matched += right
        both += max(cells.predicted, right) + cells.true
    return 2 * matched / both if both else 1.0
