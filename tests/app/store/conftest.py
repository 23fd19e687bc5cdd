"""A store to write to, and a document as it comes from a child."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from biaoge.app.jsonout import DocumentDict, document_to_dict
from biaoge.app.store.open import Store, open_to_write
from biaoge.model import Document


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with open_to_write(tmp_path / "store") as opened:
        yield opened


@pytest.fixture
def read(document: Document) -> DocumentDict:
    return document_to_dict(document)
