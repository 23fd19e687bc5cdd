"""Measurements made by hand: scores of a few documents, with the tables they are scores of."""

from __future__ import annotations

import io
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from biaoge.eval.metrics.cells import differences, score, structure
from biaoge.eval.metrics.counts import Counts
from biaoge.eval.metrics.levels import LEVELS
from biaoge.eval.prediction import Prediction, Reading
from biaoge.eval.report.page import Sources
from biaoge.eval.results import (
    CONFIDENCE_BINS,
    ConfidenceBin,
    DocumentScore,
    Edits,
    Mistake,
    SetScore,
    Silence,
    TableScore,
)
from biaoge.eval.sets import Kind, TruthDocument, TruthTable
from biaoge.model import Box, Cell, Finding, Part, Region, Table

HOSTILE = '<script>alert("x")</script>&\'"'


def made(texts: Sequence[Sequence[str]], page: int = 1) -> Table:
    """A table of these texts with boxes, 40 × 20 points each."""
    cells = [
        Cell(r, c, text, regions=(Region(page, Box(40 * c + 10, 20 * r + 10, 40 * c + 50, 20 * r + 30)),))
        for r, row in enumerate(texts)
        for c, text in enumerate(row)
    ]
    n_rows, n_cols = len(texts), len(texts[0])
    part = Part(page, Box(10, 10, 10 + 40 * n_cols, 10 + 20 * n_rows), (0, n_rows - 1))
    return Table(n_rows, n_cols, tuple(cells), header_rows=0, parts=(part,))


def table_score(found: Table | None, true: Table | None, document: str, tags: tuple[str, ...] = ()) -> TableScore:
    """A score with the simple measures worked out, the others made up of them."""
    cells = score(found, true, "folded")
    wrong = differences(found, true, "folded")
    bins = [ConfidenceBin()] * CONFIDENCE_BINS
    bins[-2] = ConfidenceBin(cells.predicted, cells.matched, 0.93 * cells.predicted)
    mistakes = (Mistake("text", len(wrong), float(cells.true - cells.matched)),) if wrong else ()
    return TableScore(
        id=f"{document}.1" if true else f"{document}:extra@1",
        label=f"{document}.1" if true else None,
        document=document,
        tags=tags,
        predicted=0 if found else None,
        true=0 if true else None,
        levels={level: score(found, true, level) for level in LEVELS},
        structure=structure(found, true),
        spans=Counts(),
        facts=cells,
        headers=None,
        adjacency=cells,
        teds=cells.f1,
        teds_struct=1.0 if found else 0.0,
        grits_top=1.0,
        grits_con=cells.f1,
        grits_loc=None,
        characters=Edits(len(wrong), 4 * cells.true),
        numbers=Counts(),
        silence=Silence(cells.predicted, cells.predicted - cells.matched, cells.predicted - cells.matched),
        confidence=tuple(bins),
        boxed=False,
        mistakes=mistakes,
        differences=wrong[:5],
    )


def document_score(name: str, tables: Sequence[TableScore], tags: tuple[str, ...] = ()) -> DocumentScore:
    true, found = sum(t.labelled for t in tables), sum(t.found for t in tables)
    both = sum(t.labelled and t.found for t in tables)
    return DocumentScore(name, tags, tuple(tables), Counts(both, found, true), None, 0.25 * len(name), 1 << 20)


class World:
    """Six documents of one table each, read by `good` (one cell wrong) and `bad` (a cell of each wrong, one missed)."""

    names = ("年报 1", "b", "../c", HOSTILE, "e", "f")
    true = made([["项目", "数"], ["甲", "1,000"], ["乙 <b>", "7"]])

    def __init__(self) -> None:
        wrong = made([["项目", "数"], ["甲", "1,000"], ["乙", "1"]])
        self.tables: dict[tuple[str, str], Table | None] = {}
        for n, name in enumerate(self.names):
            self.tables["good", name] = wrong if n == 0 else self.true
            self.tables["bad", name] = None if n == 1 else wrong

    def scores(self, set_name: str = "hand", count: int = 6) -> list[SetScore]:
        out = []
        for engine in ("bad", "good"):
            documents = [
                document_score(
                    name,
                    [table_score(self.tables[engine, name], self.true, name, ("size-s" if n % 2 else "size-l",))],
                    ("producer-x" if n < 2 else "producer-y", HOSTILE) if n < 5 else ("producer-y",),
                )
                for n, name in enumerate(self.names[:count])
            ]
            out.append(SetScore(set_name, engine, "1.0", Kind(), tuple(documents)))
        return out

    def truth(self, set_name: str, name: str) -> TruthDocument:
        return TruthDocument(name, Path(f"{len(name)}.pdf"), (TruthTable(f"{name}.1", (1,), self.true),))

    def prediction(self, set_name: str, engine: str, name: str) -> Prediction:
        table = self.tables[engine, name]
        finding = Finding("doubt", "warning", HOSTILE, page=1, table=0)
        return Prediction(engine, "1.0", Reading((table,) if table else (), (finding,) if table else ()))

    def sources(self) -> Sources:
        return Sources(self.truth, self.prediction, self.drawn)

    @staticmethod
    def drawn(path: Path, page: int, dpi: float) -> bytes:
        """A blank A5 page as PNG."""
        from PIL import Image

        out = io.BytesIO()
        Image.new("RGB", (round(420 * dpi / 72), round(595 * dpi / 72)), "white").save(out, "PNG")
        return out.getvalue()


@pytest.fixture(scope="session")
def world() -> World:
    return World()


@pytest.fixture(scope="session")
def make_table() -> Callable[..., Table]:
    return made


@pytest.fixture(scope="session")
def make_table_score() -> Callable[..., TableScore]:
    return table_score


@pytest.fixture(scope="session")
def make_document() -> Callable[..., DocumentScore]:
    return document_score
