"""What the user sees while files are read: a bar on a terminal, a plain line a file elsewhere; all on stderr."""

from __future__ import annotations

import json
import sys
import time
from contextlib import ExitStack
from dataclasses import asdict
from pathlib import Path
from types import TracebackType
from typing import IO, TYPE_CHECKING

from biaoge.app.bulk import Outcome, printable
from biaoge.errors import UsageError

if TYPE_CHECKING:
    from rich.progress import Progress, TaskID


class Show:
    """Tells outcomes as they come; a context, so that the terminal is left in order."""

    def __init__(self, out: Path, total: int, quiet: bool = False, report: Path | None = None) -> None:
        """`total` files will be told of; `report`: where one JSON line each goes, `-` for stdout."""
        self.outcomes: list[Outcome] = []
        self._out, self._total, self._quiet = out, total, quiet
        self._report_to = report
        self._report: IO[str] | None = None
        self._stack = ExitStack()
        self._bar: Progress | None = None
        self._bar_task: TaskID | None = None
        self._started = time.monotonic()

    def __enter__(self) -> Show:
        if self._report_to is not None:
            if str(self._report_to) == "-":
                self._report = sys.stdout
            else:
                try:
                    self._report_to.parent.mkdir(parents=True, exist_ok=True)
                    self._report = self._stack.enter_context(self._report_to.open("w", encoding="utf-8"))
                except OSError as error:
                    raise UsageError(f"--report {self._report_to}: {error.strerror}") from error
        if sys.stderr.isatty() and not self._quiet:
            self._start_bar()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stack.close()

    def _start_bar(self) -> None:
        self._bar, self._bar_task = started_bar(self._stack, self._total)

    def done(self, outcome: Outcome) -> None:
        """Tell one file's outcome."""
        self.outcomes.append(outcome)
        if self._report is not None:
            self._report.write(json.dumps(asdict(outcome), ensure_ascii=False) + "\n")
            self._report.flush()
        if outcome.error:
            self._say(f"{outcome.path}: error: {outcome.message}")
        elif self._bar is None and not self._quiet:
            self._say(f"[{len(self.outcomes)}/{self._total}] {outcome.path}: {self._found(outcome)}")
        if self._bar is not None and self._bar_task is not None:
            self._bar.update(self._bar_task, advance=1, description=Path(outcome.path).name)

    def working(self, name: str, note: str) -> None:
        """Tell what is being done with a file that takes long."""
        if self._bar is not None and self._bar_task is not None:
            self._bar.update(self._bar_task, description=f"{Path(name).name}: {note}")

    @staticmethod
    def _found(outcome: Outcome) -> str:
        doubts = f", {count(outcome.warnings, 'warning')}" if outcome.warnings else ""
        tables, pages = count(outcome.tables, "table"), count(outcome.pages, "page")
        return f"{tables} on {pages}{doubts}, {outcome.seconds:.1f} s"

    def _say(self, line: str) -> None:
        if self._bar is not None:
            from rich.text import Text

            self._bar.console.print(Text(line), soft_wrap=True)
        else:
            print(line, file=sys.stderr, flush=True)

    def summary(self) -> None:
        """Tell the whole: how many tables, how many failures, where the results are."""
        if self._quiet or self._total == 0:
            return
        good = [outcome for outcome in self.outcomes if not outcome.error]
        bad = len(self.outcomes) - len(good)
        tables = count(sum(outcome.tables for outcome in good), "table")
        failed = f", {count(bad, 'file')} failed" if bad else ""
        where = f"; see {printable(self._out)}" if good else ""
        seconds = time.monotonic() - self._started
        self._say(f"{tables} in {count(len(good), 'file')}{failed}, {seconds:.1f} s{where}")

    def interrupted(self) -> None:
        """Tell how far it came."""
        good = sum(not outcome.error for outcome in self.outcomes)
        left = self._total - len(self.outcomes)
        self._say(
            f"biaoge: interrupted: {count(good, 'file')} read and written whole, "
            f"{len(self.outcomes) - good} failed, {left} not done"
        )


def count(number: int, word: str) -> str:
    """The number with its word.

    >>> count(1, "table"), count(3, "table")
    ('1 table', '3 tables')
    """
    return f"{number} {word}{'' if number == 1 else 's'}"


def started_bar(stack: ExitStack, total: int) -> tuple[Progress, TaskID]:
    """A bar over `total` files on the terminal, gone when `stack` is closed."""
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    bar = stack.enter_context(
        Progress(
            BarColumn(),
            MofNCompleteColumn(),
            TimeRemainingColumn(),
            TextColumn("{task.description}", markup=False),
            console=Console(stderr=True),
            transient=True,
        )
    )
    return bar, bar.add_task("", total=total)
