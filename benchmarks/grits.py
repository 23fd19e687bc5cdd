"""GriTS beside grits-metric, in one process: `python benchmarks/grits.py [GOLDEN.json]`.

Ratios of CPU time on the same pairs of tables, each taken in turns; agreement of the values; with a golden file (pairs
with the values of the reference implementations) also the agreement with that. grits-metric takes some minutes and
gigabytes here; without it only ours is measured.
"""

from __future__ import annotations

import importlib
import json
import random
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from biaoge.eval.metrics import adjacency, grits

Scored = Callable[[str, str], tuple[float, float]]  # predicted, true → Top, Con


def ours(predicted: str, true: str) -> tuple[float, float]:
    score = grits.kensho(predicted, true)
    return score.top, score.con


def theirs() -> Scored | None:
    here = Path(__file__).resolve().parent
    sys.path[:] = [p for p in sys.path if Path(p).resolve() != here]  # this file has the name of that package
    try:
        package: Any = importlib.import_module("grits")
    except ImportError:
        return None

    def score(predicted: str, true: str) -> tuple[float, float]:
        p, t = package.html_to_grids(predicted), package.html_to_grids(true)
        return package.grits_top(t["top"], p["top"])[0], package.grits_con(t["con"], p["con"])[0]

    return score


def table(rows: int, cols: int, seed: int) -> str:
    """A header of merged cells, a stub of words, figures."""
    rnd = random.Random(seed)
    words = ["income", "tax", "water", "grant", "staff", "other", "total", "region", "city", "school", "road"]
    head = "".join(f'<th colspan="2">{rnd.choice(words)} {2000 + i}</th>' for i in range(cols // 2))
    body = []
    for _ in range(rows - 1):
        stub = f"<td>{' '.join(rnd.choices(words, k=3))}</td>"
        figures = (f"<td>{rnd.randrange(10 ** rnd.randint(1, 6)):,}</td>" for _ in range(cols - 1))
        body.append(f"<tr>{stub}{''.join(figures)}</tr>")
    return f"<table><tr>{head}</tr>{''.join(body)}</table>"


def without_row(html: str, row: int) -> str:
    rows = html.split("<tr>")
    return "<tr>".join(rows[:row] + rows[row + 1 :])


def clocked(score: Scored, predicted: str, true: str) -> tuple[float, tuple[float, float]]:
    """CPU seconds, the best of as many runs as fit into half a second, and the scores."""
    best, spent = float("inf"), 0.0
    while True:
        start = time.process_time()
        value = score(predicted, true)
        took = time.process_time() - start
        best, spent = min(best, took), spent + took
        if spent > 0.5:
            return best, value


def compare() -> None:
    other = theirs()
    if other is None:
        print("grits-metric is not installed: only ours is measured (pip install grits-metric)")
    print(f"{'tables':<28}{'ours, ms':>10}{'grits-metric, ms':>18}{'ratio':>8}  difference")
    for rows, cols in ((35, 10), (200, 10)):
        true = table(rows, cols, 1)
        kinds = {
            "unrelated": table(rows, cols, 2),
            "a row missing": without_row(true, rows // 2),
            "a digit wrong": true.replace("7", "1", 1),
        }
        if rows > 100:
            del kinds["a row missing"]
        for kind, predicted in kinds.items():
            mine, value = clocked(ours, predicted, true)
            line = f"{f'{rows} x {cols}, {kind}':<28}{mine * 1e3:>10.1f}"
            if other is not None:
                took, expected = clocked(other, predicted, true)
                difference = max(abs(a - b) for a, b in zip(value, expected, strict=True))
                line += f"{took * 1e3:>18.1f}{took / mine:>8.0f}  {difference:.0e}"
            print(line, flush=True)
        seconds, _ = clocked(lambda p, t: (grits.microsoft(p, t).top, 0.0), kinds["unrelated"], true)
        print(f"{f'{rows} x {cols}, unrelated':<28}{seconds * 1e3:>10.1f}  (dialect microsoft)")
        seconds, _ = clocked(lambda p, t: (adjacency.html_score(p, t).f1, 0.0), kinds["unrelated"], true)
        print(f"{f'{rows} x {cols}, unrelated':<28}{seconds * 1e3:>10.1f}  (adjacency)", flush=True)


def agreement(golden: Path) -> None:
    pairs = json.loads(golden.read_text(encoding="utf-8"))["pairs"]
    apart: dict[str, list[float]] = {}
    for pair in pairs:
        html = pair["pred_html"], pair["true_html"]
        kensho, microsoft = grits.kensho(*html), grits.microsoft(*html)
        rates = adjacency.rates(adjacency.html_score(*html))
        values = {
            "grits_top": (kensho.top, pair["grits_top"]),
            "grits_con": (kensho.con, pair["grits_con"]),
            "grits_top_ms": (microsoft.top, pair["grits_top_ms"]),
            "grits_con_ms": (microsoft.con, pair["grits_con_ms"]),
        }
        values |= {f"adjacency {k}": (getattr(rates, k), v) for k, v in pair["adjacency"].items()}
        for name, (value, expected) in values.items():
            if expected is not None:
                apart.setdefault(name, []).append(abs(value - expected))
    for name, differences in apart.items():
        right = sum(d <= 1e-9 for d in differences)
        print(f"{name:<22}{right:>4} of {len(differences)} to 1e-9, greatest difference {max(differences):.0e}")


if __name__ == "__main__":
    compare()
    if len(sys.argv) > 1:
        agreement(Path(sys.argv[1]))
