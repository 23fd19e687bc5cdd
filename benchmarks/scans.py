"""Processor seconds a scanned page, in one run: `python benchmarks/scans.py [--python TOOL=PATH] [--strength NAME]`.

A page full of a table and a page full of text, as image-only scans: biaoge reads their tables, the others read the
whole page and make no tables of it. Every tool runs in a process of its own, on one thread, and reads a page before the
clock starts (imports, models). Then how many pages a minute they read as processes × threads. A tool that is not
installed is named and left out; `--python paddleocr=PATH` names the interpreter of an environment that has it.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack, redirect_stdout
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from statistics import median
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
BASE = "biaoge"
SOURCE = "001-writer.pdf"
"""Of the samples; its page 3 is full of the table of applications, page 1 of text."""
PAGES: Mapping[str, int] = {"table": 3, "text": 1}
SEED = 1
SHAPES = ((1, 1), (1, 2), (2, 1))
"""Processes and threads."""
MEGABYTE = 1_000_000

Read = Callable[[Path], int]
"""Reads a page (PDF for biaoge, PNG for the others) and gives the number of characters found."""


# --- the child: nothing but the standard library until a tool is asked for --------------------------------------------


def biaoge(threads: int) -> tuple[Read, str]:
    """As `biaoge.read`, whose engine has one thread where nothing else is said."""
    from functools import cache

    import biaoge as package
    from biaoge.app import recognition
    from biaoge.ocr.engines.registry import EngineOptions, open_engine

    recognition.engine_of = cache(lambda name, _: open_engine(name, EngineOptions(threads=threads)))

    def read(path: Path) -> int:
        document = package.read(path)
        return sum(len(cell.text or "") for table in document.tables for cell in table.cells)

    return read, f"{package.__version__} with rapidocr {version('rapidocr')}"


def _rapidocr(threads: int, turned_lines: bool) -> tuple[Read, str]:
    from rapidocr import RapidOCR

    runtime = "EngineConfig.onnxruntime"
    params = {f"{runtime}.intra_op_num_threads": threads, f"{runtime}.inter_op_num_threads": 1}
    engine: Any = RapidOCR(params={**params, "Global.log_level": "critical", "Global.use_cls": turned_lines})
    return lambda path: sum(len(text) for text in engine(str(path)).txts or ()), version("rapidocr")


def rapidocr(threads: int) -> tuple[Read, str]:
    """As it is: with its classifier of turned lines."""
    return _rapidocr(threads, turned_lines=True)


def rapidocr_no_cls(threads: int) -> tuple[Read, str]:
    """Without that classifier, which turns single digits over."""
    return _rapidocr(threads, turned_lines=False)


def paddleocr(threads: int) -> tuple[Read, str]:
    """On ONNX Runtime, with the weights of rapidocr's wheel (docs/ocr.md)."""
    os.environ["PADDLE_PDX_DISABLE_MODEL_SOURCE_CHECK"] = "True"
    from paddleocr import PaddleOCR

    from biaoge.ocr.engines.paddlemodels import models

    finder, reader = models(None)
    engine = PaddleOCR(
        engine="onnxruntime",
        engine_config={"intra_op_num_threads": threads, "inter_op_num_threads": 1},
        text_detection_model_name=finder.name,
        text_detection_model_dir=str(finder.folder),
        text_recognition_model_name=reader.name,
        text_recognition_model_dir=str(reader.folder),
        use_doc_orientation_classify=False,
        use_doc_unwarping=False,
        use_textline_orientation=False,
    )
    said = f"{version('paddleocr')} with {finder.name}, {reader.name}"
    return lambda path: sum(len(text) for page in engine.predict(str(path)) for text in page["rec_texts"]), said


TOOLS: Mapping[str, Callable[[int], tuple[Read, str]]] = {
    BASE: biaoge,
    "rapidocr": rapidocr,
    "rapidocr-no-cls": rapidocr_no_cls,
    "paddleocr": paddleocr,
}


def peak() -> int:
    """Bytes of memory this process held at most."""
    try:
        # Of this process alone; getrusage counts the parent's at the fork.
        status = Path("/proc/self/status").read_text(encoding="ascii")
        return next(int(line.split()[1]) * 1024 for line in status.splitlines() if line.startswith("VmHWM"))
    except FileNotFoundError:
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * (1 if sys.platform == "darwin" else 1024)


def child(tool: str, threads: int, files: Sequence[str]) -> None:
    """Opens the tool, reads the first file, says so, waits for a line, reads all and tells what it took, as JSON."""
    with redirect_stdout(sys.stderr):
        try:
            import cv2

            cv2.setNumThreads(threads)
            read, named = TOOLS[tool](threads)
        except ImportError as problem:
            print(json.dumps({"missing": str(problem)}), file=sys.__stdout__, flush=True)
            return
        read(Path(files[0]))
        print(json.dumps({"ready": named}), file=sys.__stdout__, flush=True)
        sys.stdin.readline()
        seconds, letters = [], []
        for file in files:
            start = time.process_time()
            letters.append(read(Path(file)))
            seconds.append(time.process_time() - start)
    print(json.dumps({"seconds": seconds, "letters": letters, "peak": peak()}), flush=True)


# --- the parent -------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Spent:
    """Processor seconds and letters by file, bytes at the peak, wall clock for all files; `tool`: its version."""

    tool: str
    seconds: tuple[float, ...]
    letters: tuple[int, ...]
    peak: int
    wall: float


@dataclass(frozen=True, slots=True)
class Missing:
    """A tool that does not run here, and why."""

    why: str


