"""One writer a store: a lock that the system lets go of when its owner ends, however it ends."""

from __future__ import annotations

import contextlib
import os
import sys
from collections.abc import Iterator
from pathlib import Path

from biaoge.errors import UsageError

NAME = "lock"


@contextlib.contextmanager
def locked(folder: Path) -> Iterator[None]:
    """Hold the store's lock; UsageError while another run holds it.

    The system gives up the lock of a process that is gone, so one left by a killed run is simply taken. The file
    names its last owner, for people.
    """
    handle = os.open(folder / NAME, os.O_RDWR | os.O_CREAT, 0o666)
    try:
        if not _take(handle):
            owner = os.read(handle, 200).decode("utf-8", "replace").strip()
            raise UsageError(
                f"another run is working on {folder}"
                f"{f' (process {owner})' if owner else ''}; wait until it has ended, or give another --out"
            )
        with contextlib.suppress(OSError):  # a full disk: the name is for people only
            os.ftruncate(handle, 0)
            os.pwrite(handle, f"{os.getpid()}\n".encode(), 0)
        yield
    finally:
        os.close(handle)


def _take(handle: int) -> bool:
    """Whether the lock could be had at once."""
    try:
        if sys.platform == "win32":
            import msvcrt

            os.lseek(handle, 1 << 20, os.SEEK_SET)  # beyond the name, which stays readable
            msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)
        else:
            import fcntl

            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True
