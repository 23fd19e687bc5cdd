"""Seconds that `import biaoge` takes in a new process, without the interpreter's own start: the median of five.

The second line is of the import and of all that `biaoge.read` needs before it opens a file.
"""

from __future__ import annotations

import statistics
import subprocess
import sys

STATEMENTS = ("import biaoge", "import biaoge; biaoge.read")


def measure(statement: str, times: int = 5) -> list[float]:
    """Seconds of each run, after one that warms the disk cache."""
    child = f"import time; t = time.perf_counter(); {statement}; print(time.perf_counter() - t)"
    run = [sys.executable, "-c", child]
    return [float(subprocess.run(run, capture_output=True, text=True, check=True).stdout) for _ in range(times + 1)][1:]


if __name__ == "__main__":
    for statement in STATEMENTS:
        seconds = sorted(measure(statement))
        print(f"{statement}: {statistics.median(seconds):.3f} s (of {', '.join(f'{s:.3f}' for s in seconds)})")
