"""Names of what is written: from the documents' names, but never able to lead anywhere, on any file system."""

from __future__ import annotations

import re
from pathlib import Path

_NAME_BYTES = 120
"""Of a stem: Chinese names of forty characters stay whole, and endings fit the 255 that file systems allow."""
_FORBIDDEN = re.compile(r'[<>:"|?*]')
_RESERVED = re.compile(r"(con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³])(?![^.\s])", re.IGNORECASE)
"""Names that Windows keeps for devices, alone or before a dot."""
_HASH = 8
"""Characters of the SHA-256 that tell documents of one name apart."""


class Stems:
    """A stem for each document: its name made safe and the start of its SHA-256, so the same in every export."""

    def __init__(self) -> None:
        self._taken: set[str] = set()

    def stem(self, name: str, sha256: str) -> str:
        """No two alike, even where case does not count.

        >>> Stems().stem("../../etc/passwd.pdf", "9f86d081" + "0" * 56)
        'passwd-9f86d081'
        """
        stem = f"{safe(name)}-{sha256[:_HASH]}"
        if stem.casefold() in self._taken:
            stem = f"{safe(name)}-{sha256}"
        self._taken.add(stem.casefold())
        return stem


def safe(name: str) -> str:
    """The last part of `name` as the start of a file name: no separators, controls, devices, dots at its ends.

    >>> safe("C:\\\\reports\\\\年报.PDF"), safe("con.pdf"), safe("..")
    ('年报', '_con', 'document')
    """
    last = re.split(r"[/\\\\]", name)[-1]
    plain = "".join(c if c.isprintable() and not "\ud800" <= c <= "\udfff" else "_" for c in last)
    plain = _FORBIDDEN.sub("_", plain)
    if Path(plain).suffix.lower() == ".pdf":
        plain = plain[:-4]
    plain = plain.encode("utf-8")[:_NAME_BYTES].decode("utf-8", "ignore").strip(". ")
    if _RESERVED.match(plain):
        plain = f"_{plain}"
    return plain or "document"
