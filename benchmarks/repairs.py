"""Measure what the sums mend, and what they must not: wrong cells put into true tables.

    python benchmarks/repairs.py [--rounds 300] [--tables NAME…]

Taken are tables of the reports filled with drawn counts, the hand labels themselves and statements with codes. Of each
1, 2, 3, 5 or 8 cells are misread as recognisers misread (look-alike digits, a digit lost or added, the truth among the
alternatives in 85 of 100, one in ten claimed with 0.98 and more); then the same with numbers that are wrong in the
original and read as they stand there. Where no form is known the sums are told from what was read.
"""

from __future__ import annotations

import argparse
import random
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import replace
from decimal import Decimal

from biaoge.eval import reports
from biaoge.facts import Identity
from biaoge.forms.checks import check
from biaoge.forms.solve import mend
from biaoge.forms.totals import find
from biaoge.forms.values import value
from biaoge.forms.verify import verified
from biaoge.model import Alternative, Cell, Table

COUNTS = (1, 2, 3, 5, 8)
OFFERED = 0.85
"""How often the truth is among the alternatives of a misread cell."""
CONFIDENTLY_WRONG = 0.1
LOOKALIKES = {
    **{"0": "86", "1": "74", "2": "73", "3": "85", "4": "19", "5": "63", "6": "805", "7": "12", "8": "306", "9": "48"},
}

Make = Callable[[random.Random], Table]


# --- true tables -----------------------------------------------------------------------------------------------------


def _labels(ordinal: int) -> list[Table]:
    return [label.table for name in reports.names() for label in reports.load(name).labels if label.ordinal == ordinal]


def _filled(table: Table, texts: dict[tuple[int, int], str]) -> Table:
    return replace(table, cells=tuple(replace(c, text=texts.get((c.row, c.col), c.text)) for c in table.cells))


def _count(rng: random.Random) -> int:
    return int(rng.lognormvariate(2.5, 2)) if rng.random() < 0.7 else 0


def applications(rng: random.Random) -> Table:
    """Table 三 filled with counts that add up."""
    table = rng.choice(_labels(2))
    rows = sorted({c.row for c in table.cells if value(c.text).number is not None})
    received, carried, *settled, total, still_open = rows
    texts: dict[tuple[int, int], int] = {}
    for col in range(3, 9):
        done = [_count(rng) for _ in settled]
        texts |= {(row, col): n for row, n in zip(settled, done, strict=True)}
        left = _count(rng)
        before = min(_count(rng), sum(done) + left)
        texts |= {(total, col): sum(done), (still_open, col): left, (carried, col): before}
        texts[received, col] = sum(done) + left - before
    for row in rows:
        texts[row, 9] = sum(texts[row, col] for col in range(3, 9))
    return _filled(table, {place: str(n) for place, n in texts.items()})


def reviews(rng: random.Random) -> Table:
    """Table 四 filled with counts that add up."""
    table = _labels(3)[0]
    texts: dict[tuple[int, int], str] = {}
    for group in range(3):
        counts = [_count(rng) for _ in range(4)]
        texts |= {(table.n_rows - 1, group * 5 + n): str(c) for n, c in enumerate((*counts, sum(counts)))}
    return _filled(table, texts)


def as_printed(rng: random.Random) -> Table:
    """A label as it is: most of its numbers are 0."""
    return rng.choice(_labels(2) + _labels(3))


