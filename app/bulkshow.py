"""What is seen and logged of a run: a bar on a terminal, a line now and then elsewhere, JSON lines in a file."""

from __future__ import annotations

import json
import sys
import time
from contextlib import ExitStack
from dataclasses import asdict
from pathlib import Path
from types import TracebackType
from typing import IO, TYPE_CHECKING

from biaoge.app.bulk import printable
from biaoge.app.bulkrun import Ended, Told
from biaoge.app.show import count, started_bar
from biaoge.app.store.runs import Tally, now
from biaoge.errors import UsageError

if TYPE_CHECKING:
    from rich.progress import Progress, TaskID

_EVERY = 10.0
"""Seconds between two lines where there is no terminal, and between two lines of progress in the log."""


class BulkShow:
    """A watcher of a run (`bulkrun.Watcher`); a context, so that terminal and log are left in order."""

    def __init__(self, log: Path, quiet: bool = False) -> None:
        """`log`: the file that JSON lines are added to, `-` for standard output."""
        self._log_to, self._quiet = log, quiet
        self._log: IO[str] | None = sys.stdout if str(log) == "-" else None
        self._stack = ExitStack()
        self._bar: Progress | None = None
        self._bar_task: TaskID | None = None
        self._begun = self._told = time.monotonic()
        self._pages = self._ocr_pages = 0
        self._full = False

    def __enter__(self) -> BulkShow:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            self._stack.close()
        except OSError:  # what the log could not take on a full disk; the store has it
            self._full = True

    def looking(self, tally: Tally) -> None:
        """Files are looked at."""
        if self._due():
            self._line(f"looking at the files: {tally.files} so far, {tally.same} as before")

    def begun(self, tally: Tally) -> None:
        """All files were looked at; reading begins."""
        self._begun = self._told = time.monotonic()
        self._event("begun", **asdict(tally))
        self._line(f"{count(tally.files, 'file')}: {tally.same} need nothing, {tally.todo} to read")
        if sys.stderr.isatty() and not self._quiet and tally.todo:
            self._bar, self._bar_task = started_bar(self._stack, tally.todo)

    def working(self, name: str, note: str) -> None:
        """Something takes long; the bar says it until the next file is done."""
        if self._bar is not None and self._bar_task is not None:
            self._bar.update(self._bar_task, description=f"{Path(name).name}: {note}")

    def done(self, told: Told, tally: Tally) -> None:
        """A content has its result."""
        self._pages += told.pages
        self._ocr_pages += told.ocr_pages
        self._event("document", **asdict(told))
        if told.state == "failed" or (told.state == "refused" and self._bar is None):
            self._say(f"{told.path}: {told.state}: {told.reason}", error=told.state == "failed")
        if self._bar is not None and self._bar_task is not None:
            self._bar.update(self._bar_task, advance=1, description=self._speed(tally))
        elif self._due():
            self._line(f"{tally.done} of {tally.todo}, {self._speed(tally)}, {self._left(tally)}")
            self._event("progress", **asdict(tally), pages=self._pages, ocr_pages=self._ocr_pages)

    def _due(self) -> bool:
        due = time.monotonic() - self._told >= _EVERY
        if due:
            self._told = time.monotonic()
        return due

    def _speed(self, tally: Tally) -> str:
        rate = self._pages / max(time.monotonic() - self._begun, 0.001)
        share = f", {100 * self._ocr_pages / self._pages:.0f} % by OCR" if self._pages else ""
        bad = f", {tally.failed} failed" if tally.failed else ""
        return f"{rate:.1f} pages/s{share}{bad}"

    def _left(self, tally: Tally) -> str:
        spent = time.monotonic() - self._begun
        left = int(spent / max(tally.done, 1) * (tally.todo - tally.done))
        return f"about {left // 3600}:{left // 60 % 60:02}:{left % 60:02} left"

    def ended(self, ended: Ended) -> None:
        """Tell the whole."""
        self._event("ended", **asdict(ended), pages=self._pages, ocr_pages=self._ocr_pages)
        if ended.stopped is not None:
            self._say(f"biaoge: error: {ended.stopped}; what was read so far is in the store", error=True)
        seconds = time.monotonic() - self._begun
        states = ", ".join(f"{count} {state}" for state, count in ended.states.items() if count) or "no files"
        self._line(f"{states}; {count(ended.tally.done, 'content')} read now, {seconds:.1f} s")

    def interrupted(self) -> None:
        """Tell that the user wanted it to end."""
        self._event("interrupted")
        self._say("biaoge: interrupted: what was read is in the store; the same command goes on from there", error=True)

    def _line(self, text: str) -> None:
        self._say(text, error=False)

    def _say(self, text: str, error: bool) -> None:
        if self._quiet and not error:
            return
        if self._bar is not None:
            from rich.text import Text

            self._bar.console.print(Text(text), soft_wrap=True)
        else:
            print(text, file=sys.stderr, flush=True)

    def _event(self, event: str, **told: object) -> None:
        """Add a line to the log; on a full disk the log ends, not the run."""
        if self._full:
            return
        if self._log is None:  # not before the run begins: the folder may turn out to be no store
            self._log = self._open()
        line = json.dumps({"time": now(), "event": event, **told}, ensure_ascii=False)
        try:
            self._log.write(line + "\n")
            self._log.flush()
        except OSError as error:
            self._full = True
            self._say(f"biaoge: {printable(self._log_to)}: {error.strerror}; nothing more is logged", error=True)

    def _open(self) -> IO[str]:
        try:
            self._log_to.parent.mkdir(parents=True, exist_ok=True)
            return self._stack.enter_context(self._log_to.open("a", encoding="utf-8"))
        except OSError as error:
            raise UsageError(f"--log {self._log_to}: {error.strerror}; choose another file") from error
