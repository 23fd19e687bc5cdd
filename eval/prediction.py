"""What an engine made of a file: its reading or the reason why there is none, and what it cost."""

from __future__ import annotations

from dataclasses import dataclass

from biaoge.model import Finding, Table


@dataclass(frozen=True, slots=True)
class Reading:
    """The tables that an engine found, and the findings it reports about them (`Finding.table` counts in `tables`)."""

    tables: tuple[Table, ...]
    findings: tuple[Finding, ...] = ()

    def doubted(self, table: int) -> frozenset[tuple[int, int]]:
        """Places (row, column of origin) of table number `table` that carry a finding; severity `info` is none."""
        return frozenset(cell for f in self.findings if f.table == table and f.severity != "info" for cell in f.cells)


@dataclass(frozen=True, slots=True)
class Prediction:
    """A file as one engine read it. `reading` is `None` where it failed, and `error` says why.

    `version`: of the engine and of what it is made of; `seconds` of wall clock; `peak`: bytes of memory the process
    held at most, `None` where unknown.
    """

    engine: str
    version: str
    reading: Reading | None
    error: str | None = None
    seconds: float = 0.0
    peak: int | None = None

    def __post_init__(self) -> None:
        if (self.reading is None) == (self.error is None):
            raise ValueError("a prediction holds either a reading or the reason why there is none")
