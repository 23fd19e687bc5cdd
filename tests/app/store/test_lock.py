from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from biaoge.app.store.lock import locked
from biaoge.errors import UsageError


def test_two_at_once(tmp_path: Path) -> None:
    with locked(tmp_path):
        with pytest.raises(UsageError, match=f"process {os.getpid()}"), locked(tmp_path):
            pass
        with pytest.raises(UsageError, match="another run"), locked(tmp_path):
            pass
    with locked(tmp_path):
        pass


def test_the_lock_of_a_dead_owner_is_taken(tmp_path: Path) -> None:
    code = (
        "import sys, time; from pathlib import Path; from biaoge.app.store.lock import locked\n"
        "with locked(Path(sys.argv[1])): print('held', flush=True); time.sleep(60)"
    )
    owner = subprocess.Popen([sys.executable, "-c", code, str(tmp_path)], stdout=subprocess.PIPE, text=True)
    assert owner.stdout is not None
    assert owner.stdout.readline() == "held\n"
    with pytest.raises(UsageError, match=f"process {owner.pid}"), locked(tmp_path):
        pass
    owner.kill()
    owner.communicate()
    with locked(tmp_path):
        assert (tmp_path / "lock").read_text() == f"{os.getpid()}\n"
