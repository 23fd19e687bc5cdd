"""A plain-text version of a document: its flattened tables made whole again."""

from __future__ import annotations

import time
from dataclasses import replace
from pathlib import Path

from biaoge import __version__
from biaoge.app.settings import Settings
from biaoge.app.stems import shown_name
from biaoge.app.understand import forms_of, understood
from biaoge.files import sha256_of
from biaoge.model import Document, Page, SourceFile, Step, Trust

ENDINGS = ("", ".txt", ".text", ".tsv")
"""Of files that may be flattened text; a text named .pdf is the error page of a download that failed."""
WIDTH, HEIGHT = 595.0, 842.0
"""Points: a text has no pages; its tables are told to stand on one of A4."""


def is_flattened(path: Path) -> bool:
    """Whether the file is plain text by its name and by its content; InputError where it cannot be read."""
    from biaoge.ingest.plaintext import is_text

    return path.suffix.lower() in ENDINGS and is_text(path)


def read_flattened(path: Path, settings: Settings) -> Document:
    """The tables of a text file, with the tree and the sums of the form they follow as the guide.

    Cells have no regions, and the one page has the route "flattened". InputError, TooLarge where it is no text.
    """
    from biaoge.forms.flattened.restore import restore
    from biaoge.ingest.plaintext import read_text

    started = time.perf_counter()
    plain = read_text(path)
    steps = [Step("ingest", "text", plain.encoding, settings.digest, time.perf_counter() - started)]
    started = time.perf_counter()
    restored = restore(plain.text, forms_of(settings))
    steps.append(Step("flattened", "biaoge", __version__, settings.digest, time.perf_counter() - started))
    started = time.perf_counter()
    page = Page(1, WIDTH, HEIGHT, route="flattened", trust=Trust(True, "flattened", "a plain text without places"))
    source = SourceFile(shown_name(path), sha256_of(path), 1)
    made = understood(Document(source, (page,), restored.tables, restored.findings), settings)
    steps.append(Step("forms", "biaoge", __version__, settings.digest, time.perf_counter() - started))
    return replace(made, steps=tuple(steps))