def budget(rng: random.Random) -> Table:
    """A statement by codes in three columns, with 合计, 基本支出 and 项目支出, amounts in yuan."""
    rows: list[list[str | int]] = []
    for first in range(rng.randint(2, 4)):
        at = len(rows)
        rows.append([])
        whole = [0, 0]
        for second in range(rng.randint(1, 3)):
            above = len(rows)
            rows.append([])
            part = [0, 0]
            for third in range(rng.randint(1, 4)):
                basic, project = (int(rng.lognormvariate(13, 2)) // 100 * 100 * (rng.random() < 0.7) for _ in "ab")
                rows.append(
                    [f"{201 + first}", f"{second + 1:02}", f"{third + 1:02}", "支出", basic + project, basic, project]
                )
                part = [part[0] + basic, part[1] + project]
            rows[above] = [f"{201 + first}", f"{second + 1:02}", "", "事务", sum(part), *part]
            whole = [whole[0] + part[0], whole[1] + part[1]]
        rows[at] = [f"{201 + first}", "", "", "支出类", sum(whole), *whole]
    tops = [row for row in rows if not row[1]]
    sums = [sum(int(row[c]) for row in tops) for c in (4, 5, 6)]
    rows.append(["合计", "", "", "", *sums])
    head = ("类", "款", "项", "功能分类科目名称", "合计", "基本支出", "项目支出")
    cells = [Cell(0, c, text, role="column_header") for c, text in enumerate(head)]
    for r, row in enumerate(rows, start=1):
        for c, said in enumerate(row):
            if row[0] == "合计" and 0 < c < 4:
                continue
            text = f"{said:,}" if isinstance(said, int) else said
            cells.append(Cell(r, c, text, colspan=4 if said == "合计" else 1, role="row_header" if c < 4 else "data"))
    return Table(len(rows) + 1, 7, tuple(cells), header_rows=1, stub_cols=4)


TABLES: dict[str, tuple[Make, bool]] = {
    "table 3, counts": (applications, True),
    "table 4, counts": (reviews, True),
    "labels": (as_printed, True),
    "statements": (budget, False),
    "statements, form": (budget, True),
}
"""By name who makes it, and whether a form states its sums."""


def identities_of(table: Table, certain: bool) -> tuple[Identity, ...]:
    """The sums as they would be known: by a form, or told from what was read."""
    return tuple(replace(one, certain=certain) for one in find([table]))


# --- misreadings -----------------------------------------------------------------------------------------------------


def misread(text: str, rng: random.Random) -> str:
    """Another number that looks like it."""
    while True:
        at = rng.choice([n for n, letter in enumerate(text) if letter.isdigit()])
        kind = rng.random()
        if kind < 0.7:
            out = text[:at] + rng.choice(LOOKALIKES[text[at]]) + text[at + 1 :]
        elif kind < 0.85 and len(text) > 1:
            out = text[:at] + text[at + 1 :]
        else:
            out = text[:at] + rng.choice("17") + text[at:]
        if value(out).number not in (None, value(text).number):
            return out


def read_right(cell: Cell, rng: random.Random) -> Cell:
    """As recognisers read what is clear, and sometimes what is not."""
    sure = rng.uniform(0.99, 0.9995) if rng.random() < 0.97 else rng.uniform(0.6, 0.99)
    # Of the cells of real scans that were read right one in fifty has another number among its readings.
    others = _others(cell.text or "", 1 - sure, (), rng) if rng.random() < 0.2 else ()
    return replace(cell, source="ocr", confidence=sure, alternatives=others)


def read_wrong(cell: Cell, rng: random.Random) -> Cell:
    """Misread, with the truth among the alternatives or not."""
    true = cell.text or ""
    text = misread(true, rng)
    sure = rng.uniform(0.98, 0.998) if rng.random() < CONFIDENTLY_WRONG else rng.uniform(0.35, 0.95)
    offered = (true,) if rng.random() < OFFERED else ()
    return replace(
        cell, text=text, source="ocr", confidence=sure, alternatives=_others(text, 1 - sure, offered, rng, true)
    )


def _others(
    text: str, left: float, first: Sequence[str], rng: random.Random, true: str | None = None
) -> tuple[Alternative, ...]:
    """Alternatives that share up to what is `left`, `first` the likeliest of them."""
    texts = list(first)
    if any(map(str.isdigit, text)):
        texts += [t for t in (misread(text, rng) for _ in range(rng.randint(0, 3))) if t not in (*texts, true, text)]
    out = []
    for other in dict.fromkeys(texts):
        share = left * rng.uniform(0.3, 0.8)
        left -= share
        out.append(Alternative(other, share))
    return tuple(out)


def wrong_in_print(table: Table, spots: Sequence[tuple[int, int]], rng: random.Random) -> Table:
    """Numbers that are wrong in the original: a digit, two changed over, one too many."""
    texts = {}
    for spot in spots:
        said = next(c.text or "" for c in table.cells if (c.row, c.col) == spot)
        number = value(said).number or Decimal(0)
        other = str(number + rng.choice((-1, 1, 10, 9))) if rng.random() < 0.5 else misread(said, rng)
        texts[spot] = other
    return _filled(table, texts)


# --- one round -------------------------------------------------------------------------------------------------------


def round_of(name: str, wrong: int, printed: int, rng: random.Random) -> Counter[str]:
    """Counts of one table with as many cells misread, and as many numbers wrong in print."""
    make, certain = TABLES[name]
    true = make(rng)
    covered = {(p.row, p.col) for i in identities_of(true, certain) for p in i.places}
    spots = [(c.row, c.col) for c in true.cells if (c.row, c.col) in covered and value(c.text).number is not None]
    chosen = rng.sample(spots, min(wrong + printed, len(spots)))
    in_print, misread_at = chosen[:printed], set(chosen[printed:])
    paper = wrong_in_print(true, in_print, rng)
    read = replace(
        paper,
        cells=tuple(
            read_wrong(c, rng)
            if (c.row, c.col) in misread_at
            else read_right(c, rng)
            if value(c.text).number is not None
            else c
            for c in paper.cells
        ),
    )
    identities = identities_of(true if certain else read, certain)
    started = time.perf_counter()
    mended = mend([read], identities)
    taken = round((time.perf_counter() - started) * 1e6)
    out = Counter({"microseconds": taken, "wrong": len(misread_at), "printed": len(in_print)})
    checks = check(identities, [read])
    broken = {(p.row, p.col) for one in checks if one.holds is False for p in one.identity.places}
    out["detected"] = len(misread_at & broken)
    repaired = {(place.row, place.col): repair.proposed for place, repair in mended.repairs}
    said = {(c.row, c.col): c.text for c in paper.cells}
    for spot, text in repaired.items():
        right = value(text).number == value(said[spot]).number
        out["right" if right and spot in misread_at else "false"] += 1
        out["print mended"] += spot in in_print
    out["abstained"] = len(misread_at - repaired.keys())
    for cell in verified(mended.tables, check(identities, mended.tables))[0].cells:
        if cell.source in ("ocr", "repaired") and cell.role != "row_header":
            out["cells"] += 1
            out["verified"] += bool(cell.verified)
            out["verified wrong"] += (
                bool(cell.verified) and value(cell.text).number != value(said[cell.row, cell.col]).number
            )
    return out


def simulated(names: Sequence[str], rounds: int, seed: int) -> None:
    """Prints a line for every kind of table and number of wrong cells."""
    head = ("wrong", "detected", "right", "false", "abstained", "print mended", "cells", "verified", "verified wrong")
    print(f"{'tables':<16} {'wrong':>5} {'print':>5}  " + "  ".join(head) + "  s/table")
    for name in names:
        for printed in (0, 1, 2):
            for wrong in COUNTS if printed == 0 else (0, 1, 3):
                rng = random.Random(f"{seed} {name} {wrong} {printed}")
                total: Counter[str] = Counter()
                for _ in range(rounds):
                    total.update(round_of(name, wrong, printed, rng))
                figures = "  ".join(f"{total[key]:>{len(key)}}" for key in head)
                print(
                    f"{name:<16} {wrong:>5} {printed:>5}  {figures}  {total['microseconds'] / rounds / 1e6:.3f}",
                    flush=True,
                )


def main() -> None:
    asked = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    asked.add_argument("--rounds", type=int, default=300, help="tables of each kind and number of wrong cells")
    asked.add_argument("--tables", nargs="+", choices=tuple(TABLES), default=list(TABLES))
    asked.add_argument("--seed", type=int, default=1)
    told = asked.parse_args()
    simulated(told.tables, told.rounds, told.seed)


if __name__ == "__main__":
    main()
