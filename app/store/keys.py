"""What a result hangs on besides the file's content, as a short key: another key, and the file is read anew."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from biaoge import __version__
from biaoge.app.settings import Settings
from biaoge.files import sha256_of

_DIGITS = 12


@dataclass(frozen=True, slots=True)
class Keys:
    """`whole` changes with the version and any setting; `native` not with those that are about recognition alone.

    `native` is that of a document none of whose pages had to be recognised: another engine must not cost it a second
    reading. It equals `whole` where all pages are recognised whatever they say.
    """

    whole: str
    native: str

    @classmethod
    def of(cls, settings: Settings) -> Keys:
        """The keys of this version with `settings`; a form's file counts by its content."""
        if settings.ocr == "always":
            whole = _digest("whole", settings)
            return cls(whole, whole)
        plain = replace(settings, ocr="auto", engine="", model_dir=None, max_megapixels=1.0)
        plain = replace(plain, max_file_size=1.0, max_pages=1)  # what was refused has the key `whole`
        return cls(_digest("whole", settings), _digest("native", plain))

    def for_routes(self, routes: Sequence[str]) -> str:
        """The key of a document by its pages' routes."""
        return self.whole if any(route in ("ocr", "mixed") for route in routes) else self.native


def _digest(kind: str, settings: Settings) -> str:
    form = Path(settings.form)
    told = [kind, __version__, asdict(settings), sha256_of(form) if form.is_file() else ""]
    return hashlib.sha256(json.dumps(told, sort_keys=True).encode()).hexdigest()[:_DIGITS]
