"""Where the tests find documents; nothing heavy is imported here."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture(scope="session")
def root() -> Path:
    """The folder of the project."""
    return ROOT


@pytest.fixture(scope="session")
def data() -> Path:
    """Real documents that are not part of the project; the test is skipped where they are absent."""
    folder = Path(os.environ.get("BIAOGE_DATA") or ROOT.parent / "shared" / "data")
    if not folder.is_dir():
        pytest.skip(f"no documents at {folder}; set BIAOGE_DATA")
    return folder


@pytest.fixture(scope="session")
def samples() -> Path:
    """The typeset samples with their truth."""
    folder = ROOT / "samples"
    if not any(folder.glob("**/*.pdf")):
        pytest.skip(f"no samples in {folder}")
    return folder


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Slow tests run when they are asked for by `-m slow`."""
    if config.option.markexpr:
        return
    skip = pytest.mark.skip(reason="slow; run with -m slow")
    for item in items:
        if item.get_closest_marker("slow"):
            item.add_marker(skip)
