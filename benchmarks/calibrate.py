"""Measure how often recognised cells are right at what an engine claims, and write `ocr/calibration.json`.

    python benchmarks/calibrate.py [--jobs 2] [--write]

Reads the samples as scans of many strengths. A cell counts where a cell with its place and spans is in the label; it
is right where the text is the label's (folded). Fitted on the reports 000, 001 and 002, held against 003 and 004, which
the fit never saw; then the fit of all five is written.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path

from biaoge.eval.degrade.strengths import preset
from biaoge.eval.isotonic import smoothed
from biaoge.eval.scans import make_set
from biaoge.eval.sets import load

STRENGTHS = (
    *("clean150", "clean200", "light", "medium", "heavy", "dpi120", "skew", "perspective", "blur", "noise"),
    *("light-uneven", "jpeg", "broken-rulings", "seal", "bleed", "photocopy"),
)
ENGINE = "rapidocr"
FITTED, HELD = ("000", "001", "002"), ("003", "004")
Seen = tuple[str, str, float, bool]  # report, strength, claimed, right


def cells(job: tuple[str, str, Path]) -> list[Seen]:
    """Of one document at one strength: every cell that has a place in the label."""
    import cv2

    from biaoge import read
    from biaoge.eval.metrics.levels import at_level

    cv2.setNumThreads(1)
    name, strength, pdf = job
    document = next(d for d in load("samples").documents if d.name == name)
    found: list[Seen] = []
    tables = list(read(pdf).tables)
    for label in document.tables:
        truth = {(c.row, c.col, c.rowspan, c.colspan): c for c in label.table.cells}
        best = max(
            tables, key=lambda t: sum((c.row, c.col, c.rowspan, c.colspan) in truth for c in t.cells), default=None
        )
        for cell in best.cells if best is not None else ():
            true = truth.get((cell.row, cell.col, cell.rowspan, cell.colspan))
            if true is not None and cell.text and cell.words:
                claimed = min(word.confidence for word in cell.words)
                found.append(
                    (name[:3], strength, claimed, at_level(cell.text, "folded") == at_level(true.text, "folded"))
                )
        if best is not None:
            tables.remove(best)
    return found


def error(points: Sequence[tuple[float, float]], seen: Sequence[Seen]) -> tuple[float, float, int]:
    """Expected calibration error (10 bins of equal width), Brier score, cells; without points, of the claims."""
    from numpy import interp

    bins: dict[int, list[tuple[float, bool]]] = {}
    brier = 0.0
    for _, _, claimed, right in seen:
        p = float(interp(claimed, *zip(*points, strict=True))) if points else claimed
        bins.setdefault(min(int(p * 10), 9), []).append((p, right))
        brier += (p - right) ** 2
    gaps = (abs(sum(p for p, _ in b) - sum(r for _, r in b)) for b in bins.values())
    return sum(gaps) / max(1, len(seen)), brier / max(1, len(seen)), len(seen)


def main() -> None:
    asked = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    asked.add_argument("--jobs", type=int, default=2, help="documents at once")
    asked.add_argument("--folder", default="biaoge-eval/scans", help="where the scans are kept")
    asked.add_argument("--strengths", default=",".join(STRENGTHS))
    asked.add_argument("--producers", default="writer,chromium")
    asked.add_argument("--write", action="store_true", help="write ocr/calibration.json")
    told = asked.parse_args()
    strengths = told.strengths.split(",")
    names = {f"{report}-{producer}" for report in (*FITTED, *HELD) for producer in told.producers.split(",")}
    sources = [(d.name, d.pdf) for d in load("samples").documents if d.name in names]
    made = make_set(sources, Path(told.folder), [preset(strength) for strength in strengths], 1)
    jobs = [(one.name, one.strength, one.pdf) for one in made]
    with ProcessPoolExecutor(told.jobs, get_context("spawn")) as pool:
        seen = [one for many in pool.map(cells, jobs) for one in many]
    fit = [s for s in seen if s[0] in FITTED]
    held = [s for s in seen if s[0] in HELD]
    for name, points in (("claimed", ()), ("calibrated", smoothed([(s[2], s[3]) for s in fit]))):
        gap, brier, count = error(points, held)
        print(f"{name:10} on {', '.join(HELD)}: ECE {gap:.4f}, Brier {brier:.4f}, {count} cells")
    for strength in strengths:
        here = [s for s in seen if s[1] == strength]
        wrong = [s for s in here if not s[3]]
        print(
            f"{strength:15} {len(here) - len(wrong)}/{len(here)} right, "
            f"{sum(s[2] >= 0.9 for s in wrong)} wrong where 0.9 and more was claimed"
        )
    if told.write:
        points = smoothed([(s[2], s[3]) for s in seen])
        how = (
            f"isotonic regression with Laplace's rule (benchmarks/calibrate.py) over {len(seen)} cells of the samples "
            f"({told.producers}) at {', '.join(strengths)}; {sum(not s[3] for s in seen)} of them wrong"
        )
        content = {"how": how, "engines": {ENGINE: [[round(a, 6), round(b, 6)] for a, b in points]}}
        Path(__file__).parent.parent.joinpath("ocr", "calibration.json").write_text(
            json.dumps(content, ensure_ascii=False, indent=1) + "\n", encoding="utf-8"
        )


if __name__ == "__main__":
    main()
