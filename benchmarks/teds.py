"""How fast TEDS is: `python benchmarks/teds.py [--golden FILE] [--peer-rows 35]`.

Ours beside the implementations that people use, on the same pairs in the same run: tables of 10 columns, unrelated and
with five cells changed. Each is run again until three seconds are over, and its fastest run counts. Peers that are not
installed are named as such; `--peer-rows` is the longest table they get. Values of peers differ from ours where their
definitions do: table_recognition_metric counts the table itself among the nodes, docling-metrics-table `html` and
`body` too, and takes texts as equal or not. With `--golden`, the agreement with the reference's values in that file.
"""

from __future__ import annotations

import argparse
import json
import random
import time
from collections.abc import Callable, Mapping
from importlib import import_module, metadata
from importlib.util import find_spec
from pathlib import Path

from biaoge.eval.metrics.teds import html_score, tree_distance
from biaoge.eval.metrics.trees import pubtabnet_tree

Score = Callable[[str, str], float]
COLUMNS = 10
SECONDS = 3.0


def html(rows: list[list[str]]) -> str:
    body = "".join(f"<tr>{''.join(f'<td>{text}</td>' for text in row)}</tr>" for row in rows)
    return f"<html><body><table>{body}</table></body></html>"


def rows_of(rng: random.Random, n: int) -> list[list[str]]:
    return [[f"{rng.randrange(10 ** rng.randint(1, 7)):,}" for _ in range(COLUMNS)] for _ in range(n)]


def pairs(n: int) -> Mapping[str, tuple[str, str]]:
    """Unrelated tables, and one with changed cells in five places, the first and last row among them."""
    rng = random.Random(n)
    true, other = rows_of(rng, n), rows_of(rng, n)
    edited = [list(row) for row in true]
    for row in (0, n - 1, *rng.sample(range(n), 3)):
        edited[row][rng.randrange(COLUMNS)] += "0"
    return {f"{n}x{COLUMNS} unrelated": (html(other), html(true)), f"{n}x{COLUMNS} edited": (html(edited), html(true))}


def ours(pred: str, true: str) -> float:
    """TEDS alone, as the peers do it: parsed, compared, normalised."""
    a, b = pubtabnet_tree(pred), pubtabnet_tree(true)
    if a is None or b is None:
        return 0.0
    return 1 - tree_distance(a, b) / max(a.elements, b.elements)


def both(pred: str, true: str) -> float:
    """TEDS and TEDS-Struct."""
    return html_score(pred, true).teds


def table_recognition_metric() -> Score:
    scorer = import_module("table_recognition_metric").TEDS()
    return lambda pred, true: float(scorer(pred, true))


def docling() -> Score:
    module = import_module("docling_metrics_table")
    kind = import_module("docling_metrics_table.docling_metrics_table").TableMetricKind.TEDS
    metric = module.TableMetric(metrics=[kind])

    def score(pred: str, true: str) -> float:
        sample = module.TableMetricHTMLInputSample(id="0", html_a=true, html_b=pred)
        return float(metric.evaluate_sample(sample).teds.teds)

    return score


PEERS: Mapping[str, tuple[str, Callable[[], Score]]] = {
    "table_recognition_metric": ("table_recognition_metric", table_recognition_metric),
    "docling-metrics-table": ("docling_metrics_table", docling),
}


def timed(score: Score, pred: str, true: str) -> tuple[float, float]:
    """The value, and the seconds of the fastest run."""
    best, spent, value = float("inf"), 0.0, 0.0
    while spent < SECONDS:
        began = time.perf_counter()
        value = score(pred, true)
        took = time.perf_counter() - began
        best, spent = min(best, took), spent + took
    return value, best


def compare(peer_rows: int) -> None:
    peers: dict[str, Score] = {}
    for name, (module, made) in PEERS.items():
        if find_spec(module) is None:
            print(f"{name}: not installed")
            continue
        peers[name] = made()
        print(f"{name}: {metadata.version(name)}")
    print(f"\n{'pair':18}{'implementation':28}{'value':>10}{'ms':>12}{'ratio':>9}")
    for n in (35, 200):
        for what, (pred, true) in pairs(n).items():
            value, mine = timed(ours, pred, true)
            print(f"{what:18}{'biaoge, TEDS':28}{value:10.6f}{mine * 1e3:12.1f}{1:9.1f}")
            value, seconds = timed(both, pred, true)
            print(f"{what:18}{'biaoge, TEDS and struct':28}{value:10.6f}{seconds * 1e3:12.1f}{seconds / mine:9.1f}")
            for name, peer in peers.items() if n <= peer_rows else ():
                value, seconds = timed(peer, pred, true)
                print(f"{what:18}{name:28}{value:10.6f}{seconds * 1e3:12.1f}{seconds / mine:9.1f}")


def agreement(file: Path) -> None:
    listed = json.loads(file.read_text(encoding="utf-8"))["pairs"]
    began = time.perf_counter()
    scores = [html_score(pair["pred_html"], pair["true_html"]) for pair in listed]
    seconds = time.perf_counter() - began
    for name in ("teds", "struct"):
        key = "teds" if name == "teds" else "teds_struct"
        known = [(getattr(s, name), pair[key]) for s, pair in zip(scores, listed, strict=True) if pair[key] is not None]
        furthest = max(abs(value - expected) for value, expected in known)
        print(f"{key}: {len(known)} of {len(listed)} pairs have a reference value, largest difference {furthest:.1e}")
    print(f"all pairs in {seconds:.2f} s")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--golden", type=Path, help="JSON with pairs and the reference's values")
    parser.add_argument("--peer-rows", type=int, default=35, help="the longest table that peers get")
    chosen = parser.parse_args()
    compare(chosen.peer_rows)
    if chosen.golden is not None:
        print()
        agreement(chosen.golden)


if __name__ == "__main__":
    main()
