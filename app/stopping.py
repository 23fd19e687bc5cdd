"""How a command ends that is told to stop."""

from __future__ import annotations

import signal

INTERRUPTED = 130
"""Exit code after Ctrl-C or SIGTERM: 128 and the number of SIGINT."""


def stop_on_sigterm() -> None:
    """Let SIGTERM do what Ctrl-C does: KeyboardInterrupt."""
    signal.signal(signal.SIGTERM, signal.default_int_handler)