def spent(tool: str, python: str, shape: tuple[int, int], files: Sequence[Path]) -> Spent | Missing:
    """What `shape` (processes, threads) takes to read the files, dealt out to the processes in turn."""
    processes, threads = shape
    env = {**os.environ, "OMP_NUM_THREADS": str(threads), "OPENBLAS_NUM_THREADS": str(threads)}
    env["PYTHONPATH"] = os.pathsep.join(filter(None, [str(ROOT), env.get("PYTHONPATH")]))
    with ExitStack() as stack:
        children = []
        for n in range(processes):
            words = [python, __file__, "--child", tool, str(threads), *map(str, files[n::processes])]
            started = subprocess.Popen(
                words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=env
            )
            children.append(stack.enter_context(started))
        # One after the other: what they say is short, so none waits for its pipe to be emptied.
        said = [_line(each) for each in children]
        if missing := [s["missing"] for s in said if "missing" in s]:
            return Missing(missing[0])
        start = time.perf_counter()
        for each in children:
            assert each.stdin is not None
            each.stdin.write("\n")
            each.stdin.flush()
        told = [_line(each) for each in children]
        wall = time.perf_counter() - start
    return Spent(
        said[0]["ready"],
        tuple(s for t in told for s in t["seconds"]),
        tuple(n for t in told for n in t["letters"]),
        max(t["peak"] for t in told),
        wall,
    )


def _line(process: subprocess.Popen[str]) -> dict[str, Any]:
    assert process.stdout is not None
    assert process.stderr is not None
    line = process.stdout.readline()
    if not line:
        return {"missing": (process.stderr.read().strip().splitlines() or ["it ended without a word"])[-1]}
    found: dict[str, Any] = json.loads(line)
    return found


def pages(strength: str, folder: Path) -> dict[str, tuple[Path, Path]]:
    """By name of page a scan of it as a PDF and the same picture as a PNG."""
    from PIL import Image

    from biaoge.eval.degrade import preset
    from biaoge.eval.scans import drawn, scan

    out = {}
    for name, number in PAGES.items():
        pdf, png = folder / f"{name}.pdf", folder / f"{name}.png"
        chosen = preset(strength)
        scan(ROOT / "samples" / SOURCE, pdf, chosen, SEED, lambda path, dpi, n=number: [drawn(path, dpi)[n - 1]])  # type: ignore[misc]
        Image.fromarray(drawn(pdf, chosen.dpi)[0]().image).save(png)
        out[name] = pdf, png
    return out


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--tools", nargs="+", choices=tuple(TOOLS), default=list(TOOLS))
    parser.add_argument("--python", action="append", default=[], metavar="TOOL=PATH", help="its interpreter")
    parser.add_argument("--strength", default="clean200", help="of the scans, see docs/degrade.md")
    parser.add_argument("--times", type=int, default=3, help="how often each page is read; the median counts")
    parser.add_argument("--no-throughput", action="store_true", help="leave out processes × threads")
    given = parser.parse_args()
    pythons = dict(pair.partition("=")[::2] for pair in given.python)
    with tempfile.TemporaryDirectory() as folder:
        made = pages(given.strength, Path(folder))
        print(f"samples/{SOURCE} at {given.strength}, seed {SEED}; median of {given.times}; {_machine()}")
        here = _costs(given.tools, pythons, made, given.times)
        if not given.no_throughput:
            _throughput(here, pythons, made, given.times)


def _machine() -> str:
    return f"Python {platform.python_version()}, {platform.machine()}, {os.cpu_count()} processors"


def _files(tool: str, made: Mapping[str, tuple[Path, Path]], name: str) -> Path:
    return made[name][0 if tool == BASE else 1]


def _costs(
    tools: Sequence[str], pythons: Mapping[str, str], made: Mapping[str, tuple[Path, Path]], times: int
) -> list[str]:
    """Prints seconds and memory on one thread; the tools that run here."""
    print(f"{'tool':<16} {'page':<6} {'processor s':>11} {'of ' + BASE:>10} {'letters':>8} {'peak MB':>8}   version")
    base: dict[str, float] = {}
    here = []
    for tool in tools:
        for name in made:
            done = spent(tool, pythons.get(tool, sys.executable), (1, 1), [_files(tool, made, name)] * times)
            if isinstance(done, Missing):
                print(f"{tool:<16} left out: {done.why}")
                break
            cost = median(done.seconds)
            if tool == BASE:
                base[name] = cost
            ratio = f"{cost / base[name]:.1f} ×" if name in base and tool != BASE else ""
            peak_mb = done.peak / MEGABYTE
            row = f"{tool:<16} {name:<6} {cost:>11.2f} {ratio:>10} {done.letters[0]:>8} {peak_mb:>8.0f}   {done.tool}"
            print(row, flush=True)
        else:
            here.append(tool)
    return here


def _throughput(
    tools: Sequence[str], pythons: Mapping[str, str], made: Mapping[str, tuple[Path, Path]], times: int
) -> None:
    """Prints pages a minute of wall clock, the same pages for every shape."""
    shapes = "".join(f"{f'{p} × {t}':>10}" for p, t in SHAPES)
    print(f"\npages a minute, processes × threads\n{'tool':<16}{shapes}")
    for tool in tools:
        # Each process has as many of both kinds.
        files = [_files(tool, made, name) for _ in range(max(times // 2, 1)) for name in made for _ in range(2)]
        cells = ""
        for shape in SHAPES:
            done = spent(tool, pythons.get(tool, sys.executable), shape, files)
            cells += f"{'–' if isinstance(done, Missing) else f'{60 * len(files) / done.wall:.1f}':>10}"
        print(f"{tool:<16}{cells}", flush=True)


if __name__ == "__main__":
    if sys.argv[1:2] == ["--child"]:
        child(sys.argv[2], int(sys.argv[3]), sys.argv[4:])
    else:
        main()
