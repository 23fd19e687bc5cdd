"""A store to write to, and a document as it comes from a child."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from biaoge.app.jsonout import document_to_dict
from biaoge.app.store.open import Store, open_to_write
from biaoge.app.store.reading import Reading, decode
from biaoge.model import Document


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with open_to_write(tmp_path / "store") as opened:
        yield opened


@pytest.fixture
def read(document: Document) -> Reading:
    return decode(json.dumps(document_to_dict(document)).encode())
